"""What the raw zone holds for one weekend: an index without bodies, and bodies where they are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import polars as pl

from assets.raw.rows import RAW_TABLES, SCHEMA, content_rows, is_without_content, to_response
from lake.lake import Lake
from racing.keys import season_of
from sources.responses import Response

_INDEX_COLUMNS = tuple(name for name in SCHEMA if name not in ("body", "headers"))


def weekend_and_season(weekend_key: str) -> dict[str, object]:
    """Return the filter for the rows of a weekend, and for those of its season that belong to no weekend."""
    return {"season": season_of(weekend_key), "weekend_key": (weekend_key, None)}


@dataclass
class RawDocuments:
    """Current documents of one weekend and of its season.

    Attributes:
        lake: The lake.
        weekend_key: The weekend.
    """

    lake: Lake
    weekend_key: str
    _indexes: dict[str, pl.DataFrame] = field(default_factory=dict)

    def index(self, kind: str) -> pl.DataFrame:
        """Return the current rows of a kind of document without bodies: this weekend's and the season's.

        Args:
            kind: ``live_timing``, ``jolpica``, ``calendar`` or ``circuit``.
        """
        if kind not in self._indexes:
            rows = self.lake.read(
                RAW_TABLES[kind],
                where=weekend_and_season(self.weekend_key),
                columns=_INDEX_COLUMNS,
                release=None,
            )
            self._indexes[kind] = content_rows(pl.DataFrame(pl.from_arrow(rows)))
        return self._indexes[kind]

    def found(self, kind: str, *, topic: str | None = None, session_key: str | None = None) -> pl.DataFrame:
        """Return the index rows that hold a document: those without content first, then oldest first."""
        rows = self.index(kind).filter(pl.col("http_status") == 200)
        if topic is not None:
            rows = rows.filter(pl.col("topic") == topic)
        if session_key is not None:
            rows = rows.filter(pl.col("session_key") == session_key)
        return rows.sort(~is_without_content(), "fetched_at")

    def session_topics(self, session_key: str) -> dict[str, str]:
        """Return topic to digest of a session's live-timing documents; the newest where there are two."""
        rows = self.found("live_timing", session_key=session_key)
        return dict(zip(rows["topic"], rows["sha256"], strict=True))

    def digests(self, kind: str, topics: Iterable[str]) -> dict[str, str]:
        """Return topic (and address) to digest of the documents of some topics."""
        rows = self.found(kind).filter(pl.col("topic").is_in(list(topics)))
        return {
            f"{topic} {url}": sha256
            for topic, url, sha256 in zip(rows["topic"], rows["url"], rows["sha256"], strict=True)
        }

    def responses(self, kind: str, rows: pl.DataFrame) -> list[Response]:
        """Return the responses of some index rows, bodies included, in the order of the rows.

        Args:
            kind: Kind of document.
            rows: Rows of ``index`` or ``found``.
        """
        if rows.is_empty():
            return []
        stored = self.lake.read(
            RAW_TABLES[kind],
            where={**weekend_and_season(self.weekend_key), "url": rows["url"].to_list()},
            release=None,
        )
        frame = pl.DataFrame(pl.from_arrow(stored))
        by_key = {(row["url"], row["fetched_at"]): row for row in frame.iter_rows(named=True)}
        return [
            to_response(by_key[url, fetched_at])
            for url, fetched_at in zip(rows["url"], rows["fetched_at"], strict=True)
        ]

    def session_responses(self, session_key: str) -> Mapping[str, Response]:
        """Return topic to response of a session's live-timing documents."""
        rows = self.found("live_timing", session_key=session_key)
        newest = rows.unique("topic", keep="last", maintain_order=True)
        return dict(zip(newest["topic"], self.responses("live_timing", newest), strict=True))
