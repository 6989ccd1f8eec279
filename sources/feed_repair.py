"""Puts the messages of a topic in the order of their clock and leaves repeats out, before FastF1 reads them.

Only topics of deltas need it, and on every real session at hand none did. The raw zone keeps all bytes as
they came; ``feed_continuity.py`` names what was found.
"""

from __future__ import annotations

from sources.feed_timeline import timeline_of

REPAIRED_TOPICS = frozenset({"TimingData", "TimingAppData"})
"""Topics whose messages are put in order."""


def in_order(topic: str, body: bytes) -> bytes:
    """Return a topic's lines in the order of their clock, each once; the same bytes if they are so already.

    Args:
        topic: Live-timing topic; others than ``REPAIRED_TOPICS`` are left as they are.
        body: Lines that can all be read, each with a clock.
    """
    if topic not in REPAIRED_TOPICS:
        return body
    timeline = timeline_of(topic, body)
    messages = list(zip(timeline.clocks, timeline.payloads, strict=True))
    is_sound = len(set(messages)) == len(messages) and list(timeline.clocks) == sorted(timeline.clocks)
    if is_sound:
        return body
    lines = body.split(b"\r\n")
    if len([line for line in lines if line]) != len(messages):
        return body
    order = sorted(range(len(messages)), key=lambda i: timeline.clocks[i])
    kept = dict.fromkeys(lines[i].removeprefix(b"\xef\xbb\xbf") for i in order)
    return b"\r\n".join([*kept, b""])
