"""``f1lake backup`` and ``f1lake restore``: a local lake as a folder or one file, and back."""

from pathlib import Path
from typing import Annotated

import typer

from orchestration.cli.invocation import invocation


def backup(
    context: typer.Context,
    target: Annotated[
        Path, typer.Argument(help="A name ending in .tar for one file; a folder that is there, or a new one.")
    ],
) -> None:
    """Back up the lake: the newest release, whole, with the history of runs, while others go on writing.

    Every file gets its SHA-256. In a folder that is there already the backup gets a folder of its own, named
    for the release and the time.

    For example:

    - `f1lake backup /mnt/disk/f1lake.tar`
    - `f1lake backup /mnt/disk/`
    """
    from orchestration.backups import make_backup, named_target
    from orchestration.cli.progress import PartProgress
    from orchestration.upkeep_report import megabytes

    call = invocation(context)
    with call.existing_lake() as lake:
        chosen = named_target(target, lake)
        with PartProgress(call.err, is_bytes=True) as progress:
            held = make_backup(call.settings, lake, chosen, progress.part)
    call.out.print(
        f"{chosen}: release {held.release_id}, {len(held.tables)} tables, {len(held.files)} files, "
        f"{megabytes(held.byte_count)}",
        soft_wrap=True,
    )
    call.err.print(f"Restore it with: f1lake --home NEW-FOLDER restore {chosen}", soft_wrap=True)


def restore(
    context: typer.Context,
    source: Annotated[Path, typer.Argument(help="A backup: a .tar file or a folder.")],
    check: Annotated[
        bool, typer.Option("--check", help="Only read the backup and compare every file with its digest.")
    ] = False,
) -> None:
    """Make a lake of a backup in the home folder, which must be empty or not there; nothing is overwritten.

    The folder may be another than the backup was made of: what names paths is written anew. Files that are
    not what was backed up are named, and nothing is left behind.

    For example:

    - `f1lake --home /data/lake restore /mnt/disk/f1lake.tar`
    - `f1lake restore --check /mnt/disk/f1lake.tar`
    """
    from lake.restoring import restore as restore_backup
    from lake.restoring import verify
    from orchestration.backups import require_local
    from orchestration.cli.progress import PartProgress
    from orchestration.upkeep_report import megabytes

    call = invocation(context)
    require_local(call.settings)
    with PartProgress(call.err, is_bytes=True) as progress:
        if check:
            held = verify(source, progress.part)
        else:
            held = restore_backup(source, call.settings.home, progress.part)
    what = "is whole" if check else f"is restored to {call.settings.home}"
    call.out.print(
        f"{source} {what}: release {held.release_id} of {held.made_at}, {len(held.tables)} tables, "
        f"{megabytes(held.byte_count)}",
        soft_wrap=True,
    )
