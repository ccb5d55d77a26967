"""The synthesiser inside symusic (prestosynth): nothing to install, plain of sound.

It ignores velocities and most envelopes (a snare is over after 5 ms, hats do not silence each other), so it is the last
choice where none is named. Velocities are mended here: notes of one velocity are rendered together and weighed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from latentpalette.audio.events import SAMPLE_RATE, NoteEvent
from latentpalette.audio.soundfont.file import SoundFont
from latentpalette.errors import SoundError

GAIN = 0.7  # about as loud as FluidSynth at a gain of 0.5; it has no gain of its own


def unavailable_reason() -> str | None:
    """Why this engine cannot be used here; None where it can."""
    try:
        _core()
    except SoundError as error:
        return str(error)
    return None


def render(events: Sequence[NoteEvent], frames: int, soundfont: SoundFont) -> np.ndarray:
    """Play notes on symusic's synthesiser.

    Parameters
    ----------
    strikes : list of Strike, in order of time
    frames : int
        How much to render. What still sounds at the end is cut there.
    font : SoundFont

    Returns
    -------
    ndarray [shape=(2, frames), float32]
        Each note exactly at its frame.

    Raises
    ------
    SoundError
        If symusic 0.5.9 is not installed, cannot read the font, or the font lacks an instrument.
    """
    core = _core()
    out = np.zeros((2, frames), np.float32)
    by_velocity: dict[int, list[NoteEvent]] = defaultdict(list)
    for strike in events:
        by_velocity[strike.velocity].append(strike)
    if not by_velocity:
        return out
    try:
        synth = core.Synthesizer(str(soundfont.path), SAMPLE_RATE, 0)
        for velocity, played in sorted(by_velocity.items()):
            samples = np.asarray(synth.render(_score(played, soundfont), True))  # [2, as long as it sounds]
            length = min(frames, samples.shape[1])
            out[:, :length] += samples[:, :length] * np.float32(GAIN * (velocity / 127) ** 2)
    except (RuntimeError, TypeError) as error:
        raise SoundError(f"symusic's synthesiser cannot play {soundfont.path.name}: {error}.") from error
    return out


def _core() -> Any:
    try:
        import symusic.core
    except ImportError as error:
        raise SoundError('symusic is not installed. Run: pip install "symusic>=0.5.9,<0.6"') from error
    if not hasattr(symusic.core, "Synthesizer"):
        raise SoundError('This symusic has no synthesiser. Run: pip install "symusic>=0.5.9,<0.6"')
    return symusic.core


def _score(strikes: Iterable[NoteEvent], font: SoundFont) -> Any:
    from symusic import Note, Score, Track

    score: Any = Score.from_tpq(960, ttype="second")
    tracks: dict[tuple[bool, int], Any] = {}
    for strike in strikes:
        if strike.instrument not in tracks:
            _, program = font.preset(strike.program, is_drum=strike.is_drum)
            tracks[strike.instrument] = Track("", program, strike.is_drum, ttype="second")
        start, seconds = strike.start / SAMPLE_RATE, (strike.stop - strike.start) / SAMPLE_RATE
        tracks[strike.instrument].notes.append(Note(start, seconds, strike.pitch, 127, ttype="second"))
    for part in sorted(tracks):
        score.tracks.append(tracks[part])
    return score
