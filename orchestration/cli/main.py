"""The ``f1lake`` command: its global options and the list of its commands.

A command's work is in its own module; nothing heavy is imported before a command needs it.
"""

from pathlib import Path
from typing import Annotated

import typer

from orchestration.cli import (
    backup,
    demo,
    doctor,
    duckdb_file,
    ingest,
    look,
    query,
    status,
    ui,
    upkeep,
)
from orchestration.cli.errors import CommandGroup
from orchestration.cli.invocation import Invocation
from orchestration.environments import read_settings

FILL = "Fill the lake"
ASK = "Ask the lake"
KEEP = "Keep it in order"

app = typer.Typer(
    name="f1lake",
    cls=CommandGroup,
    help="An open lakehouse of Formula 1 timing: from the wire to driver and stint marts.",
    epilog="Start with `f1lake demo`, then `f1lake ingest 2024-08`. Not associated with Formula 1.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.command("demo", rich_help_panel=FILL)(demo.demo)
app.command("ingest", rich_help_panel=FILL)(ingest.ingest)
app.command("backfill", rich_help_panel=FILL)(ingest.backfill)
app.command("sql", rich_help_panel=ASK)(query.sql)
app.command("tables", rich_help_panel=ASK)(look.tables)
app.command("describe", rich_help_panel=ASK)(look.describe)
app.command("status", rich_help_panel=ASK)(status.status)
app.command("duckdb", rich_help_panel=ASK)(duckdb_file.duckdb)
app.command("ui", rich_help_panel=ASK)(ui.ui)
app.command("rebuild", rich_help_panel=KEEP)(upkeep.rebuild)
app.command("remove", rich_help_panel=KEEP)(upkeep.remove)
app.command("maintain", rich_help_panel=KEEP)(upkeep.maintain)
app.command("backup", rich_help_panel=KEEP)(backup.backup)
app.command("restore", rich_help_panel=KEEP)(backup.restore)
app.command("doctor", rich_help_panel=KEEP)(doctor.doctor)


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"f1lake {version('f1-lakehouse')}")
        raise typer.Exit


def _folder(text: str) -> Path:
    """Return a folder that is named; an empty text, as of a variable that is not set, names none."""
    if not text.strip():
        raise typer.BadParameter("it is empty: name a folder, or leave the option out")
    return Path(text)


@app.callback()
def options(
    context: typer.Context,
    home: Annotated[
        Path | None,
        typer.Option(
            help="Folder of the lake [F1LAKE_HOME; default: ~/.f1lake].",
            show_default=False,
            parser=_folder,
            metavar="PATH",
        ),
    ] = None,
    catalog: Annotated[
        str | None,
        typer.Option(help="local or sql [F1LAKE_CATALOG; default: local].", show_default=False),
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(
            help="online, mirror:DIR, fastf1-cache:DIR, synthetic, or several with commas "
            "[F1LAKE_SOURCE; default: online].",
            show_default=False,
        ),
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show tracebacks and logs.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Read the settings of this call: option, else environment, else default."""
    del version  # answered before this is called
    settings = read_settings(home=home, catalog=catalog, source=source)
    given = {"--home": home, "--catalog": catalog, "--source": source}
    context.obj = Invocation(
        settings=settings,
        is_verbose=verbose,
        is_home_given=settings.is_home_given,
        given=tuple(
            text for name, value in given.items() if value is not None for text in (name, str(value))
        ),
    )
