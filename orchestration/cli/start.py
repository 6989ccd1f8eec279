"""The first and the last moment of the ``f1lake`` command: nothing heavy is imported before it is asked.

Left alone, Python's cycle collector walks over Dagster, PyIceberg and pandas again and again while they
load, and once more when the process ends: two of the ten seconds of an ingest that changes nothing. Here the
first is put off (``orchestration/collection.py``), and the process ends without taking apart what the
operating system frees anyhow.
"""

import atexit
import logging
import os
import sys
from typing import Any

from orchestration.collection import collect_seldom


def run() -> None:
    """Run the command line; the entry point of the installed ``f1lake``."""
    collect_seldom()
    ending = _Ending()
    # Registered before anything else is loaded, so it is called after what the rest registers.
    atexit.register(ending.leave)
    from orchestration.cli.main import app

    try:
        app()
    except SystemExit as error:
        ending.code = error.code
        raise


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
