"""Do commits and scans stay quick as weekends pile up?

Fills a lake with 200 weekends over nine seasons by re-keying one real race (laps and stints of Monaco 2024),
each weekend its own step, then compares commits and scans of one weekend with those of a lake that is empty
or holds one.
Trials of both lakes alternate, so that a busy machine slows both; a figure is the median of all trials.

Run: python -m benchmarks.run_all lake
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

import polars as pl

from assets.curated.declarations import CURATED
from assets.curated.step import compute_curated
from assets.processed.step import compute_processed
from assets.raw.step import fetch_raw
from assets.run_options import RunOptions
from lake.lake import Lake
from lake.settings import LakeSettings
from lake.tables.registry import ALL_TABLES
from sources.open_source import open_source

SEASONS = range(2018, 2027)
WEEKENDS = 200
_TRIALS = 15
_SCANS = 5
_NEW = "2026-23"
_REAL = "2024-08"

LAPS, STINTS = ALL_TABLES["curated.laps"], ALL_TABLES["curated.stints"]


MEASURED = {
    "commit": "a step of two tables with a new weekend: into empty tables / into tables of 200 weekends",
    "replace": "the same step again with other rows: the only weekend / one of 200, in another one's file",
    "read": "Lake.read of the laps of one weekend, all columns: of one weekend / of 200",
    "query": "SQL over the laps of one weekend, all columns, through DuckDB: of one weekend / of 200",
    "_one_ms, _full_ms": "medians of what the clock says, in milliseconds: empty or one weekend / 200",
    "_ratio, _cpu_ratio": "medians of full / one, trial by trial: by the clock, by processor time",
    "fill_ms_per_weekend": "a step of the filling, on average",
    "files_": "data files of the full lake's tables at the end",
}
"""What the figures are, written beside them."""


@dataclass(frozen=True)
class Race:
    """Rows of a real race, to be written as those of any weekend.

    Attributes:
        laps: ``curated.laps`` of the race.
        stints: ``curated.stints`` of the race.
    """

    laps: pl.DataFrame
    stints: pl.DataFrame

    @classmethod
    def read(cls, test_data: Path, home: Path) -> Race:
        """Return the race as the lake itself makes it of the real feed."""
        source = open_source(f"fastf1-cache:{test_data / 'fastf1-cache'},mirror:{test_data / 'mirror'}")
        options = RunOptions("bench", _REAL, ("R",))
        with Lake.open(LakeSettings(home=home)) as lake:
            fetch_raw(lake, options, source)
            compute_processed(lake, options, source)
            compute_curated(lake, options, CURATED)
            laps, stints = (
                pl.DataFrame(pl.from_arrow(lake.read(table.name, {"session_key": f"{_REAL}-R"})))
                for table in (LAPS, STINTS)
            )
        return cls(laps, stints)

    def write(self, lake: Lake, weekend: str, version: int) -> None:
        """Write the race as that of a weekend; rows of another version differ by a millisecond."""
        self._stage(lake, f"{weekend}-R", self.laps.height, version)

    def create_tables(self, lake: Lake) -> None:
        """Make the tables, without a row."""
        self._stage(lake, "2018-01-R", 0, 0)

    def _stage(self, lake: Lake, key: str, rows: int, version: int) -> None:
        changed = self.laps.with_columns(pl.col("lap_time_ms") + version)
        with lake.step(run_id="bench", name="bench", weekend_key=key[:7]) as step:
            for table, frame in ((LAPS, changed), (STINTS, self.stints)):
                step.stage(table, key, _keyed(frame.head(rows), key), {"raw": str(version)}, 1)
            step.commit()


def _keyed(rows: pl.DataFrame, key: str) -> pl.DataFrame:
    return rows.with_columns(
        season=pl.lit(int(key[:4]), pl.Int32), weekend_key=pl.lit(key[:7]), session_key=pl.lit(key)
    )


def weekend_keys() -> list[str]:
    """Return the keys of 200 weekends over nine seasons, in time order."""
    per_season = -(-WEEKENDS // len(SEASONS))
    return [f"{season}-{number:02d}" for season in SEASONS for number in range(1, per_season + 1)][:WEEKENDS]


def run(test_data: Path) -> dict[str, object]:
    """Return what was measured: the median milliseconds of the trials, and the median of their ratios.

    Args:
        test_data: Folder with ``mirror/`` and ``fastf1-cache/``.

    A ratio of processor time (``_cpu``) stands beside each one, as a busy machine stretches the clock's.
    ``measured`` says what each figure is.
    """
    with tempfile.TemporaryDirectory() as folder:
        race = Race.read(test_data, Path(folder) / "real")
        full = _open(Path(folder) / "full")
        keys = weekend_keys()
        started = time.perf_counter()
        for key in keys:
            race.write(full, key, version=1)
        filled_s = time.perf_counter() - started
        result = _measure(race, full, keys, Path(folder))
        result |= {
            "laps_per_weekend": float(race.laps.height),
            "fill_ms_per_weekend": 1000 * filled_s / len(keys),
            **_files(full),
        }
        full.close()
    return {"measured": MEASURED, **{name: round(value, 3) for name, value in result.items()}}


def _measure(race: Race, full: Lake, keys: list[str], folder: Path) -> dict[str, float]:
    times: dict[str, list[float]] = {}

    def timed(name: str, work: Callable[[], object]) -> None:
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        times.setdefault(name, []).append(1000 * (time.perf_counter() - wall))
        times.setdefault(f"{name}_cpu", []).append(1000 * (time.process_time() - cpu))

    probe = random.Random(1).sample(keys, _TRIALS)
    for trial, key in enumerate(probe):
        with _open(folder / f"small-{trial}") as small:
            race.create_tables(small)
            timed("commit_one", partial(race.write, small, _NEW, version=1))
            timed("commit_full", partial(race.write, full, f"2026-{60 + trial}", version=1))
            timed("replace_one", partial(race.write, small, _NEW, version=2))
            timed("replace_full", partial(race.write, full, key, version=2))
            for lake in (small, full):
                lake.query("select 1")  # views are made once per release; that is not the scan
            for _ in range(_SCANS):
                for name, lake, weekend in (("one", small, _NEW), ("full", full, key)):
                    sql = f"select * from curated.laps where weekend_key = '{weekend}'"
                    timed(f"read_{name}", partial(lake.read, "curated.laps", {"weekend_key": weekend}))
                    timed(f"query_{name}", partial(lake.query, sql))
    medians = {f"{name}_ms": median(values) for name, values in times.items() if not name.endswith("_cpu")}
    return medians | {
        f"{kind}{clock}_ratio": median(
            full / one
            for full, one in zip(times[f"{kind}_full{clock}"], times[f"{kind}_one{clock}"], strict=True)
        )
        for kind in ("commit", "replace", "read", "query")
        for clock in ("", "_cpu")
    }


def _open(home: Path) -> Lake:
    return Lake.open(LakeSettings(home=home), (LAPS, STINTS))


def _files(lake: Lake) -> dict[str, float]:
    return {f"files_{state.name.replace('.', '_')}": float(state.file_count) for state in lake.tables()}
