"""Marts of a real lake: built from its curated tables, committed to it, and the same when built again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from lake.dbt_build import build_marts
from lake.dbt_publish import stage_marts
from lake.lake import Lake
from lake.settings import LakeSettings
from lake.step import StepOutcome
from lake.tables.registry import ALL_TABLES


def fill(lake: Lake, rows: dict[str, list[dict[str, Any]]]) -> None:
    with lake.step(run_id="fill", name="curated") as step:
        for name, given in rows.items():
            contract = ALL_TABLES[name]
            column = str(contract.scope.column)
            full = [{field: row.get(field) for field in contract.column_names} for row in given]
            table = pa.Table.from_pylist(full, schema=contract.arrow_schema)
            for value in pc.unique(table[column]).to_pylist():
                step.stage(contract, value, table.filter(pc.equal(table[column], value)), {}, 1)
        step.commit()


def publish(lake: Lake, workdir: Path) -> StepOutcome:
    build = build_marts(lake, ["2024-01", "2024-02"], workdir=workdir)
    with lake.step(run_id="marts", name="marts", force=True) as step:
        stage_marts(step, build, lambda _table, _scope: {})
        return step.commit()


def test_marts_are_committed_once_and_a_second_build_gives_the_same_rows(
    tiny_rows: dict[str, list[dict[str, Any]]], dbt_home: Path, tmp_path: Path
) -> None:
    with Lake.open(LakeSettings(home=tmp_path / "lake")) as lake:
        fill(lake, tiny_rows)
        first = publish(lake, dbt_home)
        second = publish(lake, dbt_home)
        pace = lake.query(
            "select d.full_name, p.degradation_s_per_lap from marts.fct_stint_pace p "
            "join marts.dim_driver d using (driver_key) "
            "where p.session_key = '2024-02-R' and p.stint_number = 2 order by d.full_name"
        ).to_pylist()
    assert {write.action for write in first.writes} == {"replaced"}
    assert [write.rows_digest for write in second.writes] == [write.rows_digest for write in first.writes]
    assert pace == [
        {"full_name": name, "degradation_s_per_lap": 0.05} for name in ("Alpha", "Beta", "Delta", "Gamma")
    ]
