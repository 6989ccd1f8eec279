"""Reading of JSON topics: a body's messages as objects.

Merging deltas into state is ``state.py``; the two packed topics have decoders of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import orjson

from racing.errors import PayloadError
from racing.feed.payload import inflate_payload
from racing.feed.state import Json
from racing.feed.stream import LineFault, split_stream


class TopicMessage(NamedTuple):
    """One message of a JSON topic.

    Attributes:
        line_number: Line of the body, counted from 1.
        session_time_ms: Session clock when the message was sent.
        content: The message: full state or a delta of it.
    """

    line_number: int
    session_time_ms: int
    content: Json


@dataclass(frozen=True)
class TopicStream:
    """Messages of one topic in order of arrival, and what could not be read."""

    messages: list[TopicMessage]
    faults: list[LineFault]


def read_topic(body: bytes) -> TopicStream:
    """Return the messages of a topic's body, and a fault for every line that cannot be read.

    Args:
        body: Response body of a .jsonStream file; packed messages are unpacked.

    Source: docs/explanation/wire-format.md#lines.
    """
    split = split_stream(body)
    messages: list[TopicMessage] = []
    faults = list(split.faults)
    for message in split.messages:
        try:
            content = orjson.loads(inflate_payload(message.payload))
        except (PayloadError, orjson.JSONDecodeError) as error:
            cut = "" if message.is_terminated else " (the body ends in this line, without a line end)"
            faults.append(LineFault(message.line_number, f"the message cannot be read: {error}{cut}"))
            continue
        messages.append(TopicMessage(message.line_number, message.session_time_ms, content))
    return TopicStream(messages, sorted(faults, key=lambda fault: fault.line_number))
