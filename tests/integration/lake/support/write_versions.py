"""Writes version after version of one weekend, until it is killed or done.

Usage: write_versions.py HOME SESSION_KEY FIRST LAST [CHECKPOINT]. With a checkpoint the process kills
itself with SIGKILL when it gets there in writing version LAST. It prints each version once committed.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from lake_tables import LAPS, STINTS, TABLES, laps, stints, write

from lake.lake import Lake
from lake.settings import LakeSettings


def main() -> None:
    """Write the versions."""
    home, session_key, first, last = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    fatal = sys.argv[5] if len(sys.argv) > 5 else None
    current = first

    def die_at(where: str) -> None:
        if where == fatal and current == last:
            os.kill(os.getpid(), signal.SIGKILL)

    lake = Lake.open(LakeSettings(home=home), TABLES, checkpoint=die_at)
    sys.stdout.write("open\n")
    sys.stdout.flush()
    for current in range(first, last + 1):
        write(
            lake,
            (LAPS, session_key, laps(session_key, lap_time_ms=current)),
            (STINTS, session_key, stints(session_key, lap_count=current)),
            digest=str(current),
        )
        sys.stdout.write(f"{current}\n")
        sys.stdout.flush()
    lake.close()


if __name__ == "__main__":
    main()
