"""One HTML page about a race: result and the four figures, in a single file without links to elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import polars as pl

from charts.race_trace import draw_positions, draw_race_trace
from charts.rendering import to_svg
from charts.tyres import draw_stint_pace, draw_tyre_strategy

_STYLE = """
:root { color-scheme: light; }
body { margin: 0; background: #f4f6fa; color: #1d2433; font: 16px/1.5 system-ui, "Segoe UI", sans-serif; }
main { max-width: 1060px; margin: 0 auto; padding: 28px 20px 60px; }
h1 { margin: 0; font-size: 28px; }
p.note { color: #6b7385; margin: 4px 0 20px; }
section { background: #fff; border-radius: 10px; padding: 14px 18px; margin: 0 0 18px; }
section svg { width: 100%; height: auto; display: block; }
p.fact { color: #6b7385; margin: 10px 8px 0; font-size: 14px; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th { text-align: left; color: #6b7385; font-weight: 600; border-bottom: 1px solid #e6e9ef; padding: 5px 8px; }
td { border-bottom: 1px solid #f0f2f6; padding: 5px 8px; font-variant-numeric: tabular-nums; }
td.n, th.n { text-align: right; }
td.c { color: #6b7385; font-weight: 600; font-size: 13px; }
div.wide { overflow-x: auto; }
code { background: #eef1f6; border-radius: 4px; padding: 1px 5px; }
"""


@dataclass(frozen=True)
class RacePage:
    """What the page shows.

    Attributes:
        title: Name of the race.
        note: One line under the title, such as that the weekend is invented.
        laps: ``curated.laps`` of the race.
        stints: ``curated.stints`` of the race.
        results: ``curated.results`` of the race.
        entries: One row per car in the order of the result: ``car_number``, ``driver_code``, ``team_colour``,
            ``grid_position``, ``full_name``, ``team_name``.
    """

    title: str
    note: str
    laps: pl.DataFrame
    stints: pl.DataFrame
    results: pl.DataFrame
    entries: pl.DataFrame


def render_page(page: RacePage) -> str:
    """Return the page as one HTML document."""
    figures = [
        draw_race_trace(page.laps, page.entries, page.title),
        draw_positions(page.laps, page.entries, page.title),
        draw_tyre_strategy(page.stints, page.entries, page.title),
        draw_stint_pace(page.laps, page.entries, page.title),
    ]
    sections = "\n".join(f"<section>{to_svg(figure)}</section>" for figure in figures)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(page.title)}</title>
<style>{_STYLE}</style>
</head>
<body><main>
<h1>{escape(page.title)}</h1>
<p class="note">{escape(page.note)}</p>
<section>{_result_table(page)}{_fastest_lap(page)}</section>
{sections}
</main></body>
</html>
"""


def _result_table(page: RacePage) -> str:
    rows = page.results.join(
        page.entries.select("car_number", "full_name", "team_name"), on="car_number", how="left"
    )
    body = "\n".join(_result_row(row) for row in rows.sort("result_order").iter_rows(named=True))
    head = "".join(
        f'<th class="{kind}">{name}</th>'
        for name, kind in (
            ("Pos", "n"),
            ("Driver", ""),
            ("Code", "c"),
            ("Team", ""),
            ("Grid", "n"),
            ("Laps", "n"),
            ("Time or status", "n"),
            ("Points", "n"),
        )
    )
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _fastest_lap(page: RacePage) -> str:
    """Return a line about the fastest lap of the result; nothing where no lap time is known."""
    timed = page.results.filter(pl.col("fastest_lap_time_ms").is_not_null()).sort("fastest_lap_time_ms")
    if timed.is_empty():
        return ""
    row = timed.row(0, named=True)
    names = page.entries.filter(pl.col("car_number") == row["car_number"])["full_name"].to_list()
    name = next(iter(names), None) or row["driver_code"]
    minutes, milliseconds = divmod(row["fastest_lap_time_ms"], 60_000)
    time = f"{minutes}:{milliseconds / 1000:06.3f}"
    return f'<p class="fact">Fastest lap: {time}, {escape(str(name))}, lap {row["fastest_lap_number"]}</p>'


def _result_row(row: dict[str, object]) -> str:
    grid = row["grid_position"]
    cells = (
        ("n", row["position_text"]),
        ("", row["full_name"] or row["driver_code"]),
        ("c", row["driver_code"]),
        ("", row["team_name"]),
        ("n", "pit lane" if grid == 0 else grid),
        ("n", row["laps_completed"]),
        ("n", _time_or_status(row)),
        ("n", "" if row["points"] is None else f"{row['points']:g}"),
    )
    return (
        "<tr>"
        + "".join(f'<td class="{kind}">{escape(str(value or ""))}</td>' for kind, value in cells)
        + "</tr>"
    )


def _time_or_status(row: dict[str, object]) -> str:
    gap, time = row["gap_to_winner_ms"], row["race_time_ms"]
    if isinstance(gap, int) and gap > 0:
        return f"+{gap / 1000:.3f}"
    if isinstance(time, int):
        minutes, milliseconds = divmod(time, 60_000)
        return f"{minutes // 60}:{minutes % 60:02d}:{milliseconds / 1000:06.3f}"
    return str(row["status"] or "")
