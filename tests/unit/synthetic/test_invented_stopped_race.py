"""An invented race that is stopped and not resumed: who is where, what counts, and for which points."""

from __future__ import annotations

import pytest

from sources.synthetic.errors import WeekendOptionsError
from sources.synthetic.field import invented_field
from sources.synthetic.official_result import POINTS, race_result
from sources.synthetic.options import WeekendOptions
from sources.synthetic.race_result import run_race
from sources.synthetic.session_run import SessionRun
from sources.synthetic.stopped_race import points_for
from sources.synthetic.wire_session import lap_count, status_times

STOPPED = WeekendOptions(cars=8, race_laps=20, red_flag=True, is_resumed=False)


@pytest.fixture(scope="module")
def race() -> SessionRun:
    return run_race(STOPPED, invented_field(STOPPED))


def test_everybody_comes_in_and_nobody_leaves_again(race: SessionRun) -> None:
    (red,) = [item for item in race.events.interruptions if item.kind == "red_flag"]
    assert red.ends_the_race
    out = {stop.car_number for stop in race.retirements}
    stayed = {visit.car_number for visit in race.pit_visits if visit.out_ms is None}
    assert stayed == {entry.number for entry in race.entries} - out
    for number in stayed:
        last = race.laps[number][-1]
        assert last.pit_in_ms is not None
        assert last.start_ms < red.start_ms < last.pit_in_ms
    assert max(map(len, race.laps.values())) < STOPPED.race_laps / 2
    assert race.finished_ms == red.end_ms


def test_result_is_the_order_two_laps_before_the_stop(race: SessionRun) -> None:
    red = race.events.interruptions[-1]
    result = race_result(race)
    counted = red.leader_lap - 2
    assert result[0].laps == counted
    line = [laps[counted - 1] for laps in race.laps.values() if len(laps) >= counted]
    order = [lap.car_number for lap in sorted(line, key=lambda lap: lap.end_ms)]
    assert [row.car_number for row in result if row.laps == counted and row.status == "Finished"] == order
    # Who stopped on the track after that line is in the result all the same.
    assert red.car_number in order
    assert [row.points for row in result[:7]] == [13, 10, 8, 6, 5, 4, 3]


def test_feed_says_that_it_was_stopped_and_finished_without_a_restart(race: SessionRun) -> None:
    assert [status for _, status in status_times(race)] == [
        "Inactive", "Started", "Aborted", "Finished", "Finalised", "Ends"
    ]  # fmt: skip
    said = [str(message.fields["Message"]) for message in race.control]
    assert "RED FLAG" in said
    assert "RACE WILL NOT BE RESUMED" in said
    assert "CHEQUERED FLAG" not in said
    assert race.track_status[-1][1] == "5"
    laps = [fields["CurrentLap"] for _, fields in lap_count(race)]
    assert laps == list(range(1, race.events.interruptions[-1].leader_lap + 2))


@pytest.mark.parametrize(
    ("counted", "points"),
    [
        (1, ()),
        (2, (6, 4, 3, 2, 1)),
        (10, (13, 10, 8, 6, 5, 4, 3, 2, 1)),
        (29, (19, 14, 12, 9, 8, 6, 5, 3, 2, 1)),
        (30, POINTS),
    ],
)
def test_points_go_by_the_share_of_the_distance(counted: int, points: tuple[int, ...]) -> None:
    assert points_for(counted, 40, POINTS) == points


def test_race_that_is_not_resumed_needs_a_red_flag() -> None:
    with pytest.raises(WeekendOptionsError, match="red_flag"):
        WeekendOptions(is_resumed=False)
