"""A setting that would do nothing is refused by name, with the one that it needs."""

from __future__ import annotations

import dataclasses
import json

import pytest

import latentpalette as lp
from latentpalette.data.augment.config import Augmentation
from latentpalette.data.build import build_corpus
from latentpalette.data.options import ExtractOptions
from latentpalette.errors import LatentPaletteError, ModelError, TrainingError
from latentpalette.models.config import ModelConfig
from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
from latentpalette.models.store import PRETRAINED
from latentpalette.training.config import TrainConfig, apply_overrides
from latentpalette.training.recipe import RECIPES_DIR, load_recipe
from latentpalette.training.trainer import train
from tests.cli.runner import run
from tests.training.test_trainer import SHORT, TINY, tiny_corpus

DRUMS = MAGENTA_CONFIGS["cat-drums_2bar_small"]
BEAT = lp.NoteSequence.from_steps({"kick": [0, 8]}, steps=16)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: TrainConfig(lr_decay=0.5), "lr_decay=0.5 has no effect.* needs lr_schedule='exponential'"),
        (lambda: TrainConfig(decay_fraction=0.5), "decay_fraction=0.5 .* needs lr_schedule='trapezoid'"),
        (lambda: TrainConfig(lr_schedule="exponential", warmup_steps=9), "warmup_steps=9 .*'cosine' or .*'trapezoid'"),
        (lambda: TrainConfig(muon_lr_scale=3.0), "muon_lr_scale=3.0 .* needs optimizer='muon'"),
        (lambda: Augmentation(p_each_beat=0.7), r"augmentation\.p_each_beat=0.7 .* needs p_mix_beats above 0"),
        (lambda: Augmentation(p_thin=0.0, note_dropout=0.5), "note_dropout=0.5 .* needs p_thin above 0"),
        (lambda: Augmentation(p_transpose=0.0, max_semitones=3), "max_semitones=3 .* needs p_transpose above 0"),
        (lambda: DRUMS.replace(nade_hidden=64), "nade_hidden=64 .* needs head='nade'"),
        (lambda: DRUMS.replace(expression_weight=20.0), "expression_weight=20.0 .* needs head='groove'"),
        (lambda: DRUMS.replace(deterministic=True, free_bits=9.0), "free_bits=9.0 .* needs deterministic=False"),
        (lambda: apply_overrides(DRUMS, TrainConfig(), ["lr_decay=0.5"]), "lr_decay=0.5 .* needs lr_schedule"),
        (lambda: lp.humanize(lp.load("groove-humanize"), BEAT, temperature=0.5), "temperature=0.5 .* keep_hits=False"),
        (lambda: ExtractOptions(melody_tracks="lead").check_used_by("drums"), "melody_tracks='lead' .* drums"),
        (lambda: ExtractOptions(melody_tracks="lead").check_used_by("trio"), "melody_tracks='lead' .* drum_corpus"),
        (lambda: ExtractOptions(bass_tracks="b").check_used_by("trio"), "bass_tracks='b' .* drum_corpus"),
        (lambda: ExtractOptions(drum_map="roland").check_used_by("melody"), "drum_map='roland' .* no drums"),
        (lambda: ExtractOptions(synthesize_trios=True).check_used_by("trio"), "synthesize_trios=True .* drum_corpus"),
        (lambda: build_corpus(".", DRUMS.converter, options=ExtractOptions(bass_tracks="b")), "bass_tracks='b'"),
        (lambda: build_corpus(".", DRUMS.converter, drum_corpus=tiny_corpus()), "drum loops has no effect on drums"),
    ],
)
def test_a_setting_without_effect_is_refused_with_what_it_needs(make, message):
    with pytest.raises(LatentPaletteError, match=message):
        make()


def test_a_setting_at_its_default_or_off_is_never_refused():
    TrainConfig(lr_decay=0.9999, decay_fraction=0.3)
    DRUMS.replace(nade_hidden=128, expression_weight=1.0)
    Augmentation.none().check_used_by("melody")
    ExtractOptions(melody_tracks="").check_used_by("drums")


def test_settings_given_together_are_checked_together():
    overrides = [
        "lr_decay=0.5",
        "lr_schedule=exponential",
        "augmentation.p_each_beat=0.7",
        "augmentation.p_mix_beats=1",
    ]
    _, train_config = apply_overrides(DRUMS, TrainConfig(), overrides)
    assert (train_config.lr_schedule, train_config.lr_decay) == ("exponential", 0.5)
    assert train_config.augmentation.p_each_beat == 0.7


def test_another_schedule_forgets_what_the_recipe_set_for_its_own():
    recipe = load_recipe("drums-2bar")
    overrides = ["lr_schedule=cosine", "optimizer=adam"]
    _, train_config = apply_overrides(recipe.config, recipe.train_config, overrides)
    assert (train_config.decay_fraction, train_config.muon_lr_scale) == (0.3, 10.0)
    assert train_config.batch_size == recipe.train_config.batch_size


def test_a_stored_model_with_an_idle_field_is_still_read():
    stored = DRUMS.to_dict() | {"nade_hidden": 64, "expression_weight": 3.0}
    assert ModelConfig.from_json(json.dumps(stored)) == DRUMS
    with pytest.raises(ModelError, match="nade_hidden"):
        ModelConfig.from_dict(stored)


def test_every_shipped_configuration_is_read_and_its_augmentation_is_used():
    for name in [*(path.stem for path in RECIPES_DIR.glob("*.json")), *MAGENTA_CONFIGS]:
        recipe = load_recipe(name)
        converter = recipe.config.converter
        kind = converter["name"] + " over chords" * bool(converter.get("chords"))
        recipe.train_config.augmentation.check_used_by(kind)
    for folder in PRETRAINED.iterdir():
        ModelConfig.from_dict(json.loads((folder / "config.json").read_text()))


def test_the_batch_size_of_a_recipe_is_that_of_training(tmp_path):
    path = tmp_path / "mine.json"
    path.write_text(json.dumps({"like": "cat-drums_2bar_small", "config": {"batch_size": 32}}))
    with pytest.raises(TrainingError, match=r"config\.batch_size=32 has no effect.* train_config\.batch_size"):
        load_recipe(path)


def test_training_refuses_what_has_no_effect_on_it(tmp_path):
    with pytest.raises(TrainingError, match=r"batch_size=33 has no effect.* train_config\.batch_size"):
        train(TINY.replace(batch_size=33), tiny_corpus(), tmp_path, train_config=SHORT)
    wrong = dataclasses.replace(SHORT, augmentation=Augmentation(p_invert=0.5))
    with pytest.raises(TrainingError, match=r"augmentation\.p_invert=0.5 has no effect on drums; these have"):
        train(TINY, tiny_corpus(), tmp_path, train_config=wrong)


@pytest.mark.parametrize(
    "option", [["--melody-tracks", "x"], ["--drum-map", "roland"], ["--workers", 2], ["--track", 1], ["--drums", "x"]]
)
def test_options_that_read_midi_need_midi(option, tmp_path):
    result = run("evaluate", "--model", "drums-2bar", "--corpus", tmp_path / "c.npz", *option)
    assert result.exit_code != 0
    assert f"{option[0]} has no effect" in " ".join(result.output.replace("│", "").split())


def test_a_temperature_needs_hits_that_are_replaced(tmp_path):
    path = BEAT.save(tmp_path / "beat.mid")
    result = run("humanize", path, "--temperature", 0.5)
    assert result.exit_code != 0
    assert "--replace-hits" in result.output
    assert [file.name for file in tmp_path.iterdir()] == ["beat.mid"]
