"""The mix of a session as a file: one lap of the longest, with paths, rows and rides as they sound."""

from __future__ import annotations

import io

import pretty_midi
from playwright.sync_api import Page, expect

from latentpalette.widgets import instrument as module
from latentpalette.widgets.interpolation_slider import InterpolationSlider
from latentpalette.widgets.melody_mixer import MelodyMixer
from latentpalette.widgets.palette import Palette
from latentpalette.widgets.session import Session
from tests.browser.test_session_page import bar, downloaded
from tests.widgets.fakes import Clicks, CrossFade, MelodyFade

ENDS = ("Four on the floor", "Samba")


def hits_of(score: pretty_midi.PrettyMIDI) -> dict[tuple[float, int, bool], int]:
    """The velocity of each note; two instruments may have the same one, of which the louder counts."""
    notes = [(part.is_drum, note) for part in score.instruments for note in part.notes]
    found: dict[tuple[float, int, bool], int] = {}
    for is_drum, note in notes:
        place = (round(float(note.start), 3), note.pitch, is_drum)
        found[place] = max(note.velocity, found.get(place, 0))
    return found


def test_a_path_a_row_and_a_ride_are_in_the_mix_as_they_sound_and_python_has_the_same(
    monkeypatch, page: Page, tmp_path
):
    monkeypatch.setattr(module, "kit_of_streams", lambda streams: Clicks())
    palette = Palette(CrossFade(), size=3, tool="draw", bars_per_cell=1, path_mode="ping-pong")
    palette.path = [(0, 0), (0, 2)]
    mixer = MelodyMixer("Reel", "Tango", MelodyFade(), n=3, plays="row")
    slider = InterpolationSlider(*ENDS, CrossFade(), n=5, autoplay=True, autoplay_bars=4, volume=0.5)
    session = Session([palette, mixer, slider], qpm=100)
    assert session.notes.steps == 2 * 4 * 16
    page.goto(session.to_html(tmp_path / "session.html").as_uri())
    expect(page.locator(".lp-member")).to_have_count(3)
    name, data = downloaded(page, "Mix as MIDI")
    mixed = pretty_midi.PrettyMIDI(io.BytesIO(data))
    expected = pretty_midi.PrettyMIDI(str(session.save(tmp_path / "mix.mid")))
    assert name == "session.mid"
    assert hits_of(mixed) == hits_of(expected)
    starts = {round(note.start / 0.15) // 16 for part in mixed.instruments for note in part.notes}
    assert starts == set(range(8)), "the ride lasts eight bars"
    bar(page).get_by_role("button", name="Keep", exact=True).click()
    expect(page.get_by_role("menuitem", name="Mix as WAV")).to_have_attribute(
        "title", "What all play now: one lap of the longest, paths and rides as they go, shorter music repeated"
    )
