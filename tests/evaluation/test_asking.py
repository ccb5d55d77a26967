"""Whether a model does what it is asked for: chords that are followed, grooves that are transferred."""

from __future__ import annotations

import numpy as np
import pytest

from latentpalette.converters.melody import MelodyConverter
from latentpalette.data.corpus import Corpus
from latentpalette.evaluation import groove_transfer
from latentpalette.evaluation.chord_tones import chord_tone_share, evaluate_chord_tones
from latentpalette.evaluation.groove_transfer import evaluate_transfer
from latentpalette.models.musicvae import MusicVAE
from latentpalette.music.chords import triad_class
from latentpalette.music.sequence import Note, NoteSequence
from tests.evaluation.tiny_corpora import (
    GROOVE,
    GROOVE_GIVEN_HITS,
    MELODY,
    MELODY_OVER_CHORDS,
    PERFORMANCE,
    PERFORMANCE_OVER_CHORDS,
    make_corpus,
)


def share(notes: list[Note], *chords: str) -> float:
    tokens = MelodyConverter(steps=16).tokens(NoteSequence(notes, steps=16))
    triads = np.repeat([triad_class(chord) for chord in chords], 16 // len(chords))
    return chord_tone_share(tokens[None], triads[None])


@pytest.mark.parametrize(
    ("chords", "expected"),
    [(["C"], 0.5), (["Cm"], 0.25), (["C", "Dm"], 1.0), (["F+"], 0.5), (["N.C."], 0.0), (["Cdim", "N.C."], 0.5)],
)
def test_time_counts_where_a_note_of_the_chord_sounds(chords, expected):
    assert share([Note(60, 0, 4), Note(64, 4, 4), Note(65, 8, 4), Note(69, 12, 4)], *chords) == expected


def test_silence_does_not_count():
    assert share([Note(60, 4, 2)], "C") == 1.0


def test_songs_over_their_own_chords_are_measured_with_the_samples():
    corpus = make_corpus(MELODY_OVER_CHORDS)
    model = MusicVAE(MELODY_OVER_CHORDS)
    tones = evaluate_chord_tones(model, corpus.windows, n=12)
    assert tones is not None
    assert tones == evaluate_chord_tones(model, corpus.windows, n=12)
    assert 0 < tones.songs < 1
    assert evaluate_chord_tones(MusicVAE(MELODY), make_corpus(MELODY).windows) is None


def test_bars_of_a_band_are_measured_over_one_chord_each():
    pitches = [60, 64, 67, 72] * 2
    arpeggio = [Note(pitch, 2 * n, 2, program=program) for program in (0, 40) for n, pitch in enumerate(pitches)]
    bar = NoteSequence([*arpeggio, Note(62, 3, program=40)], steps=16)
    corpus = Corpus.from_sequences({"song": [bar]}, PERFORMANCE_OVER_CHORDS.converter)
    model = MusicVAE(PERFORMANCE_OVER_CHORDS)
    tones = evaluate_chord_tones(model, corpus.windows, n=4)
    assert tones is not None
    assert tones.songs == pytest.approx(16 / 17)
    assert evaluate_chord_tones(model, make_corpus(PERFORMANCE).windows, n=4) is None


def test_hits_are_all_kept_when_a_groove_is_transferred():
    model, corpus = MusicVAE(GROOVE_GIVEN_HITS), make_corpus(GROOVE_GIVEN_HITS)
    transfer = evaluate_transfer(model, corpus.windows, n=8)
    assert transfer is not None
    assert transfer.kept_hits == 1.0
    assert evaluate_transfer(MusicVAE(GROOVE), make_corpus(GROOVE).windows) is None


def test_a_copy_of_a_performance_correlates_with_it_and_one_without_dynamics_with_nothing():
    rng = np.random.default_rng(0)
    frames = np.concatenate([np.ones((2, 32, 9)), rng.random((2, 32, 9)), rng.random((2, 32, 9))], -1)
    flat = frames.copy()
    flat[..., 9:] = 0.5
    assert groove_transfer._correlations(frames, frames) == pytest.approx((1.0, 1.0))
    assert groove_transfer._correlations(flat, frames) == (0.0, 0.0)
