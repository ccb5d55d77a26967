"""Sounds and volumes that are chosen, in a real Chromium: as loud in the page as in Python."""

from __future__ import annotations

import io

import numpy as np
import pytest
import soundfile
from playwright.sync_api import Page, expect

import latentpalette as lp
from latentpalette.audio.leveling import TARGET_LOUDNESS
from latentpalette.audio.sound import Sound
from tests.browser import audio_probe
from tests.browser.live_page import LivePalette

CHOICES = {
    "drums-2bar": {"sounds": {"drums": "TR-808 Kit"}, "volumes": {"drums": 0.4}},
    "groove-4bar": {"sounds": {"drums": "Brush Kit"}, "volumes": {"drums": 0.7}},
    "melody-2bar": {"sounds": {"melody": "Violin"}, "volumes": {"melody": 0.3}},
    "trio-16bar": {
        "sounds": {"melody": "Trumpet", "bass": "Synth Bass 1", "drums": "Electronic Kit"},
        "volumes": {"melody": 0.5, "bass": 1, "drums": 0.6},
    },
}
BRIGHTNESS = """() => {
  const levels = new Float32Array(globalThis.lpProbe.frequencyBinCount);
  globalThis.lpProbe.getFloatFrequencyData(levels);
  const high = Math.round((2500 / globalThis.lpProbe.context.sampleRate) * 2 * levels.length);
  const power = (from, to) => levels.subarray(from, to).reduce((sum, level) => sum + 10 ** (level / 10), 0);
  return power(high, levels.length) / power(0, levels.length);
}"""


def exported(page: Page) -> Sound:
    """The loop that is chosen, as the page saves it."""
    page.get_by_role("button", name="Keep", exact=True).click()
    with page.expect_download() as waiting:
        page.get_by_role("menuitem", name="Cell as WAV", exact=True).click()
    content, rate = soundfile.read(io.BytesIO(waiting.value.path().read_bytes()), dtype="float32", always_2d=True)
    return Sound(np.ascontiguousarray(content.T), rate)


def repeated(loop: Sound) -> Sound:
    return Sound(np.tile(loop.samples, 3), loop.rate)


def brightness(sound: Sound) -> float:
    """The share of what lies over 2.5 kHz."""
    power = np.abs(np.fft.rfft(sound.samples.mean(axis=0))) ** 2
    frequencies = np.fft.rfftfreq(sound.samples.shape[1], 1 / sound.rate)
    return float(power[frequencies > 2500].sum() / power.sum())


@pytest.mark.parametrize("name", CHOICES)
def test_sounds_and_volumes_that_are_chosen_are_as_loud_in_the_page_as_in_python(page: Page, tmp_path, name):
    palette = lp.Palette(lp.load(name), size=3, **CHOICES[name])
    page.goto(palette.to_html(tmp_path / "palette.html").as_uri())
    ours, theirs = repeated(palette.selected.notes.sound(loop=True)), repeated(exported(page))
    assert theirs.loudness == pytest.approx(ours.loudness, abs=1)
    assert [ours.loudness, theirs.loudness] == pytest.approx([TARGET_LOUDNESS] * 2, abs=2)
    assert max(ours.true_peak, theirs.true_peak) < -1


def test_a_sound_that_is_changed_while_it_plays_is_rendered_and_takes_over(page: Page, tmp_path):
    palette = lp.Palette(lp.load("melody-2bar"), size=3, sounds={"melody": "Ocarina"})
    palette.finish_kit()
    live = LivePalette(page, palette, tmp_path)
    audio_probe.attach(page)
    page.get_by_role("button", name="Play", exact=True).click()
    audio_probe.wait_for_sound(page)
    before, mellow = exported(page), page.evaluate(BRIGHTNESS)
    live.send_traits("sound_choices")
    page.get_by_role("button", name="Set up", exact=True).click()
    page.get_by_role("dialog", name="Set up").get_by_role("button", name="Sound", exact=False).click()
    page.get_by_label("Sound of melody").select_option("Harpsichord")
    expect(page.get_by_label("Sound of melody")).to_have_value("Harpsichord")
    palette.finish_kit()
    live.send_traits("kit_index", "kit_rate", "kit")
    page.wait_for_function(f"(mellow) => ({BRIGHTNESS})() > 5 * mellow", arg=mellow)
    page.keyboard.press("Escape")
    after = exported(page)
    assert brightness(after) > 5 * brightness(before)
    assert repeated(after).loudness == pytest.approx(repeated(before).loudness, abs=1)
    assert palette.sounds == ["Harpsichord"]
