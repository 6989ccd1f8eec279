"""A note reads as it always did, and is a row that names its topic and where the topic came from."""

from __future__ import annotations

import datetime as dt

import pytest

from lake.tables.processed_fastf1__session_notes import PROCESSED_FASTF1__SESSION_NOTES as TABLE
from sources.fastf1_frames import SessionFacts
from sources.responses import Response
from sources.session_notes import SessionNote, note_rows

OF_A_TOPIC = SessionNote("TimingData", "stops 90 s before the session did")
OF_ALL = SessionNote(None, "no laps: no car drove one")


def response(topic: str, layer: str) -> Response:
    url = f"https://livetiming.formula1.com/static/a/{topic}.jsonStream"
    return Response(url, 200, {}, topic.encode(), dt.datetime(2025, 1, 1, tzinfo=dt.UTC), layer)


def facts(topics: dict[str, Response], parsed_layer: str | None = None) -> SessionFacts:
    return SessionFacts("2025-90-R", "/static/a/", topics, parsed_layer, None)


def test_note_is_its_topic_and_its_text() -> None:
    assert str(OF_A_TOPIC) == "TimingData: stops 90 s before the session did"
    assert str(OF_ALL) == "no laps: no car drove one"


def test_rows_are_numbered_and_name_the_response_of_their_topic() -> None:
    timing = response("TimingData", "mirror:/somewhere")
    rows = note_rows([OF_ALL, OF_A_TOPIC], facts({"TimingData": timing}))
    assert rows.columns == list(TABLE.column_names)
    assert rows.drop("fastf1_version").rows() == [
        (2025, "2025-90", "2025-90-R", 1, None, OF_ALL.text, "mirror", None),
        (2025, "2025-90", "2025-90-R", 2, "TimingData", OF_A_TOPIC.text, "mirror", timing.sha256),
    ]


@pytest.mark.parametrize(
    ("found", "layer"),
    [
        (
            facts({"TimingData": response("TimingData", "online"), "Heartbeat": response("a", "online")}),
            "online",
        ),
        (
            facts({"TimingData": response("TimingData", "online"), "Heartbeat": response("a", "mirror:b")}),
            None,
        ),
        (facts({}), None),
        (facts({}, "fastf1-cache:/somewhere"), "fastf1-cache"),
    ],
    ids=["one layer", "two layers", "nothing", "parsed files"],
)
def test_note_on_a_whole_session_names_the_layer_that_all_of_it_came_from(
    found: SessionFacts, layer: str | None
) -> None:
    assert note_rows([OF_ALL], found).select("source_layer", "response_sha256").rows() == [(layer, None)]


def test_session_without_a_note_has_no_row_and_all_columns() -> None:
    rows = note_rows([], facts({}))
    assert rows.is_empty()
    assert {name: str(rows.to_arrow().schema.field(name).type) for name in rows.columns} == {
        column.name: str(column.arrow_type) for column in TABLE.columns
    }
