"""Our decoder against FastF1's own parser on a real session, value for value."""

from __future__ import annotations

import inspect
import random
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

from racing.feed.car_data import decode_car_data
from racing.feed.position_data import decode_position_data
from racing.feed.session_clock import sample_session_time_ms, session_clock_start
from racing.feed.telemetry import DecodedTelemetry, Parser

SESSION = "livetiming.formula1.com/static/2025/2025-10-26_Mexico_City_Grand_Prix/2025-10-25_Qualifying"

# What FastF1 makes of the feed's 104, which we read as null.
NO_DATA_THROTTLE, NO_DATA_BRAKE = 104, True


@pytest.fixture(scope="module")
def bodies(test_data: Path) -> dict[str, bytes]:
    folder = test_data / "mirror" / SESSION
    return {topic: (folder / f"{topic}.z.jsonStream").read_bytes() for topic in ("CarData", "Position")}


@pytest.fixture(scope="module")
def fastf1_frames(bodies: dict[str, bytes]) -> dict[str, dict[str, pd.DataFrame]]:
    from fastf1 import _api

    def parsed(function: Callable[..., Any], body: bytes) -> dict[str, pd.DataFrame]:
        records = body.decode("utf-8-sig").split("\r\n")[:-1]
        return inspect.unwrap(function)("", response=records)

    return {
        "CarData": parsed(_api.car_data, bodies["CarData"]),
        "Position": parsed(_api.position_data, bodies["Position"]),
    }


@pytest.fixture(scope="module", params=["compiled", "plain"])
def parser(request: pytest.FixtureRequest) -> Parser:
    return request.param


@pytest.fixture(scope="module")
def car(bodies: dict[str, bytes], parser: Parser) -> DecodedTelemetry:
    return decode_car_data(bodies["CarData"], parser=parser)


@pytest.fixture(scope="module")
def position(bodies: dict[str, bytes], parser: Parser) -> DecodedTelemetry:
    return decode_position_data(bodies["Position"], parser=parser)


def test_every_sample_of_every_car_is_there(car: DecodedTelemetry, position: DecodedTelemetry) -> None:
    assert car.faults == []
    assert position.faults == []
    assert (car.message_count, car.table.num_rows) == (4644, 347_120)
    assert (position.message_count, position.table.num_rows) == (4688, 358_400)
    assert len(car.table["car_number"].unique()) == len(position.table["car_number"].unique()) == 20


def test_car_values_equal_fastf1(
    car: DecodedTelemetry, fastf1_frames: dict[str, dict[str, pd.DataFrame]]
) -> None:
    ours = pl.from_arrow(car.table)
    assert set(ours["car_number"]) == set(fastf1_frames["CarData"])
    for car_number, theirs in fastf1_frames["CarData"].items():
        mine = ours.filter(pl.col("car_number") == car_number)
        _assert_same_times(mine, theirs)
        for column, channel in (("engine_rpm", "RPM"), ("speed_kph", "Speed"), ("gear", "nGear")):
            assert mine[column].to_numpy().tolist() == theirs[channel].tolist()
        assert mine["drs_code"].to_list() == theirs["DRS"].tolist()
        assert mine["throttle_pct"].fill_null(NO_DATA_THROTTLE).to_list() == theirs["Throttle"].tolist()
        assert mine["is_braking"].fill_null(NO_DATA_BRAKE).to_list() == theirs["Brake"].tolist()


def test_position_values_equal_fastf1(
    position: DecodedTelemetry, fastf1_frames: dict[str, dict[str, pd.DataFrame]]
) -> None:
    ours = pl.from_arrow(position.table)
    assert set(ours["car_number"]) == set(fastf1_frames["Position"])
    for car_number, theirs in fastf1_frames["Position"].items():
        mine = ours.filter(pl.col("car_number") == car_number)
        _assert_same_times(mine, theirs)
        for column, axis in (("x_dm", "X"), ("y_dm", "Y"), ("z_dm", "Z")):
            assert mine[column].to_list() == theirs[axis].tolist()
        statuses = mine["is_on_track"].replace_strict({True: "OnTrack", False: "OffTrack"})
        assert statuses.to_list() == theirs["Status"].tolist()


def test_session_clock_starts_where_fastf1_says(
    car: DecodedTelemetry,
    position: DecodedTelemetry,
    fastf1_frames: dict[str, dict[str, pd.DataFrame]],
) -> None:
    from fastf1.core import Session

    theirs = SimpleNamespace()
    Session._calculate_t0_date(theirs, fastf1_frames["CarData"], fastf1_frames["Position"])
    start = session_clock_start(car.table, position.table)
    assert start is not None
    assert pd.Timestamp(start) == theirs._t0_date
    dates = fastf1_frames["CarData"]["4"]["Date"].dt.round("ms")
    is_norris = np.array(car.table["car_number"]) == "4"
    ours = sample_session_time_ms(car.table["sampled_at"], start).to_numpy()[is_norris]
    assert ours.tolist() == ((dates - theirs._t0_date) // pd.Timedelta("1ms")).tolist()


def test_damaged_lines_are_named_and_cost_no_other_row(bodies: dict[str, bytes]) -> None:
    lines = bodies["CarData"].split(b"\r\n")[:600]
    whole = decode_car_data(b"\r\n".join(lines), parser="plain").table
    chance = random.Random(20251025)
    damaged = {}
    for place in chance.sample(range(len(lines) - 1), 60):
        text = lines[place]
        at = chance.randrange(13, len(text) - 1)
        damaged[place + 1] = chance.choice(
            [text[:at], text[:at] + b"?" + text[at:], text[at:], text[:12], text[:12] + b'"' + text[at:]]
        )
        lines[place] = damaged[place + 1]
    decoded = {
        parser: decode_car_data(b"\r\n".join(lines), parser=parser) for parser in ("compiled", "plain")
    }
    assert decoded["compiled"].table.equals(decoded["plain"].table)
    assert decoded["compiled"].faults == decoded["plain"].faults
    assert {fault.line_number for fault in decoded["plain"].faults} == set(damaged)
    assert all(fault.reason for fault in decoded["plain"].faults)
    is_kept = ~np.isin(whole["line_number"].to_numpy(), list(damaged))
    kept = whole.filter(is_kept).drop_columns(["sample_number"])
    assert decoded["plain"].table.drop_columns(["sample_number"]).equals(kept)


def _assert_same_times(mine: pl.DataFrame, theirs: pd.DataFrame) -> None:
    assert mine["sample_number"].to_list() == list(range(1, len(theirs) + 1))
    dates = theirs["Date"].to_numpy().astype("datetime64[us]")
    assert (mine["sampled_at"].dt.replace_time_zone(None).to_numpy() == dates).all()
    times = theirs["Time"].to_numpy().astype("timedelta64[ms]").astype("int64")
    assert mine["message_session_time_ms"].to_list() == times.tolist()
