"""``f1lake status``: what is there of each weekend, what failed, what is partial and why."""

from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.cli.invocation import invocation

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from orchestration.cli.invocation import Invocation
    from orchestration.lake_status import SessionStatus, WeekendStatus


def status(
    context: typer.Context,
    weekends: Annotated[
        list[str] | None,
        typer.Argument(
            help="Weekends (2024-08, 2024-monaco), seasons or ranges to show in detail; all without."
        ),
    ] = None,
    seasons: Annotated[
        bool, typer.Option("--seasons", help="One line a season: what is there, and what is missing.")
    ] = False,
) -> None:
    """Show what the lake holds of each weekend: sessions, zones, the last run, and what is missing.

    For example:

    - `f1lake status`
    - `f1lake status 2024-08`
    - `f1lake status --seasons 1950..2017`
    """
    from rich.text import Text

    from orchestration.cli.differences import say_unexplained
    from orchestration.differences import unexplained_differences
    from orchestration.held_weekends import held_range
    from orchestration.instance import open_instance
    from orchestration.jobs import INGEST_WEEKEND
    from orchestration.lake_status import last_runs, weekend_statuses, with_cut_off
    from orchestration.marts_behind import marts_behind
    from orchestration.run_records import dead_runs
    from orchestration.weekend_ranges import names_weekend, read_range

    call = invocation(context)
    for text in weekends or ():
        if names_weekend(text) is None:
            read_range(text)
    if seasons:
        _show_seasons(call, weekends or [])
        return
    with call.existing_lake() as lake, open_instance(call.settings) as instance:
        said = [held_range(lake, text) for text in weekends or ()]
        ranges = [one for one in said if one is not None]
        runs = last_runs(instance, INGEST_WEEKEND)
        dead = {run.run_id for run in dead_runs(call.settings, instance)}
        found = weekend_statuses(lake, with_cut_off(runs, dead))
        chosen = [row for row in found if not weekends or any(row.weekend_key in wanted for wanted in ranges)]
        unexplained = unexplained_differences(lake, [row.weekend_key for row in chosen])
        behind = marts_behind(lake, [row.weekend_key for row in chosen])
    console = call.out
    if not chosen:
        wanted = weekends or ["2024-08"]
        fill = (
            "backfill" if any(one.first != one.last or "-" not in one.first for one in ranges) else "ingest"
        )
        what = f"Nothing of {', '.join(wanted)}" if weekends else "No weekend"
        console.print(Text(f"{what} here yet: `{call.command(fill, *wanted)}` fills it."), soft_wrap=True)
        return
    _show(console, chosen)
    _explain(call, chosen, everything=bool(weekends))
    say_unexplained(console, unexplained, call.command("sql"))
    if behind is not None:
        console.print(Text(f"The marts are {behind}", "yellow"), soft_wrap=True)
        build = call.command(*behind.words)
        console.print(Text.assemble("  build them: ", (build, "bold")), soft_wrap=True)


def _show_seasons(call: "Invocation", texts: list[str]) -> None:
    from rich.text import Text

    from orchestration.cli.seasons import show_seasons
    from orchestration.season_coverage import absent_seasons, season_coverages
    from orchestration.weekend_ranges import names_weekend, read_range

    ranges = [read_range(str(names_weekend(text) or text)) for text in texts]
    with call.existing_lake() as lake:
        found = season_coverages(lake, ranges)
    if found:
        show_seasons(call.out, found)
    absent = absent_seasons(found, ranges)
    if absent:
        fill = call.command("backfill", *absent)
        call.out.print(Text(f"Nothing of {', '.join(absent)} here yet: `{fill}` fills it."), soft_wrap=True)
    elif not found:
        call.out.print(f"No season here yet: `{call.command('backfill', '2024')}` fills one.", soft_wrap=True)


def _show(console: "Console", weekends: "list[WeekendStatus]") -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    page = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("weekend", "event", "sessions", "reached", "last run"):
        page.add_column(heading, no_wrap=heading != "event")
    for weekend in weekends:
        sessions = Text(" ").join(_session_mark(session) for session in weekend.sessions)
        reached = weekend.reached or "-"
        page.add_row(weekend.weekend_key, weekend.event_name or "", sessions, reached, _run_text(weekend))
    console.print(page)
    console.print(
        "[green]✓[/green] complete  [yellow]◐[/yellow] partial  [dim]·[/dim] not ingested  "
        "[cyan]+[/cyan] with telemetry"
    )


def _explain(call: "Invocation", weekends: "list[WeekendStatus]", *, everything: bool) -> None:
    from rich.text import Text

    console = call.out
    for weekend in weekends:
        run = weekend.last_run
        if run is not None and run.is_failed:
            what = f"failed: {run.reason}" if run.reason else "was stopped"
            console.print(Text(f"{weekend.weekend_key} {what}", "red"), soft_wrap=True)
            retry = call.command("ingest", weekend.weekend_key)
            console.print(Text.assemble("  retry: ", (retry, "bold")), soft_wrap=True)
        for session in weekend.sessions if everything else ():
            for reason in session.reasons:
                text = f"{weekend.weekend_key}-{session.code}  {reason}"
                console.print(Text(text, "yellow"), soft_wrap=True)
    partial = [weekend.weekend_key for weekend in weekends if weekend.partial_codes]
    if partial and not everything:
        detail = call.command("status", partial[0])
        console.print(Text.assemble("What a ◐ session lacks: ", (detail, "bold")), soft_wrap=True)


def _session_mark(session: "SessionStatus") -> "Text":
    from rich.text import Text

    from orchestration.lake_status import SessionState

    mark, style = {
        SessionState.COMPLETE: ("✓", "green"),
        SessionState.PARTIAL: ("◐", "yellow"),
        SessionState.ABSENT: ("·", "dim"),
    }[session.state]
    return Text.assemble((f"{session.code}{mark}", style), ("+" if session.has_telemetry else "", "cyan"))


def _run_text(weekend: "WeekendStatus") -> "Text":
    from rich.text import Text

    run = weekend.last_run
    if run is None:
        return Text("-", "dim")
    when = f" {run.ended_at:%Y-%m-%d %H:%M}" if run.ended_at else ""
    return Text(f"{run.status}{when}", "red" if run.is_failed else "")
