"""A run is resumed from what is whole, and says so."""

from __future__ import annotations

import json
import os
import zipfile

import pytest
import torch

from latentpalette.errors import FileError, TrainingError
from latentpalette.training.trainer import train
from tests.training.test_trainer import ON_CPU, SHORT, TINY, PowerCut, PowerCutError, assert_same_weights, tiny_corpus


@pytest.fixture
def interrupted(tmp_path):
    """A run that ended after two of its three validations, and so has two checkpoints."""
    with pytest.raises(PowerCutError):
        train(TINY, tiny_corpus(), tmp_path / "run", train_config=SHORT, callbacks=[PowerCut(9)], **ON_CPU)
    return tmp_path / "run"


def resume(run_dir):
    return train(TINY, tiny_corpus(), run_dir, train_config=SHORT, resume=True, **ON_CPU)


def cut(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize("damage", ["cut", "flip", "empty", "missing"])
def test_a_damaged_checkpoint_is_reported_and_the_one_before_it_is_used(interrupted, tmp_path, damage):
    last = interrupted / "checkpoints" / "last.ckpt"
    content = bytearray(last.read_bytes())
    content[len(content) // 2] ^= 1
    {
        "cut": lambda: cut(last),
        "flip": lambda: last.write_bytes(content),
        "empty": lambda: last.write_bytes(b""),
        "missing": last.unlink,
    }[damage]()
    state = "missing" if damage == "missing" else "damaged"
    with pytest.warns(UserWarning, match=rf"last\.ckpt: it is {state}, so the run resumes from the one before"):
        resumed = resume(interrupted)
    whole = train(TINY, tiny_corpus(), tmp_path / "whole", train_config=SHORT, **ON_CPU)
    assert_same_weights(resumed.model_dir, whole.model_dir)
    assert zipfile.ZipFile(last).testzip() is None


def test_without_a_whole_checkpoint_nothing_is_resumed(interrupted):
    for name in ("last", "previous"):
        cut(interrupted / "checkpoints" / f"{name}.ckpt")
    with pytest.raises(TrainingError, match=r"last\.ckpt and previous\.ckpt: damaged or cut off"):
        resume(interrupted)


@pytest.mark.parametrize("content", [{}, {"state_dict": {}}, [1, 2], {"state_dict": {"x": torch.ones(2)}}])
def test_a_checkpoint_of_something_else_is_refused_in_our_words(interrupted, content):
    torch.save(content, interrupted / "checkpoints" / "last.ckpt")  # noqa: TID251 # as Lightning writes it
    with pytest.raises(TrainingError, match=r"last\.ckpt: not a checkpoint that this run can be resumed from"):
        resume(interrupted)


class Harmful:
    def __reduce__(self):
        return (os.mkdir, ("harm",))


def test_a_checkpoint_runs_no_code(interrupted, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    torch.save({"state_dict": Harmful()}, interrupted / "checkpoints" / "last.ckpt")  # noqa: TID251 # as Lightning writes it
    with pytest.raises(TrainingError, match="not a checkpoint that this run can be resumed from"):
        resume(interrupted)
    assert not (tmp_path / "harm").exists()


@pytest.mark.parametrize("text", ["", '{"config": {', "[]", '{"config": 3, "train_config": {}}', '{"config": {}}'])
def test_a_damaged_run_json_is_reported_and_the_run_goes_on(interrupted, text):
    (interrupted / "run.json").write_text(text)
    with pytest.warns(UserWarning, match=r"run\.json: not readable"):
        assert resume(interrupted).global_step == SHORT.max_steps
    assert json.loads((interrupted / "run.json").read_text())["config"]["name"] == "tiny"


def test_a_file_in_the_way_is_reported(tmp_path):
    (tmp_path / "run").write_text("")
    with pytest.raises(FileError, match="run/checkpoints: the folder cannot be made \\(a file is in the way"):
        train(TINY, tiny_corpus(), tmp_path / "run", train_config=SHORT, **ON_CPU)


def test_a_wrong_setting_leaves_no_folder(tmp_path):
    with pytest.raises(TrainingError, match="accelerator is one of"):
        train(TINY, tiny_corpus(), tmp_path / "run", train_config=SHORT, **ON_CPU | {"accelerator": "nosuch"})
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("tiny", tiny_corpus()), "A model's configuration is a ModelConfig; got 'tiny'"),
        ((TINY, "corpus.npz"), r"A corpus is a Corpus; got 'corpus\.npz'\. Load it: lp\.Corpus\.load"),
    ],
)
def test_arguments_of_another_type_are_refused(tmp_path, arguments, message):
    with pytest.raises(TrainingError, match=message):
        train(*arguments, tmp_path / "run", **ON_CPU)
