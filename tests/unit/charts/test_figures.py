"""Figures show what the frames say: lines end where the race ended, pieces are as long as stints."""

from __future__ import annotations

import polars as pl
import pytest

from charts.page import RacePage, render_page
from charts.race_trace import draw_positions, draw_race_trace
from charts.rendering import to_png, to_svg
from charts.style import MUTED, line_styles, team_colour
from charts.tyres import draw_stint_pace, draw_tyre_strategy
from racing.race_trace import neutralised_laps, race_trace, running_order

CARS = ("4", "81", "1")
LAPS = 6


def lap(car: str, number: int, start: int, time: int) -> dict[str, object]:
    return {
        "car_number": car,
        "lap_number": number,
        "lap_start_session_time_ms": start,
        "lap_end_session_time_ms": start + time,
        "lap_time_ms": time,
        "is_lap_counted": True,
        "is_clean_race": number not in (1, 3),
        "stint_number": 1 if number <= 3 else 2,
        "compound": "MEDIUM" if number <= 3 else "HARD",
        "track_status": "1",
    }


@pytest.fixture
def laps() -> pl.DataFrame:
    rows = []
    for place, car in enumerate(CARS):
        start = 3_600_000
        for number in range(1, LAPS + 1):
            time = 90_000 + 500 * place + (20_000 if number == 3 else 0)
            rows.append(lap(car, number, start, time))
            start += time
    return pl.DataFrame(rows)


@pytest.fixture
def entries() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "car_number": CARS,
            "driver_code": ["AAA", "BBB", None],
            "team_colour": ["FF8000", "FF8000", None],
            "grid_position": [2, 1, 0],
            "full_name": ["A <One>", "B Two", None],
            "team_name": ["Team", "Team", "Other"],
        }
    )


@pytest.fixture
def stints() -> pl.DataFrame:
    rows = [
        {
            "car_number": car,
            "stint_number": number,
            "first_lap_number": 1 + 3 * (number - 1),
            "laps_count": 3,
            "compound": compound,
            "is_new_set": is_new,
        }
        for car in CARS
        for number, compound, is_new in ((1, "MEDIUM", True), (2, "HARD", False))
    ]
    return pl.DataFrame(rows)


def test_winner_ends_the_trace_at_zero(laps: pl.DataFrame) -> None:
    trace = race_trace(laps)
    assert trace.filter((pl.col("car_number") == "4") & (pl.col("lap_number") == LAPS))[
        "ahead_of_reference_ms"
    ].to_list() == [0.0]
    last = trace.filter(pl.col("lap_number") == LAPS).sort("ahead_of_reference_ms", descending=True)
    assert last["car_number"].to_list() == list(CARS)
    assert last["ahead_of_reference_ms"].to_list() == [0.0, -3000.0, -6000.0]


def test_safety_car_bends_no_line_of_the_trace(laps: pl.DataFrame) -> None:
    slow = pl.col("lap_number") >= 4
    behind = laps.with_columns(
        lap_start_session_time_ms=pl.col("lap_start_session_time_ms")
        + pl.when(pl.col("lap_number") > 4).then(60_000).otherwise(0),
        lap_end_session_time_ms=pl.col("lap_end_session_time_ms") + pl.when(slow).then(60_000).otherwise(0),
        track_status=pl.when(pl.col("lap_number") == 4).then(pl.lit("24")).otherwise(pl.lit("1")),
    )
    assert neutralised_laps(behind) == [4]
    assert neutralised_laps(laps) == []
    winner = race_trace(behind).filter(pl.col("car_number") == "4").sort("lap_number")
    ahead = winner["ahead_of_reference_ms"].to_list()
    assert ahead[3] == ahead[4]  # the lap behind the safety car
    assert max(map(abs, ahead)) < 20_000
    assert ahead[-1] == pytest.approx(0.0)


def test_crossing_of_the_winner_that_is_not_known_is_put_between_its_neighbours(laps: pl.DataFrame) -> None:
    gap = laps.with_columns(
        lap_end_session_time_ms=pl.when((pl.col("car_number") == "4") & (pl.col("lap_number") == 2))
        .then(None)
        .otherwise(pl.col("lap_end_session_time_ms"))
    )
    trace = race_trace(gap).filter(pl.col("lap_number") == LAPS)
    assert trace.sort("car_number")["ahead_of_reference_ms"].to_list() == pytest.approx(
        [-6000.0, 0.0, -3000.0]
    )


def test_trace_of_no_laps_is_empty(laps: pl.DataFrame) -> None:
    assert race_trace(laps.clear()).is_empty()
    assert neutralised_laps(laps.clear()) == []


