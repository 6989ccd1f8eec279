"""The named rules that can explain a difference between two sources, and the rows they make.

A rule is a claim about one case that was checked on that case: the functions that check are in
``racing/race_discrepancies.py``, ``racing/qualifying_discrepancies.py`` and ``racing/reference_rules.py``.
A difference that no rule explains is UNEXPLAINED; no rule catches what is left over.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from racing.errors import UnknownRuleError
from racing.keys import season_of, weekend_of

UNEXPLAINED = "UNEXPLAINED"

RULES: dict[str, str] = {
    "retirement_partial_lap": "The car stopped within its last lap, which timing never saw end.",
    "no_lap_completed": "The car never crossed the line, so timing can neither count a lap nor rank it.",
    "disqualification": "The official result disqualifies the entry and takes its laps, time or place away.",
    "red_flag_countback": "The race was stopped, and the result is the order some laps before it ended.",
    "result_counted_back": "The result is the order some laps before the end: the flag was shown early.",
    "time_penalty": "Seconds that race control announced, and the car did not serve, are added to its time.",
    "time_penalty_after_race": "Whole seconds in steps of five were added; no message says so.",
    "winners_time_penalty": "The winner's own penalty makes every other gap smaller by its seconds.",
    "other_car_moved": "The place changed because other cars moved, each by a rule of its own.",
    "message_clock": "After an untimed lap, crossings are only as exact as their messages.",
    "gap_to_car_ahead": "The official document gives the gap to the car ahead instead of to the winner.",
    "deleted_lap_stands": "The official time is a lap that a message deleted: the deletion was taken back.",
    "lap_into_pits_stands": "The official time is a lap that ended in the pit lane.",
    "deletions_not_known": "Without messages of race control a deleted lap looks like one that stands.",
    "fastest_lap_of_other_car": "The document gives the fastest lap, time and number, of another car.",
    "time_cut_short": "The document cuts a time of whole seconds after its minutes: 1 for 1:40.000.",
    "lap_time_lost": "The feed lost the lap's time, but not the sectors that sum to it.",
    "not_in_official_result": "The result leaves out a car that the race starts behind all others.",
    "did_not_start": "No lap was run, and the sources differ in whether that was a start.",
    "withdrawn_during_race": "The car was withdrawn during the race; one source calls it a retirement.",
    "classified_by_distance": "A car that stopped is placed by its distance in one source only.",
    "classified_not_running": "A placed car was not running; only one source keeps the cause.",
    "no_qualifying_time": "A car without a time within 107 % is listed last by one source only.",
    "disqualified_from_qualifying": "A disqualified qualifier stays listed: timeless, or on a shared place.",
    "did_not_take_part": "A car without any time in qualifying is an entry of one source only.",
    "pit_lane_start": "A start from the pit lane: one source gives it as such, the other a place.",
    "grid_closed_up": "One source closes up the grid where cars left their places.",
    "rounded_millisecond": "The same time, rounded in two ways.",
    "hours_dropped": "One source lost whole hours of a stopped race.",
    "penalty_in_one_time": "One source's time includes a stated penalty, the other's does not.",
    "penalty_in_one_order": "One source's order includes a stated penalty, the other's does not.",
    "reference_stands_alone": "The reference differs from us and from another reference.",
    "official_stands_alone": "Both references agree: the official document was revised, or is wrong.",
}
"""Rule to what it claims. docs/explanation/discrepancies.md says what evidence each one needs."""

DISCREPANCY_SCHEMA: dict[str, pl.DataType] = {
    "season": pl.Int32(),
    "weekend_key": pl.String(),
    "session_key": pl.String(),
    "measure": pl.String(),
    "subject": pl.String(),
    "driver_key": pl.String(),
    "left_source": pl.String(),
    "left_value": pl.String(),
    "right_source": pl.String(),
    "right_value": pl.String(),
    "rule": pl.String(),
    "is_explained": pl.Boolean(),
    "explanation": pl.String(),
}
"""Columns of ``curated.discrepancies``."""


@dataclass(frozen=True)
class Explanation:
    """A rule applied to one case.

    Attributes:
        rule: Name of the rule, or UNEXPLAINED.
        text: The case in words, with the numbers that were checked.
    """

    rule: str
    text: str

    def __post_init__(self) -> None:
        """Refuse a rule that has no description.

        Raises:
            UnknownRuleError: If the rule is not one of ``RULES``.
        """
        if self.rule != UNEXPLAINED and self.rule not in RULES:
            raise UnknownRuleError(f"{self.rule!r} is not a rule: describe it in RULES first")


@dataclass(frozen=True)
class Discrepancy:
    """One difference between two sources.

    Attributes:
        measure: What differs.
        subject: Car number, or car number and lap, or the session.
        driver_key: Driver concerned, or null.
        left_value: Value of the first source, or null.
        right_value: Value of the second source, or null.
        explanation: The rule and its case.
    """

    measure: str
    subject: str
    driver_key: str | None
    left_value: object
    right_value: object
    explanation: Explanation


def unexplained(text: str) -> Explanation:
    """Return the mark of a difference that no rule explains, with what was tried."""
    return Explanation(UNEXPLAINED, text)


def discrepancy_rows(
    found: Iterable[Discrepancy], *, session_key: str, left_source: str, right_source: str
) -> pl.DataFrame:
    """Return differences as rows of ``curated.discrepancies``.

    Args:
        found: Differences of one session between two sources.
        session_key: The session.
        left_source: Name of the first source, such as timing.
        right_source: Name of the second source, such as jolpica.
    """
    rows = [
        {
            "season": season_of(session_key),
            "weekend_key": weekend_of(session_key),
            "session_key": session_key,
            "measure": one.measure,
            "subject": one.subject,
            "driver_key": one.driver_key,
            "left_source": left_source,
            "left_value": _as_text(one.left_value),
            "right_source": right_source,
            "right_value": _as_text(one.right_value),
            "rule": one.explanation.rule,
            "is_explained": one.explanation.rule != UNEXPLAINED,
            "explanation": one.explanation.text,
        }
        for one in found
    ]
    return pl.DataFrame(rows, schema=DISCREPANCY_SCHEMA, orient="row").sort("measure", "subject")


def _as_text(value: object) -> str | None:
    return None if value is None else str(value)
