"""The invented sessions themselves: what must hold of every qualifying and race."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from sources.synthetic.circuit import invented_circuit
from sources.synthetic.errors import WeekendOptionsError
from sources.synthetic.field import invented_field
from sources.synthetic.official_result import qualifying_result, race_result
from sources.synthetic.options import WeekendOptions
from sources.synthetic.passages import speed_kph
from sources.synthetic.qualifying_model import run_qualifying
from sources.synthetic.race_result import road_order, run_race
from sources.synthetic.session_run import SessionRun

SMALL = WeekendOptions(cars=6, race_laps=10, telemetry=False)


@pytest.fixture(scope="module")
def qualifying() -> SessionRun:
    return run_qualifying(WeekendOptions(), invented_field(WeekendOptions()))


@pytest.fixture(scope="module")
def race() -> SessionRun:
    return run_race(WeekendOptions(), invented_field(WeekendOptions()))


def test_the_circuit_is_a_closed_line_of_fourteen_corners() -> None:
    circuit = invented_circuit()
    assert (circuit.x[0], circuit.y[0]) == pytest.approx((circuit.x[-1], circuit.y[-1]), abs=1e-6)
    assert len(circuit.corners_m) == 14
    steps = np.hypot(np.diff(circuit.x), np.diff(circuit.y))
    assert np.abs(steps - 10.0).max() < 0.1
    assert 80 < circuit.lap_s < 95


def test_the_reference_lap_keeps_to_brakes_and_engine() -> None:
    circuit = invented_circuit()
    acceleration = np.diff(circuit.speed**2) / 2
    assert acceleration.min() > -36.5
    assert acceleration.max() < 14.0
    assert circuit.speed.min() > 20.0


def test_nobody_of_the_field_shares_number_code_or_reference() -> None:
    entries = invented_field(WeekendOptions())
    assert len(entries) == 20
    for values in (
        {e.number for e in entries},
        {e.driver.code for e in entries},
        {e.reference for e in entries},
        {e.driver_id for e in entries},
    ):
        assert len(values) == 20
    assert min(e.pace_s for e in entries) == 0.0


def test_every_team_has_two_cars_in_a_full_field() -> None:
    teams = [entry.team.constructor_id for entry in invented_field(WeekendOptions())]
    assert all(teams.count(team) == 2 for team in teams)


@pytest.mark.parametrize("run_name", ["qualifying", "race"])
def test_traces_never_go_back(run_name: str, request: pytest.FixtureRequest) -> None:
    run: SessionRun = request.getfixturevalue(run_name)
    for trace in run.traces.values():
        assert (np.diff(trace.time_ms) >= 0).all()
        assert (np.diff(trace.progress) >= 0).all()


@pytest.mark.parametrize("run_name", ["qualifying", "race"])
def test_laps_follow_each_other_and_sectors_sum_to_them(
    run_name: str, request: pytest.FixtureRequest
) -> None:
    run: SessionRun = request.getfixturevalue(run_name)
    for laps in run.laps.values():
        assert [lap.lap_number for lap in laps] == list(range(1, len(laps) + 1))
        assert all(sum(lap.sectors_ms) == lap.lap_ms and min(lap.sectors_ms) > 0 for lap in laps)
        assert all(before.end_ms == after.start_ms for before, after in pairwise(laps))


@pytest.mark.parametrize("run_name", ["qualifying", "race"])
def test_a_trace_is_at_the_line_when_the_lap_ends(run_name: str, request: pytest.FixtureRequest) -> None:
    run: SessionRun = request.getfixturevalue(run_name)
    for number, laps in run.laps.items():
        ends = np.array([float(lap.end_ms) for lap in laps])
        progress = run.traces[number].progress_at(ends)
        assert progress == pytest.approx(np.arange(1, len(laps) + 1), abs=1e-9)


def test_speed_integrates_to_the_length_of_the_lap(race: SessionRun) -> None:
    number = race.entries[0].number
    lap = race.laps[number][2]
    times = np.arange(lap.start_ms, lap.end_ms, 10.0)
    metres = (speed_kph(race.traces[number], race.circuit, times) / 3.6 * 0.010).sum()
    assert metres == pytest.approx(race.circuit.length_m, rel=0.002)


def test_qualifying_lets_fifteen_and_then_ten_through(qualifying: SessionRun) -> None:
    result = qualifying_result(qualifying)
    timed = [sum(row.best_ms[part] is not None for row in result) for part in range(3)]
    assert timed == [20, 15, 10]
    assert [row.position for row in result] == list(range(1, 21))
    q3 = [row.best_ms[2] for row in result[:10]]
    assert all(a is not None and b is not None and a <= b for a, b in pairwise(q3))


def test_push_laps_begin_before_the_flag_of_their_part(qualifying: SessionRun) -> None:
    ends = {part.number: part.end_ms for part in qualifying.parts}
    starts = {part.number: part.start_ms for part in qualifying.parts}
    for laps in qualifying.laps.values():
        for lap in laps:
            if lap.pit_in_ms is None and lap.pit_out_ms is None:
                assert starts[lap.part] < lap.start_ms < ends[lap.part]


def test_one_lap_of_qualifying_is_deleted_and_does_not_count(qualifying: SessionRun) -> None:
    deleted = [lap for laps in qualifying.laps.values() for lap in laps if lap.is_deleted]
    assert len(deleted) == 1
    row = next(row for row in qualifying_result(qualifying) if row.car_number == deleted[0].car_number)
    assert deleted[0].lap_ms not in row.best_ms
    texts = [said.fields["Message"] for said in qualifying.control]
    assert any("DELETED - TRACK LIMITS" in text for text in texts)


def test_no_two_cars_cross_the_line_in_the_same_millisecond(race: SessionRun) -> None:
    for lap in range(race.total_laps):
        ends = [laps[lap].end_ms for laps in race.laps.values() if len(laps) > lap]
        assert len(set(ends)) == len(ends)


def test_three_cars_retire_and_the_first_in_the_middle_of_a_lap(race: SessionRun) -> None:
    on_track = [stop for stop in race.retirements if stop.on_track]
    assert len(race.retirements) == 3
    assert len(on_track) == 1
    assert 0.3 < on_track[0].stop_progress % 1.0 < 0.7
    assert len(race.laps[on_track[0].car_number]) == on_track[0].laps_completed


def test_the_safety_car_slows_the_laps_under_it(race: SessionRun) -> None:
    start, end = (next(at for at, code, _ in race.track_status if code == "4"), race.track_status[-1][0])
    slow = [
        lap.lap_ms for laps in race.laps.values() for lap in laps if start < lap.start_ms and lap.end_ms < end
    ]
    usual = [lap.lap_ms for laps in race.laps.values() for lap in laps if lap.start_ms > end]
    assert np.median(slow) > 1.25 * np.median(usual)


def test_nobody_passes_on_the_track_under_the_safety_car(race: SessionRun) -> None:
    start, end = (next(at for at, code, _ in race.track_status if code == "4"), race.track_status[-1][0])
    for lap in range(1, race.total_laps):
        stayed = [
            laps
            for laps in race.laps.values()
            if len(laps) > lap
            and start < laps[lap].start_ms
            and laps[lap].end_ms < end
            and laps[lap].pit_in_ms is None
            and laps[lap].pit_out_ms is None
            and laps[lap - 1].pit_in_ms is None
        ]
        before = sorted(range(len(stayed)), key=lambda i: stayed[i][lap].start_ms)
        after = sorted(range(len(stayed)), key=lambda i: stayed[i][lap].end_ms)
        assert before == after


def test_a_stop_costs_about_twenty_seconds(race: SessionRun) -> None:
    start, end = (next(at for at, code, _ in race.track_status if code == "4"), race.track_status[-1][0])
    losses = []
    for laps in race.laps.values():
        usual = np.median([lap.lap_ms for lap in laps])
        for coming, going in pairwise(laps):
            if coming.pit_in_ms is not None and not start - 200_000 < coming.end_ms < end + 200_000:
                losses.append(coming.lap_ms + going.lap_ms - 2 * usual)
    assert 15_000 < np.median(losses) < 26_000


def test_every_car_that_is_not_out_uses_two_compounds(race: SessionRun) -> None:
    out = {stop.car_number for stop in race.retirements}
    for number in race.laps.keys() - out:
        compounds = {tyres.compound for tyres in race.tyre_sets if tyres.car_number == number}
        assert len(compounds) >= 2


def test_tyre_age_restarts_with_each_set(race: SessionRun) -> None:
    ages = {(tyres.car_number, tyres.stint_number): tyres.start_age_laps for tyres in race.tyre_sets}
    for number, laps in race.laps.items():
        for stint in {lap.stint_number for lap in laps}:
            driven = [lap.tyre_age_laps for lap in laps if lap.stint_number == stint]
            first = ages[number, stint] + 1
            assert driven == list(range(first, first + len(driven)))


def test_cars_finish_at_their_first_line_after_the_flag(race: SessionRun) -> None:
    out = {stop.car_number for stop in race.retirements}
    for number in race.laps.keys() - out:
        laps = race.laps[number]
        assert laps[-1].end_ms >= race.finished_ms
        assert laps[-2].end_ms < race.finished_ms


def test_somebody_is_lapped_and_is_shown_a_blue_flag(race: SessionRun) -> None:
    out = {stop.car_number for stop in race.retirements}
    lapped = [n for n in race.laps.keys() - out if len(race.laps[n]) < race.total_laps]
    assert lapped
    blue = {said.fields["RacingNumber"] for said in race.control if said.fields.get("Flag") == "BLUE"}
    assert set(lapped) <= blue


@pytest.mark.parametrize("seed", range(1, 9))
def test_the_penalty_changes_the_result_after_the_flag(seed: int) -> None:
    options = WeekendOptions(seed=seed)
    run = run_race(options, invented_field(options))
    road = road_order(dict(run.laps), {stop.car_number for stop in run.retirements})
    official = [row.car_number for row in race_result(run)]
    (penalty,) = run.penalties
    assert penalty.seconds == 5
    assert official.index(penalty.car_number) > road.index(penalty.car_number)
    assert [n for n in road if n != penalty.car_number] == [n for n in official if n != penalty.car_number]


def test_order_changes_on_the_track_during_the_race(race: SessionRun) -> None:
    swaps = 0
    for lap in range(30, 50):
        order = [
            sorted((laps[i].end_ms, number) for number, laps in race.laps.items() if len(laps) > lap)
            for i in (lap - 1, lap)
        ]
        swaps += [n for _, n in order[0]] != [n for _, n in order[1]]
    assert swaps > 3


def test_the_virtual_safety_car_is_announced_and_keeps_the_gaps() -> None:
    options = WeekendOptions(neutralisation="virtual_safety_car")
    run = run_race(options, invented_field(options))
    assert [code for _, code, _ in run.track_status] == ["1", "2", "6", "7", "1"]


def test_without_retirements_the_track_stays_clear() -> None:
    options = WeekendOptions(cars=4, race_laps=5, retirements=0)
    run = run_race(options, invented_field(options))
    assert [code for _, code, _ in run.track_status] == ["1"]
    assert all(len(laps) == 5 for laps in run.laps.values())


@pytest.mark.parametrize(("cars", "laps"), [(2, 3), (3, 4), (4, 6), (7, 9)])
def test_small_weekends_run_to_the_flag(cars: int, laps: int) -> None:
    options = WeekendOptions(cars=cars, race_laps=laps)
    run = run_race(options, invented_field(options))
    assert max(len(done) for done in run.laps.values()) == laps
    assert len(qualifying_result(run_qualifying(options, invented_field(options)))) == cars


@pytest.mark.parametrize(
    "wrong",
    [
        {"cars": 1},
        {"cars": 23},
        {"race_laps": 2},
        {"retirements": 4},
        {"sessions": ("S",)},
        {"sessions": ()},
    ],
)
def test_options_out_of_range_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(WeekendOptionsError):
        WeekendOptions(**wrong)  # type: ignore[arg-type]


def test_the_race_is_on_a_sunday_after_the_season() -> None:
    for season in range(2018, 2030):
        day = WeekendOptions(season=season).race_date
        assert day.weekday() == 6
        assert (day.month, day.day) >= (12, 15)
