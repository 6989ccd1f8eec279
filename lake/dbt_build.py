"""Builds the marts: views on the lake in a throw-away DuckDB file, dbt's models and tests on them.

Nothing leaves a build that did not pass its tests. Which weekends are built is data (the source
``scope.weekends``), never a variable of dbt: a variable in a config is frozen when the project is parsed.
Running dbt is ``lake/dbt_run.py``; handing the tables to the lake is ``lake/dbt_publish.py``.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import duckdb
import pyarrow as pa

from lake.contracts import Scope, TableContract
from lake.dbt_models import DBT_PROJECT, MARTS, mart_inputs, sql_models
from lake.dbt_run import ConnectionOptions, DbtFolders, NodeOutcome, parsed_project, run_dbt
from lake.dbt_tests import TestOutcome, judged_tests
from lake.dbt_yaml import references
from lake.errors import MartsScopeError
from lake.tables.registry import ALL_TABLES
from racing.keys import season_of, split_weekend_key

_STALE_S = 24 * 3600.0
"""Age after which the folder of a build that was killed is deleted by the next one."""


class SourceViews(Protocol):
    """The part of the lake that a build reads from."""

    def register_views(self, connection: duckdb.DuckDBPyConnection, tables: Sequence[str]) -> None:
        """Create a view ``zone.table`` on the newest rows of each table."""


@dataclass(frozen=True)
class MartsBuild:
    """Marts that were built and passed their tests.

    Attributes:
        weekends: Weekends that facts were built for.
        tables: ``marts.fct_lap`` and so on to its rows, in the types of its contract.
        tests: What each test said.
        timings: Seconds of each part: parse, sources, dbt, read, and each model as ``model:name``.
    """

    weekends: tuple[str, ...]
    tables: dict[str, pa.Table]
    tests: list[TestOutcome]
    timings: dict[str, float] = field(default_factory=dict)

    @property
    def seasons(self) -> tuple[int, ...]:
        """Seasons of the weekends; facts of seasons hold these whole."""
        return tuple(sorted({season_of(weekend) for weekend in self.weekends}))


def build_marts(  # noqa: PLR0913 - folders and limits are settings of the lake, which a fixture has none of
    lake: SourceViews,
    weekends: Sequence[str],
    *,
    workdir: Path,
    parsed: Path | None = None,
    threads: int = 2,
    memory_limit: str = "1GB",
    select: Sequence[str] | None = None,
) -> MartsBuild:
    """Build the marts for some weekends and return those that were asked for, tested.

    Facts are built for the weekends, facts of seasons for the whole seasons of the weekends, dimensions
    whole. One call costs about the same for one weekend as for a season.

    Args:
        lake: Gives views on the curated tables.
        weekends: Keys of the weekends to build; never none.
        workdir: Folder that holds the run's files until it ends.
        parsed: Folder that keeps parsed projects, for all lakes; null keeps them in the working folder.
        threads: Threads of dbt and of DuckDB.
        memory_limit: DuckDB's memory limit.
        select: Marts to build, such as ``marts.fct_lap``; null builds all. Dimensions that they refer to
            are built for their tests, and not returned.

    Raises:
        MartsScopeError: If no weekend is named, or a mart of the selection is unknown.
        InvalidKeyError: If a key is not that of a weekend.
        MartsProjectError: If the dbt project is not usable.
        MartsBuildError: If a model could not be built; the message has DuckDB's error.
        MartsTestsFailedError: If a test failed; the message has model, rows and an example of each.
    """
    keys = _checked_weekends(weekends)
    wanted = _checked_marts(select)
    timings: dict[str, float] = {}
    with _run_folder(workdir) as run:
        folders = DbtFolders(project=DBT_PROJECT, cache=parsed or workdir / "parsed", work=run)
        options: ConnectionOptions = {
            "threads": threads,
            "memory_limit": memory_limit,
            "temp_directory": str(run / "spill"),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
        with _timed(timings, "parse"):
            parsed_project(folders)
        with closing(duckdb.connect(str(folders.database), config=options)) as connection:
            with _timed(timings, "sources"):
                register_sources(lake, connection, keys)
            with _timed(timings, "dbt"):
                nodes = run_dbt(folders, "build", _selection(wanted, select), options)
            tests = judged_tests(nodes, connection)
            with _timed(timings, "read"):
                tables = {name: _read(connection, ALL_TABLES[name]) for name in wanted}
    timings.update(_model_timings(nodes))
    return MartsBuild(keys, tables, tests, timings)


def register_sources(
    lake: SourceViews, connection: duckdb.DuckDBPyConnection, weekends: Sequence[str]
) -> None:
    """Make the sources of the dbt project in an empty database: rows of the lake, and what to build.

    Rows are copied once, since a view on Iceberg is planned anew by each of the many queries of a build. Of
    tables that no dimension reads, only the seasons of the weekends are.

    Args:
        lake: Gives views on the curated tables.
        connection: The database.
        weekends: Keys of the weekends to build.
    """
    sources = sorted({source for model in sql_models().values() for source in model.sources})
    lake.register_views(connection, sources)
    seasons = ", ".join(str(season) for season in sorted({season_of(weekend) for weekend in weekends}))
    whole = _read_by_dimensions()
    for source in sources:
        zone, table = source.split(".", 1)
        view = f"{table}_in_lake"
        rows = "" if source in whole else f"where season in ({seasons})"
        connection.execute(f"alter view {source} rename to {view}")
        connection.execute(f"create table {source} as from {zone}.{view} {rows}")
    connection.execute("create schema scope")
    connection.execute("create table scope.weekends (weekend_key varchar not null)")
    connection.executemany("insert into scope.weekends values (?)", [[key] for key in weekends])


def _read_by_dimensions() -> set[str]:
    return {
        source
        for mart, sources in mart_inputs().items()
        if ALL_TABLES[mart].scope is Scope.ALL
        for source in sources
    }


def _checked_weekends(weekends: Sequence[str]) -> tuple[str, ...]:
    keys = tuple(sorted(set(weekends)))
    if not keys:
        raise MartsScopeError("name the weekends to build: a build without them would replace whole tables")
    for key in keys:
        split_weekend_key(key)
    return keys


def _checked_marts(select: Sequence[str] | None) -> list[str]:
    marts = list(mart_inputs())
    unknown = sorted(set(select or ()) - set(marts))
    if unknown or (select is not None and not select):
        raise MartsScopeError(f"no mart {', '.join(unknown) or 'selected'}: choose from {', '.join(marts)}")
    return marts if select is None else [mart for mart in marts if mart in set(select)]


@contextmanager
def _run_folder(workdir: Path) -> Iterator[Path]:
    """Make the folder of one run, and delete it and those of runs that were killed."""
    runs = workdir.absolute() / "runs"
    runs.mkdir(parents=True, exist_ok=True)
    for old in runs.iterdir():
        if time.time() - old.stat().st_mtime > _STALE_S:
            shutil.rmtree(old)
    run = Path(tempfile.mkdtemp(prefix="marts-", dir=runs))
    try:
        yield run
    finally:
        shutil.rmtree(run)


@contextmanager
def _timed(timings: dict[str, float], part: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    timings[part] = time.perf_counter() - started


def _model_timings(nodes: list[NodeOutcome]) -> dict[str, float]:
    return {f"model:{node.name}": node.seconds for node in nodes if node.kind == "model"}


def _selection(wanted: Sequence[str], select: Sequence[str] | None) -> list[str]:
    """Return dbt's arguments: marts, the dimensions they refer to, what these need, and their tests."""
    arguments = ["--exclude", "resource_type:unit_test"]
    if select is not None:
        dimensions = [f"{MARTS}.{entry[1]}" for name in wanted for entry in references(ALL_TABLES[name])]
        models = dict.fromkeys(name.split(".", 1)[1] for name in [*wanted, *dimensions])
        arguments += ["--indirect-selection", "buildable", "--select", *(f"+{model}" for model in models)]
    return arguments


def _read(connection: duckdb.DuckDBPyConnection, contract: TableContract) -> pa.Table:
    columns = ", ".join(contract.column_names)
    order = ", ".join(contract.sort_by or contract.key)
    query = f"select {columns} from {MARTS}.{contract.table} order by {order}"  # noqa: S608 (names of a contract)
    return connection.sql(query).to_arrow_table().cast(contract.arrow_schema)
