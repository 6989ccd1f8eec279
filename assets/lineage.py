"""What a write depends on: the identity of its inputs, as the ledger compares it.

The identity of a write is the digest of its rows and its *lineage*: the logic and contract versions of its
table and of everything upstream. So rows that come out the same stop a recomputation from spreading, while
a new logic version reaches every dependant even where the rows stay the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from lake.ledger import Write

_SEPARATOR = ":"


def lineage(table: str, logic_version: int, contract_version: int, inputs: Mapping[str, str]) -> str:
    """Return the digest of the versions of a table's logic and of all logic upstream of it.

    Args:
        table: Name of the table.
        logic_version: Version of its function.
        contract_version: Version of its contract.
        inputs: ``table@scope`` to the identity of that input.
    """
    upstream = sorted(
        {(name.partition("@")[0], identity.partition(_SEPARATOR)[2]) for name, identity in inputs.items()}
    )
    recipe = json.dumps([table, logic_version, contract_version, upstream], separators=(",", ":"))
    return hashlib.sha256(recipe.encode()).hexdigest()[:16]


def write_lineage(write: Write) -> str:
    """Return the lineage of a write in the ledger."""
    return lineage(write.table_name, write.logic_version, write.contract_version, write.inputs)


def has_lineage(write: Write | None, lineage_digest: str) -> bool:
    """Return whether the newest write of a scope came from the same logic, all the way up.

    If it did, and the rows are the same too, nothing that depends on them can change.
    """
    return write is not None and write_lineage(write) == lineage_digest


def identity(rows_digest: str | None, lineage_digest: str) -> str:
    """Return the identity of rows that were written, as dependants record it."""
    return f"{rows_digest or ''}{_SEPARATOR}{lineage_digest}"


def bytes_identity(sha256: str) -> str:
    """Return the identity of raw bytes, which no logic has touched."""
    return f"{sha256}{_SEPARATOR}"
