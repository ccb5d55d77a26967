"""Drum loops of any length, read from sequences, presets and files; what else is in the music stays with it."""

from __future__ import annotations

import dataclasses
import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from latentpalette.converters.groove import GrooveConverter
from latentpalette.errors import LatentPaletteError, PaletteError
from latentpalette.files import expand_path, write_bytes
from latentpalette.music import midi
from latentpalette.music.midi_rewrite import replace_drum_notes
from latentpalette.music.presets.catalog import presets
from latentpalette.music.presets.names import find_preset
from latentpalette.music.sequence import STEPS_PER_BAR, Note, NoteSequence
from latentpalette.music.track_choice import DrumTracks, TrackChoice, select_tracks
from latentpalette.music.track_list import TrackInfo, list_tracks
from latentpalette.validation import short_repr
from latentpalette.widgets.clips import MAX_STEPS, Clip
from latentpalette.widgets.corners import CornerLoop
from latentpalette.widgets.feel import Feel, Hit
from latentpalette.widgets.model_clips import ModelClips
from latentpalette.widgets.to_python import source_of
from latentpalette.windows.track_selection import choose_tracks
from latentpalette.wording import counted

MAX_BARS = MAX_STEPS // STEPS_PER_BAR

Place = tuple[int, int]  # step and pitch of a hit as it is written


@dataclass(frozen=True, eq=False)
class DrumSource:
    """Music with drums.

    Parameters
    ----------
    sequence : NoteSequence
        All of it, of whole bars.
    label : str
    file : bytes, optional
        The MIDI file that it is from.
    drums : optional
        The tracks of the file that are its drums.
    has_tempo : bool
        False for a preset.
    path : Path, optional
        Where the file is.
    tracks : tuple of TrackInfo
        Those of a file that was given as bytes.
    """

    sequence: NoteSequence
    label: str
    file: bytes | None = None
    drums: DrumTracks = None
    has_tempo: bool = True
    path: Path | None = None
    tracks: tuple[TrackInfo, ...] = ()

    @cached_property
    def name(self) -> str:
        """Name of the music by its content and its drums: the same in another panel, and after a restart."""
        name = _digest(midi.to_bytes(self.sequence) if self.file is None else self.file)
        if self.drums is None:
            return name
        is_number = isinstance(self.drums, int)  # the page names a track that was chosen there so
        return f"{name}.{self.drums if is_number else f'by {_digest(repr(self.drums).encode())}'}"

    def clip(self, music: ModelClips) -> Clip:
        """Return the drums that the model represents, as they are written.

        Raises
        ------
        PaletteError
            If there are none.
        """
        converter = music.converter
        assert isinstance(converter, GrooveConverter)
        clip = music.clip(converter.decode(converter.frames(self.sequence)))
        if not len(clip.notes):
            count = counted(len(self.sequence.notes), "note")
            raise PaletteError(
                f"{self.label}: no drums that the model knows, among {count}. Drums are on channel 10; name the tracks "
                "that are drums instead: lp.GroovePanel(loop, drums=...)."
            )
        return clip

    def left_out(self, music: ModelClips) -> list[str]:
        """Return sentences on what of the music is not shown: it stays as it is in what is saved."""
        converter = music.converter
        assert isinstance(converter, GrooveConverter)
        known = converter.pitch_map.classes
        others = sum(not note.is_drum for note in self.sequence.notes)
        unknown = sum(note.is_drum and note.pitch not in known for note in self.sequence.notes)
        sentences = [f"{counted(others, 'note')} of other instruments"] if others else []
        sentences += [f"{counted(unknown, 'hit')} of percussion that the model has no class for"] if unknown else []
        return [f"{sentence}: kept as written in what you save" for sentence in sentences]

    def with_hits(self, music: ModelClips, played: Mapping[Place, Hit], feel: Feel) -> NoteSequence:
        """Return the music with other drums: hits that are gone are left out, new ones are added.

        Parameters
        ----------
        music : ModelClips
        played : mapping of (step, pitch) to (step, offset, velocity)
            How each hit that is written at a place is played.
        feel : Feel
            Its swing is that of percussion that the model does not represent, too.
        """
        classes, exemplars = _drums_of(music)
        unused = dict(played)
        notes: list[Note] = []
        for note in self.sequence.notes:
            if not note.is_drum:
                notes.append(note)
            elif note.pitch not in classes:
                step, offset = feel.place(note.step, note.offset, self.sequence.steps)
                notes.append(dataclasses.replace(note, step=step, offset=offset))
            else:
                place = note.step, exemplars[classes[note.pitch]]
                hit = played.get(place)
                if hit is not None and unused.pop(place, None) is not None:
                    step, offset, velocity = hit
                    notes.append(dataclasses.replace(note, step=step, offset=offset, velocity=velocity))
                elif hit is not None:  # one more in the same step, as of a flam
                    step, offset = feel.place(note.step, note.offset, self.sequence.steps)
                    notes.append(dataclasses.replace(note, step=step, offset=offset))
        notes += [
            Note(pitch, step, 1, velocity, offset, True) for (_, pitch), (step, offset, velocity) in unused.items()
        ]
        return self.sequence.replace(notes=notes)

    def to_python(self, music: ModelClips, written: Clip) -> list[str]:
        """Return the arguments of a panel with this music and these drums, as Python source.

        That is the path of the file while the drums are its own, else all notes.
        """
        if self.path is not None and written == self.clip(music):
            return [repr(str(self.path)), *([] if self.drums is None else [f"drums={self.drums!r}"])]
        straight = Feel(timing=0, velocity=0)
        places = [(int(note["step"]), int(note["pitch"])) for note in written.notes]
        hits = dict(zip(places, straight.hits(written, written), strict=True))
        return [source_of(self.with_hits(music, hits, straight))]

    def save(self, sequence: NoteSequence, path: str | os.PathLike[str]) -> Path:
        """Write the music with its new drums as a MIDI file; all else of the file that it is from stays as it is."""
        return write_bytes(path, self.to_midi(sequence))

    def to_midi(self, sequence: NoteSequence) -> bytes:
        """Return the bytes of what `save` writes."""
        if self.file is None:
            return midi.to_bytes(sequence)
        return replace_drum_notes(self.file, sequence, drums=self.drums)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def _drums_of(music: ModelClips) -> tuple[Any, tuple[int, ...]]:
    converter = music.converter
    assert isinstance(converter, GrooveConverter)
    return converter.pitch_map.classes, tuple(converter.pitch_map.exemplars)


