"""Digests of rows and of recipes: what the ledger compares.

A digest never depends on a library's own hash function, whose values may change between versions.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Protocol

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from lake.contracts import TableContract


class _Digest(Protocol):
    def update(self, data: bytes | memoryview, /) -> None: ...


def in_order(contract: TableContract, rows: pa.Table) -> pa.Table:
    """Return the rows in the order in which files hold them and digests read them.

    The order is scope column, ``sort_by``, then the rest of the key, so it is the same whatever order
    the rows came in, as long as the key is unique.
    """
    columns = [name for name in (contract.scope.column, *contract.sort_by, *contract.key) if name is not None]
    names = [name for name in dict.fromkeys(columns) if name in contract.column_names]
    if rows.num_rows < 2 or not names:
        return rows.combine_chunks()
    keys = pl.DataFrame(pl.from_arrow(rows.select(names)))
    if _is_sorted(keys):
        return rows.combine_chunks()
    order = keys.with_row_index("__row").sort(names, maintain_order=True)["__row"]
    return rows.take(order.to_arrow()).combine_chunks()


def _is_sorted(keys: pl.DataFrame) -> bool:
    """Return whether rows stand in order already, as most do; much cheaper than sorting them.

    Nulls count as unsorted: where they belong is left to the sort.
    """
    if any(column.null_count() for column in keys):
        return False
    is_tied = pl.repeat(value=True, n=keys.height - 1, eager=True)
    for column in keys:
        before, after = column.head(keys.height - 1), column.tail(keys.height - 1)
        if (is_tied & (before > after)).any():
            return False
        is_tied &= before == after
        if not is_tied.any():
            break
    return True


def rows_digest(contract: TableContract, ordered: pa.Table) -> str:
    """Return the SHA-256 of rows, provenance columns left out.

    Args:
        contract: The table's contract; says which columns count.
        ordered: Rows of the contract's types, in the order of ``in_order``.
    """
    digest = hashlib.sha256()
    for column in contract.columns:
        if not column.provenance:
            digest.update(f"{column.name}:{column.type}:{ordered.num_rows};".encode())
            _update(digest, ordered[column.name])
    return digest.hexdigest()


def recipe_digest(
    contract: TableContract, scope_value: str, inputs: Mapping[str, str], logic_version: int
) -> str:
    """Return the SHA-256 of everything that decides what a write will hold.

    Args:
        contract: The table's contract; its name and version count.
        scope_value: What is written.
        inputs: Name of each input to its own recipe digest (or, for raw bytes, their digest).
        logic_version: Version of the function that computes the rows.
    """
    recipe = [contract.name, scope_value, sorted(inputs.items()), logic_version, contract.version]
    return hashlib.sha256(json.dumps(recipe, separators=(",", ":")).encode()).hexdigest()


def chained_digest(previous: str | None, addition: str) -> str:
    """Return the digest of an append-only scope after one more addition."""
    return hashlib.sha256(f"{previous or ''}+{addition}".encode()).hexdigest()


def _update(digest: _Digest, column: pa.ChunkedArray) -> None:
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if isinstance(array, pa.ChunkedArray):  # no rows: no chunk to combine
        array = pa.array([], type=array.type)
    if array.null_count:
        digest.update(pc.is_valid(array).to_numpy(zero_copy_only=False).tobytes())
    kind = array.type
    if pa.types.is_large_string(kind) or pa.types.is_large_binary(kind):
        _update_text(digest, array)
    elif pa.types.is_boolean(kind):
        digest.update(pc.fill_null(array, pa.scalar(value=False)).to_numpy(zero_copy_only=False).tobytes())
    elif pa.types.is_floating(kind):
        # 0.0 and -0.0 are one number.
        digest.update((pc.fill_null(array, 0.0).to_numpy() + 0.0).tobytes())
    else:
        whole = pa.int32() if kind.bit_width == 32 else pa.int64()
        digest.update(pc.fill_null(array.view(whole), 0).to_numpy().tobytes())


def _update_text(digest: _Digest, array: pa.Array) -> None:
    filled = pc.fill_null(array, b"" if pa.types.is_large_binary(array.type) else "")
    digest.update(pc.binary_length(filled).to_numpy().tobytes())
    _, offsets, content = filled.buffers()
    if content is None or not len(filled):
        return
    bounds = memoryview(offsets).cast("q")
    digest.update(memoryview(content)[bounds[filled.offset] : bounds[filled.offset + len(filled)]])
