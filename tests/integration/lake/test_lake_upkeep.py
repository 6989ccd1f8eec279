"""Taking rows away, forgetting snapshots, deleting files: never more than was meant."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest
from lake_tables import (
    DRIVER_SEASON,
    DRIVERS,
    LAPS,
    RESPONSES,
    STINTS,
    TELEMETRY,
    WEEKENDS,
    laps,
    stints,
    write,
)

from lake.errors import ContractChangedError, RawIsAppendOnlyError
from lake.lake import Lake
from lake.settings import LakeSettings
from lake.table_files import FEW_FILES
from racing.errors import InvalidKeyError

OpenLake = Callable[..., Lake]


class Killed(BaseException):
    """Ends a commit as a kill would."""


def fill(lake: Lake) -> None:
    """Write two weekends into tables of every scope, and a raw table."""
    for key in ("2024-08-R", "2024-09-R"):
        samples = pa.table(
            {"session_key": [key], "car_number": ["1"], "sample_number": [1], "speed_kph": [1.0]}
        )
        write(
            lake,
            (LAPS, key, laps(key)),
            (STINTS, key, stints(key)),
            (TELEMETRY, key, samples),
        )
    weekends = pa.table(
        {"season": [2024] * 2, "weekend_key": ["2024-08", "2024-09"], "name": ["Monaco", "Canada"]}
    )
    season = pa.table({"season": [2024], "driver_key": ["norris"], "lap_count": [40]})
    write(lake, (WEEKENDS, 2024, weekends), (DRIVER_SEASON, 2024, season))
    write(lake, (DRIVERS, None, pa.table({"driver_key": ["norris"], "name": ["Lando Norris"]})))
    with lake.step(run_id="r", name="raw") as step:
        step.append_raw(RESPONSES, responses("a"))
        step.commit()


def responses(url: str) -> pl.DataFrame:
    return pl.DataFrame(
        {"season": [2024], "url": [url], "body": [b"{}"], "fetched_at": ["2024-05-26 13:00:00"]}
    ).with_columns(pl.col("fetched_at").str.to_datetime(time_unit="us", time_zone="UTC"))


def counts(lake: Lake) -> dict[str, int]:
    return {state.name: state.row_count for state in lake.tables() if not state.name.startswith("lake.")}


def test_a_removed_weekend_leaves_every_table_but_raw(lake: Lake) -> None:
    fill(lake)
    removed = lake.remove_weekend("2024-08")
    assert counts(lake) == {
        "curated.laps": 40,
        "curated.stints": 2,
        "curated.weekends": 1,
        "marts.dim_driver": 1,
        "marts.fct_driver_season": 1,
        "processed.car_telemetry": 1,
        "raw.live_timing__responses": 1,
    }
    assert removed.release_id == lake.releases()[-1].release_id
    assert set(removed.removed) == {
        ("curated.laps", "2024-08-R"),
        ("curated.stints", "2024-08-R"),
        ("processed.car_telemetry", "2024-08-R"),
    }
    assert set(removed.to_recompute) == {
        ("curated.weekends", "2024"),
        ("marts.dim_driver", "all"),
        ("marts.fct_driver_season", "2024"),
    }
    assert lake.ledger.scopes("curated.laps") == ("2024-09-R",)
    assert lake.ledger.newest("curated.weekends", 2024) is None
    with lake.step(run_id="r", name="again") as step:
        assert step.is_needed(LAPS, "2024-08-R", {"raw": "a"}, 1)
    write(lake, (LAPS, "2024-08-R", laps("2024-08-R")))
    assert lake.read("curated.laps").num_rows == 80


def test_the_last_weekend_of_a_season_takes_the_season_with_it(lake: Lake) -> None:
    fill(lake)
    lake.remove_weekend("2024-08")
    assert counts(lake)["marts.fct_driver_season"] == 1
    removed = lake.remove_weekend("2024-09")
    assert ("marts.fct_driver_season", "2024") in removed.removed
    assert counts(lake)["marts.fct_driver_season"] == 0
    assert lake.ledger.newest("marts.fct_driver_season", 2024) is None


def test_removing_a_weekend_that_is_not_there_changes_nothing(lake: Lake) -> None:
    fill(lake)
    before = lake.snapshot_ids()
    assert lake.remove_weekend("2024-20").release_id is None
    assert lake.snapshot_ids() == before
    with pytest.raises(InvalidKeyError):
        lake.remove_weekend("monaco")
    with pytest.raises(RawIsAppendOnlyError, match="raw is never rewritten"):
        lake.remove_weekend("2024-08", raw=True)


def test_dropped_zones_are_empty_at_once_and_readable_in_the_release_before(lake: Lake) -> None:
    fill(lake)
    before = lake.releases()[-1].release_id
    removed = lake.drop_zones(["processed", "curated", "marts"])
    assert removed.release_id == before + 1
    assert {name for name, rows in counts(lake).items() if rows} == {"raw.live_timing__responses"}
    assert lake.ledger.scopes("curated.laps") == ()
    assert lake.read("curated.laps", release=before).num_rows == 80
    write(lake, (LAPS, "2024-08-R", laps("2024-08-R")))
    assert lake.read("curated.laps").num_rows == 40
    assert lake.drop_zones(["marts"]).release_id is None
    with pytest.raises(RawIsAppendOnlyError, match="zone raw is never dropped"):
        lake.drop_zones(["curated", "raw"])


def test_a_killed_drop_is_finished_by_the_next_writer(open_lake: OpenLake) -> None:
    fill(open_lake())

    def die(where: str) -> None:
        if where == "table curated.stints":
            raise Killed

    with pytest.raises(Killed):
        open_lake(checkpoint=die).drop_zones(["curated"])
    assert open_lake(read_only=True).read("curated.laps").num_rows == 80
    lake = open_lake()
    assert counts(lake)["curated.laps"] == counts(lake)["curated.weekends"] == 0
    assert counts(lake)["processed.car_telemetry"] == 2


def test_a_table_the_project_gave_up_can_be_dropped(open_lake: OpenLake) -> None:
    fill(open_lake())
    lake = open_lake(contracts=(LAPS,))
    lake.remove_weekend("2024-09")
    lake.drop_zones(["curated"])
    assert set(lake.snapshot_ids()) == {
        "lake.writes",
        "marts.dim_driver",
        "marts.fct_driver_season",
        "processed.car_telemetry",
        "raw.live_timing__responses",
    }


def test_a_contract_that_cannot_be_reached_says_rebuild_and_leaves_no_trace(
    open_lake: OpenLake, home: Path
) -> None:
    from dataclasses import replace

    from lake.contracts import Column

    write(open_lake(), (STINTS, "2024-08-R", stints("2024-08-R")))
    as_text = replace(
        STINTS, columns=(*STINTS.columns[:4], Column("lap_count", "string", "Laps.")), version=2
    )
    by_weekend = replace(STINTS, partition_by=("weekend_key",), version=2)
    texts = stints("2024-08-R").set_column(4, "lap_count", pa.array(["1", "2"]))
    for contract, rows in ((as_text, texts), (by_weekend, stints("2024-08-R"))):
        lake = open_lake(contracts=(contract,))
        with pytest.raises(ContractChangedError, match="Run `f1lake rebuild`"):
            write(lake, (contract, "2024-08-R", rows), digest="b")
        assert list((home / "staging").glob("*")) == []
    lake.drop_zones(["curated"])
    write(lake, (by_weekend, "2024-08-R", stints("2024-08-R")), digest="b")
    assert lake.read("curated.stints").num_rows == 2


def test_a_contract_may_widen_drop_and_loosen_columns(open_lake: OpenLake) -> None:
    from dataclasses import replace

    from lake.contracts import Column

    write(open_lake(), (STINTS, "2024-08-Q", stints("2024-08-Q")))
    columns = (*STINTS.columns[:1], *STINTS.columns[2:3], Column("car_number", "string", "Car."))
    wider = replace(
        STINTS,
        columns=(*columns, Column("lap_count", "int64", "Laps.")),
        key=("session_key", "lap_count"),
        version=2,
    )
    rows = pa.table(
        {"season": [2024], "session_key": ["2024-08-R"], "car_number": [None], "lap_count": [2**40]}
    )
    lake = open_lake(contracts=(wider,))
    write(lake, (wider, "2024-08-R", rows))
    assert sorted(lake.read("curated.stints")["lap_count"].to_pylist()) == [20, 20, 2**40]
    assert lake.query("select * from curated.stints").schema.names == list(wider.column_names)


def test_season_partitions_hold_few_files_and_every_row(open_lake: OpenLake, home: Path) -> None:
    lake = open_lake()
    for number in range(1, 13):
        key = f"2024-{number:02d}-R"
        write(lake, (LAPS, key, laps(key)))
    states = {state.name: state for state in lake.tables()}
    assert states["curated.laps"].row_count == 480
    assert states["curated.laps"].file_count <= FEW_FILES
    assert states["lake.releases"].file_count == 1
    sessions = lake.query("select session_key, count(*) as laps from curated.laps group by all order by all")
    assert sessions["laps"].to_pylist() == [40] * 12


def test_the_ledger_is_compacted_and_keeps_the_newest_write_of_every_scope(lake: Lake) -> None:
    for turn in range(20):
        write(lake, (STINTS, "2024-08-R", stints("2024-08-R", lap_count=turn)), digest=str(turn))
    write(lake, (STINTS, "2024-09-R", stints("2024-09-R")))
    assert lake.read("lake.writes").num_rows < 10
    assert {state.name: state.file_count for state in lake.tables()}["lake.writes"] <= 16
    newest = lake.ledger.newest("curated.stints", "2024-08-R")
    assert newest is not None
    assert newest.inputs == {"raw": "19"}
    assert len(lake.ledger) == 2


def settings(home: Path, **changes: object) -> LakeSettings:
    options: dict[str, object] = {
        "keep_releases": 2,
        "keep_release_age": timedelta(0),
        "orphan_age": timedelta(0),
        **changes,
    }
    return LakeSettings(home=home, **options)  # type: ignore[arg-type]


def files(home: Path) -> set[Path]:
    return {path for path in (home / "tables").rglob("*") if path.is_file()}


def test_maintenance_deletes_superseded_files_and_nothing_that_is_needed(
    open_lake: OpenLake, home: Path
) -> None:
    lake = open_lake(settings=settings(home, keep_releases=3))
    fill(lake)
    for turn in range(4):
        write(lake, (LAPS, "2024-08-R", laps("2024-08-R", lap_time_ms=turn)), digest=str(turn))
    before = files(home)
    would = lake.maintain(dry_run=True)
    assert files(home) == before
    report = lake.maintain()
    # The lake's own books get an entry by it.
    mine = [table for table in report.tables if not table.name.startswith("lake.")]
    assert mine == [table for table in would.tables if not table.name.startswith("lake.")]
    done = {table.name: table for table in report.tables}
    assert done["curated.laps"].deleted_files >= 2
    assert done["curated.laps"].deleted_bytes > 0
    assert len(files(home)) < len(before)
    kept = [release.release_id for release in lake.releases() if release.tables is not None]
    first = [lake.read("curated.laps", release=number)["lap_time_ms"].to_pylist()[0] for number in kept[-3:]]
    assert first == [2, 3, 3]
    assert counts(lake)["curated.laps"] == 80
    for name, rows in counts(lake).items():
        assert lake.query(f"select count(*) as n from {name}")["n"].to_pylist() == [rows]
        assert lake.read(name).num_rows == rows
    write(lake, (LAPS, "2024-08-R", laps("2024-08-R", lap_time_ms=9)), digest="9")
    assert set(lake.read("curated.laps", {"session_key": "2024-08-R"})["lap_time_ms"].to_pylist()) == {9}


def test_maintenance_leaves_young_files_and_raw_data_alone(open_lake: OpenLake, home: Path) -> None:
    lake = open_lake(settings=settings(home))
    fill(lake)
    lost = home / "tables" / "raw" / "live_timing__responses" / "data" / "nobody-knows-me.parquet"
    lost.write_bytes(b"x")
    with lake.step(run_id="r", name="raw") as step:
        step.append_raw(RESPONSES, responses("b"))
        step.commit()
    lake.maintain()
    assert lost.exists()
    young = home / "tables" / "curated" / "laps" / "data" / "being-written.parquet"
    young.write_bytes(b"x")
    with open_lake(settings=settings(home, orphan_age=timedelta(hours=1))) as careful:
        assert sum(table.deleted_files for table in careful.maintain().tables) == 0
    assert young.exists()
    lake.maintain()
    assert not young.exists()


def test_maintenance_deletes_dropped_tables_once_no_kept_release_needs_them(
    open_lake: OpenLake, home: Path
) -> None:
    lake = open_lake(settings=settings(home))
    fill(lake)
    lake.drop_zones(["curated", "processed", "marts"])
    before = lake.releases()[-1].release_id - 1
    lake.maintain()
    assert lake.read("curated.laps", release=before).num_rows == 80
    for turn in range(2):
        write(lake, (DRIVERS, None, pa.table({"driver_key": [str(turn)], "name": ["x"]})), digest=str(turn))
    lake.maintain()
    assert not [path for path in files(home) if path.parts[-3:-1] == ("laps", "data")]
    assert not [path for path in files(home) if "curated" in path.parts]


def test_settings_that_cannot_work_are_refused(home: Path) -> None:
    with pytest.raises(ValueError, match="keep_releases is 0"):
        LakeSettings(home=home, keep_releases=0)
    with pytest.raises(ValueError, match="threads is 0"):
        LakeSettings(home=home, threads=0)
