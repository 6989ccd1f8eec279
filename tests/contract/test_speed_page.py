"""The page of measured figures says what was measured."""

from __future__ import annotations

import json

from benchmarks.run_all import BENCHMARKS
from benchmarks.speed_page import PAGE, RESULTS, page


def test_page_is_written_from_the_kept_figures_of_every_benchmark() -> None:
    report = json.loads(RESULTS.read_text(encoding="utf-8"))
    assert set(report) == set(BENCHMARKS)
    assert PAGE.read_text(encoding="utf-8") == page(report)
