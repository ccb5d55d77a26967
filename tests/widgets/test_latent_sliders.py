"""Latent sliders as a Python object."""

import numpy as np
import pytest

import latentpalette as lp
from latentpalette.widgets import instrument as module
from latentpalette.widgets.checked_traits import SettingError
from latentpalette.widgets.clips import decode_clips
from latentpalette.widgets.music_directions import music_directions
from tests.widgets.conftest import browser_sends, browser_sets
from tests.widgets.fakes import Clicks


@pytest.fixture(scope="module")
def model():
    return lp.load("drums-2bar")


@pytest.fixture
def make(wire, monkeypatch, model):
    """Make sliders: ``make("Bossa", 4, held=[True])``."""
    monkeypatch.setattr(module, "kit_of_streams", lambda streams: Clicks())
    return lambda music="Bossa", n=None, **settings: lp.LatentSliders(model, music, n, **settings)


def asked(sliders, wire, name, body=None, buffers=()):
    """Send a request of the browser; return the content of the response and its buffers."""
    wire.clear()
    browser_sends(sliders, {"type": "request", "id": "1", "name": name, "body": body or {}}, buffers)
    (response,) = [sent for sent in wire if sent.data.get("method") == "custom"]
    assert response.data["content"]["ok"], response.data["content"]
    return response.data["content"], response.buffers


def test_where_no_slider_is_moved_the_model_plays_the_music(make, model):
    sliders = make()
    [mean] = model.encode([sliders.music])
    np.testing.assert_allclose(sliders.z, mean, atol=1e-5)
    assert sliders.values == [0.0] * 8
    np.testing.assert_allclose(sliders.coordinates, sliders.start)


def test_a_slider_moves_z_along_its_direction_alone(make):
    sliders = make()
    before = sliders.coordinates
    sliders.values = [0, 0, 1.5, 0, 0, 0, 0, 0]
    found = music_directions(sliders._music).principal.coordinates(sliders.z)[:8]
    np.testing.assert_allclose(found - before, [0, 0, 1.5, 0, 0, 0, 0, 0], atol=1e-4)


def test_a_single_dimension_changes_nothing_else_of_z(make):
    sliders = make(directions="dimensions")
    before = sliders.z
    sliders.values = [2.0, *[0.0] * 7]
    assert np.count_nonzero(sliders.z - before) == 1


def test_the_notes_are_those_that_the_model_decodes_there(make, model):
    sliders = make()
    sliders.values = [2.0, -1.0, *[0.0] * 6]
    [music] = model.decode(sliders.z[None])
    assert [(note.step, note.pitch) for note in sliders.notes.notes] == [(n.step, n.pitch) for n in music.notes]
    sliders.plays = "music"
    assert [(note.step, note.pitch) for note in sliders.notes.notes] == [
        (note.step, note.pitch) for note in sliders.music.notes
    ]


def test_the_first_directions_change_more_notes_than_the_last(make):
    sliders = make(n=32)
    as_it_was = {(note.step, note.pitch) for note in sliders.selected.notes.notes}

    def changed(index):
        notes = []
        for amount in (-2.0, 2.0):
            sliders.values = [amount if k == index else 0.0 for k in range(32)]
            notes.append({(note.step, note.pitch) for note in sliders.selected.notes.notes} ^ as_it_was)
        return sum(map(len, notes))

    assert sum(map(changed, range(4))) > 1.5 * sum(map(changed, range(28, 32)))


def test_sliders_that_are_held_stay_where_they_are(make):
    sliders = make(held=[True, False, True])
    sliders.values = [1.0, *[0.0] * 7]
    sliders.randomize(seed=5)
    assert (sliders.values[0], sliders.values[2]) == (1.0, 0.0)
    assert all(sliders.values[k] for k in (1, 3, 4, 5, 6, 7))
    first = sliders.values
    sliders.randomize(seed=5)
    assert sliders.values == first
    sliders.reset()
    assert sliders.values == [0.0] * 8


