"""What the doctor finds in a lake: moved, files missing, books and tables apart, locks, half steps.

Each finding says what to run. Looking at the tables themselves is ``lake/inspection.py``.
"""

import shlex
from collections import Counter
from collections.abc import Iterator
from importlib import metadata
from typing import TYPE_CHECKING

from orchestration.environments import Settings
from orchestration.findings import CHOOSE_HOME, Finding, Health

if TYPE_CHECKING:
    from lake import inspection
    from lake.lake import Lake

_MOST = 12


def examine_lake(settings: Settings, *, is_deep: bool = False) -> Iterator[Finding]:
    """Return whether the lake can be read and is whole, who is at work in it, and what was interrupted.

    Args:
        settings: Settings of this process.
        is_deep: Whether to read every row and compare it with what was written.
    """
    from orchestration.lakes import open_existing_lake

    lost = _lost_catalog(settings)
    if lost is not None:
        yield lost
        return
    try:
        with open_existing_lake(settings) as lake:
            yield from _examine_open(settings, lake, is_deep=is_deep)
    except PermissionError:
        raise
    except Exception as error:  # noqa: BLE001 - a catalog fails in its driver's own ways; a doctor names them all
        yield _unreadable(settings, error)
    yield from _steps_and_locks(settings)


def _unreadable(settings: Settings, error: Exception) -> Finding:
    """Return what it means that a lake cannot be read, and what to do about it."""
    from lake.errors import CatalogClosedError, LakeError, LakeNotFoundError, UnsupportedCatalogError

    if isinstance(error, LakeNotFoundError):
        return Finding("Lake", Health.NOTE, "none yet", str(error))
    if isinstance(error, UnsupportedCatalogError):
        return Finding("Lake", Health.BAD, str(error))
    if isinstance(error, CatalogClosedError):
        text = str(error).partition(": `f1lake doctor`")[0]
        return Finding("Lake", Health.BAD, text, f"{CHOOSE_HOME}; or free some space")
    if isinstance(error, LakeError):
        return Finding("Lake", Health.BAD, str(error), _restore())
    if isinstance(error, FileNotFoundError):
        text = f"one of the lake's own books is not whole: {error}"
        return Finding("Lake", Health.BAD, text, _restore())
    text = f"the {settings.catalog} catalog cannot be opened: {type(error).__name__}: {error}"
    is_local = settings.catalog == "local"
    advice = _restore() if is_local else "check the PYICEBERG_CATALOG__DEFAULT__* settings"
    return Finding("Lake", Health.BAD, text, advice)


def _lost_catalog(settings: Settings) -> Finding | None:
    """Return the finding for a local lake whose catalog is gone, also where its marker went too."""
    from lake.catalog import check_catalog_kept
    from lake.errors import LostCatalogError

    if settings.catalog != "local":
        return None
    try:
        check_catalog_kept(settings.home)
    except LostCatalogError as error:
        return Finding("Lake", Health.BAD, str(error).partition(". ")[0], _restore())
    return None


def _examine_open(settings: Settings, lake: "Lake", *, is_deep: bool) -> Iterator[Finding]:
    findings = list(lake.inspect(is_deep=is_deep))
    if not findings:
        snapshots, releases = lake.snapshot_ids(), lake.releases()
        newest = f", newest release {releases[-1].release_id}" if releases else ""
        whole = "every row as written" if is_deep else "every file there"
        text = f"{settings.catalog} catalog, {len(snapshots)} tables, {whole}{newest}"
        yield Finding("Lake", Health.GOOD, text)
        yield from _parser(settings, lake)
        yield from _marts(settings, lake)
    for finding in findings[:_MOST]:
        yield _table_finding(settings, finding)
    if len(findings) > _MOST:
        text = f"{len(findings) - _MOST} more tables are not well"
        yield Finding("Lake", Health.BAD, text, "mend those above, then run the doctor again")


