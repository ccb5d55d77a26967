"""How long new corners or ends block the kernel, and when their first and their last clip is there.

    python -m benchmarks.filling

It asks as the browser does: for a new grid or row, and then for what is missing of it, until nothing is.
"""

from __future__ import annotations

import statistics
import time
from typing import Any

import typer
from rich.console import Console
from rich.table import Table

import latentpalette as lp
from latentpalette.widgets.clips import decode_clips
from latentpalette.widgets.instrument import Instrument

MAX_PARTS = 200


def main(models: list[str] = ["trio-16bar", "melody-16bar"], repeats: int = 3) -> None:  # noqa: B006 (typer copies it)
    """Print a table: for each instrument the longest block, the first clip and the last one, medians of a few runs."""
    table = Table("instrument", "requests", "longest block [ms]", "first clip [ms]", "last clip [ms]")
    for name in models:
        model = lp.load(name)
        instruments: dict[str, Instrument] = {
            "Palette, 11 by 11": lp.Palette(model),
            "MelodyMixer, 33 steps": lp.MelodyMixer(model=model, n=33),
            "MelodyMixer, 33 even steps": lp.MelodyMixer(model=model, n=33, even_steps=True),
            "InterpolationSlider": lp.InterpolationSlider(model=model),
        }
        if name.startswith("melody"):
            instruments["LatentLoops, 12 by 12"] = lp.LatentLoops(model, size=12)
        for label, instrument in instruments.items():
            runs = [fill(instrument) for _ in range(repeats)]
            medians = [f"{statistics.median(values):.0f}" for values in zip(*runs, strict=True)]
            table.add_row(f"{name}: {label}", *medians)
    Console().print(table)


def fill(instrument: Instrument) -> tuple[int, float, float, float]:
    """Return the number of requests, the longest one, and the time until the first and the last clip [ms]."""
    sent: list[tuple[Any, list[bytes]]] = []
    instrument.send = lambda content, buffers=None: sent.append((content, buffers or []))  # type: ignore[method-assign]
    places = "corner_clips" if instrument.has_trait("corner_clips") else "end_clips"
    clips = getattr(instrument, places)
    blocks = []

    def ask(name: str, body: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
        while True:
            sent.clear()
            start = time.perf_counter()
            message = {"type": "request", "id": "1", "name": name, "body": body}
            instrument._on_request(instrument, message, [])
            blocks.append((time.perf_counter() - start) * 1000)
            content, buffers = sent[-1]
            if not content.get("again"):
                return content["body"], buffers

    if isinstance(instrument, lp.Palette):
        inputs = {name: getattr(instrument, name) for name in ("size", "labels", "interpolation")}
        body, (cells, *_) = ask("decode", {"corner_clips": clips[::-1], **inputs})
    else:
        instrument.set_state({places: clips[::-1]})
        body, (cells, *_) = ask("decode", {})
    shown, first, progress = decode_clips(cells), sum(blocks), body.get("progress", [0, 0])
    for _ in range(MAX_PARTS):
        missing = [index for index, clip in enumerate(shown) if clip is None]
        if not missing and progress[0] == progress[1]:
            break
        grid = {"grid_id": instrument.grid_id} if isinstance(instrument, lp.Palette) else {}
        body, buffers = ask("cells", {"indices": missing, **grid})
        progress = body.get("progress", progress)
        for index, clip in zip(body["indices"], decode_clips(buffers[0]), strict=True):
            shown[index] = clip
    return len(blocks), max(blocks), first, sum(blocks)


if __name__ == "__main__":
    typer.run(main)
