"""``f1lake doctor``: what is well, what is not, and what to run."""

from typing import Annotated

import typer

from orchestration.cli.exit_codes import ExitCode
from orchestration.cli.invocation import invocation


def doctor(
    context: typer.Context,
    deep: Annotated[
        bool, typer.Option("--deep", help="Read every row and compare it with what was written.")
    ] = False,
) -> None:
    """Check Python, packages, disk, lake, runs, source and account; say what to do where something is wrong.

    Of the lake: whether it was moved, files are missing, its books say what its tables hold, a lock is held
    by nobody, a step was cut off, a newer program wrote it. With `--deep` every row is compared too.

    For example:

    - `f1lake doctor`
    - `f1lake doctor --deep`
    - `f1lake --source mirror:/data/mirror doctor`
    """
    from rich.text import Text

    from orchestration.examination import examine
    from orchestration.findings import Health

    call = invocation(context)
    console = call.out
    marks = {Health.GOOD: ("✓", "green"), Health.NOTE: ("!", "yellow"), Health.BAD: ("✗", "red")}
    problems = 0
    for finding in examine(call.settings, is_deep=deep):
        mark = marks[finding.health]
        console.print(Text.assemble(mark, f" {finding.subject:<12} ", finding.text), soft_wrap=True)
        if finding.advice and finding.advice != finding.text:
            for line in finding.advice.splitlines():
                console.print(Text(f"  {'':<12} {line}", "dim"), soft_wrap=True)
        problems += finding.health is Health.BAD
    if problems:
        console.print(Text(f"{problems} problem{'s' if problems > 1 else ''}", "red"))
        raise typer.Exit(ExitCode.FAILED)
    console.print("[green]All well.[/green]")
