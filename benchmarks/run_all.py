"""Runs every benchmark on the same real bytes and writes the figures with the environment, and their page.

Usage: python -m benchmarks.run_all [name ...]; names are session, decoder, demo, backfill, lake, seasons and
questions.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import (
    bench_backfill,
    bench_decoder,
    bench_demo,
    bench_lake_commits,
    bench_questions,
    bench_seasons,
    bench_session,
    speed_page,
)
from benchmarks.environment import describe_environment

ROOT = Path(__file__).resolve().parent.parent
RESULTS = Path(__file__).resolve().parent / "results" / "latest.json"

BENCHMARKS: dict[str, Callable[[Path], object]] = {
    "session": bench_session.run,
    "decoder": bench_decoder.run,
    "demo": lambda _: bench_demo.run(),
    "backfill": bench_backfill.run,
    "lake": bench_lake_commits.run,
    "seasons": bench_seasons.run,
    "questions": bench_questions.run,
}


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all, and write their figures."""
    test_data = Path(os.environ.get("F1LAKE_TEST_DATA", str(ROOT.parent / "shared" / "data"))).resolve()
    if not (test_data / "mirror" / "INDEX.tsv").is_file():
        sys.stderr.write(
            f"no real data at {test_data}: set F1LAKE_TEST_DATA to a folder that holds mirror/\n"
        )
        return 2
    unknown = set(names) - set(BENCHMARKS)
    if unknown:
        sys.stderr.write(f"no benchmark {', '.join(sorted(unknown))}: there are {', '.join(BENCHMARKS)}\n")
        return 2
    report = json.loads(RESULTS.read_text()) if RESULTS.is_file() and names else {}
    for name in names or BENCHMARKS:
        print(f"{name} ...", flush=True)
        report[name] = {
            "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "environment": describe_environment(),
            "figures": BENCHMARKS[name](test_data),
        }
        print(json.dumps(report[name]["figures"], indent=2), flush=True)
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(json.dumps(report, indent=2) + "\n")
    if set(report) >= set(BENCHMARKS):
        speed_page.write_page()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
