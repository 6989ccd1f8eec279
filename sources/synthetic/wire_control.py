"""What is said and measured around the track: race control, the weather, the radio, the driver list."""

from __future__ import annotations

from typing import Any

import numpy as np

from sources.synthetic.feed_log import FeedLog
from sources.synthetic.field import Entry, ascii_text
from sources.synthetic.names import WEB
from sources.synthetic.options import WeekendOptions
from sources.synthetic.session_run import SessionRun
from sources.synthetic.timetable import local_clock
from sources.synthetic.wire_session import leader_laps
from sources.synthetic.wire_text import Message, second_text, utc_text
from sources.synthetic.wire_tyres import line_changes

_WEATHER_MS = 60_000


def race_control_messages(run: SessionRun) -> list[Message]:
    """Return RaceControlMessages: the first as a list, the others as objects keyed by their index."""
    laps = leader_laps(run)
    messages: list[Message] = []
    for i, said in enumerate(run.control):
        lap = {"Lap": sum(at <= said.at_ms for at, _ in laps) or 1} if run.is_race else {}
        text = {"Utc": second_text(run.at(said.at_ms)), **lap, **said.fields}
        messages.append((said.at_ms + 240, {"Messages": {str(i): text} if i else [text]}))
    return messages


def weather_data(run: SessionRun, options: WeekendOptions) -> list[Message]:
    """Return WeatherData, once a minute: an afternoon that cools down, and more so in the rain."""
    rng = np.random.default_rng([options.seed, 7, run.stream_number])
    times = np.arange(58_030, run.end_ms, _WEATHER_MS)
    count = len(times)
    rain = run.events.rain
    wetness = np.array([0.0 if rain is None else rain.wetness_at(at) for at in times.tolist()])
    falls = np.array([rain is not None and rain.start_ms <= at <= rain.end_ms for at in times.tolist()])
    air = 24.0 - 0.010 * np.arange(count) + np.cumsum(rng.normal(0, 0.03, count)) - 3.0 * wetness
    track = 38.0 - 0.045 * np.arange(count) + np.cumsum(rng.normal(0, 0.08, count)) - 9.0 * wetness
    humidity = np.rint(48.0 + np.cumsum(rng.normal(0, 0.15, count)) + 40.0 * wetness)
    pressure = 1012.4 + np.cumsum(rng.normal(0, 0.02, count))
    direction = np.mod(210 + np.cumsum(rng.integers(-20, 21, count)), 360)
    wind = np.abs(rng.normal(1.9, 0.6, count))
    return [
        (
            int(at) + int(i % 7),
            {
                "AirTemp": f"{air[i]:.1f}",
                "Humidity": f"{humidity[i]:.1f}",
                "Pressure": f"{pressure[i]:.1f}",
                "Rainfall": "1" if falls[i] else "0",
                "TrackTemp": f"{track[i]:.1f}",
                "WindDirection": str(int(direction[i])),
                "WindSpeed": f"{wind[i]:.1f}",
            },
        )
        for i, at in enumerate(times.tolist())
    ]


def team_radio(run: SessionRun, options: WeekendOptions) -> list[Message]:
    """Return TeamRadio: some calls, with paths of recordings that do not exist."""
    rng = np.random.default_rng([options.seed, 8, run.stream_number])
    times = np.sort(rng.integers(run.start_ms, run.finished_ms, 6 if not run.is_race else 20))
    messages: list[Message] = []
    for i, at in enumerate(times.tolist()):
        entry = run.entries[int(rng.integers(len(run.entries)))]
        local = local_clock(options, run.code, at - 15_000)
        path = f"TeamRadio/{entry.reference}_{entry.number}_{local:%Y%m%d_%H%M%S}.mp3"
        capture = {"Utc": utc_text(run.at(at - 5_567), digits=3), "RacingNumber": entry.number, "Path": path}
        messages.append((at, {"Captures": {str(i): capture} if i else [capture]}))
    return messages


def driver_list(run: SessionRun, options: WeekendOptions, log: FeedLog) -> list[Message]:
    """Return DriverList: everything about the drivers once, then their places as they change."""
    drivers = {e.number: driver_fields(e, i + 1, options) for i, e in enumerate(run.entries)}
    return [(4_875, drivers), *line_changes(log, nested=False)]


def driver_fields(entry: Entry, line: int, options: WeekendOptions) -> dict[str, Any]:
    """Return what the driver list says about a driver."""
    reference, given = entry.reference.lower(), ascii_text(entry.driver.given_name)
    team = entry.team.constructor_id.replace("_", "")
    right = f"{options.season}{team}{reference}right"
    folder = f"{given[0]}/{entry.reference}_{given}_{ascii_text(entry.driver.family_name)}"
    return {
        "RacingNumber": entry.number,
        "BroadcastName": entry.broadcast_name,
        "FullName": entry.full_name,
        "Tla": entry.driver.code,
        "Line": line,
        "TeamName": entry.team.name,
        "TeamColour": entry.team.colour,
        "FirstName": entry.driver.given_name,
        "LastName": entry.driver.family_name,
        "Reference": entry.reference,
        "HeadshotUrl": f"{WEB}drivers/{folder}/{reference}.png",
        "PublicIdRight": f"common/f1/{options.season}/{team}/{reference}/{right}",
    }
