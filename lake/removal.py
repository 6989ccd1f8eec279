"""Plans that take rows away: whole zones before a rebuild, or one weekend."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from lake.contracts import Scope, TableContract
from lake.errors import RawIsAppendOnlyError
from lake.filters import tells_weekends_apart
from lake.ledger import Ledger
from lake.plans import Mode, ScopeWrite, TableWrite
from lake.scopes import season_of_scope, weekend_of_scope
from racing.keys import season_of

KEPT_ZONES = ("raw", "lake")
"""Zones that are never dropped: the bytes as received, and the lake's own books."""


@dataclass(frozen=True)
class Removal:
    """What was taken away.

    Attributes:
        release_id: The release without it; null where there was nothing to take away.
        removed: Table and scope of everything removed.
        to_recompute: Table and scope of wider tables that held the weekend; the ledger has forgotten them,
            so the next run computes them again.
    """

    release_id: int | None
    removed: tuple[tuple[str, str], ...]
    to_recompute: tuple[tuple[str, str], ...] = ()


def zone_drops(
    zones: Collection[str], contracts: Mapping[str, TableContract], stored: Collection[str], ledger: Ledger
) -> list[TableWrite]:
    """Return the writes that drop every stored table of some zones.

    Args:
        zones: The zones.
        contracts: Known contracts.
        stored: Names of the tables in the catalog.
        ledger: Says which scopes they hold.

    Raises:
        RawIsAppendOnlyError: If a zone is never dropped.
    """
    if kept := sorted(set(zones) & set(KEPT_ZONES)):
        raise RawIsAppendOnlyError(
            f"zone {kept[0]} is never dropped: raw holds bytes as received, which nothing can compute again"
        )
    names = [name for name in stored if name.split(".", 1)[0] in zones]
    return table_drops(names, contracts, stored, ledger)


def table_drops(
    names: Collection[str],
    contracts: Mapping[str, TableContract],
    stored: Collection[str],
    ledger: Ledger,
) -> list[TableWrite]:
    """Return the writes that drop some tables, those left out that are not there.

    Args:
        names: The tables.
        contracts: Known contracts.
        stored: Names of the tables in the catalog.
        ledger: Says which scopes they hold.

    Raises:
        RawIsAppendOnlyError: If a table is never dropped.
    """
    if kept := sorted(name for name in names if name.split(".", 1)[0] in KEPT_ZONES):
        raise RawIsAppendOnlyError(
            f"{kept[0]} is never dropped: nothing can compute it again. A backup brings it back."
        )
    return [
        TableWrite(_contract(contracts, name), "drop", _forgotten(ledger.scopes(name)))
        for name in sorted(set(names) & set(stored))
    ]


def weekend_removal(
    weekend_key: str, contracts: Mapping[str, TableContract], stored: Collection[str], ledger: Ledger
) -> list[TableWrite]:
    """Return the writes that take a weekend out of every table but raw ones.

    Args:
        weekend_key: The weekend.
        contracts: Known contracts.
        stored: Names of the tables in the catalog.
        ledger: Says which scopes they hold.
    """
    writes = []
    is_last = not _other_weekends(ledger, weekend_key)
    for name in sorted(stored):
        contract = _contract(contracts, name)
        if contract.zone in KEPT_ZONES:
            continue
        scopes = [scope for scope in ledger.scopes(name) if _touches(contract, scope, weekend_key)]
        mode: Mode = "remove_weekend" if tells_weekends_apart(contract) else "forget"
        if is_last and contract.scope is Scope.SEASON and mode == "forget":
            # By no rows, even where the ledger forgot them: no other weekend computes the season again.
            mode, scopes = "replace", [str(season_of(weekend_key))]
        if scopes:
            writes.append(TableWrite(contract, mode, _forgotten(scopes), weekend_key))
    is_there = any(write.contract.scope in (Scope.SESSION, Scope.WEEKEND) for write in writes)
    return writes if is_there else []


def _other_weekends(ledger: Ledger, weekend_key: str) -> set[str]:
    """Return the weekends of the same season that tables after the raw zone hold."""
    keys = {
        write.weekend_key
        for write in ledger
        if not write.is_removal and write.table_name.split(".", 1)[0] not in KEPT_ZONES
    }
    same = {key for key in keys if key is not None and season_of(key) == season_of(weekend_key)}
    return same - {weekend_key}


def removal(release_id: int | None, writes: Collection[TableWrite]) -> Removal:
    """Return what some writes took away."""
    pairs = [(write, (write.contract.name, scope)) for write in writes for scope in write.scope_values]
    wide, gone = (Scope.SEASON, Scope.ALL), ("drop", "replace")
    return Removal(
        release_id,
        tuple(pair for write, pair in pairs if write.mode in gone or write.contract.scope not in wide),
        tuple(pair for write, pair in pairs if write.mode not in gone and write.contract.scope in wide),
    )


def _touches(contract: TableContract, scope_value: str, weekend_key: str) -> bool:
    if contract.scope is Scope.ALL:
        return True
    if contract.scope is Scope.SEASON:
        return season_of_scope(contract, scope_value) == season_of(weekend_key)
    return weekend_of_scope(contract, scope_value) == weekend_key


def _forgotten(scopes: Collection[str]) -> tuple[ScopeWrite, ...]:
    return tuple(ScopeWrite(scope, None, None) for scope in scopes)


def _contract(contracts: Mapping[str, TableContract], name: str) -> TableContract:
    """Return the contract of a stored table, or a bare one for a table that the project gave up."""
    return contracts.get(name) or TableContract(name, "Given up.", (), (), Scope.ALL)
