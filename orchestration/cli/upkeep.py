"""``f1lake rebuild``, ``remove`` and ``maintain``: what changes a lake without fetching anything."""

from typing import Annotated

import typer

from orchestration.cli.exit_codes import ExitCode
from orchestration.cli.invocation import Invocation, invocation

YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


def rebuild(
    context: typer.Context,
    drop: Annotated[
        bool, typer.Option("--drop", help="Drop all tables after raw first, imported sessions included.")
    ] = False,
    yes: YesOption = False,
) -> None:
    """Compute everything after the raw zone again, without any network.

    Sessions that were imported as parsed files from a FastF1 cache have no bytes in the raw zone: they are
    named and stay as they are. What is dropped of them comes back only with
    `f1lake --source fastf1-cache:DIR ingest`.

    For example:

    - `f1lake rebuild`
    - `f1lake rebuild --drop`
    """
    from orchestration.cli.progress import BackfillProgress, show_summary
    from orchestration.upkeep import COMPUTED_ZONES, OFFLINE, plan_rebuild, rebuild_lake
    from orchestration.workplace import open_workplace

    call = invocation(context)
    console = call.err
    with call.existing_lake() as lake:
        plan = plan_rebuild(lake)
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
        typer.confirm("Drop all tables after raw?", abort=True)
    with open_workplace(call.with_source(OFFLINE).settings, remark=console.print) as workplace:
        if drop:
            workplace.lake.drop_zones((*COMPUTED_ZONES, "marts"))
        with BackfillProgress(console, len(plan.weekend_keys)) as progress:
            summary = rebuild_lake(workplace, plan.weekend_keys, progress)
    show_summary(console, summary, call.command("rebuild"), name_weekends=False)
    if summary.failed:
        raise typer.Exit(ExitCode.FAILED)


def remove(
    context: typer.Context,
    weekends: Annotated[list[str], typer.Argument(help="Race weekends, such as 2024-08.")],
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
    from orchestration.upkeep import OFFLINE, remove_weekend
    from orchestration.workplace import open_workplace
    from racing.keys import split_weekend_key

    call = invocation(context)
    for key in weekends:
        split_weekend_key(key)
    with call.existing_lake():
        pass
    if not yes:
        typer.confirm(f"Remove {', '.join(weekends)} from {call.settings.home}?", abort=True)
    console = call.err
    with open_workplace(call.with_source(OFFLINE).settings, remark=console.print) as workplace:
        for key in weekends:
            with BackfillProgress(console, 1) as progress:
                removal = remove_weekend(workplace, key, progress)
            tables = {table for table, _ in removal.removed}
            console.print(f"{key}: gone from {len(tables)} tables" if tables else f"{key}: was not there")


def maintain(
    context: typer.Context,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
) -> None:
    """Forget snapshots that no kept release needs, and delete files that nothing refers to.

    Writing looks after small files itself; this is for what stays behind. Raw data files are never deleted.

    For example:

    - `f1lake maintain --dry-run`
    - `f1lake maintain`
    """
    from orchestration.lakes import open_lake

    call = invocation(context)
    with call.existing_lake():
        pass
    with open_lake(call.settings, on_wait=call.err.print) as lake:
        tables = lake.maintain(dry_run=dry_run)
    verb = "would be" if dry_run else "were"
    for table in tables:
        call.out.print(
            f"{table.name}: {table.expired_snapshots} snapshots {verb} forgotten, "
            f"{table.deleted_files} files ({table.deleted_bytes / 1e6:.1f} MB) {verb} deleted"
        )
    if not tables:
        call.out.print("Nothing to do.")


def _say_sessions(call: Invocation, what: str, session_keys: tuple[str, ...]) -> None:
    for key in session_keys:
        call.err.print(f"[yellow]{key}[/yellow] {what}")
