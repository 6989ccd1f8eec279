"""What race control says, and the track's status shows, of the flags of a practice or qualifying."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from sources.synthetic import control_texts as say
from sources.synthetic.session_flags import SessionFlag
from sources.synthetic.session_run import ControlMessage

_RESUMES_BEFORE_MS = 150_000

Status = tuple[int, str, str]


def flag_messages(
    flags: Sequence[SessionFlag], local_clock: Callable[[float], datetime]
) -> Iterator[ControlMessage]:
    """Yield the messages about flags.

    Args:
        flags: Flags of one session.
        local_clock: What the clocks at the circuit show at a session time.
    """
    for shown in flags:
        start, end, sector = shown.start_ms, shown.end_ms, shown.marshal_sector
        if sector is not None:
            text = f"DOUBLE YELLOW IN TRACK SECTOR {sector}"
            yield ControlMessage(start, say.sector_flag("DOUBLE YELLOW", sector, text))
            yield ControlMessage(end, say.sector_flag("CLEAR", sector, f"CLEAR IN TRACK SECTOR {sector}"))
            continue
        yield ControlMessage(start, say.flag("RED", "RED FLAG"))
        resume = f"SESSION WILL RESUME AT {local_clock(end):%H:%M}"
        yield ControlMessage(end - _RESUMES_BEFORE_MS, say.other(resume))
        yield ControlMessage(end + 120, say.flag("GREEN", "GREEN LIGHT - PIT EXIT OPEN"))


def flag_status(flags: Sequence[SessionFlag]) -> tuple[Status, ...]:
    """Return the changes of the track's status of a session with these flags."""
    changes: list[Status] = [(0, "1", "AllClear")]
    for shown in flags:
        code, name = ("5", "Red") if shown.colour == "red" else ("2", "Yellow")
        changes += [(shown.start_ms, code, name), (shown.end_ms, "1", "AllClear")]
    return tuple(changes)
