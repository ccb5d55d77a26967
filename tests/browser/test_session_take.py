"""What a session has just played: the last bars as lanes, of which the chosen ones are kept, with all instruments."""

from __future__ import annotations

import io
import re
import wave

import numpy as np
import pretty_midi
import pytest
from playwright.sync_api import Page, expect

from latentpalette.widgets import instrument as module
from latentpalette.widgets.palette import Palette
from latentpalette.widgets.session import Session
from tests.browser.test_session_page import bar
from tests.widgets.fakes import Clicks, CrossFade

BAR = 0.6  # [seconds], at 400 qpm


@pytest.fixture
def opened(monkeypatch, page: Page, tmp_path):
    monkeypatch.setattr(module, "kit_of_streams", lambda streams: Clicks())
    palettes = [Palette(CrossFade(), [name] * 4, size=3) for name in ("Four on the floor", "Samba")]
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(Session(palettes, qpm=400, names=["first", "second"]).to_html(tmp_path / "session.html").as_uri())
    expect(page.get_by_role("region", name="Palette", exact=True)).to_have_count(2)
    return page


def take(page: Page):
    return page.get_by_role("region", name="What was just played")


def play_bars(page: Page, least: int) -> None:
    """Play until there are so many bars, and stop."""
    bar(page).get_by_role("button", name="Play", exact=True).click()
    page.wait_for_function(
        "(least) => Number.parseInt(document.querySelector('.lp-take-keep b').textContent) >= least", arg=least
    )
    bar(page).get_by_role("button", name="Stop", exact=True).click()
    expect(bar(page).get_by_role("button", name="Play", exact=True)).to_be_visible()


def kept(page: Page, format_: str) -> tuple[str, bytes]:
    with page.expect_download() as waiting:
        take(page).get_by_role("button", name=re.compile(f"^Keep .* as {format_}$")).click()
    return waiting.value.suggested_filename, waiting.value.path().read_bytes()


def drums_of(data: bytes) -> list[pretty_midi.Note]:
    parts = pretty_midi.PrettyMIDI(io.BytesIO(data)).instruments
    return sorted((note for part in parts for note in part.notes), key=lambda note: note.start)


def test_the_bars_in_the_frame_are_kept_with_all_instruments(opened: Page):
    expect(take(opened).get_by_text("Play something: the last 32 bars will be here")).to_be_visible()
    play_bars(opened, 5)
    lanes = take(opened).locator(".lp-take-lanes").bounding_box()
    assert lanes["y"] + lanes["height"] <= 720
    one = lanes["width"] / 32
    y = lanes["y"] + lanes["height"] / 2
    opened.mouse.move(lanes["x"] + 29.5 * one, y)
    opened.mouse.down()
    opened.mouse.move(lanes["x"] + 30.5 * one, y, steps=3)
    opened.mouse.up()
    expect(take(opened).get_by_text("2 bars", exact=True)).to_be_visible()
    name, data = kept(opened, "MIDI")
    assert name == "played-together.mid"
    notes = drums_of(data)
    assert max(note.start for note in notes) < 2 * BAR
    starts = {round(note.start / (BAR / 16), 1) % 16 for note in notes if note.pitch == 36}
    assert {0, 4, 8, 12} <= starts, "four on the floor"
    assert len(pretty_midi.PrettyMIDI(io.BytesIO(data)).instruments) == 2
    name, data = kept(opened, "WAV")
    assert name == "played-together.wav"
    with wave.open(io.BytesIO(data)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        assert file.getnframes() >= round(2 * BAR * 44100)
    assert 3000 < np.abs(samples).max() < 32767
    assert opened.errors == []


def test_the_frame_is_moved_with_the_keyboard_too(opened: Page):
    play_bars(opened, 4)
    first = take(opened).get_by_role("slider", name="First bar that is kept")
    first.press("End")
    expect(take(opened).get_by_text("1 bar", exact=True)).to_be_visible()
    expect(first).to_have_attribute("aria-valuetext", "1 bar before the end")
    first.press("ArrowLeft")
    first.press("ArrowLeft")
    expect(take(opened).get_by_text("3 bars", exact=True)).to_be_visible()
    take(opened).get_by_role("slider", name="Last bar that is kept").press("ArrowLeft")
    expect(take(opened).get_by_text("2 bars", exact=True)).to_be_visible()


def test_what_is_muted_while_it_plays_is_not_kept(opened: Page):
    opened.get_by_role("button", name="Mute second", exact=True).click()
    play_bars(opened, 2)
    assert len(pretty_midi.PrettyMIDI(io.BytesIO(kept(opened, "MIDI")[1])).instruments) <= 2
    only_first = len(drums_of(kept(opened, "MIDI")[1]))
    assert only_first > 0
    opened.get_by_role("button", name="Mute second", exact=True).click()
    # Stopped a moment later, there may be one bar more than was waited for.
    so_far = int(take(opened).locator(".lp-take-keep b").inner_text().split()[0])
    play_bars(opened, so_far + 3)
    assert len(drums_of(kept(opened, "MIDI")[1])) > 2 * only_first
