"""Named errors of the sources package, one per condition; each message says what to do next."""

from __future__ import annotations


class SourceError(Exception):
    """Base of all errors of this package."""


class InvalidSourceError(SourceError):
    """The text that chooses a source is not one, or names a folder that is not there."""


class DamagedMirrorError(SourceError):
    """A mirror's index promises a file that is missing, outside the folder, or has other bytes."""


class DamagedCacheError(SourceError):
    """A FastF1 cache file cannot be read, or holds something that a cache never holds."""


class UpstreamError(SourceError):
    """An upstream kept failing after all retries."""


class UpstreamUnreachableError(UpstreamError):
    """An upstream could not be reached at all: no network, no name, no answer in time."""


class TruncatedResponseError(UpstreamError):
    """An upstream sent fewer bytes than it promised, each time it was asked."""


class AccessDeniedError(UpstreamError):
    """An upstream refused the request (401 or 403)."""


class UnreadableDocumentError(SourceError):
    """A document that the source has cannot be understood."""


class UnreadableSessionError(SourceError):
    """A session that the source has could not be parsed; the message names session, topic and line."""


class IncompleteDocumentError(SourceError):
    """A paged document lacks rows that its own ``total`` promises."""


class UnknownWeekendError(SourceError):
    """The calendar has no such weekend or session."""


class AccountSignInError(SourceError):
    """Signing in to the Formula 1 account failed."""


class WouldAskError(SourceError):
    """A request to an upstream would be needed; raised where nobody may be asked."""
