"""The file that says where a local lake was made, so that a moved one is recognised.

Iceberg stores absolute paths in its metadata; a lake copied or moved elsewhere would read the old
place's files, or none.
"""

from __future__ import annotations

import json
from pathlib import Path

from lake.errors import LakeMovedError, LakeNotFoundError

RESTORING = ".restoring"
"""Folder of a restore that is going on, or was cut off."""

_NAME = "lake.json"
_FORMAT = 1


def is_lake(home: Path) -> bool:
    """Return whether a local lake was made in this folder."""
    return (home / _NAME).is_file()


def write_marker(home: Path) -> None:
    """Write the marker where there is none."""
    marker = home / _NAME
    if not marker.exists():
        temporary = marker.with_suffix(".tmp")
        temporary.write_text(json.dumps({"format": _FORMAT, "home": str(home)}) + "\n", encoding="utf-8")
        temporary.replace(marker)


def check_not_moved(home: Path) -> None:
    """Raise where the folder's marker names another folder, or the folder holds half a restore.

    Raises:
        LakeMovedError: If the lake was made elsewhere.
        LakeNotFoundError: If a backup is being restored to this folder, or that was cut off.
    """
    marker = home / _NAME
    if not marker.is_file():
        if (home / RESTORING).exists():
            raise LakeNotFoundError(
                f"a backup is being restored to {home}, or that was cut off. If nobody is at it, delete the "
                "folder and run `f1lake restore` again."
            )
        return
    made_at = Path(json.loads(marker.read_text(encoding="utf-8"))["home"])
    if made_at == home or (made_at.exists() and made_at.samefile(home)):
        return
    if is_lake(made_at):
        raise LakeMovedError(
            f"the lake in {home} is a copy of the one in {made_at} and cannot be read: Iceberg stores "
            f"absolute paths. Copy a lake by a backup: `f1lake --home {made_at} backup FILE.tar`, then "
            "`f1lake --home NEW-FOLDER restore FILE.tar`."
        )
    raise LakeMovedError(
        f"the lake in {home} was made in {made_at} and cannot be read here: Iceberg stores absolute paths. "
        f"Move it back (`mv {home} {made_at}`), or restore a backup in an empty folder."
    )
