"""Notes on a grid of sixteenths, the one representation of music inside latentpalette."""

from __future__ import annotations

import bisect
import dataclasses
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeGuard

from latentpalette.calls import explain_methods
from latentpalette.errors import MusicError
from latentpalette.files import expand_path
from latentpalette.music import drums, hooks
from latentpalette.music.note import MAX_STEPS
from latentpalette.music.note import Note as Note  # noqa: PLC0414 (others import it from here)
from latentpalette.old_names import accept_old_methods
from latentpalette.validation import check_flag, check_integer, check_number, short_repr
from latentpalette.wording import counted

if TYPE_CHECKING:
    import pretty_midi

    from latentpalette.audio.sound import Sound

STEPS_PER_QUARTER = 4
STEPS_PER_BAR = 16  # a step is a sixteenth; every published model reads 4/4
MIN_QPM, MAX_QPM = 1, 1000


_HITS_EXAMPLE = '{"kick": [0, 8]}'


@explain_methods
@accept_old_methods
@dataclass(frozen=True, eq=False)
class NoteSequence:
    """Symbolic music: notes on a grid of sixteenths, a length and a tempo.

    A notebook displays it as a piano roll with a player.

    Parameters
    ----------
    notes : iterable of Note
        Sorted by step, then pitch.
    steps : int >= 0
        Length, including silence at the end.
    qpm : float > 0 [quarter notes per minute]

    Raises
    ------
    MusicError
        If a note is no `Note` or starts beyond the end, or the length or the tempo is no number or out of range; a
        tempo lies between 1 and 1000.

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
        notes = _sort_notes(notes)
        qpm = check_number(qpm, "A tempo in quarter notes per minute", MIN_QPM, MAX_QPM, error=MusicError)
        steps = check_integer(steps, "A sequence's length in steps", 0, MAX_STEPS, error=MusicError)
        if notes and notes[-1].step >= steps:
            raise MusicError(
                f"The sequence is {steps} steps long, but a note begins at step {notes[-1].step}. "
                f"Pass steps={_whole_bars(notes[-1].step + 1)} or more."
            )
        object.__setattr__(self, "notes", notes)
        object.__setattr__(self, "steps", steps)
        object.__setattr__(self, "qpm", qpm)

    # --- constructors ------------------------------------------------------------------------

    @classmethod
    def from_steps(
        cls, hits: Mapping[str | int, Iterable[int]], *, steps: int = 32, qpm: float = 120.0, velocity: int = 80
    ) -> NoteSequence:
        """Make a drum loop from lists of steps.

        Parameters
        ----------
        hits : mapping of a drum's name (or pitch) to the steps on which it is hit
            Names are those of `latentpalette.music.drums.REDUCED`: ``"kick"``, ``"snare"``, ``"closed hat"`` ...
        steps : int
            Length of the loop.

        Examples
        --------
        >>> NoteSequence.from_steps({"kick": [0, 8], "snare": [4, 12]}, steps=16)
        NoteSequence(4 notes, 16 steps, 120 qpm)
        """
        if not isinstance(hits, Mapping):
            raise MusicError(f"Hits are a dict of drums and their steps: {_HITS_EXAMPLE}; got {short_repr(hits)}.")
        notes = []
        for drum, drum_steps in hits.items():
            if isinstance(drum_steps, (str, bytes)) or not isinstance(drum_steps, Iterable):
                raise MusicError(f"The hits of {drum!r} are a list of steps: {_HITS_EXAMPLE}; got {drum_steps!r}.")
            pitch = drums.REDUCED.pitch_of(drum) if isinstance(drum, str) else drum
            notes += [Note(pitch, step, 1, velocity, 0.0, True) for step in drum_steps]
        return cls(notes, steps, qpm)

    @classmethod
    def from_midi(
        cls,
        source: str | os.PathLike[str] | bytes,
        *,
        track: int | str | None = None,
        drums: int | str | Sequence[int | str] | None = None,
    ) -> NoteSequence:
        """Read a MIDI file (a path, or its bytes) onto the grid: all tracks, or a chosen one.

        `track` and `drums` are a number, a name or a channel; see `latentpalette.music.midi.read`.
        """
        return hooks.connected.read_midi(source, track=track, drums=drums)

    @classmethod
    def from_pretty_midi(cls, score: pretty_midi.PrettyMIDI) -> NoteSequence:
        """Convert a `pretty_midi.PrettyMIDI`; see `latentpalette.music.midi.from_pretty_midi`."""
        return hooks.connected.from_pretty_midi(score)

    # --- properties --------------------------------------------------------------------------

    @property
    def step_seconds(self) -> float:
        """Duration of one step [seconds]."""
        return 60.0 / self.qpm / STEPS_PER_QUARTER

    @property
    def seconds(self) -> float:
        """Duration [seconds]."""
        return self.steps * self.step_seconds

    @property
    def bars(self) -> int:
        """Number of bars, a partial last bar counted as one."""
        return -(-self.steps // STEPS_PER_BAR)

    @property
    def is_drums(self) -> bool:
        """True if every note is a drum, and for silence."""
        return all(note.is_drum for note in self.notes)

    def __len__(self) -> int:
        return len(self.notes)

    def __bool__(self) -> bool:
        return True  # not the number of notes: silence is music

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, NoteSequence):
            return NotImplemented
        return (self.notes, self.steps, self.qpm) == (other.notes, other.steps, other.qpm)

    def __hash__(self) -> int:
        return hash((self.notes, self.steps, self.qpm))

    def __repr__(self) -> str:
        count = counted(len(self.notes), "note")
        return f"{type(self).__name__}({count}, {self.steps} steps, {self.qpm:g} qpm)"

    # --- changed copies ----------------------------------------------------------------------

    def replace(self, **changes: Any) -> NoteSequence:
        """Return a copy with other `notes`, `steps` or `qpm`."""
        fields = {"notes": self.notes, "steps": self.steps, "qpm": self.qpm}
        unknown = set(changes) - set(fields)
        if unknown:
            raise MusicError(f"A NoteSequence has notes, steps and qpm; not {sorted(unknown)}.")
        return NoteSequence(**{**fields, **changes})

    def slice(self, start: int, stop: int) -> NoteSequence:
        """Return the steps from `start` up to `stop`; notes that last beyond `stop` are cut there.

        Examples
        --------
        >>> NoteSequence.from_steps({"kick": [0, 20]}, steps=32).slice(16, 32).notes[0].step
        4
        """
        start, stop = (check_integer(step, "A slice's first and last step", error=MusicError) for step in (start, stop))
        if not 0 <= start <= stop:
            raise MusicError(f"A slice needs 0 <= start <= stop; got {start} and {stop}.")
        first, after = (bisect.bisect_left(self.notes, step, key=lambda note: note.step) for step in (start, stop))
        notes = [
            dataclasses.replace(note, step=note.step - start, length=min(note.length, stop - note.step))
            for note in self.notes[first:after]
        ]
        return NoteSequence(notes, stop - start, self.qpm)

    # --- files, sound and pictures ------------------------------------------------------------

    def to_pretty_midi(self) -> pretty_midi.PrettyMIDI:
        """Convert to a `pretty_midi.PrettyMIDI`; see `latentpalette.music.midi.to_pretty_midi`."""
        return hooks.connected.to_pretty_midi(self)

    def save(self, path: str | os.PathLike[str], *, loop: bool = False) -> Path:
        """Write a ``.mid``, ``.wav``, ``.mp3``, ``.flac`` or ``.ogg`` file, by the suffix of the path; return the path.

        Parameters
        ----------
        path : path
        loop : bool
            Audio of exactly the length of the sequence, to be repeated: what rings on at the end is at the beginning.
            (An MP3 has some silence around it; the other formats are exact.) MIDI files are of that length anyway.

        Examples
        --------
        >>> import tempfile, pathlib
        >>> folder = pathlib.Path(tempfile.mkdtemp())
        >>> NoteSequence.from_steps({"kick": [0]}).save(folder / "kick.mid").name
        'kick.mid'
        """
        path = expand_path(path)
        if path.suffix.lower() in (".mid", ".midi"):
            return hooks.connected.write_midi(self, path)
        return self.sound(loop=check_flag(loop, "loop", error=MusicError)).save(path)

    def sound(self, **settings: Any) -> Sound:
        """Render to audio, with a player in a notebook; see `latentpalette.audio.synth.render` for the settings."""
        return hooks.connected.render(self, **settings)

    def plot(self, **settings: Any) -> Any:
        """Draw a bokeh piano roll; see `latentpalette.plots.pianoroll_interactive.pianoroll` for the settings."""
        return hooks.connected.plot(self, **settings)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Any:
        return hooks.connected.mimebundle(self)


MUSIC_IN_WORDS = "a NoteSequence, the name of a preset, or a MIDI file (its path or bytes)"


def is_midi_source(value: object) -> TypeGuard[str | os.PathLike[str] | bytes]:
    """Return whether a value is what a MIDI file is read from: a path, or its bytes. A text may name a preset, too.

    Examples
    --------
    >>> is_midi_source("loop.mid"), is_midi_source(b"MThd"), is_midi_source(["loop.mid"])
    (True, True, False)
    """
    return isinstance(value, (str, bytes, bytearray, memoryview, os.PathLike))


def as_sequence(music: Any, name: str = "Music") -> NoteSequence:
    """Return a sequence as it is, a preset by its name, and a MIDI file as the sequence in it.

    Every function that takes music of any length opens it here.

    Parameters
    ----------
    music : NoteSequence, str, path or bytes
    name : str
        The subject of the message.

    Raises
    ------
    MusicError
        If it is something else, or a text that no preset and no file is called; see
        `latentpalette.music.presets.names.find_preset`.
    MidiError
        If it is a file that cannot be read.

    Examples
    --------
    >>> as_sequence([NoteSequence()])
    Traceback (most recent call last):
    latentpalette.errors.MusicError: Music is a NoteSequence, the name of a preset, or a MIDI file (its path or ...
    """
    if isinstance(music, NoteSequence):
        return music
    if is_midi_source(music):
        preset: NoteSequence | None = hooks.connected.find_preset(music)
        return hooks.connected.read_midi(music) if preset is None else preset
    got = f"a {type(music).__name__}" if isinstance(music, Iterable) else short_repr(music)
    raise MusicError(f"{name} is {MUSIC_IN_WORDS}; got {got}.")


def as_sequences(music: Any, name: str = "Music") -> list[NoteSequence]:
    """Return one piece of music, or a list of them, as a list of sequences; see `as_sequence`.

    Examples
    --------
    >>> as_sequences(NoteSequence(steps=16))
    [NoteSequence(0 notes, 16 steps, 120 qpm)]
    """
    if isinstance(music, NoteSequence) or is_midi_source(music) or not isinstance(music, Iterable):
        return [as_sequence(music, name)]
    return [as_sequence(item, name) for item in music]


def concatenate(sequences: Iterable[NoteSequence | str | os.PathLike[str] | bytes]) -> NoteSequence:
    """Join sequences one after the other, at the tempo of the first.

    Parameters
    ----------
    sequences : list of NoteSequence, names of presets or MIDI files
        Each with its whole length, including silence. An empty list gives an empty sequence.

    Raises
    ------
    MusicError
        If it is no list, or something in it is no music.
    MidiError
        If it is a file that cannot be read.

    Examples
    --------
    >>> bar = NoteSequence.from_steps({"kick": [0]}, steps=16)
    >>> [note.step for note in concatenate([bar, bar, bar]).notes]
    [0, 16, 32]
    """
    if isinstance(sequences, NoteSequence) or is_midi_source(sequences) or not isinstance(sequences, Iterable):
        raise MusicError(f"A list of sequences is joined; got {short_repr(sequences)} alone.")
    joined = [as_sequence(sequence, "Music to join") for sequence in sequences]
    notes: list[Note] = []
    start = 0
    for sequence in joined:
        notes += [dataclasses.replace(note, step=note.step + start) for note in sequence.notes]
        start += sequence.steps
    return NoteSequence(notes, start, joined[0].qpm if joined else 120.0)


def _sort_notes(notes: Iterable[Note]) -> tuple[Note, ...]:
    if isinstance(notes, Note) or not isinstance(notes, Iterable):
        raise MusicError(f"The notes of a sequence are a list of Note; got {short_repr(notes)}.")
    notes = list(notes)
    if not set(map(type, notes)) <= {Note}:
        for note in notes:
            if not isinstance(note, Note):
                raise MusicError(f"The notes of a sequence are Note(pitch, step, ...); got {short_repr(note)}.")
    return tuple(sorted(notes, key=_by_time))


def _by_time(note: Note) -> tuple[int, int, bool, int, float, int, int]:
    return (note.step, note.pitch, note.is_drum, note.program, note.offset, note.velocity, note.length)


def _whole_bars(steps: int) -> int:
    return -(-steps // STEPS_PER_BAR) * STEPS_PER_BAR
