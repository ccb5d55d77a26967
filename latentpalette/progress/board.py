"""Progress that is shown once work has lasted over a second, and removed when it ends: `show_progress`.

The work itself only counts. A thread of its own looks a few times a second at what is being done, and draws it. So the
display costs the work next to nothing, and is alive during a single operation that takes long.
"""

from __future__ import annotations

import contextvars
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from typing import TypeVar

from latentpalette.progress.displays import Display, find_display
from latentpalette.progress.marimo import find_cell
from latentpalette.progress.task import Task

Item = TypeVar("Item")

_DELAY = 1.0  # seconds of work before anything is shown
_INTERVAL = 0.5  # seconds between two pictures
_IDLE = 5.0  # seconds without work after which the thread ends


class Board:
    """The tasks that run in one thread, one inside the other, and their display.

    Parameters
    ----------
    find_display : callable
        Called when the outermost task begins; returns None where nobody watches.
    clock : callable
        Seconds.
    has_thread : bool
        Whether a thread calls `draw`.
    """

    def __init__(
        self,
        find_display: Callable[[], Display | None] = find_display,
        clock: Callable[[], float] = time.monotonic,
        *,
        has_thread: bool = True,
    ) -> None:
        self.tasks: list[Task] = []
        self.silenced = 0
        self._find_display, self._clock, self._has_thread = find_display, clock, has_thread
        self._display: Display | None = None
        self._context = contextvars.Context()
        self._is_drawn = False
        self._thread: threading.Thread | None = None
        self._last_used = clock()
        self._lock = threading.Lock()

    @contextmanager
    def show(self, task: Task) -> Iterator[Task]:
        """Show a task while a block runs."""
        if self.silenced:
            yield task
            return
        task.started = self._clock()
        is_outermost = not self.tasks
        try:
            if is_outermost:
                self._begin()
            self.tasks.append(task)
            yield task
        finally:
            if task in self.tasks:
                self.tasks.remove(task)
            if is_outermost:
                self.tasks.clear()  # one may be left by a generator that nobody finished
                self._end()

    def _begin(self) -> None:
        self._display = self._find_display()
        if self._display is not None:
            self._context = contextvars.copy_context()  # has the cell that output belongs to
            self._last_used = self._clock()
            with self._lock:
                if self._has_thread and (self._thread is None or not self._thread.is_alive()):
                    self._thread = threading.Thread(target=self._run, name="latentpalette-progress", daemon=True)
                    self._thread.start()

    def _end(self) -> None:
        with self._lock:
            display, self._display = self._display, None
            if display is not None and self._is_drawn:
                self._is_drawn = False
                with suppress(Exception):
                    display.clear()
            self._last_used = self._clock()

    def draw(self) -> None:
        """Draw the outermost task, and the innermost one inside it, if they have lasted over a second."""
        with self._lock:
            now, tasks = self._clock(), list(self.tasks)
            if self._display is None or not tasks:
                return
            slow = [task for task in tasks if now - task.started >= _DELAY]
            if not slow:
                return
            try:
                lines = [(task, now - task.started) for task in dict.fromkeys((slow[0], slow[-1]))]
                self._context.run(self._display.draw, lines)
                self._is_drawn = True
            except Exception:  # a picture that cannot be shown is no reason to end what it is about
                with suppress(Exception):
                    self._display.clear()
                self._display = None

    def disable(self) -> None:
        """Show nothing from now on, in a forked process: its parent shows, and may hold the lock for ever."""
        self._lock = threading.Lock()
        self._display, self._find_display = None, lambda: None

    def _run(self) -> None:
        while True:
            time.sleep(_INTERVAL)
            self.draw()
            with self._lock:
                if self._display is None and self._clock() - self._last_used > _IDLE:
                    self._thread = None
                    return


_board = Board()  # of the main thread
_others = threading.local()


def _present_board() -> Board | None:
    """Return the board of this thread; None where it is neither the main one nor one that runs a cell of marimo."""
    if threading.current_thread() is threading.main_thread():
        return _board
    if find_cell() is None:
        return None
    _others.board = getattr(_others, "board", None) or Board()
    board: Board = _others.board
    return board


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_board.disable)


def show_progress(label: str, total: int | None = None, *, counts_chunks: bool = False) -> AbstractContextManager[Task]:
    """Show how far a block of work is, if it takes over a second, where someone watches; remove it at the end.

    Someone watches in a cell of Jupyter that a person runs, in one of marimo, and where standard error is a terminal.
    Programs that record outputs (nbconvert, papermill, nbval), Voilà, which shows a cell when it has ended, and scripts
    get nothing. ``$LATENTPALETTE_PROGRESS`` is ``never`` or ``always`` where that is not right.

    Parameters
    ----------
    label, total, counts_chunks
        See `Task`.

    Examples
    --------
    >>> with show_progress("Counting", 3) as task:
    ...     for _ in range(3):
    ...         task.advance()
    >>> task.done
    3
    """
    task, board = Task(label, total, counts_chunks=counts_chunks), _present_board()
    return nullcontext(task) if board is None else board.show(task)


def track(items: Iterable[Item], label: str, total: int | None = None) -> Iterator[Item]:
    """Yield items, and show how many are done; see `show_progress`.

    Examples
    --------
    >>> list(track("abc", "Spelling", 3))
    ['a', 'b', 'c']
    """
    with show_progress(label, total) as task:
        for item in items:
            yield item
            task.advance()


@contextmanager
def silenced() -> Iterator[None]:
    """Show no progress while a block runs, for example because it shows its own."""
    board = _present_board()
    if board is None:
        yield
        return
    board.silenced += 1
    try:
        yield
    finally:
        board.silenced -= 1


def task_of_chunks() -> Task | None:
    """Return the innermost task of this thread if it counts chunks; else None."""
    board = _present_board()
    tasks = board.tasks if board else []
    return tasks[-1] if tasks and tasks[-1].counts_chunks else None
