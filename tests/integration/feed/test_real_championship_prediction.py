"""The feed's championship prediction, real: before a race it is the official standings so far."""

from __future__ import annotations

import json
import lzma
from pathlib import Path
from typing import Any

import pytest

from racing.feed.championship_prediction import decode_championship_prediction

ROUND_BEFORE_SILVERSTONE = "mirror/api.jolpi.ca/ergast/f1/2024/11"


def official(path: Path, member: str) -> dict[int, float]:
    """Return position to points of a standings document."""
    found: Any = json.loads(path.read_bytes())["MRData"]["StandingsTable"]["StandingsLists"][0][member]
    return {int(line["position"]): float(line["points"]) for line in found}


@pytest.mark.parametrize(
    ("championship", "document", "member"),
    [
        ("drivers", "driverstandings.json", "DriverStandings"),
        ("constructors", "constructorstandings.json", "ConstructorStandings"),
    ],
)
def test_prediction_before_a_race_is_the_standings_after_the_one_before(
    test_data: Path, championship: str, document: str, member: str
) -> None:
    with lzma.open(test_data / "live" / "2024_silverstone_race_undercut" / "subscribe.txt.xz") as state:
        prediction = json.load(state)["ChampionshipPrediction"]
    decoded = decode_championship_prediction(b"00:00:00.000" + json.dumps(prediction).encode() + b"\r\n")
    assert decoded.faults == []
    rows = decoded.rows.filter(championship=championship)
    expected = official(test_data / ROUND_BEFORE_SILVERSTONE / document, member)
    for time in ("current", "predicted"):
        found = dict(zip(rows[f"{time}_position"], rows[f"{time}_points"], strict=True))
        assert found == expected
    subject = "car_number" if championship == "drivers" else "team_name"
    assert rows[subject].is_not_null().all()
    assert rows[subject].n_unique() == rows.height
