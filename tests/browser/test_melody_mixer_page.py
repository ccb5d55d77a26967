"""The melody mixer's page, written by `to_html`, opened from disk in a real Chromium without a network."""

from __future__ import annotations

import io
import wave

import pretty_midi
import pytest
from playwright.sync_api import Page, expect

from latentpalette.widgets import instrument as module
from latentpalette.widgets.melody_mixer import MelodyMixer
from tests.browser import audio_probe
from tests.widgets.fakes import Clicks, CrossFade


@pytest.fixture
def mixer(monkeypatch):
    monkeypatch.setattr(module, "kit_of_streams", lambda streams: Clicks())
    return MelodyMixer("Four on the floor", "Bossa", CrossFade(), n=5)


@pytest.fixture
def opened(mixer, page: Page, tmp_path):
    page.goto(mixer.to_html(tmp_path / "mix.html").as_uri())
    expect(page.get_by_role("region", name="Melody mixer", exact=True)).to_be_visible()
    return page


def button(page: Page, name: str):
    return page.get_by_role("button", name=name, exact=True)


def step(page: Page, index: int):
    return page.get_by_role("radio").nth(index)


def downloaded(page: Page, item: str) -> tuple[str, bytes]:
    button(page, "Keep").click()
    with page.expect_download() as waiting:
        page.get_by_role("menuitem", name=item, exact=True).click()
    return waiting.value.suggested_filename, waiting.value.path().read_bytes()


def notes_of(midi: bytes, qpm: float = 120) -> list[tuple[int, int]]:
    score = pretty_midi.PrettyMIDI(io.BytesIO(midi))
    return sorted((round(note.start * qpm / 15), note.pitch) for part in score.instruments for note in part.notes)


def test_a_click_on_a_step_plays_it_and_says_so(opened):
    audio_probe.attach(opened)
    button(opened, "Play").click()
    audio_probe.wait_for_sound(opened)
    step(opened, 3).click()
    expect(opened.get_by_role("heading", name="Playing: step 4 of 5")).to_be_visible()
    expect(opened.get_by_role("status")).to_contain_text("Step 4 of 5. A .25 · B .75")


def test_the_keyboard_moves_through_the_row(opened):
    page = opened
    step(page, 0).focus()
    page.keyboard.press("ArrowRight")
    expect(step(page, 1)).to_be_focused()
    expect(step(page, 1)).to_be_checked()
    page.keyboard.press("End")
    expect(page.get_by_role("heading", name="Chosen: step 5 of 5")).to_be_visible()
    page.keyboard.press("2")
    expect(page.get_by_role("heading", name="Chosen: step 2 of 5")).to_be_visible()


def test_a_step_and_the_row_are_kept_as_they_are_in_python(opened, mixer):
    page = opened
    step(page, 2).click()
    name, midi = downloaded(page, "Step as MIDI")
    assert name == "step_03.mid"
    assert notes_of(midi) == [(note.step, note.pitch) for note in mixer.row[2].notes.notes]
    name, midi = downloaded(page, "Row as MIDI")
    assert name == "row.mid"
    assert notes_of(midi) == [(note.step, note.pitch) for note in mixer.notes.notes]
    button(page, "Row to and fro").click()
    mixer.row_mode = "ping-pong"
    assert notes_of(downloaded(page, "Row as MIDI")[1]) == [(note.step, note.pitch) for note in mixer.notes.notes]
    _, sound = downloaded(page, "Step as WAV")
    with wave.open(io.BytesIO(sound)) as file:
        assert file.getnframes() == 4 * file.getframerate()


def test_the_row_plays_step_after_step_and_stops_at_its_end(opened):
    page = opened
    page.get_by_label("Tempo in quarter notes per minute").fill("400")
    page.get_by_label("Tempo in quarter notes per minute").press("Enter")
    button(page, "Play the row").click()
    button(page, "Row once").click()
    step(page, 3).click()
    button(page, "Play").click()
    expect(page.get_by_role("heading", name="Playing: step 4 of 5")).to_be_visible()
    expect(page.get_by_role("heading", name="Playing: step 5 of 5")).to_be_visible()
    expect(button(page, "Play")).to_be_visible()
    button(page, "Play").click()
    expect(page.get_by_role("heading", name="Playing: step 1 of 5")).to_be_visible()
    expect(page.get_by_role("heading", name="Playing: step 2 of 5")).to_be_visible()


def test_a_click_while_the_row_plays_goes_on_from_there(opened):
    page = opened
    button(page, "Play the row").click()
    button(page, "Play").click()
    expect(page.get_by_role("heading", name="Playing: step 1 of 5")).to_be_visible()
    step(page, 3).click()
    expect(page.get_by_role("heading", name="Playing: step 4 of 5")).to_be_visible()
    button(page, "Stop").click()
    expect(page.get_by_role("heading", name="Chosen: step 4 of 5")).to_be_visible()


def test_what_changes_between_the_steps_is_in_words(opened, mixer):
    spoken = opened.get_by_role("img", name="How much changes from step to step")
    label = spoken.get_attribute("aria-label")
    for change in mixer.changes:
        assert "same" in label if change == 0 else f"{change} note" in label


def test_a_muted_lane_is_undone(opened, mixer):
    page = opened
    button(page, "Mute kick").click()
    mixer.mutes = [True, *[False] * 8]
    assert notes_of(downloaded(page, "Step as MIDI")[1]) == [(n.step, n.pitch) for n in mixer.row[0].notes.notes]
    button(page, "Undo").click()
    expect(button(page, "Mute kick")).to_have_attribute("aria-pressed", "false")


def test_without_python_ends_and_steps_say_what_they_need(opened):
    page = opened
    expect(button(page, "Sample end A")).to_be_disabled()
    expect(page.get_by_label("Number of steps")).to_be_disabled()
    expect(button(page, "Sample end A")).to_have_attribute(
        "title", "Other ends and steps need Python: open the mixer in a notebook"
    )


@pytest.mark.parametrize("width", [400, 820])
def test_everything_has_a_name_and_fits(new_page, mixer, tmp_path, width):
    page = new_page(has_touch=width < 500, is_mobile=width < 500, viewport={"width": width, "height": 600})
    page.goto(mixer.to_html(tmp_path / "mix.html").as_uri())
    expect(button(page, "Play")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if width == 820:
        assert page.evaluate("document.querySelector('.lp-root').getBoundingClientRect().height") <= 600
    unnamed = page.evaluate(
        """() => [...document.querySelectorAll(".lp-root :is(button, select, input, [role=slider])")]
            .filter((item) => !(item.getAttribute("aria-label") || item.textContent.trim()))
            .map((item) => item.outerHTML)"""
    )
    assert unnamed == []
