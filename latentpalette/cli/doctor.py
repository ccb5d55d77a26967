"""`latentpalette doctor`: check what is installed, and print the commands that install what is missing."""

from __future__ import annotations

from rich.table import Table

from latentpalette.cli.console import console, plain


def doctor() -> None:
    """Check everything that latentpalette uses, and print how to install what is missing."""
    from latentpalette.audio import doctor

    table = Table(box=None, show_header=False, pad_edge=False)
    for check in doctor.run_checks():
        mark = plain("✓", "green") if check.ok else plain("–", "yellow")
        table.add_row(mark, plain(check.name), plain(check.detail))
        if not check.ok and check.fix:
            table.add_row("", "", plain(check.fix, "bold"))
    console.result_table(table)
