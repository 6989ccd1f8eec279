"""Errors of the invented weekend, one per condition."""

from __future__ import annotations


class SyntheticError(Exception):
    """Base of this package's errors."""


class WeekendOptionsError(SyntheticError, ValueError):
    """The options ask for a weekend that cannot be made."""


class MirrorFolderError(SyntheticError):
    """The folder to write the weekend into cannot be used."""


class NothingToBreakError(SyntheticError, ValueError):
    """A fault was asked for that the written weekend has no place for."""
