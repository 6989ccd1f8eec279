"""Fail where the branch coverage of a package that must be well tested falls under its floor.

Usage: python tests/coverage_floor.py coverage.json
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

FLOORS = {"lake": 90.0, "racing": 90.0}


def package_coverage(report: dict[str, object], package: str) -> float:
    """Return the share of lines and branches of a package that ran, in percent."""
    covered = total = 0
    files = report["files"]
    assert isinstance(files, dict)
    for name, entry in files.items():
        if Path(name).parts[0] == package:
            summary = entry["summary"]
            covered += summary["covered_lines"] + summary["covered_branches"]
            total += summary["num_statements"] + summary["num_branches"]
    if total == 0:
        raise SystemExit(f"no file of {package} was measured: run the whole suite with --cov")
    return 100.0 * covered / total


def main() -> int:
    """Print each package's coverage and return 1 where one is under its floor."""
    report = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    failed = False
    for package, floor in FLOORS.items():
        share = package_coverage(report, package)
        verdict = "ok" if share >= floor else f"under the floor of {floor:.0f} %"
        sys.stdout.write(f"branch coverage of {package}: {share:.1f} % {verdict}\n")
        failed |= share < floor
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
