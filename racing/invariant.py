"""The vocabulary of invariants: what one is, what a violation is, and how rows become violations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

Check = Callable[[Mapping[str, pl.DataFrame]], "list[Violation]"]
"""Takes rows by table name, returns what breaks the invariant."""


@dataclass(frozen=True)
class Violation:
    """One place where an invariant does not hold.

    Attributes:
        session_key: Session concerned.
        subject: Car, car and lap, or place in the result.
        text: What is wrong, with the values.
    """

    session_key: str
    subject: str
    text: str

    def __str__(self) -> str:
        """Return the violation as one line."""
        return f"{self.session_key}, {self.subject}: {self.text}"


@dataclass(frozen=True)
class Invariant:
    """Something that is true of every session.

    Attributes:
        name: A sentence in snake case that is true when the invariant holds.
        tables: Tables it looks at, by name.
        is_blocking: Whether a violation must stop a write; else it is a warning.
        check: Returns the violations.
    """

    name: str
    tables: tuple[str, ...]
    is_blocking: bool
    check: Check


def violations(rows: pl.DataFrame, subject: tuple[str, ...], text: str) -> list[Violation]:
    """Return one violation per row.

    Args:
        rows: The rows that break the invariant; need session_key and what subject and text name.
        subject: Columns that say which car and lap it is.
        text: Format text over the columns of the row, such as ``{lap_time_ms} ms``.
    """
    return [
        Violation(
            session_key=row["session_key"],
            subject=", ".join(f"{name.removesuffix('_number')} {row[name]}" for name in subject),
            text=text.format(**row),
        )
        for row in rows.sort("session_key", *subject).iter_rows(named=True)
    ]
