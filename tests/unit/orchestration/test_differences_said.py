"""What is said of differences that nothing explains."""

from __future__ import annotations

import io

from rich.console import Console

from orchestration.cli.differences import say_unexplained


def said(counts: dict[str, int]) -> str:
    printed = io.StringIO()
    say_unexplained(Console(file=printed, width=60), counts, "f1lake sql")
    return printed.getvalue()


def test_number_and_statement_are_said_for_each_weekend() -> None:
    text = said({"2024-10": 38, "2024-11": 1})
    assert "nothing explains: 2024-10 38, 2024-11 1." in text
    assert (
        'f1lake sql "select session_key, measure, subject, left_value, right_value '
        "from curated.discrepancies where weekend_key = '2024-10' and not is_explained\"\n"
    ) in text


def test_many_weekends_are_counted() -> None:
    assert "15 in 5 weekends" in said({f"2024-0{number}": number for number in range(1, 6)})


def test_nothing_is_said_where_everything_is_explained() -> None:
    assert said({}) == ""
