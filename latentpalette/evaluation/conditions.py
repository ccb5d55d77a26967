"""Conditions of the windows of a corpus, for a learned prior: their styles, and numbers that a musician asks for.

Of each window of drums:

- ``style``: of the Groove MIDI Dataset, from the name of the song; other songs have none.
- ``density``: the share of the steps with a hit of any drum [0 to 1].
- ``syncopation``: the share of the steps with kick or snare that are syncopated [0 to 1]: sixteenths and eighths
  off the beat with no other right before, see `latentpalette.music.features`.
- ``toms``: the share of the steps with a tom [0 to 1].
- ``variation``: the share of the steps at which the last bar differs from the first [0 to 1].

Of each melody, and of the melody of each trio:

- ``key``: the major key whose scale holds all its notes; A minor counts as C. Where several do, one of them at random;
  where none does, none.
- ``density``: the share of the steps at which a note begins [0 to 1].
- ``syncopation``: the share of the notes that are syncopated [0 to 1].
- ``pitch``: the mean pitch [MIDI number].
- ``range``: from the lowest note to the highest [semitones].
- ``interval``: the mean interval from note to note [semitones]: small where it moves by step.
- ``variation``: as for drums.

Of each bar of a band:

- ``density``: the share of the sixteenths at which a note begins, of any instrument [0 to 1].
- ``tracks``: the number of instruments.
- ``pitch``: the mean pitch of all but the drums [MIDI number].
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from latentpalette.converters.melody import FIRST_NOTE_ON
from latentpalette.converters.performance_stream import PerformanceStream, onset_roll
from latentpalette.converters.streams import DrumStream, Labels, Stream
from latentpalette.music.melody import MIN_PITCH
from latentpalette.music.sequence import STEPS_PER_BAR

KEYS = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
MIN_STYLE_SONGS = 3  # fewer songs are no style
MIN_STYLE_WINDOWS = 100
_MAJOR = (0, 2, 4, 5, 7, 9, 11)
_GROOVE_SONG = re.compile(r"(?:^|/)drummer\d+/[^/]+/\d+_([a-z]+)(?:-[a-z0-9-]+)?_\d+_(?:beat|fill)_\d+-\d+\.midi?$")
_TOMS = ("low tom", "mid tom", "high tom")

Values = NDArray[np.float64]


def style_of(song: str) -> str:
    """Return the style of a song of the Groove MIDI Dataset, of several the first; empty for other songs.

    Examples
    --------
    >>> style_of("gmd/drummer1/session2/1_funk-groove1_80_beat_4-4.mid"), style_of("songs/1.mid")
    ('funk', '')
    """
    match = _GROOVE_SONG.search(song)
    return match[1] if match else ""


def find_styles(songs: Sequence[str], song_index: NDArray) -> NDArray[np.str_]:
    """Return the style of each window [n]; empty where it has none, or one of too few songs or windows.

    Parameters
    ----------
    songs : list of str
        Names, as in a corpus.
    song_index : ndarray of int [shape=(n,)]
        The song of each window.

    Examples
    --------
    >>> songs = [f"gmd/drummer1/session1/{n}_funk_80_beat_4-4.mid" for n in range(3)] + ["a.mid"]
    >>> find_styles(songs, np.repeat([0, 1, 2, 3], 40))[[0, 159]].tolist()
    ['funk', '']
    """
    styles = np.array([style_of(song) for song in songs] or [""])
    found = styles[song_index]
    for style in np.unique(found):
        mask = found == style
        if mask.sum() < MIN_STYLE_WINDOWS or len(np.unique(song_index[mask])) < MIN_STYLE_SONGS:
            found[mask] = ""
    return found


def corpus_conditions(
    labels: Labels, streams: Sequence[Stream], songs: Sequence[str], song_index: NDArray
) -> dict[str, NDArray]:
    """Return all conditions of the windows of a corpus, style and measures; name of the condition to values [n].

    Parameters
    ----------
    labels, streams
        See `measure_conditions`; empty where there are no streams.
    songs, song_index
        See `find_styles`.

    Examples
    --------
    >>> labels = np.tile([1, 0, 4, 0], (2, 8))[..., None]
    >>> list(corpus_conditions(labels, [DrumStream.from_map("reduced")], ["a.mid"], np.zeros(2, int)))
    ['style', 'density', 'syncopation', 'toms', 'variation']
    """
    return {"style": find_styles(songs, song_index), **measure_conditions(labels, streams)} if streams else {}


def measure_conditions(labels: Labels, streams: Sequence[Stream], *, seed: int = 0) -> dict[str, NDArray]:
    """Measure the conditions of windows, but for the style; name of the condition to values [n].

    Parameters
    ----------
    labels : ndarray of int [shape=(n, t, streams)]
    streams : list of Stream
        The first one is measured.
    seed : int
        For the key of a melody that is in several.

    Returns
    -------
    dict of name to ndarray
        Of text, empty for none, or of numbers. All but the density of a silent window are NaN.

    Examples
    --------
    >>> labels = np.tile([1, 0, 4, 0, 5, 0, 4, 0], (1, 4))[..., None]
    >>> values = measure_conditions(labels, [DrumStream.from_map("reduced")])
    >>> {name: float(value[0]) for name, value in values.items()}
    {'density': 0.5, 'syncopation': 0.0, 'toms': 0.0, 'variation': 0.0}
    """
    stream, one = streams[0], np.asarray(labels)[..., 0].astype(np.int64)
    features = stream.features(one)
    if isinstance(stream, PerformanceStream):
        pitch = np.where(features["mean pitch"] > 0, features["mean pitch"], np.nan)
        return {"density": onset_roll(one).any(2).mean(1), "tracks": features["tracks"], "pitch": pitch}
    is_silent = stream.is_silent(one)
    variation = features["steps that differ between bars"] / min(STEPS_PER_BAR, one.shape[1])
    numbers: dict[str, Values]
    if isinstance(stream, DrumStream):
        toms = _has_drum(one, stream, _TOMS)
        numbers = {
            "syncopation": _syncopation(stream, np.where(_has_drum(one, stream, ("kick", "snare")), one, 0)),
            "toms": toms.mean(1),
            "variation": variation,
        }
        density = features["sounding steps"] / one.shape[1]
        silent = {name: np.where(is_silent, np.nan, values) for name, values in numbers.items()}
        return {"density": density, **silent}
    numbers = {
        "syncopation": features["16th-note syncopation"] + features["8th-note syncopation"],
        "pitch": features["mean pitch"],
        "range": features["range"],
        "interval": features["average interval"],
        "variation": variation,
    }
    silent = {name: np.where(is_silent, np.nan, values) for name, values in numbers.items()}
    return {"key": _find_keys(one, seed), "density": features["note density"], **silent}


def _has_drum(labels: Labels, stream: DrumStream, names: Sequence[str]) -> NDArray[np.bool_]:
    """Return the steps [n, t] at which one of some drums is hit."""
    mask = sum(1 << stream.drum_names.index(name) for name in names if name in stream.drum_names)
    return (labels & mask) != 0


def _syncopation(stream: Stream, labels: Labels) -> Values:
    features = stream.features(labels)
    return features["16th-note syncopation"] + features["8th-note syncopation"]


def holds_key(labels: Labels, keys: ArrayLike) -> NDArray[np.bool_]:
    """Return which melodies [n] have notes, all of them in the scale of a major key.

    Parameters
    ----------
    labels : ndarray of int [shape=(n, t)]
        Of a melody.
    keys : array-like of str [shape=(n,)]
        The key of each.

    Examples
    --------
    >>> up = np.array([FIRST_NOTE_ON + pitch - MIN_PITCH for pitch in (60, 62, 64, 66)])
    >>> holds_key(np.stack([up, up, up * 0]), ["G", "C", "C"]).tolist()
    [True, False, False]
    """
    fits = _fitting_keys(labels)
    return np.asarray(fits[np.arange(len(fits)), [KEYS.index(key) for key in np.asarray(keys, str)]])


def _fitting_keys(labels: Labels) -> NDArray[np.bool_]:
    """Return the major keys [n, 12] whose scale holds all notes of each melody; none where there are no notes."""
    is_onset = labels >= FIRST_NOTE_ON
    pitch_class = (labels - FIRST_NOTE_ON + MIN_PITCH) % 12
    present = np.stack([(is_onset & (pitch_class == k)).any(1) for k in range(12)], 1)  # [n, 12]
    scales = np.array([[(k - tonic) % 12 in _MAJOR for k in range(12)] for tonic in range(12)])
    is_outside = np.any(present[:, None] & ~scales, axis=2)  # [n, keys]
    fits: NDArray[np.bool_] = ~is_outside & np.any(present, axis=1, keepdims=True)
    return fits


def _find_keys(labels: Labels, seed: int) -> NDArray[np.str_]:
    """Return a major key whose scale holds all notes of each melody [n]; empty where there are no notes or no key."""
    fits = _fitting_keys(labels)
    order = np.where(fits, np.random.default_rng(seed).random(fits.shape), -1.0).argmax(1)
    return np.where(np.any(fits, axis=1), np.array(KEYS)[order], "")
