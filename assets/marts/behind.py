"""Which weekends the marts are behind of: their curated rows are others than those the marts were built from.

A backfill builds the marts once, at its end; one that was stopped leaves them behind. Asked of the ledger
alone, so that it costs next to nothing. Whether a build has anything to do, by whatever cause, is
``assets/marts/step.py``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from assets.lineage import identity, write_lineage
from assets.marts.step import MARTS
from lake.contracts import Scope
from lake.dbt_models import mart_inputs
from lake.ledger import Ledger
from lake.tables.registry import ALL_TABLES
from racing.keys import weekend_of

_FINE = (Scope.SESSION, Scope.WEEKEND)
"""Scopes of which each belongs to one weekend."""


def weekends_behind(ledger: Ledger) -> list[str]:
    """Return the weekends whose facts are not built, or from other rows than are curated now, in order.

    Tables of whole seasons are not looked at: every build of a weekend's facts builds those too.

    Args:
        ledger: The lake's ledger.
    """
    sources = {
        mart: frozenset(name for name in tables if ALL_TABLES[name].scope in _FINE)
        for mart, tables in mart_inputs().items()
        if mart in MARTS and ALL_TABLES[mart].scope is Scope.WEEKEND
    }
    curated = _curated(ledger, frozenset[str]().union(*sources.values()))
    return sorted(
        weekend
        for weekend, found in curated.items()
        if any(not _is_built(ledger, mart, weekend, tables, found) for mart, tables in sources.items())
    )


def _curated(ledger: Ledger, tables: Collection[str]) -> dict[str, dict[str, str]]:
    """Return weekend to what a build of its facts would note as inputs: ``table@scope`` to identity."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for write in ledger:
        if write.table_name in tables:
            name = f"{write.table_name}@{write.scope_value}"
            found[weekend_of(write.scope_value)][name] = identity(write.rows_digest, write_lineage(write))
    return found


def _is_built(
    ledger: Ledger, mart: str, weekend: str, tables: Collection[str], curated: Mapping[str, str]
) -> bool:
    write = ledger.newest(mart, weekend)
    if write is None:
        return False
    return _of(tables, write.inputs) == _of(tables, curated)


def _of(tables: Collection[str], inputs: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in inputs.items() if name.partition("@")[0] in tables}
