"""The reference pages of commands and settings, written from the code: ``python -m orchestration.reference``.

A test holds the pages in ``docs/reference`` equal to what is written here.
"""

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from orchestration.cli.exit_codes import ExitCode
from orchestration.cli.main import app
from orchestration.environments import SETTINGS

FOLDER = Path("docs/reference")

_GENERATED = "<!-- Written by `make docs`; change the code, not this page. -->"


def pages() -> dict[str, str]:
    """Return file name to text of each page."""
    return {"commands.md": commands_page(), "settings.md": settings_page()}


def commands_page() -> str:
    """Return the page of all commands: text, arguments, options, exit codes."""
    group = typer.main.get_command(app)
    lines = [
        "# Commands",
        "",
        _GENERATED,
        "",
        str(group.help),
        "",
        "Global options stand before the command: `f1lake --home /data/lake status`.",
        "",
        *_options(group),
    ]
    for name, command in group.commands.items():  # type: ignore[attr-defined] # a group has commands
        lines += [
            "",
            f"## f1lake {name}",
            "",
            inspect.cleandoc(command.callback.__doc__),
            "",
            *_options(command),
        ]
    lines += ["", "## Exit codes", "", "| code | meaning |", "|---|---|"]
    lines += [f"| {code.value} | {code.meaning} |" for code in ExitCode]
    return "\n".join(lines).rstrip() + "\n"


def settings_page() -> str:
    """Return the page of all environment variables."""
    lines = [
        "# Settings",
        "",
        _GENERATED,
        "",
        "An option of the command line wins over the environment, the environment over the default. They are",
        "read once, in `orchestration/environments.py`, and nowhere else.",
        "",
        "| variable | default | meaning |",
        "|---|---|---|",
    ]
    for setting in SETTINGS:
        default = f"`{setting.default}`" if setting.default else "none"
        lines.append(f"| `{setting.name}` | {default} | {setting.meaning} |")
    return "\n".join(lines) + "\n"


def write_pages(folder: Path) -> None:
    """Write the pages into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8")


def _options(command: Any) -> Iterator[str]:  # noqa: ANN401 - typer's own command, of no public type
    rows = [row for row in (_row(parameter) for parameter in command.params) if row is not None]
    if rows:
        yield "| argument or option | default | meaning |"
        yield "|---|---|---|"
        yield from rows


def _row(parameter: Any) -> str | None:  # noqa: ANN401 - typer's own parameter, of no public type
    is_option = parameter.param_type_name == "option"
    if is_option and parameter.name in {"help", "install_completion", "show_completion"}:
        return None
    name = ", ".join(f"`{text}`" for text in parameter.opts) if is_option else f"`{parameter.name.upper()}`"
    has_default = parameter.default not in (None, False) and not callable(parameter.default)
    default = f"`{parameter.default}`" if has_default else ("required" if parameter.required else "")
    return f"| {name} | {default} | {parameter.help or ''} |"


if __name__ == "__main__":
    write_pages(FOLDER)
