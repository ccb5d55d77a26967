"""Features of bars of several tracks for a classifier: who plays, when, which pitches, and how they go together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from latentpalette.converters.performance_stream import onset_roll, played_notes
from latentpalette.converters.streams import Labels
from latentpalette.music.performance_tokens import FINE_STEPS_PER_BAR, VELOCITY_BINS

_FAMILIES = 17  # those of General MIDI, and the drums
_FIRST_VELOCITY = 2 * 128 + FINE_STEPS_PER_BAR
MAX_INTERVAL = 13  # semitones; larger ones count as this


def performance_groups(labels: Labels) -> dict[str, NDArray]:
    """Return features of bars [n, 512] in groups of one kind: name to ndarray [n, features].

    Examples
    --------
    >>> {name: values.shape[1] for name, values in performance_groups(np.full((2, 512), 489)).items()}
    {'notes of families': 17, 'tracks of families': 17, 'onsets': 32, 'timing': 6, 'registers': 11, 'scale': 12, \
'together': 26, 'intervals': 27, 'drum sounds': 47, 'lengths': 97, 'velocities': 8}
    """
    n = len(labels)
    notes = played_notes(labels)
    pitched, roll = ~notes.is_drum, onset_roll(labels)
    family = notes.program // 8
    tracks = np.zeros((n, 8, _FAMILIES), bool)
    tracks[notes.window, notes.track, family] = True
    chord = roll[..., :128].astype(int)  # [n, 16, 128]
    together = [(chord[..., interval:] * chord[..., : 128 - interval]).sum((1, 2)) for interval in range(1, 25)]
    sounds = chord.sum(2)
    same = (notes.window[1:] == notes.window[:-1]) & (notes.track[1:] == notes.track[:-1]) & pitched[1:]
    interval = np.diff(notes.pitch).clip(-MAX_INTERVAL, MAX_INTERVAL) + MAX_INTERVAL
    classes = _count(n, notes.window[pitched], notes.pitch[pitched] % 12, 12)
    lowest = chord.any(1).argmax(1) % 12  # of the bass
    is_shift = (labels >= 256) & (labels < _FIRST_VELOCITY)
    is_velocity = (labels >= _FIRST_VELOCITY) & (labels < _FIRST_VELOCITY + VELOCITY_BINS)
    drum_pitch = notes.pitch[notes.is_drum].clip(35, 81) - 35
    return {
        "notes of families": _count(n, notes.window, family, _FAMILIES),
        "tracks of families": tracks.sum(1),
        "onsets": np.concatenate([roll[..., :128].sum(2), roll[..., 128:].sum(2)], 1),
        "timing": _count(n, notes.window, notes.onset % 6, 6),
        "registers": _count(n, notes.window[pitched], notes.pitch[pitched] // 12, 11),
        "scale": np.take_along_axis(classes, (lowest[:, None] + np.arange(12)) % 12, 1),
        "together": np.stack([*together, sounds.max(1), (sounds > 0).sum(1)], 1),
        "intervals": _count(n, notes.window[1:][same], interval[same], 2 * MAX_INTERVAL + 1),
        "drum sounds": _count(n, notes.window[notes.is_drum], drum_pitch, 47),
        "lengths": _count(n, np.nonzero(is_shift)[0], labels[is_shift] - 255, FINE_STEPS_PER_BAR + 1),
        "velocities": _count(n, np.nonzero(is_velocity)[0], labels[is_velocity] - _FIRST_VELOCITY, VELOCITY_BINS),
    }


def _count(n: int, window: NDArray, value: NDArray, bins: int) -> NDArray[np.float64]:
    """Count the values of each window [n, bins]."""
    counts = np.zeros((n, bins))
    np.add.at(counts, (window, value), 1)
    return counts
