"""``online``: the real upstreams, through FastF1's own requests session.

There is no cache here; the raw zone is the only one. A stored response is revalidated with its ETag or
date (304 gives back the known body), 404 is an answer, 429 is waited out, 5xx and cut-off bodies are tried
again and then an error. Waits are announced with their length.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

import requests

from sources.errors import (
    AccessDeniedError,
    SourceError,
    TruncatedResponseError,
    UpstreamError,
    UpstreamUnreachableError,
)
from sources.f1_account import AccountCredentials, live_timing_adapter
from sources.fastf1_requests import open_fastf1_session, request_headers
from sources.request_book import RequestBook, RequestLimit
from sources.responses import LIVE_TIMING_MIRROR_URL, LIVE_TIMING_URL, Response
from sources.topics import topic_file_name

Announce = Callable[[float, str], None]
"""Told the length of a wait in seconds, and why."""

_TIMEOUT_S = (10, 120)
_DEFAULT_RETRY_AFTER_S = 60.0
_QUIET_WAIT_S = 2.0


def _why(error: requests.RequestException) -> str:
    """Return in a few words why there was no answer; the library's own text is pages of nested classes."""
    if isinstance(error, requests.ConnectTimeout):
        return f"no connection within {_TIMEOUT_S[0]} s"
    if isinstance(error, requests.Timeout):
        return f"no answer within {_TIMEOUT_S[1]} s"
    if isinstance(error, requests.exceptions.ProxyError):
        return "the proxy does not let it through"
    if isinstance(error, requests.exceptions.SSLError):
        return "its certificate is not accepted"
    if "resolve" in str(error):
        return "its name is not known: is there a network at all?"
    return "no connection"


def _say_nothing(_seconds: float, _reason: str) -> None:
    """Announce nothing."""


@dataclass(frozen=True)
class OnlineSettings:
    """How the upstreams are asked.

    Attributes:
        home: Folder of the request book, shared by all processes.
        base_urls: Address prefix to the prefix that is really asked, to redirect an upstream.
        credentials: Formula 1 account; null asks without signing in.
        announce: Told about every wait of more than two seconds before it begins.
        attempts: How often a request is tried.
        backoff_s: Wait before the second try; doubled each time.
        longest_wait_s: A longer Retry-After is an error instead of a wait.
        sleep: Waits a number of seconds.
        clock: Returns seconds since 1970.
    """

    home: Path
    base_urls: Mapping[str, str] = field(default_factory=dict)
    credentials: AccountCredentials | None = None
    announce: Announce = _say_nothing
    attempts: int = 4
    backoff_s: float = 2.0
    longest_wait_s: float = 3700.0
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.time


