"""Weekends are found by name among those that the lake holds, without any source."""

from typing import cast

import pyarrow as pa
import pytest

from lake.lake import Lake
from orchestration.errors import InvalidWeekendRangeError
from orchestration.held_weekends import held_calendar, held_range

TEST_AND_RACES = [
    ("2024-16", 16, "Italian Grand Prix", "Italy", "Monza"),
    ("2024-08", 8, "Monaco Grand Prix", "Monaco", "Monaco"),
    ("2024-T1", None, "Pre-Season Testing", "Bahrain", "Sakhir"),
]


class FixtureLake:
    """Holds the calendar of 2024."""

    def read(self, table: str, where: dict[str, int], columns: list[str]) -> pa.Table:
        assert table == "curated.weekends"
        held = TEST_AND_RACES if where["season"] == 2024 else []
        return pa.Table.from_pylist([dict(zip(columns, (2024, *row, None), strict=True)) for row in held])


LAKE = cast("Lake", FixtureLake())


def test_calendar_is_in_order_with_its_test() -> None:
    weekends = held_calendar(LAKE, 2024)
    assert [weekend.weekend_key for weekend in weekends] == ["2024-08", "2024-16", "2024-T1"]
    assert [weekend.test_number for weekend in weekends] == [None, None, 1]


@pytest.mark.parametrize(("text", "key"), [("2024-monza", "2024-16"), ("2024-testing", "2024-T1")])
def test_name_is_found(text: str, key: str) -> None:
    found = held_range(LAKE, text)
    assert found is not None
    assert (found.first, found.last) == (key, key)


def test_keys_and_ranges_need_no_calendar() -> None:
    found = held_range(LAKE, "2022-05..2023")
    assert found is not None
    assert (found.first, found.last) == ("2022-05", "2023")


def test_name_of_a_season_that_is_not_there_is_nothing_and_an_unknown_one_is_refused() -> None:
    assert held_range(LAKE, "2023-monza") is None
    with pytest.raises(InvalidWeekendRangeError, match="narnia"):
        held_range(LAKE, "2024-narnia")
