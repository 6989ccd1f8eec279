"""Turns errors into one clear sentence and an exit code, for every command.

What an error says is written where it is raised; here it is only shown.
"""

import errno
import os
import sys
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup

from orchestration.cli.exit_codes import ExitCode
from orchestration.cli.invocation import Invocation
from orchestration.cli.output import flushed_output, write_nowhere
from orchestration.errors import HomeNotWritableError, UsageError
from orchestration.findings import CHOOSE_HOME

# By the package an error comes from: looking at names keeps heavy packages from being imported only to be
# caught.
_CODES = {
    "orchestration": ExitCode.FAILED,
    "racing": ExitCode.WRONG_USAGE,
    "assets": ExitCode.FAILED,
    "charts": ExitCode.FAILED,
    "lake": ExitCode.LAKE_UNUSABLE,
    "sources": ExitCode.SOURCE_FAILED,
}


_WRONG_USAGE = {
    "WrongStatementError",
    "QueryRefusedError",
    "UnknownWeekendError",
    "UnsupportedCatalogError",
    "InvalidSourceError",
}
"""Errors of other packages about what was asked for, not about what was found."""


_CLOSED = {errno.EACCES, errno.EPERM, errno.EROFS}

_DATABASE_CLOSED = {"CatalogClosedError", "OperationalError"}
"""What SQLite's errors are called, as the lake, SQLAlchemy and Python name them; they name no file."""


def as_home_error(error: Exception, home: Path) -> Exception:
    """Return the error of a home that may not be read or written where that is the cause, else the same.

    Args:
        error: What a command raised.
        home: The home of the call.
    """
    if isinstance(error, OSError) and error.errno in _CLOSED and error.filename is not None:
        path = Path(os.fsdecode(error.filename))
        if path.is_relative_to(home):
            return HomeNotWritableError(f"{path}: {error.strerror}: {CHOOSE_HOME}")
    elif type(error).__name__ in _DATABASE_CLOSED and not os.access(home, os.R_OK | os.W_OK | os.X_OK):
        return HomeNotWritableError(f"{home}: {os.strerror(errno.EACCES)}: {CHOOSE_HOME}")
    return error


def exit_code(error: BaseException) -> ExitCode:
    """Return the exit code of an error that a command raised."""
    if isinstance(error, KeyboardInterrupt):
        return ExitCode.STOPPED
    if isinstance(error, UsageError) or type(error).__name__ in _WRONG_USAGE:
        return ExitCode.WRONG_USAGE
    if isinstance(error, HomeNotWritableError):
        return ExitCode.LAKE_UNUSABLE
    package = type(error).__module__.partition(".")[0]
    return _CODES.get(package, ExitCode.UNEXPECTED)


def error_lines(error: BaseException) -> list[str]:
    """Return what an error says, and below it what to do next where somebody noted that."""
    return [str(error), *getattr(error, "__notes__", [])]


class CommandGroup(TyperGroup):
    """Runs a command and answers its errors: a sentence, or a traceback with ``--verbose``."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - typer's own signature
        """Run the chosen command."""
        try:
            with flushed_output():
                return super().invoke(ctx)
        except KeyboardInterrupt:
            typer.secho("stopped", fg="yellow", err=True)
            raise typer.Exit(ExitCode.STOPPED) from None
        except BrokenPipeError:
            # The reader (head, a pager that was quit) has seen enough; the rest goes nowhere.
            write_nowhere(sys.stdout)
            raise typer.Exit(ExitCode.DONE) from None
        except Exception as error:
            said = as_home_error(error, ctx.obj.settings.home) if isinstance(ctx.obj, Invocation) else error
            code = exit_code(said)
            if type(error).__module__.startswith("typer") or ctx.params.get("verbose"):
                raise
            _show(said, code)
            raise typer.Exit(code) from error


def _show(error: Exception, code: ExitCode) -> None:
    typer.secho("error: ", fg="red", bold=True, nl=False, err=True)
    if code is ExitCode.UNEXPECTED:
        typer.echo(f"{type(error).__name__}: {error}", err=True)
        typer.echo(
            "This should not happen. Run it again as `f1lake --verbose ...` for the whole story.", err=True
        )
    else:
        typer.echo("\n".join(error_lines(error)), err=True)