class OnlineLayer:
    """Asks the real upstreams.

    Args:
        settings: How they are asked.
    """

    is_remote = True
    name = "online"

    def __init__(self, settings: OnlineSettings) -> None:
        self._settings = settings
        self._book = RequestBook(settings.home)
        self._session: requests.Session | None = None
        self._has_live_timing_adapter = False
        self._asked: dict[str, Response] = {}

    def parsed_session(self, api_path: str) -> Path | None:  # noqa: ARG002 (upstreams send wire files only)
        """Return null: upstreams never send parsed files."""
        return None

    def has_session(self, api_path: str) -> bool:
        """Return whether the archive or FastF1's mirror knows the session."""
        for base in (LIVE_TIMING_URL, LIVE_TIMING_MIRROR_URL):
            url = f"{base}{api_path}{topic_file_name('SessionInfo')}"
            try:
                response = self._ask(url, None)
            except AccessDeniedError:
                continue
            self._asked[url] = response
            if response.is_found:
                return True
        return False

    def session_topics(self, api_path: str) -> frozenset[str]:  # noqa: ARG002
        """Return nothing: the index of the session, once fetched, says what there is."""
        return frozenset()

    def get(self, url: str, previous: Response | None = None) -> Response | None:
        """Return the upstream's answer.

        Args:
            url: Address.
            previous: Newest stored response; where the upstream says it still holds, it comes back with
                the time of this request.

        Raises:
            AccessDeniedError: If the upstream refuses (401, 403).
            TruncatedResponseError: If the body is cut off each time.
            UpstreamUnreachableError: If there is no answer.
            UpstreamError: If the upstream fails each time, or asks for too long a wait.
        """
        return self._asked.pop(url, None) or self._ask(url, previous)

    def expected_wait_s(self, urls: list[str]) -> float:
        """Return how long asking these addresses takes by the limits alone."""
        return self._book.expected_wait_s([self._target(url) for url in urls], self._settings.clock())

    def _ask(self, url: str, previous: Response | None) -> Response:
        failure: SourceError = UpstreamError(f"{url} was never asked")
        wait_s, reason = 0.0, ""
        for attempt in range(self._settings.attempts):
            if attempt:
                self._wait(wait_s, reason)
            try:
                reply = self._send(url, previous)
            except TruncatedResponseError as error:
                failure, reason = error, "the answer was cut off"
            except UpstreamUnreachableError as error:
                failure, reason = error, "there was no answer"
            else:
                answer = self._read(url, reply, previous)
                if isinstance(answer, Response):
                    return answer
                failure, reason = answer, f"the upstream answered {reply.status_code}"
                if reply.status_code == requests.codes.too_many_requests:
                    wait_s = self._retry_after_s(reply, url)
                    continue
            wait_s = self._settings.backoff_s * 2**attempt
        raise failure

    def _send(self, url: str, previous: Response | None) -> requests.Response:
        """Return one reply, whole."""
        target = self._target(url)
        session = self._open_session(target)
        try:
            reply = session.get(target, headers=request_headers(url, previous), timeout=_TIMEOUT_S)
        except (requests.exceptions.ChunkedEncodingError, requests.exceptions.ContentDecodingError) as error:
            raise TruncatedResponseError(
                f"{url} broke off before its end, {self._settings.attempts} times in a row: try again later"
            ) from error
        except requests.RequestException as error:
            raise UpstreamUnreachableError(
                f"{urlsplit(target).hostname} could not be reached ({_why(error)}), asked for {url}. Check "
                "the network, or work without it: --source mirror:DIR or fastf1-cache:DIR"
            ) from error
        promised = reply.headers.get("content-length")
        is_plain = "content-encoding" not in reply.headers
        if promised is not None and is_plain and int(promised) != len(reply.content):
            raise TruncatedResponseError(
                f"{url} sent {len(reply.content)} of {promised} bytes, "
                f"{self._settings.attempts} times in a row: try again later"
            )
        return reply

    def _read(self, url: str, reply: requests.Response, previous: Response | None) -> Response | SourceError:
        """Return the answer, or the failure that a repeated request may mend."""
        now = datetime.fromtimestamp(self._settings.clock(), UTC)
        status = reply.status_code
        headers = {name.lower(): value for name, value in reply.headers.items()}
        if status == requests.codes.not_modified and previous is not None:
            return replace(previous, fetched_at=now, layer=self.name)
        if status == requests.codes.ok:
            return Response(url, status, headers, reply.content, now, self.name)
        if status in {requests.codes.not_found, requests.codes.gone}:
            return Response(url, requests.codes.not_found, headers, reply.content, now, self.name)
        if status in {requests.codes.unauthorized, requests.codes.forbidden}:
            raise AccessDeniedError(
                f"{url} was refused ({status}): see `f1lake doctor` on the Formula 1 account"
            )
        failure = UpstreamError(
            f"{url} answered {status}, {self._settings.attempts} times in a row: the upstream has a problem, "
            "try again later"
        )
        if status == requests.codes.too_many_requests or status >= requests.codes.server_error:
            return failure
        raise UpstreamError(f"{url} answered {status}, which is not expected: report it")

    def _retry_after_s(self, reply: requests.Response, url: str) -> float:
        """Return how long the upstream asks to wait."""
        text = reply.headers.get("retry-after", "").strip()
        seconds = float(text) if text.isdigit() else _seconds_until(text, self._settings.clock())
        if seconds > self._settings.longest_wait_s:
            raise UpstreamError(f"{url} asks to wait {seconds:.0f} s, which is too long: try again then")
        return seconds

    def _wait(self, seconds: float, reason: str) -> None:
        if seconds > _QUIET_WAIT_S:
            self._settings.announce(seconds, reason)
        self._settings.sleep(seconds)

    def _target(self, url: str) -> str:
        for prefix, replacement in self._settings.base_urls.items():
            if url.startswith(prefix):
                return replacement + url.removeprefix(prefix)
        return url

    def _open_session(self, target: str) -> requests.Session:
        """Return FastF1's requests session, with limiters that wait instead of giving up."""
        if self._session is None:
            self._session = open_fastf1_session(self._reserve)
        if target.startswith(LIVE_TIMING_URL) and not self._has_live_timing_adapter:
            self._session.mount(f"{LIVE_TIMING_URL}/", live_timing_adapter(self._settings.credentials))
            self._has_live_timing_adapter = True
        return self._session

    def _reserve(self, limits: tuple[RequestLimit, ...]) -> None:
        seconds = self._book.reserve(limits, self._settings.clock())
        if seconds > 0:
            self._wait(
                seconds, f"the limit of {limits[0].calls_per_hour} requests an hour to {limits[0].group}"
            )


def _seconds_until(date: str, now: float) -> float:
    """Return the seconds from now to a date of a header; a minute where there is no such date."""
    try:
        return max(0.0, parsedate_to_datetime(date).timestamp() - now)
    except ValueError:
        return _DEFAULT_RETRY_AFTER_S
