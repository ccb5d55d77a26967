"""The engine in the page beside torch on one thread: milliseconds, and what the page carries.

``python -m benchmarks.page`` opens a page from disk in Chromium and lets both take turns. Compare within a row: runs
differ by the load of the machine.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np
import torch
from playwright.sync_api import Page
from rich.console import Console
from rich.table import Table

import latentpalette as lp
from latentpalette.models.inputs import stack_inputs
from latentpalette.models.musicvae import MusicVAE
from latentpalette.widgets.model_clips import ModelClips, display_name
from latentpalette.widgets.page_model import PageParts
from tests.browser import chromium
from tests.browser.answering_page import write_answering_page

LOOPS = (1, 16, 121)
ROUNDS = 7
MEASURE = """async ([kind, numbers, body]) => {
  for (const [name, values] of Object.entries(numbers)) body[name] = Float32Array.from(values);
  const start = performance.now();
  await engine.ask(kind, body);
  return performance.now() - start;
}"""


def milliseconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def works_of(model: MusicVAE, page: Page) -> Iterator[tuple[str, Callable[[], float], Callable[[], float]]]:
    """What is measured: its name, and the milliseconds that it takes in the page and in torch."""
    z = model.sample_z(max(LOOPS), seed=7)
    frames, _ = stack_inputs([model.converter.encode(music) for music in list(model.presets.values())[:4]])
    name = display_name(model)
    for n in LOOPS:
        rows = z[:n]
        yield (
            f"decode {n}",
            partial(page.evaluate, MEASURE, ["decode", {"z": rows.ravel().tolist()}, {"model": name}]),
            partial(milliseconds, partial(model.decode_tokens, rows)),
        )
    numbers, body = {"frames": frames.ravel().tolist()}, {"model": name, "count": len(frames)}
    yield (
        f"encode {len(frames)}",
        partial(page.evaluate, MEASURE, ["encode", numbers, body]),
        partial(milliseconds, partial(model.posterior_arrays, frames)),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="shipped models; by default all")
    names = parser.parse_args().names or [info.name for info in lp.available()]
    torch.set_num_threads(1)
    console = Console()
    table = Table("model", "page [MB]", "what", "page [ms]", "torch [ms]", "page / torch", title="medians (minima)")
    with chromium.launched(chromium.executable() or "chromium") as browser, tempfile.TemporaryDirectory() as folder:
        for name in names:
            model = lp.load(name)
            path = write_answering_page(
                ModelClips.of(model), Path(folder) / f"{name}.html", "palette", PageParts("full", "float16")
            )
            with chromium.guarded_page(browser) as page:
                page.goto(path.as_uri())
                for what, in_page, in_torch in works_of(model, page):
                    in_page(), in_torch()  # the engine is there, and both are warm
                    durations = np.array([(in_page(), in_torch()) for _ in range(ROUNDS)])
                    (ours, theirs), least = (median(column) for column in durations.T), durations.min(0)
                    ratio = f"{ours / theirs:.2f} ({least[0] / least[1]:.2f})"
                    cells = [f"{ours:.1f} ({least[0]:.1f})", f"{theirs:.1f} ({least[1]:.1f})", ratio]
                    table.add_row(name, f"{path.stat().st_size / 1e6:.1f}", what, *cells)
    console.print(table)
    console.print(f"load of the machine: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
