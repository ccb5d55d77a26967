"""Attributes of music by its kind: the few numbers that tell one loop of drums, or one melody, from another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from latentpalette.music.drums import REDUCED
from latentpalette.music.features import (
    Feature,
    average_interval,
    backbeat,
    pitch_range,
    syncopation_16th,
)
from latentpalette.music.sequence import NoteSequence
from latentpalette.music.streams import Stream

_HATS = frozenset(pitch for name in ("closed hat", "open hat") for pitch in REDUCED.pitches[REDUCED.index(name)])


@dataclass(frozen=True)
class Attribute:
    """A number that describes music.

    Parameters
    ----------
    name : str
    feature : callable (NoteSequence) -> float
    kind : {"count", "share", "semitones"}
        A whole number, a share [0 to 1], or an interval.
    """

    name: str
    feature: Feature
    kind: str


def attributes_of(streams: Sequence[Stream]) -> tuple[Attribute, ...]:
    """Return the attributes of the music of a model, by its streams; the first is how much there is.

    Examples
    --------
    >>> from latentpalette.music.streams import Stream
    >>> [attribute.name for attribute in attributes_of([Stream.drums(REDUCED)])]
    ['hits', 'syncopation', 'share of hats', 'backbeat']
    >>> [attribute.name for attribute in attributes_of([Stream("melody"), Stream("bass"), Stream.drums(REDUCED)])]
    ['notes', 'hits', 'syncopation', 'range of the melody']
    """
    has_drums = any(stream.is_drum for stream in streams)
    syncopation = Attribute("syncopation", syncopation_16th, "share")
    hits = Attribute("hits", _count_hits, "count")
    if all(stream.is_drum for stream in streams):
        hats = Attribute("share of hats", _share_of_hats, "share")
        return (hits, syncopation, hats, Attribute("backbeat", backbeat, "share"))
    notes = Attribute("notes", _count_notes, "count")
    if not has_drums:
        interval = Attribute("average interval", average_interval, "semitones")
        return (notes, syncopation, Attribute("range", pitch_range, "semitones"), interval)
    return (notes, hits, syncopation, Attribute("range of the melody", _melody_range(streams), "semitones"))


def _count_hits(sequence: NoteSequence) -> float:
    return float(sum(note.is_drum for note in sequence.notes))


def _count_notes(sequence: NoteSequence) -> float:
    return float(sum(not note.is_drum for note in sequence.notes))


def _share_of_hats(sequence: NoteSequence) -> float:
    hits = [note.pitch for note in sequence.notes if note.is_drum]
    return sum(pitch in _HATS for pitch in hits) / len(hits) if hits else 0.0


def _melody_range(streams: Sequence[Stream]) -> Feature:
    program = next(stream.program for stream in streams if not stream.is_drum)

    def melody_range(sequence: NoteSequence) -> float:
        pitches = [note.pitch for note in sequence.notes if not note.is_drum and note.program == program]
        return float(max(pitches) - min(pitches)) if pitches else 0.0

    return melody_range
