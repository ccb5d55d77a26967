"""Windows of trios: wherever a melody, a bass and drums play together."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from latentpalette.music.drums import DRUM_MAPS
from latentpalette.music.instruments import BASS_PROGRAMS
from latentpalette.music.melody import MAX_PITCH, MIN_PITCH, extract_melodies
from latentpalette.music.section import Section
from latentpalette.music.sequence import STEPS_PER_BAR, Note, NoteSequence
from latentpalette.music.track_choice import TrackChoice
from latentpalette.windows.excerpt import Excerpt, LeftOut
from latentpalette.windows.finder import WindowFinder
from latentpalette.windows.sections import Sections, cut_window
from latentpalette.windows.track_selection import Candidate, Piece, choose_tracks, trio_candidates

MELODY, BASS, DRUMS = "melody", "bass", "drums"
MAGENTA_MELODY_PROGRAMS = (0, 31)

_HAVE_NO = "have no "
_ADVICE = {
    MELODY: "track=... in Python or --track on the command line chooses a melody",
    BASS: "a bass is a track with a General MIDI program from 33 to 40 (Acoustic Bass to Synth Bass 2)",
    DRUMS: "drums=... in Python or --drums on the command line chooses drums",
}

_MAX_REST_BARS = 2  # a stream may rest this long and still count as playing
_MAX_BARS = 1024
_MAX_WORK = 2_000_000  # notes and bars of all combinations of tracks: some seconds; real songs have under 100,000
_WORK_PER_COMBINATION = 50  # in the same unit

Notes = tuple[Note, ...]


class _Track(NamedTuple):
    """The notes of a track that the model has classes for, and the bars [bars] in which it is active."""

    notes: Notes
    active: NDArray[np.bool_]


def stream_of(note: Note, melody_programs: tuple[int, int] | None = MAGENTA_MELODY_PROGRAMS) -> str | None:
    """Return the stream of a trio that a note belongs to; None for instruments that are in none.

    Examples
    --------
    >>> stream_of(Note(36, 0, program=33)), stream_of(Note(60, 0, program=73)), stream_of(Note(60, 0, program=73), None)
    ('bass', None, 'melody')
    """
    return DRUMS if note.is_drum else stream_of_program(note.program, melody_programs)


def stream_of_program(program: int, melody_programs: tuple[int, int] | None) -> str | None:
    """Return the stream of a trio that a program belongs to; None for those that are in none."""
    if program in BASS_PROGRAMS:
        return BASS
    return MELODY if melody_programs is None or melody_programs[0] <= program <= melody_programs[1] else None


@dataclass(frozen=True)
class TrioWindowFinder(WindowFinder):
    """Finds every window in which a melody, a bass and drums play, a bar apart.

    With several tracks for a stream, each combination is tried. Compatible with Magenta, the windows are in Magenta's
    order: combination by combination.

    Parameters
    ----------
    steps : int
        Length of a window.
    drum_map : str
        A name in `latentpalette.music.drums.DRUM_MAPS`; drums without a class are left out.
    melody_programs : (int, int) or None
        The first and last program of melodies; those of basses are 32 to 39. None for all others.

    Examples
    --------
    >>> notes = [Note(72, 0, 64), Note(36, 0, 64, program=33), *(Note(36, step, is_drum=True) for step in range(64))]
    >>> TrioWindowFinder(steps=64).find(NoteSequence(notes, steps=64))
    the sequence: 1 excerpt
      bars 1 to 4: 66 notes
    """

    steps: int = 256
    drum_map: str = "reduced"
    melody_programs: tuple[int, int] | None = MAGENTA_MELODY_PROGRAMS

    def candidates(self, piece: Piece, choice: TrackChoice) -> Iterator[Candidate]:
        """Yield a melody, a bass and the drums, the best melody first, unless all tracks are chosen."""
        if choice.is_all:
            yield Candidate(choose_tracks(piece, choice))
        else:
            yield from trio_candidates(piece, choice, self.melody_programs)

    def for_choice(self, choice: TrackChoice) -> TrioWindowFinder:
        """Return the finder that reads a chosen melody, whatever its instrument."""
        return dataclasses.replace(self, melody_programs=None) if choice.names_track else self

    def search(self, sections: Sections, *, magenta_compatible: bool) -> Iterator[Excerpt | LeftOut]:
        """Yield the windows and reasons; see `WindowFinder.search`."""
        work = 0
        for section in sections.sections:
            windows, left_out, work = self._search_section(section, sections.name, work)
            yield from left_out
            yield from windows if magenta_compatible else sorted(windows, key=lambda window: window.bar)

    def _search_section(self, section: Section, source: str, work: int) -> tuple[list[Excerpt], list[LeftOut], int]:
        """Return the windows of a section, combination by combination, reasons for the rest, and the work so far."""
        last_step = max((note.step + note.length for note in section.notes), default=0)
        bars = min(-(-last_step // STEPS_PER_BAR), _MAX_BARS)
        bars_per_window = self.steps // STEPS_PER_BAR
        bar_numbers = section.bar, section.bar + max(bars, 1) - 1
        tracks = self._tracks_by_stream(section, bars)
        if missing := [stream for stream, candidates in tracks.items() if not candidates]:
            return [], [_missing_streams(missing, *bar_numbers)], work
        if bars < bars_per_window:
            return [], [LeftOut(f"are fewer than the {bars_per_window} a window takes", *bar_numbers)], work
        windows: list[Excerpt] = []
        for combination in product(*tracks.values()):
            active = _all_active([track.active for track in combination])
            notes = [note for track in combination for note in track.notes]
            work += len(notes) + bars + _WORK_PER_COMBINATION
            if work > _MAX_WORK:
                reason = f"have more combinations of tracks than are tried: {prod(map(len, tracks.values())):,}"
                return windows, [LeftOut(reason, *bar_numbers)], work
            sequence = NoteSequence(notes, section.steps, section.tempo_qpms[0])
            windows += [
                self._cut(sequence, section, bar * STEPS_PER_BAR, source)
                for bar in range(bars - bars_per_window + 1)
                if active[bar : bar + bars_per_window].all()
            ]
        no_trio = LeftOut("do not have melody, bass and drums for a whole window", *bar_numbers)
        return windows, [] if windows else [no_trio], work

    def _tracks_by_stream(self, section: Section, bars: int) -> dict[str, list[_Track]]:
        """Return the tracks of each stream; one with notes of several streams counts for none."""
        tracks: dict[str, list[_Track]] = {MELODY: [], BASS: [], DRUMS: []}
        for _, track in section.tracks:
            streams = {stream_of(note, self.melody_programs) for note in track.notes}
            stream = streams.pop() if len(streams) == 1 else None
            if stream is not None:
                notes = self._select_notes(stream, track.notes)
                tracks[stream].append(_Track(notes, _active_bars(notes, bars)))
        return tracks

    def _select_notes(self, stream: str, notes: Notes) -> Notes:
        """Return the notes that the model has classes for: the drums of the map, or one line in the pitch range."""
        if stream == DRUMS:
            return tuple(note for note in notes if note.pitch in DRUM_MAPS[self.drum_map].classes)
        in_range = [note for note in notes if MIN_PITCH <= note.pitch <= MAX_PITCH]
        line = next(extract_melodies(in_range, gap_steps=None), None)
        return line.notes if line else ()

    def _cut(self, sequence: NoteSequence, section: Section, step: int, source: str) -> Excerpt:
        """Return the window that begins at a step, with the ends of the notes that begin before it."""
        carried_note_offs = [
            (note.step + note.length - step, note.program)
            for note in sequence.notes
            if not note.is_drum and note.step < step <= note.step + note.length
        ]
        return cut_window(sequence, section, step, self.steps, source=source, carried_note_offs=carried_note_offs)


def is_missing_stream(left_out: LeftOut) -> bool:
    """Return True for the reason that bars lack a stream."""
    return left_out.reason.startswith(_HAVE_NO)


def _missing_streams(missing: list[str], first_bar: int, last_bar: int) -> LeftOut:
    """Return the reason for bars that lack some streams."""
    advice = "; ".join(_ADVICE[stream] for stream in missing)
    return LeftOut(f"{_HAVE_NO}{' and no '.join(missing)}; {advice}", first_bar, last_bar)


def _active_bars(notes: Notes, bars: int) -> NDArray[np.bool_]:
    """Return the bars [bars] in which notes sound, or that are at most `_MAX_REST_BARS` from one."""
    sounding = np.zeros(bars, bool)
    for note in notes:
        sounding[note.step // STEPS_PER_BAR : -(-(note.step + note.length) // STEPS_PER_BAR)] = True
    nearby = [sounding[max(0, bar - _MAX_REST_BARS) : bar + _MAX_REST_BARS + 1].any() for bar in range(bars)]
    return np.array(nearby, bool)


def _all_active(streams: list[NDArray[np.bool_]]) -> NDArray[np.bool_]:
    """Return the bars [bars] in which every stream is active.

    Near the ends of the piece one stream is enough, so that a window that was cut out can be read again.
    """
    active = np.all(streams, axis=0)
    one_active = np.any(streams, axis=0)
    active[:_MAX_REST_BARS] = one_active[:_MAX_REST_BARS].any()
    active[-_MAX_REST_BARS:] = one_active[-_MAX_REST_BARS:].any()
    return np.asarray(active)
