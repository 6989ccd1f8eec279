"""From a message's payload to JSON text: unquoting, base64 and inflating of packed topics.

Splitting lines is ``stream.py``; reading the JSON is ``plain_samples.py``, ``compiled_samples.py`` and
``topics.py``.
"""

from __future__ import annotations

import binascii
from typing import Any

import orjson
import pybase64
from isal import igzip_lib

from racing.errors import PayloadError
from racing.feed.stream import BYTE_ORDER_MARK

# The library's own interface: its imitation of zlib's takes a fifth longer for messages of some kilobytes.
_RAW_DEFLATE: Any = igzip_lib.DECOMP_DEFLATE
_INFLATE_ERROR: Any = igzip_lib.error


def inflate_payload(payload: bytes) -> bytes:
    """Return the JSON text of a payload, unpacked where it is packed.

    Args:
        payload: JSON text as it is, or a quoted text: base64 of a raw deflate stream of JSON.

    Returns:
        JSON text, UTF-8, without byte order mark. It is not yet known to be valid JSON.

    Raises:
        PayloadError: If the text is neither JSON nor base64 of a whole deflate stream.

    Source: docs/explanation/wire-format.md#packed-topics.
    """
    text = payload.strip()
    if text.startswith((b"{", b"[")):
        return text
    try:
        packed = pybase64.b64decode(_unquoted(text), validate=True)
    except binascii.Error as error:
        raise PayloadError(f"the packed text is not base64: {error}") from error
    if not packed:
        raise PayloadError("the message is empty")
    try:
        inflated: bytes = igzip_lib.decompress(packed, _RAW_DEFLATE)
    except _INFLATE_ERROR as error:
        raise PayloadError(f"the packed text does not inflate: {error}") from error
    return inflated.removeprefix(BYTE_ORDER_MARK)


def _unquoted(text: bytes) -> bytes:
    if not text.startswith(b'"'):
        return text
    if b"\\" in text:
        return _json_string(text)
    if len(text) == 1 or not text.endswith(b'"'):
        raise PayloadError("the packed text has no closing quote: the line is cut off")
    return text[1:-1]


def _json_string(text: bytes) -> bytes:
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise PayloadError(f"the packed text is not a JSON string: {error}") from error
    if not isinstance(value, str):
        raise PayloadError("the packed text is not a JSON string")
    return value.encode()
