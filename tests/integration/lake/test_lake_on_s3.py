"""The lake on an S3 server with an SQL catalog: the same guarantees, other storage."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from lake_tables import LAPS, STINTS, laps, stints, write

from lake.lake import Lake
from lake.settings import LakeSettings

OpenLake = Callable[..., Lake]


@pytest.fixture(scope="module")
def s3_endpoint() -> Iterator[str]:
    """Start an S3 server on loopback with one bucket; it is ended by its own process id."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    endpoint = f"http://127.0.0.1:{port}"
    try:
        _create_bucket(endpoint)
        yield endpoint
    finally:
        server.terminate()
        server.wait(timeout=20)


def _create_bucket(endpoint: str) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(
                urllib.request.Request(f"{endpoint}/lake", method="PUT"), timeout=5
            ).close()
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
        else:
            return
    pytest.fail("the S3 server did not start within 30 s")


def test_writing_reading_and_upkeep_work_on_an_s3_server(
    open_lake: OpenLake, home: Path, s3_endpoint: str
) -> None:
    settings = LakeSettings(
        home=home,
        catalog="sql",
        uri=f"sqlite:///{home}-catalog.db",
        warehouse="s3://lake/f1/",
        properties={
            "s3.endpoint": s3_endpoint,
            "s3.access-key-id": "test",
            "s3.secret-access-key": "test",
            "s3.region": "us-east-1",
        },
        keep_releases=1,
        keep_release_age=timedelta(0),
        orphan_age=timedelta(0),
    )
    lake = open_lake(settings=settings)
    for version in (1, 2, 3):
        write(
            lake,
            (LAPS, "2024-08-R", laps("2024-08-R", lap_time_ms=version)),
            (STINTS, "2024-08-R", stints("2024-08-R", lap_count=version)),
            digest=str(version),
        )
    assert set(lake.read("curated.laps")["lap_time_ms"].to_pylist()) == {3}
    in_sql = lake.query("select sum(lap_count) as laps, count(*) as rows from curated.stints")
    assert in_sql.to_pylist() == [{"laps": 6, "rows": 2}]
    done = {table.name: table for table in lake.maintain().tables}
    assert done["curated.laps"].deleted_files >= 2
    assert lake.query("select max(lap_time_ms) as ms from curated.laps")["ms"].to_pylist() == [3]
    again = open_lake(settings=settings, read_only=True)
    assert again.read("curated.laps").num_rows == 40
    assert again.snapshot_ids() == lake.snapshot_ids()
