"""Writes ``docs/explanation/speed.md`` from the measured figures, so that the page says what was measured."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results" / "latest.json"
PAGE = ROOT / "docs" / "explanation" / "speed.md"
TEXT = Path(__file__).with_suffix(".md")
"""The page with names of figures in braces."""

_DECODERS = {
    "compiled": "ours, compiled",
    "plain": "ours, without numba",
    "orjson": "orjson, objects only",
    "fastf1": "FastF1",
}
_LAKE = {
    "commit": "a new weekend into two tables",
    "replace": "a weekend's rows replaced by others",
    "read": "the laps of a weekend, read",
    "query": "the same by SQL",
}


def page(report: Mapping[str, Any]) -> str:
    """Return the page's text.

    Args:
        report: What ``latest.json`` holds: every benchmark's figures.
    """
    figures = {name: part["figures"] for name, part in report.items()}
    newest = max(report.values(), key=lambda part: str(part["measured_at"]))
    environment = newest["environment"]
    session, decoder, backfill = figures["session"], figures["decoder"], figures["backfill"]
    commits = sorted({str(part["environment"]["commit"])[:7] for part in report.values()})
    return TEXT.read_text(encoding="utf-8").format(
        day=str(newest["measured_at"])[:10],
        cores=environment["cores"],
        processor=environment["processor"],
        system=environment["system"],
        python=environment["python"],
        fastf1=environment["versions"]["fastf1"],
        note="commit " + " and ".join(commits),
        car_values=f"{decoder['values']['car']:,}",
        position_values=f"{decoder['values']['position']:,}",
        decoders="\n".join(_decoder_row(decoder, name) for name in _DECODERS),
        session_ours=session["ours"]["seconds"],
        session_fastf1=session["fastf1_cold_load"]["seconds"],
        session_times=session["times_faster_than_fastf1"],
        again=session["f1lake_ingest"]["unchanged_seconds"],
        first=session["f1lake_ingest"]["first_seconds"],
        again_share=session["f1lake_ingest"]["unchanged_share"],
        invented=figures["demo"]["invented_weekend_seconds"],
        demo=figures["demo"]["demo_seconds"],
        memory=backfill["peak_memory_mb"],
        memory_one=backfill["by_one_process"]["peak_memory_mb"],
        backfill=backfill["backfill_seconds"],
        backfill_times=backfill["times_fastf1_alone"],
        backfill_one=backfill["by_one_process"]["backfill_seconds"],
        backfill_one_times=backfill["by_one_process"]["times_fastf1_alone"],
        fastf1_season=backfill["fastf1_alone"]["seconds"],
        unchanged=backfill["unchanged_backfill_seconds"],
        unchanged_share=backfill["unchanged_share"],
        seasons=", ".join(f"{seconds:.0f}" for seconds in figures["seasons"]["seconds"].values()),
        further=figures["seasons"]["slowest_further_over_first"],
        lake="\n".join(_lake_row(figures["lake"], name) for name in _LAKE),
        questions=figures["questions"]["questions"],
        slowest=figures["questions"]["slowest_seconds"] * 1000,
    )


def write_page() -> None:
    """Write the page anew from the kept figures."""
    PAGE.write_text(page(json.loads(RESULTS.read_text(encoding="utf-8"))), encoding="utf-8")


def _decoder_row(decoder: Mapping[str, Any], name: str) -> str:
    values = decoder["million_values_per_second"][name]
    times = 1.0 if name == "fastf1" else decoder["times_faster_than_fastf1"][name]["both"]
    return f"| {_DECODERS[name]} | {values['car']:.1f} | {values['position']:.1f} | {times:.1f} |"


def _lake_row(lake: Mapping[str, Any], name: str) -> str:
    one, full, ratio = lake[f"{name}_one_ms"], lake[f"{name}_full_ms"], lake[f"{name}_ratio"]
    return f"| {_LAKE[name]} | {one:.0f} ms | {full:.0f} ms | {ratio:.2f} |"


if __name__ == "__main__":
    write_page()
