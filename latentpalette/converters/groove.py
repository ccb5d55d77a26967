"""Drum performances as rows of hits, velocities and offsets, and what a model is to make of less.

27 columns: nine hits (0 or 1), nine velocities (0 to 1), nine offsets (-1 to 1; a step is a sixteenth, 1 is half a
step early, -1 half a step late: the sign is Magenta's, the opposite of `Note.offset`). Source: Magenta's
`GrooveConverter`; Gillick et al. (2019), arXiv 1905.06118.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from latentpalette.converters.base import Example, Frames
from latentpalette.converters.drum_base import left_out_hits, require_drums
from latentpalette.errors import ConverterError
from latentpalette.music import drums
from latentpalette.music.midi import MidiSource
from latentpalette.music.score import Section
from latentpalette.music.sequence import STEPS_PER_BAR, Note, NoteSequence
from latentpalette.windows.common import Excerpts, LeftOut, cut_window, load_sections, merge_left_out

TAP_CLASS = 3  # a tapped rhythm is written on the open hat's column, as Magenta does

MIN_VELOCITY = 1  # a hit that is drawn is heard: velocity 0 means silence in MIDI


@dataclass(frozen=True)
class GrooveConverter:
    """Drum performances of a fixed number of steps, and a poorer version of each for the encoder.

    Parameters
    ----------
    steps : int
        Length of a window; 32 is two bars.
    map : str
        Which pitches count as which drum. Magenta trains with ``"roland"`` and infers with ``"reduced"``.
    humanize : bool
        The encoder sees which drums are hit, neither how hard nor exactly when.
    tapify : bool
        The encoder sees a single line of taps: the loudest drum of each step.
    fixed_velocities : bool
        The encoder does not see how hard.
    add_instruments : tuple of int
        Classes that the encoder does not see at all.
    hits_as_controls : bool
        Encoder and decoder are told the hits of the whole kit.
    max_note_dropout : float [0 to 1]
        In training the encoder misses each note with probability q * max(0.2, 1 - velocity), with q drawn for each
        performance, evenly up to this.

    Examples
    --------
    >>> from latentpalette.music.sequence import Note, NoteSequence
    >>> late = NoteSequence([Note(38, 4, velocity=100, offset=0.25, is_drum=True)], steps=32)
    >>> groove = GrooveConverter(humanize=True)
    >>> groove.encode(late).targets[4, [1, 10, 19]].astype(float).round(3).tolist()
    [1.0, 0.787, -0.5]
    >>> groove.encode(late).inputs[4, [1, 10, 19]].tolist()
    [1.0, 0.0, 0.0]
    >>> groove.decode(groove.encode(late).targets) == late
    True
    """

    steps: int = 32
    drum_map: str = "reduced"
    humanize: bool = False
    tapify: bool = False
    fixed_velocities: bool = False
    add_instruments: tuple[int, ...] = ()
    hits_as_controls: bool = False
    max_note_dropout: float = 0.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "add_instruments", tuple(self.add_instruments))  # JSON knows lists only
        drums.require_nine_classes(self.drum_map, error=ConverterError)
        if self.steps % STEPS_PER_BAR:
            raise ConverterError(f"A window is whole bars of {STEPS_PER_BAR} steps; got {self.steps} steps.")

    @property
    def pitch_map(self) -> drums.DrumMap:
        """The drum map itself."""
        return drums.DRUM_MAPS[self.drum_map]

    @property
    def input_depth(self) -> int:
        """Hits, velocities and offsets."""
        return 3 * len(self.pitch_map)

    @property
    def output_depth(self) -> int:
        """Hits, velocities and offsets."""
        return 3 * len(self.pitch_map)

    @property
    def control_depth(self) -> int:
        """The hits, if they are told."""
        return len(self.pitch_map) if self.hits_as_controls else 0

    def encode(self, sequence: NoteSequence) -> Example:
        """A performance as the model reads it, and as it is to play it.

        Raises
        ------
        ConverterError
            If it has another length, or plays other instruments only.
        """
        self.check(sequence)
        target = self.frames(sequence)
        hits = target[:, : len(self.pitch_map)]
        controls = hits if self.hits_as_controls else hits[:, :0]
        return Example(self.encoder_view(target), target, controls.copy())

    def check(self, sequence: NoteSequence) -> None:
        """Raise `ConverterError` if `encode` cannot take this sequence, saying why and what to do."""
        require_drums(sequence, self.steps)

    def frames(self, sequence: NoteSequence) -> Frames:
        """The performance itself, [steps, 27]; of two strokes of one drum in a step the louder counts."""
        width = len(self.pitch_map)
        rows = np.zeros((sequence.steps, 3 * width), np.float32)
        classes = self.pitch_map.classes
        for note in sequence.notes:
            drum = classes.get(note.pitch)
            if not note.is_drum or drum is None or note.velocity / 127 <= rows[note.step, width + drum]:
                continue
            rows[note.step, [drum, width + drum, 2 * width + drum]] = 1.0, note.velocity / 127, -2 * note.offset
        return rows

    def encoder_view(self, target: Frames) -> Frames:
        """What the encoder sees of a performance, [t, 27]: in Magenta's order of losses."""
        width = len(self.pitch_map)
        seen = target.copy()
        if self.tapify:
            loudest = target[:, width : 2 * width].argmax(axis=1)
            steps = np.arange(len(target))
            seen = np.zeros_like(target)
            for block in range(3):
                seen[:, block * width + TAP_CLASS] = target[steps, block * width + loudest]
        if self.humanize:
            seen[:, width:] = 0
        if self.fixed_velocities:
            seen[:, width : 2 * width] = 0
        for drum in self.add_instruments:
            seen[:, [drum, width + drum, 2 * width + drum]] = 0
        return seen

    def decode(self, frames: Frames, *, qpm: float = 120.0) -> NoteSequence:
        """Rows [t, 27] back to a performance.

        Every hit is heard (velocity 1 at least), and none begins before the first step.
        """
        frames = np.asarray(frames)
        width = len(self.pitch_map)
        if frames.ndim != 2 or frames.shape[1] != 3 * width:
            raise ConverterError(f"Rows are [t, {3 * width}]; got shape {frames.shape}.")
        hits, velocities, offsets = np.split(frames, 3, axis=1)
        pitches = self.pitch_map.exemplars
        notes = []
        for step, drum in np.argwhere(hits > 0.5).tolist():
            velocity = int(np.clip(np.round(127 * velocities[step, drum]), MIN_VELOCITY, 127))
            offset = float(np.clip(-offsets[step, drum] / 2, 0 if step == 0 else -0.5, 0.5))
            notes.append(Note(pitches[drum], step, 1, velocity, offset + 0.0, True))
        return NoteSequence(notes, len(frames), qpm)

    def excerpts(self, source: MidiSource | NoteSequence, *, strict: bool = False) -> Excerpts:
        """A piece in windows that follow one another, and why the rest was left out.

        Parameters
        ----------
        source : path, bytes or NoteSequence
        strict : bool
            Find exactly Magenta's windows: nothing in a piece that changes its tempo or meter.
        """
        found_in = load_sections(source, magenta_compatible=strict)
        if strict and len(found_in.stretches) + len(found_in.left_out) > 1:
            reason = LeftOut("the tempo or the meter changes")
            return Excerpts([], [reason, *found_in.left_out], found_in.name)
        left_out = list(found_in.left_out)
        found = []
        heard = False
        for stretch in found_in.stretches:
            kept, unheard = self._heard(stretch)
            heard = heard or bool(kept.sequence.notes)
            left_out += unheard
            last = max((note.step for note in kept.sequence.notes), default=-1)
            until = -(-(last + 1) // STEPS_PER_BAR) * STEPS_PER_BAR
            windows = range(0, until - self.steps + 1, self.steps)
            found += [cut_window(kept, step, self.steps, found_in.name) for step in windows]
            rest = len(windows) * self.steps
            if rest < until:
                bars = (stretch.bar + rest // STEPS_PER_BAR, stretch.bar + until // STEPS_PER_BAR - 1)
                left_out.append(LeftOut(f"do not fill a window of {self.steps // STEPS_PER_BAR} bars", *bars))
        if not heard:
            left_out.append(LeftOut("no drums: channel 10 is empty"))
        return Excerpts(found, merge_left_out(left_out), found_in.name)

    def _heard(self, stretch: Section) -> tuple[Section, list[LeftOut]]:
        """The stretch as the model hears it, in whole bars: one stroke a drum and step, the loudest, else the first."""
        classes = self.pitch_map.classes
        loudest: dict[tuple[int, int], Note] = {}
        unmapped: list[int] = []
        strokes = [note for note in stretch.written if note.is_drum]
        for note in strokes:
            if note.pitch not in classes:
                unmapped.append(note.pitch)
                continue
            before = loudest.get((note.step, classes[note.pitch]))
            if before is None or note.velocity > before.velocity:
                loudest[note.step, classes[note.pitch]] = note
        left_out = []
        if unmapped:
            left_out.append(left_out_hits(unmapped))
        if doubled := len(strokes) - len(unmapped) - len(loudest):
            left_out.append(LeftOut(f"softer strokes of a drum already struck in the step: {doubled}"))
        steps = -(-max(stretch.sequence.steps, 1) // STEPS_PER_BAR) * STEPS_PER_BAR
        sequence = NoteSequence(loudest.values(), steps, stretch.sequence.qpm)
        return Section(sequence, stretch.bar, stretch.time_signature, stretch.tempo_steps, stretch.tempo_qpms), left_out
