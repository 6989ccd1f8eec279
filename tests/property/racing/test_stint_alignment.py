"""Whatever a feed makes of its stints, each lap is in one stint and stints follow one another."""

from __future__ import annotations

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from racing.feed_stints import FeedStint, Span, align_stints
from racing.tyres import TYRE_SCHEMA, tyres_by_lap

LAP_MS = 90_000
lengths_of_runs = st.lists(st.integers(1, 30), min_size=1, max_size=6)
compounds = st.sampled_from(["SOFT", "MEDIUM", "HARD", "INTERMEDIATE", "WET", "UNKNOWN"])
feed_stints = st.builds(
    FeedStint,
    compound=compounds,
    is_new_set=st.none() | st.booleans(),
    is_unchanged=st.none() | st.booleans(),
    age_at_start=st.none() | st.integers(0, 20),
    laps_count=st.none() | st.integers(-2, 40),
    first_heard_ms=st.integers(0, 200 * LAP_MS),
)


def spans_of(lengths: list[int]) -> list[Span]:
    ends = [sum(lengths[: place + 1]) * LAP_MS for place in range(len(lengths))]
    return [(end - length * LAP_MS, end) for end, length in zip(ends, lengths, strict=True)]


def as_driven(lengths: list[int], names: list[str]) -> list[FeedStint]:
    """Return what a faultless feed would say: a new set after each passage."""
    return [
        FeedStint(names[place], True, False, 0, length, span[0] or 0)
        for place, (length, span) in enumerate(zip(lengths, spans_of(lengths), strict=True))
    ]


@settings(deadline=None)
@given(lengths_of_runs, st.lists(feed_stints, min_size=1, max_size=7))
def test_every_run_has_an_answer_and_stints_keep_their_order(
    lengths: list[int], stints: list[FeedStint]
) -> None:
    aligned = align_stints(lengths, spans_of(lengths), stints)
    assert len(aligned) == len(lengths)
    assert aligned[0][1] is True
    places = [
        next(i for i, one in enumerate(stints) if one is stint) for stint, _ in aligned if stint is not None
    ]
    assert places == sorted(places)


@settings(deadline=None)
@given(st.data())
def test_faultless_feed_is_taken_as_it_is(data: st.DataObject) -> None:
    lengths = data.draw(lengths_of_runs)
    names = data.draw(st.lists(compounds, min_size=len(lengths), max_size=len(lengths)))
    stints = as_driven(lengths, names)
    assert align_stints(lengths, spans_of(lengths), stints) == [(stint, True) for stint in stints]


@settings(deadline=None)
@given(st.data())
def test_one_empty_stint_too_many_changes_nothing(data: st.DataObject) -> None:
    lengths = data.draw(st.lists(st.integers(3, 30), min_size=1, max_size=5))
    stints = as_driven(lengths, ["HARD", "SOFT", "MEDIUM", "HARD", "SOFT"][: len(lengths)])
    place = data.draw(st.integers(0, len(stints)))
    invented = FeedStint("WET", True, False, 0, 0, place * LAP_MS)
    aligned = align_stints(lengths, spans_of(lengths), [*stints[:place], invented, *stints[place:]])
    assert aligned == [(stint, True) for stint in stints]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=25),
    st.lists(feed_stints, max_size=4),
)
def test_laps_are_covered_without_gap_or_overlap(
    laps: list[tuple[bool, bool]], stints: list[FeedStint]
) -> None:
    rows = [
        {
            "car_number": "4",
            "lap_number": lap,
            "pit_in_session_time_ms": lap * LAP_MS - 3_000 if enters else None,
            "pit_out_session_time_ms": (lap - 1) * LAP_MS + 20_000 if leaves else None,
            "lap_start_session_time_ms": (lap - 1) * LAP_MS,
            "lap_end_session_time_ms": lap * LAP_MS,
            "compound_text": "SOFT",
            "tyre_age_laps": lap,
            "is_new_set": True,
        }
        for lap, (enters, leaves) in enumerate(laps, start=1)
    ]
    sent = [
        {
            "car_number": "4",
            "feed_stint_number": number,
            "first_session_time_ms": stint.first_heard_ms,
            "compound_text": stint.compound,
            "is_new_set": stint.is_new_set,
            "is_tyre_unchanged": stint.is_unchanged,
            "age_at_start_laps": stint.age_at_start,
            "age_at_end_laps": None
            if stint.age_at_start is None or stint.laps_count is None
            else stint.age_at_start + stint.laps_count,
        }
        for number, stint in enumerate(stints, start=1)
    ]
    columns = {"car_number": pl.String, "feed_stint_number": pl.Int32}
    tyres = tyres_by_lap(
        pl.DataFrame(
            rows,
            schema_overrides=dict.fromkeys(("pit_in_session_time_ms", "pit_out_session_time_ms"), pl.Int64),
        ),
        pl.DataFrame(sent) if sent else pl.DataFrame(schema=columns),
    )
    assert dict(tyres.schema) == TYRE_SCHEMA
    numbers, within = tyres["stint_number"].to_list(), tyres["stint_lap_number"].to_list()
    assert numbers[0] == 1
    for place in range(1, len(numbers)):
        assert numbers[place] in {numbers[place - 1], numbers[place - 1] + 1}
        assert within[place] == (within[place - 1] + 1 if numbers[place] == numbers[place - 1] else 1)
