"""``f1lake status --seasons``: a line a season, and what is missing by name."""

from typing import cast

from rich.console import Console

from lake.lake import Lake
from orchestration.cli.seasons import show_seasons
from orchestration.season_coverage import SeasonCoverage, absent_seasons, season_coverages
from orchestration.weekend_ranges import read_range

OLD = {
    "season": 1956,
    "weekends_count": 8,
    "weekends_in_lake_count": 8,
    "race_results_count": 8,
    "qualifying_results_count": 0,
    "sprint_results_count": 0,
    "standings_count": 8,
    "timed_sessions_count": 0,
    "telemetry_sessions_count": 0,
    "timed_races_count": 0,
    "official_lap_races_count": 0,
    "pit_stop_races_count": 0,
    "laps_count": 0,
    "partial_weekends_count": 1,
    "gaps": "results 1",
    "not_kept": "laps, live timing, pitstops, qualifying",
}
NEW = OLD | {"season": 2021, "timed_races_count": 20, "official_lap_races_count": 2, "laps_count": 23_760}
NEW |= {"gaps": None, "partial_weekends_count": 0}


class Rows:
    """Stands for the answer of a lake."""

    def to_pylist(self) -> list[dict[str, object]]:
        return [OLD, NEW]


class FixtureLake:
    """Answers every question with two seasons."""

    def query(self, sql: str) -> Rows:
        assert "marts.dim_season_coverage" in sql
        return Rows()


LAKE = cast("Lake", FixtureLake())


def page(seasons: list[SeasonCoverage]) -> str:
    console = Console(width=140, record=True, quiet=False, force_terminal=False)
    with console.capture() as capture:
        show_seasons(console, seasons)
    return capture.get()


def test_each_season_has_a_line_and_its_gaps_a_sentence() -> None:
    text = page(season_coverages(LAKE))
    old, new = (
        next(line for line in text.splitlines() if year in line.split()[:1]) for year in ("1956", "2021")
    )
    assert old.split() == ["1956", "8/8", "8", "-", "-", "8", "-", "-", "-", "-", "-", "1"]
    assert "20+2" in new
    assert "23,760" in new
    assert "1956 lacks, by weekends: results 1" in text
    assert "2021 lacks" not in text


def test_a_range_chooses_its_seasons() -> None:
    found = season_coverages(LAKE, [read_range("2020..2022")])
    assert [season.season for season in found] == [2021]


def test_seasons_that_are_asked_for_and_not_there_are_named_as_stretches() -> None:
    ranges = [read_range("1955..1958"), read_range("2021"), read_range("2023")]
    found = season_coverages(LAKE, ranges)
    assert absent_seasons(found, ranges) == ["1955", "1957..1958", "2023"]
    assert absent_seasons(found, []) == []
