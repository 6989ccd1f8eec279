"""Writing to standard output, which may be a pipe that nobody reads any more, or a full disk."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from orchestration.errors import OutputNotWrittenError


@contextmanager
def written_output() -> Iterator[None]:
    """Raise what goes wrong while standard output is written to, and only that, as an error of its own.

    Raises:
        BrokenPipeError: If its reader is gone.
        OutputNotWrittenError: If it takes nothing more.
    """
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        write_nowhere(sys.stdout)
        raise OutputNotWrittenError(
            f"the answer could not be written to standard output ({error.strerror}): make room there, or "
            "send it elsewhere"
        ) from error


@contextmanager
def flushed_output() -> Iterator[None]:
    """Write what is left in the buffer at the end, while somebody can still be told that it did not go."""
    yield
    with written_output():
        sys.stdout.flush()


def write_nowhere(stream: TextIO) -> None:
    """Let what is still written to a stream go nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
