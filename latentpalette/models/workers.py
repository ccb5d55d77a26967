"""Work split over sequences, in worker threads that share nothing and never wait for each other.

The threads of torch's own libraries (OpenMP, MKL) split every single operation, and wait for each other at its end by
spinning. On idle cores that is fast. Beside any other process one thread is always late, and each of the thousands of
operations of a decode waits for it: 20 to 100 times as long. Here, sequences are split into chunks instead. A chunk is
computed from beginning to end by one thread, whose libraries use no further threads.

Chunks depend on the number of sequences alone, so results do not depend on the number of workers.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

import torch
from torch import Tensor

from latentpalette.models.cpus import usable_cpus
from latentpalette.progress.board import task_of_chunks
from latentpalette.progress.parts import Task

Value = TypeVar("Value")
Result = TypeVar("Result", Tensor, tuple[Tensor, ...], list[Tensor])

_MAX_ROWS = 64  # sequences in a chunk; with fewer, packing the matrices of each product takes longer than multiplying
_MIN_ROWS = 8  # below about 4, BLAS libraries compute a row with another kernel, and other last digits


class _ThreadLimits:
    """The blocks of `torch_threads` that run at present."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.blocks = 0
        self.outside = 0  # torch's number of threads where no block runs: the user's
        self.local = threading.local()


_limits = _ThreadLimits()


@contextmanager
def torch_threads(count: int) -> Iterator[None]:
    """Limit the threads of torch in the calling thread, and restore them afterwards.

    OpenMP and MKL keep the number for each thread; torch also keeps the number that new threads start with. Blocks may
    be nested, and run in several threads at once: the last one that ends leaves both as the first one found them.

    Examples
    --------
    >>> before = torch.get_num_threads()
    >>> with torch_threads(1):
    ...     torch.get_num_threads()
    1
    >>> torch.get_num_threads() == before
    True
    """
    depth = getattr(_limits.local, "depth", 0)
    with _limits.lock:
        # Asked even where the answer is not needed: a thread's first question would undo what was set before it.
        current = torch.get_num_threads()
        if not _limits.blocks:
            _limits.outside = current
        # A thread that starts beside a block begins with that block's limit, not with the user's number.
        before = current if depth else _limits.outside
        _limits.blocks += 1
        torch.set_num_threads(count)
    _limits.local.depth = depth + 1
    try:
        yield
    finally:
        _limits.local.depth = depth
        with _limits.lock:
            _limits.blocks -= 1
            torch.set_num_threads(before)


def run_in_chunks(function: Callable[..., Result], *tensors: Tensor | None, min_rows: int = _MIN_ROWS) -> Result:
    """Apply a function to chunks of tensors, in as many threads as there are CPUs, and concatenate the results.

    Parameters
    ----------
    function : callable
        Called with the same rows of each tensor; returns a tensor, or a tuple or list of them, of as many rows. A row
        of the result depends on that row alone.
    tensors : Tensor [n, ...] or None
        None stays None. On another device than the CPU they are one chunk.
    min_rows : int
        Sequences that are worth a chunk of their own.

    Returns
    -------
    Tensor, or tuple or list of Tensor

    Examples
    --------
    >>> run_in_chunks(lambda x, y: x * 2, torch.arange(100), None)[-2:]
    tensor([196, 198])
    """
    first = next(tensor for tensor in tensors if tensor is not None)
    task = task_of_chunks()

    def run_chunk(*chunk: Tensor | None) -> Result:
        result = function(*chunk)
        if task:
            task.advance(next(len(tensor) for tensor in chunk if tensor is not None))
        return result

    if not first.is_cpu:
        return run_chunk(*tensors)
    with torch_threads(1):
        count = _num_chunks(len(first), min_rows)
        if count == 1:
            return run_chunk(*tensors)
        split = [[None] * count if tensor is None else tensor.tensor_split(count) for tensor in tensors]
        results: Any = _map(run_chunk, list(zip(*split, strict=True)))
        kind: Any = type(results[0])
        joined: Any = torch.cat(results) if kind is Tensor else kind(map(torch.cat, zip(*results, strict=True)))
        return joined


def inferring(task: Task[Value]) -> Task[Value]:
    """Do each part of a task in inference mode and in one thread, both of which end with it.

    Examples
    --------
    >>> from latentpalette.progress.parts import finish
    >>> def ask():
    ...     yield 1
    ...     return torch.is_inference_mode_enabled()
    >>> finish(inferring(ask())), torch.is_inference_mode_enabled()
    (True, False)
    """
    while True:
        with torch.inference_mode(), torch_threads(1):
            try:
                work = next(task)
            except StopIteration as end:
                value: Value = end.value
                return value
        yield work


def _num_chunks(n: int, min_rows: int) -> int:
    """Return the number of chunks of n sequences: an even one, so that two workers finish together."""
    return 1 if n < 2 * min_rows else 2 * -(-n // (2 * _MAX_ROWS))


def _map(function: Callable[..., Any], chunks: list[tuple[Any, ...]]) -> list[Any]:
    """Call a function for each chunk, in this thread and in others beside it."""
    helpers = min(usable_cpus(), _limits.outside, len(chunks)) - 1
    if not helpers:
        return [function(*chunk) for chunk in chunks]
    modes = _Modes()

    def run(chunk: tuple[Any, ...]) -> Any:
        with torch_threads(1), modes.entered():
            return function(*chunk)

    pool = ThreadPoolExecutor(helpers, thread_name_prefix="latentpalette")
    try:
        futures: list[Future] = [pool.submit(run, chunk) for chunk in chunks]
        # The helpers take chunks from the beginning; this thread takes those from the end that none has begun.
        for index in reversed(range(len(chunks))):
            if futures[index].cancel():
                futures[index] = Future()
                futures[index].set_result(function(*chunks[index]))
        return [future.result() for future in futures]
    finally:
        pool.shutdown(cancel_futures=True)


class _Modes:
    """The calling thread's modes of torch, which belong to a thread, for another one."""

    def __init__(self) -> None:
        self.inference, self.grad = torch.is_inference_mode_enabled(), torch.is_grad_enabled()
        self.autocast, self.autocast_dtype = _autocast()

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Run a block in these modes."""
        with (
            torch.inference_mode(self.inference),
            torch.set_grad_enabled(self.grad),
            torch.autocast("cpu", dtype=self.autocast_dtype, enabled=self.autocast),
        ):
            yield


def _autocast() -> tuple[bool, torch.dtype]:
    """Return whether autocast is on for the CPU, and its dtype."""
    if hasattr(torch, "get_autocast_dtype"):
        return torch.is_autocast_enabled("cpu"), torch.get_autocast_dtype("cpu")
    return torch.is_autocast_cpu_enabled(), torch.get_autocast_cpu_dtype()  # before torch 2.4
