"""Writing by steps: what is written, what is not, and what the books say."""

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

from lake.checks import Check
from lake.errors import (
    AuditFailedError,
    RawIsAppendOnlyError,
    ScopeError,
    StagedTwiceError,
    StagingError,
    StepClosedError,
)
from lake.lake import Lake
from lake.settings import LakeSettings
from lake.step import StepOutcome

OpenLake = Callable[..., Lake]


def test_written_rows_are_read_back_with_the_types_of_the_contract(lake: Lake) -> None:
    write(lake, (LAPS, "2024-08-R", laps("2024-08-R")))
    rows = lake.read("curated.laps")
    assert rows.num_rows == 40
    assert rows.schema.types == [column.arrow_type for column in LAPS.columns]


def test_writing_the_race_leaves_rows_and_digests_of_qualifying(lake: Lake) -> None:
    write(lake, (LAPS, "2024-08-Q", laps("2024-08-Q")))
    before = lake.ledger.newest("curated.laps", "2024-08-Q")
    for time in (90_000, 91_000):
        write(lake, (LAPS, "2024-08-R", laps("2024-08-R", lap_time_ms=time)), digest=str(time))
    rows = pl.from_arrow(lake.read("curated.laps", {"session_key": "2024-08-Q"}))
    assert rows.equals(pl.from_arrow(laps("2024-08-Q")).cast(rows.schema).sort("car_number", "lap_number"))
    assert lake.ledger.newest("curated.laps", "2024-08-Q") == before
    assert pl.from_arrow(lake.read("curated.laps", {"session_key": "2024-08-R"}))[
        "lap_time_ms"
    ].unique().to_list() == [91_000]


def test_one_step_writes_several_scopes_of_a_table_in_one_snapshot(lake: Lake) -> None:
    sessions = ["2024-08-FP1", "2024-08-Q", "2024-08-R"]
    outcome = write(
        lake, *((LAPS, key, laps(key)) for key in sessions), *((STINTS, key, stints(key)) for key in sessions)
    )
    assert {item.snapshot_id for item in outcome.writes if item.table == "curated.laps"} == {
        lake.snapshot_ids()["curated.laps"]
    }
    assert outcome.release_id == 1
    assert lake.read("curated.laps").num_rows == 120
    assert lake.ledger.scopes("curated.stints") == tuple(sessions)


def test_unchanged_input_is_not_needed_and_makes_no_snapshot(lake: Lake) -> None:
    first = write(lake, (LAPS, "2024-08-R", laps("2024-08-R")))
    with lake.step(run_id="b", name="test") as step:
        assert not step.is_needed(LAPS, "2024-08-R", {"raw": "a"}, 1)
        assert step.is_needed(LAPS, "2024-08-R", {"raw": "b"}, 1)
        assert step.is_needed(LAPS, "2024-08-R", {"raw": "a"}, 2)
        assert step.is_needed(LAPS, "2024-08-Q", {"raw": "a"}, 1)
        assert step.commit().release_id is None
    before = lake.snapshot_ids()
    again = write(lake, (LAPS, "2024-08-R", laps("2024-08-R")))
    assert again.release_id is None
    assert [item.action for item in again.writes] == ["unchanged"]
    assert again.writes[0].snapshot_id == first.writes[0].snapshot_id
    assert lake.snapshot_ids() == before
    assert len(lake.releases()) == 1


def test_force_writes_unchanged_input_again(lake: Lake) -> None:
    write(lake, (LAPS, "2024-08-R", laps("2024-08-R")))
    with lake.step(run_id="b", name="test", force=True) as step:
        assert step.is_needed(LAPS, "2024-08-R", {"raw": "a"}, 1)
        step.stage(LAPS, "2024-08-R", laps("2024-08-R"), {"raw": "a"}, 1)
        assert step.commit().release_id == 2
    assert lake.read("curated.laps").num_rows == 40


