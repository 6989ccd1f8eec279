"""A statement that names what is not there is answered with where it is."""

from pathlib import Path

import pytest

from lake.lake import Lake
from lake.settings import LakeSettings
from lake.tables.registry import ALL_TABLES
from orchestration.cli.sql_hints import ask, sql_hint


@pytest.mark.parametrize(
    ("statement", "hint"),
    [
        ("select full_name from marts.fct_lap", "full_name is a column of marts.dim_driver"),
        ("select weekend from fct_lap", "Did you mean weekend_key?"),
        ("select l.lap_ms from fct_lap as l", "Did you mean lap_time_ms"),
        ("select zzz from fct_stint", "f1lake describe marts.fct_stint shows the columns"),
        ("select * from lapps", "f1lake tables lists all tables"),
    ],
)
def test_error_has_a_note_on_what_to_do_next(statement: str, hint: str, tmp_path: Path) -> None:
    with (
        Lake.open(LakeSettings(home=tmp_path)) as lake,
        pytest.raises(Exception, match=r"Error:") as raised,
    ):
        ask(lake, statement)
    assert hint in "".join(raised.value.__notes__)


def test_other_errors_get_no_note() -> None:
    assert sql_hint("Parser Error: syntax error at or near selec", "selec 1", ALL_TABLES) is None


def test_zone_of_a_table_may_be_left_out(tmp_path: Path) -> None:
    with Lake.open(LakeSettings(home=tmp_path)) as lake:
        assert ask(lake, "select * from fct_lap").num_rows == 0
        assert "fct_lap" in ask(lake, "show tables")["name"].to_pylist()
        connection = lake.connect()
        assert connection.sql("select count(*) from stints").fetchall() == [(0,)]
        connection.close()
