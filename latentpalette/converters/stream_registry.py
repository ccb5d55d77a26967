"""The output streams of each representation, in their order.

A new representation adds a line, and a small class of streams where its labels have another meaning.
"""

from __future__ import annotations

from collections.abc import Mapping

from latentpalette.converters.melody import NUM_CLASSES
from latentpalette.converters.performance_stream import PerformanceStream
from latentpalette.converters.streams import MAX_DRUMS, DrumStream, MelodyStream, Stream
from latentpalette.music.drums import DRUM_MAPS
from latentpalette.music.performance_tokens import NUM_TOKENS


def streams_of(spec: Mapping[str, object]) -> tuple[Stream, ...]:
    """Return the output streams of a representation, in their order; none where its labels have no known meaning.

    Parameters
    ----------
    spec : mapping
        As for `latentpalette.converters.make_converter`.

    Examples
    --------
    >>> [stream.name for stream in streams_of({"name": "trio", "steps": 256})]
    ['melody', 'bass', 'drums']
    >>> [stream.name for stream in streams_of({"name": "performance"})]
    ['tracks']
    """
    name, drum_map = str(spec.get("name", "")), str(spec.get("drum_map", "reduced"))
    if name == "melody":
        return (MelodyStream("melody", NUM_CLASSES),)
    if name == "trio":
        return MelodyStream("melody", NUM_CLASSES), MelodyStream("bass", NUM_CLASSES), DrumStream.from_map(drum_map)
    if name == "performance":
        return (PerformanceStream("tracks", NUM_TOKENS),)
    if name in ("drums", "drum-pianoroll", "groove") and len(DRUM_MAPS[drum_map].names) <= MAX_DRUMS:
        return (DrumStream.from_map(drum_map),)
    return ()
