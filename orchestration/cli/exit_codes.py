"""Exit codes of the command line, as docs/reference/commands.md lists them."""

from enum import IntEnum


class ExitCode(IntEnum):
    """What the process returns."""

    DONE = 0
    FAILED = 1
    WRONG_USAGE = 2
    LAKE_UNUSABLE = 3
    SOURCE_FAILED = 4
    UNEXPECTED = 70
    STOPPED = 130

    @property
    def meaning(self) -> str:
        """One sentence for the reference page."""
        return _MEANINGS[self]


_MEANINGS = {
    ExitCode.DONE: "Everything asked for is done, or was done already.",
    ExitCode.FAILED: "Some of it failed, or the answer could not be written; the message names what and why.",
    ExitCode.WRONG_USAGE: "An option, a key, a statement or a setting is not one; nothing was done.",
    ExitCode.LAKE_UNUSABLE: "The lake cannot be read or written.",
    ExitCode.SOURCE_FAILED: "A source cannot be reached or understood.",
    ExitCode.UNEXPECTED: "An error that nobody expected; please report it with `--verbose`.",
    ExitCode.STOPPED: "Stopped by Ctrl-C; the next start finishes what was committed halfway.",
}
