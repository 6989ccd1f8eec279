"""Runs the sessions of an invented weekend; the grids come from the qualifyings."""

from __future__ import annotations

from sources.synthetic.field import invented_field
from sources.synthetic.official_result import qualifying_result
from sources.synthetic.options import WeekendOptions
from sources.synthetic.practice_model import run_practice
from sources.synthetic.qualifying_model import run_qualifying
from sources.synthetic.race_result import run_race
from sources.synthetic.session_run import SessionRun


def run_weekend(options: WeekendOptions) -> dict[str, SessionRun]:
    """Return the sessions asked for, and those that their grids come from, by code.

    Qualifying is always run. Which sessions are asked for changes nothing in any other.
    """
    entries = invented_field(options)
    runs: dict[str, SessionRun] = {"Q": run_qualifying(options, entries)}
    for code in options.sessions:
        if code.startswith("FP"):
            runs[code] = run_practice(options, entries, code)
    if {"S", "SQ"} & set(options.sessions):
        runs["SQ"] = run_qualifying(options, entries, "SQ")
    for code, grid_from in (("S", "SQ"), ("R", "Q")):
        if code in options.sessions:
            qualifying = runs[grid_from]
            grid = tuple(qualifying.entry(row.car_number) for row in qualifying_result(qualifying))
            runs[code] = run_race(options, grid, code)
    return runs
