"""``mirror:<dir>``: a folder of responses as the upstreams sent them, laid out ``<host>/<path>``.

``INDEX.tsv`` maps URLs to files where it is present; a file may lie inside a tar archive of the folder
(``older-seasons.tar.xz:<member>``). Without an index the layout itself answers: a query is ``@<query>``
at the end of the file name, a status other than 200 is ``@status=404``.
"""

from __future__ import annotations

import csv
import tarfile
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote, urlsplit

from sources.errors import DamagedMirrorError
from sources.responses import LIVE_TIMING_URL, Response, canonical_url
from sources.topics import topics_of_files

INDEX_NAME = "INDEX.tsv"


@dataclass(frozen=True)
class _Entry:
    """One row of the index: where the bytes of a URL are."""

    file: str
    status: int
    content_type: str


class MirrorLayer:
    """Answers from a mirror folder. The folder is never written to.

    Args:
        folder: The mirror's top folder.
        name: What the layer is called; ``mirror:<dir>`` by default.
    """

    is_remote = False

    def __init__(self, folder: Path, name: str | None = None) -> None:
        self._folder = folder.resolve()
        self._name = name or f"mirror:{self._folder}"
        self._archives: dict[str, dict[str, tuple[bytes, datetime]]] = {}

    @property
    def name(self) -> str:
        """``mirror:`` and the folder, or the name it was given."""
        return self._name

    @cached_property
    def _index(self) -> dict[str, _Entry]:
        path = self._folder / INDEX_NAME
        if not path.is_file():
            return {}
        with path.open(encoding="utf-8", newline="") as lines:
            rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
            missing = {"url", "file"} - set(rows.fieldnames or ())
            if missing:
                raise DamagedMirrorError(f"{path} lacks the columns {sorted(missing)}")
            return {
                canonical_url(row["url"]): _Entry(
                    file=row["file"],
                    status=int(row.get("status") or 200),
                    content_type=row.get("content_type") or "",
                )
                for row in rows
            }

    @cached_property
    def _session_paths(self) -> frozenset[str]:
        """Archive paths that hold at least one live-timing topic, such as ``/static/2025/…/…_Race/``."""
        prefix = f"{LIVE_TIMING_URL}/static/"
        found = {
            urlsplit(url).path.rpartition("/")[0] + "/"
            for url, entry in self._index.items()
            if url.startswith(prefix)
            and entry.status == 200
            and (self._folder / entry.file.partition(":")[0]).is_file()
        }
        host = self._folder / urlsplit(LIVE_TIMING_URL).netloc
        found |= {f"/{folder.relative_to(host)}/" for folder in host.glob("static/*/*/*") if folder.is_dir()}
        return frozenset(path for path in found if path.count("/") >= 5)

    def has_session(self, api_path: str) -> bool:
        """Return whether any wire file of the session is in the folder."""
        return unquote(api_path) in self._session_paths

    def session_topics(self, api_path: str) -> frozenset[str]:
        """Return the topics of a session that the index names or the folder holds."""
        path = unquote(api_path)
        prefix = f"{LIVE_TIMING_URL}{path}"
        indexed = (url.removeprefix(prefix) for url in self._index if url.startswith(prefix))
        folder = self._inside(urlsplit(LIVE_TIMING_URL).netloc + path, prefix)
        stored = (file.name for file in folder.iterdir()) if folder.is_dir() else ()
        return topics_of_files((*indexed, *stored))

    def parsed_session(self, api_path: str) -> Path | None:  # noqa: ARG002 (a mirror holds wire files only)
        """Return null: a mirror never holds parsed files."""
        return None

    def get(self, url: str, previous: Response | None = None) -> Response | None:  # noqa: ARG002
        """Return the stored response of a URL, or null.

        The index says where a file is, no more: a copy of part of a mirror has what it has, and a file that
        was replaced by a corrected one is read as it is now. What it holds is checked where it is parsed.

        Raises:
            DamagedMirrorError: If an archive that the index names cannot be read.
        """
        entry = self._index.get(canonical_url(url))
        if entry is None:
            return self._get_by_layout(url)
        found = self._read(entry, url)
        if found is None:
            return None
        body, stored_at = found
        headers = {"content-type": entry.content_type} if entry.content_type else {}
        return Response(url, entry.status, headers, body, stored_at, self.name)

    def _get_by_layout(self, url: str) -> Response | None:
        parts = urlsplit(canonical_url(url))
        name = f"{parts.netloc}{parts.path}" + (f"@{parts.query}" if parts.query else "")
        for suffix, status in (("", 200), ("@status=404", 404)):
            path = self._inside(name + suffix, url)
            if path.is_file():
                return Response(url, status, {}, path.read_bytes(), _modified_at(path), self.name)
        return None

    def _read(self, entry: _Entry, url: str) -> tuple[bytes, datetime] | None:
        archive, _, member = entry.file.partition(":")
        path = self._inside(archive, url)
        if not path.is_file():
            return None
        if member:
            return self._members(archive).get(member)
        return path.read_bytes(), _modified_at(path)

    def _inside(self, name: str, url: str) -> Path:
        path = (self._folder / name).resolve()
        if not path.is_relative_to(self._folder):
            raise DamagedMirrorError(f"{url} leads outside the mirror {self._folder}")
        return path

    def _members(self, archive: str) -> dict[str, tuple[bytes, datetime]]:
        """Return all files of a tar archive; an xz stream has no random access, so it is read once, whole."""
        if archive not in self._archives:
            members: dict[str, tuple[bytes, datetime]] = {}
            try:
                with tarfile.open(self._inside(archive, archive)) as tar:
                    for member in tar:
                        content = tar.extractfile(member)
                        if content is not None:
                            stored_at = datetime.fromtimestamp(member.mtime, UTC)
                            members[member.name.removeprefix("./")] = (content.read(), stored_at)
            except (OSError, tarfile.TarError, EOFError) as error:
                raise DamagedMirrorError(f"{self._folder / archive} cannot be read: {error}") from error
            self._archives[archive] = members
        return self._archives[archive]


def _modified_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
