"""Work counted in lines of Python that run: the same on every machine, however busy it is."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import TypeVar

Result = TypeVar("Result")


def count_lines(function: Callable[..., Result], *arguments) -> tuple[Result, int]:
    """Return what a function returns, and how many lines of Python ran meanwhile."""
    count = 0

    def trace(_frame: FrameType, event: str, _argument: object):
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        result = function(*arguments)
    finally:
        sys.settrace(before)
    return result, count
