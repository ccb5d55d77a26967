"""Timing several things against one another on a machine that has other things to do."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping


def interleaved(
    what: Mapping[str, Callable[[], object]],
    *,
    seconds: float = 4.0,
    least: int = 5,
    clock: Callable[[], float] = time.perf_counter,
) -> dict[str, float]:
    """Median milliseconds of each, all of them taking turns, so that what disturbs one disturbs the others too.

    Parameters
    ----------
    what : mapping of name to function
    seconds : float
        About how long to go on.
    least : int
        Rounds at least.
    clock : function
        `time.thread_time` counts this thread's work alone, for a machine that is busy with other things.
    """
    for run in what.values():
        run()
    times: dict[str, list[float]] = {name: [] for name in what}
    started = time.perf_counter()
    while time.perf_counter() - started < seconds or len(next(iter(times.values()))) < least:
        for name, run in what.items():
            before = clock()
            run()
            times[name].append(1e3 * (clock() - before))
    return {name: statistics.median(each) for name, each in times.items()}
