"""Notes on a grid of steps: the one form that music takes inside latentpalette."""

from __future__ import annotations

import bisect
import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from latentpalette.errors import MusicError
from latentpalette.music import drums

if TYPE_CHECKING:
    import os

    import pretty_midi

    from latentpalette.audio.sound import Sound

STEPS_PER_QUARTER = 4
STEPS_PER_BAR = 16  # a step is a sixteenth; every published model reads 4/4


@dataclass(frozen=True, order=True, slots=True)
class Note:
    """One note on the grid.

    Parameters
    ----------
    pitch : int [0 to 127]
        MIDI pitch; 60 is middle C. For drums the General MIDI drum number.
    step : int >= 0
        The sixteenth it belongs to.
    length : int >= 1 [steps]
    velocity : int [1 to 127]
    offset : float [-0.5 to 0.5, fractions of a step]
        Where it really sounds, measured from its step; late is positive.
    is_drum : bool
    program : int [0 to 127]
        General MIDI instrument, counted from 0; the kit for drums.

    Raises
    ------
    MusicError
        If a value is out of range; the message names it.

    Examples
    --------
    >>> Note(36, 0, is_drum=True)
    Note(pitch=36, step=0, length=1, velocity=80, offset=0.0, is_drum=True, program=0)
    """

    pitch: int
    step: int
    length: int = 1
    velocity: int = 80
    offset: float = 0.0
    is_drum: bool = False
    program: int = 0

    def __post_init__(self) -> None:
        for name, low, high in _LIMITS:
            value = getattr(self, name)
            if not low <= value <= high:  # also catches NaN
                raise MusicError(f"A note's {name} lies between {low} and {high}; got {value!r}.")


_LIMITS = (
    ("pitch", 0, 127),
    ("step", 0, 10_000_000),
    ("length", 1, 10_000_000),
    ("velocity", 1, 127),
    ("offset", -0.5, 0.5),
    ("program", 0, 127),
)


