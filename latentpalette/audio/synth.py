"""Render sequences to audio, with whichever engine there is."""

from __future__ import annotations

import os
from collections.abc import Sequence

import numpy as np

from latentpalette.audio.engines import fluidsynth, soundfont_player
from latentpalette.audio.engines.base import Engine
from latentpalette.audio.events import SAMPLE_RATE, NoteEvent, loop_events, note_events
from latentpalette.audio.leveling import TARGET_LOUDNESS, apply_levels, find_levels
from latentpalette.audio.sound import Sound
from latentpalette.audio.soundfont.file import SoundFont
from latentpalette.audio.soundfont.find import find_soundfont
from latentpalette.audio.soundfont.silence import list_silent
from latentpalette.errors import SoundError, suggest
from latentpalette.music.sequence import NoteSequence
from latentpalette.old_names import accept_old_arguments, rename_value
from latentpalette.progress.board import show_progress
from latentpalette.validation import check_flag, check_number

# In order of preference. The second needs nothing but NumPy, so there is always one.
ENGINES: dict[str, Engine] = {
    "fluidsynth": fluidsynth,
    "soundfont-player": soundfont_player,
}

MAX_SECONDS = 30 * 60.0  # 635 MB of samples
TAIL_SECONDS = 6.0  # a crash has decayed by then
_FADE_SECONDS = 0.02  # what still sounds at the end of the tail is faded, not cut
_LOOP_FADE_SECONDS = 0.5
_MIN_MEASURED_SECONDS = 8.0  # a shorter loop is measured several times over, as it is played


@accept_old_arguments(font="soundfont")
def render(
    sequence: NoteSequence,
    *,
    soundfont: str | os.PathLike[str] | None = None,
    engine: str | None = None,
    tail: float = 1.0,
    loop: bool = False,
    loudness: float | None = TARGET_LOUDNESS,
) -> Sound:
    """Render a sequence to audio.

    Parameters
    ----------
    sequence : NoteSequence
    soundfont : path, optional
        The SoundFont; without it the first that `latentpalette.audio.soundfont.find.find_soundfont` finds.
    engine : {"fluidsynth", "soundfont-player"}, optional
        The engine; without it the first of these that works here.
    tail : float [seconds, 0 to 60]
        Time to render after the end of the sequence, for notes that ring on.
    loop : bool
        Render exactly the length of the sequence, so that it repeats without a seam: what rings on after the end is
        mixed into the beginning, as in every repetition but the first. `tail` is then ignored.
    loudness : float [LUFS, -40 to -10], optional
        Integrated loudness to which one gain brings the piece, so that all music is equally loud; a limiter keeps its
        true peak below -1 dB. Velocities keep their relations. None: the engine's own fixed gain, with which a soft
        loop sounds softer than a loud one. Clicks of a few milliseconds with long rests stay softer than -18 LUFS: no
        higher true peak is allowed (docs/sound.md has figures).

    Returns
    -------
    Sound
        Stereo. The same notes, SoundFont and engine give the same samples to the bit. Notes for which the SoundFont has
        no sound are listed in its `left_out`.

    Raises
    ------
    SoundError
        If there is no SoundFont or it is broken, it lacks an instrument or plays none of the notes, the engine cannot
        be used here, or the music is longer than half an hour.

    Examples
    --------
    >>> loop = NoteSequence.from_steps({"kick": [0, 8], "snare": [4, 12]}, steps=16)
    >>> sound = render(loop, loop=True)
    >>> sound.samples.shape, sound.seconds
    ((2, 88200), 2.0)
    """
    tail = check_number(tail, "A tail [seconds]", 0, 60, error=SoundError)
    loop = check_flag(loop, "loop", error=SoundError)
    if loudness is not None:
        name = "A loudness [LUFS] (None is the engine's fixed gain)"
        loudness = check_number(loudness, name, -40, -10, error=SoundError)
    if sequence.seconds > MAX_SECONDS:
        raise SoundError(
            f"The music lasts {sequence.seconds / 60:.0f} minutes; {MAX_SECONDS / 60:.0f} can be rendered at once. "
            "Render a part of it: sequence.slice(start, stop)."
        )
    font = find_soundfont(soundfont)
    left_out = list_silent(note_events(sequence), font)
    with show_progress("Rendering sound"):
        samples, engine = render_unleveled(sequence, font, engine, tail=tail, loop=loop)
    require_audible(samples, sequence, font)
    if loudness is not None:
        levels = find_levels(repeat(samples) if loop else samples, SAMPLE_RATE, loudness)
        samples = apply_levels(samples, levels)
    return Sound(samples, SAMPLE_RATE, engine=engine, soundfont=font.path.name, left_out=left_out)


