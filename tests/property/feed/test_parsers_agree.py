"""The compiled parser and the plain one give the same for every message, whole or damaged."""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import numba
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from racing.feed import memory
from racing.feed.car_data import decode_car_messages
from racing.feed.compiled_samples import CompiledSampleReader
from racing.feed.plain_samples import PlainSampleReader
from racing.feed.position_data import decode_position_messages
from racing.feed.samples import CAR_DATA, POSITION_DATA, Layout
from racing.feed.stream import StreamMessage

SETTINGS = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])

SPACES = st.sampled_from(["", "", "", "", " ", "\n", "\t \r", "\v"])
NUMBERS = st.one_of(
    st.integers(-20_000, 20_000).map(str),
    st.sampled_from(["104", "0", "-0", "1.5", "-7.25", "00", "01", "1e3", "-", "2147483647", "-2147483648"]),
    st.sampled_from(["123456789", "1234567890", "99999999999999999999", "1.", ".5", "NaN", "5E-1", "1.5e1"]),
    st.integers(-(2**40), 2**40).map(str),
)
OTHER_VALUES = st.sampled_from(
    [
        *("null", "true", "false", '"OnTrack"', '"OffTrack"', '"Stopped"', '"0"', '"1"', '"12"', '""', '"é"'),
        *('"\\u0031"', '"a\\"b"', "[]", "{}", '{"X":1}', "[1,2]", "nul", "True", "falsE", '"open'),
    ]
)
VALUES = st.one_of(NUMBERS, NUMBERS, NUMBERS, OTHER_VALUES)
MOMENTS = st.one_of(
    st.datetimes().map(lambda moment: f'"{moment.isoformat()}Z"'),
    st.sampled_from(
        [
            *('"2025-10-25T20:47:27.8777755Z"', '"2025-10-25T20:47:27Z"', '"2024-02-29T00:00:00.12345Z"'),
            *('"2023-02-29T00:00:00Z"', '"2025-10-25T24:00:00Z"', '"2025-10-25T20:47:27.Z"', "null", "5"),
            *('"2100-03-01T00:00:00Z"', '"1969-12-31T23:59:59Z"', '"2025-10-25T20:47:27.1ZZ"', '""'),
            '"2025-1a-25T20:47:27Z"',
        ]
    ),
)
CAR_NUMBERS = st.sampled_from(
    ["1", "1", "4", "44", "81", "999", "1000", "0", "04", "-0", "-4", "", "A", "é", "4 ", "Ω"]
)
CAR_FIELDS = st.sampled_from(
    ["0", "2", "3", "4", "5", "45", "45", "1", "46", "00", "X", "Channels", "\\u0032"]
)
POSITION_FIELDS = st.sampled_from(["Status", "Status", "X", "Y", "Z", "x", "W", "XY", "Status1", "Status "])


@st.composite
def objects(draw: st.DrawFn, members: st.SearchStrategy[tuple[str, str]], most: int = 6) -> str:
    """Text of a JSON object; rarely with a fault of punctuation."""
    parts = [
        f'{draw(SPACES)}"{name}"{draw(SPACES)}:{draw(SPACES)}{value}{draw(SPACES)}'
        for name, value in draw(st.lists(members, max_size=most))
    ]
    opening, comma, closing = draw(
        st.sampled_from([("{", ",", "}")] * 20 + [("{", ",", ",}"), ("{", ",,", "}"), ("{", ",", "]")])
    )
    return opening + comma.join(parts) + closing


