"""Named errors of the assets package, one per condition."""

from __future__ import annotations


class AssetsError(RuntimeError):
    """Base of all errors of this package."""


class UnknownWeekendError(AssetsError):
    """The season's calendar has no such weekend."""


class UnknownSessionError(AssetsError):
    """The weekend has no such session."""
