"""Answers are written below their questions, and writing them again changes nothing."""

import pyarrow as pa
import pytest

from orchestration.doc_answers import as_markdown, with_answers

ROWS = pa.table({"name": ["a|b", None], "gap_s": [1.23456789, 2.0], "is_dnf": [True, False]})
TABLE = "| name | gap_s | is_dnf |\n| --- | --- | --- |\n| a\\|b | 1.23457 | true |\n|  | 2 | false |\n"
PAGE = "# Page\n\n```sql\nselect 1\n```\n\n{answer}{gap}Then more.\n\n```sql\nselect 1\n```\n"


def test_null_is_empty_and_numbers_have_six_digits() -> None:
    assert as_markdown(ROWS) == TABLE


@pytest.mark.parametrize("answer", ["", "| old |\n| --- |\n| 1 |\n\n", TABLE + "\n"])
def test_answer_follows_its_question(answer: str) -> None:
    written = with_answers(PAGE.format(answer=answer, gap=""), lambda _sql: ROWS)
    assert written == PAGE.format(answer=TABLE, gap="\n") + "\n" + TABLE
    assert with_answers(written, lambda _sql: ROWS) == written
