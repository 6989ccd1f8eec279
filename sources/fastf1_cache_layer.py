"""``fastf1-cache:<dir>``: an existing FastF1 cache, offline, never written to.

It holds two things: FastF1's parsed files (``<year>/<event>/<session>/*.ff1pkl``) and the HTTP responses
that requests-cache stored in an SQLite file. The SQLite file is opened with ``immutable=1``, so not even a
journal appears beside it.
"""

from __future__ import annotations

import io
import pickle
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import requests

from sources.errors import DamagedCacheError
from sources.parsed_files import PARSED_SUFFIX
from sources.responses import LIVE_TIMING_MIRROR_URL, LIVE_TIMING_URL, Response, canonical_url
from sources.topics import FASTF1_TOPICS, topic_file_name

HTTP_CACHE_NAME = "fastf1_http_cache.sqlite"


class FastF1CacheLayer:
    """Answers from a FastF1 cache folder. The folder is never written to.

    Args:
        folder: The cache folder that FastF1 was configured with.
    """

    is_remote = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._database = self._folder / HTTP_CACHE_NAME

    @property
    def name(self) -> str:
        """``fastf1-cache:`` and the folder."""
        return f"fastf1-cache:{self._folder}"

    def parsed_session(self, api_path: str) -> Path | None:
        """Return the folder of the session's parsed files, or null where there are none."""
        folder = (self._folder / unquote(api_path).removeprefix("/static/")).resolve()
        if not folder.is_relative_to(self._folder) or not any(folder.glob(f"*{PARSED_SUFFIX}")):
            return None
        return folder

    def has_session(self, api_path: str) -> bool:
        """Return whether any stored response is a topic of the session."""
        return any(
            self._key(f"{base}{api_path}{topic_file_name(topic)}") is not None
            for topic in FASTF1_TOPICS
            for base in (LIVE_TIMING_URL, LIVE_TIMING_MIRROR_URL)
        )

    def session_topics(self, api_path: str) -> frozenset[str]:  # noqa: ARG002
        """Return nothing: FastF1 stores the topics that it reads, and those are known."""
        return frozenset()

    def get(self, url: str, previous: Response | None = None) -> Response | None:  # noqa: ARG002
        """Return the stored response of a URL, or null.

        Raises:
            DamagedCacheError: If the stored response cannot be read.
        """
        key = self._key(url)
        if key is None:
            return None
        stored = _stored_response(self._values(key)[0], self._database)
        return Response(
            url=url,
            status=int(stored["status_code"]),
            headers={str(name).lower(): str(value) for name, value in stored["headers"].items()},
            body=stored["_content"] or b"",
            fetched_at=_as_utc(stored.get("created_at"), self._database),
            layer=self.name,
        )

    def _key(self, url: str) -> str | None:
        """Return the key under which the response of a URL is stored, or null."""
        if not self._database.is_file():
            return None
        if self._scanned_keys is not None:
            return self._scanned_keys.get(canonical_url(url))
        candidates = (url, quote(url, safe=":/?=&%~"))
        keys = (_request_key(candidate) for candidate in dict.fromkeys(candidates))
        return next((key for key in keys if key in self._keys), None)

    @cached_property
    def _keys(self) -> frozenset[str]:
        return frozenset(key for (key,) in self._select("SELECT key FROM responses"))

    @cached_property
    def _scanned_keys(self) -> dict[str, str] | None:
        """URL to key, read from all stored responses; null where keys can be computed.

        Keys depend on the version of requests-cache that wrote them. One stored response tells whether the
        installed version computes the same.
        """
        for key, value in self._select("SELECT key, value FROM responses LIMIT 1"):
            if _request_key(_requested_url(_stored_response(value, self._database))) == key:
                return None
        rows = self._select("SELECT key, value FROM responses")
        return {
            canonical_url(_requested_url(_stored_response(value, self._database))): key for key, value in rows
        }

    def _values(self, key: str) -> list[bytes]:
        return [value for (value,) in self._select("SELECT value FROM responses WHERE key = ?", key)]

    def _select(self, query: str, *values: str) -> Iterator[tuple[Any, ...]]:
        try:
            with closing(
                sqlite3.connect(f"{self._database.as_uri()}?mode=ro&immutable=1", uri=True)
            ) as connection:
                yield from connection.execute(query, values)
        except sqlite3.Error as error:
            raise DamagedCacheError(
                f"{self._database} cannot be read: {error}. Copy the cache again, or leave it out"
            ) from error


def _request_key(url: str) -> str:
    """Return the key that requests-cache gives a plain GET of a URL."""
    from requests_cache.cache_keys import create_key
    from requests_cache.serializers import pickle_serializer

    return str(create_key(requests.Request("GET", url), serializer=pickle_serializer))


def _requested_url(stored: dict[str, Any]) -> str:
    return str((stored.get("request") or {}).get("url") or stored.get("url") or "")


class _PlainUnpickler(pickle.Unpickler):
    """Reads a pickle of plain values; a stored response names no class."""

    def find_class(self, module: str, name: str) -> object:
        """Refuse every name."""
        raise pickle.UnpicklingError(f"it names {module}.{name}")


def _stored_response(value: bytes, database: Path) -> dict[str, Any]:
    try:
        stored = _PlainUnpickler(io.BytesIO(value)).load()
    except (pickle.UnpicklingError, EOFError, ValueError, TypeError, IndexError) as error:
        raise DamagedCacheError(
            f"{database} holds a response that cannot be read: {error}. Leave this cache out of the source"
        ) from error
    if not isinstance(stored, dict) or not {"_content", "status_code", "headers"} <= stored.keys():
        raise DamagedCacheError(f"{database} holds something that is no response. Leave it out of the source")
    return stored


def _as_utc(created_at: object, database: Path) -> datetime:
    """Return when a response was stored; the time of the file where the cache does not say."""
    if isinstance(created_at, str):
        moment = datetime.fromisoformat(created_at)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    return datetime.fromtimestamp(database.stat().st_mtime, UTC)
