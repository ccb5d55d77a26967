"""Latent sliders in a real Chromium: pages with the model and without, and with the real Python behind them."""

from __future__ import annotations

import io
import re

import pretty_midi
import pytest
from playwright.sync_api import Page, expect

import latentpalette as lp
from latentpalette.widgets import instrument as module
from tests.browser import audio_probe
from tests.browser.layout import bars_too_wide, check_fit, unnamed_controls
from tests.browser.live_page import LivePalette
from tests.widgets.fakes import Clicks


@pytest.fixture(scope="module")
def model():
    return lp.load("drums-2bar")


@pytest.fixture
def sliders(monkeypatch, model):
    monkeypatch.setattr(module, "kit_of_streams", lambda streams: Clicks())
    return lp.LatentSliders(model, "Bossa")


@pytest.fixture
def opened(sliders, page: Page, tmp_path):
    return open_page(page, sliders.to_html(tmp_path / "sliders.html", model="full"))


def open_page(page: Page, path) -> Page:
    page.goto(path.as_uri())
    expect(page.get_by_role("region", name="Latent sliders", exact=True)).to_be_visible()
    return page


def button(page: Page, name: str):
    return page.get_by_role("button", name=name, exact=True)


def slider(page: Page, number: int):
    return page.get_by_role("slider", name=re.compile(f"^Direction {number}\\b"))


def expect_moved(page: Page, number: int, amount: str) -> None:
    expect(slider(page, number)).to_have_attribute("aria-valuetext", re.compile(f", \\{amount} from the music"))


def expect_decoded(page: Page) -> None:
    expect(page.get_by_text("decoding …")).to_have_count(0)


def kept(page: Page, item: str) -> list[tuple[int, int]]:
    button(page, "Keep").click()
    with page.expect_download() as waiting:
        page.get_by_role("menuitem", name=item, exact=True).click()
    score = pretty_midi.PrettyMIDI(io.BytesIO(waiting.value.path().read_bytes()))
    return sorted((round(note.start * 8), note.pitch) for part in score.instruments for note in part.notes)


def in_python(music) -> list[tuple[int, int]]:
    return sorted((note.step, note.pitch) for note in music.notes)


def drag(page: Page, number: int, by: float) -> None:
    """Drag a slider by a share of its width, over some places."""
    box = slider(page, number).bounding_box()
    low, high = (float(slider(page, number).get_attribute(name)) for name in ("min", "max"))
    share = (float(slider(page, number).input_value()) - low) / (high - low)
    x, y = box["x"] + 8 + share * (box["width"] - 16), box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by * box["width"], y, steps=8)
    page.mouse.up()


def test_a_drag_changes_what_sounds_without_python_and_undo_takes_it_back(opened: Page):
    audio_probe.attach(opened)
    button(opened, "Play").click()
    audio_probe.wait_for_sound(opened)
    expect(opened.get_by_role("status")).to_contain_text("No slider moved")
    drag(opened, 1, 0.25)
    expect(opened.get_by_role("status")).to_contain_text("1 of 8 sliders moved")
    expect(opened.get_by_role("status")).to_contain_text("have come")
    expect(opened.get_by_role("status")).to_contain_text("percentile")
    audio_probe.wait_for_sound(opened)
    button(opened, "Undo").click()
    expect(opened.get_by_role("status")).to_contain_text("No slider moved")


def test_the_music_of_a_place_is_that_of_python(opened: Page, sliders):
    slider(opened, 2).focus()
    for _ in range(12):
        opened.keyboard.press("ArrowRight")
    opened.keyboard.press("Shift+ArrowLeft")
    expect_moved(opened, 2, "+1.19")
    expect_decoded(opened)
    sliders.values = [0.0, 1.19, *[0.0] * 6]
    assert kept(opened, "B, moved, as MIDI") == in_python(sliders.selected.notes)
    assert kept(opened, "A, as it was, as MIDI") == in_python(sliders.music)


def test_one_key_compares_before_and_after(opened: Page):
    slider(opened, 1).focus()
    opened.keyboard.press("PageUp")
    expect_moved(opened, 1, "+1.00")
    opened.keyboard.press("c")
    expect(button(opened, "A, as it was")).to_have_attribute("aria-pressed", "true")
    expect(opened.get_by_role("status")).to_contain_text("Bossa, as it was")
    opened.keyboard.press("PageUp")  # who moves a slider wants to hear it
    expect(button(opened, "B, moved")).to_have_attribute("aria-pressed", "true")


def test_held_sliders_stay_where_the_others_fall_at_random(opened: Page):
    button(opened, "Hold slider 3").click()
    expect(button(opened, "Let go of slider 3")).to_be_visible()
    button(opened, "Randomize").click()
    expect(opened.get_by_role("status")).to_contain_text(re.compile("[67] of 8 sliders moved"))
    expect(slider(opened, 3)).to_have_attribute("aria-valuetext", re.compile("as the music is"))
    button(opened, "Reset").click()
    expect(opened.get_by_role("status")).to_contain_text("No slider moved")


