"""A piece of work and how far it is."""

from __future__ import annotations

import threading
import time
from typing import Any

_MAX_POINTS = 200  # of a curve; a longer one loses every second point


class Task:
    """A piece of work: how much of it is done, and figures and pictures of it so far.

    Work updates it and nothing more; the display reads it a few times a second.

    Parameters
    ----------
    label : str
        ``"Decoding sequences"``.
    total : int, optional
        How much there is to do; None where nobody knows.
    counts_chunks : bool
        Whether `latentpalette.models.workers.run_in_chunks` adds the sequences that it has finished.

    Examples
    --------
    >>> task = Task("Training", 2000)
    >>> task.update(done=500, loss=3.21)
    >>> task.describe(seconds=12)
    'Training: 500 of 2,000, loss 3.21, 12 s'
    """

    def __init__(self, label: str, total: int | None = None, *, counts_chunks: bool = False) -> None:
        self.label, self.total, self.counts_chunks = label, total, counts_chunks
        self.done = 0
        self.started = time.monotonic()
        self.figures: dict[str, float] = {}
        self.curves: dict[str, list[tuple[float, float]]] = {}
        self.grid: Any = ()  # rows of numbers, such as an array that the work fills; NaN is not known yet
        self._lock = threading.Lock()

    def advance(self, count: int = 1) -> None:
        """Add to what is done, from any thread."""
        with self._lock:
            self.done += count

    def update(self, *, done: int | None = None, total: int | None = None, **figures: float) -> None:
        """Set what is done, how much there is to do, and figures to show beside them."""
        self.done = self.done if done is None else done
        self.total = self.total if total is None else total
        self.figures = {**self.figures, **figures}

    def add_point(self, curve: str, x: float, y: float) -> None:
        """Add a point to a curve, which a notebook shows as a picture."""
        points = [*self.curves.get(curve, ()), (x, y)]
        if len(points) > _MAX_POINTS:
            points = [*points[:-1:2], points[-1]]
        self.curves = {**self.curves, curve: points}

    def describe(self, seconds: float) -> str:
        """Return the state in a line of text, given how long the work has lasted."""
        parts = [f"{name} {value:.3g}" for name, value in self.figures.items()]
        if self.total:
            parts.insert(0, f"{min(self.done, self.total):,} of {self.total:,}")
        return f"{self.label}: {', '.join([*parts, f'{seconds:.0f} s'])}"

    @property
    def share(self) -> float | None:
        """The share that is done [0 to 1]; None where the total is not known."""
        return min(self.done / self.total, 1.0) if self.total else None
