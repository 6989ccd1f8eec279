"""The feed's stints are given to the right runs of laps although the feed counts too many or too few."""

from __future__ import annotations

from typing import Any

from racing.feed_stints import FeedStint, Span, align_stints

LAP_MS = 90_000


def heard(compound: str, laps: int | None, at_lap: int, **more: Any) -> FeedStint:
    """Return a stint of so many laps, first heard of when the car left the pits before a lap."""
    known: dict[str, Any] = {"is_new_set": True, "is_unchanged": False, "age_at_start": 0, **more}
    return FeedStint(
        compound=compound, laps_count=laps, first_heard_ms=(at_lap - 1) * LAP_MS + 5_000, **known
    )


def spans_of(lengths: list[int]) -> list[Span]:
    firsts = [sum(lengths[:place]) for place in range(len(lengths))]
    return [
        (first * LAP_MS - (3_000 if first else 0), (first + length) * LAP_MS)
        for first, length in zip(firsts, lengths, strict=True)
    ]


def aligned(lengths: list[int], stints: list[FeedStint]) -> list[tuple[str | None, bool]]:
    return [
        (stint.compound if stint else None, is_change)
        for stint, is_change in align_stints(lengths, spans_of(lengths), stints)
    ]


def test_one_stint_for_each_run_is_taken_in_order() -> None:
    stints = [heard("MEDIUM", 15, 1), heard("HARD", 20, 16), heard("SOFT", 10, 36)]
    assert aligned([15, 20, 10], stints) == [("MEDIUM", True), ("HARD", True), ("SOFT", True)]


def test_passage_without_a_change_goes_on_with_the_same_set() -> None:
    stints = [
        heard("HARD", 20, 1),
        heard("HARD", 12, 21, is_unchanged=True, age_at_start=20, is_new_set=False),
    ]
    assert aligned([20, 12], stints) == [("HARD", True), ("HARD", False)]


def test_drive_through_that_the_feed_gives_no_stint_keeps_the_tyres() -> None:
    stints = [heard("HARD", 53, 1), heard("MEDIUM", 6, 54), heard("HARD", 8, 69)]
    assert aligned([53, 9, 6, 8], stints) == [
        ("HARD", True),
        ("MEDIUM", True),
        ("MEDIUM", False),
        ("HARD", True),
    ]


def test_empty_stint_at_the_end_of_the_feed_is_left_out() -> None:
    stints = [heard("MEDIUM", 15, 1), heard("HARD", 29, 16), heard("SOFT", 0, 45)]
    assert aligned([15, 29], stints) == [("MEDIUM", True), ("HARD", True)]


def test_invented_stint_in_the_middle_is_left_out() -> None:
    stints = [
        heard("INTERMEDIATE", 2, 1),
        heard("INTERMEDIATE", 1, 3, is_unchanged=True, age_at_start=2),
        heard("INTERMEDIATE", 1, 4),
        heard("MEDIUM", 1, 4),
        heard("INTERMEDIATE", 29, 5),
        heard("MEDIUM", 11, 34),
    ]
    assert aligned([2, 1, 1, 29, 11], stints) == [
        ("INTERMEDIATE", True),
        ("INTERMEDIATE", False),
        ("INTERMEDIATE", True),
        ("INTERMEDIATE", True),
        ("MEDIUM", True),
    ]


def test_stint_whose_count_stopped_is_still_a_stint() -> None:
    stints = [heard("INTERMEDIATE", 10, 1), heard("SOFT", 4, 15)]
    assert aligned([14, 4], stints) == [("INTERMEDIATE", True), ("SOFT", True)]


def test_stint_that_is_announced_far_too_early_keeps_its_place() -> None:
    stints = [
        heard("INTERMEDIATE", 4, 1),
        heard("INTERMEDIATE", 35, 5),
        heard("MEDIUM", 5, 6),
        heard("HARD", 13, 45),
    ]
    assert aligned([4, 35, 5, 13], stints) == [
        ("INTERMEDIATE", True),
        ("INTERMEDIATE", True),
        ("MEDIUM", True),
        ("HARD", True),
    ]


def test_empty_stint_of_another_compound_is_taken_where_a_run_needs_one() -> None:
    stints = [heard("INTERMEDIATE", 33, 1), heard("MEDIUM", 0, 34, is_unchanged=True), heard("WET", 10, 48)]
    assert aligned([33, 14, 10], stints) == [("INTERMEDIATE", True), ("MEDIUM", True), ("WET", True)]


def test_other_compound_is_a_change_whatever_the_feed_says_of_it() -> None:
    stints = [heard("MEDIUM", 12, 1), heard("SOFT", 12, 13, is_unchanged=True)]
    assert aligned([12, 12], stints)[1] == ("SOFT", True)


def test_age_decides_where_the_feed_does_not_say_whether_tyres_were_changed() -> None:
    goes_on = heard("SOFT", 4, 7, is_unchanged=None, age_at_start=6, is_new_set=False)
    other = heard("SOFT", 4, 7, is_unchanged=None, age_at_start=2, is_new_set=False)
    unknown = heard("SOFT", None, 7, is_unchanged=None, age_at_start=None, is_new_set=None)
    for stint, is_change in ((goes_on, False), (other, True), (unknown, True)):
        assert aligned([6, 4], [heard("SOFT", 6, 1), stint])[1] == ("SOFT", is_change)


def test_run_after_the_last_stint_of_the_feed_goes_on_with_its_set() -> None:
    assert aligned([12, 1], [heard("MEDIUM", 12, 1)]) == [("MEDIUM", True), ("MEDIUM", False)]
