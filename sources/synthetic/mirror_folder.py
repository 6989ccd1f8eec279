"""A folder laid out as a mirror of the upstreams: ``<host>/<path>`` and ``INDEX.tsv``."""

from __future__ import annotations

import hashlib
from pathlib import Path
from urllib.parse import urlsplit

_COLUMNS = ("url", "file", "status", "content_type", "bytes", "sha256", "body", "set")
_BODY, _SET = "as-received", "invented"


class MirrorFolder:
    """Writes responses into a mirror folder, and its index at the end.

    Args:
        folder: The mirror's top folder; made if it is not there.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._rows: list[tuple[str, ...]] = []

    def add(self, url: str, body: bytes, content_type: str) -> None:
        """Write the response of a URL. A query becomes ``@<query>`` at the end of the file's name."""
        parts = urlsplit(url)
        name = f"{parts.netloc}{parts.path}" + (f"@{parts.query}" if parts.query else "")
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
        digest = hashlib.sha256(body).hexdigest()
        self._rows.append((url, name, "200", content_type, str(len(body)), digest, _BODY, _SET))

    def write_index(self) -> None:
        """Write ``INDEX.tsv``, one row for each response, in order of the URLs."""
        lines = ["\t".join(_COLUMNS), *("\t".join(row) for row in sorted(self._rows))]
        (self._folder / "INDEX.tsv").write_bytes(("\n".join(lines) + "\n").encode())
