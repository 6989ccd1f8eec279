"""``f1lake demo``: an invented weekend, from the wire to the marts and a page with pictures."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.cli.exit_codes import ExitCode
from orchestration.cli.invocation import Invocation, invocation

if TYPE_CHECKING:
    from rich.console import Console

    from orchestration.race_summary import RaceSummary

DEMO_HOME = Path("f1lake-demo")
"""Folder of the demo where no home is given: apart from the lake of real seasons."""

_PAGE = "demo.html"
_COLOURS = {"SOFT": "red", "MEDIUM": "yellow", "HARD": "white", "INTERMEDIATE": "green", "WET": "blue"}


def demo(
    context: typer.Context,
    fresh: Annotated[bool, typer.Option("--fresh", help="Compute again what an earlier demo left.")] = False,
) -> None:
    """Invent a race weekend and take it all the way: FastF1, Iceberg, dbt, and a page with pictures.

    Drivers, teams and circuit are invented; the formats are the real ones. Nothing is fetched. The lake
    goes to ./f1lake-demo unless --home names another folder.

    For example:

    - `f1lake demo`
    """
    from orchestration.backfills import IngestOptions
    from orchestration.cli.progress import BackfillProgress, show_summary
    from orchestration.race_summary import summarise_race
    from orchestration.workplace import open_workplace
    from sources.synthetic.options import WeekendOptions

    call = invocation(context).at_home(DEMO_HOME)
    console, started = call.err, time.monotonic()
    weekend_key = WeekendOptions().weekend_key
    console.print(f"Inventing a race weekend, {weekend_key}, in the upstream's own formats ...")
    with open_workplace(call.with_source("synthetic").settings, remark=console.print) as workplace:
        workplace.choose([weekend_key], console.print)
        console.print("Ingesting it: raw → processed → curated → marts ...")
        with BackfillProgress(console, 1) as progress:
            summary = workplace.jobs.run([weekend_key], IngestOptions(force=fresh), progress)
        if summary.failed:
            show_summary(console, summary, call.command("demo"), name_weekends=False)
            raise typer.Exit(ExitCode.FAILED)
        race = summarise_race(workplace.lake, weekend_key)
    page = call.settings.home / _PAGE
    page.write_text(
        race.page("An invented weekend: no driver, team or circuit of it exists."), encoding="utf-8"
    )
    _show_race(call.out, race)
    _show_next(call, page, time.monotonic() - started)


def _show_race(console: "Console", race: "RaceSummary") -> None:
    from rich import box
    from rich.table import Table

    console.print(f"\n[bold]{race.title}[/bold] (invented)")
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading, justify in (
        ("", "right"),
        ("driver", "left"),
        ("team", "left"),
        ("grid", "right"),
        ("laps", "right"),
    ):
        table.add_column(heading, justify=justify)  # type: ignore[arg-type] # one of rich's words
    names = race.entries.select("car_number", "full_name", "team_name")
    for row in race.results.head(3).join(names, on="car_number", how="left").iter_rows(named=True):
        name = row["full_name"] or row["driver_code"]
        table.add_row(
            row["position_text"],
            name,
            row["team_name"],
            str(row["grid_position"]),
            str(row["laps_completed"]),
        )
    console.print(table)
    _show_strategies(console, race)


def _show_strategies(console: "Console", race: "RaceSummary") -> None:
    from rich.text import Text

    from orchestration.race_summary import strip_cells

    strategies = race.strategies()
    longest = max((sum(laps for _, laps in stints) for _, stints in strategies), default=0)
    for code, stints in strategies:
        line = Text(f"{code:<4}")
        for compound, width in strip_cells(stints, longest):
            line.append(compound[0].ljust(width, "─") + " ", _COLOURS.get(compound, "dim"))
        console.print(line, no_wrap=True)
    console.print(
        "[dim]Tyres by lap:[/dim] [red]S[/red]oft [yellow]M[/yellow]edium [white]H[/white]ard "
        "[green]I[/green]ntermediate [blue]W[/blue]et"
    )


def _show_next(call: Invocation, page: Path, seconds: float) -> None:
    console = call.out
    console.print(f"\n[green]Done in {seconds:.0f} s.[/green] Race trace, positions, tyres and pace:")
    console.print(f"  [bold]{page}[/bold]", soft_wrap=True)
    console.print("\nWhat to do next:", soft_wrap=True)
    question = '"select driver_code, compound, laps_count from marts.fct_stint limit 10"'
    for text, meaning in (
        (f"{call.command('sql')} {question}", "ask it in SQL"),
        (call.command("ui"), "see its assets and runs in Dagster"),
        ("f1lake ingest 2024-08", "a real weekend, from the real upstreams"),
        ("f1lake backfill 2024", "a real season"),
    ):
        console.print(f"  [bold]{text}[/bold]  [dim]{meaning}[/dim]", soft_wrap=True)
