"""Which of the sessions that are wanted a weekend has, by its calendar: asked before any run starts.

A session that the calendar has and no source is no matter of this module: such a weekend is partial.
"""

from collections.abc import Callable, Iterable, Sequence

from orchestration.errors import UnknownSessionOfWeekendError
from sources.calendar_documents import CalendarWeekend


def sessions_of(weekend: CalendarWeekend, wanted: Sequence[str]) -> tuple[str, ...]:
    """Return those of the wanted session codes that a weekend has; empty where nothing special is wanted."""
    has = {session.code for session in weekend.sessions}
    return tuple(code for code in wanted if code in has)


def require_sessions(weekend: CalendarWeekend, wanted: Sequence[str]) -> None:
    """Raise where a weekend lacks a session that is wanted.

    Raises:
        UnknownSessionOfWeekendError: If it does; the message names those it has.
    """
    has = [session.code for session in weekend.sessions]
    missing = [code for code in wanted if code not in has]
    if missing:
        raise UnknownSessionOfWeekendError(
            f"{weekend.weekend_key} {weekend.event_name} has no session {', '.join(missing)}: "
            f"it has {', '.join(has)}"
        )


def with_any_session(
    weekends: Iterable[CalendarWeekend], wanted: Sequence[str], remark: Callable[[str], None]
) -> list[CalendarWeekend]:
    """Return the weekends of a range that have any session that is wanted; all where none is named.

    Args:
        weekends: The range.
        wanted: Session codes; empty means all.
        remark: Told which weekends are left out.

    Raises:
        UnknownSessionOfWeekendError: If none of them has any.
    """
    found = list(weekends)
    chosen = [weekend for weekend in found if not wanted or sessions_of(weekend, wanted)]
    left_out = [weekend.weekend_key for weekend in found if weekend not in chosen]
    if not left_out:
        return chosen
    if not chosen:
        raise UnknownSessionOfWeekendError(
            f"no weekend from {left_out[0]} to {left_out[-1]} has a session {', '.join(wanted)}"
        )
    remark(f"without a session {', '.join(wanted)}, left out: {', '.join(left_out)}")
    return chosen
