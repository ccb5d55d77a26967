"""One smoke test for each notebook host: it shows, plays, decodes what was changed, and asks nobody outside."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
import pytest
from nbconvert import HTMLExporter
from nbconvert.preprocessors import ExecutePreprocessor
from playwright.sync_api import Browser, Page, expect

from latentpalette.models.first_sample import first_seed
from tests.browser import audio_probe, chromium
from tests.browser.hosts import serving_marimo, serving_voila
from tests.browser.jupyterlab import notebook_of

pytestmark = pytest.mark.timeout(600)

CELLS = (
    "import latentpalette as lp",
    "lp.presets()['Bossa']",
    "lp.plots.line_chart({'up': [0.0, 1.0, 2.0]}, title='A chart')",
    "lp.Palette(lp.load('drums-2bar'), size=5)",
)
FIRST_SHOWN = 300_000  # [ms] a server, a kernel and torch start first, on a machine that may do other work as well
HOSTS_OWN = re.compile(r"fontawesome|font-awesome")  # Voilà's icons, by Voilà


def check(page: Page) -> None:
    """Play the roll and the palette, put a sample in a corner, and wait for its blends."""
    expect(page.locator(".lp-board")).to_be_visible(timeout=FIRST_SHOWN)
    expect(page.locator(".lp-rolls-canvas canvas").first).to_be_visible()
    page.locator(".lp-rolls-play").click()
    expect(page.locator(".lp-is-playing")).to_have_count(1)
    audio_probe.wait_for_sound(page)
    page.locator(".lp-rolls-play").click()
    audio_probe.wait_for_silence(page)

    page.locator(".lp-play").click()
    audio_probe.wait_for_sound(page)
    page.get_by_role("button", name="Sample", exact=True).click()  # Python samples
    expect(page.locator(".lp-tag").first).to_contain_text(f"Sampled #{first_seed('drums-2bar')}")
    expect(page.locator(".lp-decoded[title*='decoded in']")).to_be_attached()  # until then: decoding
    audio_probe.wait_for_sound(page)
    page.locator(".lp-play").click()
    audio_probe.wait_for_silence(page)
    assert [url for url in page.outside if not HOSTS_OWN.search(url)] == []


@pytest.mark.parametrize("server", ["lab_server", "notebook_server"])
def test_in_jupyterlab_and_notebook_7(server, request, browser: Browser, tmp_path):
    with chromium.guarded_page(browser, viewport={"width": 1300, "height": 1800}) as page:
        audio_probe.attach(page)
        notebook = request.getfixturevalue(server).open(notebook_of(tmp_path / "smoke.ipynb", *CELLS), page)
        notebook.run_all()
        check(page)
        notebook.shut_down()


def test_in_voila(browser: Browser, tmp_path):
    notebook = notebook_of(tmp_path / "smoke.ipynb", *CELLS)
    with serving_voila(notebook) as address, chromium.guarded_page(browser) as page:
        audio_probe.attach(page)
        page.goto(address, wait_until="commit", timeout=FIRST_SHOWN)
        check(page)


SILENT_CELLS = (
    "import os, pathlib\nimport latentpalette as lp\npathlib.Path({path!r}).write_text(str(os.getpid()))",
    "lp.Palette(lp.load('drums-2bar'), size=3)",
)


@contextmanager
def kernel_of_voila(page: Page, folder: Path) -> Iterator[int]:
    """A palette that plays in a page of Voilà; yield the process of its kernel."""
    pid = folder / "pid"
    cells = [cell.format(path=str(pid)) for cell in SILENT_CELLS]
    with serving_voila(notebook_of(folder / "silent.ipynb", *cells)) as address:
        audio_probe.attach(page)
        page.goto(address, wait_until="commit", timeout=FIRST_SHOWN)
        expect(page.locator(".lp-board")).to_be_visible(timeout=FIRST_SHOWN)
        page.locator(".lp-play").click()
        audio_probe.wait_for_sound(page)
        yield int(pid.read_text())


def edit_corner(page: Page) -> None:
    page.get_by_role("button", name="Corner A", exact=True).click()
    page.get_by_role("gridcell", name="crash, step 3,").first.click()


def test_in_voila_a_kernel_that_is_silent_is_reported_until_it_answers(browser: Browser, tmp_path):
    with chromium.guarded_page(browser) as page, kernel_of_voila(page, tmp_path) as kernel:
        os.kill(kernel, signal.SIGSTOP)
        try:
            edit_corner(page)
            status = page.locator(".lp-decoded")
            expect(status).to_contain_text("no answer from Python; the music goes on")
            expect(status).to_contain_text("reload the page")
            expect(status).to_be_in_viewport()
            audio_probe.wait_for_sound(page)
        finally:
            os.kill(kernel, signal.SIGCONT)
        expect(status).not_to_contain_text("no answer")
        expect(page.locator(".lp-decoded[title*='decoded in']")).to_be_attached()


def test_in_voila_a_kernel_that_has_died_is_reported_and_a_reload_offers_what_was_edited(browser: Browser, tmp_path):
    with chromium.guarded_page(browser) as page, kernel_of_voila(page, tmp_path) as kernel:
        os.kill(kernel, signal.SIGKILL)
        edit_corner(page)
        expect(page.get_by_role("alert").filter(has_text="reload the page")).to_be_visible()
        audio_probe.wait_for_sound(page)
        page.reload(wait_until="commit", timeout=FIRST_SHOWN)
        page.get_by_role("button", name="Restore", exact=True).click(timeout=FIRST_SHOWN)
        expect(page.locator(".lp-tag").first).to_contain_text("edited")


def test_in_marimo(browser: Browser, tmp_path):
    cells = "".join(f"\n@app.cell\ndef _(lp):\n    {cell}\n    return\n" for cell in CELLS[1:])
    app = tmp_path / "smoke.py"
    app.write_text(
        f"import marimo\n\napp = marimo.App()\n\n@app.cell\ndef _():\n    {CELLS[0]}\n    return (lp,)\n{cells}"
    )
    with serving_marimo(app) as address, chromium.guarded_page(browser) as page:
        audio_probe.attach(page)
        page.goto(address, wait_until="commit", timeout=FIRST_SHOWN)
        expect(page.get_by_alt_text("1 curve: A chart: up")).to_be_visible(timeout=FIRST_SHOWN)
        check(page)


SLOW_CELL = """
    from pathlib import Path
    from threading import Event
    from latentpalette.progress.board import show_progress
    with show_progress("Counting", 4) as task:
        task.advance()
        while not Path({stop!r}).exists():
            Event().wait(0.05)
    "counted"
