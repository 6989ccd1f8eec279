"""The 24 races of 2024 from FastF1's cache to the marts by ``f1lake backfill``, beside FastF1 alone."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psutil

_FASTF1 = """
import json, sys, time, pathlib, shutil
data, cache = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
shutil.copytree(data / "fastf1-cache", cache)
import fastf1
fastf1.set_log_level("ERROR")
fastf1.Cache.configure(cache_dir=str(cache))
fastf1.Cache.offline_mode(True)
started = time.perf_counter()
laps = 0
for number in range(1, 25):
    session = fastf1.get_session(2024, number, "R")
    session.load(telemetry=False, weather=False)
    laps += len(session.laps)
print(json.dumps({"seconds": time.perf_counter() - started, "laps": laps}))
"""

_OURS = """
import json, sys, time
started = time.perf_counter()
from benchmarks.parts import PARTS, Stopwatch
from orchestration.cli.start import run
import orchestration.definitions
imported = time.perf_counter()
watch = Stopwatch()
for part in PARTS:
    watch.wrap(*part)
figures, sys.argv = sys.argv[1], ["f1lake", *sys.argv[2:]]
try:
    run()
except SystemExit as stop:
    assert not stop.code, stop.code
seconds = time.perf_counter() - started
parts = {"imports": imported - started, **watch.seconds}
parts["dagster"] = seconds - sum(parts.values())
with open(figures, "w") as file:
    json.dump({"seconds": seconds, "parts": parts}, file)
"""


def run(test_data: Path) -> dict[str, object]:
    """Return seconds of both sides, their ratio, and the memory that ours took.

    Args:
        test_data: Folder with ``mirror/`` and ``fastf1-cache/``.
    """
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        peer = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", _FASTF1, str(test_data), str(root / "cache")],
            capture_output=True,
            text=True,
            check=True,
        )
        fastf1: dict[str, float] = json.loads(peer.stdout.splitlines()[-1])
        source = f"fastf1-cache:{test_data / 'fastf1-cache'},mirror:{test_data / 'mirror'}"
        first, peak_mb = _backfill(root / "home", source)
        again, _ = _backfill(root / "home", source)
        alone, alone_peak_mb = _backfill(root / "alone", source, "--processes", "1")
        parts = _in_parts(root, source)
    return {
        "fastf1_alone": fastf1,
        "backfill_seconds": round(first, 2),
        "times_fastf1_alone": round(first / fastf1["seconds"], 2),
        "unchanged_backfill_seconds": round(again, 2),
        "unchanged_share": round(again / first, 3),
        "peak_memory_mb": round(peak_mb),
        "by_one_process": {
            "backfill_seconds": round(alone, 2),
            "times_fastf1_alone": round(alone / fastf1["seconds"], 2),
            "peak_memory_mb": round(alone_peak_mb),
            "in_parts": parts,
        },
    }


def _backfill(home: Path, source: str, *options: str) -> tuple[float, float]:
    """Run a backfill, and return its seconds and the most memory that its processes took together, in MB."""
    started = time.perf_counter()
    command = str(Path(sys.executable).with_name("f1lake"))
    peak_mb = 0.0
    with subprocess.Popen(
        [command, *_arguments(home, source), *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        while process.poll() is None:
            peak_mb = max(peak_mb, _memory_mb(process.pid))
            time.sleep(0.5)
    seconds = time.perf_counter() - started
    if process.returncode:
        raise RuntimeError(f"the backfill ended with code {process.returncode}")
    return seconds, peak_mb


def _memory_mb(process_id: int) -> float:
    """Return what a process and its children hold; a page that several hold counts once, in parts."""
    with suppress(psutil.NoSuchProcess):
        first = psutil.Process(process_id)
        return sum(one.memory_full_info().pss for one in (first, *first.children())) / 1e6
    return 0.0


def _in_parts(root: Path, source: str) -> dict[str, object]:
    """Run the same once more into another home by one process, its functions timed one by one."""
    figures = root / "parts.json"
    program = [sys.executable, "-W", "ignore", "-c", _OURS, str(figures)]
    arguments = [*_arguments(root / "parts", source), "--processes", "1"]
    subprocess.run([*program, *arguments], check=True, capture_output=True)
    measured: dict[str, object] = json.loads(figures.read_text())
    return measured


def _arguments(home: Path, source: str) -> list[str]:
    return ["--home", str(home), "--source", source, "backfill", "2024", "--session", "R"]
