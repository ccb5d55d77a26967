"""Training learns, can be resumed, and saves the best model."""

from __future__ import annotations

import csv
import dataclasses
import json
import signal
from pathlib import Path

import numpy as np
import pytest
import torch
from lightning.pytorch import Callback

from latentpalette.data.augment.config import Augmentation
from latentpalette.data.corpus import Corpus
from latentpalette.errors import TrainingError
from latentpalette.evaluation.reconstruction import evaluate_reconstruction
from latentpalette.models import store
from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
from latentpalette.training.config import TrainConfig
from latentpalette.training.metrics_log import read_metrics
from latentpalette.training.trainer import train

TINY = MAGENTA_CONFIGS["cat-drums_2bar_small"].replace(
    name="tiny", z_size=8, enc_rnn_size=(32,), dec_rnn_size=(32, 32), free_bits=16.0, sampling_schedule="constant",
    sampling_rate=0.0,
)  # fmt: skip
SHORT = TrainConfig(max_steps=12, batch_size=8, val_every=4, max_val_windows=16, warmup_steps=2)
NO_CHANGE = dataclasses.replace(SHORT, max_steps=1, learning_rate=0.0, min_lr=0.0, ema_decay=0.0)
ON_CPU = {"precision": "32-true", "accelerator": "cpu", "devices": 1, "progress": False}


def tiny_corpus(n: int = 16) -> Corpus:
    """Loops of two one-bar grooves out of four: sixteen in all, of which three are for validation."""
    grooves = np.zeros((4, 16), np.uint16)
    for groove in range(4):
        grooves[groove, groove::4] = 2**groove  # each on a drum and a step of its own
        grooves[groove, 0] |= 1
    windows = np.concatenate([np.repeat(grooves, 4, 0), np.tile(grooves, (4, 1))], 1)[:n]
    split_index = np.isin(np.arange(n), [1, 6, 11]).astype(np.uint8)
    songs = tuple(f"{k}" for k in range(n))
    return Corpus(windows, np.arange(n, dtype=np.int32), split_index, songs, dict(TINY.converter))


class PowerCutError(Exception):
    pass


class PowerCut(Callback):
    """Aborts training after the given number of updates."""

    def __init__(self, step: int) -> None:
        self.step = step

    def on_train_batch_end(self, trainer, *_):
        if trainer.global_step == self.step:
            raise PowerCutError


class Interruption(Callback):
    """Interrupts training after the first update, as Ctrl-C does."""

    def on_train_batch_end(self, *_):
        raise KeyboardInterrupt


def load_weights(folder: Path) -> dict[str, torch.Tensor]:
    return store.load(folder).state_dict()


def assert_same_weights(folder: Path, other: Path) -> None:
    expected = load_weights(other)
    assert all(torch.equal(value, expected[name]) for name, value in load_weights(folder).items())


def test_an_interruption_reaches_the_user_as_one_and_later_ones_are_possible(tmp_path):
    handler = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt, match="resume it"):
        train(TINY, tiny_corpus(), tmp_path, train_config=SHORT, callbacks=[Interruption()], **ON_CPU)
    assert signal.getsignal(signal.SIGINT) is handler


def test_a_tiny_model_learns_a_tiny_corpus(tmp_path):
    train_config = TrainConfig(
        max_steps=220, batch_size=16, val_every=220, max_val_windows=64, lr_schedule="exponential", learning_rate=2e-2,
        lr_decay=1.0, ema_decay=0.9, word_dropout=0.2, augmentation=Augmentation.none(), mu_init_std=1.0,
        sigma_init=0.1,
    )  # fmt: skip
    config = TINY.replace(dec_rnn_size=(32,), free_bits=32.0, max_beta=0.05)
    result = train(config, tiny_corpus(), tmp_path, train_config=train_config, **ON_CPU)
    reconstruction = evaluate_reconstruction(store.load(result.model_dir), tiny_corpus().split("train"))
    # Always predicting "silence", the best guess without z, is right at 73 % of the steps.
    assert reconstruction.teacher_forced > 0.9
    assert reconstruction.free_running > 0.78
    assert reconstruction.active_units > 0


