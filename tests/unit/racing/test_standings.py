"""Both championships after a weekend: order, names, and points behind the leader."""

from __future__ import annotations

from typing import Any

import polars as pl

from lake.tables.registry import ALL_TABLES
from racing.standings import STANDING_SCHEMA, describe_standings


def _rows(table: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    empty = pl.DataFrame(pl.from_arrow(ALL_TABLES[f"processed.jolpica__{table}"].arrow_schema.empty_table()))
    return pl.DataFrame(rows, schema=empty.schema)


def _driver(order: int, name: str, points: float, *, position: int | None, text: str = "") -> dict[str, Any]:
    return {
        "season": 1997,
        "weekend_key": "1997-17",
        "standing_order": order,
        "position": position,
        "position_text": text or str(position or "-"),
        "points": points,
        "wins_count": 0,
        "driver_id_jolpica": name,
        "first_name": "Any",
        "last_name": name.title(),
        "constructor_ids_jolpica": "red|blue",
    }


NOBODY = _rows("driver_standings", [])
NO_TEAM = _rows("constructor_standings", [])


def test_an_excluded_driver_leads_nobody() -> None:
    drivers = [
        _driver(1, "excluded", 90, position=None, text="D"),
        _driver(2, "champion", 81, position=1),
        _driver(3, "second", 42.14, position=2),
    ]
    rows = describe_standings(_rows("driver_standings", drivers), NO_TEAM)
    assert rows["points_behind_leader"].to_list() == [-9.0, 0.0, 38.86]
    assert rows["position"].to_list() == [None, 1, 2]


def test_where_nobody_is_ranked_the_most_points_lead() -> None:
    drivers = [_driver(1, "a", 0, position=None), _driver(2, "b", 0, position=None)]
    rows = describe_standings(_rows("driver_standings", drivers), NO_TEAM)
    assert rows["points_behind_leader"].to_list() == [0.0, 0.0]


def test_drivers_and_constructors_have_their_own_keys() -> None:
    team = _driver(1, "x", 5, position=1)
    team |= {"constructor_id_jolpica": "red", "constructor_name": "Red"}
    constructors = _rows(
        "constructor_standings", [{name: team[name] for name in team if name in NO_TEAM.columns}]
    )
    rows = describe_standings(_rows("driver_standings", [_driver(1, "x", 3, position=1)]), constructors)
    assert rows.select("championship", "driver_key", "team_key", "team_keys", "competitor_name").rows() == [
        ("constructors", None, "red", None, "Red"),
        ("drivers", "x", None, "red blue", "Any X"),
    ]


def test_a_season_without_standings_has_none() -> None:
    rows = describe_standings(NOBODY, NO_TEAM)
    assert rows.is_empty()
    assert rows.schema == STANDING_SCHEMA
