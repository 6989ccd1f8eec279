"""Rules that explain why a reference work has another value than our results; each is proved on its case."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from racing.discrepancy_rules import Explanation, unexplained
from racing.official_status import outcome_of

_HOUR_MS = 3_600_000
_PENALTY_STEP_MS = 5_000
_CLASSIFIED_SHARE = 0.9
_QUALIFYING_LIMIT = 1.07

Row = dict[str, object]

NO_WITNESS = object()
"""Stands for the value of a source that does not have the entry."""


@dataclass(frozen=True)
class Case:
    """One value that differs.

    Attributes:
        measure: Column that differs.
        ours: Our row of the entry, with what ``racing/reference_comparison.py`` knows of its session.
        reference: The reference's row of the entry, likewise.
        witness: A third source's value of the measure; NO_WITNESS where it does not have the entry.
    """

    measure: str
    ours: Row
    reference: Row
    witness: object

    @property
    def values(self) -> tuple[object, object]:
        """Our value and the reference's."""
        return self.ours.get(self.measure), self.reference.get(self.measure)

    def count(self, side: str, name: str) -> int | None:
        """Return a whole number of one side (ours or reference), or null."""
        value = (self.ours if side == "ours" else self.reference).get(name)
        return value if isinstance(value, int) else None


def explain(case: Case) -> Explanation:
    """Return the first rule that the case proves, or UNEXPLAINED.

    Source: docs/explanation/discrepancies.md#against-reference-works.
    """
    for rule in (*_RULES.get(case.measure, ()), _stated_by_two):
        found = rule(case)
        if found is not None:
            return found
    ours, reference = case.values
    return unexplained(f"No rule says why {case.measure} is {ours} here and {reference} there.")


def _stated_by_two(case: Case) -> Explanation | None:
    """Two of three sources agree, so the third one is alone."""
    ours, reference = case.values
    if case.witness == ours:
        return Explanation("reference_stands_alone", f"Another reference has {case.witness} as we do.")
    if case.witness == reference:
        return Explanation("official_stands_alone", f"Another reference has {case.witness} too.")
    return None


def _disqualified(case: Case) -> Explanation | None:
    if outcome_of(case.ours) != "DISQUALIFIED" or outcome_of(case.reference) != "DISQUALIFIED":
        return None
    return Explanation(
        "disqualification", "Disqualified: one source takes the value away, the other keeps it."
    )


def _did_not_start(case: Case) -> Explanation | None:
    if case.count("ours", "laps_completed") != 0 or case.count("reference", "laps_completed") not in {
        0,
        None,
    }:
        return None
    words = f"{case.ours['position_text']} here and {case.reference['position_text']} there"
    return Explanation("did_not_start", f"No lap was run; {words} say whether that was a start.")


def _withdrawn_during_race(case: Case) -> Explanation | None:
    laps = case.count("ours", "laps_completed")
    texts = {str(case.ours["position_text"]), str(case.reference["position_text"])}
    if not laps or "W" not in texts or not texts & {"R", "DNF"}:
        return None
    return Explanation("withdrawn_during_race", f"Withdrawn in the pits after {laps} laps: a retirement too.")


def _classified_by_distance(case: Case) -> Explanation | None:
    """One source places a car that was not running, by its distance; the other calls it retired."""
    laps, winning = case.count("ours", "laps_completed"), case.count("ours", "winning_laps")
    outcomes = (outcome_of(case.ours), outcome_of(case.reference))
    if not laps or not winning or set(outcomes) != {"PLACED", "NOT_CLASSIFIED"}:
        return None
    if case.count("ours", "result_order") != case.count("reference", "result_order"):
        return None
    is_far = laps >= int(winning * _CLASSIFIED_SHARE)
    text = f"{laps} of {winning} laps are {'at least' if is_far else 'less than'} nine tenths."
    return Explanation("classified_by_distance", text)


def _classified_not_running(case: Case) -> Explanation | None:
    laps, winning = case.count("ours", "laps_completed"), case.count("ours", "winning_laps")
    if outcome_of(case.ours) != "PLACED" or laps is None or winning is None or laps >= winning:
        return None
    causes = f"{case.ours.get('status')} here, {case.reference.get('status_text')} there"
    text = f"Placed with {laps} of {winning} laps: {causes}."
    return Explanation("classified_not_running", text)


def _pit_lane_start(case: Case) -> Explanation | None:
    ours, reference = case.values
    if (ours == 0) == (reference == 0):
        return None
    return Explanation(
        "pit_lane_start", f"Started from the pit lane; the place it left empty is {ours or reference}."
    )


