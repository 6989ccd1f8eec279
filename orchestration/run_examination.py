"""What the doctor finds in the history of runs: a schema of another Dagster, runs whose process is gone."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from orchestration.environments import Settings
from orchestration.findings import Finding, Health


def examine_runs(settings: Settings) -> Iterator[Finding]:
    """Return whether the instance's databases are of the installed Dagster; nothing where there are none."""
    import dagster as dg

    files = {path: module for path, module in _databases(settings).items() if path.is_file()}
    if not files:
        return
    older: list[str] = []
    newer: list[str] = []
    for path, module in files.items():
        found, known, head = _revision(path), *_known_revisions(module)
        if found not in (None, head):
            (older if found in known else newer).append(str(path.relative_to(settings.home)))
    if newer:
        text = f"{', '.join(newer)}: made by a newer Dagster than {dg.__version__}"
        yield Finding("Runs", Health.BAD, text, "install requirements.lock of the newer f1lake: `make setup`")
    if older:
        text = f"{', '.join(older)}: made by an older Dagster than {dg.__version__}"
        yield Finding(
            "Runs", Health.BAD, text, f"DAGSTER_HOME={settings.dagster_home} dagster instance migrate"
        )
    if not older and not newer:
        yield _ends(settings, f"history of Dagster {dg.__version__}")


def _ends(settings: Settings, history: str) -> Finding:
    """Return whether every run that is shown as going has a process."""
    from dagster._core.storage.tags import PARTITION_NAME_TAG

    from orchestration.instance import open_instance
    from orchestration.run_records import dead_runs

    with open_instance(settings) as instance:
        dead = dead_runs(settings, instance)
    if not dead:
        return Finding("Runs", Health.GOOD, history)
    named = ", ".join(f"{run.run_id[:8]} ({run.tags.get(PARTITION_NAME_TAG, run.job_name)})" for run in dead)
    advice = "the next ingest marks it as failed; `f1lake status` names the command that tries it again"
    return Finding("Runs", Health.NOTE, f"{history}; cut off, its process is gone: {named}", advice)


def _databases(settings: Settings) -> dict[Path, str]:
    """Return the instance's databases, each with the Dagster module that brings its schema."""
    from dagster._core.storage.event_log.sqlite import consolidated_sqlite_event_log
    from dagster._core.storage.runs.sqlite import sqlite_run_storage
    from dagster._core.storage.schedules.sqlite import sqlite_schedule_storage

    home = settings.dagster_home
    return {
        home / "events" / "event_log.db": str(consolidated_sqlite_event_log.__file__),
        home / "runs" / "runs.db": str(sqlite_run_storage.__file__),
        home / "schedules" / "schedules.db": str(sqlite_schedule_storage.__file__),
    }


def _revision(path: Path) -> str | None:
    """Return the schema revision that a database says it has; null where it says none."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        has_one = "select 1 from sqlite_master where name = 'alembic_version'"
        if connection.execute(has_one).fetchone() is None:
            return None
        row = connection.execute("select version_num from alembic_version").fetchone()
    return None if row is None else str(row[0])


def _known_revisions(module: str) -> tuple[set[str], str | None]:
    """Return all schema revisions that the installed Dagster knows, and the newest of them."""
    from alembic.script import ScriptDirectory
    from dagster._core.storage.sql import get_alembic_config

    scripts = ScriptDirectory.from_config(get_alembic_config(module))
    return {script.revision for script in scripts.walk_revisions()}, scripts.get_current_head()
