"""The interactive SQL prompt: history, completion and a few dot commands."""

import re
from typing import TYPE_CHECKING

from rich.text import Text

from orchestration.cli.errors import error_lines, exit_code
from orchestration.cli.exit_codes import ExitCode
from orchestration.cli.invocation import Invocation

if TYPE_CHECKING:
    from prompt_toolkit import PromptSession

    from lake.lake import Lake

HELP = """\
[bold]select …;[/bold]        ends with a semicolon, over as many lines as you like
[bold].tables[/bold]          all tables
[bold].describe TABLE[/bold]  columns, units and meaning
[bold].limit N[/bold]         rows to show; 0 shows all
[bold].help[/bold]            this text
[bold].quit[/bold]            leave (also Ctrl-D)"""

_KEYWORDS = frozenset(
    re.findall(
        r"\w+",
        """
        select from where group by order limit having distinct as on using join left inner full cross union
        all with case when then else end and or not in is null between like ilike exists asc desc nulls first
        last over partition qualify count sum avg min max median round cast coalesce row_number rank
        """,
    )
)


class SqlPrompt:
    """Reads statements until the end of input and shows their rows."""

    def __init__(self, call: Invocation, lake: "Lake", *, limit: int) -> None:
        self._call = call
        self._lake = lake
        self._limit = limit
        self._console = call.out

    def run(self) -> None:
        """Ask, answer, repeat; an error in a statement is shown and the prompt stays."""
        session = self._session()
        self._console.print("[dim]SQL over the lake. .help lists the commands, Ctrl-D leaves.[/dim]")
        while True:
            try:
                text = session.prompt("f1lake> ")
            except KeyboardInterrupt:
                continue
            except EOFError:
                return
            if not self.answer(text.strip()):
                return

    def answer(self, text: str) -> bool:
        """Answer one line or statement; return whether to go on."""
        if text.startswith("."):
            return self._command(text)
        if text:
            self._query(text)
        return True

    def _query(self, statement: str) -> None:
        from orchestration.cli import rows
        from orchestration.cli.absent_hints import say_absence
        from orchestration.cli.sql_hints import ask

        try:
            answer = ask(self._lake, statement)
            rows.show_table(self._console, answer, self._limit)
            say_absence(self._call, self._lake, statement, answer)
        except Exception as error:
            if exit_code(error) is ExitCode.UNEXPECTED:
                raise
            self._console.print(Text.assemble(("error: ", "red"), "\n".join(error_lines(error))))

    def _command(self, text: str) -> bool:
        from orchestration.cli import look

        name, _, argument = text.rstrip(";").partition(" ")
        argument = argument.strip()
        if name in {".quit", ".exit", ".q"}:
            return False
        if name == ".tables":
            look.show_tables(self._console, self._lake)
        elif name == ".describe" and argument:
            look.show_table_page(self._console, self._lake, argument)
        elif name == ".limit" and argument.isdigit():
            self._limit = int(argument)
        else:
            self._console.print(HELP)
        return True

    def _session(self) -> "PromptSession[str]":
        from prompt_toolkit import PromptSession
        from prompt_toolkit.completion import WordCompleter
        from prompt_toolkit.filters import Condition
        from prompt_toolkit.history import FileHistory
        from prompt_toolkit.lexers import PygmentsLexer
        from pygments.lexers.sql import SqlLexer  # type: ignore[import-untyped]

        state = self._call.settings.state
        state.mkdir(parents=True, exist_ok=True)
        words = sorted({*_KEYWORDS, *self._names(), ".tables", ".describe", ".limit", ".help", ".quit"})

        def is_unfinished() -> bool:
            text = session.default_buffer.text.strip()
            return bool(text) and not text.startswith(".") and not text.endswith(";")

        session: PromptSession[str] = PromptSession(
            history=FileHistory(str(state / "sql_history")),
            completer=WordCompleter(words, ignore_case=True, WORD=True),
            complete_while_typing=False,
            lexer=PygmentsLexer(SqlLexer),
            multiline=Condition(is_unfinished),
        )
        return session

    def _names(self) -> set[str]:
        from lake.tables.registry import ALL_TABLES

        columns = {name for contract in ALL_TABLES.values() for name in contract.column_names}
        return columns | set(ALL_TABLES)
