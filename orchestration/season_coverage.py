"""What the lake holds of each season; plain values for ``f1lake status --seasons``."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lake.lake import Lake
    from orchestration.weekend_ranges import WeekendRange

_SQL = "select * from marts.dim_season_coverage order by season"


@dataclass(frozen=True)
class SeasonCoverage:
    """One season, as ``marts.dim_season_coverage`` has it.

    Attributes:
        season: Year.
        weekends: Weekends announced.
        weekends_in_lake: Those that were ingested.
        results: Races, qualifyings and sprints with an official result.
        standings: Weekends with standings.
        timed_sessions: Sessions with laps of live timing.
        telemetry_sessions: Sessions with car data.
        lap_races: Races with laps, from live timing and of official documents alone.
        pit_stop_races: Races with pit stops.
        laps: Laps in all.
        partial_weekends: Weekends that lack something essential.
        gaps: What is missing, in words; null where nothing is.
        not_kept: What no source has of the season, in words; null where there is nothing of the kind.
    """

    season: int
    weekends: int
    weekends_in_lake: int
    results: tuple[int, int, int]
    standings: int
    timed_sessions: int
    telemetry_sessions: int
    lap_races: tuple[int, int]
    pit_stop_races: int
    laps: int
    partial_weekends: int
    gaps: str | None
    not_kept: str | None


def absent_seasons(found: "Sequence[SeasonCoverage]", ranges: "Sequence[WeekendRange]") -> list[str]:
    """Return the seasons that ranges name and of which nothing was found, neighbours as a range.

    Args:
        found: What was found.
        ranges: Ranges whose seasons are wanted.
    """
    held = {season.season for season in found}
    absent = sorted({season for chosen in ranges for season in chosen.seasons} - held)
    stretches: list[list[int]] = []
    for season in absent:
        if stretches and season == stretches[-1][-1] + 1:
            stretches[-1].append(season)
        else:
            stretches.append([season])
    return [str(one[0]) if len(one) == 1 else f"{one[0]}..{one[-1]}" for one in stretches]


def season_coverages(lake: "Lake", ranges: "Sequence[WeekendRange]" = ()) -> list[SeasonCoverage]:
    """Return what the newest release holds of each season, in order.

    Args:
        lake: The lake.
        ranges: Ranges whose seasons are wanted; none means all.
    """
    wanted = {season for chosen in ranges for season in chosen.seasons}
    return [
        SeasonCoverage(
            season=row["season"],
            weekends=row["weekends_count"],
            weekends_in_lake=row["weekends_in_lake_count"],
            results=(
                row["race_results_count"],
                row["qualifying_results_count"],
                row["sprint_results_count"],
            ),
            standings=row["standings_count"],
            timed_sessions=row["timed_sessions_count"],
            telemetry_sessions=row["telemetry_sessions_count"],
            lap_races=(row["timed_races_count"], row["official_lap_races_count"]),
            pit_stop_races=row["pit_stop_races_count"],
            laps=row["laps_count"],
            partial_weekends=row["partial_weekends_count"],
            gaps=row["gaps"],
            not_kept=row["not_kept"],
        )
        for row in lake.query(_SQL).to_pylist()
        if not ranges or row["season"] in wanted
    ]
