"""FastF1's parsed session files (``.ff1pkl``): looked at before FastF1 opens them.

They are pickles, and a pickle can run code. So each is read once with only those names allowed that a
FastF1 cache holds (dates, pandas, numpy); anything else is refused.
"""

from __future__ import annotations

import pickle
from pathlib import Path

from sources.errors import DamagedCacheError

PARSED_SUFFIX = ".ff1pkl"

_ALLOWED = {
    "builtins": {"slice", "set", "frozenset", "bytearray", "complex", "range", "object"},
    "_codecs": {"encode"},
    "collections": {"OrderedDict", "defaultdict"},
    "copyreg": {"_reconstructor"},
    "datetime": {"date", "datetime", "time", "timedelta", "timezone"},
    "functools": {"partial"},
    "numpy": {"dtype", "ndarray"},
    "numpy.core.multiarray": {"_reconstruct", "scalar"},
    "numpy._core.multiarray": {"_reconstruct", "scalar"},
    "numpy.core.numeric": {"_frombuffer"},
    "numpy._core.numeric": {"_frombuffer"},
    "pandas": {"DataFrame", "Series", "Index", "RangeIndex", "Timestamp", "Timedelta"},
    "pandas.core.frame": {"DataFrame"},
    "pandas.core.series": {"Series"},
    "pandas.core.internals.managers": {"BlockManager", "SingleBlockManager"},
    "pandas.core.internals.blocks": {"new_block"},
    "pandas.core.indexes.base": {"Index", "_new_Index"},
    "pandas.core.indexes.range": {"RangeIndex"},
    "pandas.core.indexes.numeric": {"Int64Index", "Float64Index"},
    "pandas.core.arrays.datetimes": {"DatetimeArray"},
    "pandas.core.arrays.timedeltas": {"TimedeltaArray"},
    "pandas._libs.internals": {"_unpickle_block"},
    "pandas._libs.arrays": {"__pyx_unpickle_NDArrayBacked"},
    "pandas._libs.tslibs.nattype": {"_nat_unpickle"},
    "pandas._libs.tslibs.timestamps": {"_unpickle_timestamp", "Timestamp"},
    "pandas._libs.tslibs.timedeltas": {"_timedelta_unpickle", "Timedelta"},
}


class _AllowListUnpickler(pickle.Unpickler):
    """Reads a pickle that names nothing but what a FastF1 cache holds."""

    def find_class(self, module: str, name: str) -> object:
        """Return an allowed name."""
        if name not in _ALLOWED.get(module, ()):
            raise pickle.UnpicklingError(f"it names {module}.{name}")
        return super().find_class(module, name)


def check_parsed_files(folder: Path, session_key: str) -> None:
    """Check that FastF1 can take a session's parsed files, and that it is safe to let it.

    Args:
        folder: Folder of the session's ``.ff1pkl`` files.
        session_key: Our key, for messages.

    Raises:
        DamagedCacheError: If a file is cut off, of another version of FastF1's parser, or holds something
            that a cache never holds.
    """
    from fastf1.req import Cache

    for path in sorted(folder.glob(f"*{PARSED_SUFFIX}")):
        content = read_parsed_file(path)
        version = content.get("version") if isinstance(content, dict) else None
        if version != Cache._API_CORE_VERSION:
            raise DamagedCacheError(
                f"{session_key}: {path} was written by version {version} of FastF1's parser; the "
                f"installed one reads version {Cache._API_CORE_VERSION}. Load the session once with the "
                "installed FastF1 online, or leave this cache out of the source"
            )


def read_parsed_file(path: Path) -> object:
    """Return the content of a parsed file.

    Raises:
        DamagedCacheError: If it cannot be read, or names something that a cache never holds.
    """
    try:
        with path.open("rb") as stream:
            return _AllowListUnpickler(stream).load()
    except (pickle.UnpicklingError, EOFError, AttributeError, IndexError, ImportError, ValueError) as error:
        raise DamagedCacheError(
            f"{path} is no parsed file of FastF1 that can be trusted: {error}. "
            "Remove it, or leave this cache out"
        ) from error


_TOPIC_OF_FILE = {
    "session_info": "SessionInfo",
    "driver_info": "DriverList",
    "session_status_data": "SessionStatus",
    "track_status_data": "TrackStatus",
    "lap_count": "LapCount",
    "_extended_timing_data": "TimingData",
    "timing_app_data": "TimingAppData",
    "weather_data": "WeatherData",
    "race_control_messages": "RaceControlMessages",
    "car_data": "CarData.z",
    "position_data": "Position.z",
}
"""Parsed file without ending to the topic it was made of."""


def parsed_topics(folder: Path) -> list[str]:
    """Return the live-timing topics that a folder of parsed files holds, sorted."""
    names = (path.name.removesuffix(PARSED_SUFFIX) for path in folder.glob(f"*{PARSED_SUFFIX}"))
    return sorted(_TOPIC_OF_FILE[name] for name in names if name in _TOPIC_OF_FILE)
