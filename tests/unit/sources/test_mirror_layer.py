"""A mirror folder answers for URLs, by its index or by its layout, and says where it is damaged."""

from __future__ import annotations

import hashlib
import io
import tarfile
from pathlib import Path

import pytest

from sources.errors import DamagedMirrorError
from sources.mirror_layer import MirrorLayer

URL = "https://livetiming.formula1.com/static/2023/2023-11-05_S%C3%A3o_Paulo/2023-11-05_Race/TimingData.jsonStream"
FILE = "livetiming.formula1.com/static/2023/2023-11-05_São_Paulo/2023-11-05_Race/TimingData.jsonStream"
API_PATH = "/static/2023/2023-11-05_São_Paulo/2023-11-05_Race/"
BODY = b"\xef\xbb\xbf00:00:01.000{}\r\n"


def _write(folder: Path, name: str, body: bytes) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)


def _index(folder: Path, *rows: str) -> None:
    header = "url\tfile\tstatus\tcontent_type\tbytes\tsha256"
    _write(folder, "INDEX.tsv", "\n".join([header, *rows, ""]).encode())


def test_layout_answers_without_an_index(tmp_path: Path) -> None:
    _write(tmp_path, FILE, BODY)
    _write(tmp_path, "api.jolpi.ca/ergast/f1/2024/drivers.json@limit=100&offset=0", b"{}")
    _write(tmp_path, "api.jolpi.ca/ergast/f1/2024/1/sprint.json@status=404", b"none")
    layer = MirrorLayer(tmp_path)
    response = layer.get(URL)
    assert response is not None
    assert (response.status, response.body, response.url) == (200, BODY, URL)
    assert response.sha256 == hashlib.sha256(BODY).hexdigest()
    assert response.layer_kind == "mirror"
    paged = layer.get("https://api.jolpi.ca/ergast/f1/2024/drivers.json?limit=100&offset=0")
    assert paged is not None
    assert paged.body == b"{}"
    missing = layer.get("https://api.jolpi.ca/ergast/f1/2024/1/sprint.json")
    assert missing is not None
    assert (missing.status, missing.is_found) == (404, False)
    assert layer.get("https://api.jolpi.ca/ergast/f1/2024/2/sprint.json") is None
    assert layer.has_session(API_PATH)
    assert not layer.has_session("/static/2023/2023-11-05_São_Paulo/2023-11-04_Sprint/")
    assert layer.parsed_session(API_PATH) is None


def test_index_maps_url_to_file_and_status(tmp_path: Path) -> None:
    _write(tmp_path, "a/b", BODY)
    digest = hashlib.sha256(BODY).hexdigest()
    _index(
        tmp_path,
        f"{URL}\ta/b\t200\tapplication/octet-stream\t16\t{digest}",
        "https://x.y/z\ta/b\t404\t\t16\t",
    )
    layer = MirrorLayer(tmp_path)
    found, missing = layer.get(URL), layer.get("https://X.Y/z#part")
    assert found is not None
    assert missing is not None
    assert found.headers["content-type"] == "application/octet-stream"
    assert missing.status == 404
    assert layer.has_session(API_PATH)


def test_member_of_an_archive_is_read(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "old.tar.xz", "w:xz") as tar:
        member = tarfile.TarInfo("./api.jolpi.ca/1950.json")
        member.size, member.mtime = 2, 86_400
        tar.addfile(member, io.BytesIO(b"{}"))
    _index(
        tmp_path,
        "https://a.b/1950\told.tar.xz:api.jolpi.ca/1950.json\t200\t\t2\t",
        "https://a.b/1951\told.tar.xz:nothing\t200\t\t2\t",
        "https://a.b/1952\tgone.tar.xz:x\t200\t\t2\t",
    )
    layer = MirrorLayer(tmp_path, name="synthetic")
    response = layer.get("https://a.b/1950")
    assert response is not None
    assert response.body == b"{}"
    assert response.fetched_at.day == 2
    assert response.layer == "synthetic"
    assert layer.get("https://a.b/1951") is None
    assert layer.get("https://a.b/1952") is None


def test_copy_of_part_of_a_mirror_has_what_it_has(tmp_path: Path) -> None:
    _write(tmp_path, "livetiming.formula1.com/static/2024/a/b_Race/TimingData.jsonStream", b"corrected")
    _index(
        tmp_path,
        "https://livetiming.formula1.com/static/2024/a/b_Race/TimingData.jsonStream\t"
        f"livetiming.formula1.com/static/2024/a/b_Race/TimingData.jsonStream\t200\t\t5\t{'0' * 64}",
        "https://livetiming.formula1.com/static/2024/a/c_Qualifying/TimingData.jsonStream\tgone\t200\t\t5\t",
    )
    layer = MirrorLayer(tmp_path)
    response = layer.get("https://livetiming.formula1.com/static/2024/a/b_Race/TimingData.jsonStream")
    assert response is not None
    assert response.body == b"corrected"
    assert layer.has_session("/static/2024/a/b_Race/")
    assert not layer.has_session("/static/2024/a/c_Qualifying/")


def test_damage_is_named(tmp_path: Path) -> None:
    _write(tmp_path, "old.tar.xz", b"not an archive")
    _index(
        tmp_path,
        "https://a.b/broken\told.tar.xz:a\t200\t\t5\t",
        "https://a.b/outside\t../../etc/hostname\t200\t\t5\t",
    )
    layer = MirrorLayer(tmp_path)
    with pytest.raises(DamagedMirrorError, match="cannot be read"):
        layer.get("https://a.b/broken")
    with pytest.raises(DamagedMirrorError, match="outside the mirror"):
        layer.get("https://a.b/outside")
    _write(tmp_path, "INDEX.tsv", b"a\tb\n")
    with pytest.raises(DamagedMirrorError, match="lacks the columns"):
        MirrorLayer(tmp_path).get("https://a.b/changed")


def test_topics_of_a_session_are_those_of_index_and_folder(tmp_path: Path) -> None:
    folder = FILE.rpartition("/")[0]
    _write(tmp_path, f"{folder}/TimingData.json", b"{}")
    _write(tmp_path, f"{folder}/Index.json", b"{}")
    _write(tmp_path, f"{folder}/BrandNew.jsonStream", BODY)
    _index(tmp_path, f"{URL}\tother/place\t200\t\t16\t")
    layer = MirrorLayer(tmp_path)
    assert layer.session_topics(API_PATH) == {"TimingData", "BrandNew", "Index"}
    assert layer.session_topics("/static/2023/elsewhere/else/") == frozenset()
