"""FastF1's loaded session as frames of the processed tables: our names, units, keys and nulls.

Laps are in ``fastf1_laps.py``; here is everything else of a session.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import polars as pl

from racing.keys import season_of, weekend_of
from sources.pandas_columns import flags, instants, milliseconds, numbers, texts, whole_numbers
from sources.responses import Response
from sources.stream_lines import read_messages

if TYPE_CHECKING:
    import pandas as pd


class FastF1Session(Protocol):
    """What is used of FastF1's session; its loaded parts are attributes that exist only where loaded."""

    name: str
    api_path: str


UTC_MICROSECONDS = pl.Datetime("us", "UTC")


@dataclass(frozen=True)
class SessionFacts:
    """What the rows of a session share.

    Attributes:
        session_key: Our key.
        archive_path: Folder in the live-timing archive.
        topics: Live-timing topic that was found to its response; empty for an import of parsed files.
        parsed_layer: Layer of the parsed files; null where wire files are read.
        clock_started_at: UTC at which the session clock read zero; null where unknown.
    """

    session_key: str
    archive_path: str
    topics: Mapping[str, Response]
    parsed_layer: str | None
    clock_started_at: dt.datetime | None

    def has_topic(self, topic: str) -> bool:
        """Return whether rows of a topic can exist: it is on the wire, or parsed files are read."""
        return self.parsed_layer is not None or topic in self.topics

    def finish(self, columns: Mapping[str, Any], topic: str) -> pl.DataFrame:
        """Return a frame with keys in front and provenance behind.

        Args:
            columns: Column name to polars series or expression-free values.
            topic: Live-timing topic that the rows were read from.
        """
        layer, sha256 = self.origin(topic)
        return self.with_keys(
            pl.DataFrame(columns).select(
                pl.all(),
                pl.lit(layer, pl.String).alias("source_layer"),
                pl.lit(sha256, pl.String).alias("response_sha256"),
            )
        )

    def origin(self, topic: str | None) -> tuple[str | None, str | None]:
        """Return where a topic came from: layer, and digest of its response. Null where it is not there.

        Args:
            topic: Live-timing topic; null for the session as a whole, which has a layer where all of its
                topics came from one, and no digest.
        """
        if self.parsed_layer is not None:
            return self.parsed_layer.partition(":")[0], None
        if topic is None:
            layers = {response.layer_kind for response in self.topics.values()}
            return (layers.pop() if len(layers) == 1 else None), None
        response = self.topics.get(topic)
        return (response.layer_kind, response.sha256) if response is not None else (None, None)

    def with_keys(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return rows with the session's keys in front and FastF1's version behind."""
        from fastf1 import __version__

        return rows.select(
            pl.lit(season_of(self.session_key), pl.Int32).alias("season"),
            pl.lit(weekend_of(self.session_key)).alias("weekend_key"),
            pl.lit(self.session_key).alias("session_key"),
            pl.all(),
            pl.lit(__version__).alias("fastf1_version"),
        )


def session_frames(session: FastF1Session, facts: SessionFacts) -> dict[str, pl.DataFrame]:
    """Return all processed frames of a session; call while FastF1 is mounted on the session's bytes.

    Args:
        session: FastF1's session after ``load``.
        facts: What the rows share.
    """
    from sources.fastf1_laps import lap_rows
    from sources.fastf1_session_rows import driver_rows, session_row, stint_rows

    api_path = session.api_path
    stints = stint_rows(api_path, facts)
    return {
        "processed.fastf1__sessions": session_row(session, facts),
        "processed.fastf1__session_drivers": driver_rows(session, facts),
        "processed.fastf1__laps": lap_rows(session, facts, stints),
        "processed.fastf1__tyre_stints": stints,
        "processed.fastf1__weather": _weather_rows(session, facts),
        "processed.fastf1__race_control_messages": _message_rows(session, facts),
        "processed.fastf1__track_status": _track_status_rows(session, facts),
        "processed.fastf1__session_status": _session_status_rows(session, facts),
    }


def loaded_frame(session: FastF1Session, attribute: str, columns: tuple[str, ...]) -> pd.DataFrame:
    """Return one of the session's pandas frames, or an empty one where FastF1 loaded nothing."""
    import pandas as pd

    frame = getattr(session, attribute, None)
    if frame is None or not len(frame):
        return pd.DataFrame({column: pd.Series(dtype=object) for column in columns})
    return pd.DataFrame(frame).reset_index(drop=True)


def row_numbers(frame: pd.DataFrame) -> pl.Series:
    """Return 1, 2, 3 … for the rows of a frame."""
    return pl.int_range(1, len(frame) + 1, dtype=pl.Int32, eager=True)


def _weather_rows(session: FastF1Session, facts: SessionFacts) -> pl.DataFrame:
    names = ("Time", "AirTemp", "TrackTemp", "Humidity", "Pressure", "Rainfall", "WindSpeed", "WindDirection")
    weather = loaded_frame(session, "_weather_data", names)
    columns = {
        "sample_number": row_numbers(weather),
        "session_time_ms": milliseconds(weather["Time"]),
        "air_temperature_degc": numbers(weather["AirTemp"]),
        "track_temperature_degc": numbers(weather["TrackTemp"]),
        "humidity_pct": numbers(weather["Humidity"]),
        "pressure_hpa": numbers(weather["Pressure"]),
        "is_raining": flags(weather["Rainfall"]),
        "wind_speed_mps": numbers(weather["WindSpeed"]),
        "wind_direction_deg": numbers(weather["WindDirection"]),
    }
    if "WeatherData" in facts.topics and len(weather):
        columns = _without_invented_zeros(columns, facts.topics["WeatherData"].body)
    return facts.finish(columns, "WeatherData")


_WEATHER_FIELDS = {
    "air_temperature_degc": "AirTemp",
    "track_temperature_degc": "TrackTemp",
    "humidity_pct": "Humidity",
    "pressure_hpa": "Pressure",
    "is_raining": "Rainfall",
    "wind_speed_mps": "WindSpeed",
    "wind_direction_deg": "WindDirection",
}


def _without_invented_zeros(columns: dict[str, pl.Series], body: bytes) -> dict[str, pl.Series]:
    """Return the columns with null where the wire has no value: FastF1 writes zero there."""
    samples = [payload for _, payload in read_messages(body)]
    if len(samples) != columns["sample_number"].len():
        return columns
    kept = dict(columns)
    for column, name in _WEATHER_FIELDS.items():
        unknown = [not _is_number(sample.get(name)) for sample in samples]
        if any(unknown):
            kept[column] = columns[column].set(pl.Series(unknown), None)
    return kept


def _is_number(value: object) -> bool:
    try:
        float(str(value))
    except (TypeError, ValueError):
        return False
    return True


def _message_rows(session: FastF1Session, facts: SessionFacts) -> pl.DataFrame:
    names = ("Time", "Category", "Message", "Status", "Flag", "Scope", "Sector", "RacingNumber", "Lap")
    messages = loaded_frame(session, "_race_control_messages", names)
    columns = {
        "message_number": row_numbers(messages),
        "sent_at": instants(messages["Time"]),
        "category": texts(messages["Category"]),
        "message": texts(messages["Message"]),
        "status": texts(messages["Status"]),
        "flag": texts(messages["Flag"]),
        "flag_scope": texts(messages["Scope"]),
        "marshal_sector_number": whole_numbers(messages["Sector"]),
        "car_number": texts(messages["RacingNumber"]),
        "lap_number": whole_numbers(messages["Lap"]),
    }
    return facts.finish(columns, "RaceControlMessages")


def _track_status_rows(session: FastF1Session, facts: SessionFacts) -> pl.DataFrame:
    changes = loaded_frame(session, "_track_status", ("Time", "Status", "Message"))
    changes = changes[changes["Time"].notna() & (changes["Status"] != "")].reset_index(drop=True)
    columns = {
        "change_number": row_numbers(changes),
        "session_time_ms": milliseconds(changes["Time"]),
        "status_code": texts(changes["Status"]),
        "message": texts(changes["Message"]),
    }
    return facts.finish(columns, "TrackStatus")


def _session_status_rows(session: FastF1Session, facts: SessionFacts) -> pl.DataFrame:
    changes = loaded_frame(session, "_session_status", ("Time", "Status"))
    changes = changes[changes["Time"].notna()].reset_index(drop=True)
    columns = {
        "change_number": row_numbers(changes),
        "session_time_ms": milliseconds(changes["Time"]),
        "status": texts(changes["Status"]),
    }
    return facts.finish(columns, "SessionStatus")