@pytest.mark.parametrize(
    ("stopped_at", "changes"),
    [(5, {}), (8, {}), (11, {}), (7, {"optimizer": "muon", "lr_schedule": "trapezoid"})],
)
def test_a_resumed_run_ends_with_the_weights_of_an_uninterrupted_one(tmp_path, stopped_at, changes):
    train_config = dataclasses.replace(SHORT, **changes)
    whole = train(TINY, tiny_corpus(), tmp_path / "whole", train_config=train_config, **ON_CPU)
    interrupted = tmp_path / "interrupted"
    callbacks = [PowerCut(stopped_at)]
    with pytest.raises(PowerCutError):
        train(TINY, tiny_corpus(), interrupted, train_config=train_config, callbacks=callbacks, **ON_CPU)
    resumed = train(TINY, tiny_corpus(), interrupted, train_config=train_config, resume=True, **ON_CPU)
    assert (resumed.global_step, resumed.best_step, resumed.accuracy) == (
        whole.global_step,
        whole.best_step,
        whole.accuracy,
    )
    assert_same_weights(resumed.model_dir, whole.model_dir)


class ExpectedEMA(Callback):
    """Computes the moving average of the weights by its definition, in double precision."""

    def on_train_start(self, _, module):
        self.expected = [weight.detach().double() for weight in module.model.parameters()]

    def on_train_batch_end(self, trainer, module, *_):
        decay = min(0.6, trainer.global_step / (10 + trainer.global_step))  # 0.6 is reached after 15 updates
        pairs = zip(self.expected, module.model.parameters(), strict=True)
        self.expected = [decay * mean + (1 - decay) * weight.detach().double() for mean, weight in pairs]

    def on_train_end(self, _, module):
        self.ema = [weight.detach().double() for weight in module.ema.parameters()]
        self.weights = [weight.detach().double() for weight in module.model.parameters()]


def test_the_validated_model_has_the_moving_average_of_the_weights(tmp_path):
    train_config, callback = dataclasses.replace(SHORT, max_steps=18, ema_decay=0.6), ExpectedEMA()
    train(TINY, tiny_corpus(), tmp_path, train_config=train_config, callbacks=[callback], **ON_CPU)
    for expected, ema, weight in zip(callback.expected, callback.ema, callback.weights, strict=True):
        assert torch.allclose(ema, expected, rtol=1e-4, atol=1e-6)
        assert not torch.allclose(ema, weight, rtol=1e-4, atol=1e-6)


def test_the_last_validation_is_at_the_end(tmp_path):
    train_config = dataclasses.replace(SHORT, max_steps=7)
    result = train(TINY, tiny_corpus(), tmp_path / "run", train_config=train_config, **ON_CPU)
    # Lightning counts the validations during training from 0, and the one at the end from 1.
    assert read_metrics(tmp_path / "run")["validation/score"].steps == (3, 7)
    assert result.best_step in (4, 7)
    resumed = train(TINY, tiny_corpus(), tmp_path / "run", train_config=train_config, resume=True, **ON_CPU)
    assert (resumed.best_step, resumed.accuracy) == (result.best_step, result.accuracy)


def test_a_run_of_a_version_with_fewer_fields_can_be_resumed(tmp_path):
    train(TINY, tiny_corpus(), tmp_path, train_config=SHORT, **ON_CPU)
    run = json.loads((tmp_path / "run.json").read_text())
    del run["config"]["expression_weight"], run["train_config"]["dip_weight"]
    (tmp_path / "run.json").write_text(json.dumps(run))
    resumed = train(TINY, tiny_corpus(), tmp_path, train_config=SHORT, resume=True, **ON_CPU)
    assert resumed.global_step == SHORT.max_steps


def test_the_seed_decides_the_weights(tmp_path):
    first, again, other = (
        load_weights(train(TINY, tiny_corpus(), tmp_path / name, train_config=train_config, **ON_CPU).model_dir)
        for name, train_config in (("a", SHORT), ("b", SHORT), ("c", dataclasses.replace(SHORT, seed=1)))
    )
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert not all(torch.equal(first[name], other[name]) for name in first)


def test_a_run_can_start_from_a_trained_model(tmp_path):
    first = train(TINY, tiny_corpus(), tmp_path / "first", train_config=SHORT, **ON_CPU)
    init_from = first.model_dir
    second = train(TINY, tiny_corpus(), tmp_path / "second", train_config=NO_CHANGE, init_from=init_from, **ON_CPU)
    assert_same_weights(second.model_dir, first.model_dir)


