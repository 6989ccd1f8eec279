"""The calendars of a season, before any run: which weekends there are, and which have started.

The documents go to the raw zone first, as everything that is fetched does, so that the runs that follow do
not ask for them again.
"""

import datetime as dt
import uuid

from assets.calendars import SeasonCalendars
from assets.processed.season import read_calendars
from assets.raw.documents import RawDocuments
from assets.raw.known import KnownResponses
from assets.raw.rows import response_rows
from lake.lake import Lake
from lake.tables.registry import ALL_TABLES
from racing.keys import weekend_key
from sources.fetch import fetch_season
from sources.fetch_documents import FetchOptions
from sources.open_source import Source


def season_calendars(lake: Lake, source: Source, season: int) -> SeasonCalendars:
    """Return both calendars of a season, fetched where they are not in the raw zone or may have changed.

    Args:
        lake: The lake.
        source: Where to look.
        season: Year.

    Raises:
        SourceError: If a calendar cannot be had or read.
    """
    asked_at = dt.datetime.now(dt.UTC)
    any_weekend = weekend_key(season, 1)  # documents of the season are kept beside those of any weekend
    known = KnownResponses(lake, any_weekend)
    answers = fetch_season(source, season, FetchOptions(known=known.get))
    new = {
        answer.response.url: (answer.request, answer.response)
        for answer in answers
        if answer.response is not None and known.is_new(answer.response)
    }
    if new:
        with lake.step(run_id=str(uuid.uuid4()), name="calendars") as step:
            for table, rows in response_rows(new.values(), asked_at).items():
                step.append_raw(ALL_TABLES[table], rows)
            step.commit()
    return read_calendars(lake, RawDocuments(lake, any_weekend), season)
