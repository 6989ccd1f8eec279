"""dbt's own pages of the marts are made, whole and in one file."""

from __future__ import annotations

from pathlib import Path

from lake.dbt_docs import write_dbt_docs
from lake.tables.registry import ALL_TABLES


def test_pages_name_every_mart_and_are_one_file(dbt_home: Path, tmp_path: Path) -> None:
    page = write_dbt_docs(tmp_path / "pages", dbt_home / "parsed")
    assert [path.name for path in (tmp_path / "pages").iterdir()] == [page.name]
    text = page.read_text(encoding="utf-8")
    marts = [contract.table for contract in ALL_TABLES.values() if contract.zone == "marts"]
    assert [name for name in marts if f"model.f1_lakehouse.{name}" not in text] == []