def test_unchanged_input_makes_no_snapshot_also_after_expiry(open_lake: OpenLake, home: Path) -> None:
    lake = open_lake(settings=LakeSettings(home=home, keep_releases=1, keep_release_age=timedelta(0)))
    for turn in range(12):
        write(lake, (LAPS, "2024-08-R", laps("2024-08-R", lap_time_ms=90_000 + turn)), digest=str(turn))
    table = lake._store.load("curated.laps")
    assert table is not None
    assert len(table.metadata.snapshots) < 12
    before = lake.snapshot_ids()
    with lake.step(run_id="b", name="test") as step:
        assert not step.is_needed(LAPS, "2024-08-R", {"raw": "11"}, 1)
    write(lake, (LAPS, "2024-08-R", laps("2024-08-R", lap_time_ms=90_011)), digest="11")
    assert lake.snapshot_ids() == before


def test_a_new_logic_version_reaches_dependants_and_nothing_else(lake: Lake) -> None:
    def run(laps_logic: int) -> list[str]:
        with lake.step(run_id="r", name="curated") as step:
            written = []
            if step.is_needed(LAPS, "2024-08-R", {"raw": "a"}, laps_logic):
                step.stage(LAPS, "2024-08-R", laps("2024-08-R"), {"raw": "a"}, laps_logic)
                written.append("laps")
            reads_laps = {"curated.laps": str(step.recipe_digest("curated.laps", "2024-08-R"))}
            if step.is_needed(STINTS, "2024-08-R", reads_laps, 1):
                step.stage(STINTS, "2024-08-R", stints("2024-08-R"), reads_laps, 1)
                written.append("stints")
            if step.is_needed(WEEKENDS, 2024, {"raw": "c"}, 1):
                rows = pa.table({"season": [2024], "weekend_key": ["2024-08"], "name": ["Monaco"]})
                step.stage(WEEKENDS, 2024, rows, {"raw": "c"}, 1)
                written.append("weekends")
            step.commit()
            return written

    assert run(1) == ["laps", "stints", "weekends"]
    assert run(1) == []
    assert run(2) == ["laps", "stints"]


def test_staging_no_rows_deletes_the_rows_of_the_scope(lake: Lake) -> None:
    write(lake, (LAPS, "2024-08-Q", laps("2024-08-Q")), (LAPS, "2024-08-R", laps("2024-08-R")))
    outcome = write(lake, (LAPS, "2024-08-R", laps("2024-08-R").slice(0, 0)), digest="b")
    assert outcome.writes[0].row_count == 0
    assert set(lake.read("curated.laps")["session_key"].to_pylist()) == {"2024-08-Q"}
    write(lake, (LAPS, "2024-08-Q", laps("2024-08-Q").slice(0, 0)), digest="b")
    assert lake.read("curated.laps").num_rows == 0


def test_no_rows_for_a_table_never_written_leave_it_empty_and_are_not_asked_for_again(lake: Lake) -> None:
    write(lake, (LAPS, "2024-08-R", laps("2024-08-R").slice(0, 0)))
    assert lake.read("curated.laps").num_rows == 0
    with lake.step(run_id="b", name="test") as step:
        assert not step.is_needed(LAPS, "2024-08-R", {"raw": "a"}, 1)


def test_tables_of_all_scope_and_season_scope_are_replaced_whole(lake: Lake) -> None:
    def drivers(*keys: str) -> pa.Table:
        return pa.table({"driver_key": list(keys), "name": [key.title() for key in keys]})

    def season(year: int, *keys: str) -> pa.Table:
        return pa.table(
            {"season": [year] * len(keys), "driver_key": list(keys), "lap_count": [1] * len(keys)}
        )

    write(lake, (DRIVERS, None, drivers("norris", "piastri")), (DRIVER_SEASON, 2023, season(2023, "norris")))
    write(
        lake, (DRIVERS, "all", drivers("norris")), (DRIVER_SEASON, 2024, season(2024, "norris")), digest="b"
    )
    assert lake.read("marts.dim_driver")["driver_key"].to_pylist() == ["norris"]
    assert sorted(lake.read("marts.fct_driver_season")["season"].to_pylist()) == [2023, 2024]