def test_trace_names_the_columns_it_misses(laps: pl.DataFrame) -> None:
    with pytest.raises(ValueError, match="is_lap_counted"):
        race_trace(laps.drop("is_lap_counted"))


def test_partial_last_lap_of_a_retirement_counts_for_no_position(laps: pl.DataFrame) -> None:
    stopped = laps.with_columns(
        is_lap_counted=~((pl.col("car_number") == "4") & (pl.col("lap_number") == LAPS))
    )
    last = running_order(stopped).filter(pl.col("lap_number") == LAPS)
    assert last["car_number"].to_list() == ["81", "1"]
    assert last["position"].to_list() == [1, 2]


def test_race_trace_draws_one_line_a_car_and_names_it(laps: pl.DataFrame, entries: pl.DataFrame) -> None:
    axes = draw_race_trace(laps, entries, "Test").axes[0]
    assert len(axes.lines) == len(CARS) + 1  # and the reference
    assert {"AAA", "BBB", "1"} <= {text.get_text() for text in axes.texts}
    assert draw_race_trace(laps.clear(), entries, "Test").axes[0].texts[0].get_text().startswith("Seconds")


def test_position_chart_starts_from_the_grid_with_the_pit_lane_last(
    laps: pl.DataFrame, entries: pl.DataFrame
) -> None:
    lines = draw_positions(laps, entries, "Test").axes[0].lines
    starts = [line.get_ydata()[0] for line in lines]
    assert starts == [2.0, 1.0, 3.0]


def test_strategy_draws_a_piece_per_stint_and_hatches_used_sets(
    stints: pl.DataFrame, entries: pl.DataFrame
) -> None:
    pieces = draw_tyre_strategy(stints, entries, "Test").axes[0].patches
    assert [piece.get_width() for piece in pieces] == [3] * 6
    assert [piece.get_hatch() for piece in pieces[:2]] == [None, "////"]


def test_stint_pace_draws_only_clean_laps(laps: pl.DataFrame, entries: pl.DataFrame) -> None:
    axes = draw_stint_pace(laps, entries, "Test", cars=2).axes[0]
    assert [len(points.get_offsets()) for points in axes.collections] == [1, 3, 1, 3]


def test_second_car_of_a_team_is_dashed() -> None:
    styles = line_styles({"4": "FF8000", "81": "FF8000", "1": "3671C6"})
    assert styles["4"] == styles["1"] == "-"
    assert styles["81"] != "-"


@pytest.mark.parametrize(("colour", "drawn"), [(None, MUTED), ("FFF", MUTED), ("000080", "#000080")])
def test_team_colour_is_readable(colour: str | None, drawn: str) -> None:
    assert team_colour(colour) == drawn
    assert team_colour("FFFFFF") != "#ffffff"


def test_page_escapes_names_and_holds_four_figures(
    laps: pl.DataFrame, stints: pl.DataFrame, entries: pl.DataFrame
) -> None:
    results = pl.DataFrame(
        {
            "result_order": [1, 2, 3],
            "car_number": CARS,
            "driver_code": ["AAA", "BBB", "CCC"],
            "position_text": ["1", "2", "R"],
            "grid_position": [2, 1, 0],
            "laps_completed": [6, 6, 5],
            "race_time_ms": [3_660_000, 3_663_000, None],
            "gap_to_winner_ms": [0, 3000, None],
            "status": ["Finished", "Finished", "Engine"],
            "points": [25.0, 18.0, 0.0],
            "fastest_lap_number": [5, 4, None],
            "fastest_lap_time_ms": [90_000, 89_500, None],
        }
    )
    page = render_page(RacePage("A & B", "note", laps, stints, results, entries))
    assert page.count("<svg") == 4
    assert "A &lt;One&gt;" in page
    assert all(f">{code}<" in page for code in ("AAA", "BBB", "CCC"))
    assert "A &amp; B" in page
    for text in ("1:01:00.000", "+3.000", "Engine", "pit lane", "1:29.500, B Two, lap 4"):
        assert text in page, text
    untimed = results.with_columns(fastest_lap_time_ms=pl.lit(None, pl.Int64))
    assert "Fastest lap" not in render_page(RacePage("A", "note", laps, stints, untimed, entries))


def test_svg_is_the_same_for_the_same_frames_and_png_is_a_png(
    stints: pl.DataFrame, entries: pl.DataFrame
) -> None:
    first, second = (to_svg(draw_tyre_strategy(stints, entries, "T")) for _ in range(2))
    assert first == second
    assert to_png(draw_tyre_strategy(stints, entries, "T")).startswith(b"\x89PNG")
