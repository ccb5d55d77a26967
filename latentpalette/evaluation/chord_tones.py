"""Chord tones: how far melodies, and bars of a band, are in the chords that they were asked for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from latentpalette.converters.melody import FIRST_NOTE_ON, NO_EVENT
from latentpalette.converters.performance_stream import played_notes
from latentpalette.data.packing import unpack_performances
from latentpalette.evaluation.predict import iter_batches
from latentpalette.models.musicvae import MusicVAE
from latentpalette.models.tokens import concat_tokens, tokens_to_labels
from latentpalette.music.chords import NUM_TRIADS
from latentpalette.music.melody import MIN_PITCH
from latentpalette.music.performance_tokens import MAX_TRACKS, TRACK_LENGTH

_TONES = ((0, 4, 7), (0, 3, 7), (0, 4, 8), (0, 3, 6))  # of major, minor, augmented and diminished triads
_SEMITONES = 12


@dataclass(frozen=True)
class ChordTones:
    """Shares of the time in which the note that sounds belongs to the chord that was asked for; of a band: of notes.

    Parameters
    ----------
    asked : float [0 to 1]
        Of samples.
    others : float [0 to 1]
        Of the same z, decoded over the chords of another song: what is in a chord by chance.
    songs : float [0 to 1]
        Of the songs that the chords are from.
    """

    asked: float
    others: float
    songs: float


def evaluate_chord_tones(model: MusicVAE, windows: NDArray, *, n: int = 1000, seed: int = 0) -> ChordTones | None:
    """Measure how far samples follow the chords of held-out songs; None for a model that takes none.

    Bars of a band are asked for over one chord each, that of a held-out bar of one chord.

    Parameters
    ----------
    model : MusicVAE
    windows : ndarray of uint8 [shape=(m, steps, 2)], of a band of uint16 [shape=(m, 512)]
        Packed, as a corpus has them.
    n : int
        Samples; they are decoded arg-max.
    seed : int
    """
    if model.config.control_depth != NUM_TRIADS:
        return None
    if model.config.converter.get("name") == "performance":
        return _evaluate_bands(model, windows, n, seed)
    chosen = windows[np.random.default_rng(seed).integers(len(windows), size=n)]
    batches = iter_batches(model.config, chosen, device=model.device)
    asked = torch.cat([batch.controls for batch in batches if batch.controls is not None])
    z = model.sample_z(n, seed=seed, controls=asked.cpu().numpy())

    def share(controls: Tensor) -> float:
        tokens = concat_tokens(model.decode_tokens(z, controls=controls.cpu().numpy())).cpu().numpy()
        return chord_tone_share(tokens[..., 0], chosen[..., 1])

    return ChordTones(share(asked), share(asked.roll(1, 0)), chord_tone_share(chosen[..., 0], chosen[..., 1]))


def _evaluate_bands(model: MusicVAE, windows: NDArray, n: int, seed: int) -> ChordTones | None:
    """Measure bars of a band, each over one chord."""
    tokens, triads = unpack_performances(windows)
    chord = triads.max(1)
    has_one = (chord > 0) & ((triads == 0) | (triads == chord[:, None])).all(1)
    if not has_one.any():
        return None
    chosen = np.flatnonzero(has_one)[np.random.default_rng(seed).integers(has_one.sum(), size=n)]
    asked = chord[chosen]
    z = model.sample_z(n, seed=seed, controls=_over_one_chord(asked))

    def share(chords: NDArray) -> float:
        decoded = concat_tokens(model.decode_tokens(z, controls=_over_one_chord(chords))).cpu().numpy()
        return band_tone_share(tokens_to_labels(model.config, decoded)[..., 0], asked)

    return ChordTones(share(asked), share(np.roll(asked, 1)), band_tone_share(tokens[chosen], asked))


def _over_one_chord(triads: NDArray) -> NDArray[np.float32]:
    """Return controls [n, 512, 49] of one triad each [n]: none at the program of a track, as the converter has it."""
    controls = np.repeat(np.eye(NUM_TRIADS, dtype=np.float32)[triads][:, None], MAX_TRACKS * TRACK_LENGTH, 1)
    controls[:, ::TRACK_LENGTH] = np.eye(NUM_TRIADS)[0]
    return controls


def band_tone_share(labels: NDArray, triads: NDArray) -> float:
    """Return the share of the notes of bars that belong to the triad of their bar; drums do not count.

    Parameters
    ----------
    labels : ndarray of int [shape=(n, 512)]
        See `latentpalette.converters.performance_stream`.
    triads : ndarray of int [shape=(n,)]

    Examples
    --------
    >>> labels = np.full((1, 512), 489)  # the end of a track
    >>> labels[0, :4] = [360, 60, 64, 69]  # a piano: C, E, A
    >>> round(band_tone_share(labels, np.array([1])), 2), band_tone_share(labels, np.array([22]))  # C major, A minor
    (0.67, 1.0)
    """
    notes = played_notes(np.asarray(labels, np.int64))
    counts = ~notes.is_drum & (triads[notes.window] > 0)
    is_tone = _triad_tones()[triads[notes.window], notes.pitch % _SEMITONES][counts]
    return float(is_tone.mean()) if counts.any() else 0.0


def chord_tone_share(tokens: NDArray, triads: NDArray) -> float:
    """Return the share of the time in which the note that sounds belongs to the triad of its step.

    Silence and steps without a chord do not count; it is 0 where there is nothing else.

    Parameters
    ----------
    tokens : ndarray of int [shape=(n, t)]
        See `latentpalette.converters.melody`.
    triads : ndarray of int [shape=(n, t)]
        See `latentpalette.music.chords.triad_class`.

    Examples
    --------
    >>> from latentpalette.converters.melody import MelodyConverter
    >>> from latentpalette.music.sequence import Note, NoteSequence
    >>> melody = MelodyConverter(steps=16).tokens(NoteSequence([Note(60, 0, 6), Note(62, 6, 2)], steps=16))
    >>> chord_tone_share(melody[None], np.ones((1, 16), int))
    0.75
    """
    tokens, triads = np.asarray(tokens, np.int64), np.asarray(triads, np.int64)
    steps = np.arange(tokens.shape[1])
    last_event = np.maximum.accumulate(np.where(tokens == NO_EVENT, 0, steps), axis=1)
    token = np.take_along_axis(tokens, last_event, axis=1)
    counts = (token >= FIRST_NOTE_ON) & (triads > 0)
    pitch_class = (token - FIRST_NOTE_ON + MIN_PITCH) % _SEMITONES
    return float(_triad_tones()[triads, pitch_class][counts].mean()) if counts.any() else 0.0


def _triad_tones() -> NDArray[np.bool_]:
    """Return which pitch classes belong to each triad [49, 12]; none to no chord."""
    tones = np.zeros((NUM_TRIADS, _SEMITONES), bool)
    for kind, intervals in enumerate(_TONES):
        for root in range(_SEMITONES):
            tones[1 + kind * _SEMITONES + root, [(root + interval) % _SEMITONES for interval in intervals]] = True
    return tones
