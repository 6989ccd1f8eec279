"""A feed that stopped early, and its corrected bytes on a later fetch: named first, then mended."""

from __future__ import annotations

import polars as pl

from sources.synthetic.faults import Fault, break_feed
from sources.synthetic.options import WeekendOptions
from sources.synthetic.weekend import write_weekend

NOTES = "processed.fastf1__session_notes"
OPTIONS = WeekendOptions(cars=3, race_laps=6, retirements=0, sessions=("R",), telemetry=False)


def test_corrected_bytes_of_a_later_fetch_take_the_place_of_the_broken_ones(ingest, tmp_path) -> None:
    race = write_weekend(tmp_path / "race", OPTIONS)
    (done,) = break_feed(race, [Fault("early_stop")])
    reports = ingest(f"mirror:{race.mirror}", race.weekend_key)
    assert any("TimingData: stops" in note for note in reports["processed"].notes)
    sentence = pl.concat_str("session_key", "topic", "note", separator=": ", ignore_nulls=True)
    rows = ingest.rows(NOTES).sort("note_number")
    assert rows.select(sentence).to_series().to_list() == list(reports["processed"].notes)
    few = ingest.rows("curated.laps").height
    done.correct(race.mirror)
    reports = ingest(f"mirror:{race.mirror}", race.weekend_key)
    assert not any("TimingData: stops" in note for note in reports["processed"].notes)
    assert ingest.rows(NOTES).is_empty()
    assert (
        few
        < ingest.rows("curated.laps").height
        == sum(len(laps) for laps in race.sessions["R"].laps.values())
    )
    raw = ingest.rows("raw.live_timing__responses").filter(pl.col("topic") == "TimingData")
    assert {bytes(body) for body in raw["body"]} == {done.original, done.broken}


def test_notes_follow_a_topic_that_no_other_table_is_read_from(ingest, tmp_path) -> None:
    race = write_weekend(tmp_path / "race", OPTIONS)
    ingest(f"mirror:{race.mirror}", race.weekend_key)
    assert ingest.rows(NOTES).is_empty()
    break_feed(race, [Fault("silent", topic="Heartbeat")])
    reports = ingest(f"mirror:{race.mirror}", race.weekend_key)
    assert ingest.rows(NOTES)["topic"].to_list() == ["Heartbeat"]
    assert [name for name, table in reports["processed"].tables.items() if table.is_changed] == [NOTES]
