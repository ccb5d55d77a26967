"""Inputs of a model: names of chords as controls, and files as windows."""

import warnings

import numpy as np
import pytest

from latentpalette.errors import ConverterError, ModelError, MusicError
from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
from latentpalette.music.midi import to_bytes
from latentpalette.music.sequence import Note, NoteSequence
from tests.models.tiny_models import SIZES, WIRINGS, model_of

TUNE = NoteSequence([Note(60, 0, 8), Note(64, 8, 8), Note(67, 20, 4)], steps=32)


@pytest.fixture(scope="module")
def model():
    return model_of()


# --- chords


def test_controls_may_be_names_of_chords():
    model = model_of(WIRINGS["controls"])
    named = ["C", "Am", "F", "G"]
    controls = model.converter.encode(TUNE, chords=named).controls
    z = np.random.default_rng(1).standard_normal((3, model.config.z_size))
    assert model.decode(z, controls=named) == model.decode(z, controls=controls)
    assert model.sample(2, seed=1, controls=named) == model.sample(2, seed=1, controls=controls)
    assert model.similar(TUNE, 2, seed=1, controls=named) == model.similar(TUNE, 2, seed=1, controls=controls)
    assert model.interpolate(z[0], z[1], controls=named) == model.interpolate(z[0], z[1], controls=controls)


def test_music_is_encoded_over_the_chords_that_are_named():
    model = model_of(WIRINGS["controls"])
    over_f = model.posterior_arrays(
        model.converter.encode(TUNE).inputs[None], controls=model.converter.chord_controls(["F"])[None]
    )
    assert model.encode(TUNE, controls=["F"]).tolist() == over_f.mu.tolist()
    assert model.posterior([TUNE, TUNE], controls=["F"]).sigma.shape == (2, model.config.z_size)
    assert model.encode(TUNE, controls=["F"]).tolist() != model.encode(TUNE).tolist()


def test_a_model_without_chords_encodes_over_none(model):
    with pytest.raises(ModelError, match="takes no chords"):
        model.encode(NoteSequence.from_steps({"kick": [0]}, steps=32), controls=["F"])


def test_the_chords_of_a_track_are_inferred_from_the_whole_file():
    model = model_of(WIRINGS["controls"])
    line = [Note(76, step, 4, program=52) for step in range(0, 32, 4)]
    chord = [Note(pitch, 0, 32) for pitch in (57, 60, 64)]
    song = to_bytes(NoteSequence([*line, *chord], steps=32))
    (window,) = model.excerpts(song, track="choir")
    assert (set(window.chords), {note.pitch for note in window.notes}) == ({"Am"}, {76})
    assert model.encode(song, track="choir").tolist() == model.encode(window, controls=["Am"]).tolist()


def test_one_chord_conditions_all_steps_but_those_of_programs():
    model = model_of(MAGENTA_CONFIGS["hier-multiperf_vel_1bar_med_chords"].replace(**SIZES))
    controls = model.converter.chord_controls(["Am"])
    assert controls.shape == (512, 49)
    assert controls.argmax(1).reshape(8, 64)[:, :3].tolist() == [[0, 22, 22]] * 8
    assert len(model.sample(1, seed=1, controls=["Am"])) == 1
    with pytest.raises(ConverterError, match="over one chord"):
        model.sample(1, controls=["Am", "F"])


def test_a_model_with_chords_asks_for_them():
    model = model_of(WIRINGS["controls"])
    with pytest.raises(ModelError, match=r'plays over chords. Name one, or several evenly spaced: controls=\["C"'):
        model.sample(1)
    assert len(model.sample(1, seed=1, controls=["N.C."])) == 1


def test_chords_that_are_simplified_are_a_warning():
    model = model_of(WIRINGS["controls"])
    z = model.sample_z(1, seed=1, gibbs_steps=0)
    with pytest.warns(UserWarning, match=r"^chords are read as triads: C13 as C, F/A as F\.$"):
        [loop] = model.decode(z, controls=["C13", "Am", "F/A", "Am"])
    assert [loop] == model.decode(z, controls=["C", "Am", "F", "Am"])


def test_a_warning_of_simplified_chords_is_shown_once():
    model = model_of(WIRINGS["controls"])
    with warnings.catch_warnings(record=True) as shown:
        warnings.simplefilter("default")
        for seed in range(3):
            model.sample(2, seed=seed, controls=["Dm11"])
    assert [str(warning.message) for warning in shown] == ["chords are read as triads: Dm11 as Dm."]


def test_invalid_chords_are_refused(model):
    with pytest.raises(ModelError, match=r"takes no chords; got \['C'\]"):
        model.sample(1, controls=["C"])
    with pytest.raises(ModelError, match=r"Chords are a list: controls=\['C', 'G'\]; got 'C G'"):
        model_of(WIRINGS["controls"]).sample(1, controls="C G")
    with pytest.raises(MusicError, match="'H'"):
        model_of(WIRINGS["controls"]).sample(1, controls=["H"])


# --- a piece that is one window long

HALF_SILENT = {
    "cat-drums_2bar_small": NoteSequence.from_steps({"kick": [16, 24], "snare": [20]}, steps=32),
    "nade-drums_2bar_reduced": NoteSequence.from_steps({"kick": [0, 8]}, steps=32),
    "cat-mel_2bar_small": NoteSequence([Note(60, 4, 4)], steps=32),
    "groovae_2bar_humanize": NoteSequence([Note(36, 2, 1, 99, 0.25, is_drum=True)], steps=32),
    "hierdec-trio_16bar": NoteSequence([Note(60, 16, 8), Note(36, 64, is_drum=True)], steps=256),
}


@pytest.mark.parametrize("name", HALF_SILENT)
def test_a_file_of_one_window_is_a_window_even_if_half_of_it_is_silent(name, tmp_path):
    model = model_of(MAGENTA_CONFIGS[name].replace(**SIZES))
    path = HALF_SILENT[name].replace(qpm=90).save(tmp_path / "half.mid")
    found = model.excerpts(path)
    assert [(window.bar, window.source, window.steps, round(window.qpm)) for window in found] == [
        (1, "half.mid", model.config.steps, 90)
    ]
    np.testing.assert_allclose(model.encode(path), model.encode(HALF_SILENT[name]), atol=1e-3)


def test_notes_that_the_model_does_not_represent_make_no_window(model, tmp_path):
    cowbell = NoteSequence([Note(20, 0, is_drum=True)], steps=32).save(tmp_path / "unknown.mid")
    assert len(model.excerpts(cowbell)) == 0
    violin = NoteSequence([Note(60, 4, 4, program=40)], steps=32).save(tmp_path / "violin.mid")
    melodies = model_of(MAGENTA_CONFIGS["cat-mel_2bar_small"].replace(**SIZES))
    assert len(melodies.excerpts(violin)) == 0
    assert "not among programs 0 to 31" in str(melodies.excerpts(violin).left_out[0])
