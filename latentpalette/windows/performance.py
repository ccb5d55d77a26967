"""Windows of performances: every bar of two to eight tracks."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from latentpalette.errors import MusicError
from latentpalette.music.bars import MAX_OFF_BAR_LINE
from latentpalette.music.chords import chord_per_step, infer_chords
from latentpalette.music.midi import MidiSource
from latentpalette.music.performance import TimedNote
from latentpalette.music.performance_tokens import (
    FINE_STEPS_PER_BAR,
    FINE_STEPS_PER_QUARTER,
    PerformanceTrack,
    decode_track,
    encode_tracks,
    merge_by_program,
    program_tracks,
)
from latentpalette.music.score import Score
from latentpalette.music.section import EPSILON, Section
from latentpalette.music.sequence import STEPS_PER_BAR, STEPS_PER_QUARTER, NoteSequence
from latentpalette.music.sustain import apply_sustain
from latentpalette.music.tempo import to_constant_tempo
from latentpalette.windows.excerpt import Excerpt, LeftOut
from latentpalette.windows.finder import WindowFinder
from latentpalette.windows.sections import Sections, cut_short, first_bar_of, load_sections, name_of, open_piece

_EXACT_QPM = 120.0  # a step is an eighth of a second, which has no rounding error


@dataclass(frozen=True)
class PerformanceWindowFinder(WindowFinder):
    """Finds every bar that holds two to eight tracks, with the sustain pedal applied.

    Compatible with Magenta, bars are counted in seconds from each change of tempo, so that a bar in which the tempo
    changes is lost.

    Parameters
    ----------
    chords : bool
        Infer the two chords of each bar.
    merge_tracks : bool
        Read the tracks of one program as one; a note that two of them play together counts once.

    Examples
    --------
    >>> from latentpalette.music.sequence import Note
    >>> notes = [Note(60, 0, 8), Note(64, 8, 8), *(Note(36, step, is_drum=True) for step in (0, 4, 8))]
    >>> [len(tokens) for tokens in PerformanceWindowFinder().find(NoteSequence(notes, steps=16))[0].track_tokens]
    [9, 15]
    """

    chords: bool = False
    merge_tracks: bool = False

    def load(self, source: MidiSource | NoteSequence | Score, *, magenta_compatible: bool) -> Sections:
        """Open a piece in sections of constant tempo; without `magenta_compatible` in those of one time signature."""
        piece = open_piece(source, magenta_compatible=magenta_compatible)
        if isinstance(piece, NoteSequence):
            score = Score.from_sequence(piece.replace(qpm=_EXACT_QPM), name=name_of(piece))
            sections = load_sections(score, magenta_compatible=True)
            earlier_bars = first_bar_of(piece) - 1
            changed = [
                dataclasses.replace(section, tempo_qpms=(piece.qpm,), bar=section.bar + earlier_bars)
                for section in sections.sections
            ]
            return dataclasses.replace(sections, sections=tuple(changed))
        score = apply_sustain(piece)
        if magenta_compatible:
            return load_sections(score, magenta_compatible=True)
        constant = to_constant_tempo(score)
        sections = load_sections(constant, magenta_compatible=True)
        stop = float(constant.end_seconds.max(initial=0.0))
        numbers = score.number_bars()
        changed, left_out = [], list(sections.left_out)
        for section in sections.sections:
            section = dataclasses.replace(section, bar=numbers.find(section.time_signature.quarters))
            if section.time_signature.seconds + section.duration < stop - EPSILON:
                section, cut = _drop_cut_bar(section)
                left_out += cut
            changed.append(_with_tempos(section, score))
        return dataclasses.replace(sections, sections=tuple(changed), left_out=tuple(left_out))

    def search(self, sections: Sections, *, magenta_compatible: bool) -> Iterator[Excerpt | LeftOut]:
        """Yield the windows and reasons; see `WindowFinder.search`."""
        for section in sections.sections:
            qpm = section.clock_qpm or _EXACT_QPM
            bars = int(-(-section.duration * qpm // (60 * 4)))
            for bar in range(bars):
                try:
                    yield self._read_bar(section, bar, qpm, sections.name)
                except MusicError as error:
                    yield LeftOut(f"({error})", section.bar + bar, section.bar + bar)

    def _read_bar(self, section: Section, bar: int, qpm: float, source: str) -> Excerpt:
        """Return one bar of a section, counted from 0; `MusicError` if it cannot be encoded."""
        bar_seconds = 60 / qpm * 4
        # Bar lines as note-seq adds them up, to the last digit: a note on one must fall to the same side.
        start = bar_seconds + (bar - 1) * bar_seconds if bar else 0.0
        stop = min(bar_seconds + bar * bar_seconds, section.duration)
        onsets, offsets = section.onsets_and_offsets.T
        inside = np.flatnonzero((onsets >= start) & (onsets < stop))
        onsets = onsets[inside] - start
        offsets = np.minimum(offsets[inside], stop) - start
        fine_steps_per_second = FINE_STEPS_PER_QUARTER * qpm / 60
        first_steps = np.floor(onsets * fine_steps_per_second + 0.5).astype(int)
        end_steps = np.maximum(np.floor(offsets * fine_steps_per_second + 0.5).astype(int), first_steps + 1)
        notes = [section.notes[index] for index in inside.tolist()]
        track_numbers = [section.track_numbers[index] for index in inside.tolist()]
        timing = zip(onsets.tolist(), first_steps.tolist(), end_steps.tolist(), strict=True)
        tracks: dict[int, PerformanceTrack] = {}
        for number, note, (onset, step, end_step) in zip(track_numbers, notes, timing, strict=True):
            track = tracks.setdefault(number, PerformanceTrack(note.is_drum, note.program, []))
            track.notes.append(TimedNote(onset, note.pitch, note.velocity, step, end_step))
        tokens = encode_tracks(merge_by_program(tracks.values()) if self.merge_tracks else tracks.values())
        chords: list[str] = []
        if self.chords:
            pitched = [number for number, note in enumerate(notes) if not note.is_drum]
            pitches = [notes[number].pitch for number in pitched]
            symbols = infer_chords(pitches, onsets[pitched], offsets[pitched], chord_length=bar_seconds / 2)
            chords = chord_per_step(symbols, steps=FINE_STEPS_PER_BAR, steps_per_chord=FINE_STEPS_PER_BAR // 2)
        music = [note for track_tokens in tokens for note in decode_track(track_tokens)]
        if self.merge_tracks:
            encode_tracks(program_tracks(music))  # with the notes' own lengths they may be too many events
            tokens = []
        return Excerpt(
            NoteSequence(music, STEPS_PER_BAR, section.qpm_at(bar * STEPS_PER_BAR)),
            bar=section.bar + bar,
            source=source,
            chords=chords,
            track_tokens=tokens,
        )


def _drop_cut_bar(section: Section) -> tuple[Section, list[LeftOut]]:
    """Return a section without a last bar that the next time signature cuts short, and the reason."""
    bar_duration = STEPS_PER_BAR / section.steps_per_unit
    bars = int((section.duration + MAX_OFF_BAR_LINE / section.steps_per_unit) // bar_duration)
    is_cut = (section.duration - bars * bar_duration) * section.steps_per_unit > MAX_OFF_BAR_LINE
    whole = dataclasses.replace(section, duration=min(section.duration, bars * bar_duration))
    return whole, [cut_short(section.bar + bars)] if is_cut else []


def _with_tempos(section: Section, score: Score) -> Section:
    """Return a section of a score at constant tempo with the score's own tempos."""
    start = section.time_signature.quarters
    stop = start + section.duration * section.steps_per_unit / STEPS_PER_QUARTER
    tempo_steps, tempo_qpms = score.tempo_changes(start, stop)
    return dataclasses.replace(section, tempo_steps=tempo_steps, tempo_qpms=tempo_qpms)
