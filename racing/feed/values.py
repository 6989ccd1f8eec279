"""Single values of a sample: moments and integers as the feed writes them.

The plain parser reads every value here; the compiled parser reads the common spellings itself and is held
equal to this by tests.
"""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta

from racing.feed.samples import LARGEST, NULL, SMALLEST

_MOMENT = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?Z?", re.ASCII)
_INTEGER_TEXT = re.compile(r"-?\d{1,10}", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_STATUS_CODES = {"OnTrack": 1, "OffTrack": 0}


def microseconds_since_1970(moment: object) -> int | None:
    """Return a moment of the feed as microseconds since 1970 UTC, or null where it is none.

    Args:
        moment: Text such as ``2025-10-25T20:47:27.8777755Z``. Digits beyond the sixth are cut, not rounded.

    Source: docs/explanation/wire-format.md#moments.
    """
    match = _MOMENT.fullmatch(moment) if isinstance(moment, str) else None
    if match is None:
        return None
    *parts, fraction = match.groups(default="")
    try:
        second = datetime(*(int(part) for part in parts), tzinfo=UTC)  # type: ignore[misc, arg-type]
    except ValueError:
        return None
    return (second - _EPOCH) // _MICROSECOND + int(fraction[:6].ljust(6, "0"))


def whole_number(value: object) -> int | None:
    """Return a JSON value as an integer, ``NULL`` for JSON null, or null where it is not a number.

    Args:
        value: Integer, float (cut towards zero), or text of an integer.

    Source: docs/explanation/wire-format.md#values.
    """
    if value is None:
        return NULL
    if type(value) is int:
        number = value
    elif (isinstance(value, float) and math.isfinite(value)) or (
        isinstance(value, str) and _INTEGER_TEXT.fullmatch(value)
    ):
        number = int(value)
    else:
        return None
    return number if SMALLEST <= number <= LARGEST else None


def status_code(value: object) -> int | None:
    """Return 1 for on track, 0 for off track, null for anything else.

    Args:
        value: ``OnTrack`` or ``OffTrack``; in older seasons a number, where 0 is on track.

    Source: docs/explanation/wire-format.md#position.
    """
    if isinstance(value, str) and value in _STATUS_CODES:
        return _STATUS_CODES[value]
    number = str(value)
    return int(int(number) == 0) if number.isascii() and number.isdigit() else None
