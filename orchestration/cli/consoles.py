"""The consoles of the command line, and what becomes of a reader who has seen enough.

Rich ends the whole program with code 1 where a pipe's reader is gone. ``f1lake tables | head`` went well,
and an ingest whose remarks nobody reads any more is still wanted.
"""

import sys
from typing import Any

from rich.console import Console
from rich.text import Text

from orchestration.cli.output import write_nowhere, written_output


class ResultConsole(Console):
    """Standard output: where its reader is gone, the command ends, as any other that writes to it."""

    def print(self, *objects: Any, **options: Any) -> None:  # noqa: ANN401 - rich's own signature
        """Print as rich does.

        Raises:
            OutputNotWrittenError: If standard output takes nothing more.
        """
        with written_output():
            super().print(*objects, **options)

    def on_broken_pipe(self) -> None:
        """Raise ``BrokenPipeError``, which ``orchestration/cli/errors.py`` answers with exit code 0."""
        raise BrokenPipeError


class RemarkConsole(Console):
    """Standard error: where its reader is gone, the work goes on in silence."""

    def remark(self, text: str) -> None:
        """Print a sentence as it is: unfolded, so that addresses and commands in it can be copied."""
        self.print(Text(text), soft_wrap=True)

    def on_broken_pipe(self) -> None:
        """Write nothing more."""
        self.quiet = True
        write_nowhere(sys.stderr)
