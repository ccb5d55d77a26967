"""Sounds and volumes that are chosen, in a real Chromium: as loud in the page as in Python."""

from __future__ import annotations

import io

import numpy as np
import pytest
import soundfile
from playwright.sync_api import Page

import latentpalette as lp
from latentpalette.audio.leveling import TARGET_LOUDNESS
from latentpalette.audio.sound import Sound

CHOICES = {
    "drums-2bar": {"sounds": {"drums": "TR-808 Kit"}, "volumes": {"drums": 0.4}},
    "groove-4bar": {"sounds": {"drums": "Brush Kit"}, "volumes": {"drums": 0.7}},
    "melody-2bar": {"sounds": {"melody": "Violin"}, "volumes": {"melody": 0.3}},
    "trio-16bar": {
        "sounds": {"melody": "Trumpet", "bass": "Synth Bass 1", "drums": "Electronic Kit"},
        "volumes": {"melody": 0.5, "bass": 1, "drums": 0.6},
    },
}


def exported(page: Page) -> Sound:
    """The loop that is chosen, as the page saves it."""
    page.get_by_role("button", name="Keep", exact=True).click()
    with page.expect_download() as waiting:
        page.get_by_role("menuitem", name="Cell as WAV", exact=True).click()
    content, rate = soundfile.read(io.BytesIO(waiting.value.path().read_bytes()), dtype="float32", always_2d=True)
    return Sound(np.ascontiguousarray(content.T), rate)


def repeated(loop: Sound) -> Sound:
    return Sound(np.tile(loop.samples, 3), loop.rate)


@pytest.mark.parametrize("name", CHOICES)
def test_sounds_and_volumes_that_are_chosen_are_as_loud_in_the_page_as_in_python(page: Page, tmp_path, name):
    palette = lp.Palette(lp.load(name), size=3, **CHOICES[name])
    page.goto(palette.to_html(tmp_path / "palette.html").as_uri())
    ours, theirs = repeated(palette.selected.notes.sound(loop=True)), repeated(exported(page))
    assert theirs.loudness == pytest.approx(ours.loudness, abs=1)
    assert [ours.loudness, theirs.loudness] == pytest.approx([TARGET_LOUDNESS] * 2, abs=2)
    assert max(ours.true_peak, theirs.true_peak) < -1
