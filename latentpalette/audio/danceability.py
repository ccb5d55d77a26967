"""Danceability: how steadily the strength of a sound alternates, over spans from a beat to some bars.

Detrended fluctuation analysis. The running sum of the amplitude, its mean taken away, strays from a straight line; over
longer spans it strays farther, by a power of their length. Where strong and weak moments alternate steadily the
exponent is small, where loud and soft passages come and go it is large. Danceability is the inverse of the mean
exponent.

Source: Streich and Herrera, "Detrended Fluctuation Analysis of Music Signals: Danceability Estimation and further
Semantic Characterization", 118th Convention of the AES (2005). The constants, which the paper leaves open, are those of
Essentia's algorithm `Danceability`, so that figures compare.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from latentpalette.audio.sound import Sound
from latentpalette.audio.synth import render
from latentpalette.errors import SoundError
from latentpalette.music.sequence import NoteSequence, as_sequence, is_midi_source
from latentpalette.validation import check_number, check_numbers, short_repr

FRAME_SECONDS = 0.01
MAX_SECONDS = 3600.0
REPEATED_SECONDS = 30.0  # three times the longest span, and what a preview of a song lasts

_SPANS_MS = (310.0, 8800.0, 1.1)  # from, to, factor: 36 lengths
_STARTS = 50  # of spans, within the length of one; spans that overlap more say nothing new
SHORT_SPANS = 3  # [frames] added to a length: short spans stray less than their power says (the paper's correction)
_MIN_VARIATION = 1e-6  # of the mean strength; what varies less is constant but for rounding
_BLOCK = 1 << 16  # [frames] of sums at a time, for memory and precision
_MIN_RATE, _MAX_RATE = 8_000, 192_000
_MAX_SAMPLE = 1e30  # its square is finite

Music = NoteSequence | str | os.PathLike[str] | bytes


@overload
def danceability(
    music: Music | Sound, sample_rate: None = None, *, soundfont: str | os.PathLike[str] | None = None
) -> float: ...
@overload
def danceability(music: ArrayLike, sample_rate: int, *, soundfont: None = None) -> float: ...
@overload
def danceability(
    music: list[Any] | tuple[Any, ...], sample_rate: None = None, *, soundfont: str | os.PathLike[str] | None = None
) -> NDArray[np.float64]: ...
def danceability(
    music: Any, sample_rate: int | None = None, *, soundfont: str | os.PathLike[str] | None = None
) -> float | NDArray[np.float64]:
    """Estimate the danceability of music, rendered or recorded.

    Parameters
    ----------
    music : NoteSequence, name of a preset, MIDI file, Sound, or a list of these; with `sample_rate` samples
        Music is rendered; what is shorter than half a minute is repeated, as a loop is played, to half a minute.
    sample_rate : int [frames per second, 8000 to 192000], optional
        If given, `music` is samples [shape=(n,) or (channels, n)] of up to an hour; they are not repeated. Channels are
        averaged.
    soundfont : path, optional
        The SoundFont that renders, see `latentpalette.audio.synth.render`.

    Returns
    -------
    float, or ndarray [shape=(n,)] for a list
        Songs have about 0.5 to 3, loops that repeat more; the higher, the more danceable. 0 where there is nothing to
        measure: silence, a constant tone, less than 0.4 s of samples.

    Raises
    ------
    SoundError
        If it cannot be rendered, or the samples are no finite numbers, too many, or of another shape.
    MusicError
        If it is no music.

    Examples
    --------
    >>> steady = NoteSequence.from_steps({"kick": [0, 4, 8, 12]}, steps=16)
    >>> sparse = NoteSequence.from_steps({"crash": [0], "kick": [11]}, steps=16)
    >>> a, b = danceability([steady, sparse])
    >>> bool(a > b)
    True
    """
    if sample_rate is not None:
        return _of_samples(_check_samples(music, sample_rate), sample_rate)
    if isinstance(music, (Sound, NoteSequence)) or is_midi_source(music):
        return _of_one(music, soundfont)
    if isinstance(music, np.ndarray) or not isinstance(music, Iterable):
        raise SoundError(
            f"Danceability is estimated of music, a list of music, or samples with their rate, "
            f"danceability(samples, 44100); got {short_repr(music)}."
        )
    return np.array([_of_one(item, soundfont) for item in music], np.float64)


def envelope(samples: NDArray[np.floating[Any]], sample_rate: int) -> NDArray[np.float64]:
    """Return the strength of a sound in frames of 10 ms: the standard deviation of the samples in each.

    Parameters
    ----------
    samples : ndarray [shape=(n,)]
    sample_rate : int [frames per second]

    Returns
    -------
    ndarray [shape=(n // frame,)]
        With ``int(0.01 * sample_rate)`` samples in a frame; what is left at the end is not in it.

    Examples
    --------
    >>> envelope(np.sin(np.arange(44100)), 44100).round(2)[:3]
    array([0.71, 0.71, 0.71])
    """
    size = int(FRAME_SECONDS * sample_rate)
    count = len(samples) // size
    frames = np.asarray(samples[: count * size]).reshape(count, size)
    strength = np.empty(count)
    for start in range(0, count, 4096):  # float64 of a few seconds at a time
        strength[start : start + 4096] = frames[start : start + 4096].std(axis=1, ddof=1, dtype=np.float64)
    return strength


def danceability_of_envelope(strength: ArrayLike) -> float:
    """Estimate danceability from the strength of a sound in frames of 10 ms.

    Parameters
    ----------
    strength : array-like [shape=(n,)]
        As `envelope` returns it, or made otherwise: only its course counts, not its unit.

    Returns
    -------
    float
        As `danceability`.

    Raises
    ------
    SoundError
        If it is no array of finite numbers [n], or more than an hour.

    Examples
    --------
    >>> beats = np.tile([1.0] * 5 + [0.1] * 45, 60)  # two in a second
    >>> passages = np.repeat([1.0, 0.1] * 2, 750)
    >>> round(danceability_of_envelope(beats), 2), round(danceability_of_envelope(passages), 2)
    (6.72, 0.63)
    """
    values = check_numbers(strength, "Each strength", error=SoundError)
    if values.ndim != 1 or values.dtype.kind not in "fiu" or not np.isfinite(values).all():
        raise SoundError(f"The strength of a sound is finite numbers [n]; got {short_repr(strength)}.")
    if values.size and np.abs(values).max() > _MAX_SAMPLE:
        raise SoundError(f"The strength of a sound is numbers up to {_MAX_SAMPLE:g}; got {short_repr(strength)}.")
    if len(values) * FRAME_SECONDS > MAX_SECONDS:
        raise SoundError(f"{len(values):,} frames of 10 ms are more than an hour. Measure a part of it.")
    return _from_exponents(fluctuation(values.astype(np.float64)))


def fluctuation(strength: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how far the running sum of the strength strays from straight lines, for each of the spans that fit.

    Returns
    -------
    ndarray [shape=(spans,)]
        Root mean square. Empty where nothing varies.

    Examples
    --------
    >>> len(fluctuation(np.random.default_rng(0).random(3000)))
    36
    """
    if not len(strength):
        return np.zeros(0)
    centered = strength - strength.mean()
    if np.abs(centered).max() <= _MIN_VARIATION * np.abs(strength).max():
        return np.zeros(0)
    walk = np.cumsum(centered)
    return np.array([_stray(walk, span) for span in spans() if span < len(walk)])


def spans() -> list[int]:
    """Return the lengths of the spans [frames of 10 ms].

    Examples
    --------
    >>> spans()[:4], spans()[-1]
    ([31, 34, 37, 41], 871)
    """
    low, high, factor = _SPANS_MS
    lengths, length = [], low
    while length <= high:
        lengths.append(int(length / (1000 * FRAME_SECONDS)))
        length *= factor
    return lengths


def _stray(walk: NDArray[np.float64], span: int) -> float:
    """Return the root mean square of what is left of a walk after a straight line is fitted to each span of it."""
    step = max(span // _STARTS, 1)
    starts = len(walk) - span  # the last possible one is not used, as in Essentia
    x = np.arange(span) - (span - 1) / 2
    block = max(_BLOCK // step, 1) * step  # frames
    total = 0.0
    for first in range(0, starts, block):
        piece = walk[first : min(first + block, starts) + span - 1]
        piece = piece - piece.mean()
        at = np.arange(0, len(piece) - span + 1, step)
        position = np.arange(len(piece))
        sum_y, sum_yy, sum_ny = (_sums(values, at, span) for values in (piece, np.square(piece), position * piece))
        sum_xy = sum_ny - (at + (span - 1) / 2) * sum_y
        residual = sum_yy - sum_y**2 / span - sum_xy**2 / np.dot(x, x)
        total += float(np.maximum(residual, 0).sum()) / span
    return float(np.sqrt(total / (starts / step)))


def _sums(values: NDArray[np.float64], at: NDArray[np.integer[Any]], span: int) -> NDArray[np.float64]:
    """Return the sums of values over a span from each of some places."""
    running = np.concatenate([[0.0], np.cumsum(values)])
    return running[at + span] - running[at]


def _from_exponents(stray: NDArray[np.float64]) -> float:
    if len(stray) < 2 or not stray.all():
        return 0.0
    length = np.array(spans()[: len(stray)]) + SHORT_SPANS
    exponent = float(np.mean(np.diff(np.log(stray)) / np.diff(np.log(length))))
    return 1 / exponent if exponent else 0.0


def _of_samples(samples: NDArray[np.floating[Any]], sample_rate: int) -> float:
    return _from_exponents(fluctuation(envelope(samples, sample_rate)))


def _of_one(music: Music | Sound, soundfont: str | os.PathLike[str] | None) -> float:
    if isinstance(music, Sound):
        return _of_samples(_check_samples(music.samples, music.rate), music.rate)
    music = as_sequence(music, "Music to estimate the danceability of")
    if not music.steps:
        return 0.0
    is_loop = music.seconds < REPEATED_SECONDS
    sound = render(music, soundfont=soundfont, loop=is_loop, tail=0, loudness=None)
    samples = sound.mono
    if is_loop:
        frames = round(REPEATED_SECONDS * sound.rate)
        samples = np.tile(samples, -(-frames // len(samples)))[:frames]
    return _of_samples(samples, sound.rate)


def _check_samples(samples: Any, sample_rate: Any) -> NDArray[np.floating[Any]]:
    rate = check_number(sample_rate, "A sample rate [frames per second]", _MIN_RATE, _MAX_RATE, error=SoundError)
    array = check_numbers(samples, "Each sample", error=SoundError)
    if array.ndim not in (1, 2) or array.dtype.kind not in "fiu":
        raise SoundError(f"Samples are numbers [n] or [channels, n]; got an array of shape {array.shape}.")
    if array.shape[-1] > MAX_SECONDS * rate:
        raise SoundError(f"{array.shape[-1]:,} samples are more than an hour. Measure a part of it.")
    mono = array if array.ndim == 1 else array.mean(axis=0)
    if not np.isfinite(mono).all():
        raise SoundError("Samples are finite numbers; there is NaN or infinity in these.")
    if mono.size and np.abs(mono).max() > _MAX_SAMPLE:
        raise SoundError(f"Samples are numbers up to {_MAX_SAMPLE:g}; got {np.abs(mono).max():g}.")
    return mono
