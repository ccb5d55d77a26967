"""The interpolation slider in a real Chromium: its page without Python, and with the real Python behind it."""

from __future__ import annotations

import io
import re
import wave

import pretty_midi
import pytest
from playwright.sync_api import Page, expect

from latentpalette.widgets import instrument as module
from latentpalette.widgets.interpolation_slider import InterpolationSlider
from tests.browser import audio_probe
from tests.browser.layout import check_fit, unnamed_controls
from tests.browser.live_page import LivePalette
from tests.widgets.fakes import Clicks, CrossFade


@pytest.fixture
def instrument(monkeypatch):
    monkeypatch.setattr(module, "kit_of_streams", lambda streams: Clicks())
    return InterpolationSlider("Four on the floor", "Bossa", CrossFade(), t=0.25, n=5, interpolation="lerp")


@pytest.fixture
def opened(instrument, page: Page, tmp_path):
    page.goto(instrument.to_html(tmp_path / "slider.html").as_uri())
    expect(page.get_by_role("region", name="Interpolation slider", exact=True)).to_be_visible()
    return page


def button(page: Page, name: str):
    return page.get_by_role("button", name=name, exact=True)


def slider(page: Page):
    return page.get_by_role("slider", name="Place between A and B", exact=True)


def expect_at(page: Page, t: float) -> None:
    expect(slider(page)).to_have_attribute("aria-valuenow", f"{t:g}")


def kept(page: Page, item: str) -> tuple[str, bytes]:
    button(page, "Keep").click()
    with page.expect_download() as waiting:
        page.get_by_role("menuitem", name=item, exact=True).click()
    return waiting.value.suggested_filename, waiting.value.path().read_bytes()


def notes_of(midi: bytes) -> list[tuple[int, int, int]]:
    score = pretty_midi.PrettyMIDI(io.BytesIO(midi))
    notes = [note for part in score.instruments for note in part.notes]
    return sorted((round(note.start * 8), note.pitch, note.velocity) for note in notes)


def in_python(music) -> list[tuple[int, int, int]]:
    return sorted((note.step, note.pitch, note.velocity) for note in music.notes)


