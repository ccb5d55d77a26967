"""Choice of tracks by number, name or channel: of the one that is read, and of those that are drums."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from latentpalette.errors import MidiError, suggest
from latentpalette.music.score import Score
from latentpalette.music.sequence import STEPS_PER_QUARTER
from latentpalette.music.track_list import TrackInfo, describe_tracks, list_tracks
from latentpalette.validation import check_integer, short_repr

ALL_TRACKS = "all"

TrackName = int | str
"""The number of a track, its name or part of it, or ``"channel 1"`` for the tracks of a channel."""

DrumTracks = TrackName | Sequence[TrackName] | None

_CHANNEL = re.compile(r"(?:channel|chan\.?|ch\.?)\s*(\d{1,3})", re.IGNORECASE)
_DRUM_NAME = re.compile(
    r"\b(drum(s|kit|set)?|percussion|perc|beats?|kit|schlagzeug|batterie|bater[ií]a|batteria)\b", re.IGNORECASE
)
_DRUM_PITCHES = range(27, 88)  # those of General MIDI with their extensions
_PERCUSSION_WITH_PITCH = {*range(8, 16), 47, 108, 112, 114}  # glockenspiel ... dulcimer, timpani, kalimba, steel drums


@dataclass(frozen=True)
class TrackChoice:
    """The tracks of a file that are to be read. Without a choice, that is left to the reader.

    Parameters
    ----------
    track : int, str or None
        The one that is read: its number from 1, its name or a part of it that no other name has, in upper or lower
        case, or ``"channel 1"`` for the tracks of a channel. ``"all"`` reads all tracks.
    drums : int, str, list of them, or None
        The tracks that are read as drums, instead of those on channel 10.

    Raises
    ------
    MidiError
        If it is neither a number nor a name.

    Examples
    --------
    >>> TrackChoice(track=0)
    Traceback (most recent call last):
    latentpalette.errors.MidiError: track is a whole number from 1, or a name; got 0.
    """

    track: TrackName | None = None
    drums: DrumTracks = None

    def __post_init__(self) -> None:
        if self.track is not None:
            _check_name(self.track, "track")
        if self.drums is not None:
            names = (
                (self.drums,)
                if isinstance(self.drums, (str, bytes)) or not isinstance(self.drums, Sequence)
                else self.drums
            )
            for name in names:
                _check_name(name, "drums")
            object.__setattr__(self, "drums", tuple(names) or None)

    @property
    def names_track(self) -> bool:
        """True if it names a track, and not all."""
        return self.track is not None and not self.is_all

    @property
    def is_all(self) -> bool:
        """True if it asks for all tracks."""
        return isinstance(self.track, str) and self.track.strip().lower() == ALL_TRACKS


NO_CHOICE = TrackChoice()


def select_tracks(score: Score, choice: TrackChoice) -> Score:
    """Return a score with the chosen tracks only, and the chosen drums as drums.

    Parameters
    ----------
    score : Score
    choice : TrackChoice
        With `drums`, other drums are left out; with `track`, all but that track and the drums of the choice.

    Raises
    ------
    MidiError
        If there is no such track, or several; the message lists the tracks.

    Examples
    --------
    >>> from latentpalette.music.sequence import Note, NoteSequence
    >>> score = Score.from_sequence(NoteSequence([Note(60, 0, program=40), Note(36, 4, program=73)], steps=16))
    >>> chosen = select_tracks(score, TrackChoice(track="violin", drums=2))
    >>> chosen.pitch.tolist(), chosen.is_drum.tolist()
    ([60, 36], [False, True])
    >>> select_tracks(score, TrackChoice(track="oboe"))
    Traceback (most recent call last):
    latentpalette.errors.MidiError: the sequence: no track 'oboe'. There are: 1, Violin (1 note); 2, Flute (1 note).
    """
    is_read = np.ones(len(score.pitch), bool)
    if choice.names_track:
        assert choice.track is not None
        is_read = _notes_of(score, find_tracks(score, choice.track))
    if choice.drums is not None:
        drums = [track for name in choice.drums for track in find_tracks(score, name)]  # type: ignore[union-attr]
        is_read = is_read & ~score.is_drum | _notes_of(score, drums)
        score = _mark_as_drums(score, drums)
    return score if is_read.all() else score.select(is_read)


def find_tracks(score: Score, name: TrackName) -> tuple[TrackInfo, ...]:
    """Find the track with a number or a name, or the tracks of a channel; see `TrackChoice`.

    Raises
    ------
    MidiError
        If there is no such track, or several; the message lists the tracks.
    """
    tracks = list_tracks(score)
    text = _fold(str(name))
    by_name = [track for track in tracks if text in (_fold(track.name), _fold(track.name or track.instrument))]
    channel = _CHANNEL.fullmatch(text)
    if isinstance(name, int):
        found = [track for track in tracks if track.number == name]
    elif by_name:
        found = by_name
    elif text.isdecimal():
        found = [track for track in tracks if track.number == int(text)]
    elif channel and (on_channel := [track for track in tracks if track.channel == int(channel[1])]):
        return tuple(on_channel)
    else:
        found = [track for track in tracks if text and text in _fold(track.name or track.instrument)]
    if len(found) == 1:
        return tuple(found)
    if found:
        raise MidiError(
            f"{score.name}: {len(found)} tracks are called {name!r}. "
            f"Choose one by its number: {describe_tracks(found)}."
        )
    names = [track.name or track.instrument for track in tracks]
    hint = suggest(name, names) if isinstance(name, str) else ""
    listed = f"There are: {describe_tracks(tracks)}." if tracks else "There are no notes."
    raise MidiError(f"{score.name}: no track {name!r}.{hint} {listed}")


def find_unmarked_drums(score: Score) -> tuple[TrackInfo, ...]:
    """Find the tracks whose names say that they are drums, in a score in which none is marked as drums.

    They have no pitches but those of drums, and no instruments of percussion with a pitch.
    """
    if score.is_drum.any() or not any(_DRUM_NAME.search(origin.name) for origin in score.track_origins):
        return ()
    return tuple(
        track
        for track in list_tracks(score)
        if _DRUM_NAME.search(track.name)
        and not _PERCUSSION_WITH_PITCH.intersection(track.programs)
        and set(score.pitch[_notes_of(score, [track])].tolist()) <= set(_DRUM_PITCHES)
    )


def mark_drums_by_name(score: Score) -> Score:
    """Return a score without drums with those tracks as drums whose names say so, and a warning.

    Examples
    --------
    >>> from latentpalette.music.score import TrackOrigin
    >>> from latentpalette.music.sequence import Note, NoteSequence
    >>> score = Score.from_sequence(NoteSequence([Note(36, 0)], steps=16))
    >>> score = dataclasses.replace(score, track_origins=(TrackOrigin("Beat", 0, 0),))
    >>> mark_drums_by_name(score).warnings[0].partition(" (")[0]
    'channel 10 is empty; track 1, Beat, is read as drums'
    """
    tracks = find_unmarked_drums(score)
    if not tracks:
        return score
    names = " and ".join(track.title for track in tracks)
    verb = "is" if len(tracks) == 1 else "are"
    warning = (
        f"channel 10 is empty; track{'' if len(tracks) == 1 else 's'} {names}, {verb} read as drums "
        "(to choose others: drums=... in Python, --drums on the command line)"
    )
    marked = _mark_as_drums(score, tracks)
    return dataclasses.replace(marked, warnings=(*score.warnings, warning))


def drum_onsets(score: Score, ticks_per_quarter: int) -> frozenset[tuple[int, int, int]]:
    """Return where the drums of a score are in its file: (number of the track, channel, tick), each from 0.

    Examples
    --------
    >>> from latentpalette.music import midi
    >>> from latentpalette.music.sequence import NoteSequence
    >>> data = midi.to_bytes(NoteSequence.from_steps({"kick": [4]}, steps=16))
    >>> drum_onsets(midi.read_score(data), 480)
    frozenset({(1, 9, 480)})
    """
    tracks = score.track[score.is_drum].tolist()
    ticks = np.rint(score.start[score.is_drum] * ticks_per_quarter / STEPS_PER_QUARTER).astype(int).tolist()
    places = zip([score.track_origins[track] for track in tracks], ticks, strict=True)
    return frozenset((origin.number, origin.channel, tick) for origin, tick in places if origin.channel is not None)


def _mark_as_drums(score: Score, tracks: Sequence[TrackInfo]) -> Score:
    """Return a score with some tracks, and no others, as its drums."""
    is_drum = _notes_of(score, tracks)
    names = list(score.track_names)
    for number in (number for track in tracks for number in track.score_tracks):
        names[number] = "drums"
    changes: dict[str, Any] = {
        "is_drum": is_drum,
        "program": np.where(is_drum & ~score.is_drum, 0, score.program),  # the standard kit
        "track_names": tuple(names),
    }
    return dataclasses.replace(score, **changes)


def _fold(name: str) -> str:
    """Return a name as it is compared: "ü" may be one character or two, and case does not count."""
    return unicodedata.normalize("NFC", name).strip().lower()


def _notes_of(score: Score, tracks: Sequence[TrackInfo]) -> Any:
    """Return which notes [n] some tracks play."""
    return np.isin(score.track, [number for track in tracks for number in track.score_tracks])


def _check_name(name: Any, argument: str) -> None:
    if isinstance(name, str) and name.strip():
        return
    try:
        check_integer(name, argument, 1, error=MidiError)
    except MidiError as error:
        raise MidiError(f"{argument} is a whole number from 1, or a name; got {short_repr(name)}.") from error