def test_other_music_is_encoded_by_the_page(opened: Page, sliders, model):
    opened.get_by_label("Preset, the music").select_option(label="Samba")
    expect(opened.get_by_label("Preset, the music")).to_have_attribute("title", "Samba")
    slider(opened, 1).focus()
    opened.keyboard.press("PageDown")
    expect_moved(opened, 1, "−1.00")
    expect_decoded(opened)
    sliders.music = "Samba"
    sliders.values = [-1.0, *[0.0] * 7]
    assert kept(opened, "B, moved, as MIDI") == in_python(sliders.selected.notes)


def test_a_midi_file_that_is_dropped_is_the_music(opened: Page, model, tmp_path):
    path = model.sample(1, seed=4)[0].save(tmp_path / "mine.mid")
    opened.get_by_label("MIDI file, the music").set_input_files(path)
    expect(opened.get_by_text("mine.mid: 1 loop")).to_be_visible()
    expect(opened.get_by_label("Preset, the music")).to_have_attribute("title", re.compile("mine.mid"))


def test_a_corner_of_the_figure_is_dragged(opened: Page):
    box = opened.locator(".lp-radar-canvas").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    opened.mouse.move(x, y - 30)
    opened.mouse.down()
    opened.mouse.move(x, y - box["height"] / 2 + 14, steps=5)
    opened.mouse.up()
    expect(slider(opened, 1)).to_have_value("300")


def test_the_page_is_as_it_was_left(opened: Page):
    slider(opened, 1).focus()
    opened.keyboard.press("PageUp")
    expect_moved(opened, 1, "+1.00")
    opened.reload()
    expect_moved(opened, 1, "+1.00")
    expect(opened.get_by_role("status").filter(has_text="sliders moved")).to_contain_text(
        re.compile("every note is|notes? stays?")  # it is decoded again
    )


def test_more_sliders_keep_what_is_moved(opened: Page):
    slider(opened, 1).focus()
    opened.keyboard.press("PageUp")
    expect_moved(opened, 1, "+1.00")
    button(opened, "Set up").click()
    opened.get_by_label("Number of sliders").fill("12")
    expect(opened.get_by_role("slider", name=re.compile("^Direction"))).to_have_count(12)
    expect_moved(opened, 1, "+1.00")
    opened.get_by_label("Along").select_option("dimensions")
    expect(opened.get_by_role("slider", name=re.compile("^Dimension"))).to_have_count(12)


def test_without_a_model_the_page_plays_what_was_saved_and_says_so(sliders, page: Page, tmp_path):
    sliders.values = [1.5, *[0.0] * 7]
    open_page(page, sliders.to_html(tmp_path / "saved.html"))
    expect(slider(page, 1)).to_be_disabled()
    expect(
        page.get_by_text('What was saved plays. To move the sliders, write the page with model="decoder".')
    ).to_be_visible()
    expect(button(page, "Randomize")).to_be_disabled()
    assert kept(page, "B, moved, as MIDI") == in_python(sliders.selected.notes)
    audio_probe.attach(page)
    button(page, "Play").click()
    audio_probe.wait_for_sound(page)


def test_with_the_decoder_alone_the_sliders_move(sliders, page: Page, tmp_path):
    open_page(page, sliders.to_html(tmp_path / "decoder.html", model="decoder"))
    expect(page.get_by_label("Preset, the music")).to_be_disabled()
    slider(page, 1).focus()
    page.keyboard.press("PageUp")
    expect_moved(page, 1, "+1.00")
    expect_decoded(page)
    sliders.values = [1.0, *[0.0] * 7]
    assert kept(page, "B, moved, as MIDI") == in_python(sliders.selected.notes)


def test_with_python_alone_the_newest_place_wins(sliders, page: Page, tmp_path):
    live = LivePalette(page, sliders, tmp_path)
    drag(page, 1, 0.2)
    drag(page, 2, -0.2)
    expect(page.get_by_role("status")).to_contain_text("2 of 8 sliders moved")
    expect(page.get_by_role("status")).not_to_contain_text("decoding")
    assert kept(page, "B, moved, as MIDI") == in_python(live.palette.selected.notes)


@pytest.mark.parametrize("width", [400, 820])
def test_everything_has_a_name_and_fits(new_page, sliders, tmp_path, width):
    page = new_page(has_touch=width < 500, is_mobile=width < 500, viewport={"width": width, "height": 600})
    open_page(page, sliders.to_html(tmp_path / "sliders.html"))
    check_fit(page, width)
    assert unnamed_controls(page) == []


def test_the_bar_fits_at_every_width(sliders, page: Page, tmp_path):
    assert bars_too_wide(open_page(page, sliders.to_html(tmp_path / "sliders.html"))) == []
