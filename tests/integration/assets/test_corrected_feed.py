"""A feed that stopped early, and its corrected bytes on a later fetch: named first, then mended."""

from __future__ import annotations

import polars as pl

from sources.synthetic.faults import Fault, break_feed
from sources.synthetic.options import WeekendOptions
from sources.synthetic.weekend import write_weekend


def test_corrected_bytes_of_a_later_fetch_take_the_place_of_the_broken_ones(ingest, tmp_path) -> None:
    options = WeekendOptions(cars=3, race_laps=6, retirements=0, sessions=("R",), telemetry=False)
    race = write_weekend(tmp_path / "race", options)
    (done,) = break_feed(race, [Fault("early_stop")])
    reports = ingest(f"mirror:{race.mirror}", race.weekend_key)
    assert any("TimingData: stops" in note for note in reports["processed"].notes)
    few = ingest.rows("curated.laps").height
    done.correct(race.mirror)
    reports = ingest(f"mirror:{race.mirror}", race.weekend_key)
    assert not any("TimingData: stops" in note for note in reports["processed"].notes)
    assert (
        few
        < ingest.rows("curated.laps").height
        == sum(len(laps) for laps in race.sessions["R"].laps.values())
    )
    raw = ingest.rows("raw.live_timing__responses").filter(pl.col("topic") == "TimingData")
    assert {bytes(body) for body in raw["body"]} == {done.original, done.broken}
