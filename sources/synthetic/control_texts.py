"""What race control says, in its own words."""

from __future__ import annotations

from datetime import datetime

from sources.synthetic.field import Entry
from sources.synthetic.session_run import Lap


def flag(colour: str, message: str) -> dict[str, object]:
    """Return the fields of a message about a flag for the whole track."""
    return {"Category": "Flag", "Flag": colour, "Scope": "Track", "Message": message}


def sector_flag(colour: str, sector: int, message: str) -> dict[str, object]:
    """Return the fields of a message about a flag in one marshal sector."""
    return {"Category": "Flag", "Flag": colour, "Scope": "Sector", "Sector": sector, "Message": message}


def blue_flag(entry: Entry, local: datetime) -> dict[str, object]:
    """Return the fields of a blue flag shown to a car that is about to be lapped."""
    text = f"WAVED BLUE FLAG FOR CAR {entry.number} ({entry.driver.code}) TIMED AT {local:%H:%M:%S}"
    return {
        "Category": "Flag",
        "Flag": "BLUE",
        "Scope": "Driver",
        "RacingNumber": entry.number,
        "Message": text,
    }


def safety_car(status: str, mode: str, message: str) -> dict[str, object]:
    """Return the fields of a message about the safety car, real or virtual."""
    return {"Category": "SafetyCar", "Status": status, "Mode": mode, "Message": message}


def drs(status: str) -> dict[str, object]:
    """Return the fields of a message that enables or disables DRS."""
    return {"Category": "Drs", "Status": status, "Message": f"DRS {status}"}


def other(message: str) -> dict[str, object]:
    """Return the fields of a message of no special kind."""
    return {"Category": "Other", "Message": message}


def lap_time_text(milliseconds: int) -> str:
    """Return a lap time as the feed writes it, such as ``1:17.147``."""
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes}:{rest // 1000:02d}.{rest % 1000:03d}"


def deleted_text(entry: Entry, lap: Lap, corners: int, local: datetime) -> str:
    """Return the message that deletes a lap; the clock in it is the circuit's local time."""
    turn = 1 + lap.lap_ms % corners
    return (
        f"CAR {entry.number} ({entry.driver.code}) TIME {lap_time_text(lap.lap_ms)} DELETED - "
        f"TRACK LIMITS AT TURN {turn} LAP {lap.lap_number} {local:%H:%M:%S}"
    )


def penalty_text(entry: Entry, seconds: int, reason: str) -> str:
    """Return the stewards' message about a time penalty."""
    text = f"{seconds} SECOND TIME PENALTY FOR CAR {entry.number} ({entry.driver.code})"
    return f"FIA STEWARDS: {text} - {reason}"


def resume_text(local: datetime) -> str:
    """Return the message that says when a stopped race goes on; the circuit's local time."""
    return f"RACE WILL RESUME AT {local:%H:%M}"
