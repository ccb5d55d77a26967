"""Weights that Magenta published for the browser, decoded as magenta-js itself does."""

import json

import numpy as np
import pytest

from latentpalette.errors import ModelError
from latentpalette.models.magenta.storage import Folder
from latentpalette.models.magenta.tfjs import TfjsCheckpoint
from latentpalette.models.store import load, save
from tests.models.magenta.tfjs_files import write_files, write_shards


@pytest.fixture
def folder(reference):
    return reference / "golden" / "magenta_js"


@pytest.fixture
def model(folder):
    return load(folder / "mel_2bar_small")


def notes_of(sequences):
    return [[[note.pitch, note.step, note.step + note.length] for note in tune.notes] for tune in sequences]


def test_the_arg_max_notes_are_those_of_magenta_js(folder, model):
    notes = notes_of(model.decode(np.load(folder / "decode_z.npy")))
    assert notes == json.loads((folder / "decode_notes.json").read_text())


def test_they_are_the_same_when_the_model_is_saved(folder, model, tmp_path):
    z = np.load(folder / "decode_z.npy")
    assert load(save(model, tmp_path)).decode(z) == model.decode(z)


def test_without_its_encoder_it_samples_and_interpolates_and_explains_why_it_cannot_encode(model):
    tunes = model.sample(2, temperature=0.5, seed=1)
    assert all(tune.notes for tune in tunes)
    assert len(model.interpolate(*np.random.default_rng(0).standard_normal((2, 256)), n=3)) == 3
    with pytest.raises(ModelError, match="has no encoder: its file held the decoder alone"):
        model.encode(tunes)


def test_the_card_names_what_was_set_aside(model):
    assert "Tensors left out: encoder/cell_0/bidirectional_rnn/bw/multi_rnn_cell/cell_0/lstm_cell/bias" in model.card


@pytest.mark.parametrize("write", [write_shards, write_files])
def test_quantized_to_16_bits_the_real_weights_decode_to_the_same_notes(folder, tmp_path, write):
    real = TfjsCheckpoint(Folder(folder / "mel_2bar_small"), "mel_2bar_small")
    model = load(write(tmp_path, dict(real), width=2, spec=real.spec["dataConverter"]))
    assert notes_of(model.decode(np.load(folder / "decode_z.npy"))) == json.loads(
        (folder / "decode_notes.json").read_text()
    )


def test_saved_as_float16_they_decode_to_the_same_notes(folder, model, tmp_path):
    z = np.load(folder / "decode_z.npy")
    assert load(save(model, tmp_path, fp16=True)).decode(z) == model.decode(z)
