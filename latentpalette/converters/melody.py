"""Melodies as rows of one in ninety: hold, let go, or strike one of 88 keys.

Class 0 goes on with what is (a held note, or silence), class 1 lets go, and class 2 to 89 strike MIDI pitch 21 to
108. Source: Magenta's `OneHotMelodyConverter`; Roberts et al. (2018).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

import numpy as np
from numpy.typing import ArrayLike, NDArray

from latentpalette.converters.base import Example, Rows, check_steps
from latentpalette.errors import ConverterError, MusicError
from latentpalette.music import chords
from latentpalette.music.melody import Line, lines
from latentpalette.music.midi import Source
from latentpalette.music.score import Stretch
from latentpalette.music.sequence import STEPS_PER_BAR, Note, NoteSequence
from latentpalette.windows.common import Excerpt, Excerpts, LeftOut, Material, material, merged

HOLD, LET_GO, FIRST_KEY = 0, 1, 2
LOWEST, HIGHEST = 21, 108
DEPTH = FIRST_KEY + HIGHEST - LOWEST + 1

Classes = NDArray[np.int64]

_CHORD_STEPS = STEPS_PER_BAR // 2  # two chords a bar, as note-seq infers them
_UNPITCHED = {*range(96, 104), *range(112, 128)}  # synth effects, percussive, sound effects
_LONGEST_STRICT = 100 * STEPS_PER_BAR  # Magenta reads no further than a hundred bars


@dataclass(frozen=True)
class MelodyConverter:
    """Melodies of a fixed number of steps, one note at a time.

    Parameters
    ----------
    steps : int
        Length of a window; 32 is two bars.
    programs : (int, int) or None
        The first and last General MIDI program, counted from 0, that melodies are taken from; None takes all.
    chords : bool
        Tell the model the chord of each step, as a triad; see `latentpalette.music.chords`.

    Examples
    --------
    >>> from latentpalette.music.sequence import Note, NoteSequence
    >>> tune = NoteSequence([Note(60, 16, 4), Note(64, 20, 8)], steps=32)
    >>> melody = MelodyConverter()
    >>> melody.classes(tune)[15:30].tolist()
    [0, 41, 0, 0, 0, 45, 0, 0, 0, 0, 0, 0, 0, 1, 0]
    >>> melody.decode(melody.encode(tune).outputs) == tune
    True
    """

    steps: int = 32
    programs: tuple[int, int] | None = None
    chords: bool = False

    def __post_init__(self) -> None:
        if self.programs is not None:
            object.__setattr__(self, "programs", tuple(self.programs))  # JSON knows lists only

    @property
    def input_depth(self) -> int:
        """The same as is said."""
        return DEPTH

    @property
    def output_depth(self) -> int:
        """Hold, let go, and 88 keys."""
        return DEPTH

    @property
    def control_depth(self) -> int:
        """The triads, if they are told."""
        return chords.TRIADS if self.chords else 0

    def classes(self, sequence: NoteSequence) -> Classes:
        """The class of each step [steps]: the top line of all notes that are no drums and lie on the keyboard."""
        notes = [note for note in sequence.notes if not note.is_drum and LOWEST <= note.pitch <= HIGHEST]
        line = next(lines(notes, rest=None), None)
        return _classes_of(line.notes if line else (), sequence.steps)

    def encode(self, sequence: NoteSequence, *, symbols: Sequence[str] | None = None) -> Example:
        """A melody as the model reads it.

        Parameters
        ----------
        sequence : NoteSequence
            As long as the converter says; silence anywhere is welcome. Of several notes at once the highest counts.
        symbols : list of str, optional
            Chords, evenly spaced over the window, for a model that is told them: ``["C", "Am", "F", "G"]``. Without
            them an excerpt brings its own, and others are inferred from the notes.

        Raises
        ------
        ConverterError
            If it has another length, or nothing but drums or notes off the keyboard.
        MusicError
            If a symbol is no chord.
        """
        self.check(sequence)
        return self.arrays(self.classes(sequence), self.triads(sequence, symbols) if self.chords else None)

    def triads(self, sequence: NoteSequence, symbols: Sequence[str] | None = None) -> Classes:
        """The triad of each step [steps]: of these chords, of the excerpt's own, or of those its notes imply."""
        if symbols is not None:
            if not symbols or self.steps % len(symbols):
                raise ConverterError(f"{len(symbols)} chords do not divide {self.steps} steps evenly.")
            told = chords.stretched(symbols, steps=self.steps, each=self.steps // len(symbols))
        elif isinstance(sequence, Excerpt) and sequence.chords:
            told = list(sequence.chords)
        else:
            told = _implied(material(sequence).stretches[0], sequence.steps)
        return np.array([chords.triad(symbol) for symbol in told])

    def chord_controls(self, symbols: Sequence[str]) -> Rows:
        """Chords [steps, 49] to play over, evenly spaced over the window; see `encode`."""
        return np.eye(chords.TRIADS, dtype=np.float32)[self.triads(NoteSequence(steps=self.steps), symbols)]

    def check(self, sequence: NoteSequence) -> None:
        """Raise `ConverterError` if `encode` cannot take this sequence, saying why and what to do."""
        check_steps(sequence, self.steps)
        if sequence.notes and not any(not n.is_drum and LOWEST <= n.pitch <= HIGHEST for n in sequence.notes):
            raise ConverterError(
                f"No melody to encode: all {len(sequence.notes)} notes are drums or lie outside "
                f"MIDI pitch {LOWEST} to {HIGHEST}."
            )

    def arrays(self, classes: ArrayLike, triads: ArrayLike | None = None) -> Example:
        """Classes [t] (and triads [t]) to arrays; see `encode`."""
        rows = np.eye(DEPTH, dtype=np.float32)[np.asarray(classes, np.int64)]
        told = np.zeros((len(rows), 0), np.float32)
        if triads is not None:
            told = np.eye(chords.TRIADS, dtype=np.float32)[np.asarray(triads, np.int64)]
        return Example(rows, rows, told)

    def decode(self, rows: Rows, *, qpm: float = 120.0, velocity: int = 80, program: int = 0) -> NoteSequence:
        """Rows [t, 90] back to a melody as long as the rows, silence included.

        Raises
        ------
        ConverterError
            If the rows are of another width.
        """
        rows = np.asarray(rows)
        if rows.ndim != 2 or rows.shape[1] != DEPTH:
            raise ConverterError(f"Rows are [t, {DEPTH}]; got shape {rows.shape}.")
        notes: list[Note] = []
        struck: tuple[int, int] | None = None
        for step, what in [*enumerate(rows.argmax(axis=1).tolist()), (len(rows), LET_GO)]:
            if what == HOLD:
                continue
            if struck is not None:
                pitch, since = struck
                notes.append(Note(pitch, since, step - since, velocity, program=program))
            struck = (what - FIRST_KEY + LOWEST, step) if what >= FIRST_KEY else None
        return NoteSequence(notes, len(rows), qpm)

    def excerpts(self, source: Source | NoteSequence, *, strict: bool = False) -> Excerpts:
        """Every window of a piece, a bar apart, instrument by instrument, and why the rest was left out.

        A rest of a bar or more parts a melody; a window that was there before is not given again.

        Parameters
        ----------
        source : path, bytes or NoteSequence
        strict : bool
            Find exactly Magenta's windows: the grid begins anew at each change of tempo, and nothing is read beyond
            a hundred bars.

        Returns
        -------
        Excerpts
            In the order of their bars.
        """
        found_in = material(source, strict=strict)
        left_out = list(found_in.left_out)
        found = self._windows(found_in, strict, left_out)
        return Excerpts(found, merged(left_out), found_in.name)

    def _windows(self, found_in: Material, strict: bool, left_out: list[LeftOut]) -> list[Excerpt]:
        seen: dict[tuple[bytes, tuple[str, ...]], Excerpt] = {}
        candidates: list[Excerpt] = []
        for stretch in found_in.stretches:
            last = max((note.step + note.length for note in stretch.sequence.notes), default=0) + STEPS_PER_BAR
            try:
                told = _implied(stretch, last) if self.chords else None
            except MusicError as error:
                left_out.append(LeftOut(f"(no chords: {error})", stretch.bar, stretch.bar + stretch.sequence.bars - 1))
                continue
            for number, part in stretch.parts:
                name = found_in.instruments[number] if number < len(found_in.instruments) else ""
                notes = self._playable(part, name, left_out)
                for line in self._long_enough(stretch, notes, name, left_out):
                    candidates += self._cut(stretch, line, told, strict, found_in.name, name)
        candidates.sort(key=lambda excerpt: excerpt.bar)
        left_out += [
            LeftOut("repeat earlier bars", excerpt.bar, excerpt.bar + excerpt.bars - 1)
            for excerpt in candidates
            if seen.setdefault((self.classes(excerpt).tobytes(), excerpt.chords), excerpt) is not excerpt
        ]
        if not candidates and not left_out:
            left_out.append(LeftOut("no melody: there are no notes but drums"))
        return list(seen.values())

    def _playable(self, part: NoteSequence, name: str, left_out: list[LeftOut]) -> list[Note]:
        """The notes of an instrument that the model has keys for, if it takes the instrument at all."""
        pitched = [note for note in part.notes if not note.is_drum]
        if self.programs is not None:
            low, high = self.programs
            kept = [note for note in pitched if low <= note.program <= high]
            if len(kept) < len(pitched):
                left_out.append(LeftOut(f"{name or 'an instrument'} is not among programs {low} to {high}"))
            pitched = kept
        kept = [note for note in pitched if LOWEST <= note.pitch <= HIGHEST]
        if len(kept) < len(pitched):
            left_out.append(LeftOut(f"{len(pitched) - len(kept)} notes outside MIDI pitch {LOWEST} to {HIGHEST}"))
        return kept

    def _long_enough(self, stretch: Stretch, notes: list[Note], name: str, left_out: list[LeftOut]) -> list[Line]:
        found = list(lines(notes))
        under = sum(line.dropped for line in found)
        if under:
            left_out.append(LeftOut(f"{name or 'the melody'}: {under} notes under the top line"))
        for line in found:
            if line.stop - line.start < self.steps:
                first = stretch.bar + line.start // STEPS_PER_BAR
                last = stretch.bar + line.stop // STEPS_PER_BAR - 1
                why = f"{name or 'the melody'} is heard too briefly; a window takes {self.steps // STEPS_PER_BAR} bars"
                left_out.append(LeftOut(f"({why})", first, last))
        return [line for line in found if line.stop - line.start >= self.steps]

    def _cut(
        self, stretch: Stretch, line: Line, told: list[str] | None, strict: bool, source: str, name: str
    ) -> list[Excerpt]:
        stop = min(line.stop, line.start + _LONGEST_STRICT) if strict else line.stop
        whole = NoteSequence(line.notes, max(stretch.sequence.steps, line.stop), stretch.sequence.qpm)
        return [
            Excerpt(
                whole.slice(at, at + self.steps).replace(qpm=stretch.qpm_at(at)),
                bar=stretch.bar + at // STEPS_PER_BAR,
                source=source,
                part=name,
                chords=() if told is None else told[at : at + self.steps],
            )
            for at in range(line.start, stop - self.steps + 1, STEPS_PER_BAR)
        ]


def _classes_of(notes: tuple[Note, ...], steps: int) -> Classes:
    """The classes of a line, [steps]."""
    classes = np.zeros(steps, np.int64)
    for note, after in zip_longest(notes, notes[1:]):
        end = note.step + note.length
        classes[note.step] = note.pitch - LOWEST + FIRST_KEY
        if end < steps and (after is None or after.step > end):
            classes[end] = LET_GO
    return classes


def _implied(stretch: Stretch, steps: int) -> list[str]:
    """The chord of each step that the pitched notes of a stretch imply, two chords a bar [steps]."""
    heard = [
        index
        for index, note in enumerate(stretch.written)
        if not note.is_drum and LOWEST <= note.pitch <= HIGHEST and note.program not in _UNPITCHED
    ]
    pitches = [stretch.written[index].pitch for index in heard]
    starts, ends = stretch.spans[heard].T
    symbols = chords.infer(pitches, starts, ends, frame=_CHORD_STEPS / stretch.steps_per_span)
    return chords.stretched(symbols, steps=steps, each=_CHORD_STEPS)
