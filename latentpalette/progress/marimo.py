"""Progress in a cell of marimo, which has no kernel of Jupyter's and runs cells of apps in threads of their own."""

from __future__ import annotations

import sys
from typing import Any

from latentpalette.progress.picture import to_html
from latentpalette.progress.task import Task


def find_cell() -> Any:
    """Return marimo's context of the cell that runs in this thread; None where none does."""
    marimo, runtime = sys.modules.get("marimo"), sys.modules.get("marimo._runtime.context")
    if marimo is None or runtime is None:
        return None
    try:
        if not marimo.running_in_notebook():
            return None
        context: Any = runtime.get_context()
        cell = context.graph.cells[context.execution_context.cell_id]
        # A message of a widget comes with the cell that made it, whose output is to stay.
        return context if cell.runtime_state == "running" else None
    except Exception:  # another marimo than those we know, or a thread that belongs to no cell
        return None


class MarimoDisplay:
    """A picture above what a cell has shown so far; marimo replaces it by the cell's output.

    Parameters
    ----------
    cell : marimo's RuntimeContext
        See `find_cell`.
    """

    def __init__(self, cell: Any) -> None:
        self._stream = cell.stream
        self._cell_id = cell.execution_context.cell_id
        self._outputs = cell.execution_context.output
        self._shown = self._present_output()

    def draw(self, lines: list[tuple[Task, float]]) -> None:
        """Show tasks in place of those before; from any thread."""
        self._write(to_html(lines) + self._shown)

    def clear(self) -> None:
        """Show what the cell has shown without it; from the thread of the cell."""
        self._write(self._present_output())

    def _present_output(self) -> str:
        stack = self._outputs.stack()
        return "" if stack is None else str(stack.text)

    def _write(self, html: str) -> None:
        outputs, notifications = (
            sys.modules[f"marimo._messaging.{name}"] for name in ("cell_output", "notification_utils")
        )
        notifications.CellNotificationUtils.broadcast_output(
            channel=outputs.CellChannel.OUTPUT,
            mimetype="text/html",
            data=html,
            cell_id=self._cell_id,
            status=None,
            stream=self._stream,
        )
