"""Race trace and position chart: how a race unfolded, lap by lap."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from charts.style import INK, MUTED, label_line_ends, line_styles, new_figure, shade_laps, team_colour
from racing.race_trace import neutralised_laps, race_trace, running_order

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def draw_race_trace(laps: pl.DataFrame, entries: pl.DataFrame, title: str) -> Figure:
    """Return the race trace: each car against a car that laps at the winner's average.

    Args:
        laps: Laps of one race, columns of ``curated.laps``.
        entries: One row per car in the order of the result: ``car_number``, ``driver_code``, ``team_colour``.
        title: Name of the race.

    Source: docs/glossary.md#race-trace.
    """
    trace = race_trace(laps).with_columns(value=pl.col("ahead_of_reference_ms") / 1000)
    figure, axes = new_figure(
        f"Race trace · {title}",
        "Seconds ahead of a car that laps at the winner's average pace; a steep fall is a stop. "
        "Grey: safety car, virtual safety car or red flag",
    )
    low, high = _focus(trace)
    axes.set_ylim(low, high)
    shade_laps(axes, neutralised_laps(laps))
    _draw_lines(axes, trace, entries, min_gap=(high - low) / 34)
    axes.axhline(0, color=MUTED, linewidth=0.8)
    axes.set_xlabel("Lap", color=MUTED)
    axes.set_ylabel("Seconds", color=MUTED)
    return figure


def draw_positions(laps: pl.DataFrame, entries: pl.DataFrame, title: str) -> Figure:
    """Return the position chart: position of every car after each lap.

    Args:
        laps: Laps of one race, columns of ``curated.laps``.
        entries: One row per car in the order of the result: ``car_number``, ``driver_code``,
            ``team_colour`` and ``grid_position`` (0 or null for the pit lane).
        title: Name of the race.

    Source: docs/glossary.md#position.
    """
    order = running_order(laps).with_columns(value=pl.col("position").cast(pl.Float64))
    start = _grid(entries, order["car_number"].unique().to_list())
    columns = ["car_number", "lap_number", "value"]
    lines = pl.concat(
        [start.select(columns), order.with_columns(pl.col("lap_number").cast(pl.Int64)).select(columns)]
    )
    figure, axes = new_figure(
        f"Positions · {title}",
        "Position at the line after each lap; lap 0 is the grid; a dot is a retirement",
        height=6.6,
    )
    count = max(entries.height, 2)
    axes.set_ylim(count + 0.5, 0.5)
    shade_laps(axes, neutralised_laps(laps))
    _draw_lines(axes, lines.sort("car_number", "lap_number"), entries, min_gap=0.0)
    axes.set_yticks(range(1, count + 1))
    axes.grid(visible=False)
    axes.set_xlabel("Lap", color=MUTED)
    axes.set_ylabel("Position", color=MUTED)
    return figure


def _grid(entries: pl.DataFrame, cars: list[str]) -> pl.DataFrame:
    """Return lap 0 of the position chart: the grid, cars from the pit lane at its end."""
    at_back = pl.when(pl.col("grid_position").fill_null(0) > 0).then(pl.col("grid_position")).otherwise(99)
    return (
        entries.filter(pl.col("car_number").is_in(cars))
        .sort(at_back, maintain_order=True)
        .with_row_index("place", offset=1)
        .select("car_number", lap_number=pl.lit(0, pl.Int64), value=pl.col("place").cast(pl.Float64))
    )


def _draw_lines(axes: Axes, lines: pl.DataFrame, entries: pl.DataFrame, *, min_gap: float) -> None:
    colours = dict(zip(entries["car_number"], entries["team_colour"], strict=True))
    styles = line_styles(colours)
    last_lap = max(lines["lap_number"], default=0)
    ends = []
    for car_number, code in zip(entries["car_number"], entries["driver_code"], strict=True):
        line = lines.filter(pl.col("car_number") == car_number)
        if line.is_empty():
            continue
        colour = team_colour(colours[car_number])
        axes.plot(
            line["lap_number"], line["value"], color=colour, linestyle=styles[car_number], linewidth=1.5
        )
        if line["lap_number"][-1] < last_lap - 3:
            axes.plot(line["lap_number"][-1], line["value"][-1], marker="o", markersize=4, color=colour)
        ends.append((float(line["lap_number"][-1]), float(line["value"][-1]), code or car_number, colour))
    label_line_ends(axes, ends, min_gap)
    axes.margins(x=0.02)
    axes.spines["bottom"].set_color(INK)


def _focus(trace: pl.DataFrame) -> tuple[float, float]:
    """Return the range of seconds that shows the cars that raced; a car laps down would squash the rest."""
    if trace.is_empty():
        return (-1.0, 1.0)
    last = trace.group_by("car_number").agg(pl.col("value").sort_by("lap_number").last())["value"]
    low = max(float(trace["value"].min()), float(last.median()) - 90.0)  # type: ignore[arg-type]
    high = float(trace["value"].max())  # type: ignore[arg-type]
    pad = max((high - low) * 0.05, 1.0)
    return (low - pad, high + pad)
