"""Reading of car and position samples with compiled code, and the folder where compiled code is kept.

numba is imported when the first message is read, not when this module is. The compiled code itself is
``kernel.py``; messages it does not understand are read by ``plain_samples.py``.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from racing.errors import CompileCacheError
from racing.feed.plain_samples import PlainSampleReader
from racing.feed.samples import CAR_DATA, Samples, merge_samples

_KERNEL = "racing.feed.kernel"
_SMALLEST_ROW_BYTES = 11
"""Shortest text of a car with a value: ``"1":{"X":1}``."""


def has_compiler() -> bool:
    """Return whether numba is installed."""
    return importlib.util.find_spec("numba") is not None


def use_compile_cache(folder: Path) -> None:
    """Keep compiled code in a folder, so that only the first process on it compiles.

    Args:
        folder: Folder for compiled code; it is made when something is first kept.

    Raises:
        CompileCacheError: If code was already compiled for another folder: call this before decoding.
    """
    numba_settings: Any = importlib.import_module("numba").config
    wanted = str(folder.resolve())
    if _KERNEL in sys.modules and wanted != numba_settings.CACHE_DIR:
        used = numba_settings.CACHE_DIR or "the folder beside the code"
        raise CompileCacheError(
            f"compiled code is already kept in {used}: choose {wanted} before the first telemetry is decoded"
        )
    numba_settings.CACHE_DIR = wanted


@dataclass
class CompiledSampleReader:
    """Collects samples batch by batch: the compiled parser first, the plain one for what it leaves.

    Attributes:
        plain: Reader of the messages that the compiled parser does not understand; its layout is read.
        left_count: How many messages were left to it.
    """

    plain: PlainSampleReader
    left_count: int = 0
    _parts: list[tuple[NDArray[Any], ...]] = field(default_factory=list)
    _entry: int = 0

    def __post_init__(self) -> None:
        self._kernel: Any = importlib.import_module(_KERNEL)
        self._rows: Any = None
        self._last_entry = np.full(self._kernel.CAR_NUMBERS, -1, dtype=np.int64)

    def read(self, messages: list[int], texts: list[bytes]) -> None:
        """Add the samples of a batch of messages.

        Args:
            messages: Places of the messages, ascending.
            texts: JSON text of each message.
        """
        text = b"\0".join((*texts, b""))
        begins = np.zeros(len(texts) + 1, dtype=np.int64)
        np.cumsum([len(part) + 1 for part in texts], out=begins[1:])
        rows = self._rows_for(len(text))
        count, self._entry = self._kernel.read_messages(
            np.frombuffer(text, dtype=np.uint8), begins, self.plain.layout is CAR_DATA, rows, self._entry
        )
        self._parts.append(
            (
                np.array(messages, dtype=np.int64)[rows.message[:count]],
                rows.car[:count].copy(),
                rows.utc_us[:count].copy(),
                rows.values[:, :count].copy(),
            )
        )
        left = np.flatnonzero(begins[:-1] < 0)
        self.left_count += left.size
        self.plain.read([messages[place] for place in left], [texts[place] for place in left])

    def samples(self) -> Samples:
        """Return the samples read so far, those of both parsers, as arrays."""
        plain = self.plain.samples()
        if not self._parts:
            return plain
        message, car, utc_us, values = zip(*self._parts, strict=True)
        compiled = Samples(
            message=np.concatenate(message),
            car=np.concatenate(car),
            car_numbers=[str(number) for number in range(self._kernel.CAR_NUMBERS)],
            utc_us=np.concatenate(utc_us),
            values=np.concatenate(values, axis=1),
        )
        return merge_samples([compiled, plain]) if self.left_count else compiled

    def _rows_for(self, text_bytes: int) -> Any:  # noqa: ANN401 - a type of the lazily imported module
        capacity = text_bytes // _SMALLEST_ROW_BYTES + 2
        if self._rows is None or self._rows.car.size < capacity:
            self._rows = self._kernel.Rows(
                message=np.empty(capacity, dtype=np.int64),
                car=np.empty(capacity, dtype=np.int64),
                utc_us=np.empty(capacity, dtype=np.int64),
                values=np.empty((len(self.plain.layout.fields), capacity), dtype=np.int32),
                last_entry=self._last_entry,
            )
        return self._rows
