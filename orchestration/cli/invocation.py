"""What every command gets: settings, where to print, and the lake opened from them."""

import shlex
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from orchestration.environments import Settings

if TYPE_CHECKING:
    from lake.lake import Lake
    from orchestration.cli.consoles import RemarkConsole, ResultConsole


@dataclass(frozen=True)
class Invocation:
    """One call of the command line.

    Attributes:
        settings: Settings of this process.
        is_verbose: Whether tracebacks and the run's log are wanted.
        is_home_given: Whether an option or the environment names the home.
        given: The global options as they were written, to be repeated in a command that we print.
    """

    settings: Settings
    is_verbose: bool = False
    is_home_given: bool = False
    given: tuple[str, ...] = ()

    @property
    def out(self) -> "ResultConsole":
        """Console for results: standard output."""
        from orchestration.cli.consoles import ResultConsole

        return ResultConsole(highlight=False)

    @property
    def err(self) -> "RemarkConsole":
        """Console for progress and remarks: standard error, so that results can be piped."""
        from orchestration.cli.consoles import RemarkConsole

        return RemarkConsole(stderr=True, highlight=False)

    def with_source(self, source: str | None) -> "Invocation":
        """Return the same call with another source, where one is given."""
        if source is None:
            return self
        return replace(
            self, settings=replace(self.settings, source=source), given=(*self.given, "--source", source)
        )

    def at_home(self, home: Path) -> "Invocation":
        """Return the same call at another home, where neither option nor environment names one."""
        if self.is_home_given:
            return self
        found = replace(self.settings, home=home.absolute())
        return replace(self, settings=found, given=("--home", str(home), *self.given))

    def command(self, *words: str) -> str:
        """Return a command line that does something more on the same lake: a command and what it is given."""
        return shlex.join(["f1lake", *self.given, *words])

    def existing_lake(self) -> "Lake":
        """Return the lake of the settings.

        Raises:
            LakeNotFoundError: If nothing was ingested at this home yet.
        """
        from orchestration.lakes import open_existing_lake

        return open_existing_lake(self.settings)


def invocation(context: typer.Context) -> Invocation:
    """Return what the global options said."""
    found = context.find_object(Invocation)
    if found is None:
        raise RuntimeError("a command ran without the global options")
    return found
