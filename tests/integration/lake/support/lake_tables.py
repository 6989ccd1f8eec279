"""Small contracts, rows and one writing function for tests of the lake."""

from __future__ import annotations

import pyarrow as pa

from lake.contracts import Column, Scope, TableContract
from lake.lake import Lake
from lake.step import StepOutcome

_KEYS = (
    Column("season", "int32", "Season.", nullable=False),
    Column("weekend_key", "string", "Weekend.", nullable=False),
    Column("session_key", "string", "Session.", nullable=False),
)

LAPS = TableContract(
    name="curated.laps",
    description="Laps. One row per car and lap.",
    columns=(
        *_KEYS,
        Column("car_number", "string", "Car.", nullable=False),
        Column("lap_number", "int32", "Lap.", nullable=False),
        Column("lap_time_ms", "int64", "Lap time."),
        Column("compound", "string", "Compound.", values=("SOFT", "HARD")),
        Column("parser_version", "string", "Version of the parser.", provenance=True),
    ),
    key=("session_key", "car_number", "lap_number"),
    scope=Scope.SESSION,
    partition_by=("season",),
    sort_by=("session_key", "car_number", "lap_number"),
)

STINTS = TableContract(
    name="curated.stints",
    description="Stints. One row per car and stint.",
    columns=(
        *_KEYS,
        Column("car_number", "string", "Car.", nullable=False),
        Column("lap_count", "int32", "Laps."),
    ),
    key=("session_key", "car_number"),
    scope=Scope.SESSION,
    partition_by=("season",),
)

TELEMETRY = TableContract(
    name="processed.car_telemetry",
    description="Samples. One row per car and sample.",
    columns=(
        Column("session_key", "string", "Session.", nullable=False),
        Column("car_number", "string", "Car.", nullable=False),
        Column("sample_number", "int32", "Sample.", nullable=False),
        Column("speed_kph", "float64", "Speed."),
    ),
    key=("session_key", "car_number", "sample_number"),
    scope=Scope.SESSION,
    partition_by=("session_key",),
)

DRIVER_SEASON = TableContract(
    name="marts.fct_driver_season",
    description="Seasons. One row per season and driver.",
    columns=(
        Column("season", "int32", "Season.", nullable=False),
        Column("driver_key", "string", "Driver.", nullable=False),
        Column("lap_count", "int64", "Laps."),
    ),
    key=("season", "driver_key"),
    scope=Scope.SEASON,
    partition_by=("season",),
)

WEEKENDS = TableContract(
    name="curated.weekends",
    description="Weekends. One row per weekend.",
    columns=(
        Column("season", "int32", "Season.", nullable=False),
        Column("weekend_key", "string", "Weekend.", nullable=False),
        Column("name", "string", "Name."),
    ),
    key=("weekend_key",),
    scope=Scope.SEASON,
)

DRIVERS = TableContract(
    name="marts.dim_driver",
    description="Drivers. One row per driver.",
    columns=(Column("driver_key", "string", "Driver.", nullable=False), Column("name", "string", "Name.")),
    key=("driver_key",),
    scope=Scope.ALL,
)

RESPONSES = TableContract(
    name="raw.live_timing__responses",
    description="Bytes. One row per response.",
    columns=(
        Column("season", "int32", "Season.", nullable=False),
        Column("url", "string", "Address.", nullable=False),
        Column("body", "binary", "Bytes.", nullable=False),
        Column("fetched_at", "timestamp", "When.", nullable=False),
    ),
    key=("url", "fetched_at"),
    scope=Scope.SEASON,
    partition_by=("season",),
)

TABLES = (LAPS, STINTS, TELEMETRY, DRIVER_SEASON, WEEKENDS, DRIVERS, RESPONSES)


def laps(session_key: str, *, lap_time_ms: int = 90_000, count: int = 40) -> pa.Table:
    """Return laps of a session: two cars, the same lap time throughout."""
    return pa.table(
        {
            "season": pa.array([int(session_key[:4])] * count, pa.int32()),
            "weekend_key": [session_key[:7]] * count,
            "session_key": [session_key] * count,
            "car_number": [str(row % 2 + 1) for row in range(count)],
            "lap_number": pa.array([row // 2 + 1 for row in range(count)], pa.int32()),
            "lap_time_ms": [lap_time_ms] * count,
            "compound": ["SOFT"] * count,
            "parser_version": ["1.0"] * count,
        }
    )


def stints(session_key: str, *, lap_count: int = 20) -> pa.Table:
    """Return one stint for each of two cars."""
    return pa.table(
        {
            "season": [int(session_key[:4])] * 2,
            "weekend_key": [session_key[:7]] * 2,
            "session_key": [session_key] * 2,
            "car_number": ["1", "2"],
            "lap_count": [lap_count] * 2,
        }
    )


def write(
    lake: Lake, *tables: tuple[TableContract, str, pa.Table], digest: str = "a", **options: object
) -> StepOutcome:
    """Write tables as one step and return its outcome."""
    with lake.step(run_id="run", name="test", weekend_key="2024-08", **options) as step:  # type: ignore[arg-type]
        for contract, scope_value, rows in tables:
            step.stage(contract, scope_value, rows, inputs={"raw": digest}, logic_version=1)
        return step.commit()
