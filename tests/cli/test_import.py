"""`latentpalette import`: any kind of checkpoint becomes a model folder."""

import numpy as np
import pytest

from latentpalette.errors import CheckpointError, LatentPaletteError, ModelError
from latentpalette.models.config import ModelConfig
from latentpalette.models.store import load, save
from tests.cli import runner
from tests.models.magenta.checkpoint_files import write
from tests.models.magenta.test_archive import pack
from tests.models.magenta.test_mapping import tensors_of
from tests.models.magenta.tfjs_files import write_files, write_shards
from tests.models.tiny_models import DRUMS, WIRINGS, model_of


def run(*arguments):
    return runner.run("import", *arguments)


def failure(*arguments):
    """Import must fail; return its exception."""
    return runner.failure("import", *arguments)


@pytest.fixture
def prefix(tmp_path):
    (tmp_path / "magenta").mkdir()
    return write(tmp_path / "magenta" / "model.ckpt", tensors_of(DRUMS))


def make_archive(prefix, folder):
    files = {each.name: each.read_bytes() for each in prefix.parent.iterdir()}
    return pack(folder / "cat-drums_2bar_small.lokl.tar", files)


@pytest.mark.parametrize("kind", ["prefix", "folder", "archive", "shards", "2018"])
def test_every_kind_of_checkpoint_becomes_the_same_model(prefix, tmp_path, kind):
    path = {
        "prefix": lambda: prefix,
        "folder": lambda: prefix.parent,
        "archive": lambda: make_archive(prefix, tmp_path),
        "shards": lambda: write_shards(tmp_path / "shards", tensors_of(DRUMS)),
        "2018": lambda: write_files(tmp_path / "2018", tensors_of(DRUMS)),
    }[kind]()
    result = run(path, "--out", tmp_path / "model")
    assert result.exit_code == 0, result.output
    assert sorted(each.name for each in (tmp_path / "model").iterdir()) == [
        "README.md",
        "config.json",
        "model.safetensors",
    ]
    model = load(tmp_path / "model")
    z = np.ones((2, 6))
    np.testing.assert_array_equal(model.decode_arrays(z), load(path).decode_arrays(z))
    assert f"Read from Magenta's checkpoint {path.name}, as cat-drums_2bar_small." in model.card
    assert "Drum map: reduced-2018" in model.card
    assert "model" in result.output


def test_what_was_found_and_assumed_is_printed(prefix, tmp_path):
    output = " ".join(run(prefix, "--out", tmp_path / "model").output.split())
    assert "configuration cat-drums_2bar_small" in output
    assert "decoder 5 + 8" in output
    assert "Drum map: reduced-2018, the one that Magenta's published drum models were trained with." in output


def test_float16_weights_are_half_the_size(prefix, tmp_path):
    for name, options in (("float32", []), ("float16", ["--fp16"])):
        assert run(prefix, "--out", tmp_path / name, *options).exit_code == 0
    float32, float16 = ((tmp_path / name / "model.safetensors").stat().st_size for name in ("float32", "float16"))
    assert float16 < 0.6 * float32
    assert load(tmp_path / "float16").config == load(tmp_path / "float32").config


def test_a_weight_that_float16_cannot_hold_is_named(tmp_path):
    tensors = tensors_of(DRUMS)
    tensors["encoder/mu/bias"][0] = 1e6
    error = failure(write(tmp_path / "model.ckpt", tensors), "--out", tmp_path / "model", "--fp16")
    assert isinstance(error, ModelError)
    assert "mu.bias have numbers out of the range of float16" in str(error)


def test_a_configuration_is_chosen_by_its_name(tmp_path):
    prefix = write(tmp_path / "groove", tensors_of(WIRINGS["groove"]))
    assert run(prefix, "--out", tmp_path / "model", "--config", "groovae_4bar").exit_code == 0
    config = load(tmp_path / "model").config
    assert (config.name, config.steps, config.dec_rnn_size) == ("groovae_4bar", 64, (5, 8))


def test_an_unknown_configuration_is_refused_with_the_nearest(prefix, tmp_path):
    error = failure(prefix, "--out", tmp_path / "model", "--config", "cat-drums_2bar_smal")
    assert "Did you mean 'cat-drums_2bar_small'" in str(error)
    assert not (tmp_path / "model").exists()


def test_a_configuration_that_does_not_fit_is_refused_with_what_is_missing(prefix, tmp_path):
    error = failure(prefix, "--out", tmp_path / "model", "--config", "hierdec-trio_16bar")
    assert isinstance(error, CheckpointError)
    assert "missing: decoder/hierarchical_level_0/initial_state/kernel" in str(error)


def test_the_drum_map_can_be_chosen(prefix, tmp_path):
    assert run(prefix, "--out", tmp_path / "model", "--drum-map", "reduced").exit_code == 0
    assert load(tmp_path / "model").converter.drum_map == "reduced"
    assert "Drum map: reduced, as requested." in load(tmp_path / "model").card
    assert "there are reduced, reduced-2018, roland" in str(
        failure(prefix, "--out", tmp_path / "no", "--drum-map", "x")
    )


@pytest.mark.parametrize("path", ["nowhere", "song.mid", "."])
def test_a_path_that_is_not_a_checkpoint_is_refused(tmp_path, monkeypatch, path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "song.mid").write_bytes(b"MThd")
    error = failure(path, "--out", "model")
    assert isinstance(error, LatentPaletteError)
    assert path in str(error)
    assert not (tmp_path / "model").exists()


def test_a_damaged_checkpoint_leaves_nothing_behind(prefix, tmp_path):
    data = prefix.with_name("model.ckpt.data-00000-of-00001")
    data.write_bytes(data.read_bytes()[:-1])
    assert "truncated" in str(failure(prefix, "--out", tmp_path / "model"))
    assert not (tmp_path / "model").exists()


def test_a_model_is_overwritten_only_with_replace(prefix, tmp_path):
    save(model_of(), tmp_path / "model")
    before = (tmp_path / "model" / "README.md").read_text()
    assert "Pass --replace" in str(failure(prefix, "--out", tmp_path / "model"))
    assert (tmp_path / "model" / "README.md").read_text() == before
    assert run(prefix, "--out", tmp_path / "model", "--replace").exit_code == 0
    assert "Read from" in load(tmp_path / "model").card


def test_a_folder_of_something_else_is_never_overwritten(prefix, tmp_path):
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "README.md").write_text("mine")
    assert "Give a new one" in str(failure(prefix, "--out", tmp_path / "notes", "--replace"))
    assert (tmp_path / "notes" / "README.md").read_text() == "mine"
    assert "the checkpoint itself lies there" in str(failure(prefix, "--out", prefix.parent, "--replace"))


def test_a_model_can_be_saved_to_the_folder_that_it_was_loaded_from(tmp_path):
    folder = save(model_of(), tmp_path)
    model = load(folder)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    save(model, folder, fp16=True)
    assert all((value == before[name]).all() for name, value in model.state_dict().items())
    save(model, folder)
    again = load(folder)
    assert all((value == before[name]).all() for name, value in again.state_dict().items())
    assert ModelConfig.from_json((folder / "config.json").read_text()) == model.config
