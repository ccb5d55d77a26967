"""The labels of a bar of several tracks: the notes that its tokens play, and what is measured of them.

Labels are tokens [n, 512], eight tracks of 64, each filled with end tokens where it has ended.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from latentpalette.converters.streams import Labels, Mask, Stream, Values
from latentpalette.music.performance_tokens import (
    DRUM_KIT,
    END_TOKEN,
    FINE_STEPS_PER_BAR,
    FIRST_PROGRAM,
    MAX_TRACKS,
    TRACK_LENGTH,
)
from latentpalette.music.sequence import STEPS_PER_BAR

_PITCHES = 128
_FIRST_SHIFT = 2 * _PITCHES - 1  # a shift of one step is the next token
_DRUMS = DRUM_KIT - FIRST_PROGRAM  # the number of the drums among the programs


class PlayedNotes(NamedTuple):
    """The notes of windows, as ints [notes] each.

    Parameters
    ----------
    window, track : ndarray
    program : ndarray
        128 is the drums.
    onset : ndarray [24ths of a quarter note]
    pitch : ndarray
    """

    window: NDArray[np.int64]
    track: NDArray[np.int64]
    program: NDArray[np.int64]
    onset: NDArray[np.int64]
    pitch: NDArray[np.int64]

    @property
    def is_drum(self) -> Mask:
        """Hits of the drums."""
        return np.asarray(self.program == _DRUMS)


def played_notes(labels: Labels) -> PlayedNotes:
    """Return the notes of labels [n, 512], as `latentpalette.music.performance_tokens.decode_track` reads them.

    Examples
    --------
    >>> labels = np.full((1, 512), END_TOKEN)
    >>> labels[0, :4] = [FIRST_PROGRAM + 33, 40, _FIRST_SHIFT + 6, 45]
    >>> played_notes(labels).onset.tolist(), played_notes(labels).pitch.tolist()
    ([0, 6], [40, 45])
    """
    tracks = labels.reshape(-1, MAX_TRACKS, TRACK_LENGTH)
    is_shift = (tracks > _FIRST_SHIFT) & (tracks <= _FIRST_SHIFT + FINE_STEPS_PER_BAR)
    now = np.where(is_shift, tracks - _FIRST_SHIFT, 0).cumsum(-1)
    is_program = (tracks >= FIRST_PROGRAM) & (tracks <= DRUM_KIT)
    first = np.take_along_axis(tracks, is_program.argmax(-1)[..., None], -1)[..., 0]
    program = np.where(is_program.any(-1), first - FIRST_PROGRAM, 0)  # [n, 8]
    has_ended = (tracks == END_TOKEN).cumsum(-1) > 0
    window, track, event = np.nonzero((tracks < _PITCHES) & (now < FINE_STEPS_PER_BAR) & ~has_ended)
    return PlayedNotes(window, track, program[window, track], now[window, track, event], tracks[window, track, event])


def onset_roll(labels: Labels, *, any_key: bool = False) -> NDArray[np.int8]:
    """Return which notes begin at each sixteenth [n, 16, 256]: the pitches of instruments, then those of the drums.

    With `any_key`, instruments are transposed so that their lowest note is pitch 0.

    Examples
    --------
    >>> labels = np.full((1, 512), END_TOKEN)
    >>> labels[0, :4] = [FIRST_PROGRAM + 33, 40, _FIRST_SHIFT + 6, 45]
    >>> [axis.tolist() for axis in np.nonzero(onset_roll(labels, any_key=True)[0])]
    [[0, 1], [0, 5]]
    """
    notes = played_notes(labels)
    pitch = notes.pitch
    if any_key:
        lowest = np.full(len(labels), _PITCHES)
        np.minimum.at(lowest, notes.window[~notes.is_drum], pitch[~notes.is_drum])
        pitch = np.where(notes.is_drum, pitch, pitch - lowest[notes.window])
    roll = np.zeros((len(labels), STEPS_PER_BAR, 2 * _PITCHES), np.int8)
    fine_steps = FINE_STEPS_PER_BAR // STEPS_PER_BAR
    step = np.minimum((notes.onset + fine_steps // 2) // fine_steps, STEPS_PER_BAR - 1)
    roll[notes.window, step, pitch + _PITCHES * notes.is_drum] = 1
    return roll


@dataclass(frozen=True)
class PerformanceStream(Stream):
    """A bar of several tracks, one token after the other.

    Examples
    --------
    >>> stream = PerformanceStream("tracks", 490)
    >>> labels = np.full((1, 512), END_TOKEN)
    >>> labels[0, :4] = [FIRST_PROGRAM + 33, 40, _FIRST_SHIFT + 6, 45]
    >>> stream.hit_counts(labels, labels), stream.counted(labels).sum().item()
    ((2, 2, 2), 5)
    """

    def counted(self, labels: Labels) -> Mask:
        """Return the tokens of tracks [n, 512], their ends included; not the slots without a track."""
        tracks = labels.reshape(-1, MAX_TRACKS, TRACK_LENGTH)
        is_end = tracks == END_TOKEN
        in_use = (is_end.cumsum(-1) - is_end) == 0
        return np.asarray(in_use & ~is_end[..., :1]).reshape(labels.shape)

    def onsets(self, labels: Labels) -> Mask:
        """Return the tokens [n, 512] at which a note begins."""
        return labels < _PITCHES

    def hit_counts(self, prediction: Labels, target: Labels) -> tuple[int, int, int]:
        """Count the notes of the same program, onset and pitch in both, in the prediction, and in the target."""
        (predicted, predicted_count), (actual, actual_count) = (
            np.unique(_note_keys(played_notes(labels)), return_counts=True) for labels in (prediction, target)
        )
        _, here, there = np.intersect1d(predicted, actual, assume_unique=True, return_indices=True)
        common = np.minimum(predicted_count[here], actual_count[there]).sum()
        return int(common), int(predicted_count.sum()), int(actual_count.sum())

    def has_static_bar(self, labels: Labels) -> Mask:
        """Return the windows [n] in which all notes begin at once."""
        notes = played_notes(labels)
        first, last = np.full(len(labels), FINE_STEPS_PER_BAR), np.zeros(len(labels), int)
        np.minimum.at(first, notes.window, notes.onset)
        np.maximum.at(last, notes.window, notes.onset)
        return np.asarray(first == last)

    def features(self, labels: Labels) -> dict[str, Values]:
        """Measure bars: tracks, notes, pitches, and how far they share a scale."""
        n = len(labels)
        notes = played_notes(labels)
        pitched = ~notes.is_drum
        tracks = np.zeros((n, MAX_TRACKS), bool)
        tracks[notes.window, notes.track] = True
        onsets = np.zeros((n, FINE_STEPS_PER_BAR), bool)
        onsets[notes.window, notes.onset] = True
        counts = np.bincount(notes.window, minlength=n)
        classes = np.zeros((n, 12))
        np.add.at(classes, (notes.window[pitched], notes.pitch[pitched] % 12), 1)
        in_scale = np.stack([classes[:, (_MAJOR + tonic) % 12].sum(1) for tonic in range(12)], 1).max(1)
        num_pitched = classes.sum(1)
        pitch_sum = np.bincount(notes.window[pitched], notes.pitch[pitched], minlength=n)
        fine_steps = FINE_STEPS_PER_BAR // STEPS_PER_BAR
        between = np.bincount(notes.window, notes.onset % fine_steps != 0, minlength=n)
        return {
            "tracks": tracks.sum(1).astype(float),
            "notes": counts.astype(float),
            "drum hits": (counts - num_pitched).astype(float),
            "different onsets": onsets.sum(1).astype(float),
            "notes between sixteenths": between / np.maximum(counts, 1),
            "mean pitch": pitch_sum / np.maximum(num_pitched, 1),
            "different pitch classes": (classes > 0).sum(1).astype(float),
            "share in one scale": in_scale / np.maximum(num_pitched, 1),
        }


_MAJOR = np.array([0, 2, 4, 5, 7, 9, 11])


def _note_keys(notes: PlayedNotes) -> NDArray[np.int64]:
    """Return one number for each note: of its window, program, onset and pitch."""
    place = (notes.window * (_DRUMS + 1) + notes.program) * FINE_STEPS_PER_BAR + notes.onset
    return place * _PITCHES + notes.pitch
