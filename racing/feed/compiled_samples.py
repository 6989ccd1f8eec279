"""Reading of car and position samples with compiled code, and the folder where compiled code is kept.

numba is imported when the first message is read, not when this module is. The compiled code itself is
``kernel.py``; messages it does not understand are read by ``plain_samples.py``.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import sys
from pathlib import Path
from typing import Any

import numpy as np

from racing.feed.plain_samples import PlainSampleReader
from racing.feed.samples import CAR_DATA, Samples, merge_samples
from racing.feed.spelling import CAR_NUMBERS, PADDING

_KERNEL = "racing.feed.kernel"
_SOURCES = ("kernel", "kernel_cars", "kernel_values", "memory", "samples", "spelling")
"""Modules that are compiled, or whose numbers are."""

_PACKED_BYTES_PER_ROW = 4
"""Guess at the packed bytes of a row, on the low side: real sessions have about 8."""

_SMALLEST_ROW_BYTES = 11
"""Shortest text of a car with a value: ``"1":{"X":1}``."""


def has_compiler() -> bool:
    """Return whether numba is installed."""
    return importlib.util.find_spec("numba") is not None


def use_compile_cache(folder: Path) -> bool:
    """Keep compiled code in a folder, so that only the first process on it compiles.

    Args:
        folder: Folder for compiled code; it is made when something is first kept.

    Returns:
        Whether the folder will be used. False once this process has loaded the compiled code from where it
        was kept before: then there is nothing left to compile.
    """
    if _KERNEL in sys.modules:
        return False
    numba_settings: Any = importlib.import_module("numba").config
    numba_settings.CACHE_DIR = str(folder.resolve())
    return True


def compile_reader() -> None:
    """Compile the parser now, or load it from where it is kept; nothing where there is no numba."""
    if has_compiler():
        CompiledSampleReader(PlainSampleReader(CAR_DATA), 0).read([b"{}"])


def _load_kernel() -> Any:  # noqa: ANN401 - the module
    """Return the compiled code's module, its cache in a folder of the sources as they are now.

    numba's cache notices changes in the file of the function that it compiled, and in no other.
    """
    numba_settings: Any = importlib.import_module("numba").config
    if _KERNEL not in sys.modules and numba_settings.CACHE_DIR:
        sources = b"".join(Path(__file__).with_name(f"{name}.py").read_bytes() for name in _SOURCES)
        numba_settings.CACHE_DIR = str(
            Path(numba_settings.CACHE_DIR, hashlib.sha256(sources).hexdigest()[:16])
        )
    return importlib.import_module(_KERNEL)


class CompiledSampleReader:
    """Collects samples batch by batch: the compiled parser first, the plain one for what it leaves.

    Attributes:
        plain: Reader of the messages that the compiled parser does not understand; its layout is read.
        left_count: How many messages were left to it.
    """

    def __init__(self, plain: PlainSampleReader, payload_bytes: int) -> None:
        self.plain = plain
        self.left_count = 0
        self._kernel: Any = _load_kernel()
        self._last_entry = np.full(CAR_NUMBERS, -1, dtype=np.int64)
        self._behind = np.zeros(3, dtype=np.int64)
        self._rows = self._empty_rows(payload_bytes // _PACKED_BYTES_PER_ROW)

    def read(self, texts: list[bytes]) -> None:
        """Add the samples of a batch of messages.

        Args:
            texts: JSON text of each message. Messages are counted from 0 over all batches.
        """
        row_count, message_count, _ = self._behind
        text = b"\0".join((*texts, bytes(PADDING)))
        begins = np.zeros(len(texts) + 1, dtype=np.int64)
        np.cumsum([len(part) + 1 for part in texts], out=begins[1:])
        self._grow_to(int(row_count) + len(text) // _SMALLEST_ROW_BYTES + 2)
        is_car_data = self.plain.layout is CAR_DATA
        self._kernel.read_messages(np.frombuffer(text, dtype=np.uint8), begins, is_car_data, self._rows)
        for left in np.flatnonzero(begins[:-1] < 0):
            self.left_count += 1
            self.plain.read_message(int(message_count + left), texts[left])

    def samples(self) -> Samples:
        """Return the samples read so far, those of both parsers, as arrays."""
        count = self._behind[0]
        compiled = Samples(
            message=self._rows.message[:count],
            car=self._rows.car[:count],
            car_numbers=[str(number) for number in range(CAR_NUMBERS)],
            utc_us=self._rows.utc_us[:count],
            values=self._rows.values[:, :count],
        )
        return merge_samples([compiled, self.plain.samples()]) if self.left_count else compiled

    def _empty_rows(self, capacity: int) -> Any:  # noqa: ANN401 - a type of the lazily imported module
        # Memory that is never written is never used, so the capacity can be generous. All of it is one array:
        # numpy asks for large pages where that is worth it, and small ones take as long as the reading.
        fields = len(self.plain.layout.fields)
        words = np.empty((4 + fields) * capacity, dtype=np.int32)
        utc_us, message, car, values = np.split(words, np.multiply([2, 3, 4], capacity))
        return self._kernel.Rows(
            message=message,
            car=car,
            utc_us=utc_us.view(np.int64),
            values=values.reshape(fields, capacity),
            last_entry=self._last_entry,
            behind=self._behind,
        )

    def _grow_to(self, capacity: int) -> None:
        rows = self._rows
        if rows.car.size < capacity:
            count = self._behind[0]
            self._rows = self._empty_rows(2 * capacity)
            for old, new in zip(rows[:4], self._rows[:4], strict=True):
                new[..., :count] = old[..., :count]
