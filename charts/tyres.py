"""Tyre strategy and stint pace: what each car ran on, and how fast it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from charts.style import COMPOUND_COLOURS, INK, MUTED, PAPER, compound_ink, compound_legend, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def draw_tyre_strategy(stints: pl.DataFrame, entries: pl.DataFrame, title: str) -> Figure:
    """Return the tyre strategy: a bar per car, a piece per stint in the compound's colour.

    Args:
        stints: Stints of one race, columns of ``curated.stints``.
        entries: One row per car in the order of the result: ``car_number``, ``driver_code``.
        title: Name of the race.

    Source: docs/glossary.md#stint.
    """
    figure, axes = new_figure(
        f"Tyre strategy · {title}",
        "Laps on each set, cars in the order of the result; a hatched piece began on a used set",
        height=max(3.0, 0.32 * entries.height + 1.2),
    )
    rows = list(zip(entries["car_number"], entries["driver_code"], strict=True))
    for y, (car_number, _) in enumerate(rows):
        for stint in (
            stints.filter(pl.col("car_number") == car_number).sort("stint_number").iter_rows(named=True)
        ):
            axes.barh(
                y,
                stint["laps_count"],
                left=stint["first_lap_number"] - 1,
                height=0.74,
                color=COMPOUND_COLOURS[stint["compound"]],
                edgecolor=PAPER,
                linewidth=1.6,
                hatch="////" if stint["is_new_set"] is False else None,
            )
            if stint["laps_count"] >= 3:
                middle = stint["first_lap_number"] - 1 + stint["laps_count"] / 2
                axes.text(
                    middle,
                    y,
                    f"{stint['compound'][0]}{stint['laps_count']}",
                    ha="center",
                    va="center",
                    fontsize=8,
                    color=compound_ink(stint["compound"]),
                    bbox={"facecolor": COMPOUND_COLOURS[stint["compound"]], "edgecolor": "none", "pad": 1.4},
                )
    compound_legend(axes, stints["compound"])
    axes.set_yticks(range(len(rows)), [code or car for car, code in rows])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.grid(visible=False)
    axes.set_xlabel("Lap", color=MUTED)
    return figure


def draw_stint_pace(laps: pl.DataFrame, entries: pl.DataFrame, title: str, *, cars: int = 10) -> Figure:
    """Return the stint pace: clean racing laps of the leading cars, in the compound's colour, by tyre age.

    Args:
        laps: Laps of one race, columns of ``curated.laps``.
        entries: One row per car in the order of the result: ``car_number``, ``driver_code``.
        title: Name of the race.
        cars: How many cars to draw, from the first.

    Source: docs/glossary.md#clean-racing-lap.
    """
    figure, axes = new_figure(
        f"Stint pace · {title}",
        "Clean racing laps of the leading cars, stint by stint in the order driven; the bar is the median",
        height=5.6,
    )
    clean = laps.filter(pl.col("is_clean_race").fill_null(value=False) & pl.col("lap_time_ms").is_not_null())
    names: list[str] = []
    drawn: list[str] = []
    for car_number, code in zip(entries["car_number"], entries["driver_code"], strict=True):
        own = clean.filter(pl.col("car_number") == car_number)
        if own.is_empty() or len(names) == cars:
            continue
        x = float(len(names))
        names.append(code or car_number)
        stints = own.partition_by("stint_number", maintain_order=True)
        for place, stint in enumerate(stints):
            centre = x + (place - (len(stints) - 1) / 2) * 0.24
            seconds = stint["lap_time_ms"] / 1000
            colour = COMPOUND_COLOURS[stint["compound"][0]]
            spread = (pl.int_range(stint.height, eager=True) / max(stint.height - 1, 1) - 0.5) * 0.17
            axes.scatter(
                centre + spread, seconds, s=15, color=colour, edgecolor=MUTED, linewidth=0.4, zorder=2
            )
            median = float(seconds.median())  # type: ignore[arg-type]
            axes.plot([centre - 0.11, centre + 0.11], [median, median], color=INK, linewidth=1.6, zorder=3)
        drawn += own["compound"].unique().to_list()
    compound_legend(axes, drawn)
    axes.set_xticks(range(len(names)), names)
    axes.set_ylabel("Lap time in seconds", color=MUTED)
    return figure
