"""What the demo prints: a line per step, podium with gaps, strips as long as the laps, commands that work."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from orchestration.cli.demo_report import (
    STEPS,
    STRIP_WIDTH,
    StepLines,
    program,
    show_facts,
    show_strategies,
    strip_column,
    time_or_gap,
)
from orchestration.cli.progress import BackfillProgress
from orchestration.demo import BestLap, PodiumPlace, RaceFacts
from orchestration.outcomes import WeekendOutcome
from orchestration.runs import RunOutcome, RunStatus

WINNER = PodiumPlace(1, "Ann One", "Team A", 3, 5_410_782, 0)
SECOND = PodiumPlace(2, "Bo Two", None, 0, 5_413_784, 3002)
THIRD = PodiumPlace(3, None, None, None, None, None)
STRATEGIES = [("ONE", [("MEDIUM", 11), ("HARD", 46)]), ("TWO", [("SOFT", 10)])]


@pytest.fixture
def console() -> Console:
    return Console(file=io.StringIO(), width=100, highlight=False)


def printed(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def outcome(status: RunStatus) -> WeekendOutcome:
    reason = None if status is RunStatus.SUCCEEDED else "raw: no network"
    return WeekendOutcome("2025-90", RunOutcome("id", status, 1.0, reason, Path("log")))


def test_winner_has_a_time_and_the_others_a_gap() -> None:
    assert [time_or_gap(place) for place in (WINNER, SECOND, THIRD)] == ["1:30:10.782", "+3.002", "-"]


def test_facts_name_podium_pole_fastest_lap_and_size(console: Console) -> None:
    facts = RaceFacts(
        (WINNER, SECOND, THIRD),
        BestLap("Ann One", 85_915, None),
        BestLap("Bo Two", 88_119, 46),
        43,
        1_721_100,
    )
    show_facts(console, "2025 Test", facts)
    text = printed(console)
    for part in ("1:25.915  Ann One", "1:28.119  Bo Two, lap 46", "1,721,100 rows in 43 tables", "pits"):
        assert part in text


def test_facts_that_are_not_known_are_left_out(console: Console) -> None:
    show_facts(console, "2025 Test", RaceFacts((), None, None, 0, 0))
    assert "Pole" not in printed(console)
    assert "0 rows in 0 tables" in printed(console)


def test_strips_are_letters_without_colour_where_there_is_no_terminal(console: Console) -> None:
    show_strategies(console, STRATEGIES)
    text = printed(console)
    assert "\x1b" not in text
    assert "ONE M11········H46···" in text
    assert "M medium, H hard, S soft" in text


def test_strips_are_coloured_in_a_terminal() -> None:
    console = Console(file=io.StringIO(), force_terminal=True, color_system="standard", width=100)
    show_strategies(console, STRATEGIES)
    assert "\x1b[30;" in printed(console)


def test_strip_is_as_long_as_the_laps_however_many_stints() -> None:
    assert strip_column(57, 57) == STRIP_WIDTH
    assert strip_column(0, 0) == 0
    assert strip_column(20, 40) == round(STRIP_WIDTH / 2)


def test_no_race_prints_no_strip(console: Console) -> None:
    show_strategies(console, [])
    assert printed(console).strip().startswith("Tyres")


def test_each_step_that_is_through_has_a_line(console: Console) -> None:
    with BackfillProgress(console, 1) as progress:
        lines = StepLines(console, progress)
        lines.weekends_started(1)
        lines.weekend_started("2025-90")
        for step in STEPS:
            lines.step("2025-90", "STEP_START", step)
            lines.step("2025-90", "STEP_SUCCESS", step)
        lines.step("2025-90", "STEP_START", "more")
        lines.marts_started(1)
        lines.weekend_ended(outcome(RunStatus.SUCCEEDED))
    text = printed(console)
    assert text.count("✓") == len(STEPS)
    assert "more" not in text


def test_failed_weekend_is_told_with_its_reason(console: Console) -> None:
    with BackfillProgress(console, 1) as progress:
        StepLines(console, progress).weekend_ended(outcome(RunStatus.FAILED))
    assert "no network" in printed(console)


def test_program_is_named_so_that_the_shell_finds_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed = tmp_path / ".venv" / "bin" / "f1lake"
    installed.parent.mkdir(parents=True)
    installed.write_text("#!/bin/sh\n", encoding="utf-8")
    installed.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", "/nowhere")
    assert program([str(installed)]) == ".venv/bin/f1lake"
    assert program([".venv/bin/f1lake"]) == ".venv/bin/f1lake"
    assert program(["-c"]) == "f1lake"
    monkeypatch.setenv("PATH", str(installed.parent))
    assert program([str(installed)]) == "f1lake"
