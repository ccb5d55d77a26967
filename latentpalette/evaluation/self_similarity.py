"""Framewise self-similarity: the overlap of pitch and duration between neighboring parts of songs.

A frame is some windows of a song, the next one begins a window later. Two frames are as alike as the normal
distributions of their notes' pitches, or durations, overlap. Sources: Choi, Hawthorne, Simon, Dinculescu, Engel (2020),
"Encoding Musical Style with Transformer Autoencoders", arXiv 1912.05537; consistency and variance: Mittal, Engel,
Hawthorne, Simon (2021), "Symbolic Music Generation with Diffusion Models", arXiv 2103.16091.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from latentpalette.errors import TrainingError
from latentpalette.music.sequence import NoteSequence
from latentpalette.validation import short_repr

FRAME = 2  # windows: four bars of two-bar windows, of which two are in the next frame, too
_MIN_STD = 1e-3  # of notes that are all the same


@dataclass(frozen=True)
class SelfSimilarity:
    """The overlap of neighboring frames, over many songs.

    Parameters
    ----------
    pitch_mean, pitch_variance : float
        Of the overlaps of pitches.
    duration_mean, duration_variance : float
        Of the overlaps of durations; of drums, of the times from a hit to the next.
    """

    pitch_mean: float
    pitch_variance: float
    duration_mean: float
    duration_variance: float

    def compare(self, real: SelfSimilarity) -> dict[str, float]:
        """Return the consistency and the variance [0 to 1] relative to those of real songs; 1 is as real songs are.

        Examples
        --------
        >>> real = SelfSimilarity(0.8, 0.02, 0.6, 0.04)
        >>> SelfSimilarity(0.4, 0.02, 0.6, 0.08).compare(real)
        {'pitch consistency': 0.5, 'pitch variance': 1.0, 'duration consistency': 1.0, 'duration variance': 0.0}
        """
        pairs = {
            "pitch consistency": (self.pitch_mean, real.pitch_mean),
            "pitch variance": (self.pitch_variance, real.pitch_variance),
            "duration consistency": (self.duration_mean, real.duration_mean),
            "duration variance": (self.duration_variance, real.duration_variance),
        }
        return {
            name: max(0.0, 1 - abs(ours - theirs) / theirs) if theirs else float(ours == theirs)
            for name, (ours, theirs) in pairs.items()
        }


def measure_self_similarity(songs: Iterable[Sequence[NoteSequence]]) -> SelfSimilarity:
    """Measure the overlap of neighboring frames.

    Parameters
    ----------
    songs : iterable of list of NoteSequence
        The windows of each song, in order.

    Raises
    ------
    TrainingError
        If no song has two frames with notes, three windows that is.

    Examples
    --------
    >>> loop = NoteSequence.from_steps({"kick": [0, 8], "snare": [4, 12]}, steps=32)
    >>> measure_self_similarity([[loop] * 4]).pitch_mean
    1.0
    """
    pitch: list[float] = []
    duration: list[float] = []
    for windows in _check_songs(songs):
        frames = [windows[start : start + FRAME] for start in range(len(windows) - FRAME + 1)]
        pitch += _overlaps(frames, _pitches)
        duration += _overlaps(frames, _durations)
    if not pitch or not duration:
        raise TrainingError(f"Frames are compared in songs of at least {FRAME + 1} windows that have notes.")
    return SelfSimilarity(
        float(np.mean(pitch)), float(np.var(pitch)), float(np.mean(duration)), float(np.var(duration))
    )


def _check_songs(songs: Any) -> list[Sequence[NoteSequence]]:
    """Return songs as a list if each is a list of windows."""
    listed: list[Any] = list(songs) if isinstance(songs, Iterable) else [None]
    if any(not isinstance(windows, (list, tuple)) or not _are_music(windows) for windows in listed):
        raise TrainingError(f"Songs are lists of windows, NoteSequences that is; got {short_repr(songs)}.")
    return listed


def _are_music(windows: Iterable[object]) -> bool:
    return all(isinstance(window, NoteSequence) for window in windows)


def overlap_of_normals(mean_a: float, std_a: float, mean_b: float, std_b: float) -> float:
    """Return the area [0 to 1] that the densities of two normal distributions share.

    Examples
    --------
    >>> overlap_of_normals(0.0, 1.0, 0.0, 1.0)
    1.0
    >>> round(overlap_of_normals(0.0, 1.0, 2.0, 1.0), 4)  # twice the tail beyond one standard deviation
    0.3173
    """
    if (mean_a, std_a) == (mean_b, std_b):
        return 1.0
    if std_a > std_b:
        (mean_a, std_a), (mean_b, std_b) = (mean_b, std_b), (mean_a, std_a)
    if std_a == std_b:  # the densities cross once, half-way
        return float(math.erfc(abs(mean_a - mean_b) / 2 / std_a / math.sqrt(2)))
    # They cross twice, where the logarithms of the densities are equal: between, the narrower one is above the other.
    variance_a, variance_b = std_a**2, std_b**2
    middle = (mean_a * variance_b - mean_b * variance_a) / (variance_b - variance_a)
    half = std_a * std_b * math.sqrt((mean_a - mean_b) ** 2 + 2 * (variance_b - variance_a) * math.log(std_b / std_a))
    half /= variance_b - variance_a
    low, high = middle - half, middle + half
    inside_b = _cdf(high, mean_b, std_b) - _cdf(low, mean_b, std_b)
    inside_a = _cdf(high, mean_a, std_a) - _cdf(low, mean_a, std_a)
    return inside_b + 1 - inside_a


def _cdf(x: float, mean: float, std: float) -> float:
    return 0.5 * math.erfc((mean - x) / std / math.sqrt(2))


def _overlaps(
    frames: Sequence[Sequence[NoteSequence]], values_of: Callable[[NoteSequence], list[float]]
) -> list[float]:
    values = [[value for window in frame for value in values_of(window)] for frame in frames]
    fits = [(float(np.mean(each)), max(float(np.std(each)), _MIN_STD)) if each else None for each in values]
    return [overlap_of_normals(*one, *other) for one, other in pairwise(fits) if one is not None and other is not None]


def _pitches(window: NoteSequence) -> list[float]:
    return [float(note.pitch) for note in window.notes]


def _durations(window: NoteSequence) -> list[float]:
    if not any(note.is_drum for note in window.notes):
        return [float(note.length) for note in window.notes]
    steps = sorted({note.step for note in window.notes if note.is_drum})
    return [float(later - step) for step, later in pairwise([*steps, window.steps])]
