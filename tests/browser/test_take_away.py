"""What the Keep menu of every instrument gives: the code that makes it again, and a page of its own."""

from __future__ import annotations

import re
import wave

import pretty_midi
import pytest
from playwright.sync_api import Page, expect

from latentpalette.widgets import instrument as module
from latentpalette.widgets.palette import Palette
from tests.browser.live_page import LivePalette
from tests.widgets.fakes import Clicks, CrossFade

FORBID_COPYING = "delete Navigator.prototype.clipboard; document.execCommand = () => false;"


@pytest.fixture
def palette(monkeypatch):
    monkeypatch.setattr(module, "kit_of_streams", lambda streams: Clicks())
    return Palette(CrossFade(), ["Four on the floor", "Boom bap", "Samba", "Trap"], size=5)


def keep(page: Page, item: str) -> None:
    page.get_by_role("button", name="Keep", exact=True).click()
    page.get_by_role("menuitem", name=item, exact=True).click()


def test_the_code_of_the_present_state_is_on_the_clipboard(palette, page: Page, tmp_path):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    live = LivePalette(page, palette, tmp_path)
    tempo = page.get_by_label("Tempo in quarter notes per minute")
    tempo.fill("93")
    tempo.press("Enter")
    keep(page, "Copy as Python")
    expect(page.locator(".lp-news")).to_have_text("Copied. Paste it in a cell.")
    text = page.evaluate("() => navigator.clipboard.readText()")
    assert text == live.palette.to_python()
    assert "qpm=93.0" in text


def test_where_nothing_may_be_copied_the_code_is_shown_and_selected(palette, page: Page, tmp_path):
    page.add_init_script(FORBID_COPYING)
    LivePalette(page, palette, tmp_path)
    keep(page, "Copy as Python")
    field = page.get_by_role("textbox", name="Text to copy")
    expect(field).to_have_value(re.compile("import latentpalette as lp"))
    expect(field).to_be_focused()
    assert page.evaluate("() => getSelection().toString()") == palette.to_python()
    page.keyboard.press("Escape")
    expect(field).to_be_hidden()


def test_the_page_that_is_downloaded_shows_the_present_state(palette, page: Page, new_page, tmp_path):
    LivePalette(page, palette, tmp_path)
    page.get_by_role("button", name="Corner A", exact=True).click()
    page.get_by_label("Preset").select_option("Bossa")
    expect(page.locator(".lp-decoded[title*='decoded in']")).to_be_attached()
    page.get_by_role("button", name="Keep", exact=True).click()
    with page.expect_download() as waiting:
        page.get_by_role("menuitem", name="HTML page", exact=True).click()
    assert waiting.value.suggested_filename == "palette.html"
    saved = tmp_path / "saved.html"
    waiting.value.save_as(saved)
    other = new_page()
    other.goto(saved.as_uri())
    expect(other.get_by_role("button", name="Corner A", exact=True)).to_contain_text("Bossa")


def test_a_page_of_its_own_says_what_needs_python(palette, page: Page, tmp_path):
    page.goto(palette.to_html(tmp_path / "beats.html").as_uri())
    page.get_by_role("button", name="Keep", exact=True).click()
    code, own = (page.get_by_role("menuitem", name=name, exact=True) for name in ("Copy as Python", "HTML page"))
    expect(code).to_be_disabled()
    expect(code).to_have_attribute("title", "Needs Python: open it in a notebook")
    expect(own).to_be_disabled()
    expect(own).to_have_attribute("title", re.compile("such a page already"))


def test_what_was_just_played_is_there_as_midi_in_whole_bars(palette, page: Page, tmp_path):
    page.goto(palette.to_html(tmp_path / "beats.html").as_uri())
    button = page.get_by_role("button", name="Keep", exact=True)
    button.click()
    item = page.get_by_role("menuitem", name="What I just played as MIDI", exact=True)
    expect(item).to_be_disabled()
    button.click()
    page.get_by_role("button", name="Play", exact=True).click()
    head = page.locator(".lp-playing .lp-playhead")
    expect(head).to_be_visible()
    expect(head).not_to_have_attribute("style", head.get_attribute("style"))
    page.get_by_role("button", name="Mute snare", exact=True).click()
    button.click()
    expect(item).to_have_attribute("title", re.compile("^The last bar as"))
    button.click()
    page.get_by_role("button", name="Stop", exact=True).click()
    button.click()
    with page.expect_download() as waiting:
        item.click()
    assert waiting.value.suggested_filename == "played.mid"
    score = pretty_midi.PrettyMIDI(waiting.value.path())
    played = [(round(note.start * 8), note.pitch) for note in score.instruments[0].notes]
    own = {(note.step, note.pitch) for note in palette.notes(2, 2).notes}
    assert {(step % 32, pitch) for step, pitch in played} <= own
    assert any(pitch == 36 for _, pitch in played)
    button.click()
    with page.expect_download() as waiting:
        page.get_by_role("menuitem", name="What I just played as WAV", exact=True).click()
    assert waiting.value.suggested_filename == "played.wav"
    with wave.open(str(waiting.value.path())) as sound:
        assert sound.getnframes() / sound.getframerate() >= score.get_end_time() - 0.1
        assert any(sound.readframes(sound.getnframes()))


def test_python_has_what_was_played_with_its_changes_of_tempo(palette, page: Page, tmp_path):
    LivePalette(page, palette, tmp_path)
    page.get_by_role("button", name="Play", exact=True).click()
    head = page.locator(".lp-playing .lp-playhead")
    expect(head).to_be_visible()
    tempo = page.get_by_label("Tempo in quarter notes per minute")
    tempo.fill("240")
    tempo.blur()
    for _ in range(3):  # the change takes over at the next step
        expect(head).not_to_have_attribute("style", head.get_attribute("style"))
    page.get_by_role("button", name="Stop", exact=True).click()
    page.wait_for_function("() => model.get('playing') === false")
    captured = palette.captured
    assert [qpm for _, qpm in captured.tempos] == [120, 240]
    assert captured.notes.steps % 16 == 0
    score = pretty_midi.PrettyMIDI(str(captured.save(tmp_path / "take.mid")))
    assert score.get_tempo_changes()[1].round().tolist() == [120, 240]
