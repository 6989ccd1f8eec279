"""What another process adds to the ledger is read, and what was known of it before is not read again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from lake_tables import LAPS, STINTS, laps, stints, write

from lake import books
from lake.lake import Lake

OpenLake = Callable[..., Lake]


def of_all(lake: Lake) -> dict[tuple[str, str], str | None]:
    """Return table and scope to the digest of its rows."""
    return {(found.table_name, found.scope_value): found.rows_digest for found in lake.ledger}


def test_writes_of_two_lakes_are_known_to_both_however_they_alternate(open_lake: OpenLake) -> None:
    one, two = open_lake(), open_lake()
    for number in range(1, 21):  # the ledger's files are merged on the way
        writer, reader = (one, two) if number % 3 else (two, one)
        key = f"2024-{number:02d}-R"
        write(writer, (LAPS, key, laps(key)), (STINTS, "2024-01-R", stints("2024-01-R", lap_count=number)))
        assert of_all(reader) == of_all(writer)
        assert reader.ledger.scopes("curated.laps")[-1] == key
    one.remove_weekend("2024-02", run_id="r")
    assert ("curated.laps", "2024-02-R") not in of_all(two)
    assert of_all(open_lake()) == of_all(one) == of_all(two)


def test_what_is_known_is_not_read_again(open_lake: OpenLake, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = open_lake(), open_lake()
    write(one, (LAPS, "2024-01-R", laps("2024-01-R")))
    assert len(of_all(two)) == 1
    read = []
    original = books.read_data_file

    def counted(*arguments: object) -> object:
        rows = original(*arguments)  # type: ignore[arg-type]
        read.append(rows.num_rows if rows is not None else None)
        return rows

    monkeypatch.setattr(books, "read_data_file", counted)
    write(one, (LAPS, "2024-02-R", laps("2024-02-R")), (STINTS, "2024-02-R", stints("2024-02-R")))
    assert len(of_all(two)) == 3
    assert read == [2]


def test_ledger_that_somebody_holds_stays_as_it_was(open_lake: OpenLake) -> None:
    """Whoever decides by one ledger must not see half of what another process writes meanwhile."""
    one, two = open_lake(), open_lake()
    write(one, (LAPS, "2024-01-R", laps("2024-01-R")))
    held = two.ledger
    write(one, (LAPS, "2024-02-R", laps("2024-02-R")))
    assert two.ledger.scopes("curated.laps") == ("2024-01-R", "2024-02-R")
    assert held.scopes("curated.laps") == ("2024-01-R",)
