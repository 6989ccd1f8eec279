"""The first and the last moment of the ``f1lake`` command: nothing heavy is imported before it is asked.

Loading Dagster, PyIceberg and pandas makes a million objects. Left alone, Python's cycle collector walks
over them again and again while they load, and once more when the process ends: two seconds of each
command, for nothing. Here the first is put off, and the process ends without taking apart what the
operating system frees anyhow.
"""

import atexit
import gc
import logging
import os
import sys
from typing import Any

_WHILE_LOADING = 100_000
"""New objects between two looks for cycles, at first; Python's own number is 700."""


def run() -> None:
    """Run the command line; the entry point of the installed ``f1lake``."""
    gc.set_threshold(_WHILE_LOADING)
    ending = _Ending()
    # Registered before anything else is loaded, so it is called after what the rest registers.
    atexit.register(ending.leave)
    from orchestration.cli.main import app

    try:
        app()
    except SystemExit as error:
        ending.code = error.code
        raise


def all_is_loaded() -> None:
    """Say that what a long command needs is loaded: from here on cycles are looked for as usual."""
    gc.freeze()
    gc.set_threshold(*_USUAL)


_USUAL = gc.get_threshold()


class _Ending:
    """Ends the process at once where the command ended in an orderly way.

    Attributes:
        code: What the command ended with; null while it runs, and where something else ended it.
    """

    def __init__(self) -> None:
        self.code: Any = None

    def leave(self) -> None:
        """Write what is buffered and end; Python itself does it where that fails, and says why."""
        if not isinstance(self.code, int):
            return
        logging.shutdown()
        try:
            sys.stdout.flush()
            sys.stderr.flush()
        except (OSError, ValueError):
            return
        os._exit(self.code)
