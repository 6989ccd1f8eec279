"""CarData.z and Position.z: samples of all cars, about one message a second, deflated and in base 64."""

from __future__ import annotations

import binascii
import zlib
from collections.abc import Sequence

import numpy as np

from sources.synthetic.options import WeekendOptions
from sources.synthetic.session_run import SessionRun
from sources.synthetic.telemetry import IntArray, car_channels, positions, sample_times
from sources.synthetic.wire_text import BYTE_ORDER_MARK, clock_text

CAR_STEPS_MS = (160, 160, 200, 200, 240, 240, 280, 280, 320, 320, 360, 440)
POSITION_STEPS_MS = (140, 180, 180, 200, 220, 220, 240, 260, 280, 280, 300, 340, 380, 420)
"""Steps between samples of the 2025 feed; each as likely as it stands here."""

_CAR_START_MS, _POSITION_START_MS = 64_218, 20_915
_MESSAGE_MS = (800, 1_200)
_LEVEL = 6
_CHANNELS = ("0", "2", "3", "4", "5", "45")


def car_data(run: SessionRun, options: WeekendOptions) -> bytes:
    """Return the stream of CarData.z."""
    rng = np.random.default_rng([options.seed, 9, run.stream_number])
    times = sample_times(rng, _CAR_START_MS, run.end_ms, CAR_STEPS_MS)
    numbers = _numbers(run)
    table = np.concatenate([car_channels(run, number, times) for number in numbers], axis=1)
    channels = ",".join(f'"{channel}":%d' for channel in _CHANNELS)
    cars = ",".join(f'"{number}":{{"Channels":{{{channels}}}}}' for number in numbers)
    template = f'{{"Utc":"%s","Cars":{{{cars}}}}}'
    values = zip(_utc_texts(run, times, rng), table.tolist(), strict=True)
    entries = [template % (text, *row) for text, row in values]
    return _stream("Entries", entries, times, rng, byte_order_mark=run.is_race)


def position_data(run: SessionRun, options: WeekendOptions) -> bytes:
    """Return the stream of Position.z."""
    rng = np.random.default_rng([options.seed, 10, run.stream_number])
    times = sample_times(rng, _POSITION_START_MS, run.end_ms, POSITION_STEPS_MS)
    numbers = _numbers(run)
    columns: list[list[object]] = []
    for number in numbers:
        place, off = positions(run, number, times)
        columns.append(np.where(off, "OffTrack", "OnTrack").tolist())
        columns += [place[:, i].tolist() for i in range(3)]
    cars = ",".join(f'"{number}":{{"Status":"%s","X":%d,"Y":%d,"Z":%d}}' for number in numbers)
    template = f'{{"Timestamp":"%s","Entries":{{{cars}}}}}'
    entries = [template % row for row in zip(_utc_texts(run, times, rng), *columns, strict=True)]
    return _stream("Position", entries, times, rng, byte_order_mark=run.is_race)


def _numbers(run: SessionRun) -> list[str]:
    return sorted((entry.number for entry in run.entries), key=int)


def _utc_texts(run: SessionRun, times: IntArray, rng: np.random.Generator) -> list[str]:
    """Return the UTC of samples, up to 0.4 ms after their millisecond, to seven digits.

    Never half a millisecond after: FastF1 takes the start of the stream's clock from the latest sample.
    """
    start = np.datetime64(run.t0_at.replace(tzinfo=None), "us")
    micros = rng.integers(0, 400, len(times))
    texts = np.datetime_as_string(start + times * 1000 + micros, unit="us").tolist()
    ticks = rng.integers(0, 10, len(times)).tolist()
    return [f"{text}{tick}".rstrip("0") + "Z" for text, tick in zip(texts, ticks, strict=True)]


def _stream(
    name: str, entries: Sequence[str], times: IntArray, rng: np.random.Generator, *, byte_order_mark: bool
) -> bytes:
    """Return samples in messages of about a second, each sent when its last sample is taken."""
    span = int(times[-1] - times[0])
    marks = times[0] + np.cumsum(rng.integers(*_MESSAGE_MS, span // _MESSAGE_MS[0] + 2))
    ends = np.unique(np.searchsorted(times, marks, side="left")).tolist()
    late = rng.integers(0, 2, len(ends)).tolist()
    lines = [BYTE_ORDER_MARK] if byte_order_mark else []
    begin = 0
    for end, delay in zip(ends, late, strict=True):
        if end <= begin:
            continue
        body = f'{{"{name}":[{",".join(entries[begin:end])}]}}'.encode()
        deflate = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
        text = binascii.b2a_base64(deflate.compress(body) + deflate.flush(), newline=False)
        clock = clock_text(int(times[end - 1]) + delay).encode()
        lines.append(clock + b'"' + text + b'"\r\n')
        begin = end
    return b"".join(lines)
