"""Rain, red flags, tactics, practice and sprint of the invented weekend: what must hold of each."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from sources.synthetic.errors import WeekendOptionsError
from sources.synthetic.field import invented_field
from sources.synthetic.lap_model import SLICKS, water_s
from sources.synthetic.official_result import qualifying_result, race_result
from sources.synthetic.options import SESSIONS, WeekendOptions, full_weekend, named_weekend
from sources.synthetic.race_result import road_order
from sources.synthetic.rain import tyres_for
from sources.synthetic.session_run import SessionRun
from sources.synthetic.sessions import run_weekend

FULL = full_weekend("sprint")


@pytest.fixture(scope="module")
def runs() -> dict[str, SessionRun]:
    return run_weekend(FULL)


@pytest.fixture(scope="module")
def race(runs: dict[str, SessionRun]) -> SessionRun:
    return runs["R"]


def test_the_full_weekend_has_every_session_and_twenty_two_cars(runs: dict[str, SessionRun]) -> None:
    assert set(runs) == set(SESSIONS["sprint"])
    assert {len(run.entries) for run in runs.values()} == {22}
    assert len({entry.number for entry in runs["R"].entries}) == 22
    assert len({entry.team.name for entry in runs["R"].entries}) == 11


def test_a_field_of_twenty_is_the_same_with_and_without_the_eleventh_team() -> None:
    names = {entry.team.constructor_id for entry in invented_field(WeekendOptions())}
    assert "lodestar" not in names


def test_which_sessions_are_asked_for_changes_no_other_session(runs: dict[str, SessionRun]) -> None:
    alone = run_weekend(replace(FULL, sessions=("R",)))["R"]
    assert alone.laps == runs["R"].laps


def test_traces_of_every_session_go_forward_and_agree_with_the_laps(runs: dict[str, SessionRun]) -> None:
    for run in runs.values():
        for number, trace in run.traces.items():
            assert (np.diff(trace.time_ms) >= 0).all()
            assert (np.diff(trace.progress) >= 0).all()
            ends = np.array([float(lap.end_ms) for lap in run.laps[number]])
            assert np.round(trace.progress_at(ends) % 1.0 % 1.0, 9).max(initial=0.0) in {0.0, 1.0}
        for laps in run.laps.values():
            assert all(sum(lap.sectors_ms) == lap.lap_ms and min(lap.sectors_ms) > 0 for lap in laps)
            assert all(before.end_ms == after.start_ms for before, after in pairwise(laps))


def test_a_red_flag_sends_everybody_in_and_keeps_the_order(race: SessionRun) -> None:
    red = next(item for item in race.events.interruptions if item.kind == "red_flag")
    assert red.restart_ms is not None
    out = {stop.car_number for stop in race.retirements if stop.stopped_ms < red.restart_ms}
    for number in race.laps.keys() - out:
        (waited,) = (
            visit
            for visit in race.pit_visits
            if visit.car_number == number and visit.in_ms is not None
            and visit.out_ms is not None and visit.out_ms >= red.restart_ms > visit.in_ms
        )  # fmt: skip
        assert waited.in_ms is not None
        assert waited.in_ms > red.start_ms - 30_000  # Some were coming in anyway.
    before, after = (
        [
            number
            for _, number in sorted(
                (laps[lap - 1].end_ms, number)
                for number, laps in race.laps.items()
                if len(laps) >= lap and number not in out
            )
        ]
        for lap in (red.leader_lap, red.leader_lap + 1)
    )
    assert [number for number in before if number in after] == after


def test_nobody_drives_through_a_red_flag(race: SessionRun) -> None:
    red = next(item for item in race.events.interruptions if item.kind == "red_flag")
    assert red.restart_ms is not None
    for laps in race.laps.values():
        assert not any(red.start_ms + 400_000 < lap.end_ms < red.restart_ms for lap in laps)


def test_interruptions_follow_each_other_and_end_at_the_leaders_line(race: SessionRun) -> None:
    kinds = [item.kind for item in race.events.interruptions]
    assert kinds == ["safety_car", "red_flag"]
    lines = {lap.end_ms for laps in race.laps.values() for lap in laps}
    for item in race.events.interruptions:
        assert item.end_ms in lines
    first, second = race.events.interruptions
    assert first.until_ms < second.start_ms
    assert [code for _, code, _ in race.track_status] == ["1", "2", "4", "1", "2", "5", "1", "4", "1"]


def test_cars_fit_intermediates_in_the_rain_and_slicks_after_it(race: SessionRun) -> None:
    rain = race.events.rain
    assert rain is not None
    for laps in race.laps.values():
        wet = [lap for lap in laps if rain.wet_ms < lap.start_ms and lap.end_ms < rain.end_ms]
        assert all(lap.compound == "INTERMEDIATE" for lap in wet[2:])
        assert all(lap.compound in SLICKS for lap in laps if lap.end_ms < rain.start_ms)
        assert all(lap.compound in SLICKS for lap in laps if lap.start_ms > rain.dry_ms)


def test_a_downpour_needs_full_wets() -> None:
    options = WeekendOptions(rain="downpour", cars=6, race_laps=40)
    used = {tyres.compound for tyres in run_weekend(options)["R"].tyre_sets}
    assert {"INTERMEDIATE", "WET"} < used


@pytest.mark.parametrize(("wetness", "best"), [(0.0, "SLICK"), (0.6, "INTERMEDIATE"), (1.0, "WET")])
def test_each_wetness_has_its_tyres(wetness: float, best: str) -> None:
    losses = {
        name: water_s(name if name != "SLICK" else "SOFT", wetness)
        for name in ("SLICK", "INTERMEDIATE", "WET")
    }
    assert min(losses, key=lambda name: losses[name]) == best
    right = "MEDIUM" if best == "SLICK" else best
    assert tyres_for(right, wetness, 0.4) is None
    assert tyres_for("WET" if best != "WET" else "SOFT", wetness, 2.4) == right


def test_undercuts_are_tried_and_judged() -> None:
    outcomes = set()
    for seed in (2, 3):
        race = run_weekend(WeekendOptions(seed=seed))["R"]
        for tried in race.events.undercuts:
            outcomes.add(tried.has_succeeded)
            lap = race.laps[tried.car_number][tried.lap_number - 1]
            assert lap.pit_in_ms is not None
            ahead = race.laps[tried.against][tried.lap_number - 1]
            assert 0 < lap.start_ms - ahead.start_ms <= 2_500
            assert ahead.pit_in_ms is None
    assert outcomes >= {True, False}


def test_a_tow_is_less_than_a_second_behind_the_car_ahead(race: SessionRun) -> None:
    assert race.tow_laps
    for number, lap in race.tow_laps:
        if lap > len(race.laps[number]):
            continue
        start = race.laps[number][lap - 1].start_ms
        ahead = [
            laps[lap - 1].start_ms
            for laps in race.laps.values()
            if len(laps) >= lap and laps[lap - 1].start_ms < start
        ]
        stopped = any(len(laps) == lap - 1 for laps in race.laps.values())
        assert stopped or start - max(ahead) < 1_000


def test_overtakes_are_changes_of_the_order_at_the_line(race: SessionRun) -> None:
    assert race.events.overtakes
    for event in race.events.overtakes:
        ours, theirs = (
            race.laps[number][event.lap_number - 1] for number in (event.car_number, event.passed)
        )
        assert ours.end_ms < theirs.end_ms
        if event.lap_number > 1:
            assert ours.start_ms > theirs.start_ms


def test_a_car_that_is_held_up_ends_its_lap_close_behind_the_other(race: SessionRun) -> None:
    assert race.events.held_up
    for event in race.events.held_up:
        ours, theirs = (
            race.laps[number][event.lap_number - 1] for number in (event.car_number, event.behind)
        )
        assert 0 < ours.end_ms - theirs.end_ms < 1_300


def test_a_disqualified_car_stands_last_without_laps_and_points(race: SessionRun) -> None:
    (excluded,) = race.events.disqualifications
    last = race_result(race)[-1]
    assert (last.car_number, last.position_text, last.laps, last.points) == (excluded.car_number, "D", 0, 0)
    retired = {stop.car_number for stop in race.retirements}
    assert excluded.car_number in road_order(race.laps, retired)[:10]


def test_the_sprint_is_a_third_without_stops_and_gives_eight_points(runs: dict[str, SessionRun]) -> None:
    sprint = runs["S"]
    assert sprint.total_laps == FULL.sprint_laps == 19
    assert [row.points for row in race_result(sprint)[:9]] == [8, 7, 6, 5, 4, 3, 2, 1, 0]
    assert all(lap.stint_number == 1 for laps in sprint.laps.values() for lap in laps)
    grid = [row.car_number for row in qualifying_result(runs["SQ"])]
    assert [entry.number for entry in sprint.entries] == grid


def test_practice_has_long_runs_on_ageing_tyres(runs: dict[str, SessionRun]) -> None:
    practice = runs["FP1"]
    longest = [max(lap.tyre_age_laps for lap in laps) for laps in practice.laps.values()]
    assert min(longest) >= 6
    assert all(laps[-1].pit_in_ms is not None for laps in practice.laps.values())
    timed = [lap for laps in practice.laps.values() for lap in laps if lap.end_ms < practice.finished_ms]
    assert len(timed) > 22 * 10


@pytest.mark.parametrize(
    "wrong",
    [
        {"rain": "shower", "race_laps": 11},
        {"red_flag": True, "cars": 3},
        {"disqualification": True, "cars": 2},
        {"sessions": ("FP2",), "weekend_format": "sprint"},
        {"weekend_format": "triple"},
    ],
)
def test_weekends_that_cannot_be_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(WeekendOptionsError):
        WeekendOptions(**wrong)  # type: ignore[arg-type]


def test_weekends_have_names() -> None:
    assert named_weekend("default") == WeekendOptions()
    assert named_weekend("full") == full_weekend()
    with pytest.raises(WeekendOptionsError, match="write default or full"):
        named_weekend("half")


@pytest.mark.parametrize("seed", range(2, 7))
def test_small_and_wild_races_run_to_the_flag(seed: int) -> None:
    options = WeekendOptions(
        seed=seed, cars=5, race_laps=13, red_flag=True, rain="downpour", disqualification=True
    )
    race = run_weekend(options)["R"]
    assert max(len(laps) for laps in race.laps.values()) == 13
    assert len(race_result(race)) == 5
