"""How all figures look: colours of compounds and teams, type, grid. No figure is drawn here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK = "#1d2433"
MUTED = "#6b7385"
GRID = "#e6e9ef"
PAPER = "#ffffff"
SHADE = "#f1f3f7"

COMPOUND_COLOURS: Mapping[str, str] = {
    "HYPERSOFT": "#f5a3c7",
    "ULTRASOFT": "#8b5cc7",
    "SUPERSOFT": "#c81e1e",
    "SOFT": "#e5484d",
    "MEDIUM": "#f2c53d",
    "HARD": "#d7dbe3",
    "SUPERHARD": "#f08a3c",
    "INTERMEDIATE": "#3fae5f",
    "WET": "#3b7dd8",
    "TEST": "#9aa3b5",
    "UNKNOWN": "#9aa3b5",
}
"""The field's own colours, softened for a light page; hard is grey because white would vanish."""


_LIGHT_INK = frozenset({"ULTRASOFT", "SUPERSOFT", "SOFT", "WET"})


def compound_ink(compound: str) -> str:
    """Return the colour of text that can be read on a compound's colour."""
    return PAPER if compound in _LIGHT_INK else INK


def compound_legend(axes: Axes, compounds: Iterable[str]) -> None:
    """Name the colours of the compounds that are drawn, above the axes at the right.

    Args:
        axes: Where to.
        compounds: Compounds drawn, in any order, as often as they come.
    """
    from matplotlib.patches import Patch

    drawn = set(compounds)
    patches = [
        Patch(facecolor=colour, label=compound.lower())
        for compound, colour in COMPOUND_COLOURS.items()
        if compound in drawn
    ]
    axes.legend(
        handles=patches,
        loc="lower right",
        bbox_to_anchor=(1.0, 1.0),
        ncols=max(len(patches), 1),
        frameon=False,
        fontsize=9,
        labelcolor=MUTED,
        handlelength=1.0,
        columnspacing=1.2,
    )


def new_figure(title: str, subtitle: str, *, width: float = 11.0, height: float = 6.0) -> tuple[Figure, Axes]:
    """Return a figure with one set of axes, a title at the left and a quieter line under it.

    Args:
        title: What is drawn.
        subtitle: How to read it.
        width: Inches.
        height: Inches.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), facecolor=PAPER, layout="constrained")
    axes = figure.add_subplot()
    axes.set_facecolor(PAPER)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(GRID)
    axes.tick_params(colors=MUTED, labelsize=9, length=0)
    axes.grid(visible=True, axis="y", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.set_title(f"{title}\n", loc="left", color=INK, fontsize=14, fontweight="bold")
    axes.text(0, 1.015, subtitle, transform=axes.transAxes, color=MUTED, fontsize=9.5, va="bottom")
    return figure, axes


def team_colour(colour: str | None) -> str:
    """Return a team's colour that can be read on a light page.

    Args:
        colour: Six hexadecimal digits, or null where the feed sent none.
    """
    if colour is None or len(colour) != 6:
        return MUTED
    red, green, blue = (int(colour[i : i + 2], 16) for i in (0, 2, 4))
    brightness = 0.299 * red + 0.587 * green + 0.114 * blue
    if brightness > 185:
        red, green, blue = (int(channel * 0.68) for channel in (red, green, blue))
    return f"#{red:02x}{green:02x}{blue:02x}"


def line_styles(team_colours: Mapping[str, str | None]) -> dict[str, str]:
    """Return a line style per car; the second car of a colour is dashed, to tell team-mates apart.

    Args:
        team_colours: Car number to team colour, in the order of the result.
    """
    seen: set[str | None] = set()
    styles = {}
    for car_number, colour in team_colours.items():
        styles[car_number] = (0, (4, 1.6)) if colour in seen else "-"
        seen.add(colour)
    return styles  # type: ignore[return-value]


def shade_laps(axes: Axes, laps: Iterable[int]) -> None:
    """Shade laps from line to line.

    Args:
        axes: Where to; its horizontal axis counts laps.
        laps: Lap numbers.
    """
    runs: list[list[int]] = []
    for lap in sorted(laps):
        if runs and lap == runs[-1][1] + 1:
            runs[-1][1] = lap
        else:
            runs.append([lap, lap])
    for first, last in runs:
        axes.axvspan(first - 1, last, color=SHADE, linewidth=0, zorder=0.5)


def label_line_ends(axes: Axes, ends: list[tuple[float, float, str, str]], min_gap: float) -> None:
    """Write a name at the end of each line, moved apart where they would overlap and kept inside the axes.

    Args:
        axes: Where to write; its vertical limits are set.
        ends: (x, y, text, colour) of each line's end.
        min_gap: Smallest vertical distance of two names that end at the same place, in data units.
    """
    low, high = sorted(axes.get_ylim())
    placed: list[tuple[float, float]] = []
    for x, y, text, colour in sorted(ends, key=lambda end: -end[1]):
        crowd = [py for px, py in placed if abs(px - x) < 3]
        label_y = min([min(max(y, low), high), *[py - min_gap for py in crowd]])
        placed.append((x, label_y))
        axes.annotate(
            text,
            (x, y),
            xytext=(x + 0.6, label_y),
            fontsize=8.5,
            color=colour,
            va="center",
            fontweight="bold",
            annotation_clip=False,
            bbox={"facecolor": PAPER, "edgecolor": "none", "alpha": 0.75, "pad": 0.6},
        )