def drag_to(page: Page, t: float) -> None:
    """Drag the ring to a place, over some others."""
    box = slider(page).bounding_box()
    here = float(slider(page).get_attribute("aria-valuenow"))
    start, end = (box["x"] + 13 + place * (box["width"] - 26) for place in (here, t))
    page.mouse.move(start, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(end, box["y"] + 30, steps=8)
    page.mouse.up()


def test_a_drag_changes_what_sounds_and_says_so(opened: Page):
    audio_probe.attach(opened)
    button(opened, "Play").click()
    audio_probe.wait_for_sound(opened)
    drag_to(opened, 0.75)
    expect_at(opened, 0.75)
    expect(opened.get_by_text("the model at .75")).to_be_visible()
    expect(opened.get_by_role("status")).to_contain_text("Model at .75")
    button(opened, "Undo").click()
    expect_at(opened, 0.25)
    expect(opened.get_by_text("the model at .25")).to_be_visible()


def test_the_keyboard_moves_by_steps_and_by_hundredths(opened: Page):
    slider(opened).focus()
    for key, t in (
        ("ArrowRight", 0.5),
        ("Shift+ArrowRight", 0.51),
        ("ArrowLeft", 0.5),
        ("End", 1),
        ("ArrowRight", 1),
        ("Home", 0),
        ("ArrowUp", 0.25),
    ):
        opened.keyboard.press(key)
        expect_at(opened, t)
    opened.keyboard.press("4")
    expect_at(opened, 0.75)
    expect(slider(opened)).to_have_attribute(
        "aria-valuetext", re.compile("75 percent of the way from A to B. .* notes? of A")
    )


def test_the_music_at_a_place_is_that_of_python(opened: Page, instrument):
    name, midi = kept(opened, "Model as MIDI")
    assert name == "between_025.mid"
    assert notes_of(midi) == in_python(instrument.selected.notes)
    drag_to(opened, 0)
    instrument.t = 0
    assert notes_of(kept(opened, "Model as MIDI")[1]) == in_python(instrument.ends[0])


def test_the_cross_fade_is_that_of_python(opened: Page, instrument):
    name, midi = kept(opened, "Cross-fade as MIDI")
    assert name == "crossfade_025.mid"
    assert notes_of(midi) == in_python(instrument.crossfade)
    _, sound = kept(opened, "Cross-fade as WAV")
    with wave.open(io.BytesIO(sound)) as file:
        assert file.getnframes() == 4 * file.getframerate()


def test_all_steps_are_one_piece(opened: Page, instrument):
    _, midi = kept(opened, "Steps as MIDI")
    steps = [(32 * k + step, *rest) for k, place in enumerate(instrument.row) for step, *rest in in_python(place.notes)]
    assert notes_of(midi) == steps


def test_one_key_swaps_what_sounds(opened: Page):
    audio_probe.attach(opened)
    button(opened, "Play").click()
    audio_probe.wait_for_sound(opened)
    opened.keyboard.press("x")
    expect(button(opened, "Hear the cross-fade")).to_have_attribute("aria-pressed", "true")
    expect(opened.get_by_role("status")).to_contain_text("Cross-fade, A 75 % · B 25 %")
    button(opened, "Hear the model").click()
    expect(opened.get_by_role("status")).to_contain_text("Model at .25")


def test_it_moves_to_and_fro_by_itself(opened: Page):
    opened.get_by_label("Tempo in quarter notes per minute").fill("400")
    opened.get_by_label("Tempo in quarter notes per minute").press("Enter")
    opened.get_by_label("Bars from A to B").select_option("1")
    drag_to(opened, 0)
    button(opened, "To and fro").click()
    button(opened, "Play").click()
    for t in (0.25, 1, 0.5, 0):
        expect_at(opened, t)
    button(opened, "To and fro").click()
    button(opened, "Stop").click()


def test_a_slider_that_snaps_stands_on_its_steps(opened: Page):
    button(opened, "Snap").click()
    drag_to(opened, 0.6)
    expect_at(opened, 0.5)
    opened.get_by_label("Number of steps").fill("3")
    drag_to(opened, 0.8)
    expect_at(opened, 1)


def test_without_python_the_nearest_place_plays_and_says_so(opened: Page, instrument):
    drag_to(opened, 0.51)
    expect(opened.get_by_text("nearest of 33")).to_be_visible()
    assert notes_of(kept(opened, "Model as MIDI")[1]) == in_python(instrument.at(0.5).notes)
    expect(button(opened, "Sample, end A")).to_be_disabled()
    expect(button(opened, "Sample, end A")).to_have_attribute(
        "title", "Other ends need Python: open the slider in a notebook"
    )


def test_the_page_is_as_it_was_left(opened: Page):
    drag_to(opened, 0.75)
    expect_at(opened, 0.75)
    opened.reload()
    expect_at(opened, 0.75)


def test_between_the_places_python_decodes_the_exact_one(instrument, page: Page, tmp_path):
    live = LivePalette(page, instrument, tmp_path)
    drag_to(page, 0.61)
    page.wait_for_function("() => model.requests > 0")
    expect(page.get_by_text("the model at .61", exact=True)).to_be_visible()  # without dots
    assert live.palette.t == pytest.approx(0.61, abs=0.002)
    assert notes_of(kept(page, "Model as MIDI")[1]) == in_python(instrument.selected.notes)


def test_other_ends_are_decoded_while_the_last_way_plays(instrument, page: Page, tmp_path):
    live = LivePalette(page, instrument, tmp_path)
    live.busy = True
    page.get_by_label("Preset, end B").select_option(label="Samba")
    expect(page.get_by_text("decoding the way …")).to_be_visible()
    page.wait_for_function("() => model.requests > 0")
    expect(slider(page)).to_be_enabled()
    live.busy = False
    live.respond()
    expect(page.get_by_text("decoding the way …")).to_have_count(0)
    expect_at(page, 1)  # the new end is heard
    drag_to(page, 0.5)
    assert notes_of(kept(page, "Model as MIDI")[1]) == in_python(instrument.at(0.5).notes)
    assert instrument.labels[1] == "Samba"


@pytest.mark.parametrize("width", [400, 820])
def test_everything_has_a_name_and_fits(new_page, instrument, tmp_path, width):
    page = new_page(has_touch=width < 500, is_mobile=width < 500, viewport={"width": width, "height": 600})
    page.goto(instrument.to_html(tmp_path / "slider.html").as_uri())
    expect(button(page, "Play")).to_be_visible()
    check_fit(page, width)
    assert unnamed_controls(page) == []
