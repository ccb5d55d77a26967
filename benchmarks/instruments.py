"""Instruments in Chromium: from a drag to the changed sound, to the first sound of a page, bytes, and memory.

``python -m benchmarks.instruments`` measures drags on each instrument alone and on three in one session, idle and
beside busy processes. ``--minutes 10`` plays a session for so long, with a drag twice a second, and prints the size of
the page's heap. The pages are those that `to_html` writes; nothing but this machine is reached.
"""

from __future__ import annotations

import argparse
import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser, Locator, Page
from rich.console import Console
from rich.table import Table

import latentpalette as lp
from tests.browser import chromium

DRAGS = 60
PAUSE = 0.17  # [seconds] between two moves
AHEAD = 600  # [ms] what sounds later is no change, but music that is mixed ahead
BUSY = 2  # processes

# Notes every move of the pointer, every piece of sound that is put on the audio clock, with the time at which its
# fade-in is over, and every task that keeps the page busy for more than 50 ms.
PROBE = """
globalThis.probe = { moves: [], starts: [], tasks: [] };
for (const type of ["pointermove", "pointerdown", "input"]) {
  addEventListener(type, (event) => probe.moves.push(event.timeStamp), true);
}
const { start } = AudioBufferSourceNode.prototype;
AudioBufferSourceNode.prototype.start = function (when = 0, ...rest) {
  const now = performance.now();
  probe.starts.push([now, now + 1000 * (when + 0.01 - this.context.currentTime)]);
  return start.call(this, when, ...rest);
};
new PerformanceObserver((list) => {
  for (const { startTime, duration } of list.getEntries()) probe.tasks.push([startTime, duration]);
}).observe({ type: "longtask" });
"""


def palette(model: str) -> Callable[[], Any]:
    """Return what makes a palette of a model."""
    return lambda: lp.Palette(lp.load(model))


def session() -> lp.Session:
    """Return drums, a tune and a trio that play together."""
    return lp.Session([palette(name)() for name in ("drums-2bar", "melody-2bar", "trio-16bar")], qpm=104)


# For each its maker, and what is dragged over or clicked.
INSTRUMENTS: dict[str, tuple[Callable[[], Any], str]] = {
    "palette, drums": (palette("drums-2bar"), ".lp-board"),
    "palette, melody": (palette("melody-2bar"), ".lp-board"),
    "palette, groove": (palette("groove-4bar"), ".lp-board"),
    "palette, trio": (palette("trio-16bar"), ".lp-board"),
    "sampler": (lambda: lp.Sampler(lp.load("drums-2bar")), ".lp-tile-main"),
    "mixer": (lambda: lp.MelodyMixer("Lullaby", "Walking", lp.load("melody-2bar")), ".lp-tiles-buttons .lp-tile"),
    "interpolation slider": (
        lambda: lp.InterpolationSlider("Lullaby", "Walking", lp.load("melody-2bar")),
        ".lp-way-track",
    ),
    "latent loops": (lambda: lp.LatentLoops(lp.load("melody-2bar")), ".lp-board"),
    "groove panel": (lambda: lp.GroovePanel("Boom bap"), ".lp-card input[type=range]"),
    "latent sliders": (lambda: lp.LatentSliders(lp.load("drums-2bar")), ".lp-latent-row input"),
    "session of three": (session, ".lp-board"),
}
PARTS = {"latent sliders": "full"}  # of the model, on pages that decode while one drags


@contextmanager
def busy(count: int) -> Iterator[None]:
    """Keep the machine busy with so many processes."""
    workers = [multiprocessing.Process(target=_spin, daemon=True) for _ in range(count)]
    for worker in workers:
        worker.start()
    try:
        yield
    finally:
        for worker in workers:
            worker.terminate()


def _spin() -> None:
    while True:
        pass


def drag(page: Page, selector: str, rng: np.random.Generator) -> None:
    """Go to another place of an instrument: another cell of a board, another tile."""
    places = page.locator(selector).filter(visible=True)
    box = places.nth(int(rng.integers(places.count()))).bounding_box()
    assert box is not None
    x, y = (rng.uniform(0.03, 0.97) for _ in range(2))
    page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
    page.mouse.down()
    page.mouse.up()


def play_button(page: Page) -> Locator:
    """Return the first Play button: that of the session, or of the instrument."""
    return page.locator(".lp-play:visible").first


def open_and_play(page: Page, file: Path) -> tuple[float, float]:
    """Open a page and play; return when it could be clicked and when it first sounded [ms since it was opened]."""
    page.goto(file.as_uri())
    play_button(page).wait_for()
    ready = page.evaluate("performance.now()")
    play_button(page).click()
    page.wait_for_function("() => probe.starts.length > 0")
    return ready, page.evaluate("probe.starts[0][1]")


