"""Music made in code becomes a corpus, and a run can be watched."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from latentpalette.data.handmade import corpus_of
from latentpalette.errors import TrainingError
from latentpalette.evaluation.predict import encoded
from latentpalette.models import store
from latentpalette.models.config import CONFIGS
from latentpalette.music.presets import presets
from latentpalette.music.sequence import NoteSequence
from latentpalette.training.config import Settings
from latentpalette.training.trainer import train
from latentpalette.training.watching import Watch

TINY = CONFIGS["cat-drums_2bar_small"].replace(
    name="tiny", z_size=2, enc_rnn_size=(8,), dec_rnn_size=(8,), sampling_schedule="constant", sampling_rate=0.0
)
HERE = {"precision": "32-true", "accelerator": "cpu", "devices": 1, "progress": False}


def music(songs: int = 20) -> dict[str, list[NoteSequence]]:
    loops = list(presets().values())
    return {f"song {n}": [loops[n % 10], loops[(n + 1) % 10]] for n in range(songs)}


def test_windows_keep_their_songs_and_songs_their_split():
    corpus = corpus_of(music(), TINY.converter, validation=0.3)
    assert corpus.song.tolist() == [song for song in range(20) for _ in range(2)]
    assert all(len(set(corpus.split[corpus.song == song])) == 1 for song in range(20))
    assert set(corpus.split) == {0, 1}
    back = store.load("drums-2bar").converter.from_masks(corpus.rows[1])
    assert back == presets()["Boom bap"]


def test_a_window_of_another_length_is_refused_by_its_song():
    with pytest.raises(TrainingError, match="odd one: a window of 16 steps; the converter reads 32"):
        corpus_of({"odd one": [NoteSequence(steps=16)]}, TINY.converter)
    with pytest.raises(TrainingError, match="no window in 1 songs"):
        corpus_of({"empty": []}, TINY.converter)


def test_a_run_is_watched_without_changing_it(tmp_path):
    corpus = corpus_of(music(), TINY.converter, validation=0.3)
    settings = Settings(steps=4, batch=4, validate_every=4, judged=4, warmup=1, average=0.0)
    watch = Watch(corpus.rows[:5], at=[0, 2, 4, 99])
    watched = train(TINY, corpus, tmp_path / "a", settings=settings, callbacks=[watch], **HERE)
    alone = train(TINY, corpus, tmp_path / "b", settings=settings, **HERE)
    assert sorted(watch.seen) == [0, 2, 4]
    assert not np.array_equal(watch.seen[0], watch.seen[4])
    model, other = store.load(watched.model), store.load(alone.model)
    assert all(torch.equal(value, other.state_dict()[name]) for name, value in model.state_dict().items())
    assert watch.seen[4] == pytest.approx(encoded(model.eval(), corpus.rows[:5])[0], abs=1e-6)
