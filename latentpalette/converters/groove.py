"""Drum performances as frames of hits, velocities and offsets, with some of them hidden from the encoder.

27 columns: nine hits (0 or 1), nine velocities (0 to 1), nine offsets (-1 to 1; a step is a sixteenth, 1 is half a
step early, -1 half a step late: the sign is Magenta's, the opposite of `Note.offset`). Source: Magenta's
`GrooveConverter`; Gillick et al. (2019), arXiv 1905.06118.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from latentpalette.converters.base import Example, Frames, require_drums, require_length
from latentpalette.errors import ConverterError
from latentpalette.music import drums
from latentpalette.music.sequence import STEPS_PER_BAR, Note, NoteSequence

TAP_CLASS = 3  # a tapped rhythm is in the open hat's columns, as in Magenta

MIN_VELOCITY = 1  # of a decoded hit: velocity 0 means silence in MIDI


@dataclass(frozen=True)
class GrooveConverter:
    """Drum performances of a fixed number of steps, and a reduced view of each for the encoder.

    Parameters
    ----------
    steps : int
        Length of a window; 32 is two bars.
    drum_map : str
        A name in `latentpalette.music.drums.DRUM_MAPS`, of a map with nine classes. Magenta trains with ``"roland"``
        and infers with ``"reduced"``.
    humanize : bool
        Hide velocities and offsets from the encoder.
    tapify : bool
        Reduce the encoder's view to a single line of taps: the loudest drum of each step.
    fixed_velocities : bool
        Hide velocities from the encoder.
    add_instruments : tuple of int
        Classes to hide from the encoder.
    hits_as_controls : bool
        Condition encoder and decoder on the hits of the whole kit.
    max_note_dropout : float [0 to 1]
        In training, hide each note from the encoder with probability ``q * max(0.2, 1 - velocity)``; q is drawn
        uniformly from 0 to this value for each performance.

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
        """The map called `drum_map`: from MIDI pitches to classes of drums."""
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
        """The hits, if they are controls."""
        return len(self.pitch_map) if self.hits_as_controls else 0

    def encode(self, sequence: NoteSequence) -> Example:
        """Encode a performance as arrays: the encoder's view, and the whole as the target.

        Raises
        ------
        ConverterError
            If it has another length, or other instruments only.
        """
        self.check(sequence)
        target = self.frames(sequence)
        hits = target[:, : len(self.pitch_map)]
        controls = hits if self.hits_as_controls else hits[:, :0]
        return Example(self.encoder_view(target), target, controls.copy())

    def check(self, sequence: NoteSequence) -> None:
        """Raise `ConverterError` if `encode` cannot encode this sequence."""
        require_length(sequence, self.steps)
        require_drums(sequence)

    def frames(self, sequence: NoteSequence) -> Frames:
        """Return the whole performance [steps, 27]; of two hits of one drum in a step the louder."""
        width = len(self.pitch_map)
        frames = np.zeros((sequence.steps, 3 * width), np.float32)
        classes = self.pitch_map.classes
        for note in sequence.notes:
            drum = classes.get(note.pitch)
            if not note.is_drum or drum is None or note.velocity / 127 <= frames[note.step, width + drum]:
                continue
            frames[note.step, [drum, width + drum, 2 * width + drum]] = 1.0, note.velocity / 127, -2 * note.offset
        return frames

    def encoder_view(self, target: Frames) -> Frames:
        """Return the encoder's view of a performance [t, 27], reduced in Magenta's order."""
        width = len(self.pitch_map)
        view = target.copy()
        if self.tapify:
            loudest = target[:, width : 2 * width].argmax(axis=1)
            steps = np.arange(len(target))
            view = np.zeros_like(target)
            for block in range(3):
                view[:, block * width + TAP_CLASS] = target[steps, block * width + loudest]
        if self.humanize:
            view[:, width:] = 0
        if self.fixed_velocities:
            view[:, width : 2 * width] = 0
        for drum in self.add_instruments:
            view[:, [drum, width + drum, 2 * width + drum]] = 0
        return view

    def decode(self, frames: Frames, *, qpm: float = 120.0) -> NoteSequence:
        """Decode frames [t, 27] to a performance.

        Every hit has at least velocity 1, and none begins before the first step.

        Raises
        ------
        ConverterError
            If the frames have another width.
        """
        frames = np.asarray(frames)
        width = len(self.pitch_map)
        if frames.ndim != 2 or frames.shape[1] != 3 * width:
            raise ConverterError(f"Frames are [t, {3 * width}]; got shape {frames.shape}.")
        hits, velocities, offsets = np.split(frames, 3, axis=1)
        pitches = self.pitch_map.exemplars
        notes = []
        for step, drum in np.argwhere(hits > 0.5).tolist():
            velocity = int(np.clip(np.round(127 * velocities[step, drum]), MIN_VELOCITY, 127))
            offset = float(np.clip(-offsets[step, drum] / 2, 0 if step == 0 else -0.5, 0.5))
            notes.append(Note(pitches[drum], step, 1, velocity, offset + 0.0, True))
        return NoteSequence(notes, len(frames), qpm)
