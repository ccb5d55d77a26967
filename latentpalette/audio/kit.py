"""A kit: sampled sounds of all streams of an instrument, so that a browser plays without a kernel."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TypedDict

import numpy as np

from latentpalette.audio import synth
from latentpalette.audio.drum_sounds import drum_sounds
from latentpalette.audio.events import SAMPLE_RATE
from latentpalette.audio.held_sounds import held_sounds, sampled_pitches
from latentpalette.audio.kit_file import encode_sounds, is_dark
from latentpalette.audio.sampled_sound import SampledSound
from latentpalette.audio.soundfont.file import SoundFont
from latentpalette.audio.soundfont.find import find_soundfont
from latentpalette.errors import SoundError
from latentpalette.music.sequence import Note, NoteSequence
from latentpalette.music.streams import Stream

MAX_BYTES = 295_000  # of a kit: its pitched streams are compressed together until there is room for all
_DRUM_COMPRESSION = 0.3  # cymbals are noise, which needs more
# Of pitched streams, the best first, and whether all are to have half the rate: else those that lose nothing by it.
_HELD_QUALITIES = ((0.5, False), (0.6, False), (0.7, False), (0.6, True), (0.7, True), (0.8, True), (0.9, True))


class KitEntry(TypedDict, total=False):
    """A sound as the browser reads of it; `release`, `loop_start` and `decay` are those of a held one."""

    name: str
    stream: int
    pitch: int
    start: int
    length: int
    pan: float
    gain: float
    release: float
    loop_start: int
    decay: float


# The sounds of a stream as bytes, where each begins [frames], and the gain of each.
File = tuple[bytes, list[int], list[float]]


@dataclass(frozen=True, eq=False)
class StreamSounds:
    """The sounds of one stream.

    Parameters
    ----------
    is_drum : bool
    sounds : tuple of SampledSound
    engine, soundfont : str
        Names of the engine and the SoundFont that rendered them.
    """

    is_drum: bool
    sounds: tuple[SampledSound, ...]
    engine: str
    soundfont: str
    _files: dict[tuple[float, bool] | None, File] = field(default_factory=dict, repr=False)

    @cached_property
    def _is_dark(self) -> bool:
        return all(is_dark(sound.samples) for sound in self.sounds)

    def encode(self, quality: tuple[float, bool] | None) -> File:
        """Encode the sounds as one file, once for each quality; see `encode_sounds`.

        Parameters
        ----------
        quality : (float, bool), optional
            Compression [0 to 1] of pitched sounds, and whether they have half the rate in any case; drums have their
            own. None is a WAV.
        """
        if quality is not None and self.is_drum:
            quality = (_DRUM_COMPRESSION, False)
        if quality not in self._files:
            compression, half_rate = quality or (None, False)
            half_rate = half_rate or (not self.is_drum and self._is_dark)
            samples = [sound.samples for sound in self.sounds]
            self._files[quality] = encode_sounds(samples, compression=compression, half_rate=half_rate)
        return self._files[quality]


@dataclass(frozen=True, eq=False)
class Kit:
    """Sampled sounds of streams.

    Parameters
    ----------
    streams : tuple of StreamSounds
    rate : int [frames per second]
    """

    streams: tuple[StreamSounds, ...]
    rate: int

    def __len__(self) -> int:
        return sum(len(stream.sounds) for stream in self.streams)

    def __repr__(self) -> str:
        size = len(self.packed()[0]) / 1000
        fonts = ", ".join(dict.fromkeys(f"{stream.engine}, {stream.soundfont}" for stream in self.streams))
        return f"Kit({len(self)} sounds, {size:.0f} kB, {self.rate} Hz, {fonts})"

    def packed(self, *, compressed: bool = True) -> tuple[bytes, list[KitEntry]]:
        """Encode the kit for the browser: a file of samples for each stream, and an index.

        Parameters
        ----------
        compressed : bool
            As MP3, where it can be made here; else as WAV of 16 bits, for a browser that decodes no MP3.

        Returns
        -------
        data : bytes
            The number of files and the length of each (unsigned, 32 bits, little endian); then the files.
        index : list of dict
            ``{name, stream, pitch, start, length, pan, gain}`` of each sound, `start` and `length` in frames of its
            stream's file. `gain` restores the loudness relative to all other sounds, at velocity 127. A held sound has
            `release` [seconds], and with a loop `loop_start` [frames from `start`] and `decay`.

        Examples
        --------
        >>> from latentpalette.music.drums import REDUCED
        >>> data, index = kit_of([Stream.drums(REDUCED)]).packed()
        >>> index[0]["name"], index[0]["stream"], len(data) < 100_000
        ('kick', 0, True)
        """
        files, index = [], []
        encoded = self._compressed if compressed else [stream.encode(None) for stream in self.streams]
        for number, (stream, (file, starts, gains)) in enumerate(zip(self.streams, encoded, strict=True)):
            files.append(file)
            for sound, start, gain in zip(stream.sounds, starts, gains, strict=True):
                index.append(_entry(sound, number, start, gain))
        table = np.array([len(files), *map(len, files)], "<u4")
        return b"".join([table.tobytes(), *files]), index

    @cached_property
    def _compressed(self) -> list[File]:
        """The streams at the best quality at which there is room for all."""
        for quality in _HELD_QUALITIES:
            files = [stream.encode(quality) for stream in self.streams]
            if sum(len(file) for file, _, _ in files) <= MAX_BYTES:
                break
        return files


def _entry(sound: SampledSound, stream: int, start: int, gain: float) -> KitEntry:
    entry = KitEntry(
        name=sound.name,
        stream=stream,
        pitch=sound.pitch,
        start=start,
        length=len(sound.samples),
        pan=round(sound.pan, 4),
        gain=gain,
    )
    if sound.release is not None:
        entry["release"] = sound.release
    if sound.loop_start is not None:
        entry |= {"loop_start": sound.loop_start, "decay": sound.decay}
    return entry


def kit_of(
    streams: Iterable[Stream], *, soundfont: str | os.PathLike[str] | None = None, engine: str | None = None
) -> Kit:
    """Render the sounds of streams, each once.

    Parameters
    ----------
    streams : iterable of Stream
    soundfont, engine : optional
        As for `latentpalette.audio.synth.render`.

    Returns
    -------
    Kit
        A sound for each drum, and one for every third semitone of pitched streams.

    Raises
    ------
    SoundError
        As `render` does; and if the SoundFont plays nothing of a stream.

    Examples
    --------
    >>> from latentpalette.music.drums import REDUCED
    >>> kit = kit_of([Stream("melody", program=73, low=60, high=71), Stream.drums(REDUCED)])
    >>> [sound.pitch for sound in kit.streams[0].sounds], len(kit), kit.rate
    ([61, 64, 67, 70], 13, 44100)
    """
    font = find_soundfont(soundfont)
    return Kit(tuple(_render_stream(stream, font, engine) for stream in streams), SAMPLE_RATE)


def _render_stream(stream: Stream, font: SoundFont, engine: str | None) -> StreamSounds:
    pitches = stream.drum_map.exemplars if stream.drum_map else sampled_pitches(stream.low, stream.recorded_high)
    notes = [Note(pitch, 0, is_drum=stream.is_drum, program=stream.program) for pitch in pitches]
    return _cached_sounds(stream, font, synth.engine_for(NoteSequence(notes, steps=1), font, engine))


@lru_cache(maxsize=16)
def _cached_sounds(stream: Stream, font: SoundFont, engine: str) -> StreamSounds:
    sounds = (drum_sounds if stream.is_drum else held_sounds)(stream, font, engine)
    if not any(sound.samples.any() for sound in sounds):
        raise SoundError(
            f"{font.path.name} plays nothing of the {stream.name} ({stream.instrument}). "
            "Name a General MIDI SoundFont with soundfont=..."
        )
    return StreamSounds(stream.is_drum, sounds, engine, font.path.name)
