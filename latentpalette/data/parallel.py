"""Map a function over many files: in this process, in several, or on a Dask cluster, with the same result."""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any, TypeVar

from latentpalette.data.sources import Song
from latentpalette.errors import TrainingError
from latentpalette.validation import check_integer

T = TypeVar("T")

MAX_WORKERS = 1024
_FILES_PER_WORKER = 8  # in flight: enough that no worker waits, few enough that memory stays small


def parallel_map(
    songs: Iterable[Song],
    extract: Callable[[Song], T],
    *,
    workers: int | None = None,
    dask_scheduler: str | None = None,
) -> Iterator[T]:
    """Map a function over songs in their order, with only a few files in memory at a time.

    Parameters
    ----------
    songs : iterable of Song
    extract : callable of Song
        Pure, and picklable by name.
    workers : int, optional
        Processes on this machine; by default the number of cores, 0 for none besides this one.
    dask_scheduler : str, optional
        The address of a Dask scheduler, ``"tcp://host:8786"``, to use its workers instead. They need this package.

    Yields
    ------
    result
        What it returns for each song.

    Raises
    ------
    TrainingError
        If Dask is not installed, no scheduler answers, or `workers` is no whole number from 0 to 1024.
    """
    if dask_scheduler is not None:
        with _dask_executor(dask_scheduler) as (executor, threads):
            yield from _in_order(songs, extract, executor, threads, deque())
        return
    if workers is not None:
        workers = check_integer(workers, "workers", 0, MAX_WORKERS, error=TrainingError)
    workers = os.cpu_count() or 1 if workers is None else workers
    if workers < 2:
        yield from map(extract, songs)
        return
    songs = iter(songs)
    unfinished: deque[Song] = deque()
    while True:
        with _process_pool(workers) as pool:
            try:
                yield from _in_order(songs, extract, pool, workers, unfinished)
                return
            except BrokenProcessPool:
                pass
        _require_processes()
        # A file ended a process; those that were in flight are read again, each in a process of its own.
        while unfinished:
            yield _extract_alone(unfinished.popleft(), extract)


@contextmanager
def _process_pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    """Yield a pool of processes that ignore Ctrl-C: this process ends them."""
    # Spawned, because a fork would inherit the locks of the caller's threads.
    pool = ProcessPoolExecutor(
        workers,
        mp_context=get_context("spawn"),
        initializer=signal.signal,
        initargs=(signal.SIGINT, signal.SIG_IGN),
    )
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _require_processes() -> None:
    """Raise `TrainingError` if processes cannot even be started."""
    with _process_pool(1) as pool:
        try:
            pool.submit(abs, 1).result()
        except BrokenProcessPool as problem:
            raise TrainingError(
                "The processes that read files end at once. Pass workers=0, or call this under "
                "`if __name__ == '__main__':`, since each process imports the script that starts it."
            ) from problem


def _extract_alone(song: Song, extract: Callable[[Song], T]) -> T:
    with _process_pool(1) as pool:
        try:
            return pool.submit(extract, song).result()
        except BrokenProcessPool:
            return extract(Song(song.name, b"", "the process that read it ended; memory may be short"))


def _in_order(
    songs: Iterable[Song], extract: Callable[[Song], T], executor: Executor, workers: int, unfinished: deque[Song]
) -> Iterator[T]:
    """Yield results in order; `unfinished` has the songs in flight, for the caller to go on with after an error."""
    pending: deque[Any] = deque()
    for song in songs:
        unfinished.append(song)
        pending.append(executor.submit(extract, song))
        if len(pending) > _FILES_PER_WORKER * workers:
            yield _first_result(pending, unfinished)
    while pending:
        yield _first_result(pending, unfinished)


def _first_result(pending: deque[Any], unfinished: deque[Song]) -> Any:
    result = pending[0].result()
    pending.popleft()
    unfinished.popleft()
    return result


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
