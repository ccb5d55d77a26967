"""The music of a model as clips, and back: its streams, its lanes, and what the model makes of a sequence."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypedDict

import numpy as np
from numpy.typing import ArrayLike, NDArray

from latentpalette.converters.base import Converter, Frames
from latentpalette.converters.drum_pianoroll import DrumPianorollConverter
from latentpalette.converters.drums import DrumsConverter
from latentpalette.converters.groove import GrooveConverter
from latentpalette.converters.melody import MelodyConverter
from latentpalette.converters.performance import PerformanceConverter
from latentpalette.converters.trio import TrioConverter
from latentpalette.errors import LatentPaletteError, PaletteError
from latentpalette.models.decoding_in_parts import music_in_parts
from latentpalette.models.inputs import stack_inputs
from latentpalette.models.musicvae import MusicVAE
from latentpalette.music.accents import ACCENTS
from latentpalette.music.drums import DRUM_MAPS, DRUM_NAMES, DrumMap
from latentpalette.music.instruments import BASS_PROGRAM, BASS_PROGRAMS
from latentpalette.music.melody import MAX_PITCH, MIN_PITCH
from latentpalette.music.sequence import STEPS_PER_BAR, Note, NoteSequence
from latentpalette.music.streams import Stream
from latentpalette.progress.parts import Task
from latentpalette.validation import short_repr
from latentpalette.widgets.chord_settings import check_chords, first_chords, require_chords, takes_chords
from latentpalette.widgets.clips import NOTE, OFFSET_SCALE, Clip, sort_notes

if TYPE_CHECKING:
    from latentpalette.models.network import Posterior

_BASS_USUAL_HIGH = 72  # the highest of 17,000 notes that trio-16bar samples at temperature 1 is 64
_CLIP_WORK = 20  # of making a clip; see `latentpalette.progress.parts`
_DRUM_CONVERTERS = (DrumsConverter, DrumPianorollConverter, GrooveConverter)


class Lane(TypedDict):
    """A row that can be muted or locked: a drum of a drum model, or a stream.

    `pitches` are those of its notes; None for all notes of the stream.
    """

    name: str
    stream: int
    pitches: list[int] | None


def display_name(model: MusicVAE) -> str:
    """Return the name that a model was loaded by, else that of its configuration."""
    config = getattr(model, "config", None)
    return str(getattr(model, "name", None) or getattr(config, "name", None) or type(model).__name__)


@dataclass(frozen=True)
class ModelClips:
    """The music of a model as clips, and back.

    Parameters
    ----------
    model : MusicVAE
    converter : Converter
    streams : tuple of Stream
        The parallel outputs of the model, in their order.
    programs : tuple of int, optional
        The General MIDI programs of the music that is made of clips, one for each stream; by default the streams' own,
        by which the model knows them.
    chords : tuple of str, optional
        What the music is decoded over, evenly spaced, of a model that is conditioned on chords. Music is encoded with
        its own chords, as `MusicVAE.encode` infers them: other chords change what is decoded of it.

    Examples
    --------
    >>> import latentpalette as lp
    >>> drums = ModelClips.of(lp.load("drums-2bar"))
    >>> [lane["name"] for lane in drums.lanes][:3], drums.steps, drums.has_velocity
    (['kick', 'snare', 'closed hat'], 32, False)
    """

    model: MusicVAE
    converter: Converter
    streams: tuple[Stream, ...]
    programs: tuple[int, ...] = ()
    chords: tuple[str, ...] = ()

    @classmethod
    def can_play(cls, model: MusicVAE) -> bool:
        """Return whether instruments can play a model: from z, in streams of drums, melody or bass.

        Examples
        --------
        >>> import latentpalette as lp
        >>> ModelClips.can_play(lp.load("trio-16bar"))
        True
        """
        try:
            cls.of(model)
        except PaletteError:
            return False
        return True

    @classmethod
    def of(cls, model: MusicVAE, chords: Sequence[str] | str | None = None) -> ModelClips:
        """Return the clips of a model.

        Parameters
        ----------
        model : MusicVAE
        chords : list of str, or str, optional
            What a model that is conditioned on chords plays over; see `over`. By default C, Am, F and G, or C alone.

        Raises
        ------
        PaletteError
            If it is no model, or its music has no streams of drums, melody or bass; if there are chords that it cannot
            be given.
        """
        if isinstance(model, (str, os.PathLike)):
            raise PaletteError(f"An instrument needs a model, not its name: pass lp.load({short_repr(str(model))}).")
        try:
            converter = getattr(model, "converter", None)
        except LatentPaletteError:  # a model of arrays only
            converter = None
        if isinstance(converter, _DRUM_CONVERTERS):
            streams: tuple[Stream, ...] = (Stream.drums(converter.pitch_map),)
        elif isinstance(converter, MelodyConverter):
            streams = (_melody_stream(converter.programs),)
        elif isinstance(converter, TrioConverter):
            bass = Stream("bass", program=BASS_PROGRAM, low=MIN_PITCH, high=MAX_PITCH, usual_high=_BASS_USUAL_HIGH)
            drums = Stream.drums(DRUM_MAPS[converter.drum_map])
            streams = (_melody_stream(converter.melody_programs), bass, drums)
        elif isinstance(converter, PerformanceConverter):
            raise PaletteError(
                f"{display_name(model)!r} makes bars of a band, up to eight instruments with their timing, which no "
                "instrument here can play. lp.show(model.sample(4)) shows and plays them."
            )
        else:
            raise PaletteError(
                f"Drums, melodies, trios and grooves can be played here; {display_name(model)!r} makes none of them. "
                'Try lp.load("drums-2bar").'
            )
        if converter.control_depth and not takes_chords(converter):
            raise PaletteError(
                f"{display_name(model)!r} plays from z and from hits; instruments give a model z, and chords where it "
                "takes some. Give it hits in Python, model.sample(4, controls=...), or choose a model without them: "
                'lp.load("groove-4bar"), lp.load("drums-2bar").'
            )
        music = cls(model, converter, streams, chords=tuple(first_chords(converter)))
        return music if chords is None else music.over(chords)

    def over(self, chords: Sequence[str] | str) -> ModelClips:
        """Return the same clips over other chords, evenly spaced: a list of symbols, or a text, ``"C Am F G"``.

        Raises
        ------
        SettingError
            If one is no chord, the model takes no chords, or as many do not divide its music.
        """
        symbols = check_chords(chords)
        if tuple(symbols) == self.chords:
            return self
        require_chords(symbols, self.converter, display_name(self.model))
        return replace(self, chords=tuple(symbols))

    @cached_property
    def controls(self) -> Frames | None:
        """The chords as the decoder takes them [steps, depth]; None of a model that takes none."""
        converter: Any = self.converter
        return converter.chord_controls(self.chords) if self.chords else None

    @property
    def arguments(self) -> dict[str, Any]:
        """The keywords that the model's methods take beside z: its controls, if there are some."""
        return {} if self.controls is None else {"controls": self.controls}

    @property
    def steps(self) -> int:
        """Length of the model's music [sixteenths]."""
        return self.converter.steps

    @property
    def has_velocity(self) -> bool:
        """True if the model says how hard and how late a drum is hit."""
        return isinstance(self.converter, GrooveConverter)

    @cached_property
    def lanes(self) -> list[Lane]:
        """The drums of a model that makes nothing but drums, else the streams."""
        return lanes_of(self.streams)

    def canonical(self, sequence: NoteSequence) -> NoteSequence:
        """Return what the model reads of a sequence of its length.

        Raises
        ------
        ConverterError
            If it has another length, or no note that the model represents.
        """
        return self.converter.decode(self.converter.encode(sequence).targets, qpm=sequence.qpm)

    def clip(self, sequence: NoteSequence, *, accented: bool = True) -> Clip:
        """Return the clip of music that the model made or can read.

        The drums of a model without velocities get accents, unless `accented` is False: then velocities stay.
        """
        rows = [
            (
                note.step,
                note.length,
                note.pitch,
                note.velocity,
                round(note.offset * OFFSET_SCALE),
                self._stream_of(note),
            )
            for note in sequence.notes
        ]
        notes = np.array(rows, NOTE)
        if accented and not self.has_velocity:
            self._accent(notes)
        return Clip(sort_notes(notes), sequence.steps)

    def sequence(self, clip: Clip, qpm: float = 120.0) -> NoteSequence:
        """Return the music of a clip."""
        programs = self.programs or [stream.program for stream in self.streams]
        columns = (clip.notes[name].tolist() for name in ("step", "length", "pitch", "velocity", "stream", "offset"))
        notes = [
            Note(
                pitch,
                step,
                length,
                velocity,
                offset / OFFSET_SCALE,
                self.streams[stream].is_drum,
                programs[stream],
            )
            for step, length, pitch, velocity, stream, offset in zip(*columns, strict=True)
        ]
        return NoteSequence(notes, clip.steps, qpm)

    def posterior(self, clips: Sequence[Clip]) -> Posterior:
        """Encode clips, each with its own chords where the model is conditioned on chords.

        Raises
        ------
        ConverterError
            If the model cannot read a clip.
        """
        examples = [self.converter.encode(self.sequence(clip)) for clip in clips]
        frames, lengths = stack_inputs(examples)
        if self.controls is None:
            return self.model.posterior_arrays(frames, **({} if lengths is None else {"lengths": lengths}))
        controls = np.stack([example.controls for example in examples])
        return self.model.posterior_arrays(frames, lengths=lengths, controls=controls)

    @property
    def clip_work(self) -> int:
        """The steps of all streams of a clip, by which models and clips compare."""
        return self.steps * len(self.streams)

    def encode_in_parts(self, clips: Sequence[Clip]) -> Task[Posterior]:
        """Return the posteriors of a few clips; that is one part."""
        yield len(clips) * self.clip_work // 3
        return self.posterior(clips)

    def decode(self, z: ArrayLike) -> list[Clip]:
        """Decode latent vectors [n, z] to clips, arg-max."""
        return [self.clip(sequence) for sequence in self.model.decode(z, **self.arguments)]

    def decode_in_parts(self, z: ArrayLike) -> Task[list[Clip]]:
        """Decode latent vectors [n, z] as `decode` does: a few steps of all of them at a time."""
        model: Any = self.model
        if not isinstance(model, MusicVAE):
            yield len(np.asarray(z)) * self.clip_work
            return self.decode(z)
        clips = []
        for sequence in (yield from music_in_parts(model, z, controls=self.controls)):
            yield _CLIP_WORK
            clips.append(self.clip(sequence))
        return clips

    def check_clip(self, clip: Clip, name: str, *, error: type[PaletteError] = PaletteError) -> None:
        """Raise an error if a clip has another length than the model's, or notes that no stream of it has."""
        if clip.steps != self.steps:
            raise error(f"{name} has {self.steps} steps, as the model's music; got {clip.steps}.")
        last = int(clip.notes["stream"].max(initial=0))
        if last >= len(self.streams):
            raise error(f"{name} has notes of {len(self.streams)} streams, counted from 0; got stream {last}.")
        for index, stream in enumerate(self.streams):
            notes = clip.notes[clip.notes["stream"] == index]
            known = stream.drum_map.exemplars if stream.drum_map else range(stream.low, stream.high + 1)
            unknown = notes["pitch"][~np.isin(notes["pitch"], known)]
            if len(unknown):
                raise error(f"{name} has pitches that the {stream.name} of the model can have; got {unknown[0]}.")
            is_long = notes["step"].astype(int) + notes["length"] > clip.steps
            if not stream.is_drum and is_long.any():
                step, length = notes[is_long][0][["step", "length"]]
                raise error(f"{name} has notes that end with it; got one of {length} steps at {step}.")

    def accents(self, lane: Lane) -> list[int]:
        """Return the velocities [16 steps of a bar] of a lane's notes where the music has none."""
        names = [DRUM_NAMES.index(lane["name"])] if lane["pitches"] and lane["name"] in DRUM_NAMES else []
        return list(ACCENTS[names[0]]) if names else [80] * STEPS_PER_BAR

    def _stream_of(self, note: Note) -> int:
        if len(self.streams) == 1:
            return 0
        is_bass = not note.is_drum and note.program in BASS_PROGRAMS
        wanted = "drums" if note.is_drum else "bass" if is_bass else "melody"
        return next(index for index, stream in enumerate(self.streams) if stream.name == wanted)

    def _accent(self, notes: NDArray[np.void]) -> None:
        for index, stream in enumerate(self.streams):
            if stream.drum_map is None:
                continue
            table = accents_by_pitch(stream.drum_map)
            rows = notes["stream"] == index
            notes["velocity"][rows] = table[notes["pitch"][rows], notes["step"][rows] % STEPS_PER_BAR]


