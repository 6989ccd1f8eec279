"""The invented weekend read by FastF1 itself, unmodified, against the truth."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sources.calendar_documents import find_weekend, read_schedule, schedule_url, weekends_of
from sources.fastf1_engine import FastF1Log
from sources.fetch import fetch_weekend
from sources.open_source import open_source
from sources.synthetic.feed_log import LATEST_MS
from sources.synthetic.options import WeekendOptions
from sources.synthetic.session_run import Lap
from sources.synthetic.truth import SessionTruth, Truth
from sources.synthetic.weekend import write_weekend
from sources.topics import FASTF1_TOPICS

MIDDLE = WeekendOptions(race_laps=20, telemetry=False)
LONGEST_TIMED_MS = 150_000

Loaded = Callable[..., AbstractContextManager[tuple[Any, FastF1Log]]]


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> Truth:
    return write_weekend(tmp_path_factory.mktemp("weekend"), MIDDLE)


@pytest.fixture(scope="module")
def sessions(truth: Truth, loaded: Loaded) -> dict[str, tuple[Any, FastF1Log, SessionTruth]]:
    """Both sessions as FastF1 reads them, with what it logged and the truth."""
    read = {}
    for code, true in truth.sessions.items():
        with loaded(truth, code, telemetry=False) as (session, log):
            read[code] = (session, log, true)
    return read


@pytest.fixture(params=["Q", "R"])
def session(
    request: pytest.FixtureRequest, sessions: dict[str, tuple[Any, FastF1Log, SessionTruth]]
) -> tuple[Any, FastF1Log, SessionTruth]:
    return sessions[request.param]


def milliseconds(value: Any) -> int | None:
    return None if pd.isna(value) else round(value.total_seconds() * 1000)


def pairs(read: Any, truth: SessionTruth) -> Iterator[tuple[Lap, Any]]:
    """Every true lap with FastF1's row of it."""
    rows = {(row.DriverNumber, int(row.LapNumber)): row for _, row in read.laps.iterrows()}
    for laps in truth.laps.values():
        for lap in laps:
            yield lap, rows[lap.car_number, lap.lap_number]


def test_fastf1_reads_it_without_a_warning(session: tuple[Any, FastF1Log, SessionTruth]) -> None:
    _, log, _ = session
    assert log.warnings == []
    assert log.failures == {}


def test_fastf1_finds_every_lap_and_only_these(session: tuple[Any, FastF1Log, SessionTruth]) -> None:
    read, _, truth = session
    own = read.laps[~read.laps["FastF1Generated"]]
    found = own.groupby("DriverNumber").size().to_dict()
    assert found == {number: len(laps) for number, laps in truth.laps.items() if laps}


def test_lap_and_sector_times_are_the_true_ones(session: tuple[Any, FastF1Log, SessionTruth]) -> None:
    read, _, truth = session
    for lap, row in pairs(read, truth):
        # FastF1 drops lap times above 150 s whose sectors are not all there: laps with a wait in the garage.
        is_dropped = lap.lap_ms >= LONGEST_TIMED_MS and not lap.has_sector_1
        comes_from_jolpica = truth.session_key.endswith("R") and lap.lap_number == 1
        is_timed = (lap.has_lap_time and not is_dropped) or comes_from_jolpica
        assert milliseconds(row.LapTime) == (lap.lap_ms if is_timed else None)
        sectors = tuple(milliseconds(row[f"Sector{i}Time"]) for i in (1, 2, 3))
        assert sectors == (lap.sectors_ms[0] if lap.has_sector_1 else None, *lap.sectors_ms[1:])


def test_laps_end_when_they_really_did(session: tuple[Any, FastF1Log, SessionTruth]) -> None:
    read, _, truth = session
    late = np.array([milliseconds(row.Time) - lap.end_ms for lap, row in pairs(read, truth)])
    assert late.min() >= 0
    assert late.max() <= (0 if truth.session_key.endswith("R") else LATEST_MS)


def test_tyres_are_the_true_ones(session: tuple[Any, FastF1Log, SessionTruth]) -> None:
    read, _, truth = session
    for lap, row in pairs(read, truth):
        assert (row.Stint, row.Compound, row.TyreLife, bool(row.FreshTyre)) == (
            lap.stint_number, lap.compound, lap.tyre_age_laps, lap.is_fresh
        )  # fmt: skip


def test_pit_times_are_the_true_ones(session: tuple[Any, FastF1Log, SessionTruth]) -> None:
    read, _, truth = session
    for lap, row in pairs(read, truth):
        for true, value in ((lap.pit_in_ms, row.PitInTime), (lap.pit_out_ms, row.PitOutTime)):
            said = milliseconds(value)
            assert (true is None) == (said is None)
            assert true is None or said is None or 0 <= said - true <= LATEST_MS


def test_deleted_laps_are_the_true_ones(session: tuple[Any, FastF1Log, SessionTruth]) -> None:
    read, _, truth = session
    deleted = {(lap.car_number, lap.lap_number) for lap, row in pairs(read, truth) if row.Deleted}
    assert deleted == {(lap.car_number, lap.lap_number) for lap in truth.deleted_laps}
    assert len(deleted) == 1


def test_track_status_reaches_the_laps(session: tuple[Any, FastF1Log, SessionTruth]) -> None:
    read, _, truth = session
    assert list(read.track_status["Status"]) == [code for _, code, _ in truth.track_status]
    accurate = read.laps["IsAccurate"].sum()
    assert accurate > 0.3 * len(read.laps)


