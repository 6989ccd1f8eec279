"""Shows how far a backfill has come: a live line in a terminal, one line per weekend elsewhere."""

import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.text import Text

from orchestration.outcomes import REMARK, BackfillSummary, WeekendOutcome


class BackfillProgress:
    """Follows a backfill on a console; a context manager."""

    def __init__(self, console: Console, total: int) -> None:
        """Show nothing yet.

        Args:
            console: Where to print: standard error.
            total: Number of weekends.
        """
        self._console = console
        self._total = total
        self._done = 0
        self._began = time.monotonic()
        self._at_work: dict[str, str] = {}
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[left]}"),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._progress.add_task("", total=total, left="")

    def __enter__(self) -> Self:
        """Begin to show."""
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop showing."""
        self._progress.stop()

    def weekends_started(self, total: int) -> None:
        """Begin to count."""
        self._total, self._done, self._began = total, 0, time.monotonic()
        self._progress.update(self._task, completed=0, total=total, left="")

    def weekend_started(self, weekend_key: str) -> None:
        """Show the weekend."""
        self._at_work[weekend_key] = weekend_key
        self._describe()

    def step(self, weekend_key: str, event_type: str, text: str) -> None:
        """Show the step at work, and remarks as they come."""
        if event_type == REMARK:
            self._console.print(Text(f"  {text}", "yellow"), soft_wrap=True)
        elif event_type == "STEP_START" and weekend_key:
            self._at_work[weekend_key] = f"{weekend_key} · {text}"
            self._describe()

    def weekend_ended(self, outcome: WeekendOutcome) -> None:
        """Print the weekend's line."""
        self._done += 1
        self._at_work.pop(outcome.weekend_key, None)
        self._describe()
        left = self._total - self._done
        each = (time.monotonic() - self._began) / self._done
        self._progress.update(
            self._task, completed=self._done, left=f"{_clock(left * each)} left" if left > 0 else ""
        )
        mark = ("✓", "green") if outcome.run.is_success else ("✗", "red")
        line = Text.assemble(mark, f" {outcome.weekend_key}  {outcome.run.seconds:.1f} s")
        if outcome.run.is_unchanged:
            line.append("  unchanged", "dim")
        if outcome.run.reason:
            line.append(f"  {outcome.run.reason.splitlines()[0]}", "red")
        self._console.print(line, soft_wrap=True)

    @property
    def done_count(self) -> int:
        """How many weekends are through."""
        return self._done

    def marts_started(self, total: int) -> None:
        """Show that the marts are built."""
        self._progress.update(self._task, description=f"marts of {total} weekends", left="")

    def _describe(self) -> None:
        self._progress.update(self._task, description=", ".join(self._at_work.copy().values()))


class PartProgress:
    """Follows work that has a known number of parts, or bytes; shown in a terminal only."""

    def __init__(self, console: Console, *, is_bytes: bool = False) -> None:
        """Show nothing yet.

        Args:
            console: Where to show it: standard error.
            is_bytes: Whether the numbers are bytes.
        """
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            DownloadColumn() if is_bytes else MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._progress.add_task("", total=None)

    def __enter__(self) -> Self:
        """Begin to show."""
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop showing."""
        self._progress.stop()

    def part(self, what: str, number: int, total: int) -> None:
        """Show what is being done and how far it has come."""
        self._progress.update(self._task, description=what, completed=number, total=total)


def show_summary(
    console: Console, summary: BackfillSummary, retry: str, *, name_weekends: bool = True
) -> None:
    """Print what is done, what failed and why, and the command that retries.

    Args:
        console: Where to print.
        summary: What became of the weekends.
        retry: Command that retries.
        name_weekends: Whether the failed weekends are to be added to that command.
    """
    total = len(summary.done) + len(summary.failed)
    console.print(f"{len(summary.done)} of {total} weekend{'s' if total != 1 else ''} done")
    if not summary.failed:
        return
    console.print(Text("Failed:", "red"))
    for outcome in summary.failed:
        console.print(Text(f"  {outcome.weekend_key}  {outcome.run.reason}"), soft_wrap=True)
        console.print(Text(f"  {'':<9}log: {outcome.run.log}", "dim"), soft_wrap=True)
    failed = sorted(outcome.weekend_key for outcome in summary.failed) if name_weekends else []
    console.print(Text.assemble("Retry:  ", (" ".join([retry, *failed]), "bold")), soft_wrap=True)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
