"""A groove panel's page that carries its models, from disk and without a network: drummers, hats, taps and songs."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

import latentpalette as lp
from latentpalette.music import midi
from latentpalette.music.midi_rewrite import replace_drum_notes
from latentpalette.music.presets.catalog import presets
from latentpalette.progress.parts import finish
from latentpalette.widgets import instrument as module
from latentpalette.widgets.groove_panel import GroovePanel
from tests.browser.test_groove_panel_page import assert_near, button, in_python, kept, slide
from tests.browser.test_palette_page import downloaded
from tests.music.midi_files import part, whole_file
from tests.widgets.fakes import Clicks


@pytest.fixture(scope="module")
def made():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "kit_of_streams", lambda streams: Clicks())
        return GroovePanel("Boom bap", qpm=120)


@pytest.fixture
def panel(made):
    """The panel in Python, as it was written."""
    before = {name: getattr(made, name) for name in made.edited}
    yield made
    made.store(**before)


@pytest.fixture(scope="module")
def address(made, tmp_path_factory):
    page = made.to_html(tmp_path_factory.mktemp("pages") / "groove.html", model="full")
    assert page.stat().st_size < 10_000_000
    return page.as_uri()


@pytest.fixture
def opened(address, page: Page):
    page.goto(address)
    expect(page.get_by_role("region", name="Groove panel", exact=True)).to_be_visible()
    yield page
    assert page.errors == []


def test_another_drummer_and_hats_are_those_of_python(opened: Page, panel: GroovePanel):
    opened.get_by_label("How far from the most likely drummer").fill("1.5")
    opened.get_by_label("Seed of the drummer").fill("7")
    button(opened, "Another drummer").click()
    expect(opened.get_by_label("Seed of the drummer")).to_have_value("8")
    written = panel._read_clip(panel.written_clip)
    panel.played_clip = panel._drummers.humanize(written, 1.5, 7).to_json()
    assert_near(kept(opened, "As played, as MIDI"), in_python(panel.notes))

    button(opened, "Add hats").click()
    expect(opened.get_by_text("Boom bap + hats").first).to_be_visible()
    body, _ = finish(panel._handle_hats(written_clip=panel.written_clip, temperature=0.8, spread=1.5, seed=1))
    panel.store(**body)
    assert_near(kept(opened, "As written, as MIDI"), in_python(panel.written))
    assert_near(kept(opened, "As played, as MIDI"), in_python(panel.notes))
    button(opened, "Undo").click()
    expect(opened.get_by_text("Boom bap + hats").first).to_be_hidden()


def test_taps_become_drums(opened: Page):
    opened.get_by_label("Bars to tap").select_option("1")
    button(opened, "Tap").click()
    opened.wait_for_function("() => document.querySelector('.lp-root .lp-play.lp-is-playing')")
    opened.get_by_role("region", name="Groove panel").focus()
    for _ in range(500):
        opened.keyboard.press(" ")
        if int(opened.locator(".lp-tap").get_attribute("data-taps") or 0) > 2:
            break
    expect(opened.get_by_text("Tapped, 1 bar")).to_be_visible()
    expect(button(opened, "Start the click")).to_be_visible()


def test_a_dropped_song_is_played_and_saved_with_all_else_as_it_was_also_after_a_reload(
    opened: Page, panel: GroovePanel, tmp_path
):
    path = presets("trio")["Rock band"].save(tmp_path / "song.mid")
    opened.get_by_label("MIDI file").set_input_files(path)
    expect(opened.get_by_text("song.mid").first).to_be_visible()
    expect(opened.get_by_text("notes of other instruments: kept as written in what you save")).to_be_visible()
    slide(opened, "Timing", 50)
    in_python = GroovePanel(path, timing=0.5)
    expected = replace_drum_notes(path, in_python.notes)
    assert any(not note.is_drum for note in midi.read(expected).notes)
    name, song = downloaded(opened, "Song as MIDI")
    assert (name, song) == ("song_groove.mid", expected)

    opened.reload()
    expect(opened.get_by_role("slider", name="Timing", exact=True)).to_have_value("50")
    assert downloaded(opened, "Song as MIDI") == ("song_groove.mid", expected)


def test_a_file_without_drums_is_refused_in_words(opened: Page, tmp_path):
    tune = lp.NoteSequence([lp.Note(60, 0, 4)], steps=16).save(tmp_path / "tune.mid")
    opened.get_by_label("MIDI file").set_input_files(tune)
    expect(opened.get_by_role("alert")).to_contain_text("no drums that the model knows, among 1 note")


def test_the_drums_of_a_song_are_a_track_that_is_chosen_and_undo_brings_the_loop_before_back(opened: Page, tmp_path):
    song = whole_file(part("Pads", 0, [36, 38]), part("Lead", 73, [42], channel=1))
    (tmp_path / "tune.mid").write_bytes(song)
    opened.get_by_label("MIDI file").set_input_files(tmp_path / "tune.mid")
    expect(opened.get_by_role("alert")).to_contain_text("no drums that the model knows, among 16 notes")
    choice = opened.get_by_label("Drums of tune.mid")
    expect(choice.locator("option:checked")).to_have_text("Choose a track")
    choice.select_option("1")
    expect(opened.get_by_text("tune.mid: track 1, Pads, as drums")).to_be_attached()
    expect(opened.get_by_text("8 notes of other instruments")).to_be_visible()
    _, data = downloaded(opened, "Song as MIDI")
    written = lp.NoteSequence.from_midi(data)
    assert sorted((note.step, note.pitch) for note in written.notes) == sorted(
        (note.step, note.pitch) for note in lp.NoteSequence.from_midi(song).notes
    )
    button(opened, "Undo").click()
    expect(opened.get_by_role("combobox", name="Drum loop", exact=True).locator("option:checked")).to_have_text(
        "Boom bap"
    )
    expect(choice).to_be_hidden()
    button(opened, "Redo").click()
    expect(choice).to_have_value("1")
