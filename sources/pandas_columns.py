"""FastF1's pandas columns as polars columns of plain types; what is not there becomes null.

FastF1 keeps durations as timedelta64 or objects and casts missing text to ``None`` or ``nan``; none of
that leaves ``sources``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import polars as pl

if TYPE_CHECKING:
    import pandas as pd

_NO_TEXT = frozenset({"", "None", "nan", "NaN", "NaT", "<NA>"})
_NS_PER_MS = 1_000_000


def milliseconds(values: pd.Series[Any]) -> pl.Series:
    """Return durations as whole milliseconds, int64; null where unknown."""
    import pandas as pd

    if values.dtype.kind != "m":
        values = pd.to_timedelta(values)
    nanoseconds = values.to_numpy(dtype="timedelta64[ns]").view(np.int64)
    rounded = np.rint(nanoseconds / _NS_PER_MS).astype(np.int64)
    return _masked(pl.Series(rounded), values.isna())


def texts(values: pd.Series[Any]) -> pl.Series:
    """Return text; null for what pandas wrote for a missing text, and for empty text."""
    return pl.Series(
        [None if value is None or str(value) in _NO_TEXT else str(value) for value in values.to_list()],
        dtype=pl.String,
    )


def whole_numbers(values: pd.Series[Any]) -> pl.Series:
    """Return numbers as int32; null where unknown or no number."""
    import pandas as pd

    numbers = pd.to_numeric(values, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    known = np.isfinite(numbers)
    return _masked(pl.Series(np.where(known, numbers, 0).round().astype(np.int32)), ~known)


def numbers(values: pd.Series[Any]) -> pl.Series:
    """Return numbers as float64; null where unknown or no number."""
    import pandas as pd

    floats = pd.to_numeric(values, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    return pl.Series(floats, dtype=pl.Float64).fill_nan(None)


def flags(values: pd.Series[Any]) -> pl.Series:
    """Return booleans; null where the value is missing."""
    unknown = values.isna().to_list()
    return pl.Series(
        [None if missing else bool(value) for value, missing in zip(values.to_list(), unknown, strict=True)],
        dtype=pl.Boolean,
    )


def instants(values: pd.Series[Any]) -> pl.Series:
    """Return UTC instants at microseconds; null where unknown."""
    import pandas as pd

    moments = pd.to_datetime(values).to_numpy(dtype="datetime64[us]")
    return pl.Series(moments).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")


def _masked(values: pl.Series, unknown: npt.ArrayLike) -> pl.Series:
    mask = pl.Series(np.asarray(unknown, dtype=bool))
    return values.set(mask, None) if mask.any() else values
