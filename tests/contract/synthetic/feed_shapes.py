"""How the feed's streams are read and compared; loaded by ``conftest.py``, for tests are no packages."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

Shape = tuple[str, str]

MEXICO_Q = "2025/2025-10-26_Mexico_City_Grand_Prix/2025-10-25_Qualifying"
SINGAPORE_R = "2025/2025-10-05_Singapore_Grand_Prix/2025-10-05_Race"
MIAMI_S = "2025/2025-05-04_Miami_Grand_Prix/2025-05-03_Sprint"


@cache
def messages(path: Path) -> tuple[tuple[int, Any], ...]:
    """Session time (ms) and decoded value of each line of a stream."""
    return tuple(_messages(path))


def _messages(path: Path) -> Iterator[tuple[int, Any]]:
    lines = path.read_bytes().decode("utf-8-sig").split("\r\n")[:-1]
    if path.name.startswith(("CarData", "Position")):
        lines = lines[::9]
    for line in lines:
        hours, minutes, seconds = line[:12].split(":")
        value = json.loads(line[12:])
        if path.name.endswith(".z.jsonStream"):
            value = json.loads(zlib.decompress(base64.b64decode(value), -zlib.MAX_WBITS))
        yield (int(hours) * 60 + int(minutes)) * 60_000 + round(float(seconds) * 1000), value


def streams(static: Path, topic: str, years: str = "2025") -> list[Path]:
    """Streams of a topic, by path."""
    return sorted(static.glob(f"{years}/*/*/{topic}.jsonStream"))


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Path and value of every leaf; car numbers and indexes of objects are ``*``, items of lists ``[]``."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, f"{path}.{'*' if key.isdigit() else key}")
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item, f"{path}[]")
    else:
        yield path, value


def shapes(value: Any) -> set[Shape]:
    return {(path, type(leaf).__name__) for path, leaf in leaves(value)}


def topic_shapes(static: Path, topic: str) -> set[Shape]:
    return {
        shape for path in streams(static, topic) for _, value in messages(path) for shape in shapes(value)
    }
