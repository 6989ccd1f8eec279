"""Makes an invented weekend: runs the sessions, writes the mirror folder, returns the truth."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import orjson

from sources.synthetic import names
from sources.synthetic import season_documents as season
from sources.synthetic import wire_control as control
from sources.synthetic import wire_session as session
from sources.synthetic.errors import MirrorFolderError
from sources.synthetic.jolpica_pages import HOST as JOLPICA
from sources.synthetic.jolpica_pages import jolpica_documents
from sources.synthetic.mirror_folder import MirrorFolder
from sources.synthetic.options import WeekendOptions
from sources.synthetic.session_run import SessionRun
from sources.synthetic.sessions import run_weekend
from sources.synthetic.truth import Truth, weekend_truth
from sources.synthetic.wire_cars import car_data, position_data
from sources.synthetic.wire_stats import timing_stats, top_three
from sources.synthetic.wire_text import BYTE_ORDER_MARK, Message, stream_bytes
from sources.synthetic.wire_timing import TimingFeed
from sources.synthetic.wire_tyres import timing_app_data

LIVE_TIMING = "https://livetiming.formula1.com/static"
CALENDAR = "https://raw.githubusercontent.com/theOehrly/f1schedule/master"
CIRCUITS = "https://api.multiviewer.app/api/v1/circuits"
_JSON, _STREAM, _TEXT = "application/json", "application/octet-stream", "text/plain; charset=utf-8"


def write_weekend(folder: Path, options: WeekendOptions) -> Truth:
    """Write an invented weekend.

    Args:
        folder: Where to: ``mirror/`` and ``truth.json`` are made in it. It must not hold a mirror already.
        options: What to make. The same options give the same bytes.

    Returns:
        What really happened.

    Raises:
        MirrorFolderError: If the folder holds a mirror already.
    """
    if (folder / "mirror").exists():
        raise MirrorFolderError(f"{folder / 'mirror'} is there already: name another folder, or remove it")
    mirror = MirrorFolder(folder / "mirror")
    runs = run_weekend(options)
    for code in options.sessions:
        _write_session(mirror, runs[code], options)
    _write_season(mirror, runs["Q"], options)
    races = {code: runs[code] for code in ("S", "R") if code in options.sessions}
    for path, document in jolpica_documents(options, runs["Q"], races):
        mirror.add(f"{JOLPICA}/{options.season}/{path}", orjson.dumps(document), _JSON)
    mirror.write_index()
    truth = weekend_truth(options, runs, folder / "mirror")
    truth.write(folder / "truth.json")
    return truth


def synthetic_mirror(home: Path, options: WeekendOptions) -> Path:
    """Return the mirror folder of an invented weekend, made if it was not made before.

    It stands in ``<home>/synthetic/<digest of the options>/mirror``, with ``truth.json`` beside it. It is
    written elsewhere and moved there when it is whole, so a process that is killed leaves nothing half made,
    and of two processes that make it at once one is used.

    Args:
        home: Folder of the local lake.
        options: What to make.
    """
    place = home / "synthetic" / options.digest
    if (place / "truth.json").is_file():
        return place / "mirror"
    place.parent.mkdir(parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(prefix=f".{options.digest}-", dir=place.parent))
    try:
        write_weekend(making, options)
        os.rename(making, place)  # noqa: PTH104 - Path.rename says less about a target that is there
    except OSError:
        if not (place / "truth.json").is_file():
            raise
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return place / "mirror"


def _write_session(mirror: MirrorFolder, run: SessionRun, options: WeekendOptions) -> None:
    base = f"{LIVE_TIMING}/{session.session_path(options, run.code)}"
    topics = []
    for topic, body in _streams(run, options):
        mirror.add(f"{base}{topic}.jsonStream", body, _STREAM)
        topics.append(topic)
    mirror.add(f"{base}Index.json", BYTE_ORDER_MARK + orjson.dumps(season.session_index(topics)), _JSON)


def _streams(run: SessionRun, options: WeekendOptions) -> Iterator[tuple[str, bytes]]:
    """Yield topic and bytes. The race's streams begin with a byte order mark, those of qualifying do not."""
    log = TimingFeed(run).write()
    topics: dict[str, list[Message]] = {
        "SessionInfo": session.session_info(run, options),
        "SessionData": session.session_data(run),
        "SessionStatus": session.session_status(run),
        "TrackStatus": session.track_status(run),
        "DriverList": control.driver_list(run, options, log),
        "TimingData": log.messages,
        "TimingAppData": timing_app_data(run, log),
        "TimingStats": timing_stats(run, log),
        "TopThree": top_three(run, log),
        "RaceControlMessages": control.race_control_messages(run),
        "WeatherData": control.weather_data(run, options),
        "TeamRadio": control.team_radio(run, options),
        "Heartbeat": session.heartbeat(run),
        "ExtrapolatedClock": session.extrapolated_clock(run),
        "AudioStreams": session.audio_streams(run),
        "ContentStreams": session.content_streams(run),
    }
    if run.is_race:
        topics["LapCount"] = session.lap_count(run)
    for topic, messages in topics.items():
        yield topic, stream_bytes(messages, byte_order_mark=run.is_race)
    if options.telemetry:
        yield "CarData.z", car_data(run, options)
        yield "Position.z", position_data(run, options)


def _write_season(mirror: MirrorFolder, run: SessionRun, options: WeekendOptions) -> None:
    year = options.season
    mirror.add(f"{CALENDAR}/schedule_{year}.json", season.calendar_bytes(options), _TEXT)
    index = BYTE_ORDER_MARK + orjson.dumps(season.season_index(options))
    mirror.add(f"{LIVE_TIMING}/{year}/Index.json", index, _JSON)
    circuit = orjson.dumps(season.circuit_document(options, run.circuit))
    mirror.add(f"{CIRCUITS}/{names.CIRCUIT_KEY}/{year}", circuit, f"{_JSON}; charset=utf-8")
