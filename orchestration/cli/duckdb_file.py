"""``f1lake duckdb``: the lake as a file that the DuckDB shell and other programs open."""

import typer

from orchestration.cli.invocation import invocation


def duckdb(context: typer.Context) -> None:
    """Write f1lake.duckdb into the home: a view of every table, for DuckDB's shell and BI tools.

    No row is copied. Once the file is there, everything that builds the marts writes it again, so that its
    path stays and its views are of the newest release; a program sees that when it opens the file anew.

    For example:

    - `f1lake duckdb`
    """
    from lake.views_file import load_statements, write_views_file

    call = invocation(context)
    with call.existing_lake() as lake:
        path = write_views_file(lake)
    call.out.print(str(path), soft_wrap=True)
    call.err.print(
        f"[dim]Open it read-only: duckdb -readonly {path}. Without a network, say first:[/dim]",
        soft_wrap=True,
    )
    for statement in load_statements():
        call.err.print(f"[dim]{statement}[/dim]", soft_wrap=True, markup=True)
