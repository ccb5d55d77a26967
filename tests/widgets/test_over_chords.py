"""Instruments over chords: what is decoded follows them, in Python and for the browser; music has its own."""

import json

import numpy as np
import pytest

import latentpalette as lp
from latentpalette.errors import PaletteError
from latentpalette.models.musicvae import MusicVAE
from latentpalette.widgets.checked_traits import SettingError
from latentpalette.widgets.clips import decode_clips
from latentpalette.widgets.model_clips import ModelClips
from tests.evaluation.tiny_corpora import GROOVE_GIVEN_HITS
from tests.widgets.conftest import browser_sends, browser_sets
from tests.widgets.tiny_chords import over_chords

INSTRUMENTS = {
    "palette": lambda model, **settings: lp.Palette(model, size=3, **settings),
    "sampler": lambda model, **settings: lp.Sampler(model, 2, best_of=1, **settings),
    "mixer": lambda model, **settings: lp.MelodyMixer(None, None, model, 3, **settings),
    "slider": lambda model, **settings: lp.InterpolationSlider(None, None, model, **settings),
    "loops": lambda model, **settings: lp.LatentLoops(model, size=4, **settings),
    "sliders": lp.LatentSliders,
}


@pytest.fixture(scope="module")
def model():
    return over_chords()


def played(instrument):
    """The notes that it plays between its corners or ends, or as tiles."""
    if isinstance(instrument, lp.Palette):
        return instrument.notes(1, 1).notes
    if isinstance(instrument, lp.Sampler):
        return [tile.notes.notes for tile in instrument.tiles]
    if isinstance(instrument, lp.MelodyMixer):
        return instrument.row[1].notes.notes
    if isinstance(instrument, lp.LatentLoops):
        instrument.select(1, 1)
    return instrument.selected.notes.notes


def ask(widget, wire, name, **body):
    wire.clear()
    browser_sends(widget, {"type": "request", "id": "1", "name": name, "body": body})
    (message,) = (each for each in wire if each.data.get("content", {}).get("type") == "response")
    return message.data["content"], message.buffers or []


@pytest.mark.parametrize("make", INSTRUMENTS.values(), ids=INSTRUMENTS)
def test_every_instrument_plays_over_its_chords_and_over_others_that_are_assigned(make, model):
    given, assigned = make(model, chords="F#m B"), make(model)
    assert (given.chords, assigned.chords) == (["F#m", "B"], ["C", "Am", "F", "G"])
    assert played(assigned) != played(given)
    assigned.chords = ["F#m", "B"]
    assert played(assigned) == played(given)


def test_a_cell_is_what_the_model_decodes_over_the_chords(model):
    palette = lp.Palette(model, size=3, chords="Dm G")
    (expected,) = model.decode(palette.grid[1, 1][None], controls=["Dm", "G"])
    assert palette.notes(1, 1).notes == expected.notes
    (at_once,) = model.decode(palette.grid[0, 0][None], controls=["Dm", "G"])
    assert palette.notes(0, 0).notes == at_once.notes  # a corner as it was written would not follow the chords


def test_music_is_encoded_with_its_own_chords_whatever_the_instrument_plays_over(model):
    palettes = [lp.Palette(model, size=3, chords=chords) for chords in ("C", "F# B")]
    assert np.array_equal(palettes[0].grid, palettes[1].grid)
    assert np.allclose(palettes[0].grid[0, 0], model.encode(palettes[0].corners[0])[0], atol=1e-5)


def test_samples_are_those_of_the_model_over_the_chords(model):
    sampler = lp.Sampler(model, 3, seed=5, best_of=1, chords="Am E")
    expected = model.sample(3, temperature=sampler.temperature, seed=5, controls=["Am", "E"])
    assert [tile.notes.notes for tile in sampler.tiles] == [sample.notes for sample in expected]


@pytest.mark.parametrize(
    ("chords", "message"),
    [
        ("C Hm", "Unknown chord: 'Hm'. Did you mean 'Bm'"),
        ("C F G", "3 chords do not divide 32 steps evenly"),
        ([], "plays over chords: name one"),
        (7, "chords is a list of up to 64 chord symbols"),
    ],
)
def test_chords_that_are_none_or_do_not_fit_are_refused_in_words(model, chords, message):
    palette = lp.Palette(model, size=3, chords="C G")
    before = palette.cells
    with pytest.raises(SettingError, match=message):
        palette.chords = chords
    assert (palette.chords, palette.cells) == (["C", "G"], before)
    with pytest.raises(SettingError, match=message):
        lp.Palette(model, size=3, chords=chords)


def test_a_model_without_chords_takes_none():
    with pytest.raises(SettingError, match="drums-2d takes no chords"):
        lp.Palette(lp.load("drums-2d"), size=3, chords="C")


def test_a_model_that_is_given_hits_is_not_played():
    assert not ModelClips.can_play(MusicVAE(GROOVE_GIVEN_HITS))
    with pytest.raises(PaletteError, match=r"from z and from hits.* model\.sample\(4, controls=\.\.\.\)"):
        lp.Palette(MusicVAE(GROOVE_GIVEN_HITS))


def test_the_browser_asks_what_was_typed_and_decodes_over_it(model, wire):
    palette = lp.Palette(model, size=3, chords="C G")
    response, _ = ask(palette, wire, "chords", text="Am7 | E/G#")
    assert response["body"] == {
        "chords": ["Am7", "E/G#"],
        "notice": "chords are read as triads: Am7 as Am, E/G# as E",
    }
    refused, _ = ask(palette, wire, "chords", text="C Cmol")
    assert not refused["ok"]
    assert "Did you mean 'Cm'" in refused["error"]
    browser_sets(palette, {"chords": ["Am7", "E/G#"]})
    inputs = {name: getattr(palette, name) for name in ("corner_clips", "labels", "size", "interpolation", "chords")}
    answered, (cells, _) = ask(palette, wire, "decode", **inputs)
    assert answered["ok"]
    assert decode_clips(cells) == decode_clips(lp.Palette(model, size=3, chords="Am E").cells)


def test_chords_are_in_state_files_pages_and_code(model, tmp_path):
    palette = lp.Palette(model, size=3, chords="Bb F")
    assert json.loads(palette.save_state(tmp_path / "state.json").read_text())["traits"]["chords"] == ["Bb", "F"]
    assert palette.standalone_state()["chords"] == ["Bb", "F"]
    assert "    chords=['Bb', 'F'],\n" in palette.to_python()
    assert "chords=" not in lp.Palette(model, size=3).to_python()
    other = lp.Palette(model, size=3)
    other.open_state(tmp_path / "state.json")
    assert (other.chords, other.cells) == (["Bb", "F"], palette.cells)
