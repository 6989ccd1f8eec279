"""Pictures of a weekend's rows for the people who look at a run: the race trace and the tyre strategy."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from charts.race_trace import draw_race_trace
from charts.rendering import to_png
from charts.tyres import draw_tyre_strategy

_DOTS_PER_INCH = 55
"""Small: pictures are kept in Dagster's event log."""


def draw_pictures(computed: Mapping[str, pl.DataFrame]) -> dict[str, bytes]:
    """Return table name to a PNG, for what was computed of the weekend's race (or of its sprint).

    Args:
        computed: Table to the rows computed in this step.
    """
    laps, stints = computed.get("curated.laps"), computed.get("curated.stints")
    results, drivers = computed.get("curated.results"), computed.get("curated.driver_identities")
    if laps is None or results is None or drivers is None:
        return {}
    races = sorted(key for key in laps["session_key"].unique() if key.endswith(("-R", "-S")))
    if not races:
        return {}
    key = races[0]
    of_race = pl.col("session_key") == key
    entries = (
        results.filter(of_race)
        .sort("result_order")
        .join(drivers.filter(of_race).select("car_number", "team_colour"), on="car_number", how="left")
        .unique("car_number", keep="first", maintain_order=True)
    )
    pictures = {"curated.laps": to_png(draw_race_trace(laps.filter(of_race), entries, key), _DOTS_PER_INCH)}
    if stints is not None:
        strategy = draw_tyre_strategy(stints.filter(of_race), entries, key)
        pictures["curated.stints"] = to_png(strategy, _DOTS_PER_INCH)
    return pictures
