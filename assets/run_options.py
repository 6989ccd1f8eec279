"""What a run of one weekend was asked for: the weekend, which sessions, whether to write again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assets.errors import UnknownSessionError
from lake.lake import Lake
from lake.step import Step
from racing.keys import SESSION_CODES, code_of, season_of

SESSIONS_TAG = "f1lake/sessions"
"""Run tag with the session codes to ingest, joined by commas; absent means all."""

FORCE_TAG = "f1lake/force"
"""Run tag that is ``true`` where unchanged input is written again."""

PICTURES_TAG = "f1lake/pictures"
"""Run tag that is ``false`` where nobody will look at the run's pictures, as in a backfill."""


@dataclass(frozen=True)
class RunOptions:
    """Options of one run.

    Attributes:
        run_id: Dagster's run.
        weekend_key: The weekend.
        session_codes: Sessions to ingest; null means all.
        is_forced: Whether unchanged input is computed and written again.
        has_pictures: Whether materialisations show pictures.
        is_asking: Whether steps only ask if anything has to be done, and raise ``StepNeededError`` there.
    """

    run_id: str
    weekend_key: str
    session_codes: tuple[str, ...] | None = None
    is_forced: bool = False
    has_pictures: bool = True
    is_asking: bool = False

    def step(self, lake: Lake, name: str) -> Step:
        """Return the step of this run that is called so."""
        return lake.step(
            run_id=self.run_id,
            name=name,
            weekend_key=self.weekend_key,
            force=self.is_forced,
            is_asking=self.is_asking,
        )

    @property
    def season(self) -> int:
        """Season of the weekend."""
        return season_of(self.weekend_key)

    def wants(self, session_key: str) -> bool:
        """Return whether a session is to be ingested."""
        return self.session_codes is None or code_of(session_key) in self.session_codes


def read_options(run_id: str, weekend_key: str, tags: Mapping[str, str]) -> RunOptions:
    """Return the options that a run's tags carry.

    Raises:
        UnknownSessionError: If the tag names a session code that is none.
    """
    codes = tuple(code.strip().upper() for code in tags.get(SESSIONS_TAG, "").split(",") if code.strip())
    unknown = [code for code in codes if code not in SESSION_CODES]
    if unknown:
        raise UnknownSessionError(
            f"{', '.join(unknown)} is no session: {SESSIONS_TAG} takes {', '.join(SESSION_CODES)}"
        )
    return RunOptions(
        run_id,
        weekend_key,
        codes or None,
        is_forced=tags.get(FORCE_TAG, "").lower() == "true",
        has_pictures=tags.get(PICTURES_TAG, "").lower() != "false",
    )
