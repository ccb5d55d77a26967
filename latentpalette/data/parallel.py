"""Map a function over many files: in this process, in several, or on a Dask cluster, with the same result."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any

from latentpalette.data.extract import SongWindows
from latentpalette.data.sources import Song
from latentpalette.errors import TrainingError

Extract = Callable[[Song], SongWindows]

_FILES_PER_WORKER = 8  # in flight: enough that no worker waits, few enough that memory stays small


def parallel_map(
    songs: Iterable[Song], extract: Extract, *, workers: int | None = None, dask_scheduler: str | None = None
) -> Iterator[SongWindows]:
    """Map a function over songs in their order, with only a few files in memory at a time.

    Parameters
    ----------
    songs : iterable of Song
    extract : callable of Song -> SongWindows
        Pure, and picklable by name.
    workers : int, optional
        Processes on this machine; by default the number of cores, 0 for none besides this one.
    dask_scheduler : str, optional
        The address of a Dask scheduler, ``"tcp://host:8786"``, to use its workers instead. They need this package.

    Yields
    ------
    SongWindows

    Raises
    ------
    TrainingError
        If Dask is not installed, or no scheduler answers.
    """
    if dask_scheduler is not None:
        with _dask_executor(dask_scheduler) as (executor, threads):
            yield from _in_order(songs, extract, executor, threads)
        return
    workers = os.cpu_count() or 1 if workers is None else workers
    if workers < 2:
        yield from map(extract, songs)
        return
    # Spawned, because a fork would inherit the locks of the caller's threads.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from _in_order(songs, extract, pool, workers)


def _in_order(songs: Iterable[Song], extract: Extract, executor: Executor, workers: int) -> Iterator[SongWindows]:
    pending: deque[Any] = deque()
    for song in songs:
        pending.append(executor.submit(extract, song))
        if len(pending) > _FILES_PER_WORKER * workers:
            yield pending.popleft().result()
    while pending:
        yield pending.popleft().result()


@contextmanager
def _dask_executor(address: str) -> Iterator[tuple[Any, int]]:
    """Yield a Dask cluster as an executor, and the number of its workers' threads."""
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
        # Dask would compute pure calls with equal arguments once; songs differ by name, so hashing them gains nothing.
        yield client.get_executor(pure=False, retries=2), max(sum(client.nthreads().values()), 1)
