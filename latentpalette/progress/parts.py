"""Long work in parts: between two of them, whoever does it may do other things.

A task says before each part how much work it is, and returns its result at the end. Parts are as small as they can be;
`Paced` does as many of them at a time as take `PART_MS`. Work is counted so that `PART_WORK` is done in that time on an
idle core; a core that is not idle, or a larger model, is told by the clock.
"""

from __future__ import annotations

import time
from collections.abc import Generator
from typing import TypeVar

Result = TypeVar("Result")
Task = Generator[int, None, Result]

PART_WORK = 2_300
PART_MS = 60.0


def finish(task: Task[Result]) -> Result:
    """Do all parts of a task one after the other, and return its result.

    Examples
    --------
    >>> def count_to(n):
    ...     for _ in range(n):
    ...         yield 1
    ...     return n
    >>> finish(count_to(3))
    3
    """
    while True:
        try:
            next(task)
        except StopIteration as end:
            result: Result = end.value
            return result


def timed(task: Task[Result]) -> Task[tuple[Result, float]]:
    """Do a task, and return with its result how long its parts took, without what came in between [milliseconds].

    Examples
    --------
    >>> def add(a, b):
    ...     yield 1
    ...     return a + b
    >>> total, elapsed_ms = finish(timed(add(1, 2)))
    >>> total, elapsed_ms < 1000
    (3, True)
    """
    elapsed = 0.0
    while True:
        start = time.perf_counter()
        try:
            work = next(task)
        except StopIteration as end:
            return end.value, elapsed + (time.perf_counter() - start) * 1000
        elapsed += (time.perf_counter() - start) * 1000
        yield work


class Paced:
    """A task that is done a little at a time.

    Parameters
    ----------
    task : Task

    Attributes
    ----------
    is_done : bool
    result : object
        Of a task that is done.

    Examples
    --------
    >>> def double(numbers):
    ...     for _ in numbers:
    ...         yield PART_WORK
    ...     return [2 * number for number in numbers]
    >>> paced = Paced(double([1, 2]))
    >>> paced.go_on(), paced.is_done, paced.go_on(), paced.result
    (False, False, True, [2, 4])
    """

    def __init__(self, task: Task[object]) -> None:
        self._task = task
        self._work, self._ms = 0, 0.0  # of the parts that are done
        self._waiting: int | None = None  # the work of the part that comes next
        self.is_done = False
        self.result: object = None

    def go_on(self) -> bool:
        """Do the next part, and more of them while all take no more than `PART_MS`; return `is_done`."""
        done, elapsed = 0, 0.0
        while not self.is_done:
            if self._waiting is not None and done:
                expected = self._waiting * self._ms / self._work
                if done + self._waiting > PART_WORK or elapsed + expected > PART_MS:
                    break
            done += self._waiting or 0
            elapsed += self._advance()
        return self.is_done

    def _advance(self) -> float:
        """Do the part that waits, if any, and learn how much work the one after it is; return how long it took [ms]."""
        start = time.perf_counter()
        work, self._waiting = self._waiting or 0, None
        try:
            self._waiting = next(self._task)
        except StopIteration as end:
            self.is_done, self.result = True, end.value
        took = (time.perf_counter() - start) * 1000
        self._work, self._ms = self._work + work, self._ms + took
        return took
