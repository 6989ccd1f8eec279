"""The process of the command: output arrives, the exit code is the command's, and what must end is ended."""

import subprocess
import sys
from pathlib import Path

import pytest

START = "from orchestration.cli.start import run; run()"


def run_command(*arguments: str, before: str = "", stdout: int | None = subprocess.PIPE) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-c", f"{before}\n{START}", *arguments],
        stdout=stdout,
        stderr=subprocess.STDOUT if stdout == subprocess.PIPE else subprocess.PIPE,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout if stdout == subprocess.PIPE else done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--version",), 0, "f1lake "),
        (("describe", "--help"), 0, "Usage"),
        (("nonsense",), 2, "No such command"),
    ],
)
def test_output_arrives_whole_and_the_exit_code_is_the_commands(
    arguments: tuple[str, ...], code: int, said: str
) -> None:
    returned, text = run_command(*arguments)
    assert returned == code
    assert said in text


def test_what_others_registered_for_the_end_is_done(tmp_path: Path) -> None:
    left = tmp_path / "left"
    registering = (
        "import atexit, pathlib, orchestration.cli.main as main\n"
        "real = main.app\n"
        "def app():\n"
        f"    atexit.register(pathlib.Path({str(left)!r}).touch)\n"
        "    real()\n"
        "main.app = app"
    )
    code, _ = run_command("--version", before=registering)
    assert code == 0
    assert left.exists()


def test_thread_at_work_is_waited_for(tmp_path: Path) -> None:
    left = tmp_path / "left"
    thread = (
        "import threading, time, pathlib\n"
        f"def work():\n    time.sleep(0.3); pathlib.Path({str(left)!r}).touch()\n"
        "threading.Thread(target=work).start()"
    )
    assert run_command("--version", before=thread)[0] == 0
    assert left.exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_output_that_cannot_be_written_is_no_success() -> None:
    with Path("/dev/full").open("w") as full:
        code, _ = run_command("--version", stdout=full.fileno())
    assert code != 0
