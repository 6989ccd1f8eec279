"""What a build of marts means for one weekend: rows, checks, what dbt's tests said."""

from __future__ import annotations

from dataclasses import replace

from assets.marts.step import MARTS, MartsReport
from assets.reports import StepReport, report_tables, weekend_pieces
from lake.checks import Check, CheckOutcome
from lake.lake import Lake

DBT_CHECK = "dbt_tests_pass"
"""Check of every mart: keys, relationships and values, tested by dbt before anything is published."""

DBT_RULE = Check(
    DBT_CHECK,
    lambda _frames: (),
    (),
    description="Key, relationships to dimensions, values: dbt tests them, and what fails is not published.",
)
"""That check as it is declared; dbt finds the violations."""


def marts_step_report(lake: Lake, done: MartsReport, weekend_key: str) -> StepReport:
    """Return the report of a build for one of its weekends.

    Args:
        lake: The lake.
        done: The build.
        weekend_key: The weekend.
    """
    pieces = weekend_pieces(lake.ledger, MARTS, weekend_key)
    tables = report_tables(MARTS, pieces, done.outcome, {})
    reports = {
        name: replace(report, checks=(*report.checks, *_dbt_outcome(done, name)))
        for name, report in tables.items()
    }
    return StepReport("marts", reports, done.outcome.release_id)


def _dbt_outcome(done: MartsReport, table: str) -> tuple[CheckOutcome, ...]:
    """Return what dbt's tests of a mart said; none where the mart was not built."""
    own = [test for test in done.tests if f"marts.{test.model}" == table]
    if not own:
        return ()
    broken = tuple(f"{test.name}: {test.message or test.status}" for test in own if test.status != "pass")
    return (CheckOutcome(DBT_CHECK, table, True, broken),)  # noqa: FBT003
