"""What really happened in an invented weekend, plainly: the answers that computed tables are held against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson

from sources.synthetic.lap_model import PARAMETERS, LapParameters
from sources.synthetic.official_result import QualifyingResult, RaceResult, qualifying_result, race_result
from sources.synthetic.options import WeekendOptions
from sources.synthetic.session_run import (
    Lap,
    Penalty,
    PitVisit,
    RaceEvents,
    Retirement,
    SessionRun,
    TyreSet,
)


@dataclass(frozen=True)
class SessionTruth:
    """One session.

    Attributes:
        session_key: Key, such as ``2025-90-R``.
        t0_at: UTC of session time zero, ISO 8601 with milliseconds.
        start_ms, finished_ms: Session times of the first green light (or of the lights going out), and of
            the flag.
        laps: Every lap of every car: line-crossing session times, sectors, tyres, pits. By car number.
        order_by_lap: For a race, the cars in order of the line after each lap, among those that completed it.
        tyre_sets: Sets of tyres in the order in which they were fitted, by car.
        pit_visits: Times in the pits; a stop of a race is one with both times.
        retirements: Cars that retired, with the laps that they completed.
        penalties: Time penalties added after the flag.
        track_status: (session time, code, name) of every change.
        events: Rain, interruptions, overtakes, laps behind others, undercuts, disqualifications.
    """

    session_key: str
    t0_at: str
    start_ms: int
    finished_ms: int
    laps: dict[str, tuple[Lap, ...]]
    order_by_lap: tuple[tuple[str, ...], ...]
    tyre_sets: tuple[TyreSet, ...]
    pit_visits: tuple[PitVisit, ...]
    retirements: tuple[Retirement, ...]
    penalties: tuple[Penalty, ...]
    track_status: tuple[tuple[int, str, str], ...]
    events: RaceEvents

    @property
    def stops(self) -> tuple[PitVisit, ...]:
        """Visits to the pits that the car came in to and left again."""
        return tuple(v for v in self.pit_visits if v.in_ms is not None and v.out_ms is not None)

    @property
    def deleted_laps(self) -> tuple[Lap, ...]:
        """Laps whose time race control deleted."""
        return tuple(lap for laps in self.laps.values() for lap in laps if lap.is_deleted)


@dataclass(frozen=True)
class Truth:
    """An invented weekend.

    Attributes:
        weekend_key: Key, such as ``2025-90``.
        options: What it was made from.
        parameters: Numbers of the lap model.
        drivers: (car number, seconds a lap slower than the best, standard deviation of its race laps).
        driver_ids: Jolpica's driver id by car number.
        sessions: The sessions that were written, by code.
        qualifying: Official qualifying result; the first is on pole.
        race: Official race result, penalties included. Empty where no race was written.
        sprint: Official result of the sprint. Empty where none was written.
        mirror: The mirror folder.
    """

    weekend_key: str
    options: WeekendOptions
    parameters: LapParameters
    drivers: tuple[tuple[str, float, float], ...]
    driver_ids: dict[str, str]
    sessions: dict[str, SessionTruth]
    qualifying: tuple[QualifyingResult, ...]
    race: tuple[RaceResult, ...]
    sprint: tuple[RaceResult, ...]
    mirror: Path

    @property
    def pole(self) -> str:
        """Car number of the pole position."""
        return self.qualifying[0].car_number

    def write(self, path: Path) -> None:
        """Write the truth as JSON, without the mirror's place, so that the file says the same anywhere."""
        values: dict[str, Any] = asdict(self)
        del values["mirror"]
        for session in values["sessions"].values():
            for laps in session["laps"].values():
                for lap in laps:
                    first, second = lap["sector_ends_ms"]
                    lap["lap_ms"] = lap["end_ms"] - lap["start_ms"]
                    lap["sectors_ms"] = [first - lap["start_ms"], second - first, lap["end_ms"] - second]
        path.write_bytes(orjson.dumps(values, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS))


def weekend_truth(options: WeekendOptions, runs: Mapping[str, SessionRun], mirror: Path) -> Truth:
    """Return the truth of a weekend.

    Args:
        options: What it was made from.
        runs: Sessions by code. Qualifying is always there, for the grid; a session of the truth only if it
            was written.
        mirror: The mirror folder.
    """
    entries = runs["Q"].entries
    written = {code: runs[code] for code in options.sessions}
    return Truth(
        options.weekend_key,
        options,
        PARAMETERS,
        tuple((entry.number, entry.pace_s, entry.lap_sigma_s) for entry in entries),
        {entry.number: entry.driver_id for entry in entries},
        {code: _session(options, run) for code, run in written.items()},
        qualifying_result(runs["Q"]),
        race_result(written["R"]) if "R" in written else (),
        race_result(written["S"]) if "S" in written else (),
        mirror,
    )


def _session(options: WeekendOptions, run: SessionRun) -> SessionTruth:
    return SessionTruth(
        session_key=f"{options.weekend_key}-{run.code}",
        t0_at=run.t0_at.isoformat(timespec="milliseconds"),
        start_ms=run.start_ms,
        finished_ms=run.finished_ms,
        laps=dict(run.laps),
        order_by_lap=tuple(_order(run, lap) for lap in range(1, _laps_driven(run) + 1)),
        tyre_sets=run.tyre_sets,
        pit_visits=run.pit_visits,
        retirements=run.retirements,
        penalties=run.penalties,
        track_status=run.track_status,
        events=run.events,
    )


def _laps_driven(run: SessionRun) -> int:
    """Return the laps of a race that somebody completed; 0 of other sessions."""
    return max(map(len, run.laps.values()), default=0) if run.is_race else 0


def _order(run: SessionRun, lap: int) -> tuple[str, ...]:
    done = [laps[lap - 1] for laps in run.laps.values() if len(laps) >= lap]
    return tuple(passed.car_number for passed in sorted(done, key=lambda passed: passed.end_ms))
