"""An answer without rows says which season, weekend or session is not there."""

from types import SimpleNamespace
from typing import Any, cast

import pyarrow as pa
import pytest

from orchestration.cli.absent_hints import absence_hint, say_absence

WEEKENDS = [
    {
        "season": 2024,
        "weekend_key": f"2024-{number:02d}",
        "round_number": number,
        "event_name": f"{name} Grand Prix",
        "country": country,
        "location": town,
        "scheduled_date": None,
    }
    for number, name, country, town in ((8, "Monaco", "Monaco", "Monaco"), (16, "Italian", "Italy", "Monza"))
]
SESSIONS = [
    {
        "session_key": f"2024-16-{code}",
        "session_number": number,
        "has_timing": code != "FP1",
        "has_official_result": code == "R",
    }
    for number, code in enumerate(("FP1", "Q", "R"), start=1)
]
NO_ROWS = pa.table({"lap_number": pa.array([], pa.int32())})


class FixtureLake:
    """Holds one weekend of 2024, whose first practice was not ingested."""

    def read(self, table: str, *_: object, **__: object) -> pa.Table:
        return pa.Table.from_pylist(SESSIONS if table == "curated.sessions" else WEEKENDS)


class BrokenLake:
    """Cannot be read."""

    def read(self, *_: object, **__: object) -> pa.Table:
        raise RuntimeError("the disk is gone")


def hint(condition: str, answer: pa.Table = NO_ROWS, lake: Any = None) -> str | None:
    statement = f"select * from marts.fct_lap l where {condition}"
    return absence_hint(lake or FixtureLake(), statement, answer, lambda *words: " ".join(("f1lake", *words)))


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("season = 2023", "Nothing of 2023 here yet: `f1lake backfill 2023` fills it."),
        ("2023 = l.season", "`f1lake backfill 2023`"),
        ("season in (2022, 2023, 2024)", "`f1lake backfill 2022 2023`"),
        ("season between 2020 and 2023", "`f1lake backfill 2020..2023`"),
        ("session_key = '2023-08-R'", "Nothing of 2023-08 here yet: `f1lake ingest 2023-08` fills it."),
        ("weekend_key in ('2024-16', '2023-08')", "`f1lake ingest 2023-08`"),
        ("session_key like '2023-%'", "`f1lake backfill 2023`"),
        ("session_key = '2023-monza'", "`f1lake backfill 2023`"),
        ("session_key = '2024-16'", "compare weekend_key with it, or session_key with '2024-16-R'"),
        ("weekend_key = '2024-16-R'", "its weekend_key is '2024-16'"),
        ("session_key = '2024-monza'", "write session_key = '2024-16-R'"),
        ("session_key = '2024-narnia'", "'2024-narnia' is no key"),
        ("session_key = '2024-16-S'", "2024-16 has no session S, but FP1 Q R"),
        ("session_key = '2024-16-FP1'", "neither laps nor a result here: `f1lake status 2024-16`"),
        ("session_key = '2024'", "'2024' is a season"),
    ],
)
def test_what_is_not_there_is_said(condition: str, said: str) -> None:
    assert said in str(hint(condition))


@pytest.mark.parametrize(
    "condition",
    [
        "lap_number = 999",
        "season = 2024 and lap_number = 999",
        "session_key = '2024-16-R' and lap_number = 999",
        "session_key like '2024-16%' and lap_number = 999",
        "season <> 2023 and session_key <> '2023-08-R' and season not in (2022)",
        "lap_time_ms = 2023",
        "strftime(lap_start_at, '%Y-%m') = '2023-08'",
        "lap_number = 999 -- season = 2023",
        "driver_key = 'it''s season = 2023'",
    ],
)
def test_nothing_is_said_where_nothing_is_named_or_all_is_there(condition: str) -> None:
    assert hint(condition) is None


@pytest.mark.parametrize("row", [{"n": 0}, {"n": 0, "mean": None}, {"best": None}])
def test_a_row_that_counts_nothing_is_an_empty_answer(row: dict[str, object]) -> None:
    assert hint("season = 2023", pa.Table.from_pylist([row]))


@pytest.mark.parametrize("rows", [[{"n": 3}], [{"n": 0, "team": "x"}], [{"is_it": False}], [{"n": 0}] * 2])
def test_an_answer_with_rows_is_left_alone(rows: list[dict[str, object]]) -> None:
    assert hint("season = 2023", pa.Table.from_pylist(rows)) is None


def test_a_hint_that_fails_says_so_and_hides_nothing() -> None:
    said: list[str] = []
    call = SimpleNamespace(command=" ".join, err=SimpleNamespace(remark=said.append))
    statement = "select * from marts.fct_lap where season = 2023"
    say_absence(cast("Any", call), cast("Any", BrokenLake()), statement, NO_ROWS)
    assert said == ["what the lake lacks could not be looked up: RuntimeError: the disk is gone"]
