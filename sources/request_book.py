"""How often each upstream was asked, kept in a small file that all processes of a home share.

The limits are FastF1's: 4 requests a second, 200 an hour to Jolpica, 500 an hour in all. They exist
because some upstreams are run by individuals in their spare time. A request reserves its moment in the
book before it is sent; a moment in the future is a wait.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

HOUR_S = 3600.0
BOOK_NAME = "requests.sqlite"


@dataclass(frozen=True)
class RequestLimit:
    """A limit on one group of upstreams.

    Attributes:
        group: Name of the group.
        calls_per_hour: Most requests in any hour.
        interval_s: Least seconds between two requests.
    """

    group: str
    calls_per_hour: int
    interval_s: float = 0.25


JOLPICA_LIMIT = RequestLimit("jolpica", 200)
ANY_LIMIT = RequestLimit("any", 500)


def limits_of(url: str) -> tuple[RequestLimit, ...]:
    """Return the limits that a request counts against; none for this machine itself."""
    host = urlsplit(url).hostname or ""
    if host in {"localhost", "::1", ""} or host.startswith("127."):
        return ()
    if host == "jolpi.ca" or host.endswith(".jolpi.ca"):
        return (JOLPICA_LIMIT, ANY_LIMIT)
    return (ANY_LIMIT,)


class RequestBook:
    """The moments at which requests were, or will be, sent.

    Args:
        folder: Folder of the book, the same for all processes that share the limits.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / BOOK_NAME

    def reserve(self, limits: Sequence[RequestLimit], now: float) -> float:
        """Reserve the next moment that all limits allow, and return the seconds until then.

        Args:
            limits: Limits that the request counts against.
            now: Seconds since 1970.
        """
        if not limits:
            return 0.0
        with self._writing() as connection:
            connection.execute("DELETE FROM requests WHERE sent_at < ?", (now - HOUR_S,))
            moment = now
            for limit in limits:
                moment = max(moment, _next_moment(limit, _moments(connection, limit.group)))
            connection.executemany(
                "INSERT INTO requests VALUES (?, ?)", [(limit.group, moment) for limit in limits]
            )
        return moment - now

    def expected_wait_s(self, urls: Sequence[str], now: float) -> float:
        """Return how long sending these requests takes by the limits alone, without reserving anything.

        Args:
            urls: Addresses in the order they would be asked.
            now: Seconds since 1970.
        """
        moments: dict[str, list[float]] = {}
        finish = now
        with self._writing() as connection:
            for group in (JOLPICA_LIMIT.group, ANY_LIMIT.group):
                moments[group] = _moments(connection, group)
        for url in urls:
            limits = limits_of(url)
            moment = max([finish, *(_next_moment(limit, moments[limit.group]) for limit in limits)])
            for limit in limits:
                moments[limit.group].append(moment)
            finish = moment if limits else finish
        return finish - now

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection that alone may write until the block ends."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self._path, timeout=60, isolation_level=None)) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS requests (upstream TEXT, sent_at REAL)")
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")


def _moments(connection: sqlite3.Connection, group: str) -> list[float]:
    query = "SELECT sent_at FROM requests WHERE upstream = ? ORDER BY sent_at"
    return [moment for (moment,) in connection.execute(query, (group,))]


def _next_moment(limit: RequestLimit, moments: list[float]) -> float:
    """Return the first moment that a limit allows after those taken already, in order."""
    if not moments:
        return 0.0
    earliest = moments[-1] + limit.interval_s
    if len(moments) >= limit.calls_per_hour:
        earliest = max(earliest, moments[-limit.calls_per_hour] + HOUR_S)
    return earliest
