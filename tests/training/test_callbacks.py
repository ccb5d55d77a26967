"""Callbacks: warnings about the KL, and z recorded during training."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from latentpalette.data.corpus import Corpus
from latentpalette.evaluation.predict import encode_windows
from latentpalette.models import store
from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
from latentpalette.music.presets import presets
from latentpalette.training.callbacks import KLMonitor, LatentRecorder
from latentpalette.training.config import TrainConfig
from latentpalette.training.trainer import train

TINY = MAGENTA_CONFIGS["cat-drums_2bar_small"].replace(
    name="tiny", z_size=2, enc_rnn_size=(8,), dec_rnn_size=(8,), sampling_schedule="constant", sampling_rate=0.0
)
ON_CPU = {"precision": "32-true", "accelerator": "cpu", "devices": 1, "progress": False}


class FakeTrainer:
    """The attributes of a Trainer that `KLMonitor` reads."""

    def __init__(self, step: int, bits: float) -> None:
        self.global_step = step
        self.callback_metrics = {"validation/kl_bits": bits}


@pytest.mark.parametrize(("bits", "word"), [(0.2, "collapsed"), (1e6, "exploded"), (float("nan"), "exploded")])
def test_a_kl_out_of_range_is_warned_about(bits, word):
    with pytest.warns(UserWarning, match=f"Step 700: the KL has {word}"):
        KLMonitor().on_validation_end(FakeTrainer(700, bits), None)


def test_a_low_kl_at_the_start_is_not_a_collapse(recwarn):
    KLMonitor().on_validation_end(FakeTrainer(10, 0.2), None)
    assert not recwarn.list


def test_recording_z_does_not_change_the_run(tmp_path):
    loops = list(presets().values())
    songs = {f"song {n}": [loops[n % 10], loops[(n + 1) % 10]] for n in range(20)}
    corpus = Corpus.from_sequences(songs, TINY.converter, validation=0.3)
    train_config = TrainConfig(max_steps=4, batch_size=4, val_every=4, max_val_windows=4, warmup_steps=1, ema_decay=0.0)
    recorder = LatentRecorder(corpus.windows[:5], at_steps=[0, 2, 4, 99])
    recorded = train(TINY, corpus, tmp_path / "a", train_config=train_config, callbacks=[recorder], **ON_CPU)
    alone = train(TINY, corpus, tmp_path / "b", train_config=train_config, **ON_CPU)
    assert sorted(recorder.snapshots) == [0, 2, 4]
    assert not np.array_equal(recorder.snapshots[0], recorder.snapshots[4])
    model, other = store.load(recorded.model_dir), store.load(alone.model_dir)
    assert all(torch.equal(value, other.state_dict()[name]) for name, value in model.state_dict().items())
    assert recorder.snapshots[4] == pytest.approx(encode_windows(model.eval(), corpus.windows[:5])[0], abs=1e-6)
