"""The ledger finds the scopes of a table and of a season, whatever was written, removed or came late."""

from __future__ import annotations

import datetime as dt

from lake.ledger import Ledger, Write

START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def write(table: str, scope: str, minute: int = 0, *, is_removal: bool = False) -> Write:
    return Write(
        step_id="s",
        run_id="r",
        step="curated",
        table_name=table,
        scope_value=scope,
        weekend_key=None,
        recipe_digest=None if is_removal else "d",
        rows_digest=None if is_removal else "d",
        row_count=1,
        inputs={},
        logic_version=1,
        contract_version=1,
        snapshot_id=1,
        written_at=START + dt.timedelta(minutes=minute),
    )


def test_scopes_are_sorted_and_of_their_table_only() -> None:
    ledger = Ledger([write("a", "2024-08-R"), write("a", "2024-08-Q"), write("b", "2024-08-S")])
    assert ledger.scopes("a") == ("2024-08-Q", "2024-08-R")
    assert ledger.scopes("c") == ()


def test_a_prefix_takes_what_belongs_to_a_season() -> None:
    ledger = Ledger(
        [write("a", scope) for scope in ("2023-22", "2024", "2024-01", "2024-T1", "2025-01", "all")]
    )
    assert ledger.scopes("a", prefix="2024") == ("2024", "2024-01", "2024-T1")
    assert ledger.scopes("a", prefix="all") == ("all",)
    assert ledger.scopes("a", prefix="2026") == ()


def test_later_writes_and_removals_are_seen() -> None:
    ledger = Ledger([write("a", "2024-01")])
    assert ledger.scopes("a") == ("2024-01",)
    ledger.extend([write("a", "2024-02", 1), write("a", "2024-01", 2, is_removal=True)])
    assert ledger.scopes("a") == ("2024-02",)
    ledger.extend([write("a", "2024-01", 1)])  # older than the removal
    assert ledger.scopes("a") == ("2024-02",)
    ledger.extend([write("a", "2024-01", 3)])
    assert ledger.scopes("a") == ("2024-01", "2024-02")
    assert sorted(entry.scope_value for entry in ledger) == ["2024-01", "2024-02"]
