"""What the commands say: results on standard output, all else on standard error."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn


class Say:
    """Plain words for people; text from files is never read as markup."""

    def __init__(self) -> None:
        self.out = Console(highlight=False)
        self.aside = Console(stderr=True, highlight=False)

    def done(self, text: str) -> None:
        """A result: what was written, and where."""
        self.out.print(escape(text), soft_wrap=True)

    def note(self, text: str) -> None:
        """Something worth knowing on the way."""
        self.aside.print(escape(text), style="dim", soft_wrap=True)

    def error(self, text: str) -> None:
        """What went wrong and what to do."""
        self.aside.print(f"[bold red]error:[/] {escape(text)}", soft_wrap=True)

    @contextmanager
    def progress(self) -> Iterator[Progress]:
        """A bar for each task that takes a while; nothing where nobody watches."""
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.completed}/{task.total}"),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=self.aside, transient=True) as bar:
            yield bar


say = Say()
