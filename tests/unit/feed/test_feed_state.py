from __future__ import annotations

import copy

import pytest

from racing.feed.state import Json, merged, states
from racing.feed.topics import TopicMessage, read_topic


@pytest.mark.parametrize(
    ("state", "delta", "expected"),
    [
        (None, {"A": 1}, {"A": 1}),
        ({"A": 1, "B": 2}, {"A": 3}, {"A": 3, "B": 2}),
        ({"A": {"B": 1, "C": 2}}, {"A": {"B": 5}}, {"A": {"B": 5, "C": 2}}),
        ({"A": [1]}, {"A": [2, 3]}, {"A": [2, 3]}),
        ({"S": [{"V": "a"}, {"V": "b"}]}, {"S": {"1": {"V": "c"}}}, {"S": [{"V": "a"}, {"V": "c"}]}),
        ({"S": [{"V": "a"}]}, {"S": {"1": {"V": "b"}}}, {"S": [{"V": "a"}, {"V": "b"}]}),
        ({"S": []}, {"S": {"1": {"V": "b"}}}, {"S": [None, {"V": "b"}]}),
        ({"S": [1, 2]}, {"S": {}}, {"S": [1, 2]}),
        ({"S": [1, 2, 3]}, {"S": {"_deleted": ["0", "2"]}}, {"S": [2]}),
        ({"S": [1]}, {"S": {"Name": 1}}, {"S": {"Name": 1}}),
        ({"A": {"V": "1:20.0", "Lap": 7}}, {"A": {"V": "", "_deleted": ["Lap"]}}, {"A": {"V": ""}}),
        ({"A": 1}, {"_deleted": ["A", "B"]}, {}),
        ({"A": 1}, {"_deleted": 7, "B": 1}, {"A": 1, "B": 1}),
        ({"A": 1}, {"A": {"B": 1}}, {"A": {"B": 1}}),
        ({"A": {"B": 1}}, {"A": None}, {"A": None}),
        ({"A": 1}, "text", "text"),
    ],
)
def test_delta_changes_only_what_it_names(state: Json, delta: Json, expected: Json) -> None:
    before = copy.deepcopy((state, delta))
    assert merged(state, delta) == expected
    assert (state, delta) == before


def test_states_follow_one_another_from_a_start() -> None:
    assert list(states([{"B": 1}, {"A": 2}], start={"A": 1})) == [{"A": 1, "B": 1}, {"A": 2, "B": 1}]


def test_untouched_parts_are_shared() -> None:
    state: dict[str, Json] = {"A": {"B": 1}, "C": {"D": 1}}
    after = merged(state, {"C": {"D": 2}})
    assert isinstance(after, dict)
    assert after["A"] is state["A"]


def test_topic_is_read_line_by_line() -> None:
    body = b'\xef\xbb\xbf00:00:01.000{"A":1}\r\n00:00:02.000{"A":\r\nx\r\n00:00:03.000[1]\r\n00:00:04.000{"A'
    stream = read_topic(body)
    assert stream.messages == [TopicMessage(1, 1000, {"A": 1}), TopicMessage(4, 3000, [1])]
    assert [fault.line_number for fault in stream.faults] == [2, 3, 5]
    assert "cannot be read" in stream.faults[0].reason
    assert "without a line end" in stream.faults[2].reason
