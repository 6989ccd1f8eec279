"""A remote layer that asks nobody; a local one is read as ever."""

from __future__ import annotations

from pathlib import Path

import pytest

from sources.errors import WouldAskError
from sources.open_source import Source
from sources.responses import Response
from sources.unasking_layer import without_asking


class Layer:
    """A layer that has nothing but knows of a topic."""

    def __init__(self, *, is_remote: bool) -> None:
        self.name, self.is_remote = "test", is_remote

    def get(self, _url: str, _previous: Response | None = None) -> Response | None:
        return None

    def has_session(self, _api_path: str) -> bool:
        return False

    def session_topics(self, _api_path: str) -> frozenset[str]:
        return frozenset({"TimingData"})

    def parsed_session(self, api_path: str) -> Path | None:
        return Path(api_path)


def test_remote_layer_stops_at_the_first_request() -> None:
    (layer,) = without_asking(Source([Layer(is_remote=True)])).layers
    assert (layer.name, layer.is_remote) == ("test", True)
    with pytest.raises(WouldAskError, match="test would be asked for https://example"):
        layer.get("https://example.com/a")
    with pytest.raises(WouldAskError, match="/static/a/"):
        layer.has_session("/static/a/")


def test_remote_layer_tells_what_it_knows_without_asking() -> None:
    (layer,) = without_asking(Source([Layer(is_remote=True)])).layers
    assert layer.session_topics("/static/a/") == {"TimingData"}
    assert layer.parsed_session("/static/a") == Path("/static/a")


def test_local_layer_is_left_alone() -> None:
    local = Layer(is_remote=False)
    assert without_asking(Source([local])).layers == (local,)
