"""When the sessions of an invented weekend are, and what calendar, archive and feed call them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sources.synthetic.errors import WeekendOptionsError
from sources.synthetic.options import WeekendOptions

RACE_LEAD_MS, GARAGE_LEAD_MS = 903_212, 816_231
"""Session time of the planned start of a race, and of any other session."""


@dataclass(frozen=True)
class SessionSlot:
    """A session's place in the weekend.

    Attributes:
        code: ``FP1``, ``FP2``, ``FP3``, ``SQ``, ``S``, ``Q`` or ``R``.
        name: Name in the calendar and in the feed, such as ``Practice 1``.
        kind: The feed's type: ``Practice``, ``Qualifying`` or ``Race``.
        days_before_race: 2 on Friday, 1 on Saturday.
        local: Planned start, local time.
        hours: Planned length.
        key_digit: Last digit of the feed's key of the session.
        jolpica: Name of the session in Jolpica's calendar. Null for the race, which has its own fields.
    """

    code: str
    name: str
    kind: str
    days_before_race: int
    local: time
    hours: int
    key_digit: int
    jolpica: str | None


_CONVENTIONAL = (
    SessionSlot("FP1", "Practice 1", "Practice", 2, time(11, 30), 1, 1, "FirstPractice"),
    SessionSlot("FP2", "Practice 2", "Practice", 2, time(15, 0), 1, 2, "SecondPractice"),
    SessionSlot("FP3", "Practice 3", "Practice", 1, time(11, 30), 1, 3, "ThirdPractice"),
    SessionSlot("Q", "Qualifying", "Qualifying", 1, time(15, 0), 1, 4, "Qualifying"),
    SessionSlot("R", "Race", "Race", 0, time(15, 0), 2, 5, None),
)
_SPRINT = (
    SessionSlot("FP1", "Practice 1", "Practice", 2, time(11, 30), 1, 1, "FirstPractice"),
    SessionSlot("SQ", "Sprint Qualifying", "Qualifying", 2, time(15, 30), 1, 2, "SprintQualifying"),
    SessionSlot("S", "Sprint", "Race", 1, time(11, 0), 1, 3, "Sprint"),
    *_CONVENTIONAL[3:],
)


def timetable(options: WeekendOptions) -> tuple[SessionSlot, ...]:
    """Return the five sessions of the weekend's format in order, written or not."""
    return _SPRINT if options.weekend_format == "sprint" else _CONVENTIONAL


def slot_of(options: WeekendOptions, code: str) -> SessionSlot:
    """Return a session's place in the weekend.

    Raises:
        WeekendOptionsError: If the weekend's format has no such session.
    """
    for slot in timetable(options):
        if slot.code == code:
            return slot
    raise WeekendOptionsError(f"a {options.weekend_format} weekend has no session {code}")


def session_day(options: WeekendOptions, slot: SessionSlot) -> date:
    """Return the day of a session."""
    return options.race_date - timedelta(days=slot.days_before_race)


def session_start(options: WeekendOptions, slot: SessionSlot) -> datetime:
    """Return the planned start of a session. UTC."""
    local = datetime.combine(session_day(options, slot), slot.local, tzinfo=UTC)
    return local - timedelta(hours=options.gmt_offset_hours)


def session_t0(options: WeekendOptions, code: str) -> datetime:
    """Return the UTC of session time zero: some minutes before the planned start."""
    slot = slot_of(options, code)
    lead_ms = RACE_LEAD_MS if slot.kind == "Race" else GARAGE_LEAD_MS
    return session_start(options, slot) - timedelta(milliseconds=lead_ms)


def local_clock(options: WeekendOptions, code: str, session_ms: float) -> datetime:
    """Return what the clocks at the circuit show at a session time. Without a zone."""
    utc = session_t0(options, code) + timedelta(milliseconds=session_ms)
    return utc.replace(tzinfo=None) + timedelta(hours=options.gmt_offset_hours)
