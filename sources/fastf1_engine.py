"""FastF1, unmodified, reading bytes that we hold: no network, and its own state put back afterwards.

Mounting is process-wide (FastF1 keeps its cache settings on a class), so one session is read at a time
under a lock. What FastF1 logs is caught, because it reports most failures as warnings and goes on.
"""

from __future__ import annotations

import io
import logging
import threading
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import requests
from requests.adapters import BaseAdapter

_LOCK = threading.RLock()

_CACHE_STATE: dict[str, Any] = {
    "_CACHE_DIR": None,
    "_IGNORE_VERSION": False,
    "_FORCE_RENEW": False,
    "_requests_session_cached": None,
    "_no_cached_warned": True,
    "_http_tmp_disabled": False,
    "_func_tmp_disabled": False,
    "_ci_mode": False,
}
"""FastF1's cache switched off; ``_no_cached_warned`` keeps it from making a cache in the home folder."""


@dataclass
class FastF1Log:
    """What FastF1 said while it was mounted.

    Attributes:
        warnings: Messages of warnings and errors, in order, each once.
        failures: What it caught and passed over: part of the session to the exception.
    """

    warnings: list[str] = field(default_factory=list)
    failures: dict[str, BaseException] = field(default_factory=dict)


class HeldResponsesAdapter(BaseAdapter):
    """Answers requests from bytes by file name or URL; everything else is 404.

    Args:
        topics: Live-timing file name, such as ``TimingData.jsonStream``, to bytes. One session only, so
            the name is enough, whatever folder FastF1 works out.
        documents: Other documents, path in lower case (without host, query and ending) to bytes.
    """

    def __init__(self, topics: Mapping[str, bytes], documents: Mapping[str, bytes]) -> None:
        super().__init__()
        self._topics = topics
        self._documents = documents

    def send(self, request: requests.PreparedRequest, *_args: object, **_kwargs: object) -> requests.Response:
        """Return the held bytes for a request, or 404."""
        path = unquote(urlsplit(request.url or "").path)
        body = self._documents.get(document_path(path))
        if body is None and path.startswith("/static/"):
            body = self._topics.get(path.rpartition("/")[2])
        response = requests.Response()
        response.status_code = 404 if body is None else 200
        response.reason = "Not Found" if body is None else "OK"
        response.url = request.url or ""
        response.request = request
        response.encoding = "utf-8"
        response.raw = io.BytesIO(body or b"")
        return response

    def close(self) -> None:
        """Do nothing: there is no connection."""


def document_path(path: str) -> str:
    """Return the form under which documents are held: lower case, no ``.json`` and no closing slash."""
    return path.lower().rstrip("/").removesuffix(".json")


@contextmanager
def mounted_fastf1(
    topics: Mapping[str, bytes], documents: Mapping[str, bytes], parsed_cache: Path | None = None
) -> Iterator[FastF1Log]:
    """Mount held bytes on FastF1 for the length of a ``with`` block.

    Args:
        topics: Live-timing file name to bytes.
        documents: Path of another document (see ``document_path``) to bytes.
        parsed_cache: Scratch folder with a copy of FastF1's parsed files, which FastF1 may write to.

    Yields:
        What FastF1 logs, filled while the block runs.
    """
    session = requests.Session()
    session.trust_env = False
    adapter = HeldResponsesAdapter(topics, documents)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    cache = None if parsed_cache is None else str(parsed_cache)
    with (
        fastf1_cache_state(_requests_session=session, _CACHE_DIR=cache),
        _captured_log() as log,
        warnings.catch_warnings(),
        session,
    ):
        warnings.simplefilter("ignore")
        yield log


@contextmanager
def fastf1_cache_state(**changes: object) -> Iterator[None]:
    """Switch FastF1's cache off for the length of a ``with`` block, under the lock, and put it back.

    Args:
        **changes: Attributes of FastF1's cache class that differ from "off".
    """
    from fastf1.req import Cache

    state = _CACHE_STATE | changes
    with _LOCK:
        before = {name: getattr(Cache, name) for name in state}
        try:
            for name, value in state.items():
                setattr(Cache, name, value)
            yield
        finally:
            for name, value in before.items():
                setattr(Cache, name, value)


@contextmanager
def _captured_log() -> Iterator[FastF1Log]:
    """Catch what FastF1 logs, and keep it off the console."""
    from fastf1.logger import LoggingManager

    log = FastF1Log()
    handler = _LogHandler(log)
    logger, console = LoggingManager._root_logger, LoggingManager._console_handler
    debug, level, propagate = LoggingManager.debug, console.level, logger.propagate
    LoggingManager.debug = False
    console.setLevel(logging.CRITICAL + 1)
    logger.propagate = False
    logger.addHandler(handler)
    try:
        yield log
    finally:
        logger.removeHandler(handler)
        logger.propagate = propagate
        console.setLevel(level)
        LoggingManager.debug = debug


class _LogHandler(logging.Handler):
    """Sorts FastF1's records into warnings and passed-over exceptions."""

    _FAILURE = "Traceback for failure in "

    def __init__(self, log: FastF1Log) -> None:
        super().__init__(logging.DEBUG)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one record."""
        message = " ".join(record.getMessage().split())
        if record.exc_info and record.exc_info[1] is not None and message.startswith(self._FAILURE):
            self._log.failures[message.removeprefix(self._FAILURE)] = record.exc_info[1]
        elif record.levelno >= logging.WARNING and message not in self._log.warnings:
            self._log.warnings.append(message)
