"""Runs dbt in this process on a DuckDB file, and says what became of each model and test.

dbt keeps everything it writes under the folders given here, asks no network, and never writes into the
project, which may lie in a read-only installation. What is built from what, and what is published, is
``lake/dbt_build.py``.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from filelock import FileLock

from lake.dbt_models import project_digest
from lake.errors import MartsBuildError, MartsProjectError

DATABASE = "marts_build"
"""Name of the DuckDB database, hence of its file; the manifest holds it in every relation's name."""

PROFILE = "f1_lakehouse"

ConnectionOptions = dict[str, str | bool | int | float | list[str]]
"""Options of a DuckDB connection, in DuckDB's names."""

_UNUSED_S = 30 * 24 * 3600.0
"""Age after which a parsed project that was not read is deleted when another one is parsed."""

_QUIET = (
    "--no-version-check",
    "--no-send-anonymous-usage-stats",
    "--no-use-colors",
    "--quiet",
    "--log-level",
    "none",
    "--log-level-file",
    "none",
)


@dataclass(frozen=True)
class NodeOutcome:
    """What dbt says of one model, seed or test.

    Attributes:
        name: Name of the node.
        kind: ``model``, ``seed``, ``test`` or ``unit_test``.
        model: Model that a test is attached to; the node itself otherwise.
        status: ``success``, ``pass``, ``warn``, ``fail``, ``error`` or ``skipped``.
        failures: Failing rows of a test; null where dbt counts none.
        message: What dbt says, if anything.
        sql: SQL that was run; null where none was.
        seconds: Time it took.
    """

    name: str
    kind: str
    model: str
    status: str
    failures: int | None
    message: str | None
    sql: str | None
    seconds: float


@dataclass(frozen=True)
class DbtFolders:
    """Where dbt reads and writes.

    Attributes:
        project: The dbt project; only read.
        cache: Folder of parsed projects, one for each content of the project.
        work: Folder of this run; holds the DuckDB file, the profile and what dbt writes.
    """

    project: Path
    cache: Path
    work: Path

    @property
    def database(self) -> Path:
        """The DuckDB file of the run."""
        return self.work / f"{DATABASE}.duckdb"


def parsed_project(folders: DbtFolders) -> Any:  # noqa: ANN401 (a dbt manifest)
    """Return dbt's manifest of the project, parsed once for each content and kept for other processes.

    Raises:
        MartsProjectError: If dbt cannot parse the project.
    """
    return _parsed(folders.project, folders.cache, project_digest(folders.project))


def run_dbt(
    folders: DbtFolders, command: str, arguments: Sequence[str], connection_options: ConnectionOptions
) -> list[NodeOutcome]:
    """Run one dbt command on the run's DuckDB file.

    The caller may hold the file open with the same options: both then share one database, so that views
    and extensions registered there are seen here.

    Args:
        folders: Where dbt reads and writes.
        command: ``build``, ``test`` and so on.
        arguments: Further arguments, such as a selection.
        connection_options: DuckDB's options; every connection to one file has the same.

    Raises:
        MartsBuildError: If dbt stopped before it ran anything.
    """
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.artifacts.schemas.run import RunExecutionResult
    from dbt.cli.main import dbtRunner

    # A run leaves compiled SQL in the manifest's nodes, and a second run on them finds ephemeral models
    # missing: each run gets a copy.
    manifest = parsed_project(folders).deepcopy()
    write_profile(folders.work, folders.database, connection_options)
    try:
        outcome = dbtRunner(manifest=manifest).invoke(
            [command, *dbt_arguments(folders.project, folders.work), "--no-write-json", *arguments]
        )
    finally:
        DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]
    if outcome.exception is not None or not isinstance(outcome.result, RunExecutionResult):
        raise MartsBuildError(f"dbt {command} stopped: {outcome.exception}") from outcome.exception
    return [_node_outcome(result) for result in outcome.result.results]


@lru_cache(maxsize=4)
def _parsed(project: Path, cache: Path, digest: str) -> Any:  # noqa: ANN401 (a dbt manifest)
    identity = f"{project} {digest} {version('dbt-core')} {version('dbt-duckdb')}"
    folder = cache / sha256(identity.encode()).hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    done = folder / "parsed"  # dbt writes its file in place: only a whole one is read
    with FileLock(folder / "parsing.lock", timeout=300):
        if done.is_file():
            done.touch()
            return _kept_manifest(folder)
        _forget_unused(cache)
        manifest = _parse(project, folder)
        done.touch()
        return manifest


def _forget_unused(cache: Path) -> None:
    """Delete the parsed projects that no process has read for long: contents of the past."""
    for done in cache.glob("*/parsed"):
        if time.time() - done.stat().st_mtime > _UNUSED_S:
            shutil.rmtree(done.parent, ignore_errors=True)  # another process may delete it at the same time


def _parse(project: Path, folder: Path) -> Any:  # noqa: ANN401 (a dbt manifest)
    from dbt.cli.main import dbtRunner

    # The database is never opened: parsing only needs a profile with its name.
    write_profile(folder, folder / f"{DATABASE}.duckdb", {})
    outcome = dbtRunner().invoke(["parse", *dbt_arguments(project, folder), "--no-write-json"])
    if not outcome.success:
        raise MartsProjectError(f"dbt cannot parse {project}: {outcome.exception}") from outcome.exception
    return outcome.result


def _kept_manifest(folder: Path) -> Any:  # noqa: ANN401 (a dbt manifest)
    """Return the manifest that dbt kept for its partial parsing; dbt need not compare files."""
    from dbt.contracts.graph.manifest import Manifest
    from dbt.parser.manifest import extended_mashumuro_decoder

    kept = (folder / "target" / "partial_parse.msgpack").read_bytes()
    return Manifest.from_msgpack(kept, decoder=extended_mashumuro_decoder)


def dbt_arguments(project: Path, folder: Path) -> list[str]:
    """Return the arguments of every command: quiet, and writing nowhere but under the folder."""
    return [
        *_QUIET,
        *("--project-dir", str(project)),
        *("--profiles-dir", str(folder)),
        *("--target-path", str(folder / "target")),
        *("--log-path", str(folder / "logs")),
    ]


def write_profile(folder: Path, database: Path, options: ConnectionOptions) -> None:
    """Write the profile that dbt reads from the folder: the DuckDB file and its options."""
    output = {
        "type": "duckdb",
        "path": str(database),
        "schema": "main",
        "threads": int(str(options.get("threads", 1))),
        "config_options": options,
    }
    profile = {PROFILE: {"target": "run", "outputs": {"run": output}}}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "profiles.yml").write_text(json.dumps(profile), "utf-8")  # JSON is YAML


def _node_outcome(result: Any) -> NodeOutcome:  # noqa: ANN401 (a dbt result)
    node = result.node
    tested = getattr(node, "attached_node", None) or getattr(node, "tested_node_unique_id", None)
    return NodeOutcome(
        name=node.name,
        kind=str(node.resource_type),
        model=str(tested).rsplit(".", 1)[-1] if tested else node.name,
        status=str(result.status),
        failures=result.failures,
        message=result.message,
        sql=getattr(node, "compiled_code", None),
        seconds=float(result.execution_time),
    )
