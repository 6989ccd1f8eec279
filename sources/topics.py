"""Names of the live-timing topics: all that the archive serves, what FastF1 reads, what laps need."""

from __future__ import annotations

from collections.abc import Iterable

FASTF1_TOPICS = (
    "SessionInfo",
    "DriverList",
    "SessionStatus",
    "TrackStatus",
    "LapCount",
    "TimingData",
    "TimingAppData",
    "WeatherData",
    "RaceControlMessages",
)
"""Topics that FastF1 parses into our processed tables."""

TELEMETRY_TOPICS = ("CarData.z", "Position.z")
"""Topics that our own decoder reads."""

LIVE_TIMING_TOPICS = (
    "Index",
    *FASTF1_TOPICS,
    *TELEMETRY_TOPICS,
    "SessionData",
    "TimingStats",
    "TopThree",
    "TeamRadio",
    "Heartbeat",
    "ExtrapolatedClock",
    "AudioStreams",
    "ContentStreams",
    "ChampionshipPrediction",
    "LapSeries",
    "PitLaneTimeCollection",
    "PitStop",
    "DriverRaceInfo",
    "TyreStintSeries",
    "CurrentTyres",
    "PitStopSeries",
    "OvertakeSeries",
    "RcmSeries",
    "TlaRcm",
    "TimingDataF1",
    "WeatherDataSeries",
    "DriverTracker",
    "DriverScore",
    "SPFeed",
    "ArchiveStatus",
)
"""Every topic that the archive is known to serve, most needed first. ``Index`` lists a session's own."""

ESSENTIAL_TOPICS = frozenset({"TimingData", "TimingAppData", "SessionStatus"})
"""Topics without any one of which there are no laps. A session without them is partial, not failed."""

_PLAIN_JSON = frozenset({"Index", "ArchiveStatus"})


def topic_file_name(topic: str) -> str:
    """Return the file of a topic in a session's folder, such as ``TimingData.jsonStream``."""
    return f"{topic}.json" if topic in _PLAIN_JSON else f"{topic}.jsonStream"


def topics_of_files(names: Iterable[str]) -> frozenset[str]:
    """Return the topics among the files of a session's folder; key frames and other files are none.

    Args:
        names: File names without folder.
    """
    return frozenset(topic for name in names if topic_file_name(topic := topic_of_file(name)) == name)


def topic_of_file(name: str) -> str:
    """Return the topic of a file name: the inverse of ``topic_file_name``."""
    return name.removesuffix("Stream").removesuffix(".json")
