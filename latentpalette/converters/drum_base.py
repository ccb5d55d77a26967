"""What the drum representations share: a grid of drums, its checks, and the search for loops in a piece."""

from __future__ import annotations

from abc import ABC, abstractmethod
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from latentpalette.converters.base import require_length
from latentpalette.errors import ConverterError
from latentpalette.music import drums
from latentpalette.music.midi import MidiSource
from latentpalette.music.score import Section
from latentpalette.music.sequence import STEPS_PER_BAR, Note, NoteSequence
from latentpalette.windows.common import Excerpt, Excerpts, LeftOut, cut_window, load_sections, merge_left_out

_LONGEST_STRICT = 100 * STEPS_PER_BAR  # Magenta reads no further than a hundred bars


class DrumConverterBase(ABC):
    """Drum loops of a fixed number of steps, as one bit a drum and step."""

    steps: int
    drum_map: str

    @property
    def pitch_map(self) -> drums.DrumMap:
        """The drum map itself."""
        return drums.DRUM_MAPS[self.drum_map]

    @property
    def input_depth(self) -> int:
        """One bit a drum, and one for "nothing sounds"."""
        return len(self.pitch_map) + 1

    @property
    @abstractmethod
    def output_depth(self) -> int:
        """Columns the decoder says."""

    @property
    def control_depth(self) -> int:
        """None."""
        return 0

    def pianoroll(self, sequence: NoteSequence) -> NDArray[np.bool_]:
        """Which drum is hit when, [steps, drums]. What is no drum, or has no class, is not heard."""
        hits = np.zeros((sequence.steps, len(self.pitch_map)), bool)
        classes = self.pitch_map.classes
        for note in sequence.notes:
            if note.is_drum and note.pitch in classes:
                hits[note.step, classes[note.pitch]] = True
        return hits

    def from_pianoroll(self, roll: NDArray, *, qpm: float = 120.0, velocity: int = 80) -> NoteSequence:
        """The loop that a roll [t, drums] of truth values stands for."""
        pitches = self.pitch_map.exemplars
        notes = [Note(pitches[drum], step, 1, velocity, 0.0, True) for step, drum in np.argwhere(roll).tolist()]
        return NoteSequence(notes, len(roll), qpm)

    def encoder_frames(self, sequence: NoteSequence) -> NDArray[np.float32]:
        """What the encoder reads of a loop, [steps, drums + 1]; the last bit says "nothing sounds"."""
        self.check(sequence)
        hits = self.pianoroll(sequence)
        return np.concatenate([hits, ~hits.any(axis=1, keepdims=True)], axis=1).astype(np.float32)

    def check(self, sequence: NoteSequence) -> None:
        """Raise `ConverterError` if `encode` cannot take this sequence, saying why and what to do."""
        require_drums(sequence, self.steps)

    def excerpts(self, source: MidiSource | NoteSequence, *, strict: bool = False) -> Excerpts:
        """Every window of a piece, a bar apart, and why the rest was left out.

        Silence of a bar or more parts the piece; a window that was there before is not given again.

        Parameters
        ----------
        source : path, bytes or NoteSequence
        strict : bool
            Find exactly Magenta's windows: the grid begins anew at each change of tempo, and nothing is read beyond
            a hundred bars.

        Returns
        -------
        Excerpts
            In order, with bar numbers.

        Raises
        ------
        MidiError
            If it is a file that cannot be read.
        """
        found_in = load_sections(source, magenta_compatible=strict)
        left_out = list(found_in.left_out)
        seen: dict[bytes, Excerpt] = {}
        heard = False
        for stretch in found_in.stretches:
            stretch, unmapped = self._drums_of(stretch)
            if unmapped:
                left_out.append(left_out_hits(unmapped))
            heard = heard or bool(stretch.sequence.notes)
            for first, last in self._runs(stretch, left_out):
                last = min(last, first + _LONGEST_STRICT) if strict else last
                for step in range(first, last - self.steps + 1, STEPS_PER_BAR):
                    window = cut_window(stretch, step, self.steps, found_in.name)
                    before = seen.setdefault(self.pianoroll(window).tobytes(), window)
                    if before is not window:
                        bars = (window.bar, window.bar + window.bars - 1)
                        left_out.append(LeftOut("repeat earlier bars", *bars))
        if not heard:
            left_out.append(_no_drums(found_in.instruments))
        return Excerpts(seen.values(), merge_left_out(left_out), found_in.name)

    def _drums_of(self, stretch: Section) -> tuple[Section, list[int]]:
        """The stretch with the drums of the map alone, and the drum pitches that fell out."""
        kept: list[Note] = []
        unmapped: list[Note] = []
        for note in stretch.sequence.notes:
            if note.is_drum:
                (kept if note.pitch in self.pitch_map.classes else unmapped).append(note)
        # A drum is a stroke: how long its key was held must not lengthen the piece.
        steps = max(stretch.sequence.steps, *(note.step + 1 for note in kept)) if kept else stretch.sequence.steps
        steps = -(-steps // STEPS_PER_BAR) * STEPS_PER_BAR
        sequence = NoteSequence(kept, steps, stretch.sequence.qpm)
        return (
            Section(sequence, stretch.bar, stretch.time_signature, stretch.tempo_steps, stretch.tempo_qpms),
            [note.pitch for note in unmapped],
        )

    def _runs(self, stretch: Section, left_out: list[LeftOut]) -> list[tuple[int, int]]:
        """Where the drums play without a bar's rest [steps, whole bars]; what is too short or silent goes out."""
        hits = sorted({note.step for note in stretch.sequence.notes})
        if not hits:
            return []
        breaks = [index for index, (a, b) in enumerate(pairwise(hits), 1) if b - a > STEPS_PER_BAR]
        edges = [0, *breaks, len(hits)]
        runs: list[tuple[int, int]] = []
        silent_from = 0
        for low, high in pairwise(edges):
            first = hits[low] // STEPS_PER_BAR * STEPS_PER_BAR
            last = -(-(hits[high - 1] + 1) // STEPS_PER_BAR) * STEPS_PER_BAR
            self._leave_out(stretch, silent_from, first, "without drums", left_out)
            if last - first < self.steps:
                why = f"played alone; a window takes {self.steps // STEPS_PER_BAR} bars in a row"
                self._leave_out(stretch, first, last, why, left_out)
            else:
                runs.append((first, last))
            silent_from = last
        self._leave_out(stretch, silent_from, stretch.sequence.steps, "without drums", left_out)
        return runs

    @staticmethod
    def _leave_out(stretch: Section, first: int, last: int, why: str, left_out: list[LeftOut]) -> None:
        if last > first:
            bars = (stretch.bar + first // STEPS_PER_BAR, stretch.bar + last // STEPS_PER_BAR - 1)
            left_out.append(LeftOut(f"{'is' if bars[0] == bars[1] else 'are'} {why}", *bars))


def require_drums(sequence: NoteSequence, steps: int) -> None:
    """Raise `ConverterError` if a sequence is not as long as a model reads, or has notes but no drums."""
    require_length(sequence, steps)
    if sequence.notes and not any(note.is_drum for note in sequence.notes):
        raise ConverterError(
            f"No drums to encode: none of the {len(sequence.notes)} notes is a drum "
            "(is_drum=True; channel 10 in a MIDI file)."
        )


def left_out_hits(pitches: list[int]) -> LeftOut:
    """Return the notice that hits on these drum pitches, one for each hit, have no class in the drum map."""
    named = ", ".join(f"{pitch} ({drums.drum_name(pitch)})" for pitch in sorted(set(pitches))[:6])
    hits = f"{len(pitches)} hit{'' if len(pitches) == 1 else 's'}"
    return LeftOut(f"{hits} on drums the model has no class for: {named}")


def _no_drums(instruments: tuple[str, ...]) -> LeftOut:
    others = list(dict.fromkeys(name for name in instruments if name != "drums"))
    has = f"; there is {', '.join(others[:6])}{' ...' if len(others) > 6 else ''}" if others else ""
    return LeftOut(f"no drums: channel 10 is empty{has}")
