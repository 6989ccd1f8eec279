"""A small invented weekend, and a lake that takes it in by the zones' own steps, without Dagster."""

from __future__ import annotations

import dataclasses
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
