"""Which weekends a text names."""

import datetime as dt
from dataclasses import replace

import pytest

from orchestration.errors import InvalidWeekendRangeError
from orchestration.weekend_ranges import (
    has_started,
    named_weekend,
    read_range,
    split_by_start,
    weekends_in,
)
from sources.calendar_documents import CalendarSession, CalendarWeekend


def weekend(key: str, *, test: int | None = None, start: dt.datetime | None = None) -> CalendarWeekend:
    season = int(key[:4])
    session = CalendarSession(f"{key}-Q", "Q", "Qualifying", start, None)
    number = None if test else int(key[5:])
    return CalendarWeekend(key, season, number, test, "An event", dt.date(season, 6, 1), (session,))


def calendar(season: int) -> list[CalendarWeekend]:
    tests = [weekend(f"{season}-T1", test=1)]
    return tests + [weekend(f"{season}-{number:02d}") for number in (1, 2, 3)]


def keys(text: str) -> list[str]:
    return [found.weekend_key for found in weekends_in(read_range(text), calendar)]


def test_season_is_all_its_rounds_without_tests() -> None:
    assert keys("2024") == ["2024-01", "2024-02", "2024-03"]


def test_weekend_is_itself() -> None:
    assert keys("2024-02") == ["2024-02"]
    assert keys("2024-T1") == ["2024-T1"]


def test_range_crosses_seasons_and_includes_both_ends() -> None:
    assert keys("2023-02..2024-01") == ["2023-02", "2023-03", "2024-01"]
    assert keys("2023..2024-01") == ["2023-01", "2023-02", "2023-03", "2024-01"]
    assert keys("2023-03..2024") == ["2023-03", "2024-01", "2024-02", "2024-03"]


def test_test_comes_before_the_first_round() -> None:
    assert keys("2024-T1..2024-01") == ["2024-T1", "2024-01"]


@pytest.mark.parametrize("text", ["", "last year", "2024-8", "2024..", "..2024", "1949", "2024-05..x"])
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(InvalidWeekendRangeError):
        read_range(text)


def test_range_that_ends_before_it_begins_is_refused_with_the_right_order() -> None:
    with pytest.raises(InvalidWeekendRangeError, match=r"2023\.\.2024"):
        read_range("2024..2023")


def test_weekend_has_started_with_its_first_session() -> None:
    start = dt.datetime(2024, 5, 24, 11, 30, tzinfo=dt.UTC)
    friday = weekend("2024-08", start=start)
    assert not has_started(friday, start - dt.timedelta(minutes=1))
    assert has_started(friday, start)


def test_weekend_without_instants_has_started_the_day_after_its_date() -> None:
    old = weekend("1950-01")
    assert not has_started(old, dt.datetime(1950, 6, 1, 23, tzinfo=dt.UTC))
    assert has_started(old, dt.datetime(1950, 6, 2, tzinfo=dt.UTC))


def test_split_by_start_keeps_the_order() -> None:
    found = split_by_start(calendar(2023) + calendar(2024), dt.datetime(2023, 12, 1, tzinfo=dt.UTC))
    assert [len(part) for part in found] == [4, 4]


PLACES = {
    "Bahrain Grand Prix": ("Sakhir", "Bahrain"),
    "Emilia Romagna Grand Prix": ("Imola", "Italy"),
    "Spanish Grand Prix": ("Barcelona", "Spain"),
    "Belgian Grand Prix": ("Spa-Francorchamps", "Belgium"),
    "Italian Grand Prix": ("Monza", "Italy"),
    "United States Grand Prix": ("Austin", "United States"),
    "São Paulo Grand Prix": ("São Paulo", "Brazil"),
    "Las Vegas Grand Prix": ("Las Vegas", "United States"),
}


def placed_calendar(season: int) -> list[CalendarWeekend]:
    testing = replace(weekend(f"{season}-T1", test=1), event_name="Pre-Season Testing", country="Bahrain")
    return [
        testing,
        *(
            replace(weekend(f"{season}-{number:02d}"), event_name=name, location=place[0], country=place[1])
            for number, (name, place) in enumerate(PLACES.items(), start=1)
        ),
    ]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("2024-monza", "Italian Grand Prix"),
        ("2024-italian", "Italian Grand Prix"),
        ("2024-imola", "Emilia Romagna Grand Prix"),
        ("2024-brazil", "São Paulo Grand Prix"),
        ("2024-spa", "Belgian Grand Prix"),
        ("2024-bahrain", "Bahrain Grand Prix"),
        ("2024-testing", "Pre-Season Testing"),
        ("2024-united states", "United States Grand Prix"),
    ],
)
def test_weekend_may_be_named_by_its_town_or_country(text: str, name: str) -> None:
    found = named_weekend(text, placed_calendar)
    assert found is not None
    assert found.event_name == name


@pytest.mark.parametrize(
    ("text", "choices"),
    [
        ("2024-italy", ["2024-02 Emilia Romagna Grand Prix (Imola, Italy)", "2024-05 Italian"]),
        ("2024-usa", ["2024-06 United States", "2024-08 Las Vegas"]),
    ],
)
def test_country_of_several_races_is_refused_with_these_alone(text: str, choices: list[str]) -> None:
    with pytest.raises(InvalidWeekendRangeError) as raised:
        named_weekend(text, placed_calendar)
    said, *lines = str(raised.value).splitlines()
    assert said.startswith("several weekends of 2024")
    assert len(lines) == len(choices)
    assert all(choice in line for choice, line in zip(choices, lines, strict=True))


def test_unknown_name_is_answered_with_the_nearest_and_a_line_for_each_weekend() -> None:
    with pytest.raises(InvalidWeekendRangeError) as raised:
        named_weekend("2024-mnoza", placed_calendar)
    said, _, *lines = str(raised.value).splitlines()
    assert "did you mean 2024-05 Italian Grand Prix (Monza, Italy)" in said
    assert len(lines) == len(PLACES) + 1


def named_calendar(season: int) -> list[CalendarWeekend]:
    names = ("Monaco Grand Prix", "São Paulo Grand Prix", "British Grand Prix")
    return [
        replace(found, event_name=name)
        for found, name in zip(calendar(season)[1:], names, strict=True)
        if season == 2024
    ]


@pytest.mark.parametrize(
    ("text", "key"), [("2024-monaco", "2024-01"), ("2024 Sao-Paulo", "2024-02"), ("2024-BRITISH", "2024-03")]
)
def test_weekend_may_be_named_by_its_place(text: str, key: str) -> None:
    found = named_weekend(text, named_calendar)
    assert found is not None
    assert found.weekend_key == key


@pytest.mark.parametrize("text", ["2024", "2024-08", "2024-T1", "2023..2024"])
def test_keys_are_no_names(text: str) -> None:
    assert named_weekend(text, named_calendar) is None


def test_name_of_several_or_of_none_is_refused_with_the_choices() -> None:
    with pytest.raises(InvalidWeekendRangeError, match=r"(?s)several weekends.*2024-01 Monaco"):
        named_weekend("2024-grand prix", named_calendar)
    with pytest.raises(InvalidWeekendRangeError, match=r"(?s)no weekend.*2024-03 British"):
        named_weekend("2024-narnia", named_calendar)
    with pytest.raises(InvalidWeekendRangeError, match="another season"):
        named_weekend("1999-monaco", named_calendar)
