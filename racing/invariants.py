"""What is true of every session: invariants that property tests and the audit of each write both use.

An invariant looks at the tables of one or more sessions and returns its violations. Those that follow from
how a table is made block a write; those that only say that the world is as usual warn. The invariants of laps
are in ``racing/lap_invariants.py``, of stints and tyres in ``racing/stint_invariants.py``, of results in
``racing/result_invariants.py``, of race control in ``racing/race_control_invariants.py``; this module has the
vocabulary and the list.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from racing.invariant import Invariant, Violation
from racing.lap_invariants import LAP_INVARIANTS
from racing.race_control_invariants import RACE_CONTROL_INVARIANTS
from racing.result_invariants import RESULT_INVARIANTS
from racing.stint_invariants import STINT_INVARIANTS

INVARIANTS: tuple[Invariant, ...] = (
    *LAP_INVARIANTS,
    *STINT_INVARIANTS,
    *RESULT_INVARIANTS,
    *RACE_CONTROL_INVARIANTS,
)
"""All invariants, by table in the order data flows."""


def invariants_of(tables: frozenset[str]) -> tuple[Invariant, ...]:
    """Return the invariants that can be tested with these tables."""
    return tuple(invariant for invariant in INVARIANTS if tables.issuperset(invariant.tables))


def check_invariants(frames: Mapping[str, pl.DataFrame]) -> dict[str, list[Violation]]:
    """Return the violations of every invariant that can be tested with these tables.

    Args:
        frames: Table name, such as ``curated.laps``, to its rows.

    Returns:
        Name of each invariant that was tested to its violations; none where it holds.
    """
    return {one.name: one.check(frames) for one in invariants_of(frozenset(frames))}
