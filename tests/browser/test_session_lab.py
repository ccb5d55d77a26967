"""A session in a real JupyterLab: one view has its bar and its instruments, and plays them together."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser import audio_probe
from tests.browser.jupyterlab import notebook_of

CELLS = (
    "import latentpalette as lp\n"
    "drums = lp.Palette(lp.load('drums-2bar'), size=3)\n"
    "tune = lp.Palette(lp.load('melody-2bar'), size=3)\n"
    "session = lp.Session([drums, tune], qpm=96)\n"
    "session"
)


def test_a_session_plays_its_instruments_in_phase_and_python_has_its_state(lab, tmp_path):
    notebook = lab(notebook_of(tmp_path / "session.ipynb", CELLS))
    notebook.run_all()
    page = notebook.page
    expect(page.get_by_role("region", name="Session", exact=True)).to_have_count(1)
    bar = page.get_by_role("toolbar", name="Controls").first
    expect(page.get_by_role("region", name="Palette", exact=True)).to_have_count(2)
    audio_probe.attach(page)
    bar.get_by_role("button", name="Play", exact=True).click()
    audio_probe.wait_for_sound(page)
    notebook.wait_for_value("[drums.playing, tune.playing, session.playing]", [True, True, True])
    tempo = bar.get_by_role("spinbutton", name="Tempo in quarter notes per minute")
    tempo.fill("110")
    tempo.press("Enter")
    notebook.wait_for_value("[drums.qpm, tune.qpm, session.qpm]", [110, 110, 110])
    # Python has every four bars what was played: both have played notes.
    kinds = "{note.is_drum for note in session._captured.notes.notes} if session._captured else set()"
    notebook.wait_for_value(f"sorted({kinds})", [False, True])
    bar.get_by_role("button", name="Stop", exact=True).click()
    audio_probe.wait_for_silence(page)
    notebook.wait_for_value("[drums.playing, tune.playing]", [False, False])
    assert notebook.value("sorted({note.is_drum for note in session.captured.notes.notes})") == [False, True]
    bar.get_by_role("button", name="Undo", exact=True).click()
    notebook.wait_for_value("[drums.qpm, tune.qpm, session.qpm]", [96, 96, 96])
    assert notebook.value("session.mix(bars=2).steps") == 32
