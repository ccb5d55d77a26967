"""The sounds of piano rolls, as the browser plays them: small files, and where the music begins in each."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from latentpalette.audio.repeatable import render_repeatable
from latentpalette.audio.sound import has_mp3
from latentpalette.errors import LatentPaletteError
from latentpalette.music.sequence import NoteSequence

MAX_SOUND_SECONDS = 1800.0
MAX_PRELOAD_SECONDS = 60.0  # longer sounds are rendered when their player asks for them
MAX_REPEATED_BARS = 4


@dataclass(frozen=True)
class RollSound:
    """The sound of a roll.

    Parameters
    ----------
    data : bytes
        A file; empty where there is none.
    frames : int
        Its length in samples, with what comes before the first step and what rings on.
    lead : int
        The sample of the first step.
    sound_error : str
        Why there is none, or "".
    sound_note : str
        What is silent in it, or "".
    """

    data: bytes = b""
    frames: int = 0
    lead: int = 0
    sound_error: str = ""
    sound_note: str = ""

    @property
    def facts(self) -> dict[str, Any]:
        """All but the data, as JSON."""
        return {name: value for name, value in asdict(self).items() if name != "data"}


def render_roll_sound(sequence: NoteSequence) -> RollSound:
    """Render the sound of a roll, or say why there is none."""
    if sequence.seconds > MAX_SOUND_SECONDS:
        lasts, limit = (f"{round(seconds / 60):,} minutes" for seconds in (sequence.seconds, MAX_SOUND_SECONDS))
        reason = f"It lasts {lasts}; up to {limit} are played here. Play a part of it: sequence.slice(0, 1024)."
        return RollSound(sound_error=reason)
    try:
        rendered = render_repeatable(sequence, repeats=is_loop(sequence))
        data, _ = rendered.sound.to_audio_bytes()
    except LatentPaletteError as error:
        return RollSound(sound_error=str(error))
    frames = rendered.sound.samples.shape[1]
    return RollSound(data, frames, rendered.lead, sound_note="; ".join(rendered.sound.left_out))


def place_sounds(
    sequences: Sequence[NoteSequence], *, max_seconds: float = math.inf
) -> tuple[list[dict[str, Any]], bytes]:
    """Render the sounds of up to `max_seconds`.

    Returns
    -------
    places : list of dict
        For each sequence where its sound lies in the bytes, and the facts about it.
    sounds : bytes
    """
    places, sounds, start = [], [], 0
    for sequence in sequences:
        sound = render_roll_sound(sequence) if sequence.seconds <= max_seconds else RollSound()
        places.append({"start": start, "length": len(sound.data), **sound.facts})
        sounds.append(sound.data)
        start += len(sound.data)
    return places, b"".join(sounds)


def is_loop(sequence: NoteSequence) -> bool:
    """Return True for up to four bars: they are played again and again, a longer piece once."""
    return sequence.bars <= MAX_REPEATED_BARS


def sound_mime_type() -> str:
    """Return the media type of the files."""
    return "audio/mpeg" if has_mp3() else "audio/wav"