"""


def test_in_marimo_slow_work_shows_how_far_it_is(browser: Browser, tmp_path):
    app, stop = tmp_path / "slow.py", tmp_path / "stop"
    cell = SLOW_CELL.format(stop=str(stop))
    app.write_text(f"import marimo\n\napp = marimo.App()\n\n@app.cell\ndef _():{cell}    return\n")
    with serving_marimo(app) as address, chromium.guarded_page(browser) as page:
        try:
            page.goto(address, wait_until="commit", timeout=FIRST_SHOWN)
            progress = page.get_by_text("Counting: 1 of 4")
            expect(progress).to_be_visible(timeout=FIRST_SHOWN)
            expect(page.locator("progress")).to_have_attribute("value", "0.25")
        finally:
            stop.touch()
        expect(page.get_by_text("counted")).to_be_visible()
        expect(progress).to_have_count(0)


def test_in_html_by_nbconvert_without_a_network(browser: Browser, tmp_path):
    book = nbformat.read(notebook_of(tmp_path / "smoke.ipynb", *CELLS), as_version=4)
    ExecutePreprocessor(timeout=300).preprocess(book, {"metadata": {"path": str(tmp_path)}})
    html, _ = HTMLExporter().from_notebook_node(book)
    (tmp_path / "smoke.html").write_text(html, encoding="utf-8")
    with chromium.guarded_page(browser) as page:
        page.goto((tmp_path / "smoke.html").as_uri())
        pictures = page.locator(".jp-OutputArea img")
        expect(pictures).to_have_count(len(CELLS) - 1)
        for picture in pictures.all():
            expect(picture).to_be_visible()
            assert picture.evaluate("picture => picture.naturalWidth") > 300
