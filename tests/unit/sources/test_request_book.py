"""The limits on requests hold, for one process and for several."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sources.request_book import ANY_LIMIT, JOLPICA_LIMIT, RequestBook, RequestLimit, limits_of

JOLPICA = "https://api.jolpi.ca/ergast/f1/2024.json"
TIMING = "https://livetiming.formula1.com/static/x"


@pytest.mark.parametrize(
    ("url", "groups"),
    [
        (JOLPICA, ["jolpica", "any"]),
        (TIMING, ["any"]),
        ("https://jolpi.ca.example.org/x", ["any"]),
        ("http://127.0.0.1:8000/x", []),
        ("http://localhost/x", []),
        ("http://[::1]:80/x", []),
    ],
)
def test_only_real_hosts_count(url: str, groups: list[str]) -> None:
    assert [limit.group for limit in limits_of(url)] == groups


def test_four_requests_a_second(tmp_path: Path) -> None:
    book = RequestBook(tmp_path)
    assert [book.reserve((ANY_LIMIT,), 1000.0) for _ in range(3)] == [0.0, 0.25, 0.5]
    assert book.reserve((), 1000.0) == 0.0


def test_hourly_limit_makes_the_next_request_wait(tmp_path: Path) -> None:
    book, limit = RequestBook(tmp_path), RequestLimit("few", 3)
    for second in range(3):
        assert book.reserve((limit,), 1000.0 + second) == 0.0
    assert book.reserve((limit,), 1010.0) == pytest.approx(3590.0)
    assert book.reserve((limit,), 1010.0) == pytest.approx(3591.0)


def test_requests_of_the_last_hour_are_forgotten(tmp_path: Path) -> None:
    book, limit = RequestBook(tmp_path), RequestLimit("few", 1)
    book.reserve((limit,), 1000.0)
    assert book.reserve((limit,), 1000.0 + 3601.0) == 0.0


def test_wait_is_foretold_without_reserving(tmp_path: Path) -> None:
    book = RequestBook(tmp_path)
    assert book.expected_wait_s([TIMING] * 5, 1000.0) == pytest.approx(1.0)
    assert book.expected_wait_s([JOLPICA] * 201, 1000.0) == pytest.approx(3600.0)
    assert book.expected_wait_s([TIMING] * 501, 1000.0) == pytest.approx(3600.0)
    assert book.expected_wait_s(["http://127.0.0.1/x"] * 501, 1000.0) == 0.0
    assert book.reserve((JOLPICA_LIMIT, ANY_LIMIT), 1000.0) == 0.0


def test_processes_share_one_book(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from sources.request_book import *\n"
        "book = RequestBook(Path(sys.argv[1]))\n"
        "for _ in range(20): print(book.reserve((ANY_LIMIT,), 5000.0))"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    root = Path(__file__).resolve().parents[3]
    running = [subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    waits = sorted(float(line) for process in running for line in process.communicate()[0].split())
    assert [process.returncode for process in running] == [0, 0, 0]
    assert waits == pytest.approx([number * 0.25 for number in range(60)])