def test_telemetry_is_partitioned_by_session_and_replaced_without_reading_others(lake: Lake) -> None:
    def samples(key: str, speed: float) -> pa.Table:
        return pa.table(
            {
                "session_key": [key] * 3,
                "car_number": ["1"] * 3,
                "sample_number": [1, 2, 3],
                "speed_kph": [speed] * 3,
            }
        )

    for key in ("2024-08-Q", "2024-08-R"):
        write(lake, (TELEMETRY, key, samples(key, 1.0)))
    write(lake, (TELEMETRY, "2024-08-R", samples("2024-08-R", 2.0)), digest="b")
    rows = pl.from_arrow(lake.read("processed.car_telemetry"))
    assert rows.group_by("session_key").agg(pl.col("speed_kph").sum()).sort("session_key").rows() == [
        ("2024-08-Q", 3.0),
        ("2024-08-R", 6.0),
    ]


def test_provenance_columns_stay_outside_the_digest(lake: Lake) -> None:
    write(lake, (LAPS, "2024-08-R", laps("2024-08-R")))
    changed = laps("2024-08-R").set_column(7, "parser_version", pa.array(["2.0"] * 40))
    assert write(lake, (LAPS, "2024-08-R", changed)).release_id is None


def test_an_exception_in_a_step_leaves_no_trace(lake: Lake, home: Path) -> None:
    write(lake, (LAPS, "2024-08-Q", laps("2024-08-Q")))
    before = lake.snapshot_ids()

    def break_down() -> None:
        with lake.step(run_id="r", name="test") as step:
            step.stage(LAPS, "2024-08-R", laps("2024-08-R"), {"raw": "a"}, 1)
            raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        break_down()
    assert lake.snapshot_ids(release=None) == lake.snapshot_ids() == before
    assert list((home / "staging").iterdir()) == []
    assert lake.ledger.newest("curated.laps", "2024-08-R") is None


def test_rows_that_break_the_contract_stop_the_whole_step(lake: Lake) -> None:
    wrong = laps("2024-08-R").set_column(6, "compound", pa.array(["PURPLE"] * 40))
    with pytest.raises(AuditFailedError, match=r"compound: 40 of 40 rows hold 'PURPLE'"):
        write(lake, (STINTS, "2024-08-R", stints("2024-08-R")), (LAPS, "2024-08-R", wrong))
    assert lake.read("curated.stints").num_rows == 0


def test_a_blocking_check_stops_the_commit_and_a_warning_does_not(lake: Lake) -> None:
    def fewer_than(limit: int) -> Check:
        return Check(
            name=f"fewer_than_{limit}_laps",
            find=lambda tables: (
                [] if tables["curated.laps"].height < limit else [f"{tables['curated.laps'].height} laps"]
            ),
            tables=("curated.laps",),
            is_blocking=limit < 20,
        )

    elsewhere = Check(name="never_run", find=lambda _: ["x"], tables=("curated.stints",))
    with lake.step(run_id="r", name="test") as step:
        step.stage(LAPS, "2024-08-R", laps("2024-08-R"), {"raw": "a"}, 1)
        with pytest.raises(AuditFailedError, match="fewer_than_10_laps: 40 laps") as caught:
            step.commit([fewer_than(10), elsewhere])
        assert [(check.name, check.has_passed) for check in caught.value.checks] == [
            ("rows_keep_their_contract", True),
            ("fewer_than_10_laps", False),
        ]
        outcome = step.commit([fewer_than(30), fewer_than(50)])
    assert [(check.name, check.has_passed, check.is_blocking) for check in outcome.checks] == [
        ("rows_keep_their_contract", True, True),
        ("fewer_than_30_laps", False, False),
        ("fewer_than_50_laps", True, False),
    ]
    assert lake.read("curated.laps").num_rows == 40


def test_a_step_is_used_once_and_inside_its_block(lake: Lake) -> None:
    step = lake.step(run_id="r", name="test")
    with pytest.raises(StepClosedError, match=r"with lake\.step"):
        step.stage(LAPS, "2024-08-R", laps("2024-08-R"), {}, 1)
    with step:
        step.stage(LAPS, "2024-08-R", laps("2024-08-R"), {}, 1)
        with pytest.raises(StagedTwiceError, match="staged twice"):
            step.stage(LAPS, "2024-08-R", laps("2024-08-R"), {}, 1)
        step.commit()
        with pytest.raises(StepClosedError):
            step.commit()


