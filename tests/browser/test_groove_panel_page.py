"""The groove panel in a real Chromium: its page without Python, and taps with the real Python behind it."""

from __future__ import annotations

import io

import pretty_midi
import pytest
from playwright.sync_api import Page, expect

from latentpalette.music.presets.catalog import presets
from latentpalette.widgets import instrument as module
from latentpalette.widgets.groove_panel import GroovePanel
from tests.browser import audio_probe
from tests.browser.layout import check_fit, unnamed_controls
from tests.browser.live_page import LivePalette
from tests.widgets.fakes import Clicks

NEEDS_PYTHON = "Other drummers, hats and taps need Python: open the panel in a notebook"


@pytest.fixture
def panel(monkeypatch):
    monkeypatch.setattr(module, "kit_of_streams", lambda streams: Clicks())
    return GroovePanel("Boom bap", qpm=120)


@pytest.fixture
def opened(panel, page: Page, tmp_path):
    page.goto(panel.to_html(tmp_path / "groove.html").as_uri())
    expect(page.get_by_role("region", name="Groove panel", exact=True)).to_be_visible()
    return page


def button(page: Page, name: str):
    return page.get_by_role("button", name=name, exact=True)


def kept(page: Page, item: str) -> list[tuple[float, int, int]]:
    """Onset [steps], pitch and velocity of the hits in a MIDI file of the Keep menu."""
    button(page, "Keep").click()
    with page.expect_download() as waiting:
        page.get_by_role("menuitem", name=item, exact=True).click()
    score = pretty_midi.PrettyMIDI(io.BytesIO(waiting.value.path().read_bytes()))
    return sorted(
        (round(note.start * 8, 2), note.pitch, note.velocity) for part in score.instruments for note in part.notes
    )


def in_python(music) -> list[tuple[float, int, int]]:
    return sorted((round(max(note.step + note.offset, 0), 2), note.pitch, note.velocity) for note in music.notes)


def assert_near(hits, expected) -> None:
    hits, expected = (sorted(music, key=lambda hit: (hit[1], hit[0])) for music in (hits, expected))  # drum by drum
    assert [hit[1:] for hit in hits] == [hit[1:] for hit in expected]
    for (onset, *_), (other, *_) in zip(hits, expected, strict=True):
        assert onset == pytest.approx(other, abs=0.03)  # a tick is a 120th of a step


def slide(page: Page, name: str, percent: int) -> None:
    page.get_by_role("slider", name=name, exact=True).fill(str(percent))


def test_what_plays_reaches_the_loudspeakers_written_and_played_in_phase(opened: Page):
    audio_probe.attach(opened)
    button(opened, "Play").click()
    audio_probe.wait_for_sound(opened)
    expect(opened.get_by_role("heading", name="Playing: as played")).to_be_visible()
    button(opened, "As written").click()
    expect(opened.get_by_role("heading", name="Playing: as written")).to_be_visible()
    opened.keyboard.press("c")
    expect(opened.get_by_role("heading", name="Playing: as played")).to_be_visible()


def test_timing_velocity_and_swing_work_without_python(opened: Page, panel: GroovePanel):
    assert_near(kept(opened, "As played, as MIDI"), in_python(panel.notes))
    for name, percent in (("Timing", 50), ("Velocity", 150), ("Swing", 67)):
        slide(opened, name, percent)
    panel.timing, panel.velocity, panel.swing = 0.5, 1.5, 0.67
    assert_near(kept(opened, "As played, as MIDI"), in_python(panel.notes))
    button(opened, "Eighths swing").click()
    panel.swing_of = "eighths"
    assert_near(kept(opened, "As played, as MIDI"), in_python(panel.notes))
    assert_near(kept(opened, "As written, as MIDI"), in_python(panel.written))


def test_a_slider_is_undone_as_one_move(opened: Page):
    swing = opened.get_by_role("slider", name="Swing", exact=True)
    swing.focus()
    for _ in range(3):
        opened.keyboard.press("ArrowRight")
    expect(swing).to_have_value("3")
    button(opened, "Undo").click()
    expect(swing).to_have_value("0")


def test_without_python_the_rest_says_what_it_needs(opened: Page):
    for name in ("Another drummer", "Add hats", "Tap"):
        expect(button(opened, name)).to_be_disabled()
        expect(button(opened, name)).to_have_attribute(
            "title", "Other drummers, hats and taps need Python: open the panel in a notebook"
        )


def test_another_drummer_and_hats_come_from_python(panel: GroovePanel, page: Page, tmp_path):
    live = LivePalette(page, panel, tmp_path)
    before = panel.notes
    button(page, "Another drummer").click()
    expect(page.get_by_label("Seed of the drummer")).to_have_value("3")
    assert live.palette.seed == 2
    assert panel.notes != before
    button(page, "Add hats").click()
    expect(page.get_by_text("Boom bap + hats").first).to_be_visible()
    button(page, "Undo").click()
    button(page, "Undo").click()
    expect(button(page, "Undo")).to_be_disabled()
    assert panel.notes == before


