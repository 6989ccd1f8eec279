"""Differences between sources that no rule explains, counted by weekend, and how to see them."""

from collections import Counter
from collections.abc import Collection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lake.lake import Lake

SHOW_SQL = (
    "select session_key, measure, subject, left_value, right_value "
    "from curated.discrepancies where weekend_key = '{weekend_key}' and not is_explained"
)
"""Statement that shows those of a weekend."""


def unexplained_differences(lake: "Lake", weekend_keys: Collection[str]) -> dict[str, int]:
    """Return weekend to the number of its differences that no rule explains; only those that have any.

    Args:
        lake: The lake.
        weekend_keys: Which weekends.
    """
    rows = lake.read(
        "curated.discrepancies", {"weekend_key": list(weekend_keys)}, ["weekend_key", "is_explained"]
    ).to_pylist()
    counts = Counter(row["weekend_key"] for row in rows if not row["is_explained"])
    return dict(sorted(counts.items()))
