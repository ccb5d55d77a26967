"""The tracks of a score as users know them: numbered from 1, with a name, an instrument and a channel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from latentpalette.music.instruments import instrument_name
from latentpalette.music.score import Score
from latentpalette.wording import counted

_MAX_LISTED = 16  # tracks in a message


@dataclass(frozen=True)
class TrackInfo:
    """A track of a file: the notes that one of its tracks plays on one channel, whatever their programs.

    Parameters
    ----------
    number : int
        From 1, in the order of the file; tracks without notes do not count.
    name : str
        Empty if it has none.
    programs : tuple of int
        In the order in which they are played.
    notes : int
        How many it has.
    is_drum : bool
    channel : int or None
        From 1; None where there are no channels.
    score_tracks : tuple of int
        The tracks of the `Score` that it consists of, one for each program.

    Examples
    --------
    >>> print(TrackInfo(2, "Lead", (73,), 64, False, 1, (1,)))
    track 2, Lead (Flute, channel 1, 64 notes)
    """

    number: int
    name: str
    programs: tuple[int, ...]
    notes: int
    is_drum: bool
    channel: int | None
    score_tracks: tuple[int, ...]

    @property
    def instrument(self) -> str:
        """The names of its programs; "drums" for drums."""
        return "drums" if self.is_drum else ", ".join(map(instrument_name, self.programs))

    @property
    def title(self) -> str:
        """Its number and its name, or else its instrument: "2, Lead"."""
        return f"{self.number}, {self.name or self.instrument}"

    @property
    def description(self) -> str:
        """Its instrument, channel and number of notes."""
        facts = [
            self.instrument if self.name.lower() not in ("", self.instrument.lower()) else "",
            "" if self.channel is None else f"channel {self.channel}",
            counted(self.notes, "note"),
        ]
        return ", ".join(filter(None, facts))

    def __str__(self) -> str:
        return f"track {self.title} ({self.description})"


def list_tracks(score: Score) -> tuple[TrackInfo, ...]:
    """List the tracks of a score that have notes; a selection of them keeps their numbers.

    Examples
    --------
    >>> from latentpalette.music.sequence import Note, NoteSequence
    >>> sequence = NoteSequence([Note(60, 0, program=73), Note(36, 0, is_drum=True)], steps=16)
    >>> [str(track) for track in list_tracks(Score.from_sequence(sequence))]
    ['track 1, Flute (1 note)', 'track 2, drums (1 note)']
    """
    used, first, counts = np.unique(score.track, return_index=True, return_counts=True)
    programs, is_drum = score.program[first].tolist(), score.is_drum[first].tolist()
    facts = dict(zip(used.tolist(), zip(programs, is_drum, counts.tolist(), strict=True), strict=True))
    groups: dict[tuple[int, int], list[int]] = {}
    for track in range(len(score.track_names)):
        groups.setdefault(_origin_of(score, track), []).append(track)
    tracks = []
    for number, (_, group) in enumerate(sorted(groups.items()), 1):
        members = [track for track in group if track in facts]
        if not members:
            continue
        origin = score.track_origins[group[0]] if score.track_origins else None
        tracks.append(
            TrackInfo(
                number=number,
                name=origin.name if origin else "",
                programs=tuple(dict.fromkeys(facts[track][0] for track in members)),
                notes=sum(facts[track][2] for track in members),
                is_drum=facts[members[0]][1],
                channel=None if origin is None or origin.channel is None else origin.channel + 1,
                score_tracks=tuple(members),
            )
        )
    return tuple(tracks)


def describe_tracks(tracks: Sequence[TrackInfo]) -> str:
    """Describe tracks in a row, for a message.

    Examples
    --------
    >>> describe_tracks([TrackInfo(1, "Lead", (73,), 64, False, 1, (0,)), TrackInfo(2, "", (33,), 9, False, 2, (1,))])
    '1, Lead (Flute, channel 1, 64 notes); 2, Electric Bass (finger) (channel 2, 9 notes)'
    """
    listed = "; ".join(f"{track.title} ({track.description})" for track in tracks[:_MAX_LISTED])
    return f"{listed}; and {len(tracks) - _MAX_LISTED} more" if len(tracks) > _MAX_LISTED else listed


def _origin_of(score: Score, track: int) -> tuple[int, int]:
    """Return a key that is equal for the tracks of a score that are one track of the file, in the file's order."""
    if not score.track_origins:
        return track, 0
    origin = score.track_origins[track]
    return origin.number, -1 if origin.channel is None else origin.channel
