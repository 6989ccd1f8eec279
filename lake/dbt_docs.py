"""dbt's own pages of the marts: models, columns, tests and lineage in one file that needs no server.

Run by ``make site``, as ``python -m lake.dbt_docs FOLDER CACHE``. Running dbt for a build is
``lake/dbt_run.py``.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from lake.dbt_models import DBT_PROJECT
from lake.dbt_run import DbtFolders, dbt_arguments, parsed_project, write_profile
from lake.errors import MartsProjectError

PAGE = "index.html"
"""The one file that is written."""


def write_dbt_docs(folder: Path, cache: Path) -> Path:
    """Write dbt's pages of the project into a folder, and return their one file.

    No database is read: the columns come from the models' contracts, so the pages are the same everywhere.

    Args:
        folder: Where the page is written; made where it is not there.
        cache: Folder of parsed projects, kept for the next time.

    Raises:
        MartsProjectError: If dbt cannot make the pages.
    """
    from dbt.cli.main import dbtRunner

    with tempfile.TemporaryDirectory(prefix="dbt-docs-") as name:
        folders = DbtFolders(DBT_PROJECT, cache, Path(name))
        manifest = parsed_project(folders).deepcopy()
        write_profile(folders.work, folders.database, {})
        arguments = [*dbt_arguments(folders.project, folders.work), "--empty-catalog", "--static"]
        outcome = dbtRunner(manifest=manifest).invoke(["docs", "generate", *arguments])
        page = folders.work / "target" / "static_index.html"
        if not outcome.success or not page.is_file():
            raise MartsProjectError(f"dbt cannot write pages of {DBT_PROJECT}: {outcome.exception}")
        folder.mkdir(parents=True, exist_ok=True)
        return Path(shutil.copyfile(page, folder / PAGE))


if __name__ == "__main__":
    sys.stdout.write(f"{write_dbt_docs(*map(Path, sys.argv[1:3]))} written\n")
