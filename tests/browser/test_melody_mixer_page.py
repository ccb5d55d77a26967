"""The melody mixer's page, written by `to_html`, opened from disk in a real Chromium without a network."""

from __future__ import annotations

import io
import wave

import pretty_midi
import pytest
from playwright.sync_api import Page, expect

import latentpalette as lp
from latentpalette.widgets import instrument as module
from latentpalette.widgets.melody_mixer import MelodyMixer
from tests.browser import audio_probe
from tests.browser.layout import check_fit, unnamed_controls
from tests.browser.live_page import LivePalette
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
    expect(button(page, "Sample, end A")).to_be_disabled()
    expect(page.get_by_label("Number of steps")).to_be_disabled()
    expect(button(page, "Sample, end A")).to_have_attribute(
        "title", "Other ends and steps need Python: open the mixer in a notebook"
    )


# --- with Python behind it --------------------------------------------------------------------------------------------


@pytest.fixture
def live(mixer, page: Page, tmp_path):
    return LivePalette(page, mixer, tmp_path)


def expect_row_of(page: Page, mixer: MelodyMixer) -> None:
    """Wait until the row that Python has is the one that is shown."""
    expect(page.get_by_role("radio")).to_have_count(mixer.n)
    expect(page.locator(".lp-decoded")).to_have_text("2 bars a step")
    step(page, 1).click()
    assert notes_of(downloaded(page, "Step as MIDI")[1]) == [(n.step, n.pitch) for n in mixer.row[1].notes.notes]


def test_handles_that_are_pulled_apart_make_more_steps(live, mixer, page: Page):
    handle = page.get_by_role("slider", name="Steps: pull end B")
    box = handle.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 150, box["y"] + box["height"] / 2, steps=8)
    page.mouse.up()
    expect(handle).not_to_have_attribute("aria-valuenow", "5")
    assert mixer.n > 5
    expect_row_of(page, mixer)
    button(page, "Undo").click()  # a pull is one step of the history
    expect(handle).to_have_attribute("aria-valuenow", "5")
    handle.focus()
    page.keyboard.press("ArrowRight")
    expect(handle).to_have_attribute("aria-valuenow", "6")
    expect_row_of(page, mixer)


def test_a_pull_while_python_is_busy_ends_with_the_row_that_was_asked_for_last(live, mixer, page: Page):
    live.busy = True
    handle = page.get_by_role("slider", name="Steps: pull end A")
    handle.focus()
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    expect(handle).to_have_attribute("aria-valuenow", "9")
    expect(page.locator(".lp-decoded")).to_contain_text("decoding 9 steps")
    live.busy = False
    live.respond()
    expect_row_of(page, mixer)
    assert mixer.n == 9


def test_drums_of_an_end_are_edited_by_hand_and_undone(live, mixer, page: Page):
    button(page, "Edit end B").click()
    expect(page.get_by_role("region", name="Edit an end")).to_contain_text("Bossa")
    assert mixer.tile == 4  # it is the one that plays
    page.get_by_role("gridcell", name="crash, step 3,").first.click()
    expect(page.get_by_role("region", name="Edit an end")).to_contain_text("Bossa, edited")
    assert mixer.end_clips[1]["notes"] != preset("Bossa", mixer)
    expect_row_of(page, mixer)
    assert (2, 49) in [(note.step, note.pitch) for note in mixer.row[4].notes.notes]
    button(page, "Undo").click()
    expect(page.get_by_role("region", name="Edit an end")).not_to_contain_text("edited")
    assert mixer.end_clips[1]["notes"] == preset("Bossa", mixer)
    button(page, "Edit end B").press("Escape")
    expect(page.get_by_role("region", name="Edit an end")).to_be_hidden()
    expect(page.get_by_role("region", name="Playing")).to_be_visible()


def preset(name: str, mixer: MelodyMixer):
    return next(preset["clip"]["notes"] for preset in mixer.presets if preset["name"] == name)


def test_either_end_is_sampled_by_its_button_or_its_key(live, mixer, page: Page):
    button(page, "Sample, end B").click()
    expect(page.get_by_label("Preset, end B").locator("option:checked")).to_have_text("Sampled #101")
    page.keyboard.press("Escape")
    step(page, 2).focus()
    page.keyboard.press("a")
    expect(page.get_by_label("Preset, end A").locator("option:checked")).to_have_text("Sampled #1")
    assert mixer.labels == ["Sampled #1", "Sampled #101"]
    expect_row_of(page, mixer)


def test_a_midi_file_of_several_loops_is_loaded_and_another_loop_chosen(live, mixer, page: Page, tmp_path):
    song = lp.concatenate([lp.presets()[name] for name in ("Samba", "Trap")]).replace(qpm=93)
    page.get_by_label("MIDI file, end A").set_input_files(song.save(tmp_path / "song.mid"))
    expect(page.get_by_label("Preset, end A").locator("option:checked")).to_have_text("song.mid bars 1 and 2")
    page.get_by_label("Loops of song.mid").select_option(label="bars 3 and 4")
    expect(page.get_by_label("Preset, end A").locator("option:checked")).to_have_text("song.mid bars 3 and 4")
    button(page, "Play at 93").click()
    expect(page.get_by_label("Tempo in quarter notes per minute")).to_have_value("93")


def test_a_melody_at_an_end_is_drawn_in_a_piano_roll(page: Page, tmp_path, monkeypatch):
    mixer = MelodyMixer("Lullaby", "Reel", lp.load("melody-2bar"), n=3)
    LivePalette(page, mixer, tmp_path)
    page.get_by_label("Preset, end A").select_option("Empty")
    button(page, "Edit end A").click()
    page.get_by_role("listbox", name="Notes of the melody").press("Enter")
    page.wait_for_function("() => model.get('end_clips')[0].notes.length === 1")
    ((step, _, length, *_),) = mixer.end_clips[0]["notes"]
    assert (step, length) == (0, 2)
    assert mixer.labels[0] == "Empty, edited"


@pytest.mark.parametrize("width", [400, 820])
def test_everything_has_a_name_and_fits(new_page, mixer, tmp_path, width):
    page = new_page(has_touch=width < 500, is_mobile=width < 500, viewport={"width": width, "height": 600})
    page.goto(mixer.to_html(tmp_path / "mix.html").as_uri())
    expect(button(page, "Play")).to_be_visible()
    check_fit(page, width)
    assert unnamed_controls(page) == []
