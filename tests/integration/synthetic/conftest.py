"""Reads sessions of an invented weekend through FastF1 itself, unmodified, from the mirror's bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest

from sources.fastf1_engine import FastF1Log, document_path, mounted_fastf1
from sources.synthetic.timetable import slot_of
from sources.synthetic.truth import Truth

Loaded = Callable[..., AbstractContextManager[tuple[Any, FastF1Log]]]


@contextmanager
def _loaded(truth: Truth, code: str, **load: bool) -> Iterator[tuple[Any, FastF1Log]]:
    import fastf1

    static = truth.mirror / "livetiming.formula1.com" / "static"
    name = slot_of(truth.options, code).name.replace(" ", "_")
    topics = {path.name: path.read_bytes() for path in static.glob(f"*/*/*-??_{name}/*")}
    documents = {
        document_path("/" + "/".join(path.relative_to(truth.mirror).parts[1:])): path.read_bytes()
        for path in truth.mirror.rglob("*")
        if path.is_file() and "@" not in path.name and not path.is_relative_to(static)
    }
    with mounted_fastf1(topics, documents) as log:
        session = fastf1.get_session(truth.options.season, truth.options.round_number, code)
        session.load(**load)
        yield session, log


@pytest.fixture(scope="session")
def loaded() -> Loaded:
    """Return a context manager that yields a session as FastF1 loads it, and what it logged."""
    return _loaded