def read_drums(source: Any, *, drums: DrumTracks = None) -> DrumSource:
    """Read music with drums: a NoteSequence, the name of a preset, or a MIDI file (its path or bytes).

    Raises
    ------
    PaletteError
        If it is none of these, cannot be read, or is too long.
    """
    try:
        found = _read(source, drums)
    except LatentPaletteError as error:
        raise PaletteError(str(error)) from error
    steps = max(-(-found.sequence.steps // STEPS_PER_BAR), 1) * STEPS_PER_BAR
    if steps > MAX_STEPS:
        raise PaletteError(
            f"{found.label} has {steps // STEPS_PER_BAR:,} bars; a panel takes up to {MAX_BARS}. Cut it: "
            f"lp.GroovePanel(sequence.slice(0, {MAX_STEPS}))."
        )
    return dataclasses.replace(found, sequence=found.sequence.replace(steps=steps))


def _read(source: Any, drums: DrumTracks) -> DrumSource:
    if isinstance(source, NoteSequence):
        sequence = choose_tracks(source, TrackChoice(drums=drums)) if drums is not None else source
        label = source.label if isinstance(source, CornerLoop) else "Loop"
        return DrumSource(sequence, label)
    if isinstance(source, str):
        preset = find_preset(source, presets("drums"), reader="a groove panel")
        if preset is not None:
            return DrumSource(preset, source, has_tempo=False)
    if isinstance(source, (str, os.PathLike)):
        path = expand_path(source)
        sequence = midi.read(path, drums=drums)
        return DrumSource(sequence, path.name, path.read_bytes(), drums, path=path)
    if isinstance(source, (bytes, bytearray, memoryview)):
        data = bytes(source)
        score = midi.read_score(data)
        sequence = select_tracks(score, TrackChoice(drums=drums)).quantize()
        return DrumSource(sequence, "MIDI file", data, drums, tracks=list_tracks(score))
    kind = type(source).__name__ if isinstance(source, Iterable) else short_repr(source)
    raise PaletteError(
        f"A loop is a NoteSequence, the name of a preset, or a MIDI file (its path or bytes); got {kind}."
    )
