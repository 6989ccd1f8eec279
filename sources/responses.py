"""What one fetch gives back, byte for byte, and what a layer of a source must be able to do.

The vocabulary of transport belongs here: ``Response``, ``SourceLayer`` and how URLs are compared.
Where the bytes come from is in the ``*_layer.py`` modules.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit, urlunsplit

LIVE_TIMING_URL = "https://livetiming.formula1.com"
LIVE_TIMING_MIRROR_URL = "https://livetiming-mirror.fastf1.dev"
JOLPICA_URL = "https://api.jolpi.ca/ergast/f1"
SCHEDULE_URL = "https://raw.githubusercontent.com/theOehrly/f1schedule/master"
CIRCUIT_URL = "https://api.multiviewer.app/api/v1/circuits"


@dataclass(frozen=True)
class Response:
    """One answer of an upstream, as it was received.

    Attributes:
        url: URL that answered.
        status: HTTP status. 200, or 404 for "does not exist".
        headers: Response headers, names in lower case.
        body: Payload bytes, after transfer and content encoding were undone, otherwise untouched.
        fetched_at: UTC time of the fetch, or of the stored copy where that is not known.
        layer: Where it came from: ``online``, ``mirror:<dir>``, ``fastf1-cache:<dir>``.
        channel: ``archive`` or ``live``.
    """

    url: str
    status: int
    headers: Mapping[str, str] = field(hash=False)
    body: bytes = field(repr=False)
    fetched_at: datetime
    layer: str
    channel: str = "archive"

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the body, in hexadecimal."""
        return hashlib.sha256(self.body).hexdigest()

    @property
    def layer_kind(self) -> str:
        """Kind of the layer without its folder: ``online``, ``mirror``, ``fastf1-cache``, ``synthetic``."""
        return self.layer.partition(":")[0]

    @property
    def is_found(self) -> bool:
        """True where the document exists (status 200)."""
        return self.status == 200


Known = Callable[[str], Response | None]
"""Looks up the newest stored response of a URL, or null: what the raw zone holds already."""


class SourceLayer(Protocol):
    """One place that documents can come from."""

    @property
    def name(self) -> str:
        """Text that names the layer, such as ``mirror:/data/mirror``."""

    @property
    def is_remote(self) -> bool:
        """True where asking costs a request to an upstream."""

    def get(self, url: str, previous: Response | None = None) -> Response | None:
        """Return the layer's answer for a URL; null where the layer does not have it.

        Args:
            url: URL to look up.
            previous: Newest stored response of the URL, for a conditional request.
        """

    def has_session(self, api_path: str) -> bool:
        """Return whether the layer has wire files of the session at this archive path."""

    def session_topics(self, api_path: str) -> frozenset[str]:
        """Return the topics that the layer has of a session, as far as it knows without asking anybody."""

    def parsed_session(self, api_path: str) -> Path | None:
        """Return the folder with FastF1's parsed files of the session, or null."""


# Most URLs are: a mirror has thousands, and taking each apart is slow.
_CANONICAL = re.compile(r"https?://[a-z0-9.-]+(?::\d+)?/[\w./~+,=-]*(?:\?[\w./~+,=&-]+)?", re.ASCII)


def canonical_url(url: str) -> str:
    """Return the spelling under which a URL is compared: host in lower case, path unescaped, no fragment."""
    if _CANONICAL.fullmatch(url):
        return url
    parts = urlsplit(url)
    return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), unquote(parts.path), parts.query, ""))
