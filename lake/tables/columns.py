"""Columns that several tables share, so that one quantity has one name and one text.

A column that belongs to one table only is written in that table's module.
"""

from __future__ import annotations

from lake.contracts import Column
from racing.tyre_nominations import GRADES

SEASON = Column("season", "int32", "Year of the championship.", nullable=False)
WEEKEND_KEY = Column(
    "weekend_key", "string", "Race weekend, season and round as announced: 2024-08.", nullable=False
)
SESSION_KEY = Column("session_key", "string", "Session: weekend and code, 2024-08-R.", nullable=False)
SESSION_COLUMNS = (SEASON, WEEKEND_KEY, SESSION_KEY)

CAR_NUMBER = Column("car_number", "string", "Number on the car, as text.", nullable=False)
DRIVER_KEY = Column(
    "driver_key",
    "string",
    "Driver: Jolpica's driverId, else the feed's reference (ref:...), else season#number (provisional).",
    nullable=False,
)
TEAM_KEY = Column(
    "team_key", "string", "Team of that season: Jolpica's constructorId, else a slug of the team's name."
)
DRIVER_CODE = Column("driver_code", "string", "Three-letter code of the driver in that session.")
TEAM_NAME = Column("team_name", "string", "Team as the source names it in that session.")
LAP_NUMBER = Column("lap_number", "int32", "Lap of the car, counted from 1.", nullable=False)

COMPOUNDS = (
    "SOFT",
    "MEDIUM",
    "HARD",
    "INTERMEDIATE",
    "WET",
    "HYPERSOFT",
    "ULTRASOFT",
    "SUPERSOFT",
    "SUPERHARD",
    "TEST",
    "UNKNOWN",
)
COMPOUND = Column(
    "compound",
    "string",
    "Tyre compound; UNKNOWN where the feed never sent one. 2018 has three softer names and one harder.",
    nullable=False,
    values=COMPOUNDS,
)
COMPOUND_GRADE = Column(
    "compound_grade",
    "string",
    "Which of C0 (hardest) to C6 the compound was: as the feed spells it, else as nominated for the weekend. Null for INTERMEDIATE, WET, TEST, before 2019 and where it is not known: curated.coverage says why.",
    values=GRADES,
)
TYRE_AGE = Column(
    "tyre_age_laps",
    "int32",
    "Laps on the set at the end of the lap; the first lap of a new set is 1. Null where unknown.",
)

SOURCE_LAYER = Column(
    "source_layer",
    "string",
    "Where the bytes came from: online, mirror, fastf1-cache (parsed already) or synthetic.",
    provenance=True,
)
RESPONSE_SHA256 = Column(
    "response_sha256",
    "string",
    "Digest of the raw response that the row was read from; null for an import of parsed files.",
    provenance=True,
)
FASTF1_VERSION = Column("fastf1_version", "string", "Version of FastF1 that parsed the row.", provenance=True)
FASTF1_PROVENANCE = (SOURCE_LAYER, RESPONSE_SHA256, FASTF1_VERSION)
SOURCE_PROVENANCE = (SOURCE_LAYER, RESPONSE_SHA256)
