"""``f1lake ui``: the Dagster UI on this home."""

from typing import Annotated

import typer

from orchestration.cli.invocation import invocation


def ui(
    context: typer.Context,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port on this machine.")] = 3000,
) -> None:
    """Open the Dagster UI on this lake; Ctrl-C stops it.

    It shows the runs made by the command line too, and materialises a race weekend from the browser.

    For example:

    - `f1lake ui`
    - `f1lake ui --port 3001`
    """
    from orchestration.web_server import serve

    call = invocation(context)
    console = call.err
    console.print(f"Starting Dagster on [bold]{call.settings.home}[/bold] (about 20 seconds) ...")

    def started(url: str) -> None:
        console.print(f"[green]Ready:[/green] [bold]{url}[/bold]   (Ctrl-C stops it)")

    serve(call.settings, port, started)
