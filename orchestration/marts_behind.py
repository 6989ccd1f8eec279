"""What is said of marts that are behind the curated tables, and the words of the command that builds them.

Finding them is ``assets/marts/behind.py``; who says it is ``f1lake status`` and ``f1lake doctor``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from racing.keys import split_weekend_key

if TYPE_CHECKING:
    from lake.lake import Lake


@dataclass(frozen=True)
class MartsBehind:
    """Weekends that the marts do not hold as they are curated.

    Attributes:
        weekend_keys: The weekends, in order; at least one.
    """

    weekend_keys: tuple[str, ...]

    def __str__(self) -> str:
        """Say which weekends they are."""
        count = len(self.weekend_keys)
        which = ", ".join(self._ranges)
        return f"behind the curated tables for {count} weekend{'s' if count > 1 else ''}: {which}"

    @property
    def words(self) -> tuple[str, ...]:
        """The command that builds their marts; what is fetched and computed already stays as it is."""
        return ("backfill", *self._ranges)

    @property
    def _ranges(self) -> list[str]:
        stretches: list[list[str]] = []
        for key in self.weekend_keys:
            if stretches and _follows(stretches[-1][-1], key):
                stretches[-1].append(key)
            else:
                stretches.append([key])
        return [keys[0] if len(keys) == 1 else f"{keys[0]}..{keys[-1]}" for keys in stretches]


def marts_behind(lake: "Lake", weekend_keys: Sequence[str] | None = None) -> MartsBehind | None:
    """Return the weekends that the marts are behind of; null where there are none.

    Args:
        lake: The lake.
        weekend_keys: The weekends that are asked about; null for all.
    """
    from assets.marts.behind import weekends_behind

    behind = weekends_behind(lake.ledger)
    found = tuple(behind if weekend_keys is None else filter(set(weekend_keys).__contains__, behind))
    return MartsBehind(found) if found else None


def _follows(before: str, key: str) -> bool:
    """Return whether a weekend is the next round of the same season."""
    season, number, _ = split_weekend_key(before)
    return number is not None and split_weekend_key(key)[:2] == (season, number + 1)
