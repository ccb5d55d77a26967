"""Sound of a sequence that begins again, or gives way to another, before it has rung out: what a piano roll plays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from latentpalette.audio import synth
from latentpalette.audio.events import SAMPLE_RATE, led_in_events, note_events
from latentpalette.audio.leveling import apply_levels, find_levels
from latentpalette.audio.sound import Sound
from latentpalette.audio.soundfont.find import find_soundfont
from latentpalette.audio.soundfont.silence import list_silent
from latentpalette.music.sequence import NoteSequence
from latentpalette.progress.board import show_progress

_AUDIBLE = 10 ** (-50 / 20)  # of the peak; a tail is cut where it stays below
_FADE_SECONDS = 0.05


@dataclass(frozen=True)
class RepeatableSound:
    """Sound with all that rings on, and the place of the music in it.

    Started every `seconds` of its sequence, each time with what came before still ringing, it is an exact loop.

    Parameters
    ----------
    sound : Sound
    lead : int
        The frame of the first step. What is before it are notes that come early.
    """

    sound: Sound
    lead: int


def render_repeatable(sequence: NoteSequence, *, repeats: bool = True) -> RepeatableSound:
    """Render a sequence with its whole tail, at the loudness of all music.

    Parameters
    ----------
    sequence : NoteSequence
    repeats : bool
        The tail is the one that the next repetition would leave: an open hat ends where the loop begins with a
        closed one.

    Raises
    ------
    SoundError
        As `latentpalette.audio.synth.render` does.

    Examples
    --------
    >>> loop = NoteSequence.from_steps({"kick": [0, 8], "snare": [4, 12]}, steps=16)
    >>> repeatable = render_repeatable(loop)
    >>> repeatable.lead, repeatable.sound.seconds > loop.seconds
    (0, True)
    """
    font = find_soundfont()
    left_out = list_silent(note_events(sequence), font)
    music, tail = (round(seconds * SAMPLE_RATE) for seconds in (sequence.seconds, synth.TAIL_SECONDS))
    events, lead = led_in_events(sequence, tail_frames=tail if repeats else 0)
    with show_progress("Rendering sound"):
        engine = synth.engine_for(sequence, font)
        samples = synth.render_events(events, lead + music + tail, engine, font)
    synth.require_audible(samples, sequence, font)
    samples = _cut_tail(samples, lead + music)
    measured = synth.repeat(_fold(samples, music)) if repeats and music else samples
    samples = apply_levels(samples, find_levels(measured, SAMPLE_RATE))
    sound = Sound(samples, SAMPLE_RATE, engine=engine, soundfont=font.path.name, left_out=left_out)
    return RepeatableSound(sound, lead)


def _fold(samples: np.ndarray, music: int) -> np.ndarray:
    """Return a repetition of a loop of `music` frames, in which all that rings on from those before is heard."""
    repetitions = -(-samples.shape[1] // music)
    padded = np.pad(samples, ((0, 0), (0, repetitions * music - samples.shape[1])))
    return padded.reshape(2, repetitions, music).sum(axis=1, dtype=np.float32)


def _cut_tail(samples: np.ndarray, start: int) -> np.ndarray:
    """Return samples up to where the tail, which begins at the frame `start`, cannot be heard any more."""
    level = np.abs(samples).max(axis=0)
    audible = np.flatnonzero(level[start:] > _AUDIBLE * level.max(initial=0.0))
    end = start + (audible[-1] + 1 if len(audible) else 0) + round(_FADE_SECONDS * SAMPLE_RATE)
    return synth.fade_out(samples[:, :end].copy(), _FADE_SECONDS)
