"""What Jolpica says of a championship after a round: the columns that its two tables of standings share."""

from __future__ import annotations

from lake.contracts import Column

STANDING_COLUMNS = (
    Column("round_id_jolpica", "int32", "Round in Jolpica's numbering.", nullable=False),
    Column("standing_order", "int32", "Place in the list of the standings, counted from 1.", nullable=False),
    Column(
        "position", "int32", "Position in the championship; null where not ranked (no points, or excluded)."
    ),
    Column(
        "position_text",
        "string",
        "Position, or - not ranked, D disqualified, E excluded from the championship.",
        nullable=False,
    ),
    Column(
        "points",
        "float64",
        "Points that count: without the scores dropped by the rules of the season.",
        nullable=False,
    ),
    Column("wins_count", "int32", "Races won.", nullable=False),
)
"""Round, place, position, points and wins of a row of the standings."""
