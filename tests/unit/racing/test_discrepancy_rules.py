"""Rules are described where readers look for them, and rows keep their shape."""

from __future__ import annotations

from pathlib import Path

import pytest

from racing.discrepancy_rules import RULES, Discrepancy, Explanation, discrepancy_rows, unexplained

PAGE = Path(__file__).resolve().parents[3] / "docs" / "explanation" / "discrepancies.md"


@pytest.mark.parametrize("rule", sorted(RULES))
def test_every_rule_is_explained_on_its_page(rule: str) -> None:
    assert f"`{rule}`" in PAGE.read_text(encoding="utf-8")


def test_rows_carry_values_as_text_and_say_whether_they_are_explained() -> None:
    found = [
        Discrepancy("laps_completed", "4", "norris", 57, None, unexplained("why not")),
        Discrepancy("gap_to_winner_ms", "4", None, 1.5, 2, Explanation("time_penalty", "5 s")),
    ]
    rows = discrepancy_rows(found, session_key="2024-08-R", left_source="timing", right_source="jolpica")
    assert rows.select("season", "weekend_key", "session_key").row(0) == (2024, "2024-08", "2024-08-R")
    assert rows.select("measure", "left_value", "right_value", "is_explained").rows() == [
        ("gap_to_winner_ms", "1.5", "2", True),
        ("laps_completed", "57", None, False),
    ]


def test_rows_have_the_contract_of_their_table() -> None:
    from lake.tables.curated_discrepancies import CURATED_DISCREPANCIES
    from lake.tables.curated_results import CURATED_RESULTS
    from racing.discrepancy_rules import DISCREPANCY_SCHEMA
    from racing.results import RESULT_SCHEMA

    assert tuple(DISCREPANCY_SCHEMA) == CURATED_DISCREPANCIES.column_names
    assert tuple(RESULT_SCHEMA) == CURATED_RESULTS.column_names
