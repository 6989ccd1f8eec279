"""When and in which message a sample came: columns that both telemetry tables share."""

from __future__ import annotations

from lake.contracts import Column

SAMPLE_COLUMNS = (
    Column(
        "sample_number",
        "int32",
        "Sample of the car in the session in order of arrival, counted from 1.",
        nullable=False,
    ),
    Column("sampled_at", "timestamp", "UTC of the sample as the car's data carry it.", nullable=False),
    Column(
        "message_session_time_ms",
        "int64",
        "Session clock of the message that brought the sample.",
        nullable=False,
    ),
)

LINE_NUMBER = Column(
    "line_number",
    "int32",
    "Line of the response that brought the sample, counted from 1.",
    provenance=True,
)
