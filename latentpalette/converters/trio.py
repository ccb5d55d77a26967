"""Three parts at once: a melody, a bass and drums, side by side in one row.

692 columns: the melody's 90 classes, the bass's 90, and the drums' 512 labels. Source: Magenta's `TrioConverter`.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from latentpalette.converters.base import Example, Rows, check_steps
from latentpalette.converters.drums import DrumsConverter
from latentpalette.converters.melody import DEPTH, HIGHEST, LET_GO, LOWEST, MelodyConverter
from latentpalette.errors import ConverterError
from latentpalette.music.melody import lines
from latentpalette.music.midi import Source
from latentpalette.music.score import Stretch
from latentpalette.music.sequence import STEPS_PER_BAR, Note, NoteSequence
from latentpalette.windows.common import Excerpt, Excerpts, LeftOut, Material, material, merged

MELODY, BASS, DRUMS = "melody", "bass", "drums"
PROGRAMS = {MELODY: range(32), BASS: range(32, 40)}
BASS_PROGRAM = 33  # what a decoded bass is played on

_GAP_BARS = 2  # a part may rest this long and still count as there
_MOST_BARS = 1024


def part_of(note: Note) -> str | None:
    """Which of the three parts a note belongs to; None for instruments that are neither."""
    if note.is_drum:
        return DRUMS
    return next((part for part, programs in PROGRAMS.items() if note.program in programs), None)


@dataclass(frozen=True)
class TrioConverter:
    """Melody, bass and drums of a fixed number of steps.

    Parameters
    ----------
    steps : int
        Length of a window; 256 is sixteen bars.
    map : str
        The drum map, as in `DrumsConverter`.

    Examples
    --------
    >>> from latentpalette.music.sequence import Note, NoteSequence
    >>> band = NoteSequence([Note(72, 0, 4), Note(36, 0, 8, program=33), Note(36, 0, is_drum=True)], steps=64)
    >>> trio = TrioConverter(steps=64)
    >>> trio.encode(band).outputs.shape, trio.decode(trio.encode(band).outputs) == band
    ((64, 692), True)
    """

    steps: int = 256
    map: str = "reduced"

    @property
    def _drums(self) -> DrumsConverter:
        return DrumsConverter(self.steps, self.map)

    @property
    def depths(self) -> tuple[int, int, int]:
        """Columns of melody, bass and drums."""
        return DEPTH, DEPTH, self._drums.output_depth

    @property
    def input_depth(self) -> int:
        """The same as is said."""
        return sum(self.depths)

    @property
    def output_depth(self) -> int:
        """Melody, bass and drums side by side."""
        return sum(self.depths)

    @property
    def control_depth(self) -> int:
        """None."""
        return 0

    def encode(self, sequence: NoteSequence) -> Example:
        """Three parts as the model reads them.

        Melody is programs 0 to 31, bass 32 to 39 (of several notes at once the highest), drums are drums; other
        instruments are not heard.

        Raises
        ------
        ConverterError
            If it has another length, or none of the three parts.
        """
        labels = self.labels(sequence)
        rows = np.concatenate(
            [np.eye(depth, dtype=np.float32)[each] for depth, each in zip(self.depths, labels.T, strict=True)], axis=1
        )
        return Example(rows, rows, np.zeros((self.steps, 0), np.float32))

    def labels(self, sequence: NoteSequence) -> NDArray[np.int64]:
        """The melody's class, the bass's class and the drums' label of each step [steps, 3]; errors as `encode`."""
        check_steps(sequence, self.steps)
        if sequence.notes and not any(map(part_of, sequence.notes)):
            raise ConverterError("No trio to encode: no drums, and no note on programs 0 to 39.")
        let_go = sequence.let_go if isinstance(sequence, Excerpt) else ()
        tunes = [self._classes(sequence, part, let_go) for part in (MELODY, BASS)]
        return np.stack([*tunes, self._drums.masks(sequence).astype(np.int64)], axis=1)

    def _classes(self, sequence: NoteSequence, part: str, let_go: tuple[tuple[int, int], ...]) -> NDArray[np.int64]:
        own = [note for note in sequence.notes if part_of(note) == part]
        classes = MelodyConverter(self.steps).classes(sequence.replace(notes=own))
        for step, program in let_go:
            if program in PROGRAMS[part] and step < self.steps and not classes[: step + 1].any():
                classes[step] = LET_GO
        return classes

    def decode(self, rows: Rows, *, qpm: float = 120.0) -> NoteSequence:
        """Rows [t, 692] back to three parts as long as the rows."""
        rows = np.asarray(rows)
        if rows.ndim != 2 or rows.shape[1] != self.output_depth:
            raise ConverterError(f"Rows are [t, {self.output_depth}]; got shape {rows.shape}.")
        tune, low, beat = np.split(rows, np.cumsum(self.depths)[:-1], axis=1)
        one_line = MelodyConverter(self.steps)
        parts = (
            one_line.decode(tune, qpm=qpm),
            one_line.decode(low, qpm=qpm, program=BASS_PROGRAM),
            self._drums.decode(beat, qpm=qpm),
        )
        return NoteSequence([note for part in parts for note in part.notes], len(rows), qpm)

    def excerpts(self, source: Source | NoteSequence, *, strict: bool = False) -> Excerpts:
        """Every window in which a melody, a bass and drums play, a bar apart.

        With several instruments for a part, each combination is tried.

        Parameters
        ----------
        source : path, bytes or NoteSequence
        strict : bool
            Find exactly Magenta's windows, in Magenta's order: combination by combination.
        """
        found_in = material(source, strict=strict)
        left_out = list(found_in.left_out)
        found = [excerpt for stretch in found_in.stretches for excerpt in self._windows(found_in, stretch, left_out)]
        if not strict:
            found.sort(key=lambda excerpt: excerpt.bar)
        return Excerpts(found, merged(left_out), found_in.name)

    def _windows(self, found_in: Material, stretch: Stretch, left_out: list[LeftOut]) -> list[Excerpt]:
        reach = max((note.step + note.length for note in stretch.written), default=0)
        bars = min(-(-reach // STEPS_PER_BAR), _MOST_BARS)
        window = self.steps // STEPS_PER_BAR
        players: dict[str, list[int]] = {MELODY: [], BASS: [], DRUMS: []}
        played: dict[int, tuple[Note, ...]] = {}
        covered: dict[int, NDArray[np.bool_]] = {}
        for number, sequence in stretch.parts:
            kinds = {part_of(note) for note in sequence.notes}
            kind = kinds.pop() if len(kinds) == 1 else None
            if kind is None:
                continue
            players[kind].append(number)
            played[number] = self._playable(kind, sequence)
            there = _bars_played(sequence.notes if played[number] else (), bars)
            covered[number] = np.array(
                [there[max(0, bar - _GAP_BARS) : bar + _GAP_BARS + 1].any() for bar in range(bars)], bool
            )
        last_bar = stretch.bar + max(bars, 1) - 1
        missing = [part for part, numbers in players.items() if not numbers]
        if missing:
            left_out.append(LeftOut(f"have no {' and no '.join(missing)}", stretch.bar, last_bar))
            return []
        if bars < window:
            left_out.append(LeftOut(f"are fewer than the {window} a window takes", stretch.bar, last_bar))
            return []
        found: list[Excerpt] = []
        for group in product(*players.values()):
            group_covered = np.all([covered[number] for number in group], axis=0)
            either = np.any([covered[number] for number in group], axis=0)
            # Near the ends one part is enough, so that a window cut out can be read again.
            group_covered[:_GAP_BARS] = either[:_GAP_BARS].any()
            group_covered[-_GAP_BARS:] = either[-_GAP_BARS:].any()
            found += [
                self._cut(found_in.name, stretch, [played[number] for number in group], bar)
                for bar in range(bars - window + 1)
                if group_covered[bar : bar + window].all()
            ]
        if not found:
            left_out.append(LeftOut("never have all three parts for a whole window", stretch.bar, last_bar))
        return found

    def _playable(self, kind: str, sequence: NoteSequence) -> tuple[Note, ...]:
        """What of an instrument the model can read: the drums of the map, or one line on the keyboard."""
        if kind == DRUMS:
            return tuple(note for note in sequence.notes if note.pitch in self._drums.drum_map.classes)
        keys = [note for note in sequence.notes if LOWEST <= note.pitch <= HIGHEST]
        line = next(lines(keys, rest=None), None)
        return line.notes if line else ()

    def _cut(self, source: str, stretch: Stretch, parts: list[tuple[Note, ...]], bar: int) -> Excerpt:
        start = bar * STEPS_PER_BAR
        stop = start + self.steps
        notes = [note for part in parts for note in part]
        inside = [
            dataclasses.replace(note, step=note.step - start, length=min(note.length, stop - note.step))
            for note in notes
            if start <= note.step < stop
        ]
        let_go = [
            (note.step + note.length - start, note.program)
            for note in notes
            if not note.is_drum and note.step < start <= note.step + note.length
        ]
        sequence = NoteSequence(inside, self.steps, stretch.qpm_at(start))
        return Excerpt(sequence, bar=stretch.bar + bar, source=source, let_go=let_go)


def _bars_played(notes: tuple[Note, ...], bars: int) -> NDArray[np.bool_]:
    there = np.zeros(bars, bool)
    for note in notes:
        there[note.step // STEPS_PER_BAR : -(-(note.step + note.length) // STEPS_PER_BAR)] = True
    return there
