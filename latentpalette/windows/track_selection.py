"""Selections of tracks in which windows are searched for: as chosen, or the best by a rule."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, overload

import numpy as np

from latentpalette.music.instruments import BASS_PROGRAM, BASS_PROGRAMS
from latentpalette.music.score import Score
from latentpalette.music.section import number_tracks
from latentpalette.music.sequence import Note, NoteSequence
from latentpalette.music.track_choice import TrackChoice, find_tracks, select_tracks
from latentpalette.music.track_list import TrackInfo, list_tracks
from latentpalette.music.track_roles import Role, find_bass, rank_melodies
from latentpalette.windows.excerpt import Excerpt, LeftOut

Piece = NoteSequence | Score

MAX_CANDIDATES = 8  # tracks that are tried as the melody

ADVICE = "track=... in Python or --track on the command line chooses another"


@dataclass(frozen=True)
class Candidate:
    """A selection of the tracks of a piece.

    Parameters
    ----------
    piece : NoteSequence or Score
    left_out : tuple of LeftOut
        What was chosen, in words.
    melody : TrackInfo or None
        The track that is the melody, where it is one of several.
    """

    piece: Piece
    left_out: tuple[LeftOut, ...] = ()
    melody: TrackInfo | None = None


class Assignment(NamedTuple):
    """Role of a track in a selection.

    Parameters
    ----------
    track : int
        Its new number.
    is_drum : bool
    program : int or None
        Its new program; None keeps the old one.
    """

    track: int
    is_drum: bool = False
    program: int | None = None


@overload
def choose_tracks(piece: NoteSequence, choice: TrackChoice) -> NoteSequence: ...
@overload
def choose_tracks(piece: Piece, choice: TrackChoice) -> Piece: ...
def choose_tracks(piece: Piece, choice: TrackChoice) -> Piece:
    """Return a piece with the chosen tracks only; see `latentpalette.music.track_choice.select_tracks`.

    Raises
    ------
    MidiError
        If there is no such track, or several.

    Examples
    --------
    >>> band = NoteSequence([Note(60, 0, program=73), Note(36, 4, program=40)], steps=16)
    >>> choose_tracks(band, TrackChoice(track="flute")).notes
    (Note(pitch=60, step=0, length=1, velocity=80, offset=0.0, is_drum=False, program=73),)
    """
    if not choice.names_track and choice.drums is None:
        return piece
    if isinstance(piece, Score):
        return select_tracks(piece, choice)
    selected = select_tracks(score_of(piece), choice)
    used = sorted(set(selected.track.tolist()))
    drums = set(selected.track[selected.is_drum].tolist())
    return assign_tracks(piece, {track: Assignment(track, track in drums) for track in used})


def melody_candidates(piece: Piece, programs: tuple[int, int] | None) -> Iterator[Candidate]:
    """Yield the tracks of a piece that may be its melody, the best first.

    Parameters
    ----------
    piece : NoteSequence or Score
    programs : (int, int) or None
        The first and last program that a melody may have; None for all.
    """
    score = score_of(piece)
    tracks = [track for track in list_tracks(score) if not track.is_drum and _is_within(track, programs)]
    if len(tracks) < 2:
        yield Candidate(piece, melody=tracks[0] if tracks else None)
        return
    for role in rank_melodies(score, tracks)[:MAX_CANDIDATES]:
        chosen = assign_tracks(piece, {track: Assignment(track) for track in role.track.score_tracks})
        reason = LeftOut(f"of {len(tracks)} tracks the melody is {role}; {ADVICE}")
        yield Candidate(chosen, (reason,), role.track)


def trio_candidates(piece: Piece, choice: TrackChoice, melody_programs: tuple[int, int] | None) -> Iterator[Candidate]:
    """Yield a melody, a bass and the drums of a piece, the best melody first.

    Parameters
    ----------
    piece : NoteSequence or Score
    choice : TrackChoice
        Its `track` is the melody.
    melody_programs : (int, int) or None
        The first and last program that a melody may have, where it is not chosen. None for all; then a bass is found
        by its name and its pitch, too.
    """
    piece = choose_tracks(piece, TrackChoice(drums=choice.drums))
    score = score_of(piece)
    tracks = list_tracks(score)
    melodies: Sequence[Role]
    if choice.names_track:
        assert choice.track is not None
        melodies = [Role(track, "as chosen") for track in find_tracks(score, choice.track)]
        others = [track for track in tracks if track not in [melody.track for melody in melodies]]
        bass = find_bass(score, others, by_program_only=melody_programs is not None)
    else:
        bass = find_bass(score, tracks, by_program_only=melody_programs is not None)
        others = [track for track in tracks if bass is None or track != bass.track]
        melodies = rank_melodies(score, [track for track in others if _is_within(track, melody_programs)])
    if bass is None or not melodies:
        yield Candidate(piece)
        return
    num_pitched = sum(not track.is_drum for track in tracks)
    for melody in melodies[:MAX_CANDIDATES]:
        # A program of a bass would make the melody a bass, and any other one the bass a melody.
        melody_program = 0 if set(melody.track.programs) & set(BASS_PROGRAMS) else None
        bass_program = None if set(bass.track.programs) <= set(BASS_PROGRAMS) else BASS_PROGRAM
        drums = [number for track in tracks if track.is_drum for number in track.score_tracks]
        assignments = {
            number: Assignment(numbers[0], is_drum, program)
            for numbers, is_drum, program in (
                (melody.track.score_tracks, False, melody_program),
                (bass.track.score_tracks, False, bass_program),
                (drums, True, None),
            )
            for number in numbers
        }
        is_obvious = bass_program is None and (num_pitched == 2 or choice.names_track)
        reason = LeftOut(f"the melody is {melody}, the bass {bass}; {ADVICE} melody")
        yield Candidate(assign_tracks(piece, assignments), () if is_obvious else (reason,), melody.track)


def assign_tracks(piece: Piece, assignments: Mapping[int, Assignment]) -> Piece:
    """Return a piece with the tracks that have an assignment only, as it says.

    Parameters
    ----------
    piece : NoteSequence or Score
    assignments : mapping of track to Assignment
        By the numbers of `Score.track`; for a sequence those of the score that it makes.

    Examples
    --------
    >>> band = NoteSequence([Note(60, 0, program=73), Note(36, 4, program=40)], steps=16)
    >>> assign_tracks(band, {0: Assignment(0, is_drum=True, program=0)}).notes[0].is_drum
    True
    """
    if isinstance(piece, Score):
        return _assign_in_score(piece, assignments)
    numbers = number_tracks(piece)
    notes: list[Note] = []
    for note in piece.notes:
        role = assignments.get(numbers[note.is_drum, note.program])
        if role is not None:
            becomes_drum = role.is_drum and not note.is_drum
            program = note.program if role.program is None else role.program
            notes.append(dataclasses.replace(note, is_drum=role.is_drum, program=0 if becomes_drum else program))
    return replace_notes(piece, notes)


def replace_notes(sequence: NoteSequence, notes: Sequence[Note]) -> NoteSequence:
    """Return a sequence with other notes; an excerpt stays one, without what its old notes say about it."""
    changed = sequence.replace(notes=notes)
    if not isinstance(sequence, Excerpt):
        return changed
    return Excerpt(changed, bar=sequence.bar, source=sequence.source, track=sequence.track, chords=sequence.chords)


def score_of(piece: Piece) -> Score:
    """Return a piece as a score."""
    return piece if isinstance(piece, Score) else Score.from_sequence(piece, name="the sequence")


def _assign_in_score(score: Score, assignments: Mapping[int, Assignment]) -> Score:
    score = score.select(np.isin(score.track, list(assignments)))
    roles = [assignments[track] for track in score.track.tolist()]
    programs = np.array([-1 if role.program is None else role.program for role in roles], int)
    changes: dict[str, Any] = {
        "track": np.array([role.track for role in roles], int),
        "is_drum": np.array([role.is_drum for role in roles], bool),
        "program": np.where(programs < 0, score.program, programs),
    }
    return dataclasses.replace(score, **changes)


def _is_within(track: TrackInfo, programs: tuple[int, int] | None) -> bool:
    return programs is None or any(programs[0] <= program <= programs[1] for program in track.programs)
