"""Who does the work on many files: this process, several here, or a Dask cluster. The outcome is the same."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any

from latentpalette.data.extract import Found
from latentpalette.data.sources import Song
from latentpalette.errors import TrainingError

Work = Callable[[Song], Found]

_AHEAD = 8  # files in flight for each worker: enough that none waits, few enough that memory stays small


def read_all(
    songs: Iterable[Song], work: Work, *, workers: int | None = None, dask: str | None = None
) -> Iterator[Found]:
    """What each song gave, in the order of the songs; only a few files are in memory at a time.

    Parameters
    ----------
    songs : iterable of Song
    work : callable of Song -> Found
        Pure, and known by name to other processes.
    workers : int, optional
        Processes on this machine; as many as there are cores by default, 0 for none besides this one.
    dask : str, optional
        The address of a Dask scheduler, whose workers do it instead: ``"tcp://host:8786"``. They need this package.

    Raises
    ------
    TrainingError
        If Dask is not installed, or no scheduler answers.
    """
    if dask is not None:
        with _cluster(dask) as (executor, many):
            yield from _in_order(songs, work, executor, many)
        return
    workers = os.cpu_count() or 1 if workers is None else workers
    if workers < 2:
        yield from map(work, songs)
        return
    # Fresh processes: a fork would inherit the locks of whatever threads the caller has.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from _in_order(songs, work, pool, workers)


def _in_order(songs: Iterable[Song], work: Work, executor: Executor, workers: int) -> Iterator[Found]:
    waiting: deque[Any] = deque()
    for song in songs:
        waiting.append(executor.submit(work, song))
        if len(waiting) > _AHEAD * workers:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


@contextmanager
def _cluster(address: str) -> Iterator[tuple[Any, int]]:
    """A Dask cluster as an executor, and how many threads its workers have."""
    try:
        from distributed import Client
    except ImportError as problem:
        raise TrainingError("Dask is not installed. Install it: pip install 'latentpalette[cluster]'") from problem
    try:
        client = Client(address, timeout="20s", set_as_default=False)
    except (OSError, ValueError) as problem:
        raise TrainingError(
            f"No Dask scheduler answers at {address!r} ({problem}). Start one: dask scheduler"
        ) from problem
    with client:
        # Pure work on equal bytes would be done once and shared; songs differ by name, so nothing is gained by asking.
        yield client.get_executor(pure=False, retries=2), max(sum(client.nthreads().values()), 1)
