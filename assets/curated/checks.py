"""Rules that the curated step runs over its rows before anything is committed: racing's invariants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from lake.checks import Check
from racing.invariant import Invariant
from racing.invariants import INVARIANTS

_SHOWN = 20


def _as_check(invariant: Invariant) -> Check:
    """Return an invariant as a rule of a step."""

    def find(frames: Mapping[str, pl.DataFrame]) -> Sequence[str]:
        found = invariant.check(frames)
        shown = [str(violation) for violation in found[:_SHOWN]]
        more = len(found) - len(shown)
        return [*shown, f"and {more} more"] if more > 0 else shown

    return Check(invariant.name, find, invariant.tables, invariant.is_blocking, _description(invariant))


def _description(invariant: Invariant) -> str:
    """Return what an invariant finds, as the first line of its function says it."""
    first_line = (invariant.check.__doc__ or "").strip().partition("\n")[0]
    return first_line.replace("Return ", "Finds ", 1)


CURATED_CHECKS: tuple[Check, ...] = tuple(_as_check(invariant) for invariant in INVARIANTS)
"""Blocking invariants stop the commit; the others are shown as warnings."""
