"""What survives of a session: a state file, the Python source, a page."""

from __future__ import annotations

import json

import pytest

import latentpalette as lp
from latentpalette.errors import PaletteError
from latentpalette.widgets import instrument as module
from latentpalette.widgets.session_files import edited_traits
from tests.widgets.fakes import Clicks

TUNE = lp.NoteSequence([lp.Note(60, 0, 4, program=73), lp.Note(67, 8, 4, program=73)], steps=16, qpm=90)


def seven(*, seed=1):
    """One instrument of each kind, and a roll."""
    drums, melody = lp.load("drums-2bar"), lp.load("melody-2bar")
    return [
        lp.Palette(drums, size=3),
        lp.Sampler(melody, 4, seed=seed),
        lp.MelodyMixer("Reel", "Tango", melody, n=3),
        lp.InterpolationSlider("Lullaby", "Walking", melody, n=3),
        lp.LatentLoops(melody, size=4),
        lp.GroovePanel("Boom bap"),
        lp.show([TUNE, TUNE], "A B"),
    ]


@pytest.fixture(autouse=True)
def without_sounds(monkeypatch):
    monkeypatch.setattr(module, "kit_of_streams", lambda streams: Clicks())


def changed(session):
    """Let something be changed in every instrument: sounds, volumes, mutes, locks, places and the tempo."""
    palette, sampler, mixer, slider, loops, groove, rolls = session.instruments
    palette.points = [[0.1, 0.1], [0.9, 0.9]]
    palette.locks = [[1, 0] * 16, *[None] * 8]
    palette.silenced = True
    sampler.sounds = ["Vibraphone"]
    sampler.volumes = [0.5]
    mixer.mutes = [True]
    mixer.volume = 0.25
    slider.t = 0.25
    slider.locks = [[[0, 60, 4, 90, 0]]]
    slider.plays = "crossfade"
    loops.tonic = 7
    loops.volume = 0.75
    groove.swing = 0.3
    groove.sounds = ["Power Kit"]
    rolls.roll = 1
    rolls.volume = 0.4
    session.qpm = 133
    return session


def state(session, *, without=()):
    names = ([name for name in edited_traits(each) if name not in without] for each in session.instruments)
    values = [{name: getattr(each, name) for name in own} for each, own in zip(session.instruments, names, strict=True)]
    return [session.qpm, *values]


def test_a_state_file_has_what_is_edited_in_all_instruments(tmp_path):
    session = changed(lp.Session(seven()))
    file = session.save_state(tmp_path / "session.json")
    other = lp.Session(seven(seed=9))
    assert state(other) != state(session)
    other.open_state(file)
    assert state(other) == state(session)
    assert {each.qpm for each in other.instruments} == {133}
    assert other.instruments[4].key == session.instruments[4].key
    assert other.instruments[3].notes.notes == session.instruments[3].notes.notes


def test_a_state_that_is_wrong_anywhere_changes_nothing(tmp_path):
    session = changed(lp.Session(seven()))
    file = session.save_state(tmp_path / "session.json")
    saved = json.loads(file.read_text())
    saved["traits"]["6.roll"] = 7
    file.write_text(json.dumps(saved))
    other = lp.Session(seven(seed=9))
    before = state(other)
    with pytest.raises(PaletteError, match="roll"):
        other.open_state(file)
    assert state(other) == before
    two = lp.Session(other.instruments[:2])
    with pytest.raises(PaletteError, match=r"a state of the model .*; this one is drums-2bar \+ melody-2bar"):
        two.open_state(file)


def test_the_source_of_a_session_makes_it_again():
    names = ["drums", "tiles", "Mixer", "one two", "loops", "drums", "rolls"]
    session = changed(lp.Session(seven(), names=names))
    made = {}
    exec(session.to_python(), made)
    again = made["session"]
    without = ("curves",)  # that were drawn; the music that was made of them is there
    assert state(again, without=without) == state(session, without=without)
    assert [member["name"] for member in again.members] == names
    assert made["drums_2"] is again.instruments[5]
    assert again.notes == session.notes


def test_the_page_of_a_session_has_the_settings_of_all_instruments():
    session = changed(lp.Session(seven()))
    own, *others = [widget.state for widget in session.page_widgets()]
    assert own["qpm"] == 133
    for each, page in zip(session.instruments, others, strict=True):
        for name in edited_traits(each):
            assert page[name] == getattr(each, name), (type(each).__name__, name)
