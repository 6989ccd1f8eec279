"""The weekends of the calendars that the lake holds: found by name without asking any source."""

from typing import TYPE_CHECKING

from orchestration.weekend_ranges import WeekendRange, named_weekend, names_weekend, read_range
from sources.calendar_documents import CalendarWeekend

if TYPE_CHECKING:
    from lake.lake import Lake

_COLUMNS = ["season", "weekend_key", "round_number", "event_name", "country", "location", "scheduled_date"]


def held_calendar(lake: "Lake", season: int) -> list[CalendarWeekend]:
    """Return the weekends of a season as ``curated.weekends`` has them, without sessions; none before a run.

    Args:
        lake: The lake.
        season: Year.
    """
    rows = lake.read("curated.weekends", {"season": season}, _COLUMNS).to_pylist()
    return [
        CalendarWeekend(
            weekend_key=row["weekend_key"],
            season=season,
            round_number=row["round_number"],
            test_number=None if row["round_number"] else int(row["weekend_key"][-1]),
            event_name=row["event_name"],
            event_date=row["scheduled_date"],
            sessions=(),
            country=row["country"],
            location=row["location"],
        )
        for row in sorted(rows, key=lambda row: str(row["weekend_key"]))
    ]


def held_range(lake: "Lake", text: str) -> WeekendRange | None:
    """Return the range that a text names, by key or by a name such as ``2024-monaco``.

    Args:
        lake: The lake.
        text: A weekend, season or range, as a person wrote it.

    Returns:
        The range; null where the text is a name and the lake has nothing of its season.

    Raises:
        InvalidWeekendRangeError: If the text is none, or no weekend or several of the season are called so.
    """
    season = names_weekend(text)
    if season is None:
        return read_range(text)
    calendar = held_calendar(lake, season)
    if not calendar:
        return None
    weekend = named_weekend(text, lambda _season: calendar)
    return None if weekend is None else WeekendRange(weekend.weekend_key, weekend.weekend_key)
