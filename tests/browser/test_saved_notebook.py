"""A notebook that was run, edited, saved, closed and opened again, in JupyterLab and in Notebook 7."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import nbformat
import pytest
from nbconvert import HTMLExporter, MarkdownExporter
from playwright.sync_api import Browser, Page, expect

from tests.browser import audio_probe, chromium
from tests.browser.jupyterlab import Notebook, notebook_of

pytestmark = pytest.mark.timeout(600)

CELLS = (
    "import latentpalette as lp\nloops = list(lp.presets().values())",
    "lp.show(loops[:2], 'A B')",
    "palette = lp.Palette(lp.load('drums-2bar'), size=5)\npalette",
)
CRASH = "crash, step 3,"
LATE_SCRIPTS = """
    const given = new Promise((resolve) => {
      const look = () => document.body?.textContent.includes("model not found") ? resolve() : setTimeout(look, 20);
      look();
    });
    const { createObjectURL } = URL;
    globalThis.whenViewsHaveGivenUp = given;
    URL.createObjectURL = (blob) => {
      if (blob.type === "text/javascript") blob = new Blob(["await whenViewsHaveGivenUp;", blob], { type: blob.type });
      return createObjectURL.call(URL, blob);
    };
"""


@dataclass
class Reopened:
    page: Page
    notebook: Notebook
    book: dict[str, Any]
    edited: list[list[int]]


@pytest.fixture(scope="module", params=["lab_server", "notebook_server"])
def reopened(request, browser: Browser, tmp_path_factory) -> Iterator[Reopened]:
    """The notebook, opened again with a new kernel; nothing has been run in it."""
    server = request.getfixturevalue(request.param)
    folder = tmp_path_factory.mktemp("saved")
    with chromium.guarded_page(browser, viewport={"width": 1300, "height": 1800}) as page:
        audio_probe.attach(page)
        notebook = server.open(notebook_of(folder / f"{request.param}.ipynb", *CELLS), page)
        notebook.run_all()
        cells = notebook.value("palette.cells.hex()")
        page.get_by_role("button", name="Corner A", exact=True).click()
        page.get_by_role("gridcell", name=CRASH).first.click()
        notebook.wait_for_value(f"palette.cells.hex() == {cells!r}", False)
        edited = notebook.value("palette.corner_clips")
        book = notebook.save()
        yield Reopened(page, notebook.close_and_open(), book, edited)
        notebook.shut_down()


def test_every_widget_is_there_and_none_is_missing(reopened):
    expect(reopened.page.locator(".lp-board")).to_be_visible()
    expect(reopened.page.locator(".lp-rolls-preview")).to_be_visible()
    expect(reopened.page.get_by_text("model not found")).to_have_count(0)
    assert not reopened.notebook.is_unsaved(), "opening a notebook changes nothing"


def test_views_that_have_given_up_are_drawn_once_when_our_script_has_come(reopened):
    with chromium.guarded_page(reopened.page.context.browser, viewport={"width": 1300, "height": 1800}) as page:
        page.add_init_script(LATE_SCRIPTS)
        notebook = reopened.notebook.open_on(page)
        expect(page.locator(".lp-board")).to_be_visible()
        expect(page.locator(".lp-rolls-preview")).to_be_visible()
        expect(page.get_by_text("model not found")).to_have_count(0)
        expect(page.locator(".lp-root, .lp-rolls")).to_have_count(2)
        assert not notebook.is_unsaved()


def test_what_was_edited_is_shown(reopened):
    crash = reopened.page.get_by_role("gridcell", name=CRASH).last
    expect(crash).to_have_accessible_name(re.compile("on$|hit"))
    expect(reopened.page.locator(".lp-tag").first).to_contain_text("edited")


def test_the_palette_plays_without_a_kernel(reopened):
    reopened.page.get_by_role("button", name="Play", exact=True).click()
    audio_probe.wait_for_sound(reopened.page)
    reopened.page.get_by_role("button", name="Stop", exact=True).click()
    audio_probe.wait_for_silence(reopened.page)


def test_a_roll_plays_without_a_kernel(reopened):
    reopened.page.get_by_role("button", name="Play A", exact=True).click()
    expect(reopened.page.get_by_role("button", name="Stop A", exact=True)).to_be_visible()
    audio_probe.wait_for_sound(reopened.page)
    reopened.page.get_by_role("button", name="Stop A", exact=True).click()


def test_the_file_is_small_and_valid_and_other_programs_show_its_pictures(reopened):
    book = nbformat.reads(json.dumps(reopened.book), as_version=4)
    nbformat.validate(book)
    assert len(json.dumps(book.metadata["widgets"])) < 1_400_000
    html, _ = HTMLExporter().from_notebook_node(book)
    assert len(re.findall('src="data:image/png', html)) == 2
    assert '<script type="application/vnd.jupyter.widget-view+json">' not in html
    _, resources = MarkdownExporter().from_notebook_node(book)
    assert len([name for name in resources["outputs"] if name.endswith(".png")]) == 2


def test_saved_once_more_it_is_the_same(reopened):
    again = reopened.notebook.save()
    assert again["metadata"]["widgets"] == reopened.book["metadata"]["widgets"]


def test_run_again_there_is_one_palette_and_it_offers_what_was_edited(reopened):
    page, notebook = reopened.page, reopened.notebook
    notebook.run_all()
    expect(page.locator(".lp-board")).to_have_count(1)
    expect(page.locator(".lp-rolls")).to_have_count(1)
    assert notebook.value("palette.corner_clips") != reopened.edited
    page.get_by_role("button", name="Restore", exact=True).click()
    notebook.wait_for_value("palette.corner_clips", reopened.edited)
    expect(page.locator(".lp-offer[role=status]")).to_be_hidden()
    assert page.outside == []
