"""From notes to samples: one function, whichever synthesiser there is."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from types import ModuleType

import numpy as np

from latentpalette.audio.engines import fluidsynth, soundfont_player
from latentpalette.audio.events import RATE, Strike, lap, strikes
from latentpalette.audio.sound import Sound
from latentpalette.audio.soundfont import find
from latentpalette.audio.soundfont.file import SoundFont
from latentpalette.errors import SoundError, suggest
from latentpalette.music.sequence import NoteSequence

# In order of how well they sound. The second needs nothing but NumPy, so there is always one.
ENGINES: dict[str, ModuleType] = {"fluidsynth": fluidsynth, "sampler": soundfont_player}

LONGEST = 30 * 60.0  # [seconds] 635 MB of samples
RINGING = 6.0  # [seconds] a crash has died away by then
_FADE = 0.02  # [seconds] what still sounds at the end of the tail is faded, not cut


def render(
    sequence: NoteSequence,
    *,
    font: str | os.PathLike[str] | None = None,
    engine: str | None = None,
    tail: float = 1.0,
    loop: bool = False,
) -> Sound:
    """Play a sequence on a synthesiser of its own and record it.

    Parameters
    ----------
    sequence : NoteSequence
    font : path, optional
        The SoundFont; without it the first that `latentpalette.audio.soundfont.find.find` finds.
    engine : {"fluidsynth", "sampler"}, optional
        What plays it; without it the first of these that works here.
    tail : float [seconds, 0 to 60]
        How long notes may ring on after the sequence's end.
    loop : bool
        Make a sound of exactly the sequence's length that repeats without a seam: what rings on after the end is heard
        at the beginning, as in every lap but the first. `tail` is then as long as it takes.

    Returns
    -------
    Sound
        Stereo at a fixed gain: a soft loop sounds softer than a loud one. The same notes, font and engine give the same
        samples to the bit.

    Raises
    ------
    SoundError
        If there is no SoundFont or it is broken, an instrument is not in it, the engine cannot be used here, or the
        music is longer than half an hour.

    Examples
    --------
    >>> loop = NoteSequence.from_steps({"kick": [0, 8], "snare": [4, 12]}, steps=16)
    >>> sound = render(loop, loop=True)
    >>> sound.samples.shape, sound.seconds
    ((2, 88200), 2.0)
    """
    if not 0 <= tail <= 60:
        raise SoundError(f"A tail lasts between 0 and 60 seconds; got {tail!r}.")
    if sequence.seconds > LONGEST:
        raise SoundError(
            f"The music lasts {sequence.seconds / 60:.0f} minutes; {LONGEST / 60:.0f} can be rendered at once. "
            "Take a part of it: sequence.slice(start, stop)."
        )
    name = choose(engine)
    found = find.find(font)
    play = ENGINES[name].render
    samples = _loop(sequence, found, play) if loop else _once(sequence, found, play, tail)
    return Sound(samples, RATE, engine=name, font=found.path.name)


def choose(engine: str | None = None) -> str:
    """The engine that plays: the one that is named, if it can, or the best that can.

    Raises
    ------
    SoundError
        If the named engine does not exist or cannot be used here; the text says why.
    """
    if engine is None:
        return next(name for name, module in ENGINES.items() if module.missing() is None)
    if engine not in ENGINES:
        raise SoundError(f"No engine is called {engine!r}.{suggest(engine, ENGINES)} There are: {', '.join(ENGINES)}.")
    reason = ENGINES[engine].missing()
    if reason:
        raise SoundError(reason)
    return engine


_Play = Callable[[Sequence[Strike], int, SoundFont], np.ndarray]


def _once(sequence: NoteSequence, font: SoundFont, play: _Play, tail: float) -> np.ndarray:
    samples = play(strikes(sequence), round((sequence.seconds + tail) * RATE), font)
    return _faded(samples, min(_FADE, tail))


def _loop(sequence: NoteSequence, font: SoundFont, play: _Play) -> np.ndarray:
    ringing = round(RINGING * RATE)
    notes, frames = lap(sequence, ringing=ringing)
    if frames == 0:
        return np.zeros((2, 0), np.float32)
    laps = 1 + -(-ringing // frames)
    samples = _faded(play(notes, laps * frames, font), 0.5)
    return samples.reshape(2, laps, frames).sum(axis=1, dtype=np.float32)


def _faded(samples: np.ndarray, seconds: float) -> np.ndarray:
    frames = min(round(seconds * RATE), samples.shape[1])
    if frames:
        samples[:, -frames:] *= np.linspace(1, 0, frames, dtype=np.float32)
    return samples
