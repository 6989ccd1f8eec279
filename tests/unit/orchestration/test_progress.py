"""What is shown of a backfill: weekends at work, how far it has come, and a line for each that is through."""

from pathlib import Path

from rich.console import Console

from orchestration.cli.progress import BackfillProgress
from orchestration.outcomes import REMARK, RunOutcome, RunStatus, WeekendOutcome


def outcome(weekend_key: str, status: RunStatus, *, is_unchanged: bool = False) -> WeekendOutcome:
    reason = "no network: try later\nmore" if status is RunStatus.FAILED else None
    return WeekendOutcome(weekend_key, RunOutcome("id", status, 1.25, reason, Path("log"), is_unchanged))


def test_weekends_of_two_processes_are_shown_side_by_side() -> None:
    console = Console(record=True, force_terminal=True, width=120)
    with BackfillProgress(console, 6) as progress:
        progress.weekends_started(6)
        progress.weekend_started("2024-01")
        progress.weekend_started("2024-02")
        progress.step("2024-01", "STEP_START", "processed")
        progress.step("2024-02", "STEP_START", "raw")
        (task,) = progress._progress.tasks
        assert task.description == "2024-01 · processed, 2024-02 · raw"
        progress.weekend_ended(outcome("2024-02", RunStatus.SUCCEEDED))
        assert (task.description, task.completed, task.total) == ("2024-01 · processed", 1, 6)
        assert task.fields["left"].endswith(" left")
    assert progress.done_count == 1


def test_line_of_a_weekend_says_what_became_of_it() -> None:
    console = Console(record=True, width=120)
    with BackfillProgress(console, 3) as progress:
        progress.weekends_started(3)
        progress.step("2024-01", REMARK, "2024-01-R: stops at lap 12")
        progress.weekend_ended(outcome("2024-01", RunStatus.SUCCEEDED))
        progress.weekend_ended(outcome("2024-02", RunStatus.SUCCEEDED, is_unchanged=True))
        progress.weekend_ended(outcome("2024-03", RunStatus.FAILED))
    assert [line.rstrip() for line in console.export_text().splitlines() if line.strip()] == [
        "  2024-01-R: stops at lap 12",
        "✓ 2024-01  1.2 s",
        "✓ 2024-02  1.2 s  unchanged",
        "✗ 2024-03  1.2 s  no network: try later",
    ]


def test_count_begins_anew_where_marts_are_built_one_by_one() -> None:
    with BackfillProgress(Console(record=True, width=120), 2) as progress:
        progress.weekends_started(2)
        for key in ("2024-01", "2024-02"):
            progress.weekend_ended(outcome(key, RunStatus.SUCCEEDED))
        progress.marts_started(2)
        progress.step("", "STEP_START", "marts_of_weekends")
        assert progress._progress.tasks[0].description == "marts of 2 weekends"
        progress.weekends_started(2)
        assert progress.done_count == 0