def lanes_of(streams: Sequence[Stream]) -> list[Lane]:
    """Return the lanes of streams.

    Examples
    --------
    >>> lanes_of([Stream("melody"), Stream("bass")])
    [{'name': 'melody', 'stream': 0, 'pitches': None}, {'name': 'bass', 'stream': 1, 'pitches': None}]
    """
    drum_map = streams[0].drum_map if len(streams) == 1 else None
    if drum_map is None:
        return [Lane(name=stream.name, stream=index, pitches=None) for index, stream in enumerate(streams)]
    return [
        Lane(name=name, stream=0, pitches=[pitch])
        for name, pitch in zip(drum_map.names, drum_map.exemplars, strict=True)
    ]


def _melody_stream(programs: tuple[int, int] | None) -> Stream:
    return Stream("melody", program=programs[0] if programs else 0, low=MIN_PITCH, high=MAX_PITCH)


def accents_by_pitch(drum_map: DrumMap) -> NDArray[np.int64]:
    """Return velocities [128 pitches, 16 steps of a bar]."""
    table = np.full((128, STEPS_PER_BAR), 80)
    for name, pitch in zip(drum_map.names, drum_map.exemplars, strict=True):
        if name in DRUM_NAMES:
            table[pitch] = ACCENTS[DRUM_NAMES.index(name)]
    return table