def test_a_run_can_start_from_a_model_for_shorter_sequences(tmp_path):
    corpus, converter = tiny_corpus(), {**TINY.converter, "steps": 64}
    first = train(TINY, corpus, tmp_path / "first", train_config=SHORT, **ON_CPU)
    longer = dataclasses.replace(corpus, windows=np.tile(corpus.windows, (1, 2)), converter=converter)
    config = TINY.replace(steps=64, converter=converter)
    second = train(config, longer, tmp_path / "second", train_config=NO_CHANGE, init_from=first.model_dir, **ON_CPU)
    assert store.load(second.model_dir).config.steps == 64
    assert_same_weights(second.model_dir, first.model_dir)


def test_a_run_can_start_from_a_model_with_other_settings_for_sampling(tmp_path):
    first_config = TINY.replace(gibbs_steps=4, max_attempts=16)
    first = train(first_config, tiny_corpus(), tmp_path / "first", train_config=SHORT, **ON_CPU)
    config, init_from = TINY.replace(gibbs_steps=3, free_bits=8.0), first.model_dir
    second = train(config, tiny_corpus(), tmp_path / "second", train_config=NO_CHANGE, init_from=init_from, **ON_CPU)
    assert store.load(second.model_dir).config.gibbs_steps == 3


def test_a_run_cannot_start_from_a_model_of_another_architecture(tmp_path):
    first = train(TINY, tiny_corpus(), tmp_path / "first", train_config=SHORT, **ON_CPU)
    config, init_from = TINY.replace(z_size=5), first.model_dir
    with pytest.raises(TrainingError, match="z_size"):
        train(config, tiny_corpus(), tmp_path / "second", train_config=SHORT, init_from=init_from, **ON_CPU)


def test_the_log_has_the_losses_of_training_and_the_scores_of_validation(tmp_path):
    train(TINY, tiny_corpus(), tmp_path, train_config=SHORT, **ON_CPU)
    (log,) = tmp_path.glob("logs/*/metrics.csv")
    lines = list(csv.DictReader(log.read_text().splitlines()))
    assert [line["step"] for line in lines if line["validation/free_running"]] == ["3", "7", "11"]
    assert all(float(line["losses/kl_bits"]) > 0 for line in lines if line["loss"])


def test_tensorboard_has_the_same_curves(tmp_path):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    train(TINY, tiny_corpus(), tmp_path, train_config=SHORT, **ON_CPU)
    (folder,) = tmp_path.glob("tensorboard/*")
    events = EventAccumulator(str(folder)).Reload()
    (log,) = tmp_path.glob("logs/*/metrics.csv")
    logged = [line["validation/free_running"] for line in csv.DictReader(log.read_text().splitlines())]
    curve = [event.value for event in events.Scalars("validation/free_running")]
    assert curve == pytest.approx([float(value) for value in logged if value])


def test_run_json_has_everything_that_determines_the_run(tmp_path):
    train(TINY, tiny_corpus(), tmp_path, train_config=SHORT, **ON_CPU)
    run = json.loads((tmp_path / "run.json").read_text())
    assert TrainConfig.from_dict(run["train_config"]) == SHORT
    assert run["config"] == TINY.to_dict()


def test_a_run_is_not_overwritten_by_another(tmp_path):
    train(TINY, tiny_corpus(), tmp_path, train_config=SHORT, **ON_CPU)
    with pytest.raises(TrainingError, match="there is a run already"):
        train(TINY, tiny_corpus(), tmp_path, train_config=SHORT, **ON_CPU)
    with pytest.raises(TrainingError, match="other train_config than before"):
        train(TINY, tiny_corpus(), tmp_path, train_config=TrainConfig(max_steps=99), resume=True, **ON_CPU)


def test_a_run_without_a_checkpoint_cannot_be_resumed(tmp_path):
    with pytest.raises(TrainingError, match="nothing to resume"):
        train(TINY, tiny_corpus(), tmp_path, train_config=SHORT, resume=True, **ON_CPU)


def test_a_corpus_of_another_representation_is_refused(tmp_path):
    with pytest.raises(TrainingError, match="the corpus was made for"):
        train(MAGENTA_CONFIGS["cat-mel_2bar_small"], tiny_corpus(), tmp_path, **ON_CPU)


def test_a_corpus_without_validation_songs_is_refused(tmp_path):
    with pytest.raises(TrainingError, match="for training and for validation; there are 1 and 0"):
        train(TINY, tiny_corpus(1), tmp_path, **ON_CPU)
