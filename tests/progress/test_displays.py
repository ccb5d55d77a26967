"""Progress is shown where a person watches, in a cell or a terminal, and nowhere else."""

from __future__ import annotations

import io
import sys
import types

import ipywidgets
import pytest
from IPython.core.displaypub import CapturingDisplayPublisher

from latentpalette.progress import displays
from latentpalette.progress.displays import NotebookDisplay, TerminalDisplay, find_display
from latentpalette.progress.task import Task


class Shell:
    """As much of IPython's shell in a kernel as displays use; remembers what was published."""

    def __init__(self, msg_type: str = "execute_request", *, allow_stdin: bool = True) -> None:
        self.kernel = types.SimpleNamespace(_allow_stdin=allow_stdin)
        self.display_pub = self
        self.published: list[dict] = []
        self._msg_type = msg_type

    def get_parent(self):
        return {"header": {"msg_type": self._msg_type, "msg_id": "cell 1"}}

    def publish(self, **message):
        self.published.append(message)


class Stream(io.StringIO):
    def __init__(self, *, is_terminal: bool) -> None:
        super().__init__()
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal


@pytest.fixture(autouse=True)
def plain_script(monkeypatch):
    for name in ("LATENTPALETTE_PROGRESS", "LOCAL_RANK"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(displays, "_shell", lambda: None)
    monkeypatch.setattr(sys, "stderr", Stream(is_terminal=False))


def in_a_kernel(monkeypatch, shell: Shell) -> None:
    monkeypatch.setattr(displays, "_shell", lambda: shell)


def test_a_plain_script_shows_nothing():
    assert find_display() is None


def test_a_closed_or_missing_standard_error_shows_nothing(monkeypatch):
    closed = Stream(is_terminal=True)
    closed.close()
    found = []
    for stream in (closed, None):
        with monkeypatch.context() as patch:  # short: pytest writes to it
            patch.setattr(sys, "stderr", stream)
            found.append(find_display())
    assert found == [None, None]


def test_a_terminal_shows_lines(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Stream(is_terminal=True))
    assert isinstance(find_display(), TerminalDisplay)


def test_a_cell_that_a_person_runs_shows_a_picture(monkeypatch):
    in_a_kernel(monkeypatch, Shell())
    assert isinstance(find_display(), NotebookDisplay)


def test_programs_that_record_outputs_get_none(monkeypatch):
    in_a_kernel(monkeypatch, Shell(allow_stdin=False))
    assert find_display() is None


def test_a_message_of_a_widget_has_no_place_for_it(monkeypatch):
    in_a_kernel(monkeypatch, Shell("comm_msg"))
    assert find_display() is None


def test_output_that_is_captured_stays_as_it_is(monkeypatch):
    shell = Shell()
    shell.display_pub = CapturingDisplayPublisher()
    in_a_kernel(monkeypatch, shell)
    assert find_display() is None


@pytest.mark.parametrize(("msg_id", "shown"), [("cell 1", False), ("cell 0", True), ("", True)])
def test_an_output_widget_that_captures_the_cell_gets_none(monkeypatch, msg_id, shown):
    output = ipywidgets.Output()
    output.msg_id = msg_id
    in_a_kernel(monkeypatch, Shell())
    assert (find_display() is not None) == shown
    output.msg_id = ""
    output.close()


def test_the_environment_can_turn_it_off_and_on(monkeypatch):
    in_a_kernel(monkeypatch, Shell(allow_stdin=False))
    monkeypatch.setenv("LATENTPALETTE_PROGRESS", "always")
    assert isinstance(find_display(), NotebookDisplay)
    in_a_kernel(monkeypatch, Shell())
    monkeypatch.setenv("LATENTPALETTE_PROGRESS", "never")
    assert find_display() is None


def test_of_several_processes_that_train_only_the_first_shows_it(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Stream(is_terminal=True))
    monkeypatch.setenv("LOCAL_RANK", "1")
    assert find_display() is None


def test_a_notebook_gets_one_output_that_is_replaced_and_empty_in_the_end():
    shell, task = Shell(), Task("Decoding", 4)
    display = NotebookDisplay(shell)
    display.draw([(task, 1.0)])
    task.advance()
    display.draw([(task, 2.0)])
    display.clear()
    assert [message["update"] for message in shell.published] == [False, True, True]
    assert len({message["transient"]["display_id"] for message in shell.published}) == 1
    texts = [message["data"].get("text/plain") for message in shell.published]
    assert texts == ["Decoding: 0 of 4, 1 s", "Decoding: 1 of 4, 2 s", ""]
    assert shell.published[-1]["data"] == {"text/html": "", "text/plain": ""}


def test_a_terminal_is_left_as_it_was(monkeypatch):
    stream = Stream(is_terminal=True)
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    display = TerminalDisplay()
    display.draw([(Task("Decoding [bold]", 4), 1.0)])
    assert "Decoding [bold]: 0 of 4, 1 s" in stream.getvalue()
    display.clear()
    assert stream.getvalue().endswith("\x1b[1A\x1b[2K")  # the line is erased
    assert sys.stderr is stream
