"""How long new corners, ends or tiles block the kernel, and when their first and their last clip is there.

    python -m benchmarks.filling [--busy] [--own-time]

It asks as the browser does: for a new grid or row, and then for what is missing of it, until nothing is; for tiles of a
sampler, and for other samples. `--busy` runs beside a process that does nothing but count. `--own-time` measures the
processor time of the kernel's thread, which is about that of an idle machine on one that is not.
"""

from __future__ import annotations

import itertools
import multiprocessing
import statistics
import time
from collections.abc import Callable
from typing import Any

import typer
from rich.console import Console
from rich.table import Table

import latentpalette as lp
from latentpalette.widgets.clips import decode_clips
from latentpalette.widgets.instrument import Instrument

MAX_PARTS = 200

Clock = Callable[[], float]  # [s]
Figures = tuple[float, float, float, float]


def main(
    models: list[str] = ["trio-16bar", "melody-16bar"],  # noqa: B006 (typer copies it)
    repeats: int = 3,
    busy: bool = False,
    own_time: bool = False,
) -> None:
    """Print a table: for each instrument the longest block, the first clip and the last one, medians of a few runs."""
    clock = time.thread_time if own_time else time.perf_counter
    counting = multiprocessing.Process(target=count, daemon=True)
    if busy:
        counting.start()
    table = Table("instrument", "requests", "longest block [ms]", "first clip [ms]", "last clip [ms]")
    for name in models:
        for label, run in runs_of(name).items():
            runs = [run(clock) for _ in range(repeats)]
            medians = [f"{statistics.median(values):.0f}" for values in zip(*runs, strict=True)]
            table.add_row(f"{name}: {label}", *medians)
    Console().print(table)
    if busy:
        counting.terminate()


def count() -> None:
    """Count for ever."""
    for _ in itertools.count():
        pass


def runs_of(name: str) -> dict[str, Callable[[Clock], Figures]]:
    """Return what is measured of a model."""
    model = lp.load(name)
    instruments: dict[str, Instrument] = {
        "Palette, 11 by 11": lp.Palette(model),
        "MelodyMixer, 33 steps": lp.MelodyMixer(model=model, n=33),
        "MelodyMixer, 33 even steps": lp.MelodyMixer(model=model, n=33, even_steps=True),
        "InterpolationSlider": lp.InterpolationSlider(model=model),
    }
    if name.startswith("melody"):
        instruments["LatentLoops, 12 by 12"] = lp.LatentLoops(model, size=12)
    sampler = lp.Sampler(model)
    runs = {label: lambda clock, own=own: fill(own, clock) for label, own in instruments.items()}
    runs |= {
        f"Sampler, 12 tiles, best of {best_of}": lambda clock, best_of=best_of: draw(sampler, clock, best_of)
        for best_of in (2, 8)
    }
    runs["Sampler, histograms"] = lambda clock: ask_once(sampler, clock, "spread", {"temperature": 0.5 + next(others)})
    runs["Sampler, more like this"] = lambda clock: ask_once(
        sampler, clock, "similar", {"tile": 0, "count": 6, "similarity": 0.5, "seed": 1}
    )
    runs["a corner's sample"] = lambda clock: ask_once(sampler, clock, "sample", {"temperature": 0.8, "seed": 7})
    runs["a path of 21 cells, set in Python"] = lambda clock: set_path(lp.Palette(model), clock)
    return runs


others = (number / 1000 for number in itertools.count(1))  # what has not been asked for yet


class Kernel:
    """The requests of an instrument's browser, and how long each blocked the kernel [ms]."""

    def __init__(self, instrument: Instrument, clock: Clock) -> None:
        self.instrument, self.clock = instrument, clock
        self.blocks: list[float] = []
        self.sent: list[tuple[Any, list[bytes]]] = []
        instrument.send = lambda content, buffers=None: self.sent.append((content, buffers or []))  # type: ignore[method-assign]

    def ask(self, name: str, body: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
        """Ask, again until the work is done, and return the response."""
        while True:
            self.sent.clear()
            start = self.clock()
            message = {"type": "request", "id": "1", "name": name, "body": body}
            self.instrument._on_request(self.instrument, message, [])
            self.blocks.append((self.clock() - start) * 1000)
            content, buffers = self.sent[-1]
            if not content.get("again"):
                return content["body"], buffers

    def figures(self, first: float) -> Figures:
        """Return the number of requests, the longest one, and the time until the first and the last clip [ms]."""
        return len(self.blocks), max(self.blocks), first, sum(self.blocks)


def draw(sampler: lp.Sampler, clock: Clock, best_of: int) -> Figures:
    """Roll twelve tiles, the first of which plays."""
    kernel = Kernel(sampler, clock)
    asked = {"seed": round(1000 * next(others)), "temperature": 0.8, "best_of": best_of, "conditions": {}, "ranges": {}}
    found, first = 0, 0.0
    while found < 12:
        body, _ = kernel.ask("draw", {"count": 12 - found, "start": found, **asked})
        found += body["found"]
        first = first or sum(kernel.blocks)
    return kernel.figures(first)


def ask_once(instrument: Instrument, clock: Clock, name: str, body: dict[str, Any]) -> Figures:
    """Ask for something."""
    kernel = Kernel(instrument, clock)
    kernel.ask(name, body)
    return kernel.figures(sum(kernel.blocks))


def set_path(palette: lp.Palette, clock: Clock) -> Figures:
    """Set a path from corner to corner to corner, and wait until the browser has all cells."""
    start = clock()
    palette.path = [(0, 1), (0, 10), (10, 10)]
    block = (clock() - start) * 1000
    kernel = Kernel(palette, clock)
    shown = decode_clips(palette.cells)
    first = 0.0
    while missing := [index for index, clip in enumerate(shown) if clip is None]:
        body, buffers = kernel.ask("cells", {"indices": missing, **grid_of(palette)})
        first = first or sum(kernel.blocks)
        for index, clip in zip(body["indices"], decode_clips(buffers[0]), strict=True):
            shown[index] = clip
    kernel.blocks.append(block)
    return kernel.figures(block + first)


def grid_of(palette: lp.Palette) -> dict[str, Any]:
    """Return what a page says of the grid that it asks for cells of."""
    return {name: getattr(palette, name) for name in ("grid_id", "corner_clips", "size", "interpolation")}


def fill(instrument: Instrument, clock: Clock) -> Figures:
    """Change the corners or the ends, and wait until the browser has all that is between them."""
    kernel = Kernel(instrument, clock)
    places = "corner_clips" if instrument.has_trait("corner_clips") else "end_clips"
    clips = getattr(instrument, places)
    if isinstance(instrument, lp.Palette):
        inputs = {name: getattr(instrument, name) for name in ("size", "labels", "interpolation")}
        body, (cells, *_) = kernel.ask("decode", {"corner_clips": clips[::-1], **inputs})
    else:
        instrument.set_state({places: clips[::-1]})
        body, (cells, *_) = kernel.ask("decode", {})
    shown, first, progress = decode_clips(cells), sum(kernel.blocks), body.get("progress", [0, 0])
    for _ in range(MAX_PARTS):
        missing = [index for index, clip in enumerate(shown) if clip is None]
        if not missing and progress[0] == progress[1]:
            break
        grid = grid_of(instrument) if isinstance(instrument, lp.Palette) else {}
        body, buffers = kernel.ask("cells", {"indices": missing, **grid})
        progress = body.get("progress", progress)
        for index, clip in zip(body["indices"], decode_clips(buffers[0]), strict=True):
            shown[index] = clip
    return kernel.figures(first)


if __name__ == "__main__":
    typer.run(main)
