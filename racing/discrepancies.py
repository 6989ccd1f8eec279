"""Every difference between timing and the official result of a session, with the rule that explains it.

This module chooses what is compared with what. The comparison of a race is ``racing/race_discrepancies.py``,
of qualifying ``racing/qualifying_discrepancies.py``; the rules are named in ``racing/discrepancy_rules.py``.
"""

from __future__ import annotations

import polars as pl

from racing.discrepancy_rules import DISCREPANCY_SCHEMA, discrepancy_rows
from racing.keys import code_of
from racing.official_laps import timed_laps
from racing.qualifying_discrepancies import qualifying_discrepancies
from racing.race_discrepancies import race_discrepancies
from racing.race_gathering import gather_race


def compare_sources(  # noqa: PLR0913 - one argument per input table
    *,
    laps: pl.DataFrame,
    jolpica_results: pl.DataFrame,
    jolpica_sprint_results: pl.DataFrame,
    jolpica_qualifying_results: pl.DataFrame,
    race_control_messages: pl.DataFrame,
    track_status: pl.DataFrame,
    session_status: pl.DataFrame,
    session_key: str,
) -> pl.DataFrame:
    """Return the differences between timing and Jolpica's result of one session.

    Args:
        laps: Curated laps of the session; those that Jolpica has itself are no second source.
        jolpica_results: Jolpica's race results of the weekend.
        jolpica_sprint_results: Jolpica's sprint results of the weekend.
        jolpica_qualifying_results: Jolpica's qualifying results of the weekend.
        race_control_messages: Messages of race control in the session.
        track_status: Changes of the state of the track in the session.
        session_status: Changes of the state of the session.
        session_key: The session.

    Returns:
        One row per difference with the columns of ``DISCREPANCY_SCHEMA``; one that no rule explains has the
        rule UNEXPLAINED. No rows where the session has no official result or no timing: what is missing is
        a matter of the coverage, not a difference.

    Source: docs/explanation/discrepancies.md.
    """
    code = code_of(session_key)
    documents = {"R": jolpica_results, "S": jolpica_sprint_results, "Q": jolpica_qualifying_results}
    nothing = pl.DataFrame(schema=DISCREPANCY_SCHEMA)
    if code not in documents:
        return nothing
    laps = timed_laps(laps).filter(pl.col("session_key") == session_key)
    official = documents[code].filter(pl.col("session_key") == session_key)
    if laps.is_empty() or official.is_empty():
        return nothing
    if code == "Q":
        found = qualifying_discrepancies(laps, official, jolpica_results, session_status)
    else:
        found = race_discrepancies(gather_race(laps, official, race_control_messages, track_status), laps)
    return discrepancy_rows(found, session_key=session_key, left_source="timing", right_source="jolpica")
