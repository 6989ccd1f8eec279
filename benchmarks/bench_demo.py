"""The demo as a person runs it after set-up, and making the invented weekend by itself, in seconds.

Each is a process of its own in an empty folder; what `make setup` keeps for all homes is there.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

_INVENT = """
import sys
from pathlib import Path
from sources.synthetic.options import WeekendOptions
from sources.synthetic.weekend import synthetic_mirror
synthetic_mirror(Path(sys.argv[1]), WeekendOptions())
"""


def run() -> dict[str, float]:
    """Return the seconds of both, start of Python included."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        f1lake = str(Path(sys.executable).with_name("f1lake"))
        return {
            "invented_weekend_seconds": _seconds([sys.executable, "-c", _INVENT, str(root / "invented")]),
            "demo_seconds": _seconds([f1lake, "--home", str(root / "home"), "demo"]),
        }


def _seconds(command: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return round(time.perf_counter() - started, 2)
