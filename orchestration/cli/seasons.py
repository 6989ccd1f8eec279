"""``f1lake status --seasons``: what is there of each season, as a table."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from orchestration.season_coverage import SeasonCoverage

_HEADINGS = (
    "season",
    "weekends",
    "R",
    "Q",
    "S",
    "table",
    "timed",
    "cars",
    "charts",
    "stops",
    "laps",
    "gaps",
)
"""Short enough for a terminal of 80 columns; the line below the table says what they mean."""


def show_seasons(console: "Console", seasons: "Iterable[SeasonCoverage]") -> None:
    """Print a row for each season, and below what is missing.

    Args:
        console: Where to print.
        seasons: Seasons in order.
    """
    from rich import box
    from rich.table import Table
    from rich.text import Text

    page = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), collapse_padding=True)
    for heading in _HEADINGS:
        page.add_column(heading, justify="right", no_wrap=True)
    shown = list(seasons)
    for season in shown:
        page.add_row(*_cells(season))
    console.print(page)
    console.print(
        "[dim]weekends: in the lake/announced. R Q S: official results. table: standings. timed, cars: "
        "sessions with live timing, with car data. charts: races with laps, timed+of official documents. "
        "stops: races with pit stops. gaps: weekends that lack something essential.[/dim]"
    )
    for season in shown:
        if season.gaps:
            console.print(Text(f"{season.season} lacks, by weekends: {season.gaps}", "yellow"))
    console.print("Also as SQL: [bold]select * from marts.dim_season_coverage[/bold]")


def _cells(season: "SeasonCoverage") -> tuple[str, ...]:
    timed, official = season.lap_races
    counts = (
        *season.results,
        season.standings,
        season.timed_sessions,
        season.telemetry_sessions,
    )
    return (
        str(season.season),
        f"{season.weekends_in_lake}/{season.weekends}",
        *(str(count) if count else "-" for count in counts),
        f"{timed}+{official}" if timed or official else "-",
        str(season.pit_stop_races or "-"),
        f"{season.laps:,}" if season.laps else "-",
        str(season.partial_weekends or "-"),
    )
