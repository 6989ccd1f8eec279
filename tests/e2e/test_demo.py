"""``f1lake demo`` tells the truth about the invented weekend, and does nothing when it is run again."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from charts.race_trace import draw_race_trace
from charts.rendering import to_svg
from charts.tyres import draw_tyre_strategy
from lake.lake import Lake
from lake.settings import LakeSettings

if TYPE_CHECKING:
    from conftest import Demo

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / "docs" / "images"
RACE = "2025-90-R"
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


@pytest.fixture(scope="session")
def truth(demo: Demo) -> dict[str, Any]:
    """What really happened, as the inventor wrote it down."""
    (path,) = demo.home.glob("synthetic/*/truth.json")
    return json.loads(path.read_text(encoding="utf-8"))


def race_frame(lake: Lake, table: str) -> pl.DataFrame:
    return pl.DataFrame(pl.from_arrow(lake.read(table, {"session_key": RACE})))


def test_order_of_the_race_is_the_true_one(demo_lake: Lake, truth: dict[str, Any]) -> None:
    order = race_frame(demo_lake, "curated.results").sort("result_order")["car_number"].to_list()
    assert order == [row["car_number"] for row in truth["race"]]


def test_podium_is_printed_in_the_true_order(demo: Demo, demo_lake: Lake, truth: dict[str, Any]) -> None:
    drivers = demo_lake.read("marts.dim_driver").to_pylist()
    names = {driver["latest_car"]: driver["full_name"] for driver in drivers}
    places = [demo.printed.index(names[row["car_number"]]) for row in truth["race"][:3]]
    assert places == sorted(places)


def test_page_has_four_figures_and_every_driver(demo: Demo, demo_lake: Lake) -> None:
    assert demo.page.count("<svg") == 4
    for name in demo_lake.query("select full_name from marts.dim_driver")["full_name"].to_pylist():
        assert name in demo.page


def test_page_needs_nothing_from_elsewhere(demo: Demo) -> None:
    assert re.findall(r'(?:src|href)="(?!#)[^"]*"', demo.page) == []


def test_every_table_that_the_weekend_feeds_has_rows(demo_lake: Lake) -> None:
    # The invented weekend has no sprint, nothing damaged or doubtful and no season around it; its timing is
    # complete, so nobody asks Jolpica for laps and stops.
    empty = {
        "processed.jolpica__sprint_results",
        "processed.jolpica__laps",
        "processed.jolpica__pit_stops",
        "processed.fastf1__session_notes",
        "processed.live_timing__unreadable_lines",
        "processed.live_timing__championship_prediction",
    }
    for name in demo_lake.contracts:
        if not name.startswith("lake."):
            rows = demo_lake.read(name).num_rows
            assert (rows == 0) == (name in empty), (name, rows)


def test_nothing_differs_without_a_rule_that_explains_it(demo_lake: Lake) -> None:
    assert all(demo_lake.read("curated.discrepancies")["is_explained"].to_pylist())


@pytest.mark.parametrize("name", ["race-trace", "tyre-strategy"])
def test_picture_in_the_docs_is_what_the_demo_draws(name: str, demo_lake: Lake, tmp_path: Path) -> None:
    entries = race_frame(demo_lake, "curated.results").sort("result_order")
    colours = race_frame(demo_lake, "processed.fastf1__session_drivers").select("car_number", "team_colour")
    entries = entries.join(colours, on="car_number", how="left", maintain_order="left")
    title = "an invented Grand Prix"
    figure = (
        draw_race_trace(race_frame(demo_lake, "curated.laps"), entries, title)
        if name == "race-trace"
        else draw_tyre_strategy(race_frame(demo_lake, "curated.stints"), entries, title)
    )
    drawn = to_svg(figure)
    (tmp_path / f"{name}.svg").write_text(drawn, encoding="utf-8")
    kept = (IMAGES / f"{name}.svg").read_text(encoding="utf-8")
    assert len(kept) < 300_000
    message = f"if this is meant, copy {tmp_path / name}.svg to docs/images"
    assert NUMBER.sub("", kept) == NUMBER.sub("", drawn), message
    # Floats may end differently on another machine.
    pairs = zip(NUMBER.findall(kept), NUMBER.findall(drawn), strict=True)
    assert all(abs(float(left) - float(right)) < 0.5 for left, right in pairs), message


def test_second_run_writes_nothing(demo: Demo) -> None:
    def heads() -> dict[str, int]:
        with Lake.open(LakeSettings(home=demo.home), read_only=True) as lake:
            return lake.snapshot_ids(None)

    before = heads()
    assert "lake.writes" in before
    demo.run_again()
    assert heads() == before
