"""Weekends of two calendars are matched by date and circuit, never by round number."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest

from racing.errors import AmbiguousWeekendError, UnknownWeekendError, WeekendMismatchError
from racing.weekends import jolpica_round_of, match_weekends, rounds_without_weekend

SCHEDULE = {
    "season": pl.Int32,
    "event_number": pl.Int32,
    "round_number": pl.Int32,
    "test_number": pl.Int32,
    "event_name": pl.String,
    "official_event_name": pl.String,
    "country": pl.String,
    "location": pl.String,
    "event_format": pl.String,
    "event_date": pl.Date,
    "gmt_offset": pl.String,
    "session_number": pl.Int32,
}
CALENDAR = {
    "season": pl.Int32,
    "round_id_jolpica": pl.Int32,
    "race_name": pl.String,
    "circuit_id_jolpica": pl.String,
    "circuit_name": pl.String,
    "locality": pl.String,
    "country": pl.String,
    "latitude_deg": pl.Float64,
    "longitude_deg": pl.Float64,
    "race_date": pl.Date,
    "sprint_start_at": pl.Datetime("us", "UTC"),
}
TIMING = {
    "weekend_key": pl.String,
    "session_key": pl.String,
    "meeting_id_f1": pl.Int32,
    "official_event_name": pl.String,
}
NO_TIMING = pl.DataFrame(schema=TIMING)


def announced(
    number: int | None, name: str, place: str, country: str, day: str, **more: Any
) -> dict[str, Any]:
    return {
        "season": 2026,
        "event_number": number or 1,
        "round_number": number,
        "event_name": name,
        "country": country,
        "location": place,
        "event_format": "conventional" if number else "testing",
        "event_date": dt.date.fromisoformat(day),
        "session_number": 5,
        **more,
    }


def jolpica(number: int, name: str, place: str, country: str, day: str, circuit: str) -> dict[str, Any]:
    return {
        "season": 2026,
        "round_id_jolpica": number,
        "race_name": name,
        "circuit_id_jolpica": circuit,
        "circuit_name": f"{circuit} circuit",
        "locality": place,
        "country": country,
        "race_date": dt.date.fromisoformat(day),
    }


def matched(events: list[dict[str, Any]], rounds: list[dict[str, Any]]) -> list[dict[str, Any]]:
    schedule = pl.DataFrame(events, schema=SCHEDULE)
    return match_weekends(schedule, pl.DataFrame(rounds, schema=CALENDAR), NO_TIMING).to_dicts()


def test_round_numbers_do_not_match_weekends() -> None:
    weekends = matched(
        [announced(4, "Miami Grand Prix", "Miami Gardens", "United States", "2026-05-03")],
        [jolpica(6, "Miami Grand Prix", "Miami", "USA", "2026-05-03", "miami")],
    )
    assert [(row["weekend_key"], row["round_id_jolpica"], row["matched_by"]) for row in weekends] == [
        ("2026-04", 6, "date_and_circuit")
    ]
    assert weekends[0]["match_note"] == "Jolpica counts it as round 6"
    assert weekends[0]["circuit_key"] == "miami"


def test_moved_event_is_matched_by_circuit_with_a_note() -> None:
    events = [announced(16, "Bahrain Grand Prix", "Kuala Lumpur", "Bahrain", "2026-10-04")]
    rounds = [
        jolpica(4, "Bahrain Grand Prix", "Sakhir", "Bahrain", "2026-04-12", "bahrain"),
        jolpica(5, "Saudi Arabian Grand Prix", "Jeddah", "Saudi Arabia", "2026-04-19", "jeddah"),
    ]
    weekends = matched(events, rounds)
    assert [(row["weekend_key"], row["round_id_jolpica"], row["matched_by"]) for row in weekends] == [
        ("2026-16", 4, "circuit")
    ]
    for part in ("2026-10-04", "2026-04-12", "Kuala Lumpur", "Sakhir"):
        assert part in weekends[0]["match_note"]


def test_event_held_under_another_sun_is_not_at_the_circuit_of_the_other_calendar() -> None:
    event = announced(16, "Bahrain Grand Prix", "Kuala Lumpur", "Bahrain", "2026-10-04", gmt_offset="+08:00")
    bahrain = {
        **jolpica(4, "Bahrain Grand Prix", "Sakhir", "Bahrain", "2026-04-12", "bahrain"),
        "longitude_deg": 50.5,
    }
    (weekend,) = matched([event], [bahrain])
    assert (weekend["round_id_jolpica"], weekend["matched_by"]) == (4, "circuit")
    assert (weekend["circuit_key"], weekend["circuit_locality"]) == ("kuala_lumpur", "Kuala Lumpur")
    assert weekend["latitude_deg"] is None
    assert "UTC+08:00" in weekend["match_note"]
    (at_home,) = matched([{**event, "gmt_offset": "+03:00"}], [bahrain])
    assert at_home["circuit_key"] == "bahrain"
    assert "UTC" not in at_home["match_note"]


def test_round_that_f1_does_not_announce_is_no_weekend_but_can_be_asked_for() -> None:
    rounds = pl.DataFrame(
        [jolpica(5, "Saudi Arabian Grand Prix", "Jeddah", "Saudi Arabia", "2026-04-19", "jeddah")],
        schema=CALENDAR,
    )
    schedule = pl.DataFrame(
        [announced(1, "Australian Grand Prix", "Melbourne", "Australia", "2026-03-08")], SCHEDULE
    )
    weekends = match_weekends(schedule, rounds, NO_TIMING)
    assert weekends["matched_by"].to_list() == ["f1_only"]
    assert "Saudi Arabian Grand Prix" in weekends["match_note"][0]
    assert rounds_without_weekend(weekends, rounds)["race_name"].to_list() == ["Saudi Arabian Grand Prix"]


def test_two_races_at_one_circuit_are_told_apart_by_date() -> None:
    events = [
        announced(1, "Austrian Grand Prix", "Spielberg", "Austria", "2026-07-05"),
        announced(2, "Styrian Grand Prix", "Spielberg", "Austria", "2026-07-12"),
    ]
    rounds = [
        jolpica(8, "Styrian Grand Prix", "Spielberg", "Austria", "2026-07-12", "red_bull_ring"),
        jolpica(7, "Austrian Grand Prix", "Spielberg", "Austria", "2026-07-05", "red_bull_ring"),
    ]
    assert [row["round_id_jolpica"] for row in matched(events, rounds)] == [7, 8]


def test_swapped_dates_follow_the_circuit() -> None:
    events = [
        announced(1, "Turkish Grand Prix", "Istanbul", "Turkey", "2026-09-27"),
        announced(2, "Russian Grand Prix", "Sochi", "Russia", "2026-11-15"),
    ]
    rounds = [
        jolpica(1, "Russian Grand Prix", "Sochi", "Russia", "2026-09-27", "sochi"),
        jolpica(2, "Turkish Grand Prix", "Istanbul", "Turkey", "2026-11-15", "istanbul"),
    ]
    assert [(row["circuit_key"], row["matched_by"]) for row in matched(events, rounds)] == [
        ("istanbul", "circuit"),
        ("sochi", "circuit"),
    ]


def test_local_date_and_utc_date_are_one_day() -> None:
    weekends = matched(
        [announced(21, "Las Vegas Grand Prix", "Las Vegas", "United States", "2026-11-21")],
        [jolpica(22, "Las Vegas Grand Prix", "Las Vegas", "USA", "2026-11-22", "vegas")],
    )
    assert weekends[0]["matched_by"] == "date_and_circuit"
    assert "local date and UTC" in weekends[0]["match_note"]


def test_different_events_on_one_date_are_an_error_that_names_both() -> None:
    with pytest.raises(
        WeekendMismatchError, match=r"F1 round 3 Dutch Grand Prix .*Jolpica round 9 Brazilian"
    ):
        matched(
            [announced(3, "Dutch Grand Prix", "Zandvoort", "Netherlands", "2026-08-23")],
            [jolpica(9, "Brazilian Grand Prix", "São Paulo", "Brazil", "2026-08-23", "interlagos")],
        )


def test_event_with_two_equal_counterparts_is_an_error_that_names_both() -> None:
    with pytest.raises(AmbiguousWeekendError, match=r"Jolpica round 2 .* or Jolpica round 3"):
        matched(
            [announced(3, "British Grand Prix", "Silverstone", "United Kingdom", "2026-10-10")],
            [
                jolpica(2, "70th Anniversary Grand Prix", "Silverstone", "UK", "2026-07-05", "silverstone"),
                jolpica(3, "Jubilee Grand Prix", "Silverstone", "UK", "2026-07-12", "silverstone"),
            ],
        )


def test_date_alone_matches_where_a_calendar_says_nothing_of_the_place() -> None:
    weekends = matched(
        [{**announced(3, "Nowhere Grand Prix", "", "", "2026-10-10"), "country": None, "location": None}],
        [jolpica(2, "Grand Prix of Nowhere Land", "Somewhere", "Far", "2026-10-10", "nowhere")],
    )
    assert [(row["matched_by"], row["circuit_key"]) for row in weekends] == [("date", "nowhere")]


def test_season_without_f1_calendar_has_jolpicas_rounds() -> None:
    weekends = matched([], [jolpica(3, "Monaco Grand Prix", "Monte-Carlo", "Monaco", "2026-05-24", "monaco")])
    assert [(row["weekend_key"], row["round_number"], row["matched_by"]) for row in weekends] == [
        ("2026-03", 3, "jolpica_only")
    ]


def test_season_without_jolpica_has_f1s_weekends() -> None:
    weekends = matched([announced(3, "Monaco Grand Prix", "Monte Carlo", "Monaco", "2026-05-24")], [])
    assert [(row["matched_by"], row["circuit_key"], row["match_note"]) for row in weekends] == [
        ("f1_only", "monte_carlo", None)
    ]


def test_no_calendar_at_all_gives_no_weekends() -> None:
    assert matched([], []) == []


def test_preseason_test_is_at_the_circuit_of_the_weekend_in_the_same_place() -> None:
    events = [
        announced(None, "Pre-Season Testing", "Bahrain", "Bahrain", "2026-02-13", test_number=1),
        announced(4, "Bahrain Grand Prix", "Sakhir", "Bahrain", "2026-04-12"),
    ]
    rounds = [jolpica(4, "Bahrain Grand Prix", "Sakhir", "Bahrain", "2026-04-12", "bahrain")]
    weekends = {row["weekend_key"]: row for row in matched(events, rounds)}
    test = weekends["2026-T1"]
    assert (test["is_test"], test["round_number"], test["circuit_key"]) == (True, None, "bahrain")
    assert test["round_id_jolpica"] is None


def test_meeting_of_the_feed_is_named_once_a_session_was_read() -> None:
    schedule = pl.DataFrame(
        [announced(4, "Miami Grand Prix", "Miami", "United States", "2026-05-03")], SCHEDULE
    )
    timing = pl.DataFrame(
        [("2026-04", "2026-04-R", 1284, "FORMULA 1 MIAMI GRAND PRIX")], TIMING, orient="row"
    )
    weekend = match_weekends(schedule, pl.DataFrame(schema=CALENDAR), timing).row(0, named=True)
    assert (weekend["meeting_id_f1"], weekend["official_event_name"]) == (1284, "FORMULA 1 MIAMI GRAND PRIX")


def test_jolpicas_round_is_asked_by_our_key() -> None:
    schedule = pl.DataFrame(
        [announced(4, "Miami Grand Prix", "Miami", "United States", "2026-05-03")], SCHEDULE
    )
    rounds = pl.DataFrame([jolpica(6, "Miami Grand Prix", "Miami", "USA", "2026-05-03", "miami")], CALENDAR)
    weekends = match_weekends(schedule, rounds, NO_TIMING)
    assert jolpica_round_of(weekends, "2026-04") == 6
    assert jolpica_round_of(match_weekends(schedule, rounds.clear(), NO_TIMING), "2026-04") is None
    with pytest.raises(UnknownWeekendError, match=r"2026-09 .* known are: 2026-04"):
        jolpica_round_of(weekends, "2026-09")
