"""The cookbook's questions on real seasons: the 24 races of 2024, and a qualifying with telemetry.

The pages ask of the invented weekend; here the same is asked of Monaco 2024, of the season 2024, and of the
qualifying of Mexico City 2025 where it is about qualifying or telemetry.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from lake.lake import Lake
from lake.settings import LakeSettings
from orchestration.doc_answers import QUESTION

ROOT = Path(__file__).resolve().parent.parent
TIMES = 3

_REAL = (("2025-90-Q", "2025-20-Q"), ("2025-90", "2024-08"), ("season = 2025", "season = 2024"))
_REAL_TELEMETRY = (("2025-90-R", "2025-20-Q"), *_REAL)


def run(test_data: Path) -> dict[str, object]:
    """Return how long the questions take once asked before, in seconds: the slowest ones, and all by page.

    Args:
        test_data: Folder with ``mirror/`` and ``fastf1-cache/``.
    """
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        cache, mirror = test_data / "fastf1-cache", test_data / "mirror"
        _f1lake(home, f"fastf1-cache:{cache},mirror:{mirror}", "backfill", "2024", "--session", "R")
        _f1lake(home, f"mirror:{mirror}", "ingest", "2025-20")
        with Lake.open(LakeSettings(home=home), read_only=True) as lake:
            asked = {name: _warm_seconds(lake, sql) for name, sql in _questions().items()}
    slowest = max(asked, key=lambda name: asked[name][0])
    return {
        "questions": len(asked),
        "with_an_answer": sum(rows > 0 for _, rows in asked.values()),
        "slowest": slowest,
        "slowest_seconds": asked[slowest][0],
        "seconds": {name: seconds for name, (seconds, _) in asked.items()},
    }


def _questions() -> dict[str, str]:
    found = {}
    for page in sorted((ROOT / "docs" / "cookbook").glob("*.md")):
        real = _REAL_TELEMETRY if page.stem == "telemetry" else _REAL
        asked = QUESTION.finditer(page.read_text(encoding="utf-8") + "\n")
        for number, question in enumerate(asked, start=1):
            sql = question["sql"]
            for invented, instead in real:
                sql = re.sub(re.escape(invented), instead, sql)
            found[f"{page.stem}-{number}"] = sql
    return found


def _warm_seconds(lake: Lake, sql: str) -> tuple[float, int]:
    """Return the best time of some after the first, and the number of rows."""
    rows, seconds = 0, []
    for _ in range(TIMES + 1):
        started = time.perf_counter()
        rows = lake.query(sql).num_rows
        seconds.append(time.perf_counter() - started)
    return round(min(seconds[1:]), 4), rows


def _f1lake(home: Path, source: str, *arguments: str) -> None:
    f1lake = str(Path(sys.executable).with_name("f1lake"))
    command = [f1lake, "--home", str(home), "--source", source, *arguments]
    subprocess.run(command, check=True, capture_output=True)
