"""Only regular files of a model's own folder are read."""

from __future__ import annotations

import os

import pytest
import torch
from safetensors.torch import load_file, save_file

from latentpalette.errors import CheckpointError, ModelError
from latentpalette.models import store
from latentpalette.models.magenta.storage import Folder
from tests.models.tiny_models import model_of

NAMES = ("config.json", "model.safetensors", "README.md")


@pytest.fixture
def folder(tmp_path):
    return store.save(model_of(), tmp_path / "tiny-drums", card="# Tiny drums")


def test_a_card_that_is_a_pipe_is_refused_at_once(folder):
    (folder / "README.md").unlink()
    os.mkfifo(folder / "README.md")
    with pytest.raises(CheckpointError, match=r"README\.md: cannot be read \(it is no regular file\)"):
        store.load(folder)


@pytest.mark.parametrize("name", ["config.json", "model.safetensors"])
def test_a_folder_whose_model_is_a_pipe_is_no_model(folder, name):
    (folder / name).unlink()
    os.mkfifo(folder / name)
    with pytest.raises(ModelError, match="not a model"):
        store.load(folder)


@pytest.mark.parametrize("name", NAMES)
def test_a_link_out_of_the_folder_is_refused(folder, name):
    (folder / name).rename(folder.parent / name)
    (folder / name).symlink_to(folder.parent / name)
    with pytest.raises(CheckpointError, match=r"outside its folder\. Put the file itself there"):
        store.load(folder)


@pytest.mark.parametrize("name", NAMES)
def test_a_link_within_the_folder_is_followed(folder, name):
    (folder / "data").mkdir()
    (folder / name).rename(folder / "data" / name)
    (folder / name).symlink_to(f"data/{name}")
    assert store.load(folder).card == "# Tiny drums"


def test_a_folder_may_be_a_link_itself(folder):
    (folder.parent / "latest").symlink_to(folder)
    assert store.load(folder.parent / "latest").name == "latest"


def test_a_cache_of_hugging_face_is_read(folder):
    repository = folder.parent / "models--someone--tiny"
    snapshot = repository / "snapshots" / "0123abc"
    snapshot.mkdir(parents=True)
    (repository / "blobs").mkdir()
    for name in NAMES:
        (folder / name).rename(repository / "blobs" / f"sha-{name}")
        (snapshot / name).symlink_to(f"../../blobs/sha-{name}")
    assert store.load(snapshot).card == "# Tiny drums"


def test_a_circle_of_links_is_refused(folder):
    (folder / "README.md").unlink()
    (folder / "README.md").symlink_to("README.md")
    with pytest.raises(CheckpointError, match=r"README\.md: cannot be read"):
        store.load(folder)


def test_a_shard_that_is_a_link_out_of_its_folder_is_refused(tmp_path):
    (tmp_path / "secret").write_bytes(b"12345")
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "shard").symlink_to("../secret")
    with pytest.raises(CheckpointError, match="outside its folder"):
        Folder(tmp_path / "model").read("shard", 0, 5)


@pytest.mark.parametrize("dtype", [torch.complex64, torch.int32, torch.bool])
def test_weights_that_are_no_floats_are_refused_by_name(folder, dtype):
    state = load_file(folder / "model.safetensors")
    state["mu.bias"] = state["mu.bias"].to(dtype)
    save_file(state, folder / "model.safetensors")
    with pytest.raises(CheckpointError, match=r"mu\.bias holds \w+ numbers, not floats"):
        store.load(folder)


@pytest.mark.parametrize("source", [None, 3, ["drums-2bar"], b"drums-2bar"])
def test_what_is_no_name_is_refused(source):
    with pytest.raises(ModelError, match="loaded by its name or its folder"):
        store.load(source)


def test_a_name_that_no_file_can_have_is_refused():
    with pytest.raises(ModelError, match=r"No model is called .x+ \.\.\."):
        store.load("x" * 5000)


def test_a_model_at_home_is_found(folder, monkeypatch):
    monkeypatch.setenv("HOME", str(folder.parent))
    assert store.load("~/tiny-drums").name == "tiny-drums"
    assert store.save(store.load("~/tiny-drums"), "~/copy") == folder.parent / "copy"


def test_only_a_model_is_saved(tmp_path):
    with pytest.raises(ModelError, match=r"A model is a MusicVAE; got 'drums-2bar'"):
        store.save("drums-2bar", tmp_path)
