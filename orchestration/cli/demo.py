"""``f1lake demo``: an invented weekend, from the wire to the marts and a page with pictures."""

import time
from pathlib import Path
from typing import Annotated

import typer

from orchestration.cli.exit_codes import ExitCode
from orchestration.cli.invocation import Invocation, invocation

DEMO_HOME = Path("f1lake-demo")
"""Folder of the demo where no home is given: apart from the lake of real seasons."""

FULL_DEMO_HOME = Path("f1lake-demo-full")
"""Folder of the full demo: the same invented season, with another weekend in it."""

_PAGE = "race.html"
_NOTE = "An invented weekend: no driver, team or circuit of it exists."


def demo(
    context: typer.Context,
    fresh: Annotated[bool, typer.Option("--fresh", help="Compute again what an earlier demo left.")] = False,
    full: Annotated[
        bool,
        typer.Option(
            "--full",
            help="All five sessions of a sprint weekend, with rain and a red flag, in ./f1lake-demo-full.",
        ),
    ] = False,
) -> None:
    """Invent a race weekend and take it all the way: FastF1, Iceberg, dbt, and a page with pictures.

    Drivers, teams and circuit are invented; the formats are the real ones. Nothing is fetched. The lake
    goes to ./f1lake-demo unless --home names another folder.

    For example:

    - `f1lake demo`
    - `f1lake demo --full`
    """
    from orchestration.cli.demo_report import StepLines, show_facts, show_strategies
    from orchestration.cli.progress import BackfillProgress, show_summary
    from orchestration.demo import race_facts
    from orchestration.race_summary import summarise_race
    from orchestration.weekend_runs import IngestOptions
    from orchestration.workplace import open_workplace
    from sources.synthetic.options import WeekendOptions

    call = invocation(context).at_home(FULL_DEMO_HOME if full else DEMO_HOME)
    console, started = call.err, time.monotonic()
    weekend_key = WeekendOptions().weekend_key
    console.print(f"Inventing a race weekend, {weekend_key}, in the upstream's own formats ...")
    source = "synthetic:full" if full else "synthetic"
    with open_workplace(call.with_source(source).settings, remark=console.remark) as workplace:
        workplace.choose([weekend_key], console.remark)
        console.print(f"[green]✓[/green] {'invented':<11}{time.monotonic() - started:>5.1f} s")
        with BackfillProgress(console, 1) as progress:
            lines = StepLines(console, progress)
            summary = workplace.jobs.run([weekend_key], IngestOptions(force=fresh), lines)
        if summary.failed:
            show_summary(console, summary, call.command("demo"), name_weekends=False)
            raise typer.Exit(ExitCode.FAILED)
        race = summarise_race(workplace.lake, weekend_key)
        facts = race_facts(workplace.lake, weekend_key)
    page = call.settings.home / _PAGE
    page.write_text(race.page(_NOTE), encoding="utf-8")
    show_facts(call.out, race.title, facts)
    show_strategies(call.out, race.strategies())
    _show_next(call, page, time.monotonic() - started)


def _show_next(call: Invocation, page: Path, seconds: float) -> None:
    from orchestration.cli.demo_report import this_program

    def on_this_lake(name: str) -> str:
        return call.command(name).replace("f1lake", program, 1)

    console, program = call.out, this_program()
    question = '"select driver_code, compound, laps_count from marts.fct_stint limit 10"'
    console.print(f"\n[green]Done in {seconds:.0f} s.[/green] What to do next:")
    for text, meaning in (
        (str(page), "open it in a browser: race trace, positions, tyres, pace"),
        (f"{on_this_lake('sql')} {question}", "ask it in SQL"),
        (on_this_lake("ui"), "see its tables and runs in Dagster"),
        (f"{program} ingest 2024-08", "a real weekend, from the real services"),
    ):
        console.print(f"  [bold]{text}[/bold]\n      [dim]{meaning}[/dim]", soft_wrap=True)
