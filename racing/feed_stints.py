"""The feed's tyre stints brought together with the runs of laps between passages of the pit lane.

The order of both is right, but the feed may count a stint that never was, skip one (a drive-through), or
announce one long before it begins. So the two are aligned like two spellings of one word: the cheapest
way to let each run have its stint, where the number of laps that the feed counted is the best witness.
"""

from __future__ import annotations

from dataclasses import dataclass

# Prices of what can be wrong, in laps by which run and stint disagree.
_UNFINISHED_LAP = 0.25
"""The feed counts a lap at the line: the lap of a retirement or into the pits may be missing."""
_MISMATCH_LIMIT = 4.0
"""A stint whose count stopped (an outage of the feed) is still a stint."""
_COUNT_UNKNOWN = 1.0
_COUNT_RESTARTED = 0.5
"""A drive-through can start the count anew without a stint of its own."""
_SKIPPED_PASSAGE = 1.0
_INVENTED_EMPTY = 0.2
_INVENTED_WITH_LAPS = (1.0, 0.5, 6.0)
"""Price of the first lap, of each further lap, and the limit."""
_RUN_WITHOUT_STINT = 5.0
_COMPOUND_UNKNOWN = 0.3
_HEARD_ELSEWHERE = 0.5
_HEARD_AFTER_FIRST_RUN = 3.0
_HEARD_MARGIN_MS = 120_000


@dataclass(frozen=True)
class FeedStint:
    """One stint as the feed counts it, in its last state.

    Attributes:
        compound: Compound; UNKNOWN where the feed never sent one.
        is_new_set: Whether the set was new when fitted; null where not said.
        is_unchanged: Whether the feed says that the tyres were not changed; null where not said.
        age_at_start: Age of the set in laps when the stint began; null where not said.
        laps_count: Laps that the feed counted in the stint; null where not said.
        first_heard_ms: Session clock of the first message about it.
    """

    compound: str
    is_new_set: bool | None
    is_unchanged: bool | None
    age_at_start: int | None
    laps_count: int | None
    first_heard_ms: int


Span = tuple[int | None, int | None]
"""Session clock at the begin and end of a run; null where unknown."""


def align_stints(
    lengths: list[int], spans: list[Span], stints: list[FeedStint]
) -> list[tuple[FeedStint | None, bool]]:
    """Return the feed's stint of each run of laps, and whether the run began with other tyres.

    Args:
        lengths: Laps of each run between passages of the pit lane, in order.
        spans: When each run began and ended.
        stints: The feed's stints of the car, in the feed's order. At least one.

    Returns:
        For each run its stint (null where the feed has none) and whether tyres were changed before it. The
        first run always begins with a set of its own.

    Source: docs/glossary.md#stint.
    """
    chosen = _cheapest(lengths, spans, stints)
    aligned: list[tuple[FeedStint | None, bool]] = []
    for run, stint_index in enumerate(chosen):
        stint = None if stint_index is None else stints[stint_index]
        is_same_count = run > 0 and stint_index == chosen[run - 1]
        is_change = run == 0 or (
            stint is not None and not is_same_count and _is_change(stint, aligned, lengths)
        )
        aligned.append((stint, is_change))
    return aligned


def _is_change(stint: FeedStint, before: list[tuple[FeedStint | None, bool]], lengths: list[int]) -> bool:
    """Return whether a stint began with other tyres than the last known one ended with."""
    known = [(run, earlier) for run, (earlier, _) in enumerate(before) if earlier is not None]
    if not known:
        return False
    run, earlier = known[-1]
    if "UNKNOWN" not in {stint.compound, earlier.compound} and stint.compound != earlier.compound:
        return True
    if stint.is_unchanged is not None:
        return not stint.is_unchanged
    if stint.age_at_start is None or earlier.age_at_start is None:
        return True
    laps_since = sum(lengths[run : len(before)])
    return bool(stint.is_new_set) or abs(earlier.age_at_start + laps_since - stint.age_at_start) > 1


def _cheapest(lengths: list[int], spans: list[Span], stints: list[FeedStint]) -> list[int | None]:
    """Return for each run the index of its stint, by the cheapest alignment of both in order."""
    runs, count = len(lengths), len(stints)
    infinite = float("inf")
    cost = [[infinite] * (runs + 1) for _ in range(count + 1)]
    step: list[list[tuple[int, int | None]]] = [[(0, None)] * (runs + 1) for _ in range(count + 1)]
    cost[0][0] = 0.0
    for done in range(count + 1):
        for run in range(runs + 1):
            ways: list[tuple[float, int, int | None]] = []
            if run:
                ways.append((cost[done][run - 1] + _RUN_WITHOUT_STINT, 1, None))
            if done:
                ways.append((cost[done - 1][run] + _cost_of_invented(stints[done - 1]), 0, None))
                ways += [
                    (
                        cost[done - 1][run - taken]
                        + _cost_of_run(lengths, spans, stints[done - 1], run, taken),
                        taken,
                        done - 1,
                    )
                    for taken in range(1, run + 1)
                ]
            for total, taken, stint in ways:
                if total < cost[done][run]:
                    cost[done][run], step[done][run] = total, (taken, stint)
    return _traced(step, count, runs)


def _traced(step: list[list[tuple[int, int | None]]], done: int, run: int) -> list[int | None]:
    chosen: list[int | None] = [None] * run
    while done or run:
        taken, stint = step[done][run]
        for place in range(run - taken, run):
            chosen[place] = stint
        run -= taken
        done -= stint is not None or taken == 0
    return chosen


def _cost_of_invented(stint: FeedStint) -> float:
    if not stint.laps_count:
        return _INVENTED_EMPTY
    first, further, limit = _INVENTED_WITH_LAPS
    return min(first + further * (abs(stint.laps_count) - 1), limit)


def _cost_of_run(lengths: list[int], spans: list[Span], stint: FeedStint, end: int, taken: int) -> float:
    """Return what it costs to let a stint stand for the last ``taken`` runs up to ``end``."""
    first = end - taken
    count = _cost_of_count(sum(lengths[first:end]), stint.laps_count)
    if taken > 1:
        count = min(count, _COUNT_RESTARTED + _cost_of_count(lengths[end - 1], stint.laps_count))
    begin, finish = spans[first]
    is_early = begin is not None and first > 0 and stint.first_heard_ms < begin - _HEARD_MARGIN_MS
    is_late = finish is not None and stint.first_heard_ms > finish + _HEARD_MARGIN_MS
    late = _HEARD_ELSEWHERE * is_late
    if taken > 1:
        passage = spans[first + 1][0]
        late = _HEARD_AFTER_FIRST_RUN * (passage is not None and stint.first_heard_ms >= passage)
    return (
        count
        + _SKIPPED_PASSAGE * (taken - 1)
        + _HEARD_ELSEWHERE * is_early
        + late
        + _COMPOUND_UNKNOWN * (stint.compound == "UNKNOWN")
    )


def _cost_of_count(laps: int, counted: int | None) -> float:
    if counted is None:
        return _COUNT_UNKNOWN
    missing = laps - counted
    if missing in {0, 1}:
        return _UNFINISHED_LAP * missing
    return min(float(abs(missing)), _MISMATCH_LIMIT)
