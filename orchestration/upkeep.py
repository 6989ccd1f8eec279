"""Rebuilding everything after the raw zone, and taking weekends out: what changes a lake without fetching.

Expiring snapshots is the lake's own (``Lake.maintain``); asking and showing is
``orchestration/cli/upkeep.py``.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from assets.partitions import RACE_WEEKEND
from lake.lake import Lake
from lake.removal import Removal
from orchestration.backfills import BackfillListener
from orchestration.errors import RawNotWholeError
from orchestration.outcomes import BackfillSummary
from orchestration.unchanged import stored_calendars
from orchestration.weekend_ranges import named_weekend
from orchestration.weekend_runs import IngestOptions
from orchestration.workplace import Workplace
from racing.keys import season_of, split_weekend_key
from sources.calendar_documents import CalendarWeekend
from sources.open_source import NO_SOURCE

OFFLINE = NO_SOURCE
"""Source setting of a rebuild: no layer at all, so nothing can be fetched or imported."""

COMPUTED_ZONES = ("processed", "curated")

_PARSED_TABLE = "processed.fastf1__sessions"


@dataclass(frozen=True)
class RebuildPlan:
    """What a rebuild can do.

    Attributes:
        weekend_keys: Weekends that the raw zone holds, in order.
        kept_imports: Sessions that were imported as parsed files and stay as they are.
        lost_imports: Sessions that were imported as parsed files and are not in the processed zone any more:
            nothing here can bring them back.
    """

    weekend_keys: tuple[str, ...]
    kept_imports: tuple[str, ...]
    lost_imports: tuple[str, ...]


def plan_rebuild(lake: Lake) -> RebuildPlan:
    """Return what a rebuild of the lake would do."""
    requests = lake.read("raw.requests", columns=("weekend_key", "session_key", "outcome", "asked_at"))
    rows = sorted(requests.to_pylist(), key=lambda row: row["asked_at"])
    newest = {row["session_key"]: row["outcome"] for row in rows if row["session_key"]}
    imported = sorted(key for key, outcome in newest.items() if outcome == "imported")
    present = set(lake.ledger.scopes(_PARSED_TABLE))
    return RebuildPlan(
        weekend_keys=tuple(sorted({row["weekend_key"] for row in rows})),
        kept_imports=tuple(key for key in imported if key in present),
        lost_imports=tuple(key for key in imported if key not in present),
    )


def stored_weekend(lake: Lake, text: str) -> str:
    """Return the weekend that a key or a name such as ``2024-monaco`` says, by the calendars of the raw zone.

    Raises:
        InvalidKeyError: If the text is neither.
        InvalidWeekendRangeError: If no weekend of the season is called so, or several are; they are named.
    """

    def calendar(season: int) -> list[CalendarWeekend]:
        return stored_calendars(lake, season).weekends()

    named = named_weekend(text, calendar)
    if named is not None:
        return named.weekend_key
    split_weekend_key(text)
    return text


def rebuild_lake(
    workplace: Workplace,
    weekend_keys: Sequence[str],
    listener: BackfillListener,
    *,
    force: bool = True,
    process_count: int | None = None,
) -> BackfillSummary:
    """Compute weekends again from the raw zone.

    Args:
        workplace: An opened home without a source.
        weekend_keys: Weekends of the raw zone.
        listener: Told how far it has come.
        force: Whether all is written; otherwise only what is not there, or from other inputs.
        process_count: How many processes work on weekends at once; null leaves it to us.
    """
    options = IngestOptions(force=force, zones=COMPUTED_ZONES, process_count=process_count)
    return workplace.jobs.run(weekend_keys, options, listener)


def require_whole_raw(lake: Lake) -> None:
    """Raise where the raw zone has lost files: nothing may be dropped that is computed from it.

    Raises:
        RawNotWholeError: If a file of a raw table is missing.
    """
    for finding in lake.inspect():
        if finding.table.startswith("raw."):
            raise RawNotWholeError(
                f"{finding.table}: {finding.text}. Nothing was dropped, for it could not be computed again: "
                "restore a backup in an empty folder (f1lake --home NEW-FOLDER restore BACKUP)"
            )


def remove_weekend(workplace: Workplace, weekend_key: str, listener: BackfillListener) -> Removal:
    """Take a weekend out of every table after the raw zone, and out of the UI's partitions.

    Tables of the season and of all seasons held it too: they are computed again with another weekend of the
    season, where there is one.

    Args:
        workplace: An opened home without a source.
        weekend_key: The weekend.
        listener: Told of that computation.
    """
    removal = workplace.lake.remove_weekend(weekend_key, run_id=str(uuid.uuid4()))
    workplace.instance.delete_dynamic_partition(str(RACE_WEEKEND.name), weekend_key)
    other = _other_weekend(workplace.lake, weekend_key)
    if removal.to_recompute and other is not None:
        workplace.jobs.run([other], IngestOptions(zones=COMPUTED_ZONES), listener)
    return removal


def _other_weekend(lake: Lake, weekend_key: str) -> str | None:
    """Return the newest weekend that is left, of the same season where there is one."""
    left = {write.weekend_key for write in lake.ledger if write.table_name.startswith("curated.")}
    keys = sorted(key for key in left if key is not None and key != weekend_key)
    same_season = [key for key in keys if season_of(key) == season_of(weekend_key)]
    return max(same_season or keys, default=None)
