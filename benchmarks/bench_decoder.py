"""Decoding of car and position data: ours beside orjson and FastF1's own parser, same bytes, one process.

Ours and FastF1 go from a body to tables. orjson goes from the same body to Python objects and no further
(our own lines and unpacking, then ``orjson.loads`` of every message): the least that tables cost where they
are made of its objects. ``plain`` makes them so, without numba.

Reported: seconds (best of the repeats), million values a second, and how many times FastF1's time each of
our parsers takes less. Values are counted as the feed sends them: six channels a car sample, three
coordinates and a status a position sample. Compiling is reported apart: it happens once per machine.

    python benchmarks/bench_decoder.py [folder of test data]
"""

from __future__ import annotations

import inspect
import json
import os
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import orjson

from racing.feed.car_data import decode_car_data
from racing.feed.payload import inflate_payload
from racing.feed.position_data import decode_position_data
from racing.feed.stream import split_stream

SESSION = "livetiming.formula1.com/static/2025/2025-10-26_Mexico_City_Grand_Prix/2025-10-25_Qualifying"
CAR_CHANNELS, POSITION_FIELDS = 6, 4


def best_seconds(run_once: Callable[[], object], repeats: int) -> float:
    """Return the shortest of the measured times."""
    times = []
    for _ in range(repeats):
        begin = time.perf_counter()
        run_once()
        times.append(time.perf_counter() - begin)
    return min(times)


def fastf1_parsers() -> dict[str, Callable[[bytes], dict[str, Any]]]:
    """Return FastF1's parsers of both topics, from a body to its frames, without its caches."""
    from fastf1 import _api
    from fastf1.logger import set_log_level

    set_log_level("ERROR")

    def parser(function: Callable[..., Any]) -> Callable[[bytes], dict[str, Any]]:
        return lambda body: inspect.unwrap(function)("", response=body.decode("utf-8-sig").split("\r\n")[:-1])

    return {"car": parser(_api.car_data), "position": parser(_api.position_data)}


def orjson_objects(body: bytes) -> list[Any]:
    """Return every message of a body as orjson gives it."""
    return [orjson.loads(inflate_payload(message.payload)) for message in split_stream(body).messages]


def run(test_data: Path) -> dict[str, Any]:
    """Return the measurements of one session as plain numbers, ready for JSON.

    Args:
        test_data: Folder that holds ``mirror/``.
    """
    folder = test_data / "mirror" / SESSION
    bodies = {
        "car": (folder / "CarData.z.jsonStream").read_bytes(),
        "position": (folder / "Position.z.jsonStream").read_bytes(),
    }
    decoders = {"car": decode_car_data, "position": decode_position_data}
    fields = {"car": CAR_CHANNELS, "position": POSITION_FIELDS}
    fastf1 = fastf1_parsers()
    report: dict[str, Any] = {"session": SESSION.rsplit("/", 2)[1], "first_decode_seconds": {}}
    seconds: dict[str, dict[str, float]] = {"compiled": {}, "plain": {}, "orjson": {}, "fastf1": {}}
    values: dict[str, int] = {}
    for topic, body in bodies.items():
        compiled = partial(decoders[topic], body, parser="compiled")
        report["first_decode_seconds"][topic] = best_seconds(compiled, 1)
        values[topic] = compiled().table.num_rows * fields[topic]
        seconds["compiled"][topic] = best_seconds(compiled, 15)
        seconds["orjson"][topic] = best_seconds(partial(orjson_objects, body), 5)
        seconds["plain"][topic] = best_seconds(partial(decoders[topic], body, parser="plain"), 2)
        seconds["fastf1"][topic] = best_seconds(partial(fastf1[topic], body), 2)
    for times in seconds.values():
        times["both"] = times["car"] + times["position"]
    values["both"] = values["car"] + values["position"]
    report["values"] = values
    report["seconds"] = seconds
    report["million_values_per_second"] = {
        parser: {topic: values[topic] / time_taken / 1e6 for topic, time_taken in times.items()}
        for parser, times in seconds.items()
    }
    report["times_faster_than_fastf1"] = {
        parser: {
            topic: seconds["fastf1"][topic] / time_taken for topic, time_taken in seconds[parser].items()
        }
        for parser in ("compiled", "plain", "orjson")
    }
    return report


def main() -> None:
    """Print the measurements as JSON."""
    default = os.environ.get("F1LAKE_TEST_DATA", "../shared/data")
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else default)
    print(json.dumps(run(folder), indent=2, default=float))


if __name__ == "__main__":
    main()
