"""A step that only asks: it stops at the first scope that has to be written, and writes nothing."""

from __future__ import annotations

import pytest
from lake_tables import LAPS, STINTS, laps, stints, write

from lake.errors import StepNeededError
from lake.lake import Lake


def test_asking_step_stops_at_what_has_to_be_written(lake: Lake) -> None:
    write(lake, (LAPS, "2024-08-R", laps("2024-08-R")), (STINTS, "2024-08-R", stints("2024-08-R")))
    releases = lake.releases()
    with lake.step(run_id="", name="test", is_asking=True) as step:
        assert not step.is_needed(LAPS, "2024-08-R", {"raw": "a"}, 1)
        with pytest.raises(StepNeededError, match=r"curated.laps \[2024-08-Q\]"):
            step.is_needed(LAPS, "2024-08-Q", {"raw": "a"}, 1)
        with pytest.raises(StepNeededError):
            step.is_needed(LAPS, "2024-08-R", {"raw": "b"}, 1)
        with pytest.raises(StepNeededError):
            step.is_needed(STINTS, "2024-08-R", {"raw": "a"}, 2)
        assert step.commit().release_id is None
    assert lake.releases() == releases
    assert not list(lake.settings.staging.glob("*"))
