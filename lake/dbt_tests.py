"""What the tests of the marts said, in words that say where to look.

Running them is ``lake/dbt_run.py``.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from lake.dbt_run import NodeOutcome
from lake.errors import MartsBuildError, MartsTestsFailedError


@dataclass(frozen=True)
class TestOutcome:
    """What one dbt test said.

    Attributes:
        name: Name of the test.
        model: Model it tests.
        status: ``pass``, ``fail``, ``error`` or ``skipped``.
        failures: Rows that fail; null where dbt counted none.
        message: What is wrong, with an example of a failing row; null where nothing is.
    """

    __test__ = False  # pytest: not a class of tests

    name: str
    model: str
    status: str
    failures: int | None
    message: str | None


def judged_tests(nodes: list[NodeOutcome], connection: duckdb.DuckDBPyConnection) -> list[TestOutcome]:
    """Return what the tests said where all models were built and no test failed.

    Args:
        nodes: What dbt said of every model and test of a build.
        connection: The build's database, for the examples.

    Raises:
        MartsBuildError: If a model could not be built; says which and why.
        MartsTestsFailedError: If a test failed; says which, on what model, with how many rows and an example.
    """
    broken = [node for node in nodes if node.kind != "test" and node.status == "error"]
    if broken:
        lines = "\n".join(f"  - {node.model}: {_one_line(node.message)}" for node in broken)
        raise MartsBuildError(
            f"Nothing is published, as models of the marts could not be built ({len(broken)}):\n{lines}"
        )
    tests = [_outcome(node, connection) for node in nodes if node.kind == "test"]
    failed = [test for test in tests if test.status in {"fail", "error"}]
    if failed:
        raise MartsTestsFailedError(tuple(f"{test.model}: {test.name}: {test.message}" for test in failed))
    return tests


def _outcome(node: NodeOutcome, connection: duckdb.DuckDBPyConnection) -> TestOutcome:
    message = None
    if node.status == "error":
        message = _one_line(node.message)
    elif node.status == "fail":
        message = f"{node.failures} failing rows, such as {_example(node, connection)}"
    return TestOutcome(node.name, node.model, node.status, node.failures, message)


def _example(node: NodeOutcome, connection: duckdb.DuckDBPyConnection) -> str:
    found = connection.sql(f"select * from ({node.sql}) order by all limit 1")  # noqa: S608 (our own test)
    row = found.fetchone() or ()
    return ", ".join(f"{name} {value}" for name, value in zip(found.columns, row, strict=False))


def _one_line(message: str | None) -> str:
    return " ".join((message or "dbt gives no reason").split())
