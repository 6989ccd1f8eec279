"""Named errors of the racing package, one per condition."""

from __future__ import annotations


class RacingError(ValueError):
    """Base of all errors of this package."""


class InvalidKeyError(RacingError):
    """A text is not a weekend key, session key or session code."""


class PayloadError(RacingError):
    """The payload of a live-timing message cannot be unpacked."""


class WeekendMismatchError(RacingError):
    """Two calendars place different events on one date."""


class AmbiguousWeekendError(RacingError):
    """An event of one calendar fits several events of the other equally well."""


class UnknownWeekendError(RacingError):
    """A weekend key is not among the weekends of its season."""


class MissingColumnsError(RacingError):
    """A frame lacks columns that a computation needs."""


class UnknownRuleError(RacingError):
    """A rule for a difference between sources has no description."""
