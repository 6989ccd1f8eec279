"""Named errors of the racing package, one per condition."""

from __future__ import annotations


class RacingError(ValueError):
    """Base of all errors of this package."""


class InvalidKeyError(RacingError):
    """A text is not a weekend key, session key or session code."""
