"""Seasons of sixteen races, one after another into one lake: what a further one takes beside the first."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

SEASONS = (1988, 1989, 1990, 1991, 1992)
"""Sixteen races each, of official documents alone."""


def run(test_data: Path) -> dict[str, object]:
    """Return the seconds of each season by ``f1lake backfill``, and the slowest further one over the first.

    Args:
        test_data: Folder with ``mirror/``.
    """
    with tempfile.TemporaryDirectory() as folder:
        seconds = [_backfill(test_data / "mirror", Path(folder) / "home", season) for season in SEASONS]
    first, *further = seconds
    return {
        "seconds": dict(zip(map(str, SEASONS), seconds, strict=True)),
        "slowest_further_over_first": round(max(further) / first, 2),
    }


def _backfill(mirror: Path, home: Path, season: int) -> float:
    started = time.perf_counter()
    f1lake = str(Path(sys.executable).with_name("f1lake"))
    command = [f1lake, "--home", str(home), "--source", f"mirror:{mirror}", "backfill", str(season)]
    subprocess.run(command, check=True, capture_output=True)
    return round(time.perf_counter() - started, 2)
