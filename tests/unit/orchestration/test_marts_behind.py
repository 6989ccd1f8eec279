"""Weekends whose marts are not of what is curated, as the ledger tells it."""

import datetime as dt
from dataclasses import replace

from assets.lineage import identity, write_lineage
from assets.marts.behind import weekends_behind
from assets.marts.step import MARTS
from lake.contracts import Scope
from lake.dbt_models import mart_inputs
from lake.ledger import Ledger, Write
from lake.tables.registry import ALL_TABLES
from orchestration.marts_behind import MartsBehind

START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
FACTS = [name for name in MARTS if ALL_TABLES[name].scope is Scope.WEEKEND]


def written(table: str, scope: str, rows: str = "rows", inputs: dict[str, str] | None = None) -> Write:
    zone = table.partition(".")[0]
    return Write(
        step_id="s",
        run_id="r",
        step=zone,
        table_name=table,
        scope_value=scope,
        weekend_key=scope[:7],
        recipe_digest="recipe",
        rows_digest=rows,
        row_count=1,
        inputs=inputs or {},
        logic_version=1,
        contract_version=1,
        snapshot_id=1,
        written_at=START,
    )


def built(curated: list[Write], weekend: str) -> list[Write]:
    """Return the marts of a weekend, each before those that are computed from it."""
    found = {f"{one.table_name}@{one.scope_value}": one for one in curated}
    waiting = list(FACTS)
    while waiting:
        mart = next(name for name in waiting if not set(mart_inputs()[name]) & set(waiting))
        waiting.remove(mart)
        inputs = {
            name: identity(one.rows_digest, write_lineage(one))
            for name, one in found.items()
            if one.table_name in mart_inputs()[mart] and weekend in one.scope_value
        }
        # What is kept by season is an input too, of which this says nothing.
        write = written(mart, weekend, inputs={**inputs, "curated.weekends@2024": "of the season"})
        found[f"{mart}@{weekend}"] = write
    return [one for one in found.values() if one.table_name in FACTS]


def test_marts_are_behind_until_they_are_built_from_what_is_curated() -> None:
    first, second = written("curated.laps", "2024-01-R"), written("curated.laps", "2024-02-R")
    curated = [first, second, written("curated.weekends", "2024")]
    assert weekends_behind(Ledger([])) == []
    assert weekends_behind(Ledger(curated)) == ["2024-01", "2024-02"]
    marts = built(curated, "2024-01")
    assert weekends_behind(Ledger([*curated, *marts])) == ["2024-02"]
    marts += built(curated, "2024-02")
    assert weekends_behind(Ledger([*curated, *marts])) == []
    later = START + dt.timedelta(hours=1)
    same = replace(second, run_id="again", written_at=later)
    assert weekends_behind(Ledger([*curated, *marts, same])) == []
    corrected = replace(second, rows_digest="corrected", written_at=later)
    assert weekends_behind(Ledger([*curated, *marts, corrected])) == ["2024-02"]
    sprint = written("curated.laps", "2024-01-S")
    assert weekends_behind(Ledger([*curated, *marts, sprint])) == ["2024-01"]
    removed = replace(first, recipe_digest=None, written_at=later)
    assert weekends_behind(Ledger([*curated, removed])) == ["2024-02"]


def test_weekends_are_said_as_the_ranges_that_a_backfill_takes() -> None:
    said = MartsBehind(("2023-22", "2024-01", "2024-02", "2024-03", "2024-05", "2024-T1"))
    assert said.words == ("backfill", "2023-22", "2024-01..2024-03", "2024-05", "2024-T1")
    assert str(said) == (
        "behind the curated tables for 6 weekends: 2023-22, 2024-01..2024-03, 2024-05, 2024-T1"
    )
    assert str(MartsBehind(("2024-01",))) == "behind the curated tables for 1 weekend: 2024-01"
