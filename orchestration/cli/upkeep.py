"""``f1lake rebuild``, ``remove`` and ``maintain``: what changes a lake without fetching anything."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.cli.exit_codes import ExitCode
from orchestration.cli.ingest import ProcessesOption
from orchestration.cli.invocation import Invocation, invocation

if TYPE_CHECKING:
    from lake.lake import Lake

YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


def rebuild(
    context: typer.Context,
    drop: Annotated[
        bool, typer.Option("--drop", help="Drop all tables after raw first, imported sessions included.")
    ] = False,
    tables: Annotated[
        list[str] | None,
        typer.Option("--table", "-t", help="Drop and compute only this table. May be repeated."),
    ] = None,
    yes: YesOption = False,
    processes: ProcessesOption = None,
) -> None:
    """Compute everything after the raw zone again, without any network.

    Sessions that were imported as parsed files from a FastF1 cache have no bytes in the raw zone: they are
    named and stay as they are. What is dropped of them comes back only with
    `f1lake --source fastf1-cache:DIR ingest`.

    For example:

    - `f1lake rebuild`
    - `f1lake rebuild --drop`
    - `f1lake rebuild --table curated.laps`
    """
    from orchestration.cli.progress import BackfillProgress, show_summary
    from orchestration.upkeep import COMPUTED_ZONES, OFFLINE, plan_rebuild, rebuild_lake, require_whole_raw
    from orchestration.workplace import open_workplace

    call = invocation(context)
    console = call.err
    with call.existing_lake() as lake:
        plan = plan_rebuild(lake)
        dropped = _known_tables(lake, tables or ())
        if drop or dropped:
            require_whole_raw(lake)
    _say_sessions(call, "imported as parsed files, stays as it is", () if drop else plan.kept_imports)
    _say_sessions(
        call,
        "imported as parsed files, cannot be rebuilt",
        (*plan.lost_imports, *(plan.kept_imports if drop else ())),
    )
    if not plan.weekend_keys:
        console.print("Nothing to rebuild: the raw zone holds no weekend.")
        return
    if drop and not yes:
        _confirm("Drop all tables after raw?")
    with open_workplace(call.with_source(OFFLINE).settings, remark=console.remark) as workplace:
        if drop:
            workplace.lake.drop_zones((*COMPUTED_ZONES, "marts"))
        elif dropped:
            workplace.lake.drop_tables(dropped)
        with BackfillProgress(console, len(plan.weekend_keys)) as progress:
            summary = rebuild_lake(
                workplace, plan.weekend_keys, progress, force=not dropped, process_count=processes
            )
    show_summary(console, summary, call.command("rebuild"), name_weekends=False)
    if summary.failed:
        raise typer.Exit(ExitCode.FAILED)


def remove(
    context: typer.Context,
    weekends: Annotated[list[str], typer.Argument(help="Race weekends: 2024-08, 2024-monaco.")],
    yes: YesOption = False,
) -> None:
    """Take weekends out of every table after the raw zone.

    The bytes as received stay in the raw zone: `f1lake ingest` brings a weekend back without fetching what
    can no longer change.

    For example:

    - `f1lake remove 2024-08`
    - `f1lake remove 2025-90 --yes`
    """
    from orchestration.cli.progress import BackfillProgress
    from orchestration.upkeep import OFFLINE, remove_weekend, stored_weekend
    from orchestration.workplace import open_workplace

    call = invocation(context)
    with call.existing_lake() as lake:
        keys = [stored_weekend(lake, text) for text in weekends]
    if not yes:
        _confirm(f"Remove {', '.join(keys)} from {call.settings.home}?")
    console = call.err
    with open_workplace(call.with_source(OFFLINE).settings, remark=console.remark) as workplace:
        for key in keys:
            with BackfillProgress(console, 1) as progress:
                removal = remove_weekend(workplace, key, progress)
            tables = {table for table, _ in removal.removed}
            console.print(f"{key}: gone from {len(tables)} tables" if tables else f"{key}: was not there")


def maintain(
    context: typer.Context,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
    older_than: Annotated[
        float, typer.Option(min=1.0, help="Hours after which a file that nothing refers to is deleted.")
    ] = 24.0,
) -> None:
    """Merge the files of each season, forget snapshots that no kept release needs, delete what is left over.

    Rows stay as they are. Raw data files are never merged or deleted, and the releases that can still be
    read stay readable: what was merged is deleted only when none of them needs it any more.

    For example:

    - `f1lake maintain --dry-run`
    - `f1lake maintain`
    """
    import datetime as dt

    from orchestration.cli.progress import PartProgress
    from orchestration.lakes import open_lake
    from orchestration.upkeep_report import maintenance_sentence, maintenance_total

    call = invocation(context)
    with call.existing_lake() as lake:
        if dry_run:
            with PartProgress(call.err) as progress:
                report = lake.maintain(
                    dry_run=True, orphan_age=dt.timedelta(hours=older_than), on_table=progress.part
                )
    if not dry_run:
        with open_lake(call.settings, on_wait=call.err.remark) as lake, PartProgress(call.err) as progress:
            report = lake.maintain(orphan_age=dt.timedelta(hours=older_than), on_table=progress.part)
    for table in report.tables:
        call.out.print(maintenance_sentence(table, is_dry=dry_run), soft_wrap=True)
    call.out.print(maintenance_total(report.tables, is_dry=dry_run))
    for refusal in report.refusals:
        call.err.print(f"[red]{refusal}[/red]", soft_wrap=True)
    if report.refusals:
        raise typer.Exit(ExitCode.FAILED)


def _confirm(question: str) -> None:
    """Ask before something is lost; without an answer, as in a script, nothing is done."""
    try:
        typer.confirm(question, abort=True)
    except typer.Abort:
        typer.echo("Nothing was done. `--yes` does it without asking.", err=True)
        raise typer.Exit(ExitCode.FAILED) from None


def _known_tables(lake: "Lake", names: Sequence[str]) -> list[str]:
    """Return the names of tables, checked."""
    from lake.removal import KEPT_ZONES
    from orchestration.errors import UnknownTableNameError

    for name in names:
        zone = name.partition(".")[0]
        if zone in KEPT_ZONES:
            raise UnknownTableNameError(f"{name} cannot be computed again: restore it from a backup")
        if name not in lake.contracts:
            raise UnknownTableNameError(f"there is no table {name!r}: `f1lake tables` lists them")
    return list(names)


def _say_sessions(call: Invocation, what: str, session_keys: tuple[str, ...]) -> None:
    for key in session_keys:
        call.err.print(f"[yellow]{key}[/yellow] {what}")
