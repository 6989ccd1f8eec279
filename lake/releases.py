"""Releases: which snapshots of all tables belong together, and which of them stay readable.

They are stored in ``lake.releases``; storing them is ``lake/books.py``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import pyarrow as pa

from lake.settings import YOUNG_RELEASES, LakeSettings
from lake.tables.lake_releases import LAKE_RELEASES

REMEMBERED = 100
"""How many releases the table lists; all but the kept ones without their tables."""


@dataclass(frozen=True)
class TableVersion:
    """One state of one table.

    Attributes:
        snapshot_id: The Iceberg snapshot.
        metadata_location: A metadata file that knows the snapshot.
    """

    snapshot_id: int
    metadata_location: str


@dataclass(frozen=True)
class Release:
    """A state of the whole lake that readers may see.

    Attributes:
        release_id: Counts from 1.
        created_at: When the step committed.
        step_id: The step that made it.
        run_id: The run of that step.
        step: The step's name.
        weekend_key: The step's weekend, if it was about one.
        changed_tables: Tables that the step changed.
        tables: Every table's version; null once the release is not kept any more.
    """

    release_id: int
    created_at: datetime
    step_id: str
    run_id: str
    step: str
    weekend_key: str | None
    changed_tables: tuple[str, ...]
    tables: Mapping[str, TableVersion] | None


@dataclass(frozen=True)
class UnnumberedRelease:
    """A release before it has its number: what changed against the one before.

    Attributes:
        step_id: The step that makes it.
        run_id: The run of that step.
        step: The step's name.
        weekend_key: The step's weekend, if it is about one.
        created_at: When the step was decided.
        versions: New version of each table that the step committed.
        dropped: Tables that are gone.
    """

    step_id: str
    run_id: str
    step: str
    weekend_key: str | None
    created_at: datetime
    versions: Mapping[str, TableVersion]
    dropped: frozenset[str] = frozenset()

    def after(self, newest: Release | None) -> Release:
        """Return the release that follows the newest one."""
        before = {} if newest is None or newest.tables is None else dict(newest.tables)
        tables = {
            name: version for name, version in {**before, **self.versions}.items() if name not in self.dropped
        }
        names = {*self.dropped, *self.versions}
        return Release(
            release_id=1 if newest is None else newest.release_id + 1,
            created_at=self.created_at,
            step_id=self.step_id,
            run_id=self.run_id,
            step=self.step,
            weekend_key=self.weekend_key,
            changed_tables=tuple(sorted(name for name in names if before.get(name) != tables.get(name))),
            tables=tables,
        )


def kept_releases(releases: Sequence[Release], settings: LakeSettings, now: datetime) -> list[Release]:
    """Return the releases that stay readable: the newest few, and the young up to a limit.

    Args:
        releases: Releases, oldest first.
        settings: Says how many and how young.
        now: The present.
    """
    newest_first = [release for release in reversed(releases) if release.tables is not None]
    return [
        release
        for age_rank, release in enumerate(newest_first[: settings.keep_releases + YOUNG_RELEASES])
        if age_rank < settings.keep_releases or now - release.created_at < settings.keep_release_age
    ][::-1]


def without_tables(releases: Sequence[Release], kept: Iterable[Release]) -> list[Release]:
    """Return the newest releases to list, those that are not kept without their tables."""
    ids = {release.release_id for release in kept}
    return [
        release if release.release_id in ids else replace(release, tables=None)
        for release in releases[-REMEMBERED:]
    ]


def releases_to_rows(releases: Iterable[Release]) -> pa.Table:
    """Return releases as rows of ``lake.releases``."""
    rows = [
        {
            **{name: getattr(release, name) for name in LAKE_RELEASES.column_names},
            "changed_tables": json.dumps(list(release.changed_tables)),
            "tables": _tables_to_json(release.tables),
        }
        for release in releases
    ]
    schema = pa.schema([pa.field(column.name, column.arrow_type) for column in LAKE_RELEASES.columns])
    return pa.Table.from_pylist(rows, schema=schema)


def releases_from_rows(rows: pa.Table) -> list[Release]:
    """Return rows of ``lake.releases`` as releases, oldest first."""
    releases = [
        Release(
            **{
                **row,
                "changed_tables": tuple(json.loads(row["changed_tables"])),
                "tables": _tables_from_json(row["tables"]),
            }
        )
        for row in rows.to_pylist()
    ]
    return sorted(releases, key=lambda release: release.release_id)


def _tables_to_json(tables: Mapping[str, TableVersion] | None) -> str | None:
    if tables is None:
        return None
    return json.dumps(
        {
            name: {"snapshot_id": version.snapshot_id, "metadata_location": version.metadata_location}
            for name, version in sorted(tables.items())
        }
    )


def _tables_from_json(text: str | None) -> dict[str, TableVersion] | None:
    if text is None:
        return None
    return {name: TableVersion(**version) for name, version in json.loads(text).items()}