@pytest.mark.parametrize(
    ("contract", "scope_value"),
    [(LAPS, "2024-08"), (LAPS, 2024), (DRIVER_SEASON, "2024-08"), (DRIVERS, 2024)],
)
def test_a_scope_value_of_another_scope_is_refused(lake: Lake, contract: object, scope_value: object) -> None:
    with pytest.raises(ScopeError, match="is written by"), lake.step(run_id="r", name="test") as step:
        step.is_needed(contract, scope_value, {}, 1)  # type: ignore[arg-type]


def test_raw_rows_are_only_ever_added(lake: Lake) -> None:
    def responses(url: str, year: int = 2024) -> pa.Table:
        moment = (
            pl.Series([f"{year}-05-26 13:00:00"]).str.to_datetime(time_unit="us", time_zone="UTC").to_arrow()
        )
        return pa.table(
            {"season": [year], "url": [url], "body": [b"\xef\xbb\xbf{}\r\n"], "fetched_at": moment}
        )

    with lake.step(run_id="r", name="raw") as step:
        step.append_raw(RESPONSES, pa.concat_tables([responses("a"), responses("b"), responses("c", 2023)]))
        outcome = step.commit()
    assert [(item.scope_value, item.action, item.row_count) for item in outcome.writes] == [
        ("2024", "appended", 2),
        ("2023", "appended", 1),
    ]
    first = lake.ledger.recipe_digest(RESPONSES.name, 2024)
    with lake.step(run_id="r", name="raw") as step:
        step.append_raw(RESPONSES, pa.concat_tables([responses("a"), responses("d")]))
        step.commit()
    rows = pl.from_arrow(lake.read(RESPONSES.name))
    assert sorted(rows["url"].to_list()) == ["a", "b", "c", "d"]
    assert set(rows["body"].to_list()) == {b"\xef\xbb\xbf{}\r\n"}
    assert lake.ledger.recipe_digest(RESPONSES.name, 2024) != first
    with lake.step(run_id="r", name="raw") as step:
        with pytest.raises(RawIsAppendOnlyError, match="append_raw"):
            step.stage(RESPONSES, 2024, responses("a"), {}, 1)
        with pytest.raises(RawIsAppendOnlyError, match="use stage"):
            step.append_raw(LAPS, laps("2024-08-R"))


def test_a_full_disk_while_staging_says_so_and_loses_nothing(
    lake: Lake, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(lake, (LAPS, "2024-08-Q", laps("2024-08-Q")))

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("lake.staging.pq.write_table", full)
        with pytest.raises(StagingError, match=r"No space left on device.*lake is as it was"):
            write(lake, (LAPS, "2024-08-R", laps("2024-08-R")))
    assert lake.read("curated.laps").num_rows == 40
    assert list((home / "staging").iterdir()) == []
    write(lake, (LAPS, "2024-08-R", laps("2024-08-R")))
    assert lake.read("curated.laps").num_rows == 80


def test_staged_rows_are_seen_by_later_tables_of_the_step(lake: Lake) -> None:
    with lake.step(run_id="r", name="test") as step:
        assert step.staged("curated.laps") is None
        step.stage(LAPS, "2024-08-Q", pl.from_arrow(laps("2024-08-Q")), {}, 1)
        step.stage(LAPS, "2024-08-R", laps("2024-08-R"), {}, 1)
        staged = step.staged("curated.laps")
    assert staged is not None
    assert staged.num_rows == 80


def test_the_same_rows_from_other_inputs_are_only_recorded_where_the_caller_allows_it(lake: Lake) -> None:
    def run(digest: str, *, may_confirm: bool) -> StepOutcome:
        with lake.step(run_id="r", name="test") as step:
            step.stage(LAPS, "2024-08-R", laps("2024-08-R"), {"raw": digest}, 1, may_confirm=may_confirm)
            return step.commit()

    first = run("a", may_confirm=True).writes[0]
    confirmed = run("b", may_confirm=True)
    assert confirmed.writes[0].action == "unchanged"
    assert lake.snapshot_ids()["curated.laps"] == first.snapshot_id
    newest = lake.ledger.newest("curated.laps", "2024-08-R")
    assert newest is not None
    assert (newest.inputs, newest.snapshot_id) == ({"raw": "b"}, first.snapshot_id)
    rewritten = run("c", may_confirm=False).writes[0]
    assert rewritten.action == "replaced"
    assert rewritten.snapshot_id != first.snapshot_id
