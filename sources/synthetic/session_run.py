"""What happened in one invented session, whatever kind it was: the common ground of models and wire.

The models (``qualifying_model.py``, ``race_model.py``) fill a :class:`SessionRun`; the wire modules write
it down in the feed's formats, and ``truth.py`` writes it down plainly. Times are whole milliseconds on
the session clock (the live-timing stream's own), unless the name says UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sources.synthetic.circuit import Circuit
from sources.synthetic.field import Entry
from sources.synthetic.race_events import HeldUp, Interruption, Overtake, UndercutTry
from sources.synthetic.rain import RainSpell
from sources.synthetic.session_flags import SessionFlag
from sources.synthetic.trace import Trace


@dataclass(frozen=True)
class Lap:
    """One lap of one car.

    Attributes:
        car_number, lap_number: Key. Laps count from 1; the lap from the pits is one.
        start_ms, end_ms: Session times of the line, or of the lights going out, or of the pit exit.
        sector_ends_ms: Session times of the ends of sectors 1 and 2.
        pit_in_ms, pit_out_ms: Session time of the pit lane's entry or exit in this lap. Null if none.
        stint_number: Counts the sets of tyres, from 1.
        compound: SOFT, MEDIUM, HARD, INTERMEDIATE or WET.
        is_fresh: Whether the set was new when it was fitted.
        tyre_age_laps: Laps on the set at the end of the lap.
        has_sector_1, has_lap_time: Whether the feed sends the value: not the first sector after leaving the
            garage or the grid, nor the time of a race's first lap or of the first lap ever.
        is_deleted: Whether race control deleted the time.
        part: Part of qualifying, 1 to 3; 0 in other sessions.
    """

    car_number: str
    lap_number: int
    start_ms: int
    sector_ends_ms: tuple[int, int]
    end_ms: int
    stint_number: int
    compound: str
    is_fresh: bool
    tyre_age_laps: int
    pit_in_ms: int | None = None
    pit_out_ms: int | None = None
    has_sector_1: bool = True
    has_lap_time: bool = True
    is_deleted: bool = False
    part: int = 0

    @property
    def sectors_ms(self) -> tuple[int, int, int]:
        """The three sector times. Milliseconds."""
        first, second = self.sector_ends_ms
        return first - self.start_ms, second - first, self.end_ms - second

    @property
    def lap_ms(self) -> int:
        """The lap time. Milliseconds."""
        return self.end_ms - self.start_ms


@dataclass(frozen=True)
class TyreSet:
    """A set of tyres fitted to a car: when the feed says so, and what it says."""

    car_number: str
    stint_number: int
    announced_ms: int
    compound: str
    is_fresh: bool
    start_age_laps: int


@dataclass(frozen=True)
class PitVisit:
    """A car in the pits: when it came in (null: it began there) and when it left (null: it stayed)."""

    car_number: str
    in_ms: int | None
    out_ms: int | None
    in_lap_number: int


@dataclass(frozen=True)
class Retirement:
    """A car that stops for good, on the track or in the pits, with the laps that it completed."""

    car_number: str
    stopped_ms: int
    on_track: bool
    laps_completed: int
    stop_progress: float


@dataclass(frozen=True)
class Penalty:
    """A time penalty added to a car's race after the flag."""

    car_number: str
    seconds: int
    announced_ms: int
    reason: str


@dataclass(frozen=True)
class Disqualification:
    """A car that is taken out of the result after the race."""

    car_number: str
    reason: str


@dataclass(frozen=True)
class RaceEvents:
    """What happened in a session besides laps, stops and retirements.

    Attributes:
        rain: Rain. Null if it stayed dry.
        interruptions: Safety cars, real and virtual, and red flags, in order.
        overtakes: Passes on the track.
        held_up: Laps in which a car lost time behind another.
        undercuts: Stops brought forward to get past another car, with their outcome.
        disqualifications: Cars taken out of the result.
        flags: Yellow and red flags of a practice or qualifying, in order.
    """

    rain: RainSpell | None = None
    interruptions: tuple[Interruption, ...] = ()
    overtakes: tuple[Overtake, ...] = ()
    held_up: tuple[HeldUp, ...] = ()
    undercuts: tuple[UndercutTry, ...] = ()
    disqualifications: tuple[Disqualification, ...] = ()
    flags: tuple[SessionFlag, ...] = ()


@dataclass(frozen=True)
class ControlMessage:
    """A message of race control: when, and the feed's fields without the time."""

    at_ms: int
    fields: Mapping[str, Any]


@dataclass(frozen=True)
class QualifyingPart:
    """One part of qualifying: number, green light, flag, and how many go through to the next."""

    number: int
    start_ms: int
    end_ms: int
    entries: int
    advancing: int


@dataclass(frozen=True)
class SessionRun:
    """One invented session.

    Attributes:
        code: ``FP1`` to ``FP3``, ``SQ``, ``Q``, ``S`` or ``R``.
        entries: Cars, in the order in which they start (the grid, in a race).
        circuit: The circuit.
        t0_at: UTC of session time zero.
        start_ms: First green light, or the lights going out.
        finished_ms: The flag (of the last part).
        end_ms: End of the stream.
        traces: Every car's way, by car number.
        laps: Every car's laps in order, by car number.
        tyre_sets, pit_visits, retirements, penalties, control: What happened besides.
        track_status: (time, code, name), in order.
        parts: Parts of qualifying; a practice is one part, number 0; empty for a race.
        total_laps: Laps of a race; 0 in other sessions.
        events: What happened in a race besides.
        tow_laps: (car number, lap number) of race laps within a second of the car ahead at the line.
    """

    code: str
    entries: tuple[Entry, ...]
    circuit: Circuit
    t0_at: datetime
    start_ms: int
    finished_ms: int
    end_ms: int
    traces: Mapping[str, Trace]
    laps: Mapping[str, tuple[Lap, ...]]
    tyre_sets: tuple[TyreSet, ...]
    pit_visits: tuple[PitVisit, ...]
    retirements: tuple[Retirement, ...] = ()
    penalties: tuple[Penalty, ...] = ()
    control: tuple[ControlMessage, ...] = ()
    track_status: tuple[tuple[int, str, str], ...] = ((0, "1", "AllClear"),)
    parts: tuple[QualifyingPart, ...] = ()
    total_laps: int = 0
    tow_laps: frozenset[tuple[str, int]] = field(default_factory=frozenset)
    events: RaceEvents = field(default_factory=RaceEvents)

    @property
    def is_race(self) -> bool:
        """Whether the session is a race or a sprint."""
        return self.code in {"R", "S"}

    @property
    def is_qualifying(self) -> bool:
        """Whether the session is a qualifying, of the race or of the sprint."""
        return self.code in {"Q", "SQ"}

    @property
    def stream_number(self) -> int:
        """Number of the session's own random numbers, in what is measured rather than driven."""
        return ("R", "Q", "S", "SQ", "FP1", "FP2", "FP3").index(self.code)

    def at(self, session_ms: float) -> datetime:
        """Return the UTC of a session time."""
        return self.t0_at.astimezone(UTC) + timedelta(milliseconds=session_ms)

    def entry(self, car_number: str) -> Entry:
        """Return the entry of a car."""
        return next(entry for entry in self.entries if entry.number == car_number)
