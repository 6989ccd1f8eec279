"""A session itself, its drivers and its tyre stints, as rows of their processed tables."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl

from racing.keys import code_of
from sources.fastf1_frames import UTC_MICROSECONDS, FastF1Session, SessionFacts, loaded_frame
from sources.pandas_columns import flags, milliseconds, texts, whole_numbers

_DRIVER_FIELDS = {
    "driver_code": ("Tla", "Abbreviation"),
    "driver_reference": ("Reference", None),
    "broadcast_name": ("BroadcastName", "BroadcastName"),
    "full_name": ("FullName", "FullName"),
    "first_name": ("FirstName", "FirstName"),
    "last_name": ("LastName", "LastName"),
    "team_name": ("TeamName", "TeamName"),
    "team_colour": ("TeamColour", "TeamColor"),
    "country_code": ("CountryCode", "CountryCode"),
    "headshot_url": ("HeadshotUrl", "HeadshotUrl"),
}
"""Our column: field of the feed's driver list, column of FastF1's results."""


def session_row(session: FastF1Session, facts: SessionFacts) -> pl.DataFrame:
    """Return what SessionInfo says of a session, and when it ran. One row.

    Args:
        session: FastF1's session after ``load``.
        facts: What the rows share.
    """
    found = getattr(session, "_session_info", None) or {}
    meeting = found.get("Meeting") or {}
    country, circuit = meeting.get("Country") or {}, meeting.get("Circuit") or {}
    offset = found.get("GmtOffset")
    values = {
        "session_code": code_of(facts.session_key),
        "session_name": found.get("Name") or session.name,
        "session_id_f1": found.get("Key"),
        "meeting_id_f1": meeting.get("Key"),
        "meeting_name": meeting.get("Name"),
        "official_event_name": meeting.get("OfficialName"),
        "location": meeting.get("Location"),
        "country_code": country.get("Code"),
        "country_name": country.get("Name"),
        "circuit_id_f1": circuit.get("Key"),
        "circuit_short_name": circuit.get("ShortName"),
        "gmt_offset": _offset_text(offset),
        "scheduled_start_at": _as_utc(found.get("StartDate"), offset),
        "scheduled_end_at": _as_utc(found.get("EndDate"), offset),
        "clock_started_at": facts.clock_started_at,
        "started_session_time_ms": _status_time(session, "Started", 0),
        "ended_session_time_ms": _status_time(session, "Finished", -1),
        "scheduled_laps_count": getattr(session, "_total_laps", None),
        "archive_path": facts.archive_path,
    }
    columns = {
        name: pl.Series([value], dtype=_SESSION_TYPES.get(name, pl.String)) for name, value in values.items()
    }
    return facts.finish(columns, "SessionInfo")


_SESSION_TYPES: dict[str, Any] = {
    "session_id_f1": pl.Int32,
    "meeting_id_f1": pl.Int32,
    "circuit_id_f1": pl.Int32,
    "scheduled_start_at": UTC_MICROSECONDS,
    "scheduled_end_at": UTC_MICROSECONDS,
    "clock_started_at": UTC_MICROSECONDS,
    "started_session_time_ms": pl.Int64,
    "ended_session_time_ms": pl.Int64,
    "scheduled_laps_count": pl.Int32,
}


def _offset_text(offset: dt.timedelta | None) -> str | None:
    """Return an offset from UTC as text, such as ``-06:00``."""
    if offset is None:
        return None
    minutes = round(offset.total_seconds() / 60)
    sign = "-" if minutes < 0 else "+"
    return f"{sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def _as_utc(local: dt.datetime | None, offset: dt.timedelta | None) -> dt.datetime | None:
    if local is None or offset is None:
        return None
    return (local - offset).replace(tzinfo=dt.UTC)


def _status_time(session: FastF1Session, status: str, which: int) -> int | None:
    """Return the session clock at the first (0) or last (-1) change to a status; null where there is none."""
    changes = loaded_frame(session, "_session_status", ("Time", "Status"))
    times = milliseconds(changes.loc[changes["Status"] == status, "Time"]).drop_nulls()
    return int(times[which]) if times.len() else None


def driver_rows(session: FastF1Session, facts: SessionFacts) -> pl.DataFrame:
    """Return the drivers of a session. One row per car number.

    Args:
        session: FastF1's session after ``load``.
        facts: What the rows share.

    Returns:
        The feed's driver list, and the cars that drove without being listed, as FastF1 names them.
    """
    from fastf1 import _api

    listed = _api.driver_info(session.api_path) if facts.has_topic("DriverList") else {}
    rows = {
        str(fields.get("RacingNumber") or car): {
            name: fields.get(feed) for name, (feed, _) in _DRIVER_FIELDS.items()
        }
        for car, fields in listed.items()
    }
    driven = set(loaded_frame(session, "_laps", ("DriverNumber",))["DriverNumber"])
    for result in loaded_frame(session, "_results", ("DriverNumber",)).to_dict("records"):
        car = str(result["DriverNumber"])
        if car not in driven:
            continue  # Jolpica's list of the race says nothing of who drove in practice
        rows.setdefault(car, {name: result.get(column) for name, (_, column) in _DRIVER_FIELDS.items()})
    columns = {"car_number": pl.Series(list(rows), dtype=pl.String)} | {
        name: _clean_texts([row[name] for row in rows.values()]) for name in _DRIVER_FIELDS
    }
    ordered = pl.DataFrame(columns).sort(pl.col("car_number").str.zfill(3))
    return facts.finish({name: ordered[name] for name in ordered.columns}, "DriverList")


def _clean_texts(values: list[Any]) -> pl.Series:
    import pandas as pd

    return texts(pd.Series(values, dtype=object))


def stint_rows(api_path: str, facts: SessionFacts) -> pl.DataFrame:
    """Return the feed's tyre stints, each in its last state. One row per car and feed stint.

    Args:
        api_path: FastF1's path of the session.
        facts: What the rows share.
    """
    import pandas as pd
    from fastf1 import _api

    names = ("Driver", "Stint", "Time", "Compound", "New", "TyresNotChanged", "StartLaps", "TotalLaps")
    if facts.has_topic("TimingAppData"):
        messages = _api.timing_app_data(api_path)
    else:
        messages = pd.DataFrame({name: pd.Series(dtype=object) for name in names})
    messages = messages.loc[messages["Time"].notna(), list(names)]
    groups = messages.groupby(["Driver", "Stint"], sort=True)
    last, first = groups.last().reset_index(), groups["Time"].min().reset_index()
    columns = {
        "car_number": texts(last["Driver"]),
        "feed_stint_number": whole_numbers(last["Stint"]) + 1,
        "first_session_time_ms": milliseconds(first["Time"]),
        "last_session_time_ms": milliseconds(last["Time"]),
        "compound_text": texts(last["Compound"]),
        "is_new_set": flags(last["New"]),
        "is_tyre_unchanged": flags(pd.to_numeric(last["TyresNotChanged"], errors="coerce")),
        "age_at_start_laps": whole_numbers(last["StartLaps"]),
        "age_at_end_laps": whole_numbers(last["TotalLaps"]),
    }
    ordered = pl.DataFrame(columns).sort(pl.col("car_number").str.zfill(3), "feed_stint_number")
    return facts.finish({name: ordered[name] for name in ordered.columns}, "TimingAppData")
