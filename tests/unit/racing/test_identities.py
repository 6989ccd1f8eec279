"""Drivers of a session are named by its own result, else by the weekend's, else by the feed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl

from racing.identities import resolve_drivers

_FEED = "car_number driver_code driver_reference full_name first_name last_name team_name team_colour"
_JOLPICA = (
    "car_number driver_id_jolpica driver_code first_name last_name nationality "
    "constructor_id_jolpica constructor_name"
)
DRIVERS = dict.fromkeys(_FEED.split(), pl.String)
ENTRIES = {**dict.fromkeys(_JOLPICA.split(), pl.String), "date_of_birth": pl.Date}


def listed(
    number: str, code: str | None, first: str, last: str, team: str = "McLaren", **more: Any
) -> dict[str, Any]:
    reference = f"{first[:3]}{last[:3]}01".upper()
    return {
        "car_number": number,
        "driver_code": code,
        "driver_reference": reference,
        "first_name": first,
        "last_name": last,
        "team_name": team,
        **more,
    }


def entry(
    number: str | None, driver: str, code: str | None, first: str, last: str, team: str = "mclaren"
) -> dict[str, Any]:
    return {
        "car_number": number,
        "driver_id_jolpica": driver,
        "driver_code": code,
        "first_name": first,
        "last_name": last,
        "nationality": "British",
        "date_of_birth": dt.date(1999, 11, 13),
        "constructor_id_jolpica": team,
        "constructor_name": team.title(),
    }


NORRIS = entry("4", "norris", "NOR", "Lando", "Norris")


def resolved(
    session: str,
    drivers: list[dict[str, Any]],
    *,
    laps: tuple[str, ...] = (),
    results: tuple[dict[str, Any], ...] = (),
    sprint: tuple[dict[str, Any], ...] = (),
    qualifying: tuple[dict[str, Any], ...] = (),
) -> list[dict[str, Any]]:
    return resolve_drivers(
        pl.DataFrame(drivers, schema=DRIVERS),
        pl.DataFrame({"car_number": list(laps)}, schema={"car_number": pl.String}),
        pl.DataFrame(list(results), schema=ENTRIES),
        pl.DataFrame(list(sprint), schema=ENTRIES),
        pl.DataFrame(list(qualifying), schema=ENTRIES),
        session_key=session,
    ).to_dicts()


def keys(rows: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return [(row["car_number"], row["driver_key"], row["evidence"]) for row in rows]


def test_result_of_the_session_names_the_driver_by_number() -> None:
    rows = resolved("2024-08-R", [listed("4", "NOR", "Lando", "Norris")], results=(NORRIS,))
    assert keys(rows) == [("4", "norris", "result_number")]
    assert rows[0]["team_key"] == "mclaren"
    assert rows[0]["team_name"] == "McLaren"
    assert rows[0]["nationality"] == "British"
    assert rows[0]["is_provisional"] is False


def test_car_number_of_another_driver_is_not_taken_over() -> None:
    drivers = [
        listed("1", "NOR", "Lando", "Norris"),
        listed("33", "VER", "Max", "Verstappen", "Red Bull Racing"),
    ]
    results = (
        entry("1", "max_verstappen", "VER", "Max", "Verstappen", "red_bull"),
        entry("4", "norris", "NOR", "Lando", "Norris"),
    )
    assert keys(resolved("2026-01-R", drivers, results=results)) == [
        ("1", "norris", "result_code"),
        ("33", "max_verstappen", "result_code"),
    ]


def test_differing_code_alone_does_not_make_another_driver() -> None:
    rows = resolved(
        "2024-08-R",
        [listed("4", "LNO", "Lando", "Norris")],
        results=(entry("4", "norris", "NOR", "Lando", "Norris"),),
    )
    assert keys(rows) == [("4", "norris", "result_number")]


def test_practice_borrows_from_the_results_of_the_weekend() -> None:
    drivers = [listed("4", "NOR", "Lando", "Norris"), listed("81", None, "Oscar", "Piastri")]
    results = (NORRIS, entry("81", "piastri", "PIA", "Oscar", "Piastri"))
    assert keys(resolved("2024-08-FP1", drivers, results=results)) == [
        ("4", "norris", "season_code"),
        ("81", "piastri", "season_name"),
    ]


def test_reserve_driver_keeps_the_feeds_reference_and_gets_the_teams_key() -> None:
    drivers = [listed("4", "NOR", "Lando", "Norris"), listed("29", "OWA", "Pato", "O'Ward")]
    rows = resolved("2024-20-FP1", drivers, results=(NORRIS,))
    assert keys(rows)[0] == ("29", "ref:pato'w01", "feed_reference")
    assert rows[0]["team_key"] == "mclaren"
    assert rows[0]["is_provisional"] is False


def test_laps_without_a_list_of_drivers_are_named_by_the_weekends_numbers() -> None:
    rows = resolved("2020-05-FP2", [], laps=("4", "4", "99"), results=(NORRIS,))
    assert keys(rows) == [("4", "norris", "weekend_number"), ("99", "2020#99", "number_only")]
    assert [row["is_provisional"] for row in rows] == [False, True]


def test_without_any_result_the_feed_names_the_drivers() -> None:
    assert keys(resolved("2025-20-Q", [listed("4", "NOR", "Lando", "Norris")])) == [
        ("4", "ref:lannor01", "feed_reference")
    ]


def test_drivers_of_the_season_name_those_of_a_weekend_without_results() -> None:
    drivers = pl.DataFrame([listed("4", "NOR", "Lando", "Norris")], schema=DRIVERS)
    nothing = pl.DataFrame(schema=ENTRIES)
    season = pl.DataFrame([NORRIS], schema=ENTRIES).drop(
        "car_number", "constructor_id_jolpica", "constructor_name"
    )
    rows = resolve_drivers(
        drivers, drivers, nothing, nothing, nothing, session_key="2025-20-Q", season_drivers=season
    ).to_dicts()
    assert keys(rows) == [("4", "norris", "season_code")]
    assert rows[0]["team_key"] == "mclaren"


def test_team_without_a_result_is_keyed_by_a_slug_of_its_name() -> None:
    rows = resolved("2025-20-Q", [listed("27", "HUL", "Nico", "Hülkenberg", "Kick Sauber")])
    assert rows[0]["team_key"] == "kick_sauber"


def test_accents_do_not_keep_names_apart() -> None:
    rows = resolved(
        "2024-08-FP1",
        [listed("27", None, "Nico", "Hulkenberg", "Haas")],
        qualifying=(entry("27", "hulkenberg", "HUL", "Nico", "Hülkenberg", "haas"),),
    )
    assert keys(rows) == [("27", "hulkenberg", "season_name")]


def test_namesakes_are_told_apart_by_first_name() -> None:
    results = (
        entry("5", "michael_schumacher", None, "Michael", "Schumacher", "ferrari"),
        entry("6", "ralf_schumacher", None, "Ralf", "Schumacher", "williams"),
    )
    rows = resolved("2024-08-FP1", [listed("47", None, "Ralf", "Schumacher", "Williams")], results=results)
    assert keys(rows) == [("47", "ralf_schumacher", "season_name")]


def test_shared_drive_gives_a_row_for_each_driver() -> None:
    results = (
        entry("2", "musso", None, "Luigi", "Musso", "ferrari"),
        entry("2", "fangio", None, "Juan", "Fangio", "ferrari"),
        entry("2", "fangio", None, "Juan", "Fangio", "ferrari"),
        entry(None, "unnumbered", None, "No", "Number", "ferrari"),
    )
    assert keys(resolved("1956-01-R", [], results=results)) == [
        ("-", "unnumbered", "result_number"),
        ("2", "musso", "result_number"),
        ("2", "fangio", "result_number"),
    ]


def test_entry_that_never_went_out_is_there_too() -> None:
    rows = resolved(
        "2024-03-Q",
        [listed("4", "NOR", "Lando", "Norris")],
        qualifying=(NORRIS, entry("2", "sargeant", "SAR", "Logan", "Sargeant", "williams")),
    )
    assert keys(rows) == [("2", "sargeant", "result_number"), ("4", "norris", "result_number")]


def test_sprint_is_named_by_its_own_result() -> None:
    other = entry("4", "somebody", "SOM", "Some", "Body")
    rows = resolved("2024-05-S", [listed("4", "NOR", "Lando", "Norris")], results=(other,), sprint=(NORRIS,))
    assert keys(rows) == [("4", "norris", "result_number")]


def test_nothing_known_gives_no_drivers() -> None:
    assert resolved("2024-05-S", []) == []
