"""Output of the commands: results on standard output, all else on standard error."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import rich.console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from latentpalette.data.members import clean_text


class Console:
    """Print results, notes, errors and progress. Text is never read as markup: it may come from files."""

    def __init__(self) -> None:
        self.stdout = rich.console.Console(highlight=False)
        self.stderr = rich.console.Console(stderr=True, highlight=False)

    def result(self, text: str) -> None:
        """Print a result: a figure, or a file that was written."""
        self.stdout.print(printable(text), soft_wrap=True)

    def note(self, text: str) -> None:
        """Print something worth knowing that is not a result."""
        self.stderr.print(printable(text), style="dim", soft_wrap=True)

    def error(self, text: str) -> None:
        """Print what is wrong and what to do."""
        self.stderr.print(f"[bold red]error:[/] {printable(text)}", soft_wrap=True)

    @contextmanager
    def progress(self) -> Iterator[Progress]:
        """Show progress bars, on a terminal only."""
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.completed}/{task.total}"),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=self.stderr, transient=True) as bar:
            yield bar


def printable(text: str) -> str:
    r"""Return text as rich prints it literally, with escapes for characters that would change the terminal.

    Examples
    --------
    >>> printable("[red]" + chr(27) + "[31m.mid")
    '\\[red]\\x1b[31m.mid'
    """
    return escape("\n".join(map(clean_text, text.split("\n"))))


console = Console()
