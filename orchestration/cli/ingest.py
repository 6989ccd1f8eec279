"""``f1lake ingest`` and ``f1lake backfill``: weekends from a source into the lake, down to the marts."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.cli.exit_codes import ExitCode
from orchestration.cli.invocation import Invocation, invocation

if TYPE_CHECKING:
    from lake.lake import Lake
    from orchestration.cli.progress import BackfillProgress
    from orchestration.outcomes import BackfillSummary
    from orchestration.unchanged import Unchanged

SourceOption = Annotated[
    str | None,
    typer.Option("--source", help="What is read; the same as the global option.", show_default=False),
]
SessionOption = Annotated[
    list[str] | None,
    typer.Option("--session", "-s", help="Only these sessions: FP1 FP2 FP3 SQ S Q R. May be repeated."),
]
ForceOption = Annotated[bool, typer.Option("--force", help="Compute and write again what has not changed.")]

ProcessesOption = Annotated[
    int | None,
    typer.Option(
        min=1,
        help="How many weekends at once, each by a process of 0.4 GB and more [default: 2, where there are 2 "
        "cores and 6 weekends to run].",
        show_default=False,
    ),
]

_NAMED = 4


def ingest(
    context: typer.Context,
    weekends: Annotated[
        list[str],
        typer.Argument(
            help="Race weekends, by season and round, or by name, town or country: 2024-08, 2024-monaco, "
            "2024-monza. Seasons and ranges are taken too."
        ),
    ],
    session: SessionOption = None,
    source: SourceOption = None,
    force: ForceOption = False,
) -> None:
    """Ingest race weekends: fetch, parse, reconcile, build the marts.

    What is there already and has not changed is not written again. A whole season or range is taken too;
    `backfill` is the name for that.

    For example:

    - `f1lake ingest 2024-08`
    - `f1lake ingest 2024-monza`
    - `f1lake ingest 2024-08 --session Q --session R`
    - `f1lake --source mirror:/data/mirror ingest 2025-20`
    """
    call = invocation(context).with_source(source)
    _run(call, weekends, _Wanted(_sessions(session), force))


def backfill(  # noqa: PLR0913, PLR0917 - each is an option of the command
    context: typer.Context,
    ranges: Annotated[
        list[str],
        typer.Argument(help="Seasons or ranges: 2024, 2023-05..2024-03, 1950..1960.", metavar="RANGES..."),
    ],
    session: SessionOption = None,
    source: SourceOption = None,
    force: ForceOption = False,
    retry_failed: Annotated[
        bool,
        typer.Option("--retry-failed", help="Only weekends whose last run failed, or that were never run."),
    ] = False,
    processes: ProcessesOption = None,
) -> None:
    """Ingest whole seasons or ranges of weekends.

    A weekend that fails is reported and the rest go on. Run it again to resume: weekends that are done and
    unchanged take a moment, failed ones are tried again.

    For example:

    - `f1lake backfill 2024`
    - `f1lake backfill 2023-05..2024-03`
    - `f1lake --source fastf1-cache:~/cache backfill 2024 2025`
    """
    call = invocation(context).with_source(source)
    wanted = _Wanted(_sessions(session), force, only_unfinished=retry_failed, process_count=processes)
    _run(call, ranges, wanted)


def _sessions(given: list[str] | None) -> tuple[str, ...]:
    from racing.keys import SESSION_CODES

    codes = tuple(code.upper() for text in given or () for code in text.split(","))
    for code in codes:
        if code not in SESSION_CODES:
            raise typer.BadParameter(f"{code!r} is no session: use {', '.join(SESSION_CODES)}")
    return codes


@dataclass(frozen=True)
class _Wanted:
    """What was asked for, beside the weekends; a null number of processes leaves it to us."""

    sessions: tuple[str, ...]
    force: bool
    only_unfinished: bool = False
    process_count: int | None = None


def _run(call: Invocation, texts: list[str], wanted: _Wanted) -> None:
    unchanged = _unchanged(call, texts, wanted)
    if unchanged is not None:
        _say_unchanged(call, unchanged, wanted)
        return
    from orchestration.cli.progress import BackfillProgress
    from orchestration.session_choice import sessions_of
    from orchestration.weekend_runs import IngestOptions
    from orchestration.workplace import open_workplace

    console, sessions = call.err, wanted.sessions
    with open_workplace(call.settings, remark=console.remark) as workplace:
        weekends = workplace.choose(
            texts, console.remark, sessions=sessions, only_unfinished=wanted.only_unfinished
        )
        if not weekends:
            console.print("Nothing to do: every weekend of the range is done.")
            return
        console.remark(str(workplace.expectation(weekends, sessions)))
        keys = [weekend.weekend_key for weekend in weekends]
        has = {weekend.weekend_key: sessions_of(weekend, sessions) for weekend in weekends}
        options = IngestOptions(sessions, wanted.force, sessions_of=has, process_count=wanted.process_count)
        with (
            BackfillProgress(console, len(keys)) as progress,
            _said_when_stopped(progress, workplace.lake, keys),
        ):
            summary = workplace.jobs.run(keys, options, progress)
        _conclude(call, workplace.lake, summary, wanted)


def _unchanged(call: Invocation, texts: list[str], wanted: _Wanted) -> "Unchanged | None":
    """Return what to say where nothing of a few weekends has changed since their runs, else null.

    Dagster is not loaded for that: it takes longer than finding out.
    """
    from orchestration.settled import is_any_settled

    if wanted.force or wanted.only_unfinished or not is_any_settled(call.settings):
        return None
    from orchestration.unchanged import EXPECTED_ERRORS, unchanged_weekends

    try:
        with call.existing_lake() as lake:
            return unchanged_weekends(call.settings, lake, texts, wanted.sessions)
    except EXPECTED_ERRORS:
        return None  # the run meets it too, and says it
    except Exception as error:  # noqa: BLE001 - nobody need lose a run by it
        call.err.remark(f"whether anything has changed could not be told: {type(error).__name__}: {error}")
        return None


def _say_unchanged(call: Invocation, unchanged: "Unchanged", wanted: _Wanted) -> None:
    """Say of each weekend that it is unchanged, and the rest as after a run."""
    from orchestration.cli.progress import BackfillProgress

    call.err.remark(str(unchanged.expectation))
    with BackfillProgress(call.err, len(unchanged.summary.done)) as progress:
        for outcome in unchanged.summary.done:
            progress.weekend_ended(outcome)
    with call.existing_lake() as lake:
        _conclude(call, lake, unchanged.summary, wanted)


def _conclude(call: Invocation, lake: "Lake", summary: "BackfillSummary", wanted: _Wanted) -> None:
    """Say what became of the weekends, what they lack, and what to do next.

    Raises:
        Exit: If a weekend failed.
    """
    from orchestration.cli.differences import say_unexplained
    from orchestration.cli.progress import show_summary
    from orchestration.differences import unexplained_differences
    from orchestration.lake_status import partial_codes, session_statuses

    done = [outcome.weekend_key for outcome in summary.done]
    statuses = session_statuses(lake, done)
    unexplained = unexplained_differences(lake, done)
    show_summary(call.err, summary, _retry_command(call, wanted.sessions, force=wanted.force))
    _say_partial(call, {key: codes for key in done if (codes := partial_codes(statuses.get(key, ())))})
    say_unexplained(call.err, unexplained, call.command("sql"))
    if summary.failed:
        raise typer.Exit(ExitCode.FAILED)
    _say_next(call, done[-1])


def _say_next(call: Invocation, weekend_key: str) -> None:
    """Say what to do with what is there now."""
    from rich.text import Text

    look = call.command("status", weekend_key)
    call.err.print(Text(f"Next: {look} (or sql to ask it, ui to see it)", "dim"), soft_wrap=True)


def _retry_command(call: Invocation, sessions: tuple[str, ...], *, force: bool) -> str:
    """Return the command that tries weekends again, with the options of this one; they are added to it."""
    chosen = [word for code in sessions for word in ("--session", code)]
    return call.command("ingest", *chosen, *(["--force"] if force else []))


@contextmanager
def _said_when_stopped(progress: "BackfillProgress", lake: "Lake", weekend_keys: list[str]) -> Iterator[None]:
    """Say how far it came, and how to go on, where the user stops it."""
    from orchestration.marts_behind import marts_behind

    try:
        yield
    except KeyboardInterrupt:
        typer.echo(f"{progress.done_count} weekends done; the same command goes on from here.", err=True)
        behind = marts_behind(lake, weekend_keys)
        if behind is not None:
            # Of several weekends they are built once, at the end.
            typer.echo(f"The marts are {behind}. The same command builds them at its end.", err=True)
        raise


def _say_partial(call: Invocation, partial: dict[str, tuple[str, ...]]) -> None:
    """Say which sessions the source has a part of; a session that it has nothing of is no news."""
    if not partial:
        return
    if len(partial) <= _NAMED:
        named = "; ".join(f"{key} {', '.join(codes)}" for key, codes in partial.items())
    else:
        codes = dict.fromkeys(code for found in partial.values() for code in found)
        named = f"{len(partial)} weekends ({', '.join(codes)})"
    call.err.print(
        f"[dim]The source has only a part of {named}: {call.command('status')} {next(iter(partial))} "
        "says what is missing.[/dim]",
        soft_wrap=True,
        highlight=False,
    )