def test_the_number_of_sliders_changes_and_keeps_what_is_moved(make):
    sliders = make(n=2)
    sliders.values = [1.0, -1.0]
    z = sliders.z
    sliders.n = 12
    assert sliders.values == [1.0, -1.0, *[0.0] * 10]
    np.testing.assert_array_equal(sliders.z, z)
    with pytest.raises(SettingError, match="n \\(sliders\\)"):
        sliders.n = 33


def test_there_are_no_more_sliders_than_dimensions(monkeypatch):
    monkeypatch.setattr(module, "kit_of_streams", lambda streams: Clicks())
    sliders = lp.LatentSliders(lp.load("drums-2d"))
    assert sliders.n == 2
    with pytest.raises(SettingError, match="drums-2d has 2 directions"):
        sliders.n = 3


def test_other_music_begins_with_no_slider_moved(make, model):
    sliders = make(values=[1.0] * 8)
    seen = []
    sliders.observe(lambda change: seen.append(change.new), "selected")
    sliders.music = "Samba"
    assert (sliders.music.label, sliders.values, len(seen)) == ("Samba", [0.0] * 8, 1)
    z = model.sample_z(1, seed=3)[0]
    sliders.music = z
    np.testing.assert_array_equal(sliders.z, z)


def test_places_that_the_browser_asks_for_are_decoded(make, wire):
    sliders = make()
    other = make(values=[1.5, *[0.0] * 7])
    _, [table] = asked(sliders, wire, "place", buffers=[other.z.tobytes()])
    assert decode_clips(table) == [other.selected.source]
    _, [z] = asked(sliders, wire, "encode", {"clip": sliders.music_clip})
    assert bytes(z) == sliders.start_z


def test_values_of_the_browser_are_decoded_when_their_notes_are_needed(make, monkeypatch):
    sliders = make()
    decoded = []
    monkeypatch.setattr(type(sliders._music), "decode", lambda own, z: decoded.append(len(z)))
    browser_sets(sliders, {"values": [0.5, *[0.0] * 7]})
    assert (sliders.selected.values[0], decoded) == (0.5, [])


def test_the_source_makes_the_same_sliders_again(make):
    sliders = make(held=[True], qpm=97, n=5)
    sliders.randomize(seed=1)
    scope = {}
    exec(sliders.to_python(), scope)
    again = scope["sliders"]
    np.testing.assert_array_equal(again.z, sliders.z)
    assert (again.held, again.qpm, again.music.label) == ([True], 97, "Bossa")


def test_a_state_is_opened_with_its_music(make, tmp_path):
    sliders, other = make("Samba", values=[1.0, *[0.0] * 7], held=[False, True]), make()
    other.open_state(sliders.save_state(tmp_path / "state.json"))
    assert other.music.label == "Samba"
    assert other.selected == sliders.selected
    assert other.held == [False, True]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"values": [99] * 8}, "Each of values"),
        ({"directions": "best"}, "directions"),
        ({"held": [3]}, "Each of held"),
        ({"values": [0] * 4, "n": 8}, "n=8 sliders have as many values; got 4"),
        ({"start_z": b"123"}, "no setting 'start_z'"),
    ],
)
def test_wrong_settings_are_refused_in_words(make, settings, message):
    with pytest.raises((SettingError, TypeError), match=message):
        make(**settings)


def test_they_are_described_in_words(make):
    sliders = make()
    sliders.values = [1.0, *[0.0] * 7]
    assert repr(sliders) == "LatentSliders(drums-2bar, Bossa, 8 sliders, 1 moved)"
    assert sliders.alt_text() == "Latent sliders: Bossa, 1 slider of 8 moved; as it was, and as it is"
    assert sliders.to_png()[:4] == b"\x89PNG"


@pytest.mark.parametrize("seed", [-1, 1.5, "A", [None], 2**70])
def test_a_seed_is_a_whole_number(make, seed):
    with pytest.raises(SettingError, match="seed is a whole number from 0"):
        make().randomize(seed)
