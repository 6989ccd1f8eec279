"""The value of the source setting, and which layer of a stack gives what."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from sources.errors import InvalidSourceError
from sources.fastf1_cache_layer import HTTP_CACHE_NAME
from sources.open_source import Source, open_source
from sources.responses import LIVE_TIMING_URL, Response

PATH = "/static/2024/w/s/"


@dataclass
class Layer:
    """A layer in memory."""

    name: str
    bodies: dict[str, bytes] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)
    parsed: Path | None = None
    is_remote: bool = False
    asked: list[str] = field(default_factory=list)

    def get(self, url: str, previous: Response | None = None) -> Response | None:  # noqa: ARG002
        self.asked.append(url)
        status = 200 if url in self.bodies else 404 if url in self.missing else None
        if status is None:
            return None
        return Response(url, status, {}, self.bodies.get(url, b""), dt.datetime.now(dt.UTC), self.name)

    def session_topics(self, api_path: str) -> frozenset[str]:  # noqa: ARG002
        return frozenset()

    def has_session(self, api_path: str) -> bool:
        self.asked.append(api_path)
        return any(api_path in url for url in self.bodies)

    def parsed_session(self, api_path: str) -> Path | None:
        return self.parsed if api_path == PATH else None


def test_values_are_stacked_in_order(tmp_path: Path) -> None:
    (tmp_path / HTTP_CACHE_NAME).touch()
    source = open_source(f"mirror:{tmp_path}, fastf1-cache:{tmp_path}")
    assert source.name == f"mirror:{tmp_path},fastf1-cache:{tmp_path}"
    online = open_source("online", make_online=lambda: Layer("online"))
    assert online.name == "online"
    asked: list[str] = []

    def make(name: str) -> Path:
        asked.append(name)
        return tmp_path

    for value in ("synthetic", "synthetic:full"):
        assert open_source(value, make_synthetic=make).name == "synthetic"
    assert asked == ["default", "full"]


def test_folder_that_is_no_cache_is_named(tmp_path: Path) -> None:
    session = tmp_path / "cache" / "2024" / "2024-05-26_Monaco_Grand_Prix" / "2024-05-26_Race"
    session.mkdir(parents=True)
    (session / "session_info.ff1pkl").touch()
    assert open_source(f"fastf1-cache:{tmp_path / 'cache'}").layers
    with pytest.raises(InvalidSourceError, match=f"{tmp_path} is no FastF1 cache"):
        open_source(f"fastf1-cache:{tmp_path}")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("", "write online, mirror:<dir>"),
        ("mirror:/x,,online", "is not a source"),
        ("http://x", "is not a source"),
        ("mirror:", "names no folder"),
        ("mirror:/nowhere/at/all", "there is no folder /nowhere/at/all"),
        ("fastf1-cache:/nowhere", "there is no folder"),
        ("online", "not available here"),
        ("synthetic", "not available here"),
        ("online:x", "is not a source"),
        ("/", "a folder needs a scheme: mirror:/"),
    ],
)
def test_wrong_value_is_explained(value: str, text: str) -> None:
    with pytest.raises(InvalidSourceError, match=text):
        open_source(value)


def test_first_layer_that_found_a_document_gives_it() -> None:
    first = Layer("a", {"u2": b"2"}, missing={"u1"})
    second = Layer("b", {"u1": b"1", "u2": b"other"})
    source = Source([first, second])
    one, two = source.get("u1"), source.get("u2")
    assert one is not None
    assert two is not None
    assert (one.body, two.body) == (b"1", b"2")
    assert source.get("u3") is None
    only = Source([first]).get("u1")
    assert only is not None
    assert only.status == 404


def test_other_spellings_are_tried_only_where_they_cost_nothing() -> None:
    local, remote = Layer("local", {"V": b"x"}), Layer("online", is_remote=True)
    assert Source([remote, local]).get("v", variants=["V"]) is not None
    assert remote.asked == ["v"]


def test_parsed_files_and_wire_files_are_never_mixed(tmp_path: Path) -> None:
    timing = f"{LIVE_TIMING_URL}{PATH}TimingData.jsonStream"
    drivers = f"{LIVE_TIMING_URL}{PATH}DriverList.jsonStream"
    parsed_only = Layer("a", parsed=tmp_path)
    with_small_wire = Layer("b", {drivers: b"x"}, parsed=tmp_path)
    with_timing = Layer("c", {drivers: b"x", timing: b"x"}, parsed=tmp_path)
    wire_only = Layer("d", {drivers: b"x"})
    for layers, layer, folder in (
        ([parsed_only, with_timing], parsed_only, tmp_path),
        ([with_small_wire, with_timing], with_small_wire, tmp_path),
        ([with_timing, parsed_only], with_timing, None),
        ([Layer("none"), wire_only, parsed_only], wire_only, None),
        ([Layer("none")], None, None),
    ):
        supply = Source(layers).session_supply([PATH])
        assert (supply.layer, supply.parsed_folder) == (layer, folder)


def test_last_remote_layer_is_not_asked_whether_it_has_a_session() -> None:
    remote = Layer("online", {f"{PATH}other": b""}, is_remote=True)
    supply = Source([Layer("local"), remote]).session_supply([PATH])
    assert supply.layer is remote
    assert remote.asked == []
    other = Source([remote]).session_supply(["/static/2021/a/b_Sprint/", PATH])
    assert other.archive_path == PATH
