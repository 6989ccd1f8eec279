"""Scope values: what one write replaces, as text, and which keys and partitions follow from it.

The scopes themselves are ``lake.contracts.Scope``; keys are made and split in ``racing.keys``.
"""

from __future__ import annotations

from lake.contracts import Scope, TableContract
from lake.errors import ScopeError
from racing.errors import InvalidKeyError
from racing.keys import code_of, season_of, split_weekend_key, weekend_of

ALL = "all"
"""Scope value of a table that is always replaced whole."""


def scope_text(contract: TableContract, scope_value: str | int | None) -> str:
    """Return a scope value as the ledger writes it.

    Args:
        contract: The table's contract.
        scope_value: Session key, weekend key, or season; null or ``all`` for a table of scope all.

    Raises:
        ScopeError: If the value is not one of the contract's scope.
    """
    text = ALL if scope_value is None else str(scope_value)
    try:
        _check(contract.scope, text)
    except (InvalidKeyError, ValueError) as error:
        raise ScopeError(
            f"{contract.name} is written by {contract.scope.value}, and {scope_value!r} is not one: {error}"
        ) from error
    return text


def expected_keys(contract: TableContract, scope_value: str) -> dict[str, str | int]:
    """Return the key columns of the table whose value follows from the scope, with that value.

    The season of a session is known, so a table that has a season column must hold that season: its
    partition is found by it.
    """
    known: dict[str, str | int] = {}
    if contract.scope is Scope.SESSION:
        known = {"session_key": scope_value, "weekend_key": weekend_of(scope_value)}
    elif contract.scope is Scope.WEEKEND:
        known = {"weekend_key": scope_value}
    if contract.scope is not Scope.ALL:
        known["season"] = season_of_scope(contract, scope_value)
    return {name: value for name, value in known.items() if name in contract.column_names}


def season_of_scope(contract: TableContract, scope_value: str) -> int:
    """Return the season that a session, weekend or season scope lies in."""
    return int(scope_value) if contract.scope is Scope.SEASON else season_of(scope_value)


def weekend_of_scope(contract: TableContract, scope_value: str) -> str | None:
    """Return the weekend that a session or weekend scope lies in; null for season and all."""
    return weekend_of(scope_value) if contract.scope in (Scope.SESSION, Scope.WEEKEND) else None


def _check(scope: Scope, text: str) -> None:
    if scope is Scope.SESSION:
        code_of(text)
    elif scope is Scope.WEEKEND:
        split_weekend_key(text)
    elif scope is Scope.SEASON:
        int(text)
    elif text != ALL:
        message = f"write {ALL!r}"
        raise ValueError(message)
