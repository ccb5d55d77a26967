"""Options for extracting windows: facts about MIDI files that the files themselves do not state."""

from __future__ import annotations

import re
from dataclasses import dataclass

from latentpalette.errors import TrainingError
from latentpalette.music.drums import DRUM_MAPS
from latentpalette.music.track_choice import DrumTracks, TrackChoice, TrackName
from latentpalette.validation import check_flag, short_repr


@dataclass(frozen=True)
class ExtractOptions:
    """Options for interpreting the MIDI files of a corpus. Patterns are case-insensitive regular expressions.

    Parameters
    ----------
    melody_tracks : str
        Tracks whose names match are melodies, whatever their instrument; empty for none.
    bass_tracks : str
        Tracks whose names match are the bass of a synthetic trio; of simultaneous notes the lowest is used.
    drum_map : str
        The map that the drums were recorded with, if it is not the converter's: ``"roland"`` for the Groove MIDI
        Dataset. Empty for the converter's.
    track : int, str or None
        The only track that is read of each file; see `latentpalette.music.track_choice.TrackChoice`. None for all.
    drums : int, str, list of them, or None
        The tracks that are drums, instead of those on channel 10.
    synthesize_trios : bool
        Make trios from songs that have a melody and a bass but no drums; see `latentpalette.data.synthetic_trios`.

    Raises
    ------
    TrainingError
        If a pattern is not a regular expression, or there is no such drum map.
    MidiError
        If a track is neither a number nor a name.

    Examples
    --------
    >>> ExtractOptions(drum_map="harp")
    Traceback (most recent call last):
    latentpalette.errors.TrainingError: No drum map is called 'harp'; there are reduced, reduced-2018, roland, full.
    """

    melody_tracks: str = r"\bvoice\b|\bvocals?\b|\bmelody\b|\bviolin (1|i)\b"
    bass_tracks: str = r"^accomp staff 2\b|\b(violon)?cello\b"
    drum_map: str = ""
    track: TrackName | None = None
    drums: DrumTracks = None
    synthesize_trios: bool = False

    def __post_init__(self) -> None:
        check_flag(self.synthesize_trios, "synthesize_trios", error=TrainingError)
        if not isinstance(self.drum_map, str):
            raise TrainingError(f"The drum map is a name; got {short_repr(self.drum_map)}.")
        TrackChoice(self.track, self.drums)  # checks them
        _require_regex(self.melody_tracks)
        _require_regex(self.bass_tracks)
        if self.drum_map and self.drum_map not in DRUM_MAPS:
            raise TrainingError(f"No drum map is called {self.drum_map!r}; there are {', '.join(DRUM_MAPS)}.")

    def check_used_by(self, converter: str, *, has_drum_corpus: bool = False) -> None:
        """Raise if an option was set that has no effect on the windows of a converter.

        Parameters
        ----------
        converter : str
            Its name: ``"melody"``.
        has_drum_corpus : bool
            Whether synthetic trios are made; see `latentpalette.data.build.build_corpus_file`.

        Raises
        ------
        TrainingError
            The message has what the option needs.

        Examples
        --------
        >>> ExtractOptions(drum_map="roland").check_used_by("melody")
        Traceback (most recent call last):
        latentpalette.errors.TrainingError: drum_map='roland' has no effect on melody, which has no drums.
        """
        has_drums = converter not in ("melody", "performance")
        reasons = {
            "melody_tracks": _without_melodies(converter, has_drum_corpus),
            "bass_tracks": None if has_drum_corpus else _WITHOUT_DRUM_LOOPS,
            "drum_map": None if has_drums else f"on {converter}, which has no drums",
            "synthesize_trios": None if has_drum_corpus else _WITHOUT_DRUM_LOOPS,
        }
        for name, reason in reasons.items():
            value = getattr(self, name)
            if reason is not None and value and value != getattr(ExtractOptions, name):
                raise TrainingError(f"{name}={short_repr(value)} has no effect {reason}.")


_WITHOUT_DRUM_LOOPS = "without a corpus of drum loops, of which synthetic trios are made: drum_corpus, or --drum-corpus"


def _without_melodies(converter: str, has_drum_corpus: bool) -> str | None:
    if converter == "melody" or has_drum_corpus:
        return None
    return _WITHOUT_DRUM_LOOPS if converter == "trio" else f"on {converter}, which has no melody"


def _require_regex(pattern: object) -> None:
    if not isinstance(pattern, str):
        raise TrainingError(f"Track names: a regular expression is text; got {short_repr(pattern)}.")
    try:
        re.compile(pattern)
    except re.error as problem:
        raise TrainingError(f"Track names: {pattern!r} is not a regular expression ({problem}).") from problem
