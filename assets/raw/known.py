"""What the raw zone holds already, so that each address is fetched once and the same bytes are kept once."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from assets.raw.documents import weekend_and_season
from assets.raw.rows import RAW_TABLES, current_rows, to_response
from lake.lake import Lake
from sources.responses import Response


@dataclass
class KnownResponses:
    """Newest responses of one weekend and its season.

    Bodies are read only once a remote layer asks what is known: a local source is compared by digest.

    Attributes:
        lake: The lake.
        weekend_key: The weekend.
    """

    lake: Lake
    weekend_key: str
    _digests: dict[str, tuple[int, str]] | None = field(default=None)
    _responses: dict[str, Response] | None = field(default=None)

    def get(self, url: str) -> Response | None:
        """Return the newest stored response of an address, or null."""
        if self._responses is None:
            self._responses = {
                row["url"]: to_response(row)
                for table in RAW_TABLES.values()
                for row in self._read(table, None).iter_rows(named=True)
            }
        return self._responses.get(url)

    def is_new(self, response: Response) -> bool:
        """Return whether a response's bytes differ from the newest of its address.

        Two answers that a document does not exist are the same, whatever page the upstream sends with them.
        """
        if self._digests is None:
            self._digests = {}
            for table in RAW_TABLES.values():
                rows = self._read(table, ("url", "http_status", "sha256", "fetched_at", "weekend_key"))
                pairs = zip(rows["http_status"], rows["sha256"], strict=True)
                self._digests |= dict(zip(rows["url"], pairs, strict=True))
        known = self._digests.get(response.url)
        if known is None:
            return True
        status, sha256 = known
        return status != response.status or (response.is_found and sha256 != response.sha256)

    def forget(self) -> None:
        """Read anew when asked next: rows were appended."""
        self._digests = None
        self._responses = None

    def _read(self, table: str, columns: tuple[str, ...] | None) -> pl.DataFrame:
        where = weekend_and_season(self.weekend_key)
        return current_rows(pl.DataFrame(pl.from_arrow(self.lake.read(table, where, columns, release=None))))
