"""Pieces of the invented wire: texts, deltas, bests, orders, files."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from sources.synthetic.circuit import invented_circuit
from sources.synthetic.control_texts import lap_time_text
from sources.synthetic.errors import MirrorFolderError
from sources.synthetic.feed_log import merged
from sources.synthetic.feed_state import Bests, as_objects, changed
from sources.synthetic.jolpica_rows import total_text
from sources.synthetic.options import WeekendOptions
from sources.synthetic.telemetry import sample_times
from sources.synthetic.trace import SlowPeriod, drive, launch, rescale
from sources.synthetic.weekend import synthetic_mirror, write_weekend
from sources.synthetic.wire_text import clock_text, gap_text, sector_text, stream_bytes, utc_text

TINY = WeekendOptions(cars=3, race_laps=4, telemetry=False)


def test_texts_are_those_of_the_feed() -> None:
    assert clock_text(816_469) == "00:13:36.469"
    assert clock_text(2 * 3_600_000 + 5) == "02:00:00.005"
    assert sector_text(66_040) == "66.040"
    assert gap_text(100_023) == "+100.023"
    assert lap_time_text(77_147) == "1:17.147"


def test_utc_leaves_zeros_at_the_end_out() -> None:
    moment = datetime(2025, 12, 21, 12, 0, 0, 130_000, tzinfo=UTC)
    assert utc_text(moment, digits=3) == "2025-12-21T12:00:00.13Z"
    assert utc_text(moment, ticks=7) == "2025-12-21T12:00:00.1300007Z"
    assert utc_text(moment.replace(microsecond=0)) == "2025-12-21T12:00:00Z"


def test_race_times_are_the_winners_in_full_and_the_others_behind() -> None:
    assert total_text(5_835_735, 5_835_735) == "1:37:15.735"
    assert total_text(5_842_547, 5_835_735) == "+6.812"
    assert total_text(5_896_338, 5_835_735) == "+1:00.603"


def test_a_delta_holds_only_what_is_new() -> None:
    state = {"a": 1, "b": {"c": 2, "d": 3}}
    assert changed(state, {"a": 1, "b": {"c": 2, "d": 4}, "e": 5}) == {"b": {"d": 4}, "e": 5}
    assert state == {"a": 1, "b": {"c": 2, "d": 4}, "e": 5}
    assert changed(state, {"b": {"d": 4}}) == {}


def test_lists_become_objects_keyed_by_index() -> None:
    assert as_objects({"s": [{"v": [1]}, 2]}) == {"s": {"0": {"v": {"0": 1}}, "1": 2}}


def test_bests_know_their_holder_and_speeds_are_better_high() -> None:
    bests = Bests()
    assert bests.update("8", "lap", 90) == (True, True)
    assert bests.update("3", "lap", 91) == (True, False)
    assert bests.update("3", "lap", 89) == (True, True)
    assert bests.update("3", "lap", 90) == (False, False)
    assert bests.holder("lap") == "3"
    assert bests.update("8", "speed", 300, high=True) == (True, True)
    assert bests.update("3", "speed", 301, high=True) == (True, True)
    assert bests.holder("none") is None


def test_merging_patches_keeps_both_sides() -> None:
    first = {"x": {"a": 1}, "y": 2}
    assert merged(first, {"x": {"b": 3}, "y": 4}) == {"x": {"a": 1, "b": 3}, "y": 4}
    assert first == {"x": {"a": 1}, "y": 2}


def test_a_stream_is_in_order_of_time_and_ends_lines_with_cr_lf() -> None:
    body = stream_bytes([(2_000, {"b": 1}), (1_000, {"a": 1})], byte_order_mark=True)
    assert body == b'\xef\xbb\xbf00:00:01.000{"a":1}\r\n00:00:02.000{"b":1}\r\n'


def test_driving_takes_the_sectors_times_and_longer_in_a_slow_period() -> None:
    circuit = invented_circuit()
    knots = drive((1_000.0, 4.0), 5.0, (30_000.0, 31_000.0, 29_000.0), circuit, ())
    assert [t for t, _ in knots] == [31_000, 62_000, 91_000]
    slow = drive((1_000.0, 4.0), 5.0, (30_000.0, 31_000.0, 29_000.0), circuit, [SlowPeriod(0, 21_000, 2.0)])
    assert slow[-1] == (101_000, 5.0)
    assert slow[0] == (21_000, pytest.approx(4.0 + 0.31 / 3))


def test_a_start_reaches_the_reference_speed_before_the_first_corner() -> None:
    circuit = invented_circuit()
    knots = launch(0.0, 100.0, circuit)
    assert knots[0][1] < 0
    assert circuit.distance_at(np.array([knots[-1][1]]))[0] < circuit.corners_m[0] - 50
    assert all(a[0] < b[0] and a[1] < b[1] for a, b in pairwise(knots))


def test_rescaling_moves_the_end_and_keeps_whole_milliseconds() -> None:
    assert rescale([(1_500, 0.5), (2_000, 1.0)], 1_000, 2_100) == [(1_550, 0.5), (2_100, 1.0)]


def test_samples_come_at_the_steps_given() -> None:
    times = sample_times(np.random.default_rng(1), 100, 60_000, (160, 200))
    assert times[0] == 100
    assert set(np.diff(times)) == {160, 200}
    assert 59_700 < times[-1] <= 60_000


def test_the_same_options_give_the_same_bytes(tmp_path: Path) -> None:
    options = WeekendOptions(cars=2, race_laps=3)
    first, second = (write_weekend(tmp_path / name, options).mirror for name in ("a", "b"))
    files = sorted(path.relative_to(first) for path in first.rglob("*") if path.is_file())
    assert files == sorted(path.relative_to(second) for path in second.rglob("*") if path.is_file())
    assert all((first / name).read_bytes() == (second / name).read_bytes() for name in files)
    assert (tmp_path / "a/truth.json").read_bytes() == (tmp_path / "b/truth.json").read_bytes()


def test_another_seed_gives_another_weekend(tmp_path: Path) -> None:
    first = write_weekend(tmp_path / "a", TINY)
    second = write_weekend(tmp_path / "b", WeekendOptions(seed=2, cars=3, race_laps=4, telemetry=False))
    assert first.sessions["R"].laps != second.sessions["R"].laps


def test_a_folder_with_a_mirror_is_not_written_into(tmp_path: Path) -> None:
    (tmp_path / "mirror").mkdir()
    with pytest.raises(MirrorFolderError, match="there already"):
        write_weekend(tmp_path, TINY)


def test_the_mirror_of_the_home_is_made_once(tmp_path: Path) -> None:
    mirror = synthetic_mirror(tmp_path, TINY)
    made = (mirror / "INDEX.tsv").stat().st_mtime_ns
    assert synthetic_mirror(tmp_path, TINY) == mirror
    assert (mirror / "INDEX.tsv").stat().st_mtime_ns == made
    assert mirror == tmp_path / "synthetic" / TINY.digest / "mirror"
    assert [path.name for path in (tmp_path / "synthetic").iterdir()] == [TINY.digest]


def test_a_weekend_that_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("sources.synthetic.weekend.write_weekend", fail)
    with pytest.raises(OSError, match="no space"):
        synthetic_mirror(tmp_path, TINY)
    assert list((tmp_path / "synthetic").iterdir()) == []


def test_only_the_sessions_asked_for_are_written(tmp_path: Path) -> None:
    options = WeekendOptions(cars=3, race_laps=4, telemetry=False, sessions=("Q",))
    truth = write_weekend(tmp_path, options)
    folders = {path.name for path in truth.mirror.glob("livetiming.formula1.com/static/2025/*/*")}
    assert folders == {"2025-12-20_Qualifying"}
    assert truth.sessions.keys() == {"Q"}
    assert truth.race == ()


def test_the_truth_file_says_what_the_truth_says(tmp_path: Path) -> None:
    truth = write_weekend(tmp_path, TINY)
    values = json.loads((tmp_path / "truth.json").read_bytes())
    laps = truth.sessions["R"].laps
    assert values["weekend_key"] == "2025-90"
    assert values["qualifying"][0]["car_number"] == truth.pole
    assert [row["car_number"] for row in values["race"]] == [row.car_number for row in truth.race]
    assert {n: [lap["lap_ms"] for lap in found] for n, found in values["sessions"]["R"]["laps"].items()} == {
        number: [lap.lap_ms for lap in found] for number, found in laps.items()
    }
    assert len(truth.sessions["R"].order_by_lap) == 4
