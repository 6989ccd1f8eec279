"""Jolpica's documents, calendars, circuit and indexes of the invented weekend against the real ones."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from feed_shapes import Shape, shapes


@pytest.mark.parametrize(
    ("document", "real_round"),
    [
        ("results", "1/results"), ("qualifying", "1/qualifying"), ("driverstandings", "12/driverstandings"),
        ("constructorstandings", "12/constructorstandings"), ("laps/1", "12/laps/1"),
    ],
)  # fmt: skip
def test_jolpica_documents_of_the_round_have_the_real_fields(
    document: str, real_round: str, mirror: Path, test_data: Path
) -> None:
    folder = Path("api.jolpi.ca/ergast/f1/2025")
    ours = json.loads((mirror / folder / f"90/{document}.json").read_bytes())
    theirs = json.loads((test_data / "mirror" / folder / f"{real_round}.json").read_bytes())
    assert shapes(ours) == shapes(theirs)


@pytest.mark.parametrize("document", ["drivers.json", "constructors.json", "drivers.json@limit=100&offset=0"])
def test_jolpica_documents_of_the_season_have_the_real_fields(
    document: str, mirror: Path, test_data: Path
) -> None:
    path = Path("api.jolpi.ca/ergast/f1/2025") / document
    ours, theirs = (json.loads((folder / path).read_bytes()) for folder in (mirror, test_data / "mirror"))
    assert shapes(ours) == shapes(theirs)


def test_calendars_have_the_real_fields(mirror: Path, test_data: Path) -> None:
    def read(folder: Path, path: str) -> Any:
        return json.loads((folder / path).read_bytes())

    races = "api.jolpi.ca/ergast/f1/2025/races.json"
    schedule = "raw.githubusercontent.com/theOehrly/f1schedule/master/schedule_2025.json"
    assert shapes(read(mirror, races)) <= shapes(read(test_data / "mirror", races))
    ours, theirs = (_any_session(shapes(read(folder, schedule))) for folder in (mirror, test_data / "mirror"))
    assert ours <= theirs
    assert read(mirror, schedule).keys() == read(test_data / "mirror", schedule).keys()


def _any_session(found: set[Shape]) -> set[Shape]:
    """Shapes with the number of the session left out: any of the five can be missing in the real calendar."""
    return {(re.sub(r"session\d", "session", path), kind) for path, kind in found}


def test_the_circuit_has_the_real_fields(mirror: Path, test_data: Path) -> None:
    ours = next((mirror / "api.multiviewer.app/api/v1/circuits").glob("*/*"))
    theirs = test_data / "mirror/api.multiviewer.app/api/v1/circuits/39/2020"
    made, known = shapes(json.loads(ours.read_bytes())), shapes(json.loads(theirs.read_bytes()))
    assert {path for path, _ in made} == {path for path, _ in known}
    assert made - known <= {(".meetingOfficialName", "str"), *_as_floats(known)}


def _as_floats(known: set[Shape]) -> set[Shape]:
    return {(path, "float") for path, kind in known if kind == "int"}


def test_the_seasons_index_has_the_real_fields(invented: Path, real: Path) -> None:
    ours, theirs = (
        (static / f"{year}/Index.json").read_bytes() for static, year in ((invented, 2025), (real, 2023))
    )
    assert ours.startswith(b"\xef\xbb\xbf")
    assert theirs.startswith(b"\xef\xbb\xbf")
    assert shapes(json.loads(ours.decode("utf-8-sig"))) <= shapes(json.loads(theirs.decode("utf-8-sig")))


def test_the_index_lists_every_file_with_its_digest(mirror: Path, test_data: Path) -> None:
    head, *rows = (mirror / "INDEX.tsv").read_text().splitlines()
    assert head == (test_data / "mirror" / "INDEX.tsv").read_text().splitlines()[0]
    files = {str(path.relative_to(mirror)) for path in mirror.rglob("*") if path.is_file()} - {"INDEX.tsv"}
    listed = [row.split("\t") for row in rows]
    assert {row[1] for row in listed} == files
    for _, name, status, _, size, digest, *_ in listed:
        body = (mirror / name).read_bytes()
        assert (status, int(size), digest) == ("200", len(body), hashlib.sha256(body).hexdigest())