def lists(items: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(items, max_size=3).map(lambda parts: "[" + ",".join(parts) + "]")


def members(
    names: st.SearchStrategy[str], values: st.SearchStrategy[str]
) -> st.SearchStrategy[tuple[str, str]]:
    return st.tuples(names, values)


OTHER_MEMBERS = members(st.sampled_from(["Other", "Timestampe", "xChannels", "Utc1", "E"]), VALUES)


def messages(layout: Layout) -> st.SearchStrategy[str]:
    if layout is CAR_DATA:
        values = objects(members(CAR_FIELDS, VALUES), most=8)
        cars = objects(st.one_of(*[members(st.just("Channels"), values)] * 4, OTHER_MEMBERS), most=2)
    else:
        cars = objects(members(POSITION_FIELDS, VALUES))
    entries = objects(
        st.one_of(
            members(st.just(layout.moment), MOMENTS),
            members(st.just(layout.cars), objects(members(CAR_NUMBERS, cars))),
            OTHER_MEMBERS,
        ),
        most=4,
    )
    moment = f'"{layout.moment}":"2025-10-25T20:47:27.8777755Z"'
    usual_entries = objects(members(CAR_NUMBERS, cars)).map(
        lambda text: f'{{{moment},"{layout.cars}":{text}}}'
    )
    lists_of_entries = lists(st.one_of(usual_entries, usual_entries, entries))
    return objects(
        st.one_of(*[members(st.just(layout.entries), lists_of_entries)] * 5, OTHER_MEMBERS), most=2
    )


def read_plainly(layout: Layout, texts: list[bytes]) -> tuple[list[tuple[Any, ...]], list[tuple[int, str]]]:
    reader = PlainSampleReader(layout)
    reader.read(texts)
    return rows_of(reader), reader.problems


def read_compiled(
    layout: Layout, texts: list[bytes]
) -> tuple[list[tuple[Any, ...]], list[tuple[int, str]], int]:
    reader = CompiledSampleReader(PlainSampleReader(layout), payload_bytes=0)
    reader.read(texts)
    return rows_of(reader), reader.plain.problems, reader.left_count


def rows_of(reader: PlainSampleReader | CompiledSampleReader) -> list[tuple[Any, ...]]:
    samples = reader.samples()
    numbers = [samples.car_numbers[place] for place in samples.car]
    return list(
        zip(samples.message.tolist(), numbers, samples.utc_us.tolist(), *samples.values.tolist(), strict=True)
    )


def assert_parsers_agree(layout: Layout, texts: list[bytes]) -> int:
    rows, problems = read_plainly(layout, texts)
    compiled_rows, compiled_problems, left_count = read_compiled(layout, texts)
    assert compiled_rows == rows
    assert compiled_problems == problems
    return left_count


@pytest.mark.parametrize("layout", [CAR_DATA, POSITION_DATA], ids=["car", "position"])
@SETTINGS
@given(data=st.data())
def test_parsers_agree_on_made_up_messages(layout: Layout, data: st.DataObject) -> None:
    texts = data.draw(st.lists(messages(layout), min_size=1, max_size=4))
    assert_parsers_agree(layout, [text.encode() for text in texts])


@pytest.mark.parametrize("layout", [CAR_DATA, POSITION_DATA], ids=["car", "position"])
@SETTINGS
@given(data=st.data())
def test_parsers_agree_on_cars_as_the_feed_spells_them(layout: Layout, data: st.DataObject) -> None:
    moment = data.draw(MOMENTS)
    numbers = st.one_of(st.integers(-9, 20_000).map(str), NUMBERS, VALUES)
    cars = []
    for number in data.draw(st.lists(CAR_NUMBERS, max_size=4)):
        values = [data.draw(numbers) for _ in layout.fields]
        if layout is CAR_DATA:
            members_of_car = ",".join(
                f'"{n}":{value}' for n, value in zip(layout.fields, values, strict=True)
            )
            cars.append(f'"{number}":{{"Channels":{{{members_of_car}}}}}')
        else:
            status = data.draw(st.sampled_from(["OnTrack", "OffTrack", "OffTrack", "Stopped", "OnTrick"]))
            x, y, z = values[:3]
            cars.append(f'"{number}":{{"Status":"{status}","X":{x},"Y":{y},"Z":{z}}}')
    text = f'{{"{layout.entries}":[{{"{layout.moment}":{moment},"{layout.cars}":{{{",".join(cars)}}}}}]}}'
    assert_parsers_agree(layout, [USUAL[layout], text.encode(), USUAL[layout]])


USUAL = {
    CAR_DATA: (
        b'{"Entries":[{"Utc":"2025-10-25T20:47:27.8777755Z","Cars":{'
        b'"1":{"Channels":{"0":10590,"2":240,"3":6,"4":104,"5":100,"45":8}},'
        b'"44":{"Channels":{"0":0,"2":0,"3":0,"4":0,"5":0,"45":8}}}},'
        b'{"Utc":"2025-10-25T20:47:28.1Z","Cars":{"1":{"Channels":{"0":10590,"2":240}}}}]}'
    ),
    POSITION_DATA: (
        b'{"Position":[{"Timestamp":"2025-10-25T20:47:27.8777755Z","Entries":{'
        b'"1":{"Status":"OnTrack","X":-637,"Y":881,"Z":22266},'
        b'"44":{"Status":"OffTrack","X":0,"Y":0,"Z":-1}}}]}'
    ),
}


@pytest.mark.parametrize("layout", USUAL, ids=["car", "position"])
def test_usual_messages_are_not_left_to_the_plain_parser(layout: Layout) -> None:
    spaced = json.dumps(json.loads(USUAL[layout]), indent=2).encode()
    assert assert_parsers_agree(layout, [USUAL[layout], spaced, b" " + USUAL[layout] + b"\n"]) == 0


@pytest.mark.parametrize("layout", USUAL, ids=["car", "position"])
def test_parsers_agree_on_messages_cut_off_anywhere(layout: Layout) -> None:
    text = USUAL[layout]
    assert assert_parsers_agree(layout, [text[:end] for end in range(len(text))]) == len(text)


@pytest.mark.parametrize("layout", USUAL, ids=["car", "position"])
@SETTINGS
@given(data=st.data())
def test_parsers_agree_on_messages_with_changed_bytes(layout: Layout, data: st.DataObject) -> None:
    text = bytearray(USUAL[layout])
    likely = st.sampled_from(list(b'{}[]",:.-0159\\ e\x00\xc3'))
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(text) - 1))
        change = data.draw(st.sampled_from(["replace", "insert", "delete"]))
        piece = [] if change == "delete" else [data.draw(likely)]
        text[place : place + (change != "insert")] = bytes(piece)
    assert_parsers_agree(layout, [USUAL[layout], bytes(text), USUAL[layout]])


