"""Characters and words of the packed topics as the numbers that the compiled reader compares."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

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


# What stands between a car's number and its values, read eight bytes at a time, the last of them overlapping.
CHANNELS_OPEN, CHANNELS_END = _word(b'":{"Chan'), _word(b'nnels":{')
STATUS_OPEN = _word(b'":{"Stat')
IS_ON_TRACK, ON_TRACK_END = _word(b'us":"OnT'), _word(b'nTrack",')
IS_OFF_TRACK, OFF_TRACK_END = _word(b'us":"Off'), _word(b'fTrack",')


def _names(texts: tuple[bytes, ...]) -> NDArray[np.int64]:
    return np.array([_word(text) for text in texts], dtype=np.int64)


def _masks(texts: tuple[bytes, ...]) -> NDArray[np.int64]:
    return np.array([_word(b"\xff" * len(text)) for text in texts], dtype=np.int64)


# Names of the values in the order in which the feed sends them, with the quotes and the colon.
_CHANNELS = (b'"0":', b'"2":', b'"3":', b'"4":', b'"5":', b'"45":')
_COORDINATES = (b'"X":', b'"Y":', b'"Z":')
CHANNEL_NAMES, CHANNEL_MASKS = _names(_CHANNELS), _masks(_CHANNELS)
COORDINATE_NAMES, COORDINATE_MASKS = _names(_COORDINATES), _masks(_COORDINATES)
FIVE_BYTES = _word(b"\xff" * 5)

# For numbers that are read eight bytes at once: XOR with the form makes digits 0 to 9 and the rest 0; adding
# then sets the highest bit of each byte that is above that.
ZEROS, ABOVE_NINE = _word(b"0" * 8), _word(b"\x76" * 8)
DATE, ABOVE_DATE = _word(b"0000-00-"), _word(b"\x76\x76\x76\x76\x7f\x76\x76\x7f")
DAY, ABOVE_DAY = _word(b"00T00:00"), _word(b"\x76\x76\x7f\x76\x76\x7f\x76\x76")
CLOCK, ABOVE_CLOCK = _word(b"00:00:00"), _word(b"\x76\x76\x7f\x76\x76\x7f\x76\x76")
HIGH_BITS, WHOLE_BYTES = _word(b"\x80" * 8), 0x78
PAIRS, FOURS, HALF = _word(b"\xff\0" * 4), _word(b"\xff\xff\0\0" * 2), 0xFFFFFFFF