@dataclass(frozen=True, eq=False)
class NoteSequence:
    """Symbolic music: notes on a grid of sixteenths, a length and a tempo.

    In a notebook it shows itself as a piano roll with a player.

    Parameters
    ----------
    notes : iterable of Note
        Kept sorted by step, then pitch.
    steps : int >= 0
        The length of the whole, silence at the end included.
    qpm : float > 0 [quarter notes per minute]

    Raises
    ------
    MusicError
        If a note begins beyond the end, or the tempo is not between 1 and 1000.

    Examples
    --------
    >>> loop = NoteSequence([Note(36, 0, is_drum=True), Note(38, 8, is_drum=True)], steps=32)
    >>> loop
    NoteSequence(2 notes, 32 steps, 120 qpm)
    >>> loop.seconds
    4.0
    """

    notes: tuple[Note, ...] = ()
    steps: int = 0
    qpm: float = 120.0

    def __init__(self, notes: Iterable[Note] = (), steps: int = 0, qpm: float = 120.0) -> None:
        notes = tuple(sorted(notes, key=_by_time))
        if not 1 <= qpm <= 1000:
            raise MusicError(f"A tempo lies between 1 and 1000 quarter notes per minute; got {qpm!r}.")
        if steps < 0:
            raise MusicError(f"A sequence cannot be {steps} steps long.")
        if notes and notes[-1].step >= steps:
            raise MusicError(
                f"The sequence is {steps} steps long, but a note begins at step {notes[-1].step}. "
                f"Pass steps={_whole_bars(notes[-1].step + 1)} or more."
            )
        object.__setattr__(self, "notes", notes)
        object.__setattr__(self, "steps", int(steps))
        object.__setattr__(self, "qpm", float(qpm))

    # --- making one -------------------------------------------------------------------------

    @classmethod
    def from_steps(
        cls, hits: Mapping[str | int, Iterable[int]], *, steps: int = 32, qpm: float = 120.0, velocity: int = 80
    ) -> NoteSequence:
        """A drum loop written down as lists of steps.

        Parameters
        ----------
        hits : mapping of a drum's name (or pitch) to the steps it is hit on
            Names are those of `latentpalette.music.drums.REDUCED`: ``"kick"``, ``"snare"``, ``"closed hat"`` ...
        steps : int
            Length of the loop.

        Examples
        --------
        >>> NoteSequence.from_steps({"kick": [0, 8], "snare": [4, 12]}, steps=16)
        NoteSequence(4 notes, 16 steps, 120 qpm)
        """
        notes = [
            Note(drum if isinstance(drum, int) else drums.REDUCED.pitch_of(drum), step, 1, velocity, 0.0, True)
            for drum, places in hits.items()
            for step in places
        ]
        return cls(notes, steps, qpm)

    @classmethod
    def from_midi(cls, source: str | os.PathLike[str] | bytes) -> NoteSequence:
        """Read a MIDI file (a path, or its bytes) onto the grid; see `latentpalette.music.midi.read`."""
        from latentpalette.music import midi

        return midi.read(source)

    @classmethod
    def from_pretty_midi(cls, score: pretty_midi.PrettyMIDI) -> NoteSequence:
        """Take over a `pretty_midi.PrettyMIDI`; see `latentpalette.music.midi.from_pretty_midi`."""
        from latentpalette.music import midi

        return midi.from_pretty_midi(score)

    # --- what it is -------------------------------------------------------------------------

    @property
    def step_seconds(self) -> float:
        """How long one step lasts [seconds]."""
        return 60.0 / self.qpm / STEPS_PER_QUARTER

    @property
    def seconds(self) -> float:
        """How long the whole lasts [seconds]."""
        return self.steps * self.step_seconds

    @property
    def bars(self) -> int:
        """The number of bars it fills, the last perhaps in part."""
        return -(-self.steps // STEPS_PER_BAR)

    @property
    def is_drums(self) -> bool:
        """Whether every note is a drum (true of silence, too)."""
        return all(note.is_drum for note in self.notes)

    def __len__(self) -> int:
        return len(self.notes)

    def __bool__(self) -> bool:
        return True  # a silent loop is music, too

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, NoteSequence):
            return NotImplemented
        return (self.notes, self.steps, self.qpm) == (other.notes, other.steps, other.qpm)

    def __hash__(self) -> int:
        return hash((self.notes, self.steps, self.qpm))

    def __repr__(self) -> str:
        count = f"{len(self.notes)} note{'' if len(self.notes) == 1 else 's'}"
        return f"{type(self).__name__}({count}, {self.steps} steps, {self.qpm:g} qpm)"

    # --- changing it (each answers with a new one) ------------------------------------------

    def replace(self, **changes: Any) -> NoteSequence:
        """The same music with other `notes`, `steps` or `qpm`."""
        kept = {"notes": self.notes, "steps": self.steps, "qpm": self.qpm}
        unknown = set(changes) - set(kept)
        if unknown:
            raise MusicError(f"A NoteSequence has notes, steps and qpm; not {sorted(unknown)}.")
        return NoteSequence(**{**kept, **changes})

    def slice(self, start: int, stop: int) -> NoteSequence:
        """The steps from `start` up to `stop`; notes that ring on past `stop` are cut there.

        Examples
        --------
        >>> NoteSequence.from_steps({"kick": [0, 20]}, steps=32).slice(16, 32).notes[0].step
        4
        """
        if not 0 <= start <= stop:
            raise MusicError(f"A slice needs 0 <= start <= stop; got {start} and {stop}.")
        first, after = (bisect.bisect_left(self.notes, step, key=lambda note: note.step) for step in (start, stop))
        cut = [
            dataclasses.replace(note, step=note.step - start, length=min(note.length, stop - note.step))
            for note in self.notes[first:after]
        ]
        return NoteSequence(cut, stop - start, self.qpm)

    # --- files ------------------------------------------------------------------------------

    def to_pretty_midi(self) -> pretty_midi.PrettyMIDI:
        """The same music as a `pretty_midi.PrettyMIDI`; see `latentpalette.music.midi.to_pretty_midi`."""
        from latentpalette.music import midi

        return midi.to_pretty_midi(self)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write a file: ``.mid``, ``.wav`` or ``.mp3``, told by the ending. Answers with the path.

        Examples
        --------
        >>> import tempfile, pathlib
        >>> folder = pathlib.Path(tempfile.mkdtemp())
        >>> NoteSequence.from_steps({"kick": [0]}).save(folder / "kick.mid").name
        'kick.mid'
        """
        path = Path(path)
        if path.suffix.lower() in (".mid", ".midi"):
            from latentpalette.music import midi

            return midi.write(self, path)
        return self.sound().save(path)

    # --- doors upward: the only places where this floor looks at those below it --------------

    def sound(self, **settings: Any) -> Sound:
        """Render it as a sound, which a notebook shows as a player; see `latentpalette.audio.synth.render`."""
        from latentpalette.audio import synth

        return synth.render(self, **settings)

    def plot(self, **settings: Any) -> Any:
        """A bokeh piano roll; see `latentpalette.plots.pianoroll_interactive.pianoroll`."""
        from latentpalette.plots import pianoroll_interactive

        return pianoroll_interactive.pianoroll(self, **settings)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Any:
        from latentpalette.widgets import pianorolls

        return pianorolls.mimebundle(self)


def concatenate(sequences: Sequence[NoteSequence]) -> NoteSequence:
    """Play one after the other, at the tempo of the first.

    Parameters
    ----------
    sequences : list of NoteSequence
        Each takes its whole length, silence included.

    Examples
    --------
    >>> bar = NoteSequence.from_steps({"kick": [0]}, steps=16)
    >>> [note.step for note in concatenate([bar, bar, bar]).notes]
    [0, 16, 32]
    """
    notes: list[Note] = []
    start = 0
    for sequence in sequences:
        notes += [dataclasses.replace(note, step=note.step + start) for note in sequence.notes]
        start += sequence.steps
    return NoteSequence(notes, start, sequences[0].qpm if sequences else 120.0)


def _by_time(note: Note) -> tuple[int, int, bool, int, float, int, int]:
    return (note.step, note.pitch, note.is_drum, note.program, note.offset, note.velocity, note.length)


def _whole_bars(steps: int) -> int:
    return -(-steps // STEPS_PER_BAR) * STEPS_PER_BAR
