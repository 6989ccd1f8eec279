"""Rules that the curated step runs over its rows before anything is committed."""

from __future__ import annotations

from lake.checks import Check

CURATED_CHECKS: tuple[Check, ...] = ()
