"""Progress appears once work has lasted over a second, for as long as it lasts, and costs the work nothing."""

from __future__ import annotations

import os
import threading

import pytest

from latentpalette.progress import board as board_module
from latentpalette.progress.board import Board, show_progress, silenced, task_of_chunks, track
from latentpalette.progress.task import Task


class Recorder:
    """A display that remembers what it was asked to show."""

    def __init__(self, error: Exception | None = None) -> None:
        self.drawn: list[list[str]] = []
        self.cleared = 0
        self._error = error

    def draw(self, lines):
        if self._error:
            raise self._error
        self.drawn.append([task.describe(seconds) for task, seconds in lines])

    def clear(self):
        self.cleared += 1


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def board(clock, recorder, monkeypatch) -> Board:
    board = Board(lambda: recorder, clock, has_thread=False)
    monkeypatch.setattr(board_module, "_board", board)
    return board


def test_work_of_less_than_a_second_shows_nothing(board, clock, recorder):
    with show_progress("Decoding", 4):
        clock.now += 0.9
        board.draw()
    assert (recorder.drawn, recorder.cleared) == ([], 0)


def test_longer_work_is_shown_and_removed_when_it_ends(board, clock, recorder):
    with show_progress("Decoding", 4) as task:
        task.advance(3)
        clock.now += 2
        board.draw()
        assert recorder.cleared == 0
    assert (recorder.drawn, recorder.cleared) == ([["Decoding: 3 of 4, 2 s"]], 1)
    board.draw()
    assert len(recorder.drawn) == 1


def test_work_that_reports_nothing_is_shown_all_the_same(board, clock, recorder):
    with show_progress("Loading"):
        clock.now += 5
        board.draw()
    assert recorder.drawn == [["Loading: 5 s"]]


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ValueError("wrong")])
def test_an_interrupted_block_leaves_nothing(board, clock, recorder, error):
    def work() -> None:
        with show_progress("Outer"), show_progress("Inner"):
            clock.now += 2
            board.draw()
            raise error

    with pytest.raises(type(error)):
        work()
    assert (board.tasks, recorder.cleared) == ([], 1)
    with show_progress("Next"):
        clock.now += 2
        board.draw()
    assert recorder.drawn[-1] == ["Next: 2 s"]


def test_of_tasks_inside_each_other_the_outermost_and_the_innermost_are_shown(board, clock, recorder):
    with show_progress("Evaluating"), show_progress("Interpolating", 11), show_progress("Decoding", 50):
        clock.now += 1.5
        board.draw()
    assert recorder.drawn == [["Evaluating: 2 s", "Decoding: 0 of 50, 2 s"]]
    assert recorder.cleared == 1


def test_a_task_inside_another_is_shown_once_it_lasts_itself(board, clock, recorder):
    with show_progress("Evaluating"):
        clock.now += 1.5
        with show_progress("Decoding", 50):
            board.draw()
    assert recorder.drawn == [["Evaluating: 2 s"]]


def test_items_are_counted_one_by_one(board, clock, recorder):
    for item in track("abc", "Spelling", 3):
        if item == "c":
            clock.now += 2
            board.draw()
    assert recorder.drawn == [["Spelling: 2 of 3, 2 s"]]
    assert board.tasks == []


def test_a_generator_that_nobody_finishes_does_not_hide_later_work(board, clock, recorder):
    with show_progress("Outer"):
        unfinished = track("abc", "Spelling", 3)
        next(unfinished)
    with show_progress("Next"):
        clock.now += 2
        board.draw()
    unfinished.close()
    assert recorder.drawn == [["Next: 2 s"]]


def test_silenced_work_shows_nothing(board, clock, recorder):
    with silenced(), show_progress("Training"):
        clock.now += 2
        board.draw()
    assert recorder.drawn == []


def test_a_display_that_fails_does_not_end_the_work(clock):
    recorder = Recorder(RuntimeError("no such front end"))
    board = Board(lambda: recorder, clock, has_thread=False)
    with board.show(Task("Training", 3)) as task:
        clock.now += 2
        board.draw()
        board.draw()
        task.advance()
    assert (task.done, recorder.cleared) == (1, 1)


def test_work_in_another_thread_is_not_shown(board):
    seen = []

    def work() -> None:
        with show_progress("Decoding", counts_chunks=True):
            seen.append((list(board.tasks), task_of_chunks()))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [([], None)]


def test_only_a_task_that_counts_chunks_gets_them(board):
    with show_progress("Searching", 4):
        assert task_of_chunks() is None
        with show_progress("Decoding", 4, counts_chunks=True) as task:
            assert task_of_chunks() is task


def test_the_thread_draws_by_itself_and_in_the_context_of_the_cell(clock):
    drawn = threading.Event()

    class Signal(Recorder):
        def draw(self, lines):
            super().draw(lines)
            drawn.set()

    signal = Signal()
    board = Board(lambda: signal, clock)
    with board.show(Task("Decoding")):
        clock.now += 2
        assert drawn.wait(60)
        clock.now += 60
    assert (signal.drawn[0], signal.cleared) == (["Decoding: 2 s"], 1)


@pytest.mark.skipif(not hasattr(os, "register_at_fork"), reason="this system has no fork")
def test_a_forked_process_shows_nothing(board, clock, recorder):
    with show_progress("Outer"):
        board.disable()
        clock.now += 2
        board.draw()
    assert (recorder.drawn, recorder.cleared) == ([], 0)
