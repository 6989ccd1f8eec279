"""One real session, bytes to committed raw and processed tables, beside FastF1's cold load of the same bytes.

2025 Mexico City Qualifying from the mirror, telemetry included. Both sides run FastF1's lap parse. Each side
is a process of its own, so that neither finds anything warm but compiled code (numba's cache, .pyc files).
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SESSION = "2025-20"
ROUNDS = 5

_FASTF1 = """
import json, sys, time, pathlib, shutil, logging
data, cache = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
shutil.copy(data / "fastf1-cache" / "fastf1_http_cache.sqlite", cache / "fastf1_http_cache.sqlite")
import fastf1
fastf1.set_log_level("ERROR")
fastf1.Cache.configure(cache_dir=str(cache))
fastf1.Cache.offline_mode(True)
started = time.perf_counter()
session = fastf1.get_session(2025, "Mexico City", "Q")
session.load()
print(json.dumps({"seconds": time.perf_counter() - started, "laps": len(session.laps)}))
"""

_OURS = """
import base64, json, sys, time, pathlib, zlib
data, home = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
import fastf1  # both sides have it imported before the clock starts
from racing.feed.car_data import decode_car_data
from assets.processed.step import compute_processed
from assets.raw.step import fetch_raw
from assets.run_options import RunOptions
from lake.lake import Lake
from lake.settings import LakeSettings
from racing.feed.compiled_samples import use_compile_cache
from sources.open_source import open_source
use_compile_cache(home.parent / "numba")
loading = time.perf_counter()
packer = zlib.compressobj(wbits=-15)
text = b'{"Entries":[{"Utc":"2025-01-01T00:00:00Z","Cars":{"1":{"Channels":{"0":1}}}}]}'
line = b'00:00:01.000"' + base64.b64encode(packer.compress(text) + packer.flush()) + b'"\\r\\n'
assert decode_car_data(line).table.num_rows == 1  # the compiled decoder is loaded likewise
loaded = time.perf_counter() - loading
source = open_source(f"mirror:{data / 'mirror'}")
source.layers[0].has_session("/static/")  # the index is read, as FastF1's sqlite is opened
lake = Lake.open(LakeSettings(home=home))
options = RunOptions("bench", sys.argv[3], ("Q",))
started = time.perf_counter()
fetch_raw(lake, options, source)
raw = time.perf_counter()
compute_processed(lake, options, source)
done = time.perf_counter()
laps = lake.read("processed.fastf1__laps").num_rows
car = lake.read("processed.live_timing__car_telemetry", columns=["car_number"]).num_rows
again = time.perf_counter()
fetch_raw(lake, options, source)
compute_processed(lake, options, source)
print(json.dumps({"seconds": done - started, "raw_seconds": raw - started, "processed_seconds": done - raw,
                  "again_seconds": time.perf_counter() - again, "decoder_load_seconds": loaded,
                  "laps": laps, "car_rows": car}))
"""


def run(test_data: Path) -> dict[str, object]:
    """Return seconds of both sides (best of several processes) and the ratio.

    Args:
        test_data: Folder with ``mirror/`` and ``fastf1-cache/``.
    """
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        _ours(test_data, root, ROUNDS)  # the first one compiles
        # In turn, because a machine is quicker in one minute than in the next.
        pairs = [(_ours(test_data, root, turn), _fastf1(test_data, root, turn)) for turn in range(ROUNDS)]
        command = _command(test_data, root)
    ours, theirs = zip(*pairs, strict=True)
    best, peer = min(ours, key=_seconds), min(theirs, key=_seconds)
    return {
        "ours": best,
        "fastf1_cold_load": peer,
        "times_faster_than_fastf1": round(_seconds(peer) / _seconds(best), 2),
        "f1lake_ingest": command,
    }


def _seconds(result: dict[str, float]) -> float:
    return result["seconds"]


def _ours(test_data: Path, root: Path, attempt: int) -> dict[str, float]:
    return _python(_OURS, str(test_data), str(root / f"home-{attempt}"), SESSION)


def _fastf1(test_data: Path, root: Path, attempt: int) -> dict[str, float]:
    cache = root / f"cache-{attempt}"
    cache.mkdir()
    return _python(_FASTF1, str(test_data), str(cache))


def _python(program: str, *arguments: str) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program, *arguments],
        capture_output=True,
        text=True,
        check=True,
    )
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def _command(test_data: Path, root: Path) -> dict[str, float]:
    """Time the command line as a person runs it, all zones to the marts, start of Python included."""
    seconds = []
    for _ in range(2):
        started = time.perf_counter()
        subprocess.run(
            [
                str(Path(sys.executable).with_name("f1lake")),
                "--home",
                str(root / "command"),
                "--source",
                f"mirror:{test_data / 'mirror'}",
                "ingest",
                SESSION,
            ],
            check=True,
            capture_output=True,
        )
        seconds.append(time.perf_counter() - started)
    first, again = seconds
    return {"first_seconds": first, "unchanged_seconds": again, "unchanged_share": round(again / first, 3)}
