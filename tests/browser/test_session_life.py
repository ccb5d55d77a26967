"""A session in a real JupyterLab: cells run again, a kernel restarted, the page reloaded, the notebook reopened."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser import audio_probe
from tests.browser.jupyterlab import Notebook, notebook_of

pytestmark = pytest.mark.timeout(200)

CELLS = (
    "import latentpalette as lp\n"
    "drums = lp.Palette(lp.load('drums-2bar'), size=3)\n"
    "tune = lp.Palette(lp.load('melody-2bar'), size=3)\n"
    "session = lp.Session([drums, tune], qpm=96, names=['drums', 'tune'])\n"
    "session"
)
STATE = "[session.qpm, drums.mutes[0], tune.silenced]"
EDITED = [110, True, True]
AS_MADE = [96, False, False]
RESTART = "() => { window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart(); }"


def edit(page: Page) -> None:
    tempo = page.get_by_role("spinbutton", name="Tempo in quarter notes per minute").first
    tempo.fill("110")
    tempo.press("Enter")
    page.get_by_role("button", name="Mute kick", exact=True).first.click()
    page.get_by_role("button", name="Mute tune", exact=True).click()


def restore(page: Page) -> None:
    """What the session offers names what was changed; there is one offer, and Restore brings all of it back."""
    offer = page.get_by_text("What you had edited before is still here.").filter(visible=True)
    expect(offer).to_have_count(1)
    for words in ("110 qpm", "drums: kick muted", "tune: left out"):
        expect(offer).to_contain_text(words)
    page.get_by_role("button", name="Restore", exact=True).filter(visible=True).click()


def states(page: Page):
    return page.get_by_role("region", name="Last states", exact=True).locator(".lp-version")


def test_what_is_edited_in_a_session_outlasts_cells_kernels_pages_and_notebooks(lab, tmp_path):
    notebook: Notebook = lab(notebook_of(tmp_path / "life.ipynb", CELLS))
    page = notebook.page
    audio_probe.attach(page)
    notebook.run_all()
    play = page.get_by_role("toolbar", name="Controls").first.get_by_role("button", name="Play", exact=True)
    play.click()
    audio_probe.wait_for_sound(page)
    edit(page)
    notebook.wait_for_value(STATE, EDITED)

    notebook.run_all()  # the cell is run again
    assert notebook.value(STATE) == AS_MADE
    restore(page)
    notebook.wait_for_value(STATE, EDITED)
    expect(states(page)).not_to_have_count(0)

    page.evaluate(RESTART)
    expect(page.get_by_text("run the cell again").filter(visible=True).first).to_be_visible()
    notebook.wait_until_idle()
    notebook.run_all()
    restore(page)
    notebook.wait_for_value(STATE, EDITED)

    notebook.save()
    again = notebook.open_on(page)  # the page is loaded anew, the kernel goes on
    expect(page.get_by_role("region", name="Session", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Mute tune", exact=True)).to_have_attribute("aria-pressed", "true")
    assert again.value(STATE) == EDITED

    again.save()
    opened = again.close_and_open()  # another kernel; nothing is run yet
    expect(page.get_by_role("region", name="Session", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Mute tune", exact=True)).to_have_attribute("aria-pressed", "true")
    opened.run_all()
    restore(page)
    opened.wait_for_value(STATE, EDITED)
    assert page.errors == []
