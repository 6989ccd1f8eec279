"""What a step sees of the lake for one weekend: its inputs' frames, each read once, and identities."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

import polars as pl

from assets.lineage import identity, lineage, write_lineage
from assets.table_asset import Input, TableAsset
from lake.contracts import Scope, TableContract
from lake.lake import Lake
from lake.ledger import Write
from racing.keys import season_of, weekend_of

_COARSENESS = {Scope.SESSION: 0, Scope.WEEKEND: 1, Scope.SEASON: 2, Scope.ALL: 3}


@dataclass
class WeekendTables:
    """Frames and identities of one weekend, with what the running step has staged laid over the lake.

    Attributes:
        lake: The lake.
        weekend_key: The weekend.
    """

    lake: Lake
    weekend_key: str
    _frames: dict[tuple[str, Scope, tuple[str, ...] | None], pl.DataFrame] = field(default_factory=dict)
    _staged: dict[tuple[str, str], tuple[str, pl.DataFrame]] = field(default_factory=dict)

    @property
    def season(self) -> int:
        """Season of the weekend."""
        return season_of(self.weekend_key)

    def put(self, contract: TableContract, scope_value: str, rows: pl.DataFrame, rows_identity: str) -> None:
        """Lay rows that the step has staged over what the lake holds."""
        self._staged[contract.name, scope_value] = (rows_identity, rows)
        for key in [key for key in self._frames if key[0] == contract.name]:
            del self._frames[key]

    def forget_season(self) -> None:
        """Forget what was read of the whole season, so that it is read again as it is by now."""
        for key in [key for key in self._frames if key[1] is Scope.SEASON]:
            del self._frames[key]

    def sessions(self) -> list[str]:
        """Return the sessions of the weekend that have timing or an official result, sorted by key."""
        timed = self.scope_values("processed.fastf1__sessions")
        official = [
            key
            for table in ("results", "sprint_results", "qualifying_results")
            for key in self.frame(Input(f"processed.jolpica__{table}"), Scope.WEEKEND, self.weekend_key)[
                "session_key"
            ]
        ]
        return sorted({*timed, *official})

    def scope_values(self, table: str) -> list[str]:
        """Return the scope values of a table that belong to this weekend, or to its season."""
        return [value for value in self._season_scopes(table) if self._is_ours(value)]

    def identities(self, source: Input, scope: Scope, scope_value: str) -> dict[str, str]:
        """Return the identity of everything that an input contributes to one scope.

        Args:
            source: The input.
            scope: Scope of the table that is computed.
            scope_value: Which scope of it is computed.

        Returns:
            ``table@scope`` to identity. Where the input is kept in larger pieces than the table that is
            computed, only the rows that concern it count: another weekend's change is not a change here.
        """
        contract = source.contract
        if _COARSENESS[contract.scope] > _COARSENESS[scope]:
            rows = self.frame(source, scope, scope_value)
            return {
                f"{contract.name}@{scope_value}": identity(_digest(rows, contract), self._lineage(contract))
            }
        return {
            f"{contract.name}@{value}": self._identity(contract.name, value)
            for value in self._season_scopes(contract.name)
            if _lies_in(value, scope, scope_value)
        }

    def frame(self, source: Input, scope: Scope, scope_value: str) -> pl.DataFrame:
        """Return the rows of an input for one scope of the table that is computed.

        An input kept by weekend and read by session gives the weekend: all results tell who drove.
        """
        contract = source.contract
        if source.is_counted:
            return self._counted(contract)
        if scope is Scope.SESSION and contract.scope is Scope.SESSION:
            return self._rows(source, Scope.WEEKEND).filter(pl.col("session_key") == scope_value)
        if scope is Scope.SEASON or (
            contract.scope is Scope.SEASON and "weekend_key" not in contract.column_names
        ):
            return self._rows(source, Scope.SEASON)
        return self._rows(source, Scope.WEEKEND)

    def inputs_of(self, table: TableAsset, scope_value: str) -> dict[str, str]:
        """Return the identities of all inputs of one scope of a table."""
        merged: dict[str, str] = {}
        for source in table.inputs.values():
            merged |= self.identities(source, table.contract.scope, scope_value)
        return merged

    def _rows(self, source: Input, extent: Scope) -> pl.DataFrame:
        key = (source.table, extent, source.columns)
        if key not in self._frames:
            self._frames[key] = self._read(source, extent)
        return self._frames[key]

    def _read(self, source: Input, extent: Scope) -> pl.DataFrame:
        contract = source.contract
        where: dict[str, object] = {"season": self.season}
        if extent is Scope.WEEKEND:
            where["weekend_key"] = self.weekend_key
        stored = pl.DataFrame(
            pl.from_arrow(self.lake.read(contract.name, where, source.columns, release=None))
        )
        staged = [
            (value, rows)
            for (name, value), (_, rows) in self._staged.items()
            if name == contract.name and (extent is Scope.SEASON or self._is_ours(value))
        ]
        column = contract.scope.column
        if column is not None and staged:
            replaced = [value for value, _ in staged]
            stored = stored.filter(~pl.col(column).cast(pl.String).is_in(replaced))
        new = [rows.select(stored.columns).cast(stored.schema) for _, rows in staged]
        rows = pl.concat([stored, *new])
        if extent is Scope.WEEKEND and contract.scope is Scope.SEASON:
            rows = rows.filter(pl.col("weekend_key") == self.weekend_key)
        return rows

    def _counted(self, contract: TableContract) -> pl.DataFrame:
        """Return how many rows each session of the weekend has, from the ledger: nothing is read for that."""
        counts = {}
        for value in self.scope_values(contract.name):
            staged = self._staged.get((contract.name, value))
            write = self.lake.ledger.newest(contract.name, value)
            count = staged[1].height if staged is not None else (write.row_count if write else 0)
            if count:
                counts[value] = count
        columns = {"session_key": list(counts), "row_count": list(counts.values())}
        return pl.DataFrame(columns, schema={"session_key": pl.String, "row_count": pl.Int64})

    def _identity(self, table: str, scope_value: str) -> str:
        staged = self._staged.get((table, scope_value))
        if staged is not None:
            return staged[0]
        write = self._write(table, scope_value)
        return identity(write.rows_digest, write_lineage(write))

    def _lineage(self, contract: TableContract) -> str:
        """Return the lineage of the table's newest write in this season."""
        values = self._season_scopes(contract.name)
        if not values:
            return lineage(contract.name, 0, contract.version, {})
        return self._identity(contract.name, values[-1]).partition(":")[2]

    def _write(self, table: str, scope_value: str) -> Write:
        write = self.lake.ledger.newest(table, scope_value)
        if write is None:
            raise KeyError(f"{table} has no write of {scope_value}")
        return write

    def _season_scopes(self, table: str) -> list[str]:
        season, ledger = str(self.season), self.lake.ledger
        staged = {value for name, value in self._staged if name == table}
        written = {*ledger.scopes(table, prefix=season), *ledger.scopes(table, prefix="all")}
        return sorted(value for value in written | staged if value == "all" or value.startswith(season))

    def _is_ours(self, scope_value: str) -> bool:
        if scope_value in ("all", str(self.season)):
            return True
        return "-" in scope_value and weekend_of(scope_value) == self.weekend_key


def _lies_in(value: str, scope: Scope, scope_value: str) -> bool:
    """Return whether a piece of an input lies in the scope that is computed."""
    if scope is Scope.SEASON:
        return value.startswith(scope_value)
    if scope is Scope.WEEKEND:
        return "-" in value and weekend_of(value) == scope_value
    return value == scope_value


def _digest(rows: pl.DataFrame, contract: TableContract) -> str:
    """Return a digest of a few rows, whatever their order, provenance left out."""
    kept = [
        column.name for column in contract.columns if not column.provenance and column.name in rows.columns
    ]
    lines = sorted(repr(row) for row in rows.select(kept).iter_rows())
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
