"""``f1lake sql``: one statement, or an interactive prompt."""

import sys
from enum import StrEnum
from typing import Annotated

import typer

from orchestration.cli.invocation import invocation


class OutputFormat(StrEnum):
    """How rows are written."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


def sql(
    context: typer.Context,
    statement: Annotated[
        str | None,
        typer.Argument(help="A select statement; - reads it from standard input; none opens a prompt."),
    ] = None,
    csv: Annotated[bool, typer.Option("--csv", help="Write CSV with a header.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Write a JSON list of objects.")] = False,
    limit: Annotated[int, typer.Option(min=0, help="Rows to show in a table; 0 shows all.")] = 100,
) -> None:
    """Ask the lake in SQL (DuckDB's), over all tables as `zone.table`.

    For example:

    - `f1lake sql "select driver_key, count(*) as laps from curated.laps group by all order by 2 desc"`
    - `f1lake sql --csv - < question.sql > answer.csv`
    - `f1lake sql` opens a prompt with history and completion
    """
    if csv and json:
        raise typer.BadParameter("choose one of --csv and --json")
    call = invocation(context)
    form = OutputFormat.CSV if csv else OutputFormat.JSON if json else OutputFormat.TABLE
    text = sys.stdin.read() if _reads_stdin(statement) else statement
    lake = call.existing_lake()
    if text is None:
        from orchestration.cli.prompt import SqlPrompt

        SqlPrompt(call, lake, limit=limit).run()
        return
    if not text.strip():
        raise typer.BadParameter("the statement is empty: write a select, or none at all for a prompt")

    from orchestration.cli import rows
    from orchestration.cli.absent_hints import say_absence
    from orchestration.cli.sql_hints import ask

    answer = ask(lake, text)
    if form is OutputFormat.CSV:
        rows.write_csv(answer)
    elif form is OutputFormat.JSON:
        rows.write_json(answer)
    else:
        rows.show_table(call.out, answer, limit)
    say_absence(call, lake, text, answer)


def _reads_stdin(statement: str | None) -> bool:
    return statement == "-" or (statement is None and not sys.stdin.isatty())
