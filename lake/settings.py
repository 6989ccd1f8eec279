"""Where a lake is and how it is kept; plain values, read from nowhere.

Reading them from the environment is ``orchestration/environments.py``; using them is the rest of ``lake``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

CATALOG_NAME = "f1lake"
"""Name under which our tables stand in a catalog that other projects may share."""

METADATA_VERSIONS = 32
"""How many older metadata files a table keeps; a kept release may point to any of them."""

MAX_KEPT_RELEASES = 20
"""Upper limit of releases that may be kept by number."""

YOUNG_RELEASES = 4
"""How many more are kept because they are young; more would slow every commit of a quick backfill."""


@dataclass(frozen=True)
class LakeSettings:
    """Settings of one lake.

    Attributes:
        home: Folder of the local lake; with every catalog also of staging, locks and state.
        cache: Folder of what can be computed again and serves other lakes too; null is in the home.
        catalog: ``local`` (SQLite and a folder under home) or ``sql`` (any SQL catalog and warehouse).
        uri: SQLAlchemy address of the ``sql`` catalog. Null for ``local``.
        warehouse: Where the ``sql`` catalog's tables are, such as ``s3://bucket/lake``. Null for ``local``.
        properties: PyIceberg catalog properties, such as ``s3.endpoint``, in PyIceberg's own names.
        keep_releases: How many of the newest releases stay readable.
        keep_release_age: Up to ``YOUNG_RELEASES`` more stay readable while they are younger than this.
        orphan_age: Files that nothing refers to are deleted by maintenance once they are older.
        lock_timeout_s: Seconds to wait for another writer before giving up.
        memory_limit: DuckDB's memory limit, such as ``1GB``.
        threads: DuckDB's threads.
    """

    home: Path
    cache: Path | None = None
    catalog: str = "local"
    uri: str | None = None
    warehouse: str | None = None
    properties: Mapping[str, str] = field(default_factory=dict)
    keep_releases: int = 10
    keep_release_age: timedelta = timedelta(minutes=10)
    orphan_age: timedelta = timedelta(days=1)
    lock_timeout_s: float = 900.0
    memory_limit: str = "1GB"
    threads: int = 2

    def __post_init__(self) -> None:
        """Refuse numbers that would lose releases or never finish."""
        if not 1 <= self.keep_releases <= MAX_KEPT_RELEASES:
            message = f"keep_releases is {self.keep_releases}: choose 1 to {MAX_KEPT_RELEASES}"
            raise ValueError(message)
        if self.threads < 1:
            message = f"threads is {self.threads}: choose 1 or more"
            raise ValueError(message)

    @property
    def staging(self) -> Path:
        """Folder of staged steps."""
        return self.home.absolute() / "staging"

    @property
    def parsed_projects(self) -> Path:
        """Folder of parsed dbt projects."""
        return (self.cache or self.home / "cache").absolute() / "dbt"

    @property
    def locks(self) -> Path:
        """Folder of lock files."""
        return self.home.absolute() / "locks"
