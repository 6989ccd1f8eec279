"""What a backup of a home holds besides the tables, and what it is called.

Copying and restoring are ``lake/backup.py`` and ``lake/restoring.py``.
"""

import datetime as dt
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.environments import Settings
from orchestration.errors import UsageError

if TYPE_CHECKING:
    from lake.backup_files import BackupList, OnBytes
    from lake.lake import Lake


def named_target(target: Path, lake: "Lake") -> Path:
    """Return where a backup goes: as named, or a folder of its own in a folder that is there."""
    if not target.is_dir():
        return target
    releases = lake.releases()
    release = releases[-1].release_id if releases else 0
    return target / f"f1lake-release-{release}-{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%SZ}"


def make_backup(settings: Settings, lake: "Lake", target: Path, on_bytes: "OnBytes") -> "BackupList":
    """Back up a lake with the history of its runs.

    Args:
        settings: Settings of this process.
        lake: The lake.
        target: Where to.
        on_bytes: Told how far it has come.
    """
    from lake.backup import BackupOptions

    databases = sorted(settings.dagster_home.rglob("*.db"))
    made_by = f"f1lake {metadata.version('f1-lakehouse')}"
    return lake.back_up(target, BackupOptions(made_by, databases, on_bytes))


def require_local(settings: Settings) -> None:
    """Raise where the settings name no local lake: a backup is restored to a folder.

    Raises:
        UsageError: If the catalog is not ``local``.
    """
    if settings.catalog != "local":
        raise UsageError(
            f"a backup is restored to a folder, and the catalog is {settings.catalog!r}: use --catalog local"
        )
