"""Long work in parts: between two of them, whoever does it may do other things.

A task says before each part how much work it is, and returns its result at the end. Work is counted in steps of
sequences that a decoder of one stream makes: `PART_WORK` of them take a tenth of a second on an idle core.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeVar

Result = TypeVar("Result")
Task = Generator[int, None, Result]

PART_WORK = 3_850


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
        self._waiting: int | None = None  # the work of the part that comes next
        self.is_done = False
        self.result: object = None

    def go_on(self) -> bool:
        """Do the next part, and more of them while all take no more than a tenth of a second; return `is_done`."""
        done = 0
        while not self.is_done:
            if self._waiting is None:
                self._advance()
            elif done and done + self._waiting > PART_WORK:
                break
            else:
                done += self._waiting
                self._advance()
        return self.is_done

    def _advance(self) -> None:
        """Do the part that waits, if any, and learn how much work the one after it is."""
        try:
            self._waiting = next(self._task)
        except StopIteration as end:
            self.is_done, self.result = True, end.value
