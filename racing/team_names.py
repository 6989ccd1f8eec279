"""Which constructor a team's name in the feed means, where no result says so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from racing.places import folded


def match_teams(team_names: Iterable[str], constructors: Mapping[str, str]) -> dict[str, str]:
    """Return the constructor of each team whose name tells it.

    A sponsor or the word Racing may stand in one name and not in the other, so names are compared word by
    word: all words of one must be in the other, and no second constructor may fit as well. Where then one
    team and one constructor of the season are left, they are the same (Racing Bulls is RB F1 Team).

    Args:
        team_names: Teams as the feed names them, of one session.
        constructors: Constructor of the season to its name.

    Returns:
        Team name to constructor; a team that cannot be told is not in it.

    Source: docs/glossary.md#team.
    """
    teams = sorted({name for name in team_names if name})
    found: dict[str, str] = {}
    for team in teams:
        scores = {key: _shared_words(team, name) for key, name in constructors.items()}
        best = max(scores.values(), default=0)
        fitting = [key for key, score in scores.items() if score == best]
        if best and len(fitting) == 1:
            found[team] = fitting[0]
    open_teams = [team for team in teams if team not in found]
    open_constructors = [key for key in constructors if key not in found.values()]
    if len(open_teams) == len(open_constructors) == 1:
        found[open_teams[0]] = open_constructors[0]
    return found


def _shared_words(team: str, constructor: str) -> int:
    """Return how many words two names share, zero unless one holds all words of the other."""
    one, other = set(folded(team).split()), set(folded(constructor).split())
    shared = one & other
    return len(shared) if shared and (one <= other or other <= one) else 0
