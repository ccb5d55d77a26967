"""`latentpalette import`: any checkpoint in, a folder of ours out."""

import numpy as np
import pytest
from typer.testing import CliRunner

from latentpalette.cli.app import app
from latentpalette.errors import CheckpointError, LatentPaletteError, ModelError
from latentpalette.models.config import ModelConfig
from latentpalette.models.store import load, save
from tests.models.magenta.checkpoint_files import write
from tests.models.magenta.test_archive import pack
from tests.models.magenta.test_mapping import tensors_of
from tests.models.magenta.tfjs_files import write_files, write_shards
from tests.models.tiny_models import DRUMS, WIRINGS, model_of


def run(*arguments):
    return CliRunner().invoke(app, ["import", *(str(argument) for argument in arguments)])


def failure(*arguments):
    """What the command fails with."""
    result = run(*arguments)
    assert result.exit_code != 0
    return result.exception


@pytest.fixture
def prefix(tmp_path):
    (tmp_path / "theirs").mkdir()
    return write(tmp_path / "theirs" / "model.ckpt", tensors_of(DRUMS))


def archived(prefix, folder):
    files = {each.name: each.read_bytes() for each in prefix.parent.iterdir()}
    return pack(folder / "cat-drums_2bar_small.lokl.tar", files)


@pytest.mark.parametrize("kind", ["prefix", "folder", "archive", "shards", "2018"])
def test_every_kind_of_checkpoint_becomes_the_same_model(prefix, tmp_path, kind):
    path = {
        "prefix": lambda: prefix,
        "folder": lambda: prefix.parent,
        "archive": lambda: archived(prefix, tmp_path),
        "shards": lambda: write_shards(tmp_path / "shards", tensors_of(DRUMS)),
        "2018": lambda: write_files(tmp_path / "2018", tensors_of(DRUMS)),
    }[kind]()
    result = run(path, "--out", tmp_path / "ours")
    assert result.exit_code == 0, result.output
    assert sorted(each.name for each in (tmp_path / "ours").iterdir()) == [
        "README.md",
        "config.json",
        "model.safetensors",
    ]
    model = load(tmp_path / "ours")
    z = np.ones((2, 6))
    np.testing.assert_array_equal(model.decode_arrays(z), load(path).decode_arrays(z))
    assert f"Read from Magenta's checkpoint {path.name}, as cat-drums_2bar_small." in model.card
    assert "Drum map: reduced-2018" in model.card
    assert "ours" in result.output


def test_what_was_found_and_assumed_is_told(prefix, tmp_path):
    told = " ".join(run(prefix, "--out", tmp_path / "ours").output.split())
    assert "configuration cat-drums_2bar_small" in told
    assert "decoder 5 + 8" in told
    assert "Drum map: reduced-2018, the one that Magenta's published drum models were trained with." in told


def test_half_width_weights_are_half_the_size(prefix, tmp_path):
    for name, more in (("whole", []), ("half", ["--half"])):
        assert run(prefix, "--out", tmp_path / name, *more).exit_code == 0
    whole, half = ((tmp_path / name / "model.safetensors").stat().st_size for name in ("whole", "half"))
    assert half < 0.6 * whole
    assert load(tmp_path / "half").config == load(tmp_path / "whole").config


def test_a_weight_that_half_the_width_cannot_hold_is_named(tmp_path):
    tensors = tensors_of(DRUMS)
    tensors["encoder/mu/bias"][0] = 1e6
    error = failure(write(tmp_path / "model.ckpt", tensors), "--out", tmp_path / "ours", "--half")
    assert isinstance(error, ModelError)
    assert "mu.bias have numbers that float16 cannot hold" in str(error)


def test_a_configuration_is_chosen_by_its_name(tmp_path):
    prefix = write(tmp_path / "groove", tensors_of(WIRINGS["groove"]))
    assert run(prefix, "--out", tmp_path / "ours", "--config", "groovae_4bar").exit_code == 0
    config = load(tmp_path / "ours").config
    assert (config.name, config.steps, config.dec_rnn_size) == ("groovae_4bar", 64, (5, 8))


def test_a_configuration_that_nobody_published_is_refused_with_the_nearest(prefix, tmp_path):
    error = failure(prefix, "--out", tmp_path / "ours", "--config", "cat-drums_2bar_smal")
    assert "Did you mean 'cat-drums_2bar_small'" in str(error)
    assert not (tmp_path / "ours").exists()


def test_a_configuration_that_does_not_fit_is_refused_with_what_is_missing(prefix, tmp_path):
    error = failure(prefix, "--out", tmp_path / "ours", "--config", "hierdec-trio_16bar")
    assert isinstance(error, CheckpointError)
    assert "missing: decoder/hierarchical_level_0/initial_state/kernel" in str(error)


def test_todays_drum_map_can_be_asked_for(prefix, tmp_path):
    assert run(prefix, "--out", tmp_path / "ours", "--drum-map", "reduced").exit_code == 0
    assert load(tmp_path / "ours").converter.map == "reduced"
    assert "Drum map: reduced, as asked for." in load(tmp_path / "ours").card
    assert "there are reduced, reduced-2018, roland" in str(
        failure(prefix, "--out", tmp_path / "no", "--drum-map", "x")
    )


@pytest.mark.parametrize("path", ["nowhere", "song.mid", "."])
def test_what_is_no_checkpoint_is_refused(tmp_path, monkeypatch, path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "song.mid").write_bytes(b"MThd")
    error = failure(path, "--out", "ours")
    assert isinstance(error, LatentPaletteError)
    assert path in str(error)
    assert not (tmp_path / "ours").exists()


def test_a_damaged_checkpoint_leaves_nothing_behind(prefix, tmp_path):
    data = prefix.with_name("model.ckpt.data-00000-of-00001")
    data.write_bytes(data.read_bytes()[:-1])
    assert "truncated" in str(failure(prefix, "--out", tmp_path / "ours"))
    assert not (tmp_path / "ours").exists()


def test_what_is_there_is_not_written_over_unasked(prefix, tmp_path):
    save(model_of(), tmp_path / "ours")
    before = (tmp_path / "ours" / "README.md").read_text()
    assert "Pass --replace" in str(failure(prefix, "--out", tmp_path / "ours"))
    assert (tmp_path / "ours" / "README.md").read_text() == before
    assert run(prefix, "--out", tmp_path / "ours", "--replace").exit_code == 0
    assert "Read from" in load(tmp_path / "ours").card


def test_a_folder_of_something_else_is_never_written_over(prefix, tmp_path):
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "README.md").write_text("mine")
    assert "Give a new one" in str(failure(prefix, "--out", tmp_path / "notes", "--replace"))
    assert (tmp_path / "notes" / "README.md").read_text() == "mine"
    assert "the checkpoint itself lies there" in str(failure(prefix, "--out", prefix.parent, "--replace"))


def test_a_model_can_be_saved_into_the_folder_that_it_was_loaded_from(tmp_path):
    folder = save(model_of(), tmp_path)
    model = load(folder)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    save(model, folder, half=True)
    assert all((value == before[name]).all() for name, value in model.state_dict().items())
    save(model, folder)
    again = load(folder)
    assert all((value == before[name]).all() for name, value in again.state_dict().items())
    assert ModelConfig.from_json((folder / "config.json").read_text()) == model.config
