"""Displays of progress: a picture in a notebook, a line in a terminal."""

from __future__ import annotations

import os
import sys
import uuid
from typing import Any, Protocol

from latentpalette.progress.marimo import MarimoDisplay, find_cell
from latentpalette.progress.picture import to_html
from latentpalette.progress.task import Task

Lines = list[tuple[Task, float]]  # tasks, the outermost first, and how long each has lasted [seconds]


class Display(Protocol):
    """A display of progress."""

    def draw(self, lines: Lines) -> None:
        """Show tasks in place of those before."""

    def clear(self) -> None:
        """Remove what is shown."""


def find_display() -> Display | None:
    """Return the display of the present cell or terminal; None where nobody watches."""
    setting = os.environ.get("LATENTPALETTE_PROGRESS", "").lower()
    is_first_process = os.environ.get("LOCAL_RANK", "0") == "0"  # of a training in several
    if setting == "never" or not is_first_process:
        return None
    cell = find_cell()
    if cell is not None:
        return MarimoDisplay(cell)
    shell = _shell()
    if getattr(shell, "kernel", None) is not None:
        return NotebookDisplay(shell) if setting == "always" or _is_run_by_a_person(shell) else None
    stderr = sys.stderr
    is_terminal = stderr is not None and not stderr.closed and stderr.isatty()
    return TerminalDisplay() if setting == "always" or is_terminal else None


def _shell() -> Any:
    if "IPython" not in sys.modules:
        return None
    from IPython import get_ipython

    return get_ipython()


def may_ask_for_input(kernel: Any) -> bool:
    """Return whether the cell that runs may ask for input: programs that record outputs do not let it."""
    return bool(getattr(kernel, "_allow_stdin", True))


def _is_run_by_a_person(shell: Any) -> bool:
    """Return whether a cell runs, not a message of a widget, which has no place for output of its own."""
    get_parent = getattr(shell, "get_parent", None)
    parent = get_parent() if get_parent else {}
    header = parent.get("header", {})
    is_cell = header.get("msg_type") == "execute_request"
    return is_cell and may_ask_for_input(shell.kernel) and not _is_captured(shell, header.get("msg_id"))


def _is_captured(shell: Any, msg_id: str | None) -> bool:
    """Return whether output goes to `%%capture` or an Output widget, where what is shown could not be removed."""
    from IPython.core.displaypub import CapturingDisplayPublisher

    if isinstance(shell.display_pub, CapturingDisplayPublisher):
        return True
    widgets = getattr(sys.modules.get("ipywidgets.widgets.widget"), "_instances", {})
    outputs = [widget for widget in list(widgets.values()) if type(widget).__name__ == "Output"]
    return bool(msg_id) and any(getattr(output, "msg_id", "") == msg_id for output in outputs)


class NotebookDisplay:
    """An output of a cell that is replaced by the next, and is empty in the end.

    Parameters
    ----------
    shell : IPython's InteractiveShell
    """

    def __init__(self, shell: Any) -> None:
        self._publisher = shell.display_pub
        self._id: dict[str, str] = {}

    def draw(self, lines: Lines) -> None:
        """Show tasks in place of those before."""
        text = "\n".join(task.describe(seconds) for task, seconds in lines)
        self._publish({"text/html": to_html(lines), "text/plain": text})

    def clear(self) -> None:
        """Leave an output that shows nothing: a front end cannot remove one, and programs warn of one without data."""
        self._publish({"text/html": "", "text/plain": ""})

    def _publish(self, data: dict[str, str]) -> None:
        is_update = bool(self._id)
        self._id = self._id or {"display_id": uuid.uuid4().hex}
        self._publisher.publish(data=data, metadata={}, transient=self._id, update=is_update)


class TerminalDisplay:
    """Lines at the end of a terminal, on standard error; what is printed meanwhile stands above them."""

    def __init__(self) -> None:
        self._live: Any = None

    def draw(self, lines: Lines) -> None:
        """Show tasks in place of those before."""
        from rich.console import Console
        from rich.live import Live
        from rich.progress_bar import ProgressBar
        from rich.table import Table
        from rich.text import Text

        if self._live is None:
            self._live = Live(console=Console(stderr=True), transient=True, auto_refresh=False)
            self._live.start()
        table = Table.grid(padding=(0, 1))
        for task, seconds in lines:
            share = task.share
            bar = ProgressBar(total=1.0, completed=share or 0.0, width=24, pulse=share is None)
            table.add_row(bar, Text(task.describe(seconds)))
        self._live.update(table, refresh=True)

    def clear(self) -> None:
        """Remove the lines."""
        if self._live is not None:
            self._live.stop()
            self._live = None
