"""The memory that is free, and a refusal of what cannot fit before the work begins."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from latentpalette.errors import ModelError
from latentpalette.models.cpus import cgroup_folders
from latentpalette.validation import check_integer

_DEFAULT_BYTES = 8 << 30  # where the system does not say
_BYTES_PER_STEP = 200  # of decoded music with its notes and tokens; measured: 100 to 180


def free_memory(root: Path = Path("/")) -> int:
    """Return how many bytes this process may still use: of the computer, and of its control groups (Linux).

    Parameters
    ----------
    root : Path
        Where ``proc`` and ``sys`` are.

    Examples
    --------
    >>> free_memory() > 1_000_000
    True
    """
    return max(0, min([_free_on_computer(root), *_free_in_cgroups(root)]))


def check_memory(num_bytes: float, what: str, advice: str) -> None:
    """Raise `ModelError` if something takes more memory than is free.

    Parameters
    ----------
    num_bytes : float
    what : str
        The subject of the message.
    advice : str
        A sentence that says what to do.

    Examples
    --------
    >>> check_memory(1e18, "A thousand million loops", "Decode fewer at a time.")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    latentpalette.errors.ModelError: A thousand million loops would take about 1,000,000,000 GB of memory; ...
    """
    free = free_memory()
    if num_bytes > free:
        raise ModelError(
            f"{what} would take about {num_bytes / 1e9:,.0f} GB of memory; {free / 1e9:,.1f} GB are free. {advice}"
        )


def check_count(n: int, steps: int) -> int:
    """Return the number of sequences to decode as an int.

    Parameters
    ----------
    n : int >= 1
    steps : int
        Of each sequence.

    Raises
    ------
    ModelError
        If it is no whole number from 1 on, or so many sequences do not fit into memory.

    Examples
    --------
    >>> check_count(0, 32)
    Traceback (most recent call last):
    latentpalette.errors.ModelError: The number of sequences, n, is a whole number from 1; got 0.
    """
    n = check_integer(n, "The number of sequences, n,", 1, error=ModelError)
    check_memory(n * steps * _BYTES_PER_STEP, f"{n:,} sequences of {steps} steps", "Ask for fewer at a time.")
    return n


def _free_on_computer(root: Path) -> int:
    with suppress(OSError, ValueError, IndexError):
        for line in (root / "proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return 1024 * int(line.split()[1])
    with suppress(ValueError, OSError, AttributeError):  # macOS has no other number
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return _DEFAULT_BYTES


def _free_in_cgroups(root: Path) -> Iterator[int]:
    for folder in cgroup_folders(root, "memory"):
        with suppress(OSError, ValueError, IndexError):
            limit, used = ((folder / name).read_text().strip() for name in ("memory.max", "memory.current"))
            if limit != "max":
                yield int(limit) - int(used) + _cache(folder, "inactive_file")
        with suppress(OSError, ValueError, IndexError):
            limit, used = ((folder / f"memory.{name}_in_bytes").read_text() for name in ("limit", "usage"))
            yield int(limit) - int(used) + _cache(folder, "total_inactive_file")


def _cache(folder: Path, name: str) -> int:
    """Return the bytes of files that the system keeps in memory and gives up when a process needs it."""
    for line in (folder / "memory.stat").read_text().splitlines():
        if line.startswith(f"{name} "):
            return int(line.split()[1])
    return 0
