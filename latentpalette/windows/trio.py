"""Windows of trios: wherever a melody, a bass and drums play together."""

from __future__ import annotations

import dataclasses
from bisect import bisect_left
from collections.abc import Iterable, Iterator
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
_FEWER = "track=... and drums=... in Python or --track and --drums on the command line choose tracks"
_ADVICE = {
    MELODY: "track=... in Python or --track on the command line chooses a melody",
    BASS: "a bass is a track with a General MIDI program from 33 to 40 (Acoustic Bass to Synth Bass 2)",
    DRUMS: "drums=... in Python or --drums on the command line chooses drums",
}

_MAX_REST_BARS = 2  # a stream may rest this long and still count as playing
_MAX_BARS = 1024


class Limits(NamedTuple):
    """Limits of one piece; beyond `windows` or `notes` in them, no further combination of tracks is tried.

    Of 175 songs the one with the most has 18 combinations, 528 windows and 250,000 notes in them.
    """

    combinations: int
    windows: int
    notes: int


LIMITS = Limits(combinations=32, windows=2_000, notes=1_000_000)
LIMITS_IN_MAGENTA = Limits(combinations=2_000, windows=20_000, notes=5_000_000)  # Magenta has none

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
        limits = LIMITS_IN_MAGENTA if magenta_compatible else LIMITS
        num_windows = num_notes = 0
        for section in sections.sections:
            bars = min(-(-_last_step(section) // STEPS_PER_BAR), _MAX_BARS)
            bar_numbers = section.bar, section.bar + max(bars, 1) - 1
            tracks = self._tracks_by_stream(section, bars)
            if reason := self._reason_for_none(tracks, bars):
                yield LeftOut(reason, *bar_numbers)
                continue
            windows: list[Excerpt] = []
            combinations, left_out = _limit_combinations(tracks, limits.combinations)
            if left_out:
                yield LeftOut(left_out, *bar_numbers)
            for number, combination in enumerate(combinations):
                if number and (num_windows > limits.windows or num_notes > limits.notes):
                    reason = f"have so many windows that other combinations of tracks are not tried; {_FEWER}"
                    yield LeftOut(reason, *bar_numbers)
                    break
                found = list(self._search_combination(combination, section, bars, sections.name))
                num_windows, num_notes = num_windows + len(found), num_notes + sum(map(len, found))
                windows += found
            if not windows:
                reason = (
                    "do not have melody, bass and drums for a whole window; none may rest for more than "
                    f"{2 * _MAX_REST_BARS} bars"
                )
                yield LeftOut(reason, *bar_numbers)
            yield from windows if magenta_compatible else sorted(windows, key=lambda window: window.bar)

    def _reason_for_none(self, tracks: dict[str, list[_Track]], bars: int) -> str:
        """Return why there is no window, whichever tracks are combined; empty if there may be one."""
        if missing := [stream for stream, candidates in tracks.items() if not candidates]:
            return _missing_streams(missing)
        bars_per_window = self.steps // STEPS_PER_BAR
        if bars < bars_per_window:
            return f"are fewer than the {bars_per_window} a window takes; repeat them, or add some"
        return ""

    def _search_combination(
        self, tracks: tuple[_Track, ...], section: Section, bars: int, source: str
    ) -> Iterator[Excerpt]:
        """Yield the windows of a melody, a bass and drums."""
        bars_per_window = self.steps // STEPS_PER_BAR
        active = _all_active([track.active for track in tracks])
        notes = [note for track in tracks for note in track.notes]
        lines = [(track.notes, [note.step for note in track.notes]) for track in tracks[:2]]
        sequence = NoteSequence(notes, section.steps, section.tempo_qpms[0])
        for bar in range(bars - bars_per_window + 1):
            if active[bar : bar + bars_per_window].all():
                step = bar * STEPS_PER_BAR
                yield cut_window(
                    sequence,
                    section,
                    step,
                    self.steps,
                    source=source,
                    carried_note_offs=[offset for line in lines for offset in _carried_note_off(*line, step)],
                )

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


def _last_step(section: Section) -> int:
    return max((note.step + note.length for note in section.notes), default=0)


def _limit_combinations(tracks: dict[str, list[_Track]], limit: int) -> tuple[Iterable[tuple[_Track, ...]], str]:
    """Return at most `limit` combinations of tracks, and a reason if there are more.

    Then the tracks that play in the fewest bars are left out, one by one, from the stream that has the most.
    """
    counts = [len(candidates) for candidates in tracks.values()]
    total = prod(counts)
    while prod(counts) > limit:
        counts[counts.index(max(counts))] -= 1
    streams = [_most_active(candidates, count) for candidates, count in zip(tracks.values(), counts, strict=True)]
    tried = prod(counts)
    reason = f"have {total:,} combinations of tracks; {tried} of those that play in the most bars are tried; {_FEWER}"
    return product(*streams), reason if tried < total else ""


def _most_active(tracks: list[_Track], count: int) -> list[_Track]:
    """Return the tracks that play in the most bars, in their order."""
    ranked = sorted(range(len(tracks)), key=lambda index: -int(tracks[index].active.sum()))
    return [tracks[index] for index in sorted(ranked[:count])]


def _carried_note_off(notes: Notes, starts: list[int], step: int) -> list[tuple[int, int]]:
    """Return the end of the note of a line that begins before a step and does not end before it: (steps, program)."""
    index = bisect_left(starts, step) - 1
    if index < 0 or starts[index] + notes[index].length < step:
        return []
    return [(starts[index] + notes[index].length - step, notes[index].program)]


def is_missing_stream(left_out: LeftOut) -> bool:
    """Return True for the reason that bars lack a stream."""
    return left_out.reason.startswith(_HAVE_NO)


def _missing_streams(missing: list[str]) -> str:
    """Return the reason for bars that lack some streams."""
    return f"{_HAVE_NO}{' and no '.join(missing)}; {'; '.join(_ADVICE[stream] for stream in missing)}"


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
