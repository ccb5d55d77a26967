"""`latentpalette doctor`: what was found, what is missing, and the one command that installs it."""

from __future__ import annotations

from rich.markup import escape
from rich.table import Table

from latentpalette.cli.console import say


def doctor() -> None:
    """Look for everything that latentpalette uses and say how to install what is missing."""
    from latentpalette.audio import doctor

    table = Table(box=None, show_header=False, pad_edge=False)
    for check in doctor.report():
        mark = "[green]✓[/]" if check.ok else "[yellow]–[/]"
        table.add_row(mark, escape(check.name), escape(check.detail))
        if not check.ok and check.fix:
            table.add_row("", "", f"[bold]{escape(check.fix)}[/]")
    say.out.print(table)
