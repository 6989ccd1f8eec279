"""Rules over the rows of a step that a contract cannot say: racing invariants, agreement across tables.

The rules themselves are given by the caller; this module runs them and keeps what they said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

Find = Callable[[Mapping[str, pl.DataFrame]], Sequence[str]]
"""Takes the step's staged rows by table name, returns one sentence per violation."""


@dataclass(frozen=True)
class Check:
    """One rule over a step's staged rows.

    Attributes:
        name: A sentence in snake case that is true when the rule holds, such as stints_do_not_overlap.
        find: Returns the violations.
        tables: Tables the rule looks at; it runs only where all of them are staged. The first is the one
            it is shown at.
        is_blocking: Whether a violation stops the commit.
        description: What it finds, for the people who read about it.
    """

    name: str
    find: Find
    tables: tuple[str, ...]
    is_blocking: bool = True
    description: str = ""


@dataclass(frozen=True)
class CheckOutcome:
    """What a rule said.

    Attributes:
        name: The rule.
        table: The table it is shown at.
        is_blocking: Whether a violation stops the commit.
        violations: One sentence per violation; none where the rule holds.
    """

    name: str
    table: str
    is_blocking: bool
    violations: tuple[str, ...]

    @property
    def has_passed(self) -> bool:
        """Whether the rule holds."""
        return not self.violations


def run_checks(checks: Sequence[Check], staged: Mapping[str, pl.DataFrame]) -> tuple[CheckOutcome, ...]:
    """Return what each rule says of the staged rows, rules for absent tables left out."""
    return tuple(
        CheckOutcome(check.name, check.tables[0], check.is_blocking, tuple(check.find(staged)))
        for check in checks
        if all(table in staged for table in check.tables)
    )
