"""Where a benchmark ran: machine, load and versions, written beside its figures."""

from __future__ import annotations

import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

_PACKAGES = (
    "fastf1",
    "dagster",
    "pyiceberg",
    "pyarrow",
    "duckdb",
    "polars",
    "numba",
    "dbt-core",
    "numpy",
    "pandas",
)


def describe_environment() -> dict[str, object]:
    """Return the machine, its load, Python and the versions of what was measured."""
    return {
        "python": platform.python_version(),
        "system": platform.system(),
        "machine": platform.machine(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "load_average": list(os.getloadavg()),
        "versions": {name: version(name) for name in _PACKAGES},
        "commit": _commit(),
    }


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if not cpuinfo.is_file():
        return platform.processor()
    models = [
        line.partition(":")[2].strip() for line in cpuinfo.read_text().splitlines() if "model name" in line
    ]
    return models[0] if models else platform.processor()


def _commit() -> str | None:
    found = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=False)
    return found.stdout.strip() or None
