"""The three commands, one after the other, on songs of our own making."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from latentpalette.cli import app
from latentpalette.data.augment.drums import Recombination
from latentpalette.errors import TrainingError
from latentpalette.models.config import CONFIGS
from latentpalette.music import midi
from latentpalette.music.sequence import NoteSequence
from latentpalette.training.config import Settings
from latentpalette.training.recipe import recipe


def run(*arguments: object) -> str:
    result = CliRunner().invoke(app, [str(each) for each in arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return " ".join(result.output.split())


@pytest.fixture
def music(tmp_path: Path) -> Path:
    dice = np.random.default_rng(0)
    for number in range(10):
        hits = {drum: np.flatnonzero(dice.random(96) < 0.3).tolist() for drum in ("kick", "snare", "closed hat")}
        midi.write(NoteSequence.from_steps(hits, steps=96), tmp_path / f"{number}.mid")
    splits = [f"{number}.mid,{'train' if number < 8 else 'validation'}" for number in range(10)]
    (tmp_path / "info.csv").write_text("\n".join(["midi_filename,split", *splits]))
    return tmp_path


def test_corpus_train_resume_and_evaluate_follow_on_one_another(music, tmp_path):
    corpus, out, found = tmp_path / "c.npz", tmp_path / "run", tmp_path / "found.json"
    assert "10 songs" in run("corpus", music, "--out", corpus, "--workers", 0)
    sizes = ["--set", "z_size=4", "--set", "enc_rnn_size=[8]", "--set", "dec_rnn_size=[8,8]"]
    short = ["--set", "steps=4", "--set", "batch=8", "--set", "validate_every=2"]
    train = ["train", "--corpus", corpus, "--out", out, *sizes, *short, "--accelerator", "cpu", "--devices", 1]
    assert "step accuracy" in run(*train)
    assert "step accuracy" in run(*train, "--resume")
    few = ["--samples", 8, "--pairs", 4, "--plane", 4]
    said = run("evaluate", "--model", out / "model", "--corpus", corpus, *few, "--json", found)
    assert "10 windows" in said
    assert json.loads(found.read_text())["reconstruction"]["windows"] == 10
    # The same songs read from their files, taught by the same corpus: the same judgement.
    before = json.loads(found.read_text())
    judge = ["evaluate", "--model", out / "model", "--midi", music, "--workers", 0, *few, "--json", found]
    run(*judge, "--corpus", corpus, "--plots", tmp_path / "plots")
    drawn = {path.stem for path in (tmp_path / "plots").glob("*.png")}
    assert drawn == {"reconstruction", "attributes", "interpolation", "holes"}
    assert json.loads(found.read_text()) == before
    run(*judge)
    assert json.loads(found.read_text()) == before  # info.csv says which songs teach


def test_evaluate_asks_for_songs_to_judge_by():
    result = CliRunner().invoke(app, ["evaluate", "--model", "drums-2bar"])
    assert result.exit_code == 2
    assert "--midi" in result.output


def test_a_run_is_a_recipe_for_the_same_run(tmp_path):
    shipped = recipe("drums-2bar")
    written = {"config": shipped.config.to_dict(), "settings": shipped.settings.to_dict(), "corpus": "any"}
    (tmp_path / "run.json").write_text(json.dumps(written))
    assert recipe(tmp_path / "run.json") == shipped


def test_magentas_configurations_are_trained_as_magenta_does():
    found = recipe("cat-drums_2bar_small")
    assert found.config == CONFIGS["cat-drums_2bar_small"]
    assert found.settings.recombination == Recombination.none()
    assert found.settings.learning_rate_at(6931) == pytest.approx(0.505e-3, rel=1e-3)
    assert (found.settings.batch, found.settings.average) == (512, 0.0)


def test_a_recipe_may_say_only_what_differs(tmp_path):
    (tmp_path / "mine.json").write_text('{"like": "cat-drums_2bar_small", "config": {"z_size": 8}}')
    found = recipe(tmp_path / "mine.json")
    assert (found.config.z_size, found.config.steps, found.settings) == (8, 32, Settings())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[]", "no recipe"),
        ("{", "no recipe"),
        ('{"like": "cat"}', "like 'cat'"),
        ('{"like": "cat-drums_2bar_small", "config": {"zsize": 8}}', "Did you mean 'z_size'"),
        ('{"like": "cat-drums_2bar_small", "settings": {"batsh": 8}}', "Did you mean 'batch'"),
        ('{"config": {"name": "bare"}}', "lacks steps"),
    ],
)
def test_a_file_that_is_no_recipe_is_refused_with_the_reason(tmp_path, text, message):
    (tmp_path / "bad.json").write_text(text)
    with pytest.raises(TrainingError, match=message):
        recipe(tmp_path / "bad.json")


def test_a_misspelt_recipe_is_answered_with_the_nearest():
    with pytest.raises(TrainingError, match="Did you mean 'drums-2bar'"):
        recipe("drums-2-bar")