def measure_drags(browser: Browser, file: Path, selector: str, *, drags: int = DRAGS) -> dict[str, float]:
    """Return milliseconds of drags on a page: until the change is on the audio clock, and until it sounds."""
    rng = np.random.default_rng(7)
    with chromium.guarded_page(browser, viewport={"width": 1280, "height": 800}) as page:
        page.add_init_script(PROBE)
        ready, first = open_and_play(page, file)
        time.sleep(2)
        page.evaluate("probe.tasks.length = 0")
        waits, sounds = [], []
        for _ in range(drags):
            page.evaluate("probe.moves.length = probe.starts.length = 0")
            drag(page, selector, rng)
            time.sleep(PAUSE + rng.uniform(0, 0.06))  # at all phases of a step
            moves, starts = page.evaluate("[probe.moves, probe.starts]")
            near = [(placed, sound) for placed, sound in starts if sound - placed < AHEAD]
            if moves and near:  # else it went to the place where it was
                placed, sound = min(near, key=lambda start: start[1])
                waits.append(placed - moves[0])
                sounds.append(sound - moves[0])
        tasks = [duration for _, duration in page.evaluate("probe.tasks")]
        return {
            "clicked": ready,
            "first": first,
            "changes": len(sounds),
            "wait": statistics.median(waits),
            "wait_worst": max(waits),
            "sound": statistics.median(sounds),
            "sound_worst": max(sounds),
            "tasks": len(tasks),
            "longest": max(tasks, default=0),
        }


def measure_heap(browser: Browser, file: Path, selector: str, minutes: float) -> Iterator[tuple[float, int, int]]:
    """Play and drag; yield the minutes that have passed, and the bytes of objects and of arrays without garbage."""
    rng = np.random.default_rng(7)
    with chromium.guarded_page(browser, viewport={"width": 1280, "height": 800}) as page:
        page.add_init_script(PROBE)
        open_and_play(page, file)
        client = page.context.new_cdp_session(page)
        begun = time.monotonic()
        due = 0.0  # [minutes]
        while True:
            minute = (time.monotonic() - begun) / 60
            if minute >= due:
                due += 0.5
                page.evaluate("probe.moves.length = probe.starts.length = 0")
                client.send("HeapProfiler.collectGarbage")
                used = client.send("Runtime.getHeapUsage")
                yield minute, used["usedSize"], used.get("backingStorageSize", 0)
                if minute >= minutes:
                    return
            drag(page, selector, rng)
            time.sleep(0.5)


def _decoded(instrument: Any) -> bytes:
    """Return the clips that an instrument sends to its browser."""
    found = (getattr(instrument, name, None) for name in ("cells", "clips", "tiles"))
    return next((value for value in found if isinstance(value, bytes)), b"")


def print_bytes(made: dict[str, Any], files: dict[str, Path], console: Console) -> None:
    """Print the sizes of pages, grids and kits."""
    table = Table("", "page [kB]", "grid [kB]", "kit [kB]", title="Bytes")
    for name, instrument in made.items():
        parts = instrument.instruments if isinstance(instrument, lp.Session) else [instrument]
        grid = sum(len(_decoded(part)) for part in parts)
        kit = sum(len(part.kit) for part in parts)
        table.add_row(name, *(f"{count / 1000:.0f}" for count in (files[name].stat().st_size, grid, kit)))
    console.print(table)


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=0, help="play a session for so long and print its heap")
    parser.add_argument("--only", nargs="*", default=list(INSTRUMENTS), choices=list(INSTRUMENTS))
    parser.add_argument("--busy", type=int, nargs="*", default=[0, BUSY], help="processes that keep the machine busy")
    arguments = parser.parse_args()
    console = Console()
    path = chromium.executable()
    if path is None:
        raise SystemExit("There is no Chromium here; name one by $CHROMIUM.")
    with tempfile.TemporaryDirectory() as folder:
        names = ["session of three"] if arguments.minutes else arguments.only
        made = {name: INSTRUMENTS[name][0]() for name in names}
        files = {
            name: each.to_html(Path(folder) / f"{name.replace(' ', '_')}.html", model=PARTS.get(name, "none"))
            for name, each in made.items()
        }
        print_bytes(made, files, console)
        with chromium.launched(path) as browser:
            if arguments.minutes:
                heap = measure_heap(browser, files[names[0]], INSTRUMENTS[names[0]][1], arguments.minutes)
                for minute, objects, arrays in heap:
                    console.print(f"{minute:5.1f} min: objects {objects / 1e6:.1f} MB, arrays {arrays / 1e6:.1f} MB")
                return
            for count in arguments.busy:
                table = Table("", "changes", "to the audio clock", "to the sound", "over 50 ms", "page, first sound")
                table.title = f"Milliseconds, median / worst; {count} busy processes"
                with busy(count):
                    for name, file in files.items():
                        row = measure_drags(browser, file, INSTRUMENTS[name][1])
                        table.add_row(
                            name,
                            f"{row['changes']:.0f}",
                            f"{row['wait']:.0f} / {row['wait_worst']:.0f}",
                            f"{row['sound']:.0f} / {row['sound_worst']:.0f}",
                            f"{row['tasks']:.0f}, longest {row['longest']:.0f}",
                            f"{row['clicked']:.0f}, {row['first']:.0f}",
                        )
                console.print(table)


if __name__ == "__main__":
    main()
