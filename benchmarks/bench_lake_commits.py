"""Do commits and scans stay quick as weekends pile up?

Fills a lake with 200 weekends over nine seasons by re-keying one invented weekend, each weekend its own
step, then compares commits and scans of one weekend with those of a lake that is empty or holds one.
Trials of both lakes alternate, so that a busy machine slows both; a figure is the median of all trials.

Run: python -m benchmarks.bench_lake_commits
"""

from __future__ import annotations

import json
import random
import tempfile
import time
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from statistics import median

import polars as pl

from lake.contracts import Column, Scope, TableContract
from lake.lake import Lake
from lake.settings import LakeSettings

SEASONS = range(2018, 2027)
WEEKENDS = 200
_TRIALS = 15
_SCANS = 5
_NEW = "2026-23"
_CARS = 20
_LAPS = 50

_KEYS = (
    Column("season", "int32", "Season.", nullable=False),
    Column("weekend_key", "string", "Race weekend.", nullable=False),
    Column("session_key", "string", "Session.", nullable=False),
    Column("car_number", "string", "Car.", nullable=False),
)
_MEASURES = tuple(Column(f"measure_{number}_ms", "int64", "Some duration.") for number in range(24))

LAPS = TableContract(
    name="curated.laps",
    description="Invented laps. One row per car and lap.",
    columns=(
        *_KEYS,
        Column("lap_number", "int32", "Lap.", nullable=False),
        Column("compound", "string", "Compound."),
        *_MEASURES,
    ),
    key=("session_key", "car_number", "lap_number"),
    scope=Scope.SESSION,
    partition_by=("season",),
    sort_by=("session_key", "car_number", "lap_number"),
)
STINTS = TableContract(
    name="curated.stints",
    description="Invented stints. One row per car and stint.",
    columns=(
        *_KEYS,
        Column("stint_number", "int32", "Stint.", nullable=False),
        Column("lap_count", "int32", "Laps."),
    ),
    key=("session_key", "car_number", "stint_number"),
    scope=Scope.SESSION,
    partition_by=("season",),
    sort_by=("session_key", "car_number", "stint_number"),
)


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


def weekend_keys() -> list[str]:
    """Return the keys of 200 weekends over nine seasons, in time order."""
    per_season = -(-WEEKENDS // len(SEASONS))
    return [f"{season}-{number:02d}" for season in SEASONS for number in range(1, per_season + 1)][:WEEKENDS]


def run() -> dict[str, object]:
    """Return what was measured: the median milliseconds of the trials, and the median of their ratios.

    A ratio of processor time (``_cpu``) stands beside each one, as a busy machine stretches the clock's.
    ``measured`` says what each figure is.
    """
    with tempfile.TemporaryDirectory() as folder:
        full = _open(Path(folder) / "full")
        keys = weekend_keys()
        started = time.perf_counter()
        for key in keys:
            _write(full, key, version=1)
        filled_s = time.perf_counter() - started
        result = _measure(full, keys, Path(folder))
        result |= {"fill_ms_per_weekend": 1000 * filled_s / len(keys), **_files(full)}
        full.close()
    return {"measured": MEASURED, **{name: round(value, 3) for name, value in result.items()}}


def _measure(full: Lake, keys: list[str], folder: Path) -> dict[str, float]:
    times: dict[str, list[float]] = {}

    def timed(name: str, work: Callable[[], object]) -> None:
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        times.setdefault(name, []).append(1000 * (time.perf_counter() - wall))
        times.setdefault(f"{name}_cpu", []).append(1000 * (time.process_time() - cpu))

    probe = random.Random(1).sample(keys, _TRIALS)
    for trial, key in enumerate(probe):
        with _open(folder / f"small-{trial}") as small:
            _create_tables(small)
            timed("commit_one", partial(_write, small, _NEW, version=1))
            timed("commit_full", partial(_write, full, f"2026-{60 + trial}", version=1))
            timed("replace_one", partial(_write, small, _NEW, version=2))
            timed("replace_full", partial(_write, full, key, version=2))
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


def _write(lake: Lake, weekend: str, version: int) -> None:
    key = f"{weekend}-R"
    with lake.step(run_id="bench", name="bench", weekend_key=weekend) as step:
        step.stage(LAPS, key, _laps(key, version), {"raw": str(version)}, 1)
        step.stage(STINTS, key, _stints(key, version), {"raw": str(version)}, 1)
        step.commit()


def _create_tables(lake: Lake) -> None:
    with lake.step(run_id="bench", name="bench") as step:
        step.stage(LAPS, "2018-01-R", _laps("2018-01-R", 1).head(0), {}, 1)
        step.stage(STINTS, "2018-01-R", _stints("2018-01-R", 1).head(0), {}, 1)
        step.commit()


def _keyed(rows: pl.DataFrame, key: str) -> pl.DataFrame:
    return rows.with_columns(
        season=pl.lit(int(key[:4]), pl.Int32), weekend_key=pl.lit(key[:7]), session_key=pl.lit(key)
    )


@cache
def _lap_rows(version: int) -> pl.DataFrame:
    dice = random.Random(version)
    count = _CARS * _LAPS
    rows = {
        "car_number": [str(row % _CARS + 1) for row in range(count)],
        "lap_number": pl.Series([row // _CARS + 1 for row in range(count)], dtype=pl.Int32),
        "compound": [("SOFT", "MEDIUM", "HARD")[row % 3] for row in range(count)],
        **{column.name: [dice.randrange(80_000, 100_000) for _ in range(count)] for column in _MEASURES},
    }
    return pl.DataFrame(rows)


def _laps(key: str, version: int) -> pl.DataFrame:
    return _keyed(_lap_rows(version), key)


def _stints(key: str, version: int) -> pl.DataFrame:
    rows = {
        "car_number": [str(row % _CARS + 1) for row in range(2 * _CARS)],
        "stint_number": pl.Series([row // _CARS + 1 for row in range(2 * _CARS)], dtype=pl.Int32),
        "lap_count": pl.Series([25 + version] * 2 * _CARS, dtype=pl.Int32),
    }
    return _keyed(pl.DataFrame(rows), key)


def _files(lake: Lake) -> dict[str, float]:
    return {f"files_{state.name.replace('.', '_')}": float(state.file_count) for state in lake.tables()}


if __name__ == "__main__":
    print(json.dumps(run(), indent=2))
