"""Every kind of session of the invented weekend, with everything that can go wrong, read by FastF1 itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from sources.fastf1_engine import FastF1Log
from sources.synthetic.options import full_weekend
from sources.synthetic.session_run import Lap
from sources.synthetic.truth import SessionTruth, Truth
from sources.synthetic.weekend import write_weekend

SPRINT = replace(full_weekend("sprint"), cars=10, race_laps=18, telemetry=False)
PRACTICE = replace(full_weekend("conventional"), cars=6, sessions=("FP2", "FP3"), telemetry=False)
LONGEST_TIMED_MS = 150_000

Loaded = Callable[..., AbstractContextManager[tuple[Any, FastF1Log]]]
Read = dict[str, tuple[Any, FastF1Log, SessionTruth]]


@pytest.fixture(scope="module")
def weekend(tmp_path_factory: pytest.TempPathFactory) -> Truth:
    return write_weekend(tmp_path_factory.mktemp("sprint"), SPRINT)


@pytest.fixture(scope="module")
def sessions(weekend: Truth, loaded: Loaded, tmp_path_factory: pytest.TempPathFactory) -> Read:
    practice = write_weekend(tmp_path_factory.mktemp("practice"), PRACTICE)
    read: Read = {}
    for truth in (weekend, practice):
        for code, true in truth.sessions.items():
            with loaded(truth, code, telemetry=False) as (session, log):
                read[code] = (session, log, true)
    return read


@pytest.fixture(params=["FP1", "FP2", "FP3", "SQ", "S", "Q", "R"])
def session(request: pytest.FixtureRequest, sessions: Read) -> tuple[Any, FastF1Log, SessionTruth]:
    return sessions[request.param]


def milliseconds(value: Any) -> int | None:
    return None if pd.isna(value) else round(value.total_seconds() * 1000)


def pairs(read: Any, truth: SessionTruth) -> Iterator[tuple[Lap, Any]]:
    rows = {(row.DriverNumber, int(row.LapNumber)): row for _, row in read.laps.iterrows()}
    for laps in truth.laps.values():
        for lap in laps:
            yield lap, rows[lap.car_number, lap.lap_number]


def test_fastf1_reads_every_kind_of_session_without_a_failure(
    session: tuple[Any, FastF1Log, SessionTruth],
) -> None:
    read, log, truth = session
    # FastF1 asks for the race's result in practice too; where no race was written, there is none.
    is_alone = truth.session_key.endswith(("FP2", "FP3"))
    assert set(log.failures) == ({"ergast result data"} if is_alone else set())
    own = read.laps[~read.laps["FastF1Generated"]]
    found = own.groupby("DriverNumber").size().to_dict()
    assert found == {number: len(laps) for number, laps in truth.laps.items() if laps}


def test_times_and_tyres_of_every_session_are_the_true_ones(
    session: tuple[Any, FastF1Log, SessionTruth],
) -> None:
    read, _, truth = session
    for lap, row in pairs(read, truth):
        assert (row.Stint, row.Compound, row.TyreLife, bool(row.FreshTyre)) == (
            lap.stint_number, lap.compound, lap.tyre_age_laps, lap.is_fresh
        )  # fmt: skip
        is_dropped = lap.lap_ms >= LONGEST_TIMED_MS and not lap.has_sector_1
        is_timed = lap.has_lap_time and not is_dropped
        if not (truth.session_key.endswith("-R") and lap.lap_number == 1):
            assert milliseconds(row.LapTime) == (lap.lap_ms if is_timed else None)
        sectors = tuple(milliseconds(row[f"Sector{i}Time"]) for i in (2, 3))
        assert sectors == lap.sectors_ms[1:]


def test_deleted_laps_of_every_session_are_the_true_ones(
    session: tuple[Any, FastF1Log, SessionTruth],
) -> None:
    read, _, truth = session
    deleted = {(lap.car_number, lap.lap_number) for lap, row in pairs(read, truth) if row.Deleted}
    assert deleted == {(lap.car_number, lap.lap_number) for lap in truth.deleted_laps}
    assert len(deleted) == 1


def test_a_stopped_race_goes_on_where_it_stopped(sessions: Read) -> None:
    read, _, true = sessions["R"]
    assert [item.kind for item in true.events.interruptions] == ["safety_car", "red_flag"]
    assert list(read.session_status["Status"]) == [
        "Inactive", "Started", "Aborted", "Started", "Finished", "Finalised", "Ends"
    ]  # fmt: skip
    assert list(read.track_status["Status"]) == [code for _, code, _ in true.track_status]
    laps = read.laps[~read.laps["FastF1Generated"]]
    for lap, order in enumerate(true.order_by_lap, start=1):
        found = laps[laps["LapNumber"] == lap].sort_values("Position")
        assert tuple(found["DriverNumber"]) == order


def test_rain_reaches_tyres_and_weather(sessions: Read) -> None:
    read, _, true = sessions["R"]
    rain = true.events.rain
    assert rain is not None
    assert {"INTERMEDIATE"} < set(read.laps["Compound"].dropna())
    wet = read.weather_data[read.weather_data["Rainfall"]]["Time"].dt.total_seconds() * 1000
    assert rain.start_ms <= wet.min()
    assert wet.max() <= rain.end_ms + 60_000


def test_results_follow_penalties_and_disqualification(weekend: Truth, sessions: Read) -> None:
    race, sprint = sessions["R"][0].results, sessions["S"][0].results
    columns = ["DriverNumber", "ClassifiedPosition", "GridPosition", "Status", "Points"]
    for results, official in ((race, weekend.race), (sprint, weekend.sprint)):
        assert list(results[columns].itertuples(index=False, name=None)) == [
            (row.car_number, row.position_text, row.grid, row.status, row.points) for row in official
        ]
    (excluded,) = sessions["R"][2].events.disqualifications
    assert weekend.race[-1].car_number == excluded.car_number
    assert weekend.race[-1].position_text == "D"


def test_practice_is_ranked_by_best_laps(sessions: Read) -> None:
    for code in ("FP1", "FP2", "FP3"):
        read, _, true = sessions[code]
        best = (
            read.laps[~read.laps["Deleted"].fillna(value=False).astype(bool)]
            .groupby("DriverNumber")["LapTime"]
            .min()
        )
        expected = {
            number: min(
                lap.lap_ms
                for lap in laps
                if lap.has_lap_time
                and not lap.is_deleted
                and lap.pit_in_ms is None
                and lap.pit_out_ms is None
            )
            for number, laps in true.laps.items()
        }
        assert {number: milliseconds(value) for number, value in best.items()} == expected
