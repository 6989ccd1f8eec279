"""Messages of race control become typed events."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from lake.tables.registry import ALL_TABLES
from racing.race_control_events import RACE_CONTROL_EVENT_SCHEMA, type_race_control_messages
from racing.race_control_invariants import race_control_messages_are_understood
from racing.race_control_rules import EVENT_KINDS, EVENT_STATES, RULES

MESSAGES_SCHEMA = {
    "season": pl.Int32,
    "weekend_key": pl.String,
    "session_key": pl.String,
    "message_number": pl.Int32,
    "sent_at": pl.Datetime("us", "UTC"),
    "category": pl.String,
    "message": pl.String,
    "flag": pl.String,
    "flag_scope": pl.String,
    "marshal_sector_number": pl.Int32,
    "car_number": pl.String,
    "lap_number": pl.Int32,
}
IDENTITIES = pl.DataFrame({"car_number": ["7", "8"], "driver_key": ["swift", "steady"]})


def events(*messages: dict[str, Any] | str) -> pl.DataFrame:
    rows = [
        {"season": 2030, "weekend_key": "2030-01", "session_key": "2030-01-R", "message_number": number}
        | ({"category": "Other", "message": message} if isinstance(message, str) else message)
        for number, message in enumerate(messages, start=1)
    ]
    return type_race_control_messages(pl.DataFrame(rows, schema=MESSAGES_SCHEMA), IDENTITIES)


def event(message: dict[str, Any] | str) -> dict[str, Any]:
    return events(message).row(0, named=True)


@pytest.mark.parametrize(
    ("message", "kind", "state"),
    [
        (
            "TURN 3 INCIDENT INVOLVING CARS 7 (SWI) AND 8 (STE) NOTED - CAUSING A COLLISION",
            "INCIDENT",
            "NOTED",
        ),
        (
            "FIA STEWARDS: INCIDENT INVOLVING CAR 7 (SWI) UNDER INVESTIGATION - FALSE START",
            "INCIDENT",
            "UNDER_INVESTIGATION",
        ),
        (
            "FIA STEWARDS: PIT LANE INCIDENT INVOLVING CAR 7 (SWI) WILL BE INVESTIGATED AFTER THE RACE",
            "INCIDENT",
            "INVESTIGATED_LATER",
        ),
        (
            "FIA STEWARDS: TURN 2 INCIDENT INVOLVING CAR 7 (SWI) REVIEWED NO FURTHER INVESTIGATION",
            "INCIDENT",
            "NO_FURTHER_ACTION",
        ),
        (
            "TURN 4 INCIDENT INVOLVING CARS 7 (SWI) AND 8 (STE) - NO INVESTIGATION NECESSARY",
            "INCIDENT",
            "NO_FURTHER_ACTION",
        ),
        (
            "INCIDENT INVOLVING CAR 7 (SWI) NOTED - FAILING TO SERVE TIME PENALTY CORRECTLY",
            "INCIDENT",
            "NOTED",
        ),
        (
            "RED FLAG INCIDENT INVOLVING CAR 7 (SWI) WILL BE INVESTIGATED AFTER THE SESSION",
            "INCIDENT",
            "INVESTIGATED_LATER",
        ),
        ("RACE WILL RESUME AT 15:44 - STANDING START PROCEDURE", "SESSION", "WILL_RESUME"),
        ("SESSION WILL RE-START AT 16:20", "SESSION", "WILL_RESUME"),
        ("SESSION WILL NOT BE RESUMED", "SESSION", "NOT_RESUMED"),
        ("Q2 WILL START AT 15:30", "SESSION", "WILL_START"),
        ("ABORTED START", "SESSION", "START_ABORTED"),
        ("RACE RESUMED", "SESSION", "RESUMED"),
        ("SPRINT STARTED", "SESSION", "STARTED"),
        ("SESSION SUSPENDED", "SESSION", "STOPPED"),
        ("QUALIFYING CANCELLED", "SESSION", "ENDED"),
        ("PIT LANE START FOR CAR 7 (SWI)", "SESSION", "PIT_LANE_START"),
        ("USE OF WET WEATHER TYRES IS MANDATORY", "NOTICE", None),
        ("PRACTICE STARTS CANCELLED", "NOTICE", None),
        ("FORMATION LAP WILL BE STARTED BEHIND THE SAFETY CAR", "SESSION", "FORMATION_LAP"),
        ("SAFETY CAR DEPLOYED", "SAFETY_CAR", "DEPLOYED"),
        ("SAFETY CAR IN THIS LAP", "SAFETY_CAR", "IN_THIS_LAP"),
        ("SAFETY CAR WILL USE START/FINISH STRAIGHT", "SAFETY_CAR", None),
        ("VIRTUAL SAFETY CAR DEPLOYED", "VIRTUAL_SAFETY_CAR", "DEPLOYED"),
        ("VIRTUAL SAFETY CAR ENDING", "VIRTUAL_SAFETY_CAR", "ENDING"),
        ("DRS ENABLED IN ZONE 2", "DRS", "ENABLED"),
        ("OVERTAKE MODE DISABLED", "CAR_SYSTEM", "DISABLED"),
        ("CAR 7 (SWI) SPUN AND CONTINUED AT TURN 1", "CAR_EVENT", "SPUN"),
        ("CAR 7 (SWI) OFF TRACK AND CONTINUED AT TURN 4", "CAR_EVENT", "OFF_TRACK"),
        ("PIT LANE ENTRY CLOSED", "PIT_LANE", "ENTRY_CLOSED"),
        ("TRACK SURFACE SLIPPERY IN TRACK SECTOR 7", "TRACK", "SLIPPERY"),
        ("RECOVERY VEHICLE ON TRACK AT TURN 9", "TRACK", "OBSTRUCTED"),
        ("RISK OF RAIN FOR F1 RACE IS 60%", "WEATHER", "RISK_OF_RAIN"),
        ("PINK HEAD PADDING MATERIAL MUST BE USED", "NOTICE", None),
        ("A TORTOISE HAS WON", "OTHER", None),
    ],
)
def test_form_of_announcement_says_kind_and_state(message: str, kind: str, state: str | None) -> None:
    found = event(message)
    assert (found["event_kind"], found["event_state"]) == (kind, state)


@pytest.mark.parametrize(
    ("message", "kind", "milliseconds", "places", "state"),
    [
        (
            "FIA STEWARDS: 5 SECOND TIME PENALTY FOR CAR 7 (SWI) - TRACK LIMITS",
            "TIME",
            5000,
            None,
            "GIVEN",
        ),
        (
            "FIA STEWARDS: PENALTY SERVED - 10 SECOND TIME PENALTY FOR CAR 7 (SWI) - TRACK LIMITS",
            "TIME",
            10_000,
            None,
            "SERVED",
        ),
        (
            "FIA STEWARDS: 10 SECOND STOP/GO PENALTY FOR CAR 7 (SWI) - TRACK LIMITS",
            "STOP_GO",
            10_000,
            None,
            "GIVEN",
        ),
        ("DRIVE THROUGH PENALTY FOR CAR 7 (SWI) - TRACK LIMITS", "DRIVE_THROUGH", None, None, "GIVEN"),
        ("FIA STEWARDS: 3 PLACE GRID PENALTY FOR CAR 7 (SWI) - TRACK LIMITS", "GRID", None, 3, "GIVEN"),
        ("REPRIMAND FOR CAR 7 (SWI) - TRACK LIMITS", "REPRIMAND", None, None, "GIVEN"),
        ("CAR 7 (SWI) DISQUALIFIED - TRACK LIMITS", "DISQUALIFICATION", None, None, "GIVEN"),
    ],
)
def test_penalty_has_kind_length_and_reason(
    message: str, kind: str, milliseconds: int | None, places: int | None, state: str
) -> None:
    found = event(message)
    assert (found["event_kind"], found["event_state"]) == ("PENALTY", state)
    assert (found["penalty_kind"], found["penalty_ms"]) == (kind, milliseconds)
    assert (found["penalty_places_count"], found["reason"]) == (places, "TRACK LIMITS")
    assert (found["car_number"], found["driver_key"]) == ("7", "swift")


def test_deleted_lap_has_time_lap_place_and_reason() -> None:
    found = event("CAR 8 (STE) TIME 1:32.340 DELETED - TRACK LIMITS AT TURN 6 LAP 52 16:40:13 (NEXT LAP)")
    assert found["event_kind"] == "LAP_DELETED"
    assert (found["named_lap_time_ms"], found["named_lap_number"]) == (92_340, 52)
    assert (found["place"], found["turn_number"], found["local_time"]) == ("TURN 6", 6, "16:40:13")
    assert (found["reason"], found["note"], found["car_numbers"]) == ("TRACK LIMITS", "NEXT LAP", "8")


def test_remark_in_brackets_is_no_car() -> None:
    found = event("CAR 8 (STE) LAP DELETED - TRACK LIMITS AT TURN 14 LAP 11 15:24:40 (PIT)")
    assert (found["car_numbers"], found["note"], found["named_lap_number"]) == ("8", "PIT", 11)


def test_reinstated_lap_is_its_own_kind() -> None:
    first, second = events(
        "CAR 7 (SWI) TIME 1:20.755 WILL BE REINSTATED", "CAR 7 (SWI) LAP 1 WILL BE REINSTATED"
    ).rows(named=True)
    assert (first["event_kind"], first["named_lap_time_ms"]) == ("LAP_REINSTATED", 80_755)
    assert (second["event_kind"], second["named_lap_number"]) == ("LAP_REINSTATED", 1)


@pytest.mark.parametrize(
    ("message", "cars"),
    [
        ("INCIDENT INVOLVING CARS 12 (ANT), 7 (SWI), 31 (OCO) AND 8 (STE) NOTED", "12,7,31,8"),
        ("TURN 2 INCIDENT INVOLVING CARS 14 (ALO),27 (HUL)  AND 35 (SIR) NOTED", "14,27,35"),
        ("LAPPED CARS MAY NOW OVERTAKE - 2,9,10,20,28", "2,9,10,20,28"),
        ("LAPPED CARS MAY NOW OVERTAKE THE SAFETY CAR: 18, 23", "18,23"),
        ("ORDER FOR RESTART: 1, 11, 4", "1,11,4"),
        ("INCIDENT INVOLVING MCLAREN NOTED - PIT LANE INFRINGEMENT", None),
        ("ALL CARS MAY OVERTAKE THE SAFETY CAR", None),
    ],
)
def test_cars_are_named_in_order(message: str, cars: str | None) -> None:
    assert event(message)["car_numbers"] == cars


def test_flags_have_place_from_feed_or_words() -> None:
    sector = {
        "category": "Flag",
        "flag": "DOUBLE YELLOW",
        "flag_scope": "Sector",
        "marshal_sector_number": 10,
    }
    driver = {"category": "Flag", "flag_scope": "Driver"}
    found = events(
        sector | {"message": "DOUBLE YELLOW IN TRACK SECTOR 10"},
        "YELLOW IN PIT LANE",
        "FIA STEWARDS: BLACK FLAG FOR CAR 8 (STE)",
        driver | {"flag": "BLUE", "car_number": "8", "message": "WAVED BLUE FLAG FOR CAR 8 (STE)"},
        driver
        | {"flag": "BLACK AND WHITE", "message": "BLACK AND WHITE FLAG FOR CAR 7 (SWI) - PENALTY NOTED"},
    )
    assert set(found["event_kind"]) == {"FLAG"}
    assert found["flag"].to_list() == ["DOUBLE YELLOW", "YELLOW", "BLACK", "BLUE", "BLACK AND WHITE"]
    assert found["flag_scope"].to_list() == ["SECTOR", "PIT_LANE", "DRIVER", "DRIVER", "DRIVER"]
    assert found["marshal_sector_number"].to_list() == [10, None, None, None, None]
    assert found["car_number"].to_list() == [None, None, "8", "8", "7"]


def test_correction_is_marked_whoever_speaks() -> None:
    found = event(
        "FIA STEWARDS: CORRECTION: INCIDENT INVOLVING CAR 7 (SWI) NO FURTHER ACTION \N{EN DASH} JUMP START"
    )
    assert (found["is_from_stewards"], found["is_amended"], found["reason"]) == (True, True, "JUMP START")


def test_message_without_text_is_other_unless_its_category_says_more() -> None:
    found = events({"category": None, "message": None}, {"category": "SafetyCar", "message": "ODD"})
    assert found["event_kind"].to_list() == ["OTHER", "SAFETY_CAR"]


def test_messages_not_understood_are_named_one_by_one() -> None:
    frames = {"curated.race_control_events": events("SAFETY CAR DEPLOYED", "A TORTOISE HAS WON")}
    (violation,) = race_control_messages_are_understood(frames)
    assert str(violation) == "2030-01-R, message 2: no rule understands 'A TORTOISE HAS WON'"


def test_no_messages_give_an_empty_frame_of_the_schema() -> None:
    assert events().schema == pl.Schema(RACE_CONTROL_EVENT_SCHEMA)


def test_every_rule_gives_a_kind_and_state_of_the_contract() -> None:
    columns = {column.name: column.values for column in ALL_TABLES["curated.race_control_events"].columns}
    assert columns["event_kind"] == EVENT_KINDS
    assert {rule.kind for rule in RULES} == set(EVENT_KINDS) - {"OTHER"}
    assert {rule.state for rule in RULES} - {None} == set(EVENT_STATES)
