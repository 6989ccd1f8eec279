"""When and in which line of the wire something was said: columns of tables that our own decoder reads."""

from __future__ import annotations

from lake.contracts import Column

SESSION_TIME = Column(
    "session_time_ms", "int64", "Session clock of the message that said so.", nullable=False
)
LINE_NUMBER = Column(
    "line_number", "int32", "Line of the response that said so, counted from 1.", provenance=True
)
