"""Characters and words of the packed topics as the numbers that the compiled reader compares."""

from __future__ import annotations

CAR_NUMBERS = 1000
QUOTE, COMMA, COLON, MINUS, POINT, BACKSLASH = 34, 44, 58, 45, 46, 92
ZERO, TWO, FIVE, NINE = 48, 50, 53, 57
OPEN, CLOSE, OPEN_LIST, CLOSE_LIST = 123, 125, 91, 93
LOWER_E, UPPER_T, UPPER_X, UPPER_Z = 101, 84, 88, 90

# Words of up to eight characters are compared as one number.
CARS, ENTRIES, UTC, CHANNELS, POSITION, STATUS, ON_TRACK, OFF_TRACK, FORTY_FIVE, TIMESTAM = (
    int.from_bytes(word, "big")
    for word in (
        *(b"Cars", b"Entries", b"Utc", b"Channels", b"Position", b"Status", b"OnTrack", b"OffTrack"),
        *(b"45", b"Timestam"),
    )
)
TIMESTAMP, LONG_WORD = -1, -2

PADDING = 24
"""Bytes behind the text that may be read, with what follows the last car's number."""


def _word(text: bytes) -> int:
    """Return up to eight bytes as ``word_at`` reads them."""
    return int.from_bytes(text, "little", signed=len(text) == 8)


# What stands in front of a car's values, read eight bytes at a time, the last of them overlapping.
CHANNELS_OPEN, CHANNELS_END = _word(b'":{"Chan'), _word(b'nnels":{')
IS_ON_TRACK, IS_ON_TRACK_2, IS_ON_TRACK_3 = _word(b'"Status"'), _word(b':"OnTrac'), _word(b'nTrack",')
CAR_OPENS, MEMBER, MEMBER_45 = _word(b'":{'), _word(b'"\0":'), _word(b'"45":')
THREE_BYTES, FIVE_BYTES, ALL_BUT_NAME = _word(b"\xff" * 3), _word(b"\xff" * 5), _word(b"\xff\0\xff\xff")
