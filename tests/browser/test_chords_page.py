"""Chords in the bar of an instrument: typed, decoded over, undone, and refused in words."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

import latentpalette as lp
from latentpalette.widgets import instrument as module
from tests.browser.live_page import LivePalette
from tests.browser.test_palette_live import button, wait_until_decoded
from tests.browser.test_palette_page import downloaded, steps_of
from tests.widgets.fakes import Clicks
from tests.widgets.tiny_chords import over_chords


@pytest.fixture
def model():
    return over_chords()


@pytest.fixture
def live(monkeypatch, page: Page, tmp_path, model):
    monkeypatch.setattr(module, "kit_of_streams", lambda streams: Clicks())
    return LivePalette(page, lp.Palette(model, size=3, chords="C G", decode_in_page=False), tmp_path)


def cell_notes(page: Page) -> list[tuple[int, int]]:
    """Step and pitch of each note of the cell under the puck, as a file has them."""
    return steps_of(downloaded(page, "Cell as MIDI")[1])


def notes_over(model, chords: str) -> list[tuple[int, int]]:
    return sorted((note.step, note.pitch) for note in lp.Palette(model, size=3, chords=chords).notes(1, 1).notes)


def test_the_grid_is_decoded_over_chords_that_are_typed_and_undo_brings_the_others_back(live, page, model):
    field = page.get_by_label("Chords")
    expect(field).to_have_value("C G")
    field.fill("Dm7 | Bb")
    field.press("Enter")
    expect(button(page, "Undo")).to_be_enabled()
    expect(field).to_have_value("Dm7 Bb")
    wait_until_decoded(live)
    assert cell_notes(page) == notes_over(model, "Dm Bb") != notes_over(model, "C G")
    assert live.palette.chords == ["Dm7", "Bb"]
    button(page, "Undo").click()
    expect(field).to_have_value("C G")
    wait_until_decoded(live)
    assert cell_notes(page) == notes_over(model, "C G")
    assert live.palette.chords == ["C", "G"]


def test_an_unknown_chord_gives_a_message_and_nothing_changes(live, page):
    field = page.get_by_label("Chords")
    field.fill("C Hm")
    field.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Unknown chord: 'Hm'. Did you mean 'Bm'?")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_value("C Hm")
    expect(button(page, "Undo")).to_be_disabled()
    field.press("Escape")
    expect(field).to_have_value("C G")
    expect(page.get_by_role("alert")).to_be_hidden()
    assert live.palette.chords == ["C", "G"]
