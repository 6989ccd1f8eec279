"""A small invented weekend, and lakes that take in weekends by the zones' own steps, without Dagster."""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from assets.curated.declarations import CURATED
from assets.curated.step import compute_curated
from assets.processed.step import compute_processed
from assets.raw.step import fetch_raw
from assets.reports import StepReport
from assets.run_options import RunOptions
from assets.table_asset import TableAsset
from lake.lake import Lake
from lake.settings import LakeSettings
from sources.calendar_documents import find_weekend, read_schedule, schedule_url, weekends_of
from sources.open_source import Source, open_source
from sources.synthetic.options import WeekendOptions
from sources.synthetic.truth import Truth
from sources.synthetic.weekend import write_weekend

SMALL = WeekendOptions(cars=4, race_laps=10, retirements=1, telemetry=True)


@dataclass(frozen=True)
class InventedWeekend:
    """A mirror folder of an invented weekend and what really happened in it."""

    key: str
    mirror: Path
    truth: Truth

    @property
    def source(self) -> str:
        """Value of the source setting."""
        return f"mirror:{self.mirror}"

    def file(self, session: str, topic: str) -> Path:
        """Return a live-timing file of a session, such as ``Race``."""
        return next(self.mirror.glob(f"livetiming.formula1.com/static/*/*/*_{session}/{topic}.jsonStream"))

    def copy(self, folder: Path) -> InventedWeekend:
        """Return the same weekend in a folder that a test may change."""
        shutil.copytree(self.mirror, folder)
        return dataclasses.replace(self, mirror=folder)


@pytest.fixture(scope="session")
def weekend(tmp_path_factory: pytest.TempPathFactory) -> InventedWeekend:
    """The small weekend, made once."""
    folder = tmp_path_factory.mktemp("invented")
    truth = write_weekend(folder, SMALL)
    return InventedWeekend(SMALL.weekend_key, folder / "mirror", truth)


@dataclass
class Ingest:
    """A lake and its zones' steps."""

    lake: Lake
    has_pictures: bool = False
    runs: int = 0

    def __call__(
        self,
        source: str | Source,
        weekend_key: str,
        *,
        sessions: tuple[str, ...] | None = None,
        declarations: Sequence[TableAsset] = CURATED,
        force: bool = False,
    ) -> dict[str, StepReport]:
        """Run raw, processed and curated of one weekend."""
        self.runs += 1
        options = RunOptions(f"run-{self.runs}", weekend_key, sessions, force, self.has_pictures)
        opened = open_source(source) if isinstance(source, str) else source
        raw = {"raw": fetch_raw(self.lake, options, opened)} if opened.layers else {}
        return {
            **raw,
            "processed": compute_processed(self.lake, options, opened),
            "curated": compute_curated(self.lake, options, declarations),
        }

    def rows(self, table: str) -> pl.DataFrame:
        """Return all rows of a table in the newest release."""
        return pl.DataFrame(pl.from_arrow(self.lake.read(table)))


@pytest.fixture
def ingest(tmp_path: Path) -> Iterator[Ingest]:
    """An empty lake, ready to take weekends in."""
    with Lake.open(LakeSettings(home=tmp_path / "home")) as lake:
        yield Ingest(lake)


@pytest.fixture(scope="session")
def ingested(tmp_path_factory: pytest.TempPathFactory, weekend: InventedWeekend) -> Iterator[Ingest]:
    """A lake that holds the small weekend. Shared: a test leaves the rows as they were."""
    with Lake.open(LakeSettings(home=tmp_path_factory.mktemp("ingested"))) as lake:
        ingest = Ingest(lake, has_pictures=True)
        ingest(weekend.source, weekend.key)
        yield ingest


@dataclass(frozen=True)
class RealWeekends:
    """A lake of real documents."""

    lake: Lake

    def rows(self, table: str, **where: object) -> pl.DataFrame:
        """Return the rows of a table in which the columns have these values."""
        return pl.DataFrame(pl.from_arrow(self.lake.read(table, where=where)))


REAL_WEEKENDS = {
    "1954-02": ("Q", "R"),
    "1960-01": ("Q", "R"),
    "1961-04": ("Q", "R"),
    "2007-17": ("Q", "R"),
    "2019-17": ("FP3", "Q"),
    "2020-08": ("R",),
    "2020-13": ("R",),
    "2021-10": ("Q", "S"),
    "2021-12": ("R",),
    "2022-03": ("R",),
    "2024-T1": ("D2", "D3"),
}
"""Weekends of the mirror, one of each kind as far as that goes, and the sessions that are taken in."""


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory, test_data: Path) -> Iterator[RealWeekends]:
    """A lake that holds real weekends of many kinds. Shared: tests only read."""
    edited, mirror = tmp_path_factory.mktemp("edited"), test_data / "mirror"
    _lay_out_sessions(edited, mirror)
    _call_off_a_round(edited, mirror)
    source = open_source(f"mirror:{edited},mirror:{mirror}")
    with Lake.open(LakeSettings(home=tmp_path_factory.mktemp("real"))) as lake:
        ingest = Ingest(lake)
        for weekend_key, sessions in REAL_WEEKENDS.items():
            ingest(source, weekend_key, sessions=sessions)
        yield RealWeekends(lake)


def _lay_out_sessions(edited: Path, mirror: Path) -> None:
    """Put real timing into the folders of sessions of which the mirror has none.

    A practice stands for a day of a test. The folders in Japan 2019 and Britain 2021 are those that the
    archive's own index names.
    """
    season = 2024
    calendar = open_source(f"mirror:{mirror}").get(schedule_url(season))
    assert calendar is not None
    day = find_weekend(weekends_of(read_schedule(calendar, season)), "2024-T1").sessions[2]
    assert day.archive_path is not None
    live = "livetiming.formula1.com/static"
    practice = f"{live}/2020/2020-07-19_Hungarian_Grand_Prix/2020-07-17_Practice_2"
    shutil.copytree(mirror / practice, edited / f"livetiming.formula1.com{day.archive_path}")
    status = f"{live}/2021/2021-07-18_British_Grand_Prix/2021-07-18_Race/TrackStatus.jsonStream"
    for folder in (
        "2019/2019-10-13_Japanese_Grand_Prix/2019-10-12_Qualifying",
        "2021/2021-07-18_British_Grand_Prix/2021-07-17_Sprint_Qualifying",
    ):
        (edited / live / folder).mkdir(parents=True)
        shutil.copy(mirror / status, edited / live / folder)


def _call_off_a_round(edited: Path, mirror: Path) -> None:
    """Write Jolpica's calendar of 2022 as if the third round were called off, so that the others move up."""
    path = "api.jolpi.ca/ergast/f1/2022/races.json"
    document = json.loads((mirror / path).read_bytes())
    table = document["MRData"]["RaceTable"]
    held = [race for race in table["Races"] if race["round"] != "3"]
    table["Races"] = [{**race, "round": str(number)} for number, race in enumerate(held, start=1)]
    document["MRData"]["total"] = str(len(held))
    (edited / path).parent.mkdir(parents=True)
    (edited / path).write_text(json.dumps(document))
