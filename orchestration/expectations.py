"""What an ingest will ask of the upstreams, said before it starts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from assets.raw.rows import RAW_TABLES, current_rows
from lake.lake import Lake
from sources.calendar_documents import CalendarWeekend
from sources.fetch_documents import FetchOptions
from sources.open_source import Source
from sources.request_plan import WeekendChoice, plan_requests
from sources.responses import Known, Response

_INDEX_TOPIC = "Index"
_KNOWN_COLUMNS = ("url", "http_status", "sha256", "fetched_at", "channel", "layer")


@dataclass(frozen=True)
class Expectation:
    """What will be asked, at most.

    Attributes:
        weekend_count: Weekends.
        request_count: Requests to upstreams.
        jolpica_count: Those to Jolpica.
        wait_s: Seconds that the limits make it take.
    """

    weekend_count: int
    request_count: int
    jolpica_count: int
    wait_s: float

    def __str__(self) -> str:
        """Return it as one line for a person."""
        weekends = f"{self.weekend_count} weekend{'s' if self.weekend_count != 1 else ''}"
        if not self.request_count:
            return f"{weekends}; no request to any upstream"
        wait = f"at least {_duration(self.wait_s)} by their limits" if self.wait_s >= 1 else "no wait"
        return (
            f"{weekends}; at most {self.request_count:,} requests to upstreams "
            f"({self.jolpica_count:,} to Jolpica), {wait}"
        )


def expected_requests(
    lake: Lake,
    source: Source,
    weekends: Sequence[CalendarWeekend],
    codes: Sequence[str],
    jolpica_rounds: Mapping[str, int | None],
) -> Expectation:
    """Return what ingesting weekends will ask of the upstreams.

    Args:
        lake: The lake, whose raw zone is the only cache.
        source: Where documents come from.
        weekends: Weekends to ingest.
        codes: Session codes; empty means all.
        jolpica_rounds: Weekend to Jolpica's round.
    """
    if not any(layer.is_remote for layer in source.layers):
        return Expectation(len(weekends), 0, 0, 0.0)
    choices = [
        WeekendChoice(
            weekend,
            [session.code for session in weekend.sessions if not codes or session.code in codes],
            jolpica_rounds[weekend.weekend_key],
        )
        for weekend in weekends
    ]
    seasons = sorted({weekend.season for weekend in weekends})
    plan = plan_requests(source, choices, FetchOptions(known=_known(lake, seasons)))
    return Expectation(len(weekends), plan.request_count, plan.jolpica_count, plan.wait_s)


def _known(lake: Lake, seasons: Sequence[int]) -> Known:
    """Return what the raw zone holds of seasons, without the bodies, which may be gigabytes.

    The index of a session is small and says which topics there are, so it comes with its body.
    """
    responses: dict[str, Response] = {}
    for table in RAW_TABLES.values():
        rows = pl.DataFrame(
            pl.from_arrow(lake.read(table, {"season": seasons}, _KNOWN_COLUMNS, release=None))
        )
        responses |= {row["url"]: _response(row, b"") for row in current_rows(rows).iter_rows(named=True)}
    where = {"season": seasons, "topic": _INDEX_TOPIC}
    columns = (*_KNOWN_COLUMNS, "body")
    indexes = lake.read(RAW_TABLES["live_timing"], where, columns, release=None)
    for row in current_rows(pl.DataFrame(pl.from_arrow(indexes))).iter_rows(named=True):
        responses[row["url"]] = _response(row, row["body"])
    return responses.get


def _response(row: Mapping[str, object], body: bytes) -> Response:
    return Response(
        url=str(row["url"]),
        status=int(str(row["http_status"])),
        headers={},
        body=body,
        fetched_at=row["fetched_at"],  # type: ignore[arg-type] # a timestamp of the contract
        layer=str(row["layer"]),
        channel=str(row["channel"]),
    )


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    return (
        f"{seconds:.0f} s"
        if seconds < 90
        else f"{minutes // 60} h {minutes % 60} min"
        if minutes > 90
        else f"{minutes} min"
    )