def _table_finding(settings: Settings, found: "inspection.Finding") -> Finding:
    """Return what is wrong with a table, and what mends it."""
    from lake.inspection import Damage

    zone = found.table.split(".", 1)[0]
    where = f" [{_shortened(found.scopes)}]" if found.scopes else ""
    text = f"{found.table}{where}: {found.text}"
    rebuild = _command(settings, "rebuild", "--table", found.table)
    if found.damage is Damage.NEWER_CONTRACT:
        advice = f"install a newer f1lake, or compute the table again with this one: {rebuild}"
        return Finding("Contract", Health.BAD, text, advice)
    if found.damage is Damage.HEAD_UNRELEASED:
        # Also the state between the tables of a step that is being committed right now.
        advice = f"if no ingest is running: {_command(settings, 'maintain')} finishes what was interrupted"
        return Finding("Release", Health.NOTE, text, advice)
    if found.damage is Damage.ELSEWHERE:
        advice = f"move the lake back to where it was made, or {_restore()}"
        return Finding("Catalog", Health.BAD, text, advice)
    if zone in ("raw", "lake"):
        return Finding("Files", Health.BAD, text, _restore())
    subject = "Files" if found.damage is Damage.FILE_MISSING else "Rows"
    return Finding(subject, Health.BAD, text, f"{rebuild}\nor {_restore()}")


def _parser(settings: Settings, lake: "Lake") -> Iterator[Finding]:
    """Return a note where sessions were parsed by another FastF1 than the one installed."""
    installed = metadata.version("fastf1")
    column = lake.read("processed.fastf1__sessions", columns=["fastf1_version"])["fastf1_version"]
    others = Counter(version for version in column.to_pylist() if version not in (installed, None))
    if others:
        parsed = ", ".join(f"{count} by {version}" for version, count in sorted(others.items()))
        text = f"{sum(others.values())} sessions were parsed by another FastF1 than {installed}: {parsed}"
        yield Finding("FastF1", Health.NOTE, text, f"parse them again: {_command(settings, 'rebuild')}")


def _marts(settings: Settings, lake: "Lake") -> Iterator[Finding]:
    """Return a note where the marts are behind: a backfill was stopped, or is still going."""
    from orchestration.marts_behind import marts_behind

    behind = marts_behind(lake)
    if behind is not None:
        advice = f"unless a backfill is running, which builds them: {_command(settings, *behind.words)}"
        yield Finding("Marts", Health.NOTE, str(behind), advice)


def _steps_and_locks(settings: Settings) -> Iterator[Finding]:
    from lake.locks import lock_states
    from lake.staging import decided_steps, has_abandoned_steps
    from orchestration.lakes import lake_settings

    chosen = lake_settings(settings)
    states = lock_states(chosen.locks)
    stuck = [state for state in states if state.is_held and state.process_id and not state.is_alive]
    for state in stuck:
        yield Finding(
            "Locks",
            Health.BAD,
            f"{state.path.name} is held, but process {state.process_id} ({state.purpose}, since "
            f"{state.since}) is gone: a child of it lives on, or another machine shares the folder",
            f"find who holds it and end that: fuser {shlex.quote(str(state.path))}",
        )
    held = [state for state in states if state.is_held and state not in stuck]
    dead = [state for state in states if not state.is_held and state.process_id and not state.is_alive]
    if held:
        texts = (f"process {state.process_id} ({state.purpose}, since {state.since})" for state in held)
        yield Finding("Locks", Health.NOTE, f"held by {'; '.join(texts)}", "others wait for it")
    elif not stuck:
        text = f"none held; {len(dead)} were last held by processes that are gone" if dead else "none held"
        yield Finding("Locks", Health.GOOD, text)
    waiting = len(decided_steps(chosen.staging))
    advice = f"{_command(settings, 'maintain')}, or the next ingest; readers see the release before"
    if waiting:
        text = f"{waiting} interrupted, or being committed by another process right now"
        yield Finding("Steps", Health.NOTE, text, f"finished by {advice}")
    elif has_abandoned_steps(chosen.staging):
        text = "a killed process left rows that it had not decided to commit"
        yield Finding("Steps", Health.NOTE, text, f"cleared away by {advice}")
    else:
        yield Finding("Steps", Health.GOOD, "none interrupted")


def _shortened(scopes: tuple[str, ...]) -> str:
    if len(scopes) <= 4:
        return ", ".join(scopes)
    return f"{', '.join(scopes[:3])} and {len(scopes) - 3} more"


def _restore() -> str:
    return "restore a backup in an empty folder: f1lake --home NEW-FOLDER restore BACKUP"


def _command(settings: Settings, *words: str) -> str:
    """Return a command line on this home."""
    home = ["--home", str(settings.home)] if settings.is_home_given else []
    return shlex.join(["f1lake", *home, *words])
