"""Prints the demo for a person: a line per step with its time, podium, best laps, and everybody's tyres."""

import shlex
import shutil
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from orchestration.cli.progress import BackfillProgress

if TYPE_CHECKING:
    from orchestration.demo import BestLap, PodiumPlace, RaceFacts
    from orchestration.outcomes import WeekendOutcome

STEPS = {
    "raw": "the bytes as they came",
    "processed": "FastF1 parses laps; cars and positions are decoded",
    "curated": "sources compared; stints, stops, gaps, results",
    "marts": "dbt builds and tests the tables that answer questions",
}
"""What each zone's step does, in the order in which they run."""

STRIP_WIDTH = 57
_COLOURS = {
    "SOFT": "white on red3",
    "MEDIUM": "black on yellow3",
    "HARD": "black on grey85",
    "INTERMEDIATE": "white on green4",
    "WET": "white on blue3",
}


class StepLines:
    """Follows one weekend: prints a line when a step is through, and passes everything on to the progress."""

    def __init__(self, console: Console, progress: BackfillProgress) -> None:
        """Follow nothing yet.

        Args:
            console: Where to print.
            progress: Shows the step at work.
        """
        self._console = console
        self._progress = progress
        self._began = time.monotonic()

    def weekends_started(self, total: int) -> None:
        """Pass on."""
        self._progress.weekends_started(total)

    def weekend_started(self, weekend_key: str) -> None:
        """Pass on."""
        self._progress.weekend_started(weekend_key)

    def step(self, weekend_key: str, event_type: str, text: str) -> None:
        """Print a step that is through."""
        self._progress.step(weekend_key, event_type, text)
        if event_type == "STEP_START":
            self._began = time.monotonic()
        elif event_type == "STEP_SUCCESS":
            seconds = f"{time.monotonic() - self._began:.1f} s"
            self._console.print(
                Text.assemble(("✓ ", "green"), f"{text:<11}{seconds:>7}  ", (STEPS.get(text, ""), "dim"))
            )

    def weekend_ended(self, outcome: "WeekendOutcome") -> None:
        """Pass on a failure, or say that nothing was to do; the steps have told the rest."""
        if not outcome.run.is_success:
            self._progress.weekend_ended(outcome)
        elif outcome.run.is_unchanged:
            self._console.print(
                Text.assemble(("✓ ", "green"), ("nothing has changed; --fresh computes it all again", "dim"))
            )

    def marts_started(self, total: int) -> None:
        """Pass on."""
        self._progress.marts_started(total)


def show_facts(console: Console, title: str, facts: "RaceFacts") -> None:
    """Print podium, pole, fastest lap and how much the lake holds.

    Args:
        console: Where to print.
        title: Name of the race.
        facts: What to print.
    """
    console.print(Text.assemble("\n", (title, "bold"), " (invented)"))
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading, justify in (("", "right"), ("driver", "left"), ("team", "left"), ("grid", "right")):
        table.add_column(heading, justify=justify)  # type: ignore[arg-type] # one of rich's words
    table.add_column("time", justify="right")
    for place in facts.podium:
        grid = "-" if place.grid_position is None else str(place.grid_position or "pits")
        table.add_row(
            str(place.position), place.full_name or "-", place.team_name or "-", grid, time_or_gap(place)
        )
    console.print(table)
    for name, lap in (("Pole", facts.pole), ("Fastest lap", facts.fastest_lap)):
        if lap is not None:
            console.print(f"{name + ':':<13}{_lap_text(lap)}")
    console.print(f"{'In the lake:':<13}{facts.row_count:,} rows in {facts.table_count} tables")


def show_strategies(console: Console, strategies: list[tuple[str, list[tuple[str, int]]]]) -> None:
    """Print a strip of tyres per driver, coloured in a terminal, with letters everywhere.

    Args:
        console: Where to print.
        strategies: Driver code and (compound, laps) of each stint, in the order of the result.
    """
    longest = max((sum(laps for _, laps in stints) for _, stints in strategies), default=0)
    console.print("\nTyres, lap by lap:")
    for code, stints in strategies:
        line = Text(f"{code:<4}")
        done = 0
        for compound, laps in stints:
            width = strip_column(done + laps, longest) - strip_column(done, longest)
            line.append(f"{compound[0]}{laps}".ljust(width, "·")[:width], _COLOURS.get(compound, "dim"))
            done += laps
        console.print(line, no_wrap=True)
    compounds = dict.fromkeys(compound for _, stints in strategies for compound, _ in stints)
    console.print(f"[dim]{', '.join(f'{name[0]} {name.lower()}' for name in compounds)}[/dim]")


def strip_column(laps: int, longest: int) -> int:
    """Return the column of the strip at which a number of laps ends; pieces that meet never overlap.

    Args:
        laps: Laps from the start.
        longest: Laps of the longest race of the field, which fills the strip.
    """
    return round(laps * STRIP_WIDTH / max(longest, 1))


def time_or_gap(place: "PodiumPlace") -> str:
    """Return the winner's time, the others' gap, or a dash where neither is known."""
    if place.gap_to_winner_ms:
        return f"+{place.gap_to_winner_ms / 1000:.3f}"
    if place.race_time_ms is None:
        return "-"
    minutes, milliseconds = divmod(place.race_time_ms, 60_000)
    return f"{minutes // 60}:{minutes % 60:02d}:{milliseconds / 1000:06.3f}"


def program(arguments: list[str]) -> str:
    """Return how this program is called, such that the call works in the same shell.

    Args:
        arguments: ``sys.argv``.
    """
    called = Path(arguments[0])
    found = shutil.which("f1lake")
    if called.name != "f1lake" or not called.is_file() or (found and Path(found).samefile(called)):
        return "f1lake"
    here = Path.cwd()
    return shlex.quote(str(called.relative_to(here) if called.is_relative_to(here) else called))


def this_program() -> str:
    """Return how the running program is called."""
    return program(sys.argv)


def _lap_text(lap: "BestLap") -> str:
    minutes, milliseconds = divmod(lap.time_ms or 0, 60_000)
    text = "no time" if lap.time_ms is None else f"{minutes}:{milliseconds / 1000:06.3f}"
    where = f", lap {lap.lap_number}" if lap.lap_number is not None else ""
    return f"{text}  {lap.full_name or '-'}{where}"
