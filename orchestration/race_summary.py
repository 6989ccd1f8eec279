"""What a race was, in the few tables that the demo prints and draws."""

from dataclasses import dataclass

import polars as pl

from charts.page import RacePage, render_page
from lake.lake import Lake

_ENTRIES_SQL = """
select
    results.car_number,
    results.result_order,
    results.grid_position,
    identities.driver_code,
    identities.full_name,
    identities.team_name,
    identities.team_colour
from curated.results as results
left join curated.driver_identities as identities
    on identities.session_key = results.session_key and identities.car_number = results.car_number
where results.session_key = '{session_key}'
order by results.result_order
"""

_EVENT_SQL = "select event_name, season from curated.weekends where weekend_key = '{weekend_key}'"


@dataclass(frozen=True)
class RaceSummary:
    """One race.

    Attributes:
        title: Season and name of the event.
        laps: ``curated.laps`` of the race.
        stints: ``curated.stints`` of the race.
        results: ``curated.results`` of the race, in the order of the result.
        entries: One row per entry in the order of the result: car, names, colour, grid.
    """

    title: str
    laps: pl.DataFrame
    stints: pl.DataFrame
    results: pl.DataFrame
    entries: pl.DataFrame

    def page(self, note: str) -> str:
        """Return the race as one HTML page."""
        return render_page(RacePage(self.title, note, self.laps, self.stints, self.results, self.entries))

    def strategies(self) -> list[tuple[str, list[tuple[str, int]]]]:
        """Return driver code and (compound, laps) of each stint, in the order of the result."""
        stints = self.stints.sort("car_number", "stint_number")
        return [
            (
                entry["driver_code"] or entry["car_number"],
                list(
                    stints.filter(pl.col("car_number") == entry["car_number"])
                    .select("compound", "laps_count")
                    .iter_rows()
                ),
            )
            for entry in self.entries.iter_rows(named=True)
        ]


def summarise_race(lake: Lake, weekend_key: str) -> RaceSummary:
    """Return the race of a weekend.

    Args:
        lake: The lake.
        weekend_key: The weekend; ingested.
    """
    session_key = f"{weekend_key}-R"
    event = lake.query(_EVENT_SQL.format(weekend_key=weekend_key)).to_pylist()[0]
    frames = {
        name: pl.DataFrame(pl.from_arrow(lake.read(f"curated.{name}", {"session_key": session_key})))
        for name in ("laps", "stints", "results")
    }
    return RaceSummary(
        title=f"{event['season']} {event['event_name']}",
        laps=frames["laps"],
        stints=frames["stints"],
        results=frames["results"].sort("result_order"),
        entries=pl.DataFrame(pl.from_arrow(lake.query(_ENTRIES_SQL.format(session_key=session_key)))),
    )
