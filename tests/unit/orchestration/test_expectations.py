"""What is said about requests before an ingest starts."""

import datetime as dt
from pathlib import Path

from lake.lake import Lake
from lake.settings import LakeSettings
from orchestration.expectations import Expectation, expected_requests
from sources.calendar_documents import CalendarSession, CalendarWeekend
from sources.mirror_layer import MirrorLayer
from sources.online_layer import OnlineLayer, OnlineSettings
from sources.open_source import Source

WEEKEND = CalendarWeekend(
    "2024-08",
    2024,
    8,
    None,
    "Monaco Grand Prix",
    dt.date(2024, 5, 26),
    (
        CalendarSession(
            "2024-08-Q", "Q", "Qualifying", dt.datetime(2024, 5, 25, 14, tzinfo=dt.UTC), "/static/q/"
        ),
        CalendarSession("2024-08-R", "R", "Race", dt.datetime(2024, 5, 26, 13, tzinfo=dt.UTC), "/static/r/"),
    ),
)


def test_sentence_is_for_a_person() -> None:
    assert str(Expectation(1, 0, 0, 0.0)) == "1 weekend; no request to any upstream"
    assert str(Expectation(24, 1200, 90, 8000.0)) == (
        "24 weekends; at most 1,200 requests to upstreams (90 to Jolpica), "
        "at least 2 h 13 min by their limits"
    )
    assert str(Expectation(2, 9, 9, 0.2)).endswith("(9 to Jolpica), no wait")


def test_online_source_is_planned_without_asking_anybody(tmp_path: Path) -> None:
    source = Source([OnlineLayer(OnlineSettings(home=tmp_path))])
    with Lake.open(LakeSettings(home=tmp_path)) as lake:
        both = expected_requests(lake, source, [WEEKEND], (), {"2024-08": 8})
        race = expected_requests(lake, source, [WEEKEND], ("R",), {"2024-08": 8})
        timing_only = expected_requests(lake, source, [WEEKEND], ("R",), {"2024-08": None})
    assert both.request_count > race.request_count > timing_only.request_count > 10
    assert (race.jolpica_count > 0, timing_only.jolpica_count) == (True, 0)
    assert both.wait_s > 0


def test_source_without_upstreams_needs_no_request(tmp_path: Path) -> None:
    (tmp_path / "INDEX.tsv").write_text("url\tfile\tstatus\tcontent_type\tbytes\tsha256\tbody\tset\n")
    source = Source([MirrorLayer(tmp_path)])
    with Lake.open(LakeSettings(home=tmp_path / "home")) as lake:
        assert expected_requests(lake, source, [WEEKEND], (), {"2024-08": 8}) == Expectation(1, 0, 0, 0.0)