def render_unleveled(
    sequence: NoteSequence, soundfont: SoundFont, engine: str | None = None, *, tail: float = 1.0, loop: bool = False
) -> tuple[np.ndarray, str]:
    """Render a sequence at the engine's fixed gain; notes that the SoundFont does not have are silent.

    Arguments and errors are those of `render`; the SoundFont is one that has been read.

    Returns
    -------
    samples : ndarray [shape=(2, n), float32]
    engine : str
        The one that rendered them, see `engine_for`.
    """
    name = engine_for(sequence, soundfont, engine)
    samples = _render_loop(sequence, name, soundfont) if loop else _render_once(sequence, name, soundfont, tail)
    return samples, name


def render_events(events: Sequence[NoteEvent], frames: int, engine: str, soundfont: SoundFont) -> np.ndarray:
    """Render note events with an engine, at its fixed gain.

    Returns
    -------
    ndarray [shape=(2, frames), float32]

    Raises
    ------
    SoundError
        If the SoundFont is broken, or has no sound for an instrument.
    """
    samples = ENGINES[engine].render(events, frames, soundfont)
    if not np.isfinite(samples).all():
        raise SoundError(
            f"{soundfont.path.name} is broken: what {engine} makes of these notes is no sound. "
            "Name another SoundFont with soundfont=..., or another engine with engine=..."
        )
    return samples


def require_audible(samples: np.ndarray, sequence: NoteSequence, soundfont: SoundFont) -> None:
    """Raise an error for samples that are silent although the sequence has notes.

    Raises
    ------
    SoundError
    """
    if len(sequence) and samples.size and not samples.any():
        raise SoundError(f"{soundfont.path.name} plays these notes as silence. Name another one with soundfont=...")


def engine_for(sequence: NoteSequence, soundfont: SoundFont, engine: str | None = None) -> str:
    """Return the engine that renders a sequence: as `select_engine`, but not FluidSynth if it might never end.

    Raises
    ------
    SoundError
        If FluidSynth is named and the SoundFont is broken so that it might never end; and as `select_engine` does.
    """
    name = select_engine(engine)
    if name != "fluidsynth" or not fluidsynth.is_unbounded(note_events(sequence), soundfont):
        return name
    if engine is None:
        return "soundfont-player"
    raise SoundError(
        f"{soundfont.path.name} is broken in a way that keeps FluidSynth busy for ever. "
        "Use engine='soundfont-player' or another SoundFont."
    )


def select_engine(engine: str | None = None) -> str:
    """Return the name of the engine to use: the named one, or the first that can be used here.

    Raises
    ------
    SoundError
        If the named engine does not exist or cannot be used here; the text says why.
    """
    if engine is None:
        return next(name for name, module in ENGINES.items() if module.unavailable_reason() is None)
    engine = rename_value("engine", engine)
    if engine not in ENGINES:
        raise SoundError(f"No engine is called {engine!r}.{suggest(engine, ENGINES)} There are: {', '.join(ENGINES)}.")
    reason = ENGINES[engine].unavailable_reason()
    if reason:
        raise SoundError(reason)
    return engine


def repeat(loop: np.ndarray) -> np.ndarray:
    """Return a loop [shape=(2, n)], repeated so often that its loudness can be measured."""
    least = round(_MIN_MEASURED_SECONDS * SAMPLE_RATE)
    return np.tile(loop, (1, -(-least // loop.shape[1]))) if 0 < loop.shape[1] < least else loop


def _render_once(sequence: NoteSequence, engine: str, soundfont: SoundFont, tail: float) -> np.ndarray:
    frames = round((sequence.seconds + tail) * SAMPLE_RATE)
    samples = render_events(note_events(sequence), frames, engine, soundfont)
    return fade_out(samples, min(_FADE_SECONDS, tail))


def _render_loop(sequence: NoteSequence, engine: str, soundfont: SoundFont) -> np.ndarray:
    tail_frames = round(TAIL_SECONDS * SAMPLE_RATE)
    events, frames = loop_events(sequence, tail_frames=tail_frames)
    if frames == 0:
        return np.zeros((2, 0), np.float32)
    repetitions = 1 + -(-tail_frames // frames)
    samples = fade_out(render_events(events, repetitions * frames, engine, soundfont), _LOOP_FADE_SECONDS)
    return samples.reshape(2, repetitions, frames).sum(axis=1, dtype=np.float32)


def fade_out(samples: np.ndarray, seconds: float) -> np.ndarray:
    """Fade the end of samples [shape=(2, n)], which are overwritten."""
    frames = min(round(seconds * SAMPLE_RATE), samples.shape[1])
    if frames:
        samples[:, -frames:] *= np.linspace(1, 0, frames, dtype=np.float32)
    return samples
