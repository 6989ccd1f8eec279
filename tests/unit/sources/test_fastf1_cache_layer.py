"""A FastF1 cache answers from its SQLite file and its parsed files, and is left as it was."""

from __future__ import annotations

import pickle
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from sources.errors import DamagedCacheError
from sources.fastf1_cache_layer import FastF1CacheLayer, _request_key
from sources.parsed_files import check_parsed_files, parsed_topics, read_parsed_file

API_PATH = "/static/2024/2024-05-26_Monaco_Grand_Prix/2024-05-26_Race/"
URL = f"https://livetiming.formula1.com{API_PATH}DriverList.jsonStream"
RESPONSE = {
    "_content": b"\xef\xbb\xbf{}\r\n",
    "status_code": 200,
    "headers": {"Content-Type": "application/json", "ETag": '"1"'},
    "created_at": "2026-01-02T03:04:05+00:00",
    "request": {"url": URL},
    "url": URL,
}


def _cache(folder: Path, value: bytes, key: str | None = None) -> FastF1CacheLayer:
    connection = sqlite3.connect(folder / "fastf1_http_cache.sqlite")
    connection.execute("CREATE TABLE responses (key TEXT PRIMARY KEY, value BLOB, expires INTEGER)")
    connection.execute("INSERT INTO responses VALUES (?, ?, NULL)", (key or _request_key(URL), value))
    connection.commit()
    connection.close()
    return FastF1CacheLayer(folder)


@pytest.mark.parametrize("key", [None, "key of another version"])
def test_stored_response_is_found_whatever_wrote_the_key(tmp_path: Path, key: str | None) -> None:
    layer = _cache(tmp_path, pickle.dumps(RESPONSE), key)
    response = layer.get(URL)
    assert response is not None
    assert (response.body, response.status) == (RESPONSE["_content"], 200)
    assert response.headers == {"content-type": "application/json", "etag": '"1"'}
    assert response.fetched_at.isoformat() == "2026-01-02T03:04:05+00:00"
    assert response.layer_kind == "fastf1-cache"
    assert layer.has_session(API_PATH)
    assert layer.get(URL + "x") is None
    assert sorted(path.name for path in tmp_path.iterdir()) == ["fastf1_http_cache.sqlite"]


def test_folder_without_responses_has_none(tmp_path: Path) -> None:
    layer = FastF1CacheLayer(tmp_path)
    assert layer.get(URL) is None
    assert not layer.has_session(API_PATH)
    assert layer.parsed_session(API_PATH) is None
    assert layer.parsed_session("/static/../../x/") is None


class _Harmful:
    def __reduce__(self) -> Any:
        return (print, ("harm",))


@pytest.mark.parametrize("value", [b"no pickle", pickle.dumps(_Harmful()), pickle.dumps({"a": 1})])
def test_response_that_is_none_is_refused(
    tmp_path: Path, value: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(DamagedCacheError):
        _cache(tmp_path, value).get(URL)
    assert capsys.readouterr().out == ""


def test_damaged_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "fastf1_http_cache.sqlite").write_bytes(b"no database" * 100)
    with pytest.raises(DamagedCacheError, match="cannot be read"):
        FastF1CacheLayer(tmp_path).get(URL)


def test_parsed_files_are_found_by_session(tmp_path: Path) -> None:
    folder = tmp_path / API_PATH.removeprefix("/static/")
    folder.mkdir(parents=True)
    layer = FastF1CacheLayer(tmp_path)
    assert layer.parsed_session(API_PATH) is None
    (folder / "lap_count.ff1pkl").write_bytes(pickle.dumps({"version": 15, "data": {"Time": []}}))
    (folder / "unknown.ff1pkl").write_bytes(pickle.dumps({"version": 15, "data": None}))
    assert layer.parsed_session(API_PATH) == folder
    assert parsed_topics(folder) == ["LapCount"]
    check_parsed_files(folder, "2024-08-R")


def test_parsed_file_that_could_run_code_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "lap_count.ff1pkl"
    path.write_bytes(pickle.dumps({"version": 15, "data": _Harmful()}))
    with pytest.raises(DamagedCacheError, match=r"it names builtins\.print"):
        read_parsed_file(path)
    path.write_bytes(pickle.dumps({"version": 15})[:-3])
    with pytest.raises(DamagedCacheError):
        check_parsed_files(tmp_path, "2024-08-R")
    assert capsys.readouterr().out == ""