def test_positions_after_every_lap_are_the_true_ones(
    sessions: dict[str, tuple[Any, FastF1Log, SessionTruth]],
) -> None:
    read, _, true = sessions["R"]
    laps = read.laps[~read.laps["FastF1Generated"]]
    for lap, order in enumerate(true.order_by_lap, start=1):
        found = laps[laps["LapNumber"] == lap].sort_values("Position")
        assert tuple(found["DriverNumber"]) == order
        assert list(found["Position"]) == list(range(1, len(order) + 1))


def test_the_only_lap_that_fastf1_adds_is_the_one_not_finished(
    sessions: dict[str, tuple[Any, FastF1Log, SessionTruth]],
) -> None:
    read, _, true = sessions["R"]
    (stop,) = (stop for stop in true.retirements if stop.on_track)
    added = read.laps[read.laps["FastF1Generated"]]
    assert list(zip(added["DriverNumber"], added["LapNumber"], strict=True)) == [
        (stop.car_number, stop.laps_completed + 1)
    ]


def test_results_and_pole_are_the_official_ones(
    truth: Truth, sessions: dict[str, tuple[Any, FastF1Log, SessionTruth]]
) -> None:
    qualifying, results = sessions["Q"][0].results, sessions["R"][0].results
    assert list(qualifying["DriverNumber"]) == [row.car_number for row in truth.qualifying]
    best = [tuple(milliseconds(row[f"Q{i}"]) for i in (1, 2, 3)) for _, row in qualifying.iterrows()]
    assert best == [row.best_ms for row in truth.qualifying]
    assert qualifying["DriverNumber"].iloc[0] == truth.pole
    columns = ("DriverNumber", "ClassifiedPosition", "GridPosition", "Status", "Points", "Laps")
    assert list(results.loc[:, columns].itertuples(index=False, name=None)) == [
        (row.car_number, row.position_text, row.grid, row.status, row.points, row.laps) for row in truth.race
    ]


def test_qualifying_computed_from_laps_agrees_with_the_official_one(
    truth: Truth, sessions: dict[str, tuple[Any, FastF1Log, SessionTruth]]
) -> None:
    read, _, _ = sessions["Q"]
    read._calculate_quali_like_session_results(force=True)
    assert list(read.results["DriverNumber"]) == [row.car_number for row in truth.qualifying]


@pytest.mark.parametrize("seed", [2])
def test_other_seeds_and_small_fields_read_as_well(seed: int, tmp_path: Path, loaded: Loaded) -> None:
    options = WeekendOptions(
        seed=seed, cars=5, race_laps=9, telemetry=False, neutralisation="virtual_safety_car"
    )
    small = write_weekend(tmp_path, options)
    for code, true in small.sessions.items():
        with loaded(small, code, telemetry=False) as (read, log):
            assert log.failures == {}
            for lap, row in pairs(read, true):
                assert row.TyreLife == lap.tyre_age_laps
                assert milliseconds(row.Sector3Time) == lap.sectors_ms[2]
        if code == "R":
            own = read.laps[~read.laps["FastF1Generated"]].sort_values(["LapNumber", "Position"])
            order = own.groupby("LapNumber")["DriverNumber"].agg(tuple)
            assert tuple(order) == true.order_by_lap


def test_telemetry_agrees_with_the_laps(tmp_path: Path, loaded: Loaded) -> None:
    weekend = write_weekend(tmp_path, WeekendOptions(cars=4, race_laps=6, sessions=("R",)))
    true = weekend.sessions["R"]
    with loaded(weekend, "R", weather=False) as (read, _):
        circuit = read.get_circuit_info()
    assert read.t0_date == pd.Timestamp(true.t0_at).tz_localize(None)
    assert set(read.car_data) == set(read.pos_data) == set(weekend.driver_ids)
    assert len(circuit.corners) == 14
    laps = [lap for _, lap in read.laps.iterlaps() if lap["IsAccurate"]]
    assert laps
    for lap in laps:
        # As far as a sample every quarter of a second can say; a whole sample is 20 m.
        assert lap.get_car_data().add_distance()["Distance"].iloc[-1] == pytest.approx(5_282, abs=45)
        at_line = lap.get_pos_data(pad=1, pad_side="both")[["X", "Y"]].to_numpy()[:3]
        assert np.abs(at_line[:, 1]).max() < 60
        assert at_line[:, 0].min() < 350
    (stop,) = (stop for stop in true.retirements if stop.on_track)
    car = read.car_data[stop.car_number]
    at = car["SessionTime"].dt.total_seconds() * 1000
    assert car.loc[at > stop.stopped_ms, "Speed"].max() == 0
    assert car.loc[(at > stop.stopped_ms - 30_000) & (at < stop.stopped_ms - 12_000), "Speed"].min() > 60


def test_a_source_has_every_document_of_the_weekend_but_topics_that_nobody_reads(truth: Truth) -> None:
    source = open_source(f"mirror:{truth.mirror}")
    calendar = source.get(schedule_url(2025))
    assert calendar is not None
    weekend = find_weekend(weekends_of(read_schedule(calendar, 2025)), truth.weekend_key)
    assert [session.session_key for session in weekend.sessions] == ["2025-90-Q", "2025-90-R"]
    fetched = fetch_weekend(source, weekend, ["Q", "R"], truth.options.round_number)
    found = {
        (item.request.session_key, item.request.topic)
        for item in fetched
        if item.response is not None and item.response.is_found
    }
    needed = {(session.session_key, topic) for session in weekend.sessions for topic in FASTF1_TOPICS}
    assert needed - found == {("2025-90-Q", "LapCount")}
    jolpica = {"results", "qualifying", "laps/1", "driverstandings", "constructorstandings"}
    assert {topic for _, topic in found} >= jolpica
