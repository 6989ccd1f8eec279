"""Says how many differences between timing and official result nothing explains, and how to see them."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from orchestration.differences import SHOW_SQL

if TYPE_CHECKING:
    from rich.console import Console

_NAMED = 4


def say_unexplained(console: "Console", counts: Mapping[str, int], command: str) -> None:
    """Print a dim line with the number, and the statement that shows the rows of the first weekend.

    Args:
        console: Where to print.
        counts: Weekend to its differences that no rule explains; nothing is printed where there are none.
        command: Command that takes a statement: ``f1lake sql``.
    """
    if not counts:
        return
    total = sum(counts.values())
    if len(counts) <= _NAMED:
        where = ", ".join(f"{key} {count}" for key, count in counts.items())
    else:
        where = f"{total} in {len(counts)} weekends"
    statement = SHOW_SQL.format(weekend_key=next(iter(counts)))
    console.print(
        f"[dim]Differences between sources that nothing explains: {where}. They are shown by\n"
        f'{command} "{statement}"[/dim]',
        soft_wrap=True,
        highlight=False,
    )
