"""Splits the time of one program's run into named parts: what each costs without the parts inside it.

Used by the backfill's benchmark, in a process of its own: functions are wrapped where they are defined or
called, and nothing of the project knows of it.
"""

from __future__ import annotations

import functools
import importlib
import threading
import time
from collections.abc import Callable
from typing import Any

PARTS: tuple[tuple[str, str, str], ...] = (
    ("fastf1", "sources.fastf1_sessions", "_load"),
    ("fastf1", "sources.fastf1_sessions", "session_frames"),
    ("fetching", "assets.build", "fetch_raw"),
    ("racing", "assets.build", "compute_processed"),
    ("racing", "assets.build", "compute_curated"),
    ("reading", "lake.lake", "Lake.read"),
    ("commits", "lake.step", "Step.stage"),
    ("commits", "lake.step", "Step.append_raw"),
    ("commits", "lake.step", "Step.commit"),
    ("dbt", "lake.dbt_build", "build_marts"),
)
"""Part, module, function. What is in none is ``dagster``: its steps and events, and the command line."""


class Stopwatch:
    """Adds up seconds by part."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._inside = threading.local()

    def wrap(self, part: str, module: str, name: str) -> None:
        """Count a function's time under a part from now on.

        Args:
            part: Name of the part.
            module: Module in which the function is looked up.
            name: Function, or ``Class.method``.
        """
        owner: Any = importlib.import_module(module)
        *path, last = name.split(".")
        for step in path:
            owner = getattr(owner, step)
        setattr(owner, last, self._timed(part, getattr(owner, last)))

    def _timed(self, part: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def run(*arguments: object, **named: object) -> object:
            stack: list[float] = self._inside.__dict__.setdefault("stack", [])
            stack.append(0.0)
            started = time.perf_counter()
            try:
                return function(*arguments, **named)
            finally:
                whole = time.perf_counter() - started
                self.seconds[part] = self.seconds.get(part, 0.0) + whole - stack.pop()
                if stack:
                    stack[-1] += whole

        return run