# The space bar, until there are three taps or the bar is over: in one task with the look at the state, as it would stop
# the music afterwards.
TAPS = """() => new Promise((done) => {
  const panel = document.querySelector(".lp-root");
  const stop = [...panel.querySelectorAll("button")].find((button) => button.textContent === "Stop the click");
  const timer = setInterval(() => {
    const isTapping = stop.textContent === "Stop the click" && !stop.disabled;
    if (!isTapping || panel.querySelector(".lp-tap").dataset.taps > 2) done(clearInterval(timer));
    else panel.dispatchEvent(new KeyboardEvent("keydown", { key: " ", bubbles: true, cancelable: true }));
  }, 20);
})"""


def test_taps_on_the_space_bar_become_drums(panel: GroovePanel, page: Page, tmp_path):
    LivePalette(page, panel, tmp_path)
    page.get_by_label("Tempo in quarter notes per minute").fill("240")
    page.get_by_label("Tempo in quarter notes per minute").press("Enter")
    page.get_by_label("Bars to tap").select_option("1")
    audio_probe.attach(page)
    button(page, "Start the click").click()
    audio_probe.wait_for_sound(page)
    expect(button(page, "Stop the click")).to_be_visible()
    page.get_by_role("region", name="Groove panel").focus()
    page.evaluate(TAPS)
    expect(page.get_by_text("Tapped, 1 bar")).to_be_visible()
    expect(button(page, "Start the click")).to_be_visible()
    expect(page.get_by_role("heading", name="Playing: as played")).to_be_visible()
    tapped = {step for step, _ in panel.taps}
    assert tapped
    assert tapped <= {note.step for note in panel.played.notes}


def test_the_pad_arms_and_counts_presses(panel: GroovePanel, page: Page, tmp_path):
    LivePalette(page, panel, tmp_path)
    pad = button(page, "Tap")
    pad.click()
    expect(button(page, "Stop the click")).to_be_visible()
    page.wait_for_function("() => document.querySelector('.lp-root .lp-play.lp-is-playing')")
    pad.click()
    expect(page.locator(".lp-tap")).to_have_attribute("data-taps", "1")
    page.keyboard.press("Escape")
    expect(button(page, "Start the click")).to_be_visible()


# Two taps at once, of which one was made a sixteenth earlier and waited; all clocks stand still meanwhile.
PAIR = """() => {
  const pad = document.querySelector(".lp-pad");
  const now = performance.now();
  performance.now = () => now;
  const context = globalThis[Symbol.for("latentpalette.audio")];
  for (const name of ["currentTime", "outputLatency"]) {
    Object.defineProperty(context, name, { value: context[name], configurable: true });
  }
  for (const age of [0, 1000 * 60 / 120 / 4]) {
    const event = new PointerEvent("pointerdown", { bubbles: true, pointerId: 1 });
    Object.defineProperty(event, "timeStamp", { value: now - age });
    pad.dispatchEvent(event);
  }
  delete performance.now;
  delete context.currentTime;
  delete context.outputLatency;
}"""


def test_a_tap_counts_from_when_it_was_made_less_what_taps_are_late_by(panel: GroovePanel, page: Page, tmp_path):
    LivePalette(page, panel, tmp_path)
    page.evaluate("() => { Element.prototype.setPointerCapture = () => {} }")  # of a pointer that is none
    button(page, "Tap").click()
    page.wait_for_function("() => document.querySelector('.lp-root .lp-play.lp-is-playing')")
    page.evaluate(PAIR)
    expect(page.get_by_text("Tapped, 2 bars")).to_be_visible()
    (first, early), (second, late) = panel.taps
    assert (second - first) % 32 in (1, 31)
    assert early == pytest.approx(late, abs=0.1)


def test_a_state_is_saved_and_opened_on_a_page_that_has_the_song(panel: GroovePanel, page: Page, tmp_path):
    song = presets("trio")["Rock band"].save(tmp_path / "song.mid")
    made = GroovePanel(song, timing=0.5)
    made.mutes = [True, *made.mutes[1:]]
    state = made.save_state(tmp_path / "state.json")
    LivePalette(page, GroovePanel(song), tmp_path)
    button(page, "Keep").click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("menuitem", name="Open state", exact=True).click()
    chooser.value.set_files(state)
    expect(page.get_by_role("slider", name="Timing", exact=True)).to_have_value("50")
    expect(button(page, "Mute kick")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".lp-error")).to_be_hidden()
    in_file = kept(page, "Song as MIDI")
    others = [note for note in made.notes.notes if not note.is_drum]
    assert others
    assert len(in_file) == len(made.notes.notes)
    button(page, "Undo").click()
    expect(page.get_by_role("slider", name="Timing", exact=True)).to_have_value("100")


def test_a_page_comes_back_as_it_was_left(opened: Page):
    slide(opened, "Timing", 50)
    slide(opened, "Swing", 20)
    opened.reload()
    expect(opened.get_by_role("slider", name="Timing", exact=True)).to_have_value("50")
    expect(opened.get_by_role("slider", name="Swing", exact=True)).to_have_value("20")


@pytest.mark.parametrize("width", [400, 820])
def test_everything_has_a_name_and_fits(new_page, panel: GroovePanel, tmp_path, width):
    page = new_page(has_touch=width < 500, is_mobile=width < 500, viewport={"width": width, "height": 600})
    page.goto(panel.to_html(tmp_path / "groove.html").as_uri())
    expect(button(page, "Play")).to_be_visible()
    check_fit(page, width)
    assert unnamed_controls(page) == []