def _grid_closed_up(case: Case) -> Explanation | None:
    ours, reference = case.count("ours", "grid_position"), case.count("reference", "grid_position")
    left = case.count("reference", "cars_moved_away")
    if not ours or not reference or not left or ours - reference != left:
        return None
    return Explanation("grid_closed_up", f"{left} cars ahead started from the pit lane or from farther back.")


def _same_millisecond(case: Case) -> Explanation | None:
    ours, reference = case.values
    if not isinstance(ours, int) or not isinstance(reference, int) or abs(ours - reference) > 1:
        return None
    return Explanation("rounded_millisecond", "Both round the same time; they are 1 ms apart.")


def _whole_hours(case: Case) -> Explanation | None:
    ours, reference = case.values
    if not isinstance(ours, int) or not isinstance(reference, int) or (ours - reference) % _HOUR_MS:
        return None
    return Explanation("hours_dropped", f"The times differ by {(ours - reference) // _HOUR_MS} h exactly.")


def _penalty_in_one(case: Case) -> Explanation | None:
    ours, reference = case.values
    if not isinstance(ours, int) or not isinstance(reference, int):
        return None
    difference, stated = abs(reference - ours), case.count("reference", "penalty_ms")
    if difference % _PENALTY_STEP_MS or not stated or difference > stated:
        return None
    text = f"{difference // 1000} s of the stated {stated // 1000} s penalty are in one of the times only."
    return Explanation("penalty_in_one_time", text)


def _gap_to_car_ahead(case: Case) -> Explanation | None:
    ours, reference, ahead = *case.values, case.count("reference", "gap_ahead_ms")
    if not isinstance(ours, int) or not isinstance(reference, int) or ahead is None:
        return None
    if abs(reference - ours - ahead) > 1:
        return None
    return Explanation("gap_to_car_ahead", f"The gap is the one to the car ahead, itself {ahead} ms behind.")


def _swapped_by_penalty(case: Case) -> Explanation | None:
    """A penalty that the reference states, of this car or of one it swapped with, is in one order only."""
    penalised = case.reference.get("penalised_neighbours")
    if not isinstance(penalised, str) or not penalised:
        return None
    return Explanation("penalty_in_one_order", f"Only one order includes the penalty of car {penalised}.")


def _no_qualifying_time(case: Case) -> Explanation | None:
    """The reference does not place a car without a time within 107 % of the best; ours lists it last."""
    best, own = case.count("ours", "best_q1_ms"), case.count("reference", "q1_ms")
    if outcome_of(case.reference) != "NOT_CLASSIFIED" or case.count("ours", "q1_ms") not in {own, None}:
        return None
    if own is not None and (best is None or own <= best * _QUALIFYING_LIMIT):
        return None
    return Explanation("no_qualifying_time", f"Best time {own} ms; 107 % of the best of all is the limit.")


def _disqualified_from_qualifying(case: Case) -> Explanation | None:
    """One reference disqualifies the car; ours takes its times away, or lets it share a place."""
    if outcome_of(case.reference) != "DISQUALIFIED" and case.witness != "DISQUALIFIED":
        return None
    has_no_time = all(case.ours.get(name) is None for name in ("q1_ms", "q2_ms", "q3_ms"))
    if has_no_time or case.ours.get("shares_position"):
        how = "without a time" if has_no_time else "on a place that another car has too"
        return Explanation(
            "disqualified_from_qualifying", f"Disqualified; the official result lists it {how}."
        )
    return None


_RULES: dict[str, tuple[Callable[[Case], Explanation | None], ...]] = {
    "position": (
        _did_not_start,
        _withdrawn_during_race,
        _classified_by_distance,
        _swapped_by_penalty,
        _no_qualifying_time,
        _disqualified_from_qualifying,
    ),
    "q1_ms": (_no_qualifying_time, _disqualified_from_qualifying),
    "q2_ms": (_disqualified_from_qualifying,),
    "q3_ms": (_disqualified_from_qualifying,),
    "result_order": (_swapped_by_penalty,),
    "laps_completed": (_disqualified,),
    "race_time_ms": (_disqualified, _same_millisecond, _whole_hours, _penalty_in_one, _gap_to_car_ahead),
    "grid_position": (_pit_lane_start, _grid_closed_up, _did_not_start),
    "status_class": (_disqualified, _did_not_start, _withdrawn_during_race, _classified_not_running),
}
