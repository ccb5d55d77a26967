"""The commands corpus, train, evaluate and fit-prior, one after the other, on generated songs."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from latentpalette.data.corpus import Corpus
from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
from latentpalette.models.store import load, save
from latentpalette.music import midi
from latentpalette.music.sequence import NoteSequence
from tests.cli.runner import failure, run_ok
from tests.models.tiny_models import SIZES, model_of


@pytest.fixture
def music(tmp_path: Path) -> Path:
    rng = np.random.default_rng(0)
    for number in range(10):
        hits = {drum: np.flatnonzero(rng.random(96) < 0.3).tolist() for drum in ("kick", "snare", "closed hat")}
        midi.write(NoteSequence.from_steps(hits, steps=96), tmp_path / f"{number}.mid")
    splits = [f"{number}.mid,{'train' if number < 8 else 'validation'}" for number in range(10)]
    (tmp_path / "info.csv").write_text("\n".join(["midi_filename,split", *splits]))
    return tmp_path


def test_corpus_train_resume_and_evaluate_follow_on_one_another(music, tmp_path):
    corpus, out, results = tmp_path / "c.npz", tmp_path / "run", tmp_path / "results.json"
    assert "10 songs" in run_ok("corpus", music, "--out", corpus, "--workers", 0)
    sizes = ["--set", "z_size=4", "--set", "enc_rnn_size=[8]", "--set", "dec_rnn_size=[8,8]"]
    short = ["--set", "max_steps=4", "--set", "batch_size=8", "--set", "val_every=2"]
    train = ["train", "--corpus", corpus, "--out", out, *sizes, *short, "--accelerator", "cpu", "--devices", 1]
    assert "step accuracy" in run_ok(*train)
    assert "step accuracy" in run_ok(*train, "--resume")
    few = ["--samples", 8, "--interpolation-pairs", 4, "--hole-grid", 4]
    output = run_ok("evaluate", "--model", out / "model", "--corpus", corpus, *few, "--json", results)
    assert "10 windows" in output
    from_corpus = json.loads(results.read_text())
    assert from_corpus["reconstruction"]["num_windows"] == 10
    # The same songs read from their files, with the training songs of the same corpus: the same results.
    evaluate = ["evaluate", "--model", out / "model", "--midi", music, "--workers", 0, *few, "--json", results]
    run_ok(*evaluate, "--corpus", corpus, "--plots", tmp_path / "plots")
    plots = {path.stem for path in (tmp_path / "plots").glob("*.png")}
    assert plots == {"reconstruction", "features", "interpolation", "holes"}
    assert json.loads(results.read_text()) == from_corpus
    run_ok(*evaluate)
    assert json.loads(results.read_text()) == from_corpus  # info.csv names the training songs


def test_fit_prior_learns_conditions_that_sample_then_takes(tmp_path):
    rng = np.random.default_rng(0)
    windows = rng.integers(1, 8, size=(120, 32)).astype(np.uint16)
    windows[rng.random(windows.shape) < rng.uniform(0.2, 0.8, size=(120, 1))] = 0
    corpus = Corpus(windows, np.arange(120, dtype=np.int32), np.zeros(120, np.uint8), tuple(map(str, range(120))))
    corpus.save(tmp_path / "c.npz")
    model = save(model_of(MAGENTA_CONFIGS["cat-drums_2bar_small"].replace(**SIZES)), tmp_path / "model")
    fit = ["fit-prior", "--model", model, "--corpus", tmp_path / "c.npz", "--max-steps", 5, "--width", 8, "--blocks", 1]
    output = run_ok(*fit)
    assert "density: " in output
    assert "prior.safetensors" in output
    assert list(load(model).conditions) == ["density", "syncopation", "variation"]
    sample = ["sample", "-m", model, "-n", 2, "--seed", 1, "--name", "x", "--out", tmp_path]
    run_ok(*sample, "--density", 0.5, "--guidance", 2)
    expected = load(model).sample(2, temperature=0.5, seed=1, density=0.5, guidance=2.0)
    assert [NoteSequence.from_midi(tmp_path / f"x-{n}-of-2.mid") for n in (1, 2)] == expected
    assert "It takes density (" in str(failure(*sample, "--style", "funk"))
    assert "density is a number from" in str(failure(*sample, "--density", 7))
    assert "guidance=2.0 does nothing without a condition" in str(failure(*sample, "--guidance", 2))
    (model / "prior.safetensors").write_bytes(b"damaged")
    assert "prior.safetensors" in str(failure(*sample))
    run_ok(*fit, "--no-conditional", "--weaker-steps", 2, "--weaker-width", 6, "--autoguidance", 1.5)
    assert load(model).prior.weaker.input.out_features == 6
    assert load(model).prior.autoguidance == 1.5
    assert "takes no conditions" in str(failure(*sample, "--density", 0.5))
