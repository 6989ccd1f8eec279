"""All declarations of the curated zone, in the order of computing; those of the season come last."""

from __future__ import annotations

from assets.curated.circuits import CIRCUITS
from assets.curated.coverage import COVERAGE
from assets.curated.discrepancies import DISCREPANCIES
from assets.curated.driver_identities import DRIVER_IDENTITIES
from assets.curated.lap_positions import LAP_POSITIONS
from assets.curated.laps import LAPS
from assets.curated.pit_stops import PIT_STOPS
from assets.curated.race_control_events import RACE_CONTROL_EVENTS
from assets.curated.results import RESULTS
from assets.curated.sessions import SESSIONS
from assets.curated.standings import STANDINGS
from assets.curated.stints import STINTS
from assets.curated.tyre_sets import TYRE_SETS
from assets.curated.weekends import WEEKENDS
from assets.table_asset import TableAsset

CURATED: tuple[TableAsset, ...] = (
    WEEKENDS,
    SESSIONS,
    DRIVER_IDENTITIES,
    LAPS,
    STINTS,
    TYRE_SETS,
    PIT_STOPS,
    RACE_CONTROL_EVENTS,
    RESULTS,
    LAP_POSITIONS,
    STANDINGS,
    CIRCUITS,
    COVERAGE,
    DISCREPANCIES,
)
"""Tables of the curated zone."""
