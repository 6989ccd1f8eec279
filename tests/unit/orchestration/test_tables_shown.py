"""What is listed fits where it is shown, and says no more than a person wants to know."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from lake.lake import Lake
from lake.settings import LakeSettings
from lake.tables.registry import ALL_TABLES
from orchestration.cli.ingest import _say_partial
from orchestration.cli.invocation import Invocation
from orchestration.cli.look import show_tables
from orchestration.environments import Settings


def listed(lake: Lake, *, is_terminal: bool) -> list[str]:
    console = Console(file=io.StringIO(), width=80, force_terminal=is_terminal, no_color=True)
    show_tables(console, lake)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().splitlines()


def test_every_table_is_one_line_of_a_terminal_and_whole_in_a_file(tmp_path: Path) -> None:
    with Lake.open(LakeSettings(home=tmp_path)) as lake:
        shown, written = listed(lake, is_terminal=True), listed(lake, is_terminal=False)
    names = [line.split()[0] for line in shown if line.startswith("   ") and line.strip()]
    assert sorted(names) == sorted(contract.table for contract in ALL_TABLES.values())
    for contract in ALL_TABLES.values():
        (line,) = [line for line in written if line.startswith(f"{contract.name} ")]
        assert line.endswith(contract.description.partition(". ")[0].rstrip("."))


@pytest.mark.parametrize(
    ("partial", "text"),
    [
        ({}, ""),
        ({"2024-08": ("FP1", "Q"), "2024-09": ("Q",)}, "only a part of 2024-08 FP1, Q; 2024-09 Q: f1lake"),
        ({f"2024-{n:02d}": ("Q",) for n in range(1, 25)}, "only a part of 24 weekends (Q): f1lake"),
    ],
)
def test_what_the_source_has_a_part_of_is_one_line(
    partial: dict[str, tuple[str, ...]], text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _say_partial(Invocation(Settings(home=tmp_path)), partial)
    said = capsys.readouterr().err
    assert text in said
    assert len(said.splitlines()) == (1 if partial else 0)
