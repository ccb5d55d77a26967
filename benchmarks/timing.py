"""Compare the times of functions on a machine that does other things, too."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping


def interleaved(
    functions: Mapping[str, Callable[[], object]],
    *,
    seconds: float = 4.0,
    min_rounds: int = 5,
    clock: Callable[[], float] = time.perf_counter,
) -> dict[str, float]:
    """Return the median milliseconds of each function; all are called in turn, so that disturbances affect all alike.

    Parameters
    ----------
    functions : mapping of name to function
    seconds : float
        Approximate duration of the whole measurement.
    min_rounds : int
    clock : function
        `time.thread_time` counts the CPU time of this thread alone, for a machine that does other things.
    """
    for function in functions.values():
        function()
    times: dict[str, list[float]] = {name: [] for name in functions}
    started = time.perf_counter()
    while time.perf_counter() - started < seconds or len(next(iter(times.values()))) < min_rounds:
        for name, function in functions.items():
            before = clock()
            function()
            times[name].append(1e3 * (clock() - before))
    return {name: statistics.median(milliseconds) for name, milliseconds in times.items()}
