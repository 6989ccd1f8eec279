"""dbt's project is parsed once for each content of its files, and kept for the processes that come."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest

from lake import dbt_run
from lake.dbt_run import DbtFolders, parsed_project
from lake.errors import MartsProjectError

DAY_S = 24 * 3600.0


@pytest.fixture
def folders(tmp_path: Path) -> DbtFolders:
    project = tmp_path / "project"
    (project / "models").mkdir(parents=True)
    (project / "dbt_project.yml").write_text("name: tiny\nversion: '1.0'\nprofile: f1_lakehouse\n", "utf-8")
    (project / "models" / "one.sql").write_text("select 1 as one", "utf-8")
    return DbtFolders(project, tmp_path / "cache", tmp_path / "work")


def in_new_process(folders: DbtFolders) -> Any:
    """Return the manifest as a process gets it that has parsed nothing yet."""
    dbt_run._parsed.cache_clear()
    return parsed_project(folders)


def test_a_project_is_parsed_anew_when_a_file_of_it_changed_and_only_then(
    folders: DbtFolders, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, days in (("forgotten", 40), ("used", 3)):
        done = folders.cache / name / "parsed"
        done.parent.mkdir(parents=True)
        done.touch()
        os.utime(done, (time.time(), time.time() - days * DAY_S))
    model = "model.tiny.one"
    assert in_new_process(folders).nodes[model].raw_code == "select 1 as one"
    assert not (folders.cache / "forgotten").exists()
    assert (folders.cache / "used").exists()
    (folders.project / "models" / "one.sql").write_text("select 2 as one", "utf-8")
    assert in_new_process(folders).nodes[model].raw_code == "select 2 as one"
    monkeypatch.setattr(dbt_run, "_parse", None)
    assert in_new_process(folders).nodes[model].raw_code == "select 2 as one"
    (folders.project / "models" / "one.sql").write_text("select 1 as one", "utf-8")
    assert in_new_process(folders).nodes[model].raw_code == "select 1 as one"


def test_a_project_that_cannot_be_parsed_is_named_and_not_kept(folders: DbtFolders) -> None:
    (folders.project / "models" / "one.sql").write_text("select * from {{ ref('nothing') }}", "utf-8")
    with pytest.raises(MartsProjectError, match=str(folders.project)):
        in_new_process(folders)
    assert not list(folders.cache.glob("*/parsed"))
