"""Instruments in a real JupyterLab with the engine of the page: beside a kernel that is busy, and without one."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

import latentpalette as lp
from latentpalette.music.presets.catalog import presets
from tests.browser import audio_probe
from tests.browser.jupyterlab import Notebook, notebook_of
from tests.browser.test_notebook_engine import HAS_ENGINE
from tests.browser.test_palette_page import steps_of

pytestmark = pytest.mark.timeout(600)

BUSY = "import time\nfor _ in range(1200): time.sleep(0.05)"
GOES_ON = "This page goes on without it"
# Resolves once the engines of so many instruments have opened.
HAS_USERS = """async (count) => {
  for (;;) {
    const engines = [...(globalThis[Symbol.for("latentpalette.engines")]?.values() ?? [])];
    await Promise.all(engines.map(({ engine }) => engine));
    if (engines.reduce((sum, { users }) => sum + users, 0) === count) return;
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
}"""
NOTES = "sorted([note.step, note.pitch] for note in {}.notes)"


def region(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def button(root: Page | Locator, name: str) -> Locator:
    return root.get_by_role("button", name=name, exact=True).first


def kept(page: Page, root: Locator, item: str) -> bytes:
    """The file that an entry of an instrument's Keep menu saves."""
    button(root, "Keep").click()
    with page.expect_download() as waiting:
        root.get_by_role("menuitem", name=item, exact=True).filter(visible=True).click()
    return waiting.value.path().read_bytes()


def hits(midi: bytes) -> list[list[int]]:
    return [list(hit) for hit in steps_of(midi)]


def open_playing(lab: Callable[[Path], Notebook], path: Path, source: str) -> Notebook:
    """Open a notebook that shows an instrument, and let it play."""
    notebook = lab(notebook_of(path, f"import latentpalette as lp\ninstrument = {source}\ninstrument"))
    audio_probe.attach(notebook.page)
    notebook.run_all()
    button(notebook.page, "Play").click()
    audio_probe.wait_for_sound(notebook.page)
    notebook.page.evaluate(HAS_ENGINE)
    return notebook


def expect_lost(notebook: Notebook, words: str = GOES_ON) -> None:
    notebook.kill_kernel()
    expect(notebook.page.get_by_role("alert").filter(visible=True).first).to_contain_text(words)


def run_again(notebook: Notebook) -> None:
    """Run the cells with a new kernel, and take back what had been edited."""
    notebook.wait_until_idle()
    notebook.run_all()
    button(notebook.page, "Restore").click()


def test_a_sampler_rolls_varies_and_saves_beside_a_busy_kernel_and_without_one(lab, tmp_path):
    notebook = open_playing(lab, tmp_path / "sampler.ipynb", "lp.Sampler(lp.load('drums-2bar'), 6, seed=40)")
    page, root = notebook.page, region(notebook.page, "Sampler")
    number = notebook.start_cell(BUSY)
    button(root, "Roll again").click()
    expect(root.locator(".lp-decoded")).to_contain_text("seed 41, no. 1")
    assert notebook.is_running(number)
    busy = hits(kept(page, root, "Tile as MIDI"))
    notebook.interrupt(number)
    notebook.wait_for_value(NOTES.format("instrument.tiles[0].notes"), busy)

    expect_lost(notebook)
    button(root, "Roll again").click()
    expect(root.locator(".lp-decoded")).to_contain_text("seed 42, no. 1")
    expected = lp.Sampler(lp.load("drums-2bar"), 6, seed=42)
    rolled = hits(kept(page, root, "Tile as MIDI"))
    assert rolled == sorted([note.step, note.pitch] for note in expected.tiles[0].notes.notes)
    assert kept(page, root, "Tile as WAV")[:4] == b"RIFF"
    button(root, "Ask for six variations").click()
    button(root, "Variation 2").click()
    button(root, "Put in tile 1").click()
    expect(root.locator(".lp-decoded")).to_contain_text("like tile 1")
    button(root, "Undo").click()
    expect(root.locator(".lp-decoded")).to_contain_text("seed 42, no. 1")
    assert hits(kept(page, root, "Tile as MIDI")) == rolled

    run_again(notebook)
    notebook.wait_for_value("instrument.seed", 42)
    notebook.wait_for_value(NOTES.format("instrument.tiles[0].notes"), rolled)
    assert page.errors == []


def test_a_melody_mixer_samples_reads_files_and_changes_its_steps_without_a_kernel(lab, tmp_path):
    source = "lp.MelodyMixer('Lullaby', 'Reel', lp.load('melody-2bar'))"
    notebook = open_playing(lab, tmp_path / "mixer.ipynb", source)
    page, root = notebook.page, region(notebook.page, "Melody mixer")
    steps = root.get_by_label("Number of steps")

    number = notebook.start_cell(BUSY)
    steps.fill("7")
    steps.press("Enter")
    expect(root.get_by_role("radio")).to_have_count(7)
    song = presets("melody")["Reel"].save(tmp_path / "tune.mid")
    root.get_by_label("MIDI file, end B").set_input_files(song)
    expect(root.get_by_label("Preset, end B").locator("option:checked")).to_have_text("tune.mid bars 1 and 2")
    assert notebook.is_running(number)
    notebook.interrupt(number)
    notebook.wait_for_value("[instrument.n, instrument.labels[1]]", [7, "tune.mid bars 1 and 2"])

    expect_lost(notebook)
    root.get_by_label("Seed, end A").fill("7")
    button(root, "Sample, end A").click()
    expect(root.get_by_label("Preset, end A").locator("option:checked")).to_have_text("Sampled #7")
    steps.fill("5")
    steps.press("Enter")
    expect(root.get_by_role("radio")).to_have_count(5)
    model = lp.load("melody-2bar")
    sample = model.sample(1, temperature=0.8, seed=7, best_of=8)[0]
    expected = lp.MelodyMixer(sample, song, model, n=5)
    row = hits(kept(page, root, "Row as MIDI"))
    assert row == sorted([note.step, note.pitch] for note in expected.notes.notes)
    assert kept(page, root, "Step as WAV")[:4] == b"RIFF"

    run_again(notebook)
    notebook.wait_for_value("[instrument.n, list(instrument.labels)]", [5, ["Sampled #7", "tune.mid bars 1 and 2"]])
    notebook.wait_for_value(NOTES.format("instrument.notes"), row)
    assert page.errors == []


SESSION = (
    "lp.Session([lp.Palette(lp.load('drums-2bar'), size=3), lp.MelodyMixer('Lullaby', 'Reel', lp.load('melody-2bar')), "
    "lp.Sampler(lp.load('drums-2bar'), 4, seed=40)], names=['drums', 'tune', 'more'])"
)


def test_in_a_session_all_instruments_go_on_without_a_kernel_also_those_that_nobody_has_used(lab, tmp_path):
    notebook = open_playing(lab, tmp_path / "session.ipynb", SESSION)
    page = notebook.page
    page.evaluate(HAS_USERS, 3)  # its bar alone was used
    session = region(page, "Session")
    assert kept(page, session, "HTML page").startswith(b"<!doctype html>")
    expect_lost(notebook)
    palette, mixer, sampler = (region(page, name) for name in ("Palette", "Melody mixer", "Sampler"))
    button(sampler, "Roll again").click()
    expect(sampler.locator(".lp-decoded")).to_contain_text("seed 41, no. 1")
    mixer.get_by_label("Seed, end A").fill("7")
    button(mixer, "Sample, end A").click()
    expect(mixer.get_by_label("Preset, end A").locator("option:checked")).to_have_text("Sampled #7")
    button(palette, "Corner C").click()
    palette.get_by_label("Seed").fill("7")
    button(palette, "Sample").click()
    expect(button(palette, "Corner C")).to_contain_text("Sampled #7")
    audio_probe.wait_for_sound(page)
    assert hits(kept(page, session, "Mix as MIDI"))
    assert kept(page, session, "Mix as WAV")[:4] == b"RIFF"

    run_again(notebook)
    drums, tune, more = (f"instrument.instruments[{index}]" for index in range(3))
    notebook.wait_for_value(f"[{drums}.labels[2], {tune}.labels[0], {more}.seed]", ["Sampled #7", "Sampled #7", 41])
    assert page.errors == []


def test_drummers_play_and_songs_are_saved_beside_a_busy_kernel_and_without_one(lab, tmp_path):
    notebook = open_playing(lab, tmp_path / "groove.ipynb", "lp.GroovePanel('Boom bap')")
    page, root = notebook.page, region(notebook.page, "Groove panel")
    song = presets("trio")["Rock band"].save(tmp_path / "song.mid")
    number = notebook.start_cell(BUSY)
    root.get_by_label("MIDI file").set_input_files(song)
    expect(root.locator(".lp-status")).to_contain_text("song.mid, 16 bars")
    assert notebook.is_running(number)
    busy = kept(page, root, "Song as MIDI")
    notebook.interrupt(number)
    notebook.wait_for_value("instrument.label", "song.mid")
    panel = lp.GroovePanel(song)
    assert busy == panel._source.to_midi(panel.notes)

    expect_lost(notebook)
    root.get_by_label("Seed of the drummer").fill("7")
    root.get_by_label("How far from the most likely drummer").fill("1.5")
    button(root, "Another drummer").click()
    expect(root.get_by_label("Seed of the drummer")).to_have_value("8")
    assert kept(page, root, "Song as MIDI") != busy
    button(root, "Add hats").click()
    expect(root.get_by_text("song.mid + hats").first).to_be_visible()
    assert kept(page, root, "As played, as WAV")[:4] == b"RIFF"
    assert page.errors == []


def test_two_views_of_a_sampler_and_the_drums_of_latent_loops_need_no_kernel(lab, tmp_path):
    made = "lp.LatentLoops(lp.load('melody-2bar'), drums=lp.load('drums-2bar'), size=4)"
    cells = [
        f"import latentpalette as lp\nloops = {made}\nloops.append('Lullaby')\nloops",
        "sampler = lp.Sampler(lp.load('drums-2bar'), 4, seed=40)\nsampler",
        "sampler",
    ]
    notebook: Notebook = lab(notebook_of(tmp_path / "views.ipynb", *cells))
    page = notebook.page
    notebook.run_all()
    loops = region(page, "Latent Loops")
    loops.hover()
    notebook.scroll_to("sampler = lp.Sampler")
    one, other = (region(page, "Sampler").nth(index) for index in range(2))
    one.hover()
    page.evaluate(HAS_USERS, 2)
    expect_lost(notebook)
    button(one, "Roll again").click()
    for view in (one, other):
        expect(view.locator(".lp-decoded")).to_contain_text("seed 41, no. 1")
    loops.get_by_label("Drums of place 1").select_option("Sample")
    expect(loops.get_by_label("Drums of place 1").locator("option:checked")).to_contain_text("Sampled")
    assert page.errors == []


def test_latent_sliders_follow_the_hand_beside_a_busy_kernel_and_without_one(lab, tmp_path):
    notebook = open_playing(lab, tmp_path / "sliders.ipynb", "lp.LatentSliders(lp.load('drums-2bar'), 'Bossa')")
    page, root = notebook.page, region(notebook.page, "Latent sliders")
    number = notebook.start_cell(BUSY)
    first = root.get_by_role("slider", name=re.compile("^Direction 1\\b"))
    first.focus()
    page.keyboard.press("PageUp")
    expect(root.get_by_role("status").filter(has_text="1 of 8 sliders moved")).not_to_contain_text("decoding")
    busy = hits(kept(page, root, "B, moved, as MIDI"))
    assert notebook.is_running(number)
    notebook.interrupt(number)
    notebook.wait_for_value(NOTES.format("instrument.selected.notes"), busy)

    expect_lost(notebook)
    first.focus()
    page.keyboard.press("PageUp")
    expect(first).to_have_attribute("aria-valuetext", re.compile(r", \+2\.00 from the music"))
    expect(root.get_by_role("status").filter(has_text="1 of 8 sliders moved")).not_to_contain_text("decoding")
    sliders = lp.LatentSliders(lp.load("drums-2bar"), "Bossa")
    sliders.values = [2.0, *[0.0] * 7]
    assert hits(kept(page, root, "B, moved, as MIDI")) == sorted(
        [n.step, n.pitch] for n in sliders.selected.notes.notes
    )
    audio_probe.wait_for_sound(page)
    assert page.errors == []
