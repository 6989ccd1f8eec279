"""What ``f1lake doctor`` looks at: one finding per question, each with what to do about it.

A finding is plain; showing it is ``orchestration/cli/doctor.py``. Nothing is changed here.
"""

import os
import shlex
import shutil
import sys
import uuid
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.environments import Settings
from orchestration.findings import CHOOSE_HOME, Finding, Health

if TYPE_CHECKING:
    from packaging.requirements import Requirement

DISTRIBUTION = "f1-lakehouse"

_LOWEST = (3, 11)
_ABOVE = (3, 14)
_LITTLE_DISK = 5 * 1024**3
_NO_DISK = 200 * 1024**2


def examine(settings: Settings, *, is_deep: bool = False) -> Iterator[Finding]:
    """Return the findings, one after another, so that a slow one does not hide the others.

    Args:
        settings: Settings of this process.
        is_deep: Whether to read every row of the lake.
    """
    from orchestration.lake_examination import examine_lake
    from orchestration.run_examination import examine_runs

    yield examine_python()
    yield examine_versions()
    yield examine_home(settings.home)
    yield examine_disk(settings.home)
    yield from _until_closed("Lake", examine_lake(settings, is_deep=is_deep))
    yield from _until_closed("Runs", examine_runs(settings))
    yield examine_source(settings)
    if "online" in settings.source.split(","):
        yield from examine_upstreams(settings)
    yield examine_account(settings)


def _until_closed(subject: str, findings: Iterator[Finding]) -> Iterator[Finding]:
    """Yield findings up to a file that may not be looked at, which is one too."""
    try:
        yield from findings
    except PermissionError as error:
        yield Finding(subject, Health.BAD, f"{error.filename}: {error.strerror}", CHOOSE_HOME)


def examine_python() -> Finding:
    """Return whether this Python is supported."""
    version = sys.version_info
    text = f"{version.major}.{version.minor}.{version.micro} ({sys.executable})"
    if _LOWEST <= (version.major, version.minor) < _ABOVE:
        return Finding("Python", Health.GOOD, text)
    return Finding("Python", Health.BAD, text, "use Python 3.11 to 3.13")


def examine_versions() -> Finding:
    """Return whether the installed packages are those the project is pinned to."""
    from packaging.requirements import Requirement

    try:
        requirements = [Requirement(text) for text in metadata.requires(DISTRIBUTION) or ()]
    except metadata.PackageNotFoundError:
        return Finding(
            "Versions", Health.NOTE, "f1-lakehouse is not installed, only on the path", "run `make setup`"
        )
    wrong = [text for text in (_mismatch(requirement) for requirement in requirements) if text]
    if wrong:
        return Finding("Versions", Health.BAD, "; ".join(wrong), "install requirements.lock: `make setup`")
    return Finding(
        "Versions", Health.GOOD, f"f1lake {metadata.version(DISTRIBUTION)}, all packages as pinned"
    )


def examine_home(home: Path) -> Finding:
    """Return whether the home folder can be written, and all that f1lake has made in it."""
    # Looking at what may not be looked at raises, too.
    try:
        existing = next(folder for folder in (home, *home.parents) if folder.exists())
        probe = existing / f".f1lake-{uuid.uuid4().hex}"
        probe.touch()
        probe.unlink()
        closed = [str(path) for path in _made_here(home) if not os.access(path, os.R_OK | os.W_OK)]
    except OSError as error:
        return Finding("Home", Health.BAD, f"{home}: {error.strerror}", CHOOSE_HOME)
    if closed:
        more = f" and {len(closed) - 1} more" if len(closed) > 1 else ""
        advice = f'sudo chown -R "$(id -un)" {shlex.quote(str(home))}'
        return Finding("Home", Health.BAD, f"{closed[0]}{more} cannot be read and written", advice)
    return Finding("Home", Health.GOOD, f"{home}" if home.exists() else f"{home} (made at the first ingest)")


def _made_here(home: Path) -> Iterator[Path]:
    """Return the files and folders in which every command writes."""
    yield from home.glob("*")
    for folder in ("locks", "staging", "dagster", "tables"):
        yield from (home / folder).glob("*")


def examine_disk(home: Path) -> Finding:
    """Return how much room there is; a season with telemetry takes a few gigabytes."""
    # Unlike looking at it, asking for access does not raise where nobody may look.
    existing = next(folder for folder in (home, *home.parents) if os.access(folder, os.F_OK))
    free = shutil.disk_usage(existing).free
    text = f"{free / 1024**3:.1f} GB free"
    if free < _NO_DISK:
        advice = "free some space; `f1lake maintain` deletes what nothing needs any more"
        return Finding("Disk", Health.BAD, text, advice)
    if free < _LITTLE_DISK:
        return Finding("Disk", Health.NOTE, text, "a season with telemetry takes about 3 GB")
    return Finding("Disk", Health.GOOD, text)


def examine_source(settings: Settings) -> Finding:
    """Return whether the source setting can be opened."""
    if {"synthetic", "synthetic:full"} & set(settings.source.split(",")):
        # Opening it would invent the weekend.
        return Finding(
            "Source", Health.GOOD, f"{settings.source} (an invented weekend, made at its first use)"
        )
    from orchestration.source_access import open_settings_source
    from sources.errors import SourceError

    try:
        name = open_settings_source(settings, lambda _seconds, _reason: None).name
    except SourceError as error:
        return Finding("Source", Health.BAD, str(error), "set --source or F1LAKE_SOURCE")
    return Finding("Source", Health.GOOD, name)


def examine_upstreams(settings: Settings) -> Iterator[Finding]:
    """Return which upstreams answer; one small request to each."""
    import requests

    from sources.responses import JOLPICA_URL, LIVE_TIMING_URL, SCHEDULE_URL

    del settings
    addresses = {
        "Calendar": f"{SCHEDULE_URL}/schedule_2024.json",
        "Live timing": f"{LIVE_TIMING_URL}/static/2024/Index.json",
        "Jolpica": f"{JOLPICA_URL}/2024/1.json",
    }
    for name, url in addresses.items():
        try:
            reply = requests.get(url, timeout=10, headers={"Range": "bytes=0-0"})
        except requests.RequestException as error:
            yield Finding(
                name,
                Health.BAD,
                f"{url} does not answer ({type(error).__name__})",
                "check the network, or work offline with --source mirror:DIR or fastf1-cache:DIR",
            )
        else:
            health = Health.GOOD if reply.ok else Health.NOTE
            yield Finding(name, health, f"answers ({reply.status_code})")


def examine_account(settings: Settings) -> Finding:
    """Return whether live-timing requests will be signed in, and what that is good for."""
    from orchestration.source_access import account_credentials
    from sources.f1_account import GUIDANCE, account_state

    credentials = account_credentials(settings)
    state = account_state(credentials)
    is_signed_in = not state.startswith("not signed in")
    return Finding(
        "F1 account", Health.GOOD if is_signed_in else Health.NOTE, state, None if is_signed_in else GUIDANCE
    )


def _mismatch(requirement: "Requirement") -> str | None:
    """Return what is wrong about one installed package; null where it is as pinned, or not wanted here."""
    if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
        return None
    try:
        installed = metadata.version(requirement.name)
    except metadata.PackageNotFoundError:
        return f"{requirement.name} is missing"
    if requirement.specifier.contains(installed, prereleases=True):
        return None
    return f"{requirement.name} is {installed}, wanted {requirement.specifier}"
