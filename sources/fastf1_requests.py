"""FastF1's own requests session, with limiters that wait for the request book instead of giving up."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import requests

from sources.request_book import ANY_LIMIT, JOLPICA_LIMIT, RequestLimit
from sources.responses import LIVE_TIMING_MIRROR_URL, LIVE_TIMING_URL, Response

Reserve = Callable[[tuple[RequestLimit, ...]], None]
"""Reserves the next moment that the limits allow, and waits for it."""

_THIS_MACHINE = r"(?:localhost|127\.|\[::1\])"
_JOLPICA = r"(?:[\w-]+\.)?jolpi\.ca"


@dataclass(frozen=True)
class _BookLimiter:
    """One of FastF1's limiters."""

    reserve: Reserve
    limits: tuple[RequestLimit, ...]

    def limit(self) -> None:
        """Wait for the reserved moment."""
        self.reserve(self.limits)


def open_fastf1_session(reserve: Reserve) -> requests.Session:
    """Return a session of FastF1's class that never signs in by itself.

    FastF1 counts per process, and counts requests to this machine too; the book counts for all processes
    of a home, and real hosts only.

    Args:
        reserve: Called before each request to a real host.
    """
    from fastf1.req import _SessionWithRateLimiting

    session: Any = _SessionWithRateLimiting()
    session._RATE_LIMITS = {
        re.compile(rf"^https?://{_JOLPICA}"): [_BookLimiter(reserve, (JOLPICA_LIMIT, ANY_LIMIT))],
        re.compile(rf"^https?://(?!{_THIS_MACHINE}|{_JOLPICA})"): [_BookLimiter(reserve, (ANY_LIMIT,))],
    }
    session.mount(f"{LIVE_TIMING_URL}/", requests.adapters.HTTPAdapter())
    opened: requests.Session = session
    return opened


def request_headers(url: str, previous: Response | None) -> dict[str, str]:
    """Return FastF1's headers for an upstream, and the conditions of a stored response.

    Args:
        url: Address that is asked.
        previous: Newest stored response, or null.
    """
    from fastf1 import _api
    from fastf1.ergast.interface import HEADERS

    is_live_timing = url.startswith((LIVE_TIMING_URL, LIVE_TIMING_MIRROR_URL))
    headers = dict(_api.headers if is_live_timing else HEADERS)
    if previous is not None and previous.is_found:
        for stored, condition in (("etag", "If-None-Match"), ("last-modified", "If-Modified-Since")):
            if stored in previous.headers:
                headers[condition] = previous.headers[stored]
    return headers
