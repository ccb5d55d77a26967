"""Small models, and small corpora that they read."""

from __future__ import annotations

import numpy as np

from latentpalette.data.corpus import Corpus
from latentpalette.models.config import ModelConfig
from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
from latentpalette.music.sequence import Note, NoteSequence

SMALL = {"z_size": 4, "enc_rnn_size": (8,), "dec_rnn_size": (8,)}
DRUMS = MAGENTA_CONFIGS["cat-drums_2bar_small"].replace(z_size=4, enc_rnn_size=(8,), dec_rnn_size=(8, 8))
MELODY = MAGENTA_CONFIGS["cat-mel_2bar_small"].replace(**SMALL)
MELODY_OVER_CHORDS = MAGENTA_CONFIGS["cat-mel_2bar_med_chords"].replace(**SMALL)
GROOVE = MAGENTA_CONFIGS["groovae_2bar_humanize"].replace(**SMALL)
GROOVE_GIVEN_HITS = MAGENTA_CONFIGS["groovae_2bar_hits_control_tfds"].replace(**SMALL)
TRIO = MAGENTA_CONFIGS["hierdec-trio_16bar"].replace(
    **SMALL, steps=32, decoder_levels=(2, 16), converter={"name": "trio", "steps": 32}
)
PERFORMANCE = MAGENTA_CONFIGS["hier-multiperf_vel_1bar_med"].replace(
    **SMALL, converter={"name": "performance", "merge_tracks": True}
)
PERFORMANCE_OVER_CHORDS = PERFORMANCE.replace(
    control_depth=49, converter={"name": "performance", "chords": True, "merge_tracks": True}
)
LATE, EARLY = 0.25, -0.125  # of a step


def random_loops(n: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 512, (n, 32)).astype(np.uint16)


def drum_corpus() -> Corpus:
    """Return a corpus of three songs of 20 windows: one to train on and two held out."""
    song_index = np.repeat(np.arange(3, dtype=np.int32), 20)
    split_index = np.array([0, 1, 1], np.uint8)[song_index]
    return Corpus(random_loops(60), song_index, split_index, ("a/1", "a/2", "b/3"), dict(DRUMS.converter))


def make_corpus(config: ModelConfig) -> Corpus:
    """Return a corpus of 16 songs of one window; every second song is held out."""
    songs = {f"song {n}": [make_window(config, n)] for n in range(16)}
    corpus = Corpus.from_sequences(songs, config.converter)
    split_index = np.array([0, 1] * 8, np.uint8)
    return Corpus(corpus.windows, corpus.song_index, split_index, corpus.songs, corpus.converter)


def make_window(config: ModelConfig, seed: int) -> NoteSequence:
    """Return a window for a melody, groove, trio or performance model."""
    if config.converter["name"] == "performance":
        return NoteSequence([*_melody(seed), *_melody(seed + 50, program=33), *_beat(seed)], 32).slice(0, 16)
    notes = {
        "melody": _melody(seed),
        "groove": _beat(seed),
        "trio": [*_melody(seed), *_melody(seed + 50, program=33), *_beat(seed)],
    }
    return NoteSequence(notes[str(config.converter["name"])], 32)


def _melody(seed: int, *, program: int = 0) -> list[Note]:
    rng = np.random.default_rng(seed)
    return [Note(int(rng.integers(40, 80)), step, 2, program=program) for step in range(0, 32, 4)]


def _beat(seed: int) -> list[Note]:
    """Kicks on the beat, loud and late; snares between, soft and early."""
    kicks = [Note(36, step, 1, 110, LATE, True) for step in range(0, 32, 8)]
    return kicks + [Note(38, step, 1, 50, EARLY, True) for step in range(4, 32, 8) if (seed >> (step // 8)) & 1]
