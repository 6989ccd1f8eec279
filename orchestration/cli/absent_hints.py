"""What to do next after an answer without rows: which season, weekend or session is named that is not there.

Seasons and keys are looked for among the literals of a statement by pattern; nothing of it is run again.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from racing.keys import code_of, season_of, weekend_of

if TYPE_CHECKING:
    import pyarrow as pa

    from lake.lake import Lake
    from orchestration.cli.invocation import Invocation

Command = Callable[..., str]
"""Returns a command line on the same lake from a command and what it is given."""

_TOKEN = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|--[^\n]*|/\*.*?\*/", re.DOTALL)
_COMPARED = re.compile(
    r"(?P<operand>\w+\"?|\))\s*(?:=|==|(?P<pattern>~~|\b(?<!not )i?like)|\bin\s*\([^()]*)\s*$", re.IGNORECASE
)
_REFUSED = re.compile(r"(?:<>|!=|\bnot\s+in\s*\([^()]*|\bnot\s+i?like)\s*$", re.IGNORECASE)
_KEY = re.compile(r"^(?P<weekend>\d{4}-(?:\d{2}|T\d))(?:-(?:FP[123]|SQ|S|Q|R|D[123]))?$")
_KEY_PATTERN = re.compile(r"^(?P<key>\d{4}(?:-(?:\d{2}|T\d))?)(?:-[^%]*)?%$")
_YEAR = re.compile(r"^\d{4}$")
_NAME = re.compile(r"^\d{4}-[^\W\d_]{3}")
_SEASON = re.compile(
    r"\bseason\"?\s*(?:=|==)\s*'?(?P<one>\d{4})\b|\b(?P<first_one>\d{4})\s*==?\s*(?:\w+\.)?season\b"
    r"|(?<!not )\bseason\"?\s+in\s*\((?P<several>[\d\s,']+)\)"
    r"|(?<!not )\bseason\"?\s+between\s+(?P<first>\d{4})\s+and\s+(?P<last>\d{4})\b",
    re.IGNORECASE,
)
_SHOWN = 4


@dataclass(frozen=True)
class _Text:
    """A text of a statement, and the column that it is compared with; ``)`` where that is computed."""

    column: str
    value: str
    is_pattern: bool

    @property
    def is_of_key(self) -> bool:
        return self.column.endswith("_key")


@dataclass
class _Named:
    """What a statement names: seasons, stretches of them, and texts that a column is compared with."""

    seasons: list[int] = field(default_factory=list)
    stretches: list[tuple[int, int]] = field(default_factory=list)
    texts: list[_Text] = field(default_factory=list)


@dataclass(frozen=True)
class _Held:
    """Weekend to its sessions by code, and whether these have laps or a result; of the whole lake."""

    sessions: dict[str, dict[str, bool]]

    @property
    def seasons(self) -> set[int]:
        return {season_of(weekend) for weekend in self.sessions}


def say_absence(call: "Invocation", lake: "Lake", statement: str, answer: "pa.Table") -> None:
    """Print on standard error what a statement names and the lake does not hold, after an empty answer.

    Args:
        call: The call.
        lake: The lake.
        statement: The statement.
        answer: Its answer.
    """
    try:
        hint = absence_hint(lake, statement, answer, call.command)
    except Exception as error:  # noqa: BLE001 - the answer is given; what can be said of it must not undo that
        hint = f"what the lake lacks could not be looked up: {type(error).__name__}: {error}"
    if hint is not None:
        call.err.remark(hint)


def absence_hint(lake: "Lake", statement: str, answer: "pa.Table", command: Command) -> str | None:
    """Return a sentence about what a statement names and the lake does not hold; null where that is nothing.

    Args:
        lake: The lake.
        statement: The statement.
        answer: Its answer.
        command: Returns the command line that fills the lake.
    """
    if not _is_empty(answer):
        return None
    named = _named_by(statement)
    if not (named.seasons or named.stretches or named.texts):
        return None
    return " ".join(dict.fromkeys(_sentences(lake, named, command))) or None


def _is_empty(answer: "pa.Table") -> bool:
    """Return whether an answer has no rows, or a single one that counts nothing."""
    if answer.num_rows != 1:
        return bool(answer.num_rows == 0)
    values = answer.to_pylist()[0].values()
    return all(value is None or (value == 0 and not isinstance(value, bool | str)) for value in values)


def _named_by(statement: str) -> _Named:
    named = _Named()
    plain: list[str] = []
    end = 0
    for token in _TOKEN.finditer(statement):
        plain.append(statement[end : token.start()])
        end = token.end()
        if token[0].startswith(("--", "/*")):
            continue
        if token[0].startswith("'"):
            before = "".join(plain)
            compared = None if _REFUSED.search(before) else _COMPARED.search(before)
            if compared is not None:
                named.texts.append(_text(compared, token[0][1:-1]))
            plain.append(token[0] if _YEAR.match(token[0][1:-1]) else "''")
        else:
            plain.append(token[0])
    plain.append(statement[end:])
    for said in _SEASON.finditer("".join(plain)):
        if said["first"]:
            named.stretches.append((int(said["first"]), int(said["last"])))
        else:
            years = said["one"] or said["first_one"] or said["several"]
            named.seasons += [int(year) for year in re.findall(r"\d{4}", years)]
    return named


def _text(compared: re.Match[str], value: str) -> _Text:
    column = compared["operand"].strip('"').lower()
    prefix = _KEY_PATTERN.match(value) if compared["pattern"] else None
    return _Text(column, prefix["key"] if prefix else value, is_pattern=prefix is not None)


def _sentences(lake: "Lake", named: _Named, command: Command) -> Iterator[str]:
    held = _held(lake)
    seasons = [str(season) for season in named.seasons if season not in held.seasons]
    seasons += [
        f"{first}..{last}"
        for first, last in named.stretches
        if first <= last and not held.seasons.intersection(range(first, last + 1))
    ]
    seasons += [absent for text in named.texts if (absent := _absent_season(text, held))]
    weekends = [absent for text in named.texts if (absent := _absent_weekend(text, held))]
    for what, fill in ((seasons, "backfill"), (weekends, "ingest")):
        named_once = list(dict.fromkeys(what))
        if named_once:
            shown = ", ".join(named_once[:_SHOWN]) + (" and more" if len(named_once) > _SHOWN else "")
            yield f"Nothing of {shown} here yet: `{command(fill, *named_once[:_SHOWN])}` fills it."
    for text in named.texts:
        if not text.is_pattern:
            yield from _of_held(lake, text, held, command)


def _held(lake: "Lake") -> _Held:
    columns = ["session_key", "session_number", "has_timing", "has_official_result"]
    rows = lake.read("curated.sessions", columns=columns).to_pylist()
    sessions: dict[str, dict[str, bool]] = {}
    for row in sorted(rows, key=lambda row: int(row["session_number"])):
        codes = sessions.setdefault(weekend_of(row["session_key"]), {})
        codes[code_of(row["session_key"])] = row["has_timing"] or row["has_official_result"]
    return _Held(sessions)


def _absent_season(text: _Text, held: _Held) -> str | None:
    """Return the season of a text that is one, or a season and a name, where the lake has nothing of it."""
    is_season = text.is_of_key and (_YEAR.match(text.value) or _NAME.match(text.value))
    return text.value[:4] if is_season and int(text.value[:4]) not in held.seasons else None


def _absent_weekend(text: _Text, held: _Held) -> str | None:
    """Return the weekend of a text that is a key, where the lake has nothing of it.

    A weekend's key looks like a month: it counts only where it is compared with a key.
    """
    key = _KEY.match(text.value)
    if key is None or key["weekend"] in held.sessions:
        return None
    return key["weekend"] if text.is_of_key or key["weekend"] != text.value else None


def _of_held(lake: "Lake", text: _Text, held: _Held, command: Command) -> Iterator[str]:
    """Yield what is the matter with a text whose season or weekend is there."""
    key = _KEY.match(text.value)
    if key is not None and key["weekend"] in held.sessions:
        yield from _of_held_weekend(text, held.sessions[key["weekend"]], command)
    elif text.is_of_key and text.value[:4].isdigit() and int(text.value[:4]) in held.seasons:
        if _YEAR.match(text.value):
            yield f"'{text.value}' is a season: compare season with it."
        elif _NAME.match(text.value):
            yield _of_name(lake, text)


def _of_held_weekend(text: _Text, codes: dict[str, bool], command: Command) -> Iterator[str]:
    weekend = weekend_of(text.value)
    if weekend == text.value:
        if text.column == "session_key":
            key = f"{weekend}-{list(codes)[-1]}"
            yield f"'{weekend}' is a weekend: compare weekend_key with it, or session_key with '{key}'."
        return
    code = code_of(text.value)
    detail = f"`{command('status', weekend)}` says what is there."
    if text.column == "weekend_key":
        yield f"'{text.value}' is a session: its weekend_key is '{weekend}'."
    elif code not in codes:
        yield f"{weekend} has no session {code}, but {' '.join(codes)}: {detail}"
    elif not codes[code]:
        yield f"{text.value} has neither laps nor a result here: {detail}"


def _of_name(lake: "Lake", text: _Text) -> str:
    """Return which key a weekend has that was called by its name."""
    from orchestration.errors import InvalidWeekendRangeError
    from orchestration.held_weekends import held_range

    ending = "-R" if text.column == "session_key" else ""
    try:
        found = held_range(lake, text.value)
    except InvalidWeekendRangeError:
        found = None
    if found is None:
        return f"'{text.value}' is no key, and no weekend that is here: curated.weekends has the names."
    return f"'{text.value}' is no key: write {text.column} = '{found.first}{ending}'."
