"""Find the notes that a SoundFont cannot play: without a zone, or with samples that are empty or all zero."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import numpy as np

from latentpalette.audio.events import NoteEvent
from latentpalette.audio.soundfont.file import COMPRESSED, ROM, SoundFont
from latentpalette.audio.soundfont.zones import Zone, find_zones, sample_range
from latentpalette.errors import SoundError

_MAX_NAMED = 8  # pitches in a sentence
_CHUNK_FRAMES = 1 << 20


def list_silent(events: Iterable[NoteEvent], soundfont: SoundFont) -> tuple[str, ...]:
    """Return a sentence for each instrument of which a SoundFont does not play every note.

    Raises
    ------
    SoundError
        If it plays none of the notes, or lacks an instrument.
    """
    played: dict[tuple[bool, int], dict[int, set[int]]] = {}
    for event in events:
        played.setdefault(event.instrument, {}).setdefault(event.pitch, set()).add(event.velocity)
    sentences, has_sound = [], not played
    for (is_drum, program), pitches in sorted(played.items()):
        preset = soundfont.preset(program, is_drum=is_drum)
        silent = [pitch for pitch in sorted(pitches) if not _is_audible(soundfont, preset, pitch, pitches[pitch])]
        has_sound = has_sound or len(silent) < len(pitches)
        if silent:
            name = soundfont.presets[preset]
            part = f"the drums ({name})" if is_drum else f"program {program} ({name})"
            sentences.append(f"{part} are silent" if is_drum else f"{part} is silent")
            if len(silent) < len(pitches):
                sentences[-1] = f"{part} {'have' if is_drum else 'has'} no sound for {_pitches_in_words(silent)}"
    if not has_sound:
        raise SoundError(
            f"{soundfont.path.name} plays none of the notes: {'; '.join(sentences)}. "
            "Name another SoundFont with soundfont=..., or change the program or the pitches."
        )
    return tuple(f"{soundfont.path.name}: {sentence}" for sentence in sentences)


def _pitches_in_words(pitches: list[int]) -> str:
    named = ", ".join(str(pitch) for pitch in pitches[:_MAX_NAMED])
    more = len(pitches) - _MAX_NAMED
    return f"pitch{'' if len(pitches) == 1 else 'es'} {named}" + (f" and {more} more" if more > 0 else "")


def _is_audible(soundfont: SoundFont, preset: tuple[int, int], pitch: int, velocities: set[int]) -> bool:
    return any(
        _has_signal(soundfont, zone)
        for velocity in velocities
        for zone in find_zones(soundfont, *preset, pitch, velocity)
    )


def _has_signal(soundfont: SoundFont, zone: Zone) -> bool:
    header = soundfont.tables["shdr"][zone.sample]
    length = int(header["end"]) - int(header["start"])
    if header["kind"] & ROM or length <= 0:
        return False
    if header["kind"] & COMPRESSED:  # decoded only to be played
        return True
    start, stop = sample_range(zone, length)
    return stop - start > 1 and _first_signal(soundfont, zone.sample) < stop


@lru_cache(maxsize=4096)
def _first_signal(soundfont: SoundFont, sample: int) -> int:
    """Return the first frame of a sample that is not zero; its length where there is none."""
    header = soundfont.tables["shdr"][sample]
    first, length = int(header["start"]), int(header["end"]) - int(header["start"])
    for start in range(0, length, _CHUNK_FRAMES):
        count = min(_CHUNK_FRAMES, length - start)
        frames = np.fromfile(soundfont.path, "<i2", count, offset=soundfont.samples[0] + 2 * (first + start))
        if frames.any():
            return start + int(np.flatnonzero(frames)[0])
    return length
