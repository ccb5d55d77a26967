"""Windows of melodies: the top line of each track, wherever it plays without a bar's rest."""

from __future__ import annotations

import dataclasses
import shlex
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from latentpalette.errors import MusicError
from latentpalette.music.chords import chord_per_step, infer_chords
from latentpalette.music.instruments import UNPITCHED_PROGRAMS, instrument_name
from latentpalette.music.melody import MAX_PITCH, MIN_PITCH, MelodyLine, extract_melodies
from latentpalette.music.section import Section
from latentpalette.music.sequence import STEPS_PER_BAR, Note, NoteSequence
from latentpalette.music.track_choice import TrackChoice
from latentpalette.windows.excerpt import Excerpt, LeftOut
from latentpalette.windows.finder import WindowFinder
from latentpalette.windows.sections import MAX_BARS_IN_MAGENTA, Sections, cut_window
from latentpalette.windows.track_selection import Candidate, Piece, choose_tracks, melody_candidates
from latentpalette.wording import counted

_STEPS_PER_CHORD = STEPS_PER_BAR // 2  # as note-seq infers them


@dataclass(frozen=True)
class MelodyWindowFinder(WindowFinder):
    """Finds every window of the melodies of a piece, a bar apart; one that occurred before is a repeat.

    A rest of a bar or more splits a melody. Compatible with Magenta, the grid restarts at each change of tempo, and
    nothing is read beyond a hundred bars of a melody.

    Parameters
    ----------
    steps : int
        Length of a window.
    programs : (int, int) or None
        The first and last General MIDI program, counted from 0, that melodies are read from; None for all.
    chords : bool
        Infer the chord of each step from all pitched notes of the piece.

    Examples
    --------
    >>> scale = NoteSequence([Note(60 + step, step) for step in range(32)], steps=32)
    >>> MelodyWindowFinder(programs=(0, 31)).find(scale)
    the sequence: 1 excerpt
      bars 1 and 2: 32 notes
    """

    steps: int = 32
    programs: tuple[int, int] | None = None
    chords: bool = False

    nothing_found: ClassVar[str] = "no melody: there are no notes but drums; a model of drums reads those"

    def candidates(self, piece: Piece, choice: TrackChoice) -> Iterator[Candidate]:
        """Yield the tracks that may be the melody, the best first, unless one is chosen; see `WindowFinder`."""
        chosen = choose_tracks(piece, choice)
        if choice.track is None:
            yield from melody_candidates(chosen, self.programs)
        else:
            yield Candidate(chosen)

    def for_choice(self, choice: TrackChoice) -> MelodyWindowFinder:
        """Return the finder that reads a chosen track, whatever its instrument."""
        return dataclasses.replace(self, programs=None) if choice.names_track else self

    def search(self, sections: Sections, *, magenta_compatible: bool) -> Iterator[Excerpt | LeftOut]:
        """Yield the windows and reasons; see `WindowFinder.search`."""
        harmony = {section.bar: section for section in sections.harmony}
        for section in sections.sections:
            windows: list[Excerpt] = []
            last_step = max((note.step + note.length for note in section.notes), default=0)
            try:
                piece = harmony.get(section.bar, section)
                chords = infer_chords_of(piece, last_step + STEPS_PER_BAR) if self.chords else []
            except MusicError as error:
                yield LeftOut(f"(no chords: {error}; split the piece)", section.bar, section.bar + section.bars - 1)
                continue
            for number, track in section.tracks:
                name = sections.track_name(number)
                notes, left_out = self._select_notes(track, name)
                lines, too_short = self._drop_short(section, notes, name or "the melody")
                yield from left_out + too_short
                for line in lines:
                    melody = NoteSequence(line.notes, max(section.steps, line.stop), section.tempo_qpms[0])
                    for step in self._window_starts(line, magenta_compatible):
                        window = cut_window(
                            melody,
                            section,
                            step,
                            self.steps,
                            source=sections.name,
                            track=name,
                            chords=chords[step : step + self.steps],
                        )
                        windows.append(window)
            yield from sorted(windows, key=lambda window: window.bar)

    def identity(self, window: Excerpt) -> Hashable:
        """Return its notes, without velocity and timing, and its chords."""
        return tuple((note.step, note.pitch, note.length) for note in window.notes), window.chords

    def _select_notes(self, track: NoteSequence, name: str) -> tuple[list[Note], list[LeftOut]]:
        """Return the notes of a track that the model has classes for, if it reads the track's program at all."""
        left_out: list[LeftOut] = []
        notes = [note for note in track.notes if not note.is_drum]
        if self.programs is not None:
            low, high = self.programs
            others = sorted({note.program for note in notes if not low <= note.program <= high})
            notes = [note for note in notes if low <= note.program <= high]
            if others:
                left_out.append(_other_instrument(name or instrument_name(others[0]), low, high))
        in_range = [note for note in notes if MIN_PITCH <= note.pitch <= MAX_PITCH]
        if outside := len(notes) - len(in_range):
            left_out.append(
                LeftOut(
                    f"{counted(outside, 'note')} outside MIDI pitch {MIN_PITCH} to {MAX_PITCH}; transpose by octaves"
                )
            )
        return in_range, left_out

    def _window_starts(self, line: MelodyLine, magenta_compatible: bool) -> range:
        """Return the steps at which the windows of a melody begin."""
        stop = line.stop
        if magenta_compatible:
            stop = min(stop, line.start + MAX_BARS_IN_MAGENTA * STEPS_PER_BAR)
        return range(line.start, stop - self.steps + 1, STEPS_PER_BAR)

    def _drop_short(self, section: Section, notes: list[Note], name: str) -> tuple[list[MelodyLine], list[LeftOut]]:
        """Return the melodies of a track that are at least as long as a window."""
        lines = list(extract_melodies(notes))
        left_out: list[LeftOut] = []
        if dropped := sum(line.dropped for line in lines):
            left_out.append(LeftOut(f"{name}: {counted(dropped, 'note')} under the top line"))
        bars = counted(self.steps // STEPS_PER_BAR, "bar")
        reason = f"({name} plays too briefly; a window takes {bars} without a bar's rest)"
        long_enough = [line for line in lines if line.stop - line.start >= self.steps]
        short = [line for line in lines if line.stop - line.start < self.steps]
        left_out += [LeftOut(reason, *section.bar_numbers(line.start, line.stop)) for line in short]
        return long_enough, left_out


def _other_instrument(name: str, low: int, high: int) -> LeftOut:
    """Return the reason for a track that this model does not read unless it is chosen."""
    return LeftOut(
        f"{name} is not among programs {low} to {high}; to read it all the same: track={name!r} in Python, "
        f"--track {shlex.quote(name)} on the command line"
    )


def infer_chords_of(section: Section, steps: int) -> list[str]:
    """Infer the chord of each step [steps] from the pitched notes of a section, two chords a bar.

    Raises
    ------
    MusicError
        If there would be too many.

    Examples
    --------
    >>> triad = NoteSequence([Note(pitch, 0, 16) for pitch in (60, 64, 67)], steps=16)
    >>> infer_chords_of(Section.from_sequence(triad), 16)[:3]
    ['C', 'C', 'C']
    """
    pitched = [
        index
        for index, note in enumerate(section.notes)
        if not note.is_drum and MIN_PITCH <= note.pitch <= MAX_PITCH and note.program not in UNPITCHED_PROGRAMS
    ]
    pitches = [section.notes[index].pitch for index in pitched]
    starts, ends = section.onsets_and_offsets[pitched].T
    symbols = infer_chords(pitches, starts, ends, chord_length=_STEPS_PER_CHORD / section.steps_per_unit)
    return chord_per_step(symbols, steps=steps, steps_per_chord=_STEPS_PER_CHORD)
