"""A phone's speed, simulated in Chromium: from opening a page to its first sound, and how long a loop takes to decode.

``python -m benchmarks.phones --slower 1 4 6`` opens pages on a screen of 400 pixels that is touched. Play is tapped as
soon as it has been painted. The page's own thread is slowed down by the browser (as its developer tools do). That does
not reach the thread of the engine, so for loops the whole process is stopped and continued, several hundred times a
second (on Linux and macOS).
"""

from __future__ import annotations

import argparse
import os
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page
from rich.console import Console
from rich.table import Table

import latentpalette as lp
from benchmarks.page import MEASURE
from latentpalette.widgets.model_clips import ModelClips, display_name
from latentpalette.widgets.page_model import PageParts
from tests.browser import chromium
from tests.browser.answering_page import write_answering_page

PHONE = {"viewport": {"width": 400, "height": 820}, "has_touch": True, "device_scale_factor": 2}
LOOPS = 40
MEDIANS = "Milliseconds, median (minimum)"
TURN = 0.004  # [seconds] the process runs and stands still
# Notes when Play has been painted, and the time of the first sample that is no silence: by the clock of the sound, as
# the page may be busy when it is heard.
PROBE = """
(() => {
  const size = 32768;
  const { connect } = AudioNode.prototype;
  const listen = (node) => {
    const wave = new Float32Array(size);
    const look = () => {
      node.getFloatTimeDomainData(wave);
      const now = performance.now();
      let first = 0;
      while (first < size && Math.abs(wave[first]) < 1e-3) first++;
      if (first === size) return void setTimeout(look, 50);
      globalThis.soundedAt = now - (1000 * (size - first)) / node.context.sampleRate;
    };
    look();
  };
  AudioNode.prototype.connect = function (to, ...rest) {
    if (to === this.context.destination && !globalThis.listener) {
      globalThis.listener = new AnalyserNode(this.context, { fftSize: size });
      connect.call(this, globalThis.listener);
      listen(globalThis.listener);
    }
    return connect.call(this, to, ...rest);
  };
  new MutationObserver((_, observer) => {
    if (!document.querySelector(".lp-play")) return;
    observer.disconnect();
    requestAnimationFrame(() => setTimeout(() => {
      globalThis.paintedAt = performance.now();
      console.log("painted");
    }));
  }).observe(document, { subtree: true, childList: true });
})();
"""


def first_sound(browser: Browser, file: Path, rate: float, spot: tuple[float, float]) -> tuple[float, float]:
    """Return when Play was painted and when the page first sounded [ms since it was opened]."""
    with chromium.guarded_page(browser, **PHONE) as page:
        page.add_init_script(PROBE)
        page.goto(_empty_beside(file).as_uri())  # the first page of a process is slowed down too late
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": rate})
        with page.expect_console_message(lambda message: message.text == "painted"):
            page.goto(file.as_uri(), wait_until="commit")
        page.touchscreen.tap(*spot)
        page.wait_for_function("() => globalThis.soundedAt", polling=100)
        painted, sound = page.evaluate("[paintedAt, soundedAt]")
        return painted, sound


def _empty_beside(file: Path) -> Path:
    empty = file.with_name("empty.html")
    empty.write_text("<!doctype html>", encoding="utf-8")
    return empty


def middle_of_play(browser: Browser, file: Path) -> tuple[float, float]:
    """Return where Play is on the screen."""
    with chromium.guarded_page(browser, **PHONE) as page:
        page.goto(file.as_uri())
        box = page.locator(".lp-play").first.bounding_box()
        assert box is not None
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@contextmanager
def slowed(pid: int, rate: float) -> Iterator[None]:
    """Let a process run for one part in `rate` of the time."""
    over = threading.Event()

    def turns() -> None:
        while not over.is_set():
            os.kill(pid, signal.SIGSTOP)
            time.sleep(TURN * (1 - 1 / rate))
            os.kill(pid, signal.SIGCONT)
            time.sleep(TURN / rate)

    thread = threading.Thread(target=turns)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def renderer_of(browser: Browser, page: Page) -> int:
    """Return the id of the process of a page: the one that works while the page does."""
    client = browser.new_browser_cdp_session()

    def seconds() -> dict[int, float]:
        processes = client.send("SystemInfo.getProcessInfo")["processInfo"]
        return {each["id"]: each["cpuTime"] for each in processes if each["type"] == "renderer"}

    before = seconds()
    page.evaluate("() => { const end = performance.now() + 300; while (performance.now() < end); }")
    return max(after := seconds(), key=lambda pid: after[pid] - before.get(pid, 0))


def loop_durations(browser: Browser, file: Path, name: str, z: list[list[float]], rate: float) -> list[float]:
    """Return the milliseconds that single loops take, messages to the engine and back included."""
    with chromium.guarded_page(browser, **PHONE) as page:
        page.goto(file.as_uri())
        given = [["decode", {"z": row}, {"model": name}] for row in z]
        page.evaluate(MEASURE, given[0])  # the engine is there
        with slowed(renderer_of(browser, page), rate) if rate > 1 else nullcontext():
            return [page.evaluate(MEASURE, each) for each in given]


def show(values: list[float]) -> str:
    return f"{median(values):.0f} ({min(values):.0f})"


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", default=["drums-2bar", "melody-2bar"], help="shipped models")
    parser.add_argument("--slower", type=float, nargs="*", default=[1, 4, 6], help="how many times slower")
    parser.add_argument("--runs", type=int, default=5, help="of each page; 0 measures loops alone")
    parser.add_argument("--parts", nargs="*", default=["none", "full"], help="what the pages carry of their models")
    arguments = parser.parse_args()
    console = Console()
    sounds = Table(
        "page", "carries", "slower", "Play is painted", "first sound", title="Milliseconds, median (minimum)"
    )
    loops = Table("model", "slower", "a loop", title=MEDIANS)
    with chromium.launched(chromium.executable() or "chromium") as browser, tempfile.TemporaryDirectory() as folder:
        for name in arguments.names:
            model = lp.load(name)
            palette = lp.Palette(model)
            for parts in arguments.parts if arguments.runs else ():
                file = palette.to_html(Path(folder) / f"{name}-{parts}.html", model=parts)
                spot = middle_of_play(browser, file)
                for rate in arguments.slower:
                    rows = [first_sound(browser, file, rate, spot) for _ in range(arguments.runs)]
                    painted, sounded = (list(column) for column in zip(*rows, strict=True))
                    sounds.add_row(f"palette, {name}", parts, f"{rate:g}", show(painted), show(sounded))
            path = Path(folder) / f"{name}.html"
            write_answering_page(ModelClips.of(model), path, "palette", PageParts("decoder", "float16"))
            z = model.sample_z(LOOPS, seed=7).tolist()
            for rate in arguments.slower:
                durations = loop_durations(browser, path, display_name(model), z, rate)
                loops.add_row(name, f"{rate:g}", show(durations))
    console.print(sounds)
    console.print(loops)
    console.print(f"load of the machine: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
