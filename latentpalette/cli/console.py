"""Output of the commands: results on standard output, all else on standard error."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

import rich.console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from latentpalette.progress.board import silenced

# Invisible characters that change the direction of the text around them, beside the control characters.
_DIRECTIONS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
_MARKS = {"\u200e", "\u200f", "\u061c", "\u2028", "\u2029"}


def printable(text: str) -> str:
    r"""Return text for a terminal: what could move its cursor, color it or reorder it is written as an escape.

    Names of files, tracks and songs come from elsewhere. Lines and tabs stay.

    Examples
    --------
    >>> print(printable("loop\x1b[31m.mid"))
    loop\x1b[31m.mid
    """
    return "".join(map(_printable_character, text)) if not text.isascii() or not text.isprintable() else text


def _printable_character(character: str) -> str:
    is_control = unicodedata.category(character) in ("Cc", "Cs") and character not in "\n\t"
    if is_control or character in _MARKS or unicodedata.bidirectional(character) in _DIRECTIONS:
        return character.encode("unicode-escape").decode()
    return character


class Console:
    """Print results, notes, errors and progress. Text is never read as markup: it may come from files."""

    def __init__(self) -> None:
        self.stdout = rich.console.Console(highlight=False)
        self.stderr = rich.console.Console(stderr=True, highlight=False)

    def result(self, text: str) -> None:
        """Print a result: a figure, or a file that was written."""
        self.stdout.print(plain(text), soft_wrap=True)

    def note(self, text: str) -> None:
        """Print something worth knowing that is not a result."""
        self.stderr.print(plain(text), style="dim", soft_wrap=True)

    def error(self, text: str) -> None:
        """Print what is wrong and what to do."""
        self.stderr.print(Text.assemble(("error:", "bold red"), " ", plain(text)), soft_wrap=True)

    def result_table(self, table: Table) -> None:
        """Print a table of results, whose texts are `plain`."""
        self.stdout.print(table)

    def note_table(self, table: Table) -> None:
        """Print a table worth knowing that is not a result."""
        self.stderr.print(table)

    @contextmanager
    def progress(self) -> Iterator[Progress]:
        """Show progress bars, on a terminal only."""
        columns = (
            _Description(),
            BarColumn(),
            TextColumn("{task.completed}/{task.total}"),
            TimeElapsedColumn(),
        )
        hidden = not self.stderr.is_terminal  # otherwise it leaves an empty line
        with silenced(), Progress(*columns, console=self.stderr, transient=True, disable=hidden) as bar:
            yield bar


class _Description(ProgressColumn):
    """The description of a task, without markup."""

    def render(self, task: Task) -> Text:
        return plain(task.description)


def plain(text: object, style: str = "") -> Text:
    """Return text for a line or a cell of a table: printable, without markup and emoji codes."""
    return Text(printable(str(text)), style)


console = Console()
