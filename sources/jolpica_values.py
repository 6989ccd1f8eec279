"""Single values as Jolpica writes them: text, numbers, dates, lap times. What is not there is null.

Also a number that must be there, and the columns that say where a row comes from.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from sources.errors import UnreadableDocumentError
from sources.responses import Response

_NO_VALUE = frozenset({"", "None", "null", "\\N"})
_DURATION = re.compile(r"^(?:(?:(\d+):)?(\d+):)?(\d+)(?:\.(\d+))?$")

Fields = Mapping[str, Any]


def text(fields: Fields, *path: str) -> str | None:
    """Return the text at a path of keys; null where a key is missing or the text says nothing."""
    value: Any = fields
    for key in path:
        if not isinstance(value, Mapping) or key not in value:
            return None
        value = value[key]
    return None if value is None or str(value) in _NO_VALUE else str(value)


def integer(fields: Fields, *path: str) -> int | None:
    """Return the whole number at a path; null where there is none."""
    found = text(fields, *path)
    return int(found) if found is not None and found.lstrip("-").isdigit() else None


def number(fields: Fields, *path: str) -> float | None:
    """Return the number at a path; null where there is none."""
    found = text(fields, *path)
    if found is None:
        return None
    try:
        return float(found)
    except ValueError:
        return None


def date(fields: Fields, *path: str) -> dt.date | None:
    """Return the date at a path; null where there is none."""
    found = text(fields, *path)
    if found is None:
        return None
    try:
        return dt.date.fromisoformat(found)
    except ValueError:
        return None


def instant(fields: Fields) -> dt.datetime | None:
    """Return the UTC instant of an object with ``date`` and ``time``; null where either is missing."""
    day, clock = text(fields, "date"), text(fields, "time")
    if day is None or clock is None:
        return None
    try:
        moment = dt.datetime.fromisoformat(f"{day}T{clock}")
    except ValueError:
        return None
    return moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment.astimezone(dt.UTC)


def duration_ms(fields: Fields, *path: str) -> int | None:
    """Return a duration such as ``1:15.586`` or ``1:30:49.876`` in milliseconds; null where there is none."""
    found = text(fields, *path)
    match = _DURATION.match(found) if found is not None else None
    if match is None:
        return None
    hours, minutes, seconds, fraction = match.groups()
    whole = (int(hours or 0) * 60 + int(minutes or 0)) * 60 + int(seconds)
    return whole * 1000 + int((fraction or "0").ljust(3, "0")[:3])


def needed_integer(response: Response, fields: Fields, key: str) -> int:
    """Return a whole number that a document must have.

    Raises:
        UnreadableDocumentError: If it is missing or no number.
    """
    value = integer(fields, key)
    if value is None:
        raise UnreadableDocumentError(f"{response.url}: {key} is missing or no number. Fetch it again")
    return value


def provenance(response: Response) -> dict[str, str]:
    """Return the columns that say which response a row comes from."""
    return {"source_layer": response.layer_kind, "response_sha256": response.sha256}
