"""Progress in marimo: above what a cell has shown, from any thread, and never in the way of the work."""

from __future__ import annotations

import threading
import types

import pytest

from latentpalette.progress import board as board_module
from latentpalette.progress.board import show_progress, silenced, task_of_chunks
from latentpalette.progress.displays import find_display
from latentpalette.progress.marimo import MarimoDisplay, find_cell
from latentpalette.progress.task import Task

pytest.importorskip("marimo")
pytest.importorskip("marimo._runtime.context")
pytest.importorskip("marimo._messaging.notification_utils")


class Outputs(list):
    """What a cell has shown by `mo.output.append`."""

    def stack(self):
        return types.SimpleNamespace(text="".join(self)) if self else None


class Cell:
    """As much of marimo's context as displays use; remembers what was sent."""

    def __init__(self, state: str = "running") -> None:
        self.execution_context = types.SimpleNamespace(cell_id="cell 1", output=Outputs())
        self.graph = types.SimpleNamespace(cells={"cell 1": types.SimpleNamespace(runtime_state=state)})
        self.sent: list[bytes] = []
        self.stream = types.SimpleNamespace(write=self.sent.append, cell_id="cell 1")


def in_a_cell(monkeypatch, cell: Cell) -> None:
    import marimo
    from marimo._runtime import context

    monkeypatch.setattr(marimo, "running_in_notebook", lambda: True)
    monkeypatch.setattr(context, "get_context", lambda: cell)


def test_outside_of_a_cell_there_is_none():
    assert find_cell() is None


def test_a_cell_that_runs_gets_a_picture(monkeypatch):
    cell = Cell()
    in_a_cell(monkeypatch, cell)
    assert isinstance(find_display(), MarimoDisplay)
    monkeypatch.setenv("LATENTPALETTE_PROGRESS", "never")
    assert find_display() is None


@pytest.mark.parametrize("state", ["idle", None])
def test_a_message_of_a_widget_leaves_the_output_of_its_cell(monkeypatch, state):
    in_a_cell(monkeypatch, Cell(state))
    assert find_cell() is None


def test_a_marimo_that_we_do_not_know_shows_nothing(monkeypatch):
    in_a_cell(monkeypatch, types.SimpleNamespace())
    assert find_cell() is None


def test_tasks_stand_above_what_the_cell_has_shown_and_go(monkeypatch):
    cell, task = Cell(), Task("Decoding <x>", 4)
    cell.execution_context.output.append("<p>first</p>")
    display = MarimoDisplay(cell)
    display.draw([(task, 2.0)])
    display.clear()
    assert len(cell.sent) == 2
    assert b"Decoding &lt;x&gt;: 0 of 4, 2 s" in cell.sent[0]
    assert b"<p>first</p>" in cell.sent[0]
    assert b"Decoding" not in cell.sent[1]
    assert b"<p>first</p>" in cell.sent[1]


def test_a_cell_that_runs_in_a_thread_has_tasks_of_its_own(monkeypatch):
    in_a_cell(monkeypatch, Cell())
    seen = []

    def work() -> None:
        with show_progress("Decoding", 4, counts_chunks=True) as task:
            seen.append(task_of_chunks() is task)
        with silenced(), show_progress("Decoding", counts_chunks=True):
            seen.append(task_of_chunks() is None)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [True, True]
    assert board_module._board.tasks == []