@pytest.mark.parametrize("decode", [decode_car_messages, decode_position_messages])
@given(payload=st.binary(max_size=60))
@settings(max_examples=50, deadline=None)
def test_no_payload_stops_the_decoder(decode: Any, payload: bytes) -> None:
    message = StreamMessage(7, 1000, payload)
    for parser in ("compiled", "plain"):
        decoded = decode([message], parser=parser)
        assert decoded.table.num_rows == 0
        assert [fault.line_number for fault in decoded.faults] == [7]


@pytest.fixture(scope="module")
def uncompiled_kernel() -> Iterator[ModuleType]:
    """The kernel as plain Python, so that what it does can be followed line by line."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(numba, "njit", lambda **_: lambda function: function)
        # Bytes of a numpy array are small integers that overflow in Python, those of bytes are not.
        patch.setattr(np, "frombuffer", lambda text, **_: text)
        patch.setattr(memory, "byte_at", lambda text, at: text[at])
        patch.setattr(memory, "word_at", _word_at)
        patch.setattr(memory, "trailing_zeros", lambda word: (word & -word).bit_length() - 1)
        values = _executed(patch, "racing.feed.kernel_values")
        patch.setattr(values, "address_of", lambda text: text)
        _executed(patch, "racing.feed.kernel_cars")
        yield _executed(patch, "racing.feed.kernel")


def _executed(patch: pytest.MonkeyPatch, name: str) -> ModuleType:
    """Return a module executed anew, which is the one that others then import."""
    spec = importlib.util.find_spec(name)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    patch.setitem(sys.modules, name, module)
    spec.loader.exec_module(module)
    return module


def _word_at(text: bytes, at: int) -> int:
    """Read what the compiled code reads by address, and notice reading behind the end."""
    word = text[at : at + 8]
    assert len(word) == 8
    return int.from_bytes(word, "little", signed=True)


@pytest.mark.parametrize("layout", USUAL, ids=["car", "position"])
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_uncompiled_kernel_gives_the_same(
    uncompiled_kernel: ModuleType, layout: Layout, data: st.DataObject
) -> None:
    texts = [text.encode() for text in data.draw(st.lists(messages(layout), min_size=1, max_size=4))]
    text = USUAL[layout]
    cut = data.draw(st.integers(0, len(text)))
    assert_parsers_agree(layout, [text, *texts, text[:cut]])
