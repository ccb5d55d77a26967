"""MIDI files to music and back. pretty_midi is used here and nowhere else.

Files come from strangers: whatever is in them, the answer is music or a `MidiError`, soon.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import struct
import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from latentpalette.errors import MidiError
from latentpalette.music.score import Meter, Score
from latentpalette.music.sequence import STEPS_PER_QUARTER, Note, NoteSequence

if TYPE_CHECKING:
    import pretty_midi

RESOLUTION = 480  # ticks a quarter note: 120 a sixteenth, fine enough for microtiming of under 1 %
LARGEST = 256_000  # bytes; a string quartet takes under 200 kB, and reading this much takes about a second
LONGEST = 4 * 3600.0  # seconds
MOST_BARS = 20_000
SLOWEST = 3.6  # quarter notes per minute; a file counts up to 2**24 - 1 microseconds to a quarter note
SUSTAIN = 64  # the controller
END = "end of loop"  # a text event at the end of the piece, so that silence there survives

Source = str | os.PathLike[str] | bytes


def read(source: Source) -> NoteSequence:
    """Read a MIDI file onto a grid of sixteenths.

    Parameters
    ----------
    source : path or bytes
        A standard MIDI file. Notes are placed by quarter notes, so a change of tempo moves nothing; the tempo is
        the first.

    Returns
    -------
    NoteSequence
        All parts together, filled up to whole bars.

    Raises
    ------
    MidiError
        If there is no such file, or it is no MIDI file, is cut off, or is larger than 256 kB.

    Examples
    --------
    >>> loop = NoteSequence([Note(60, 0, 4, offset=0.25)], steps=16, qpm=96)
    >>> read(to_bytes(loop)) == loop
    True
    """
    return read_score(source).sequence()


def read_score(source: Source) -> Score:
    """Read a MIDI file as a `Score`, with its tempos and meters.

    Parameters
    ----------
    source : path or bytes

    Raises
    ------
    MidiError
        As `read` does.
    """
    name, data = checked(source)
    pretty_midi = _pretty_midi()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of tempo events outside the first track: read all the same
            score = pretty_midi.PrettyMIDI(io.BytesIO(_KEY_SIGNATURE.sub(_known_key, data)))
    except Exception as problem:  # mido and pretty_midi raise nearly anything on a broken file
        reason = str(problem) or type(problem).__name__
        raise MidiError(
            f"{name}: not a readable MIDI file ({reason[:120]}). It may be cut off; export it again."
        ) from problem
    return _score_of(score, name)


def from_pretty_midi(score: pretty_midi.PrettyMIDI) -> NoteSequence:
    """Take over a `pretty_midi.PrettyMIDI`.

    Parameters
    ----------
    score : pretty_midi.PrettyMIDI

    Examples
    --------
    >>> loop = NoteSequence([Note(60, 0, 4)], steps=16)
    >>> from_pretty_midi(to_pretty_midi(loop)) == loop
    True
    """
    return _score_of(score, "PrettyMIDI").sequence()


def to_pretty_midi(
    sequence: NoteSequence, *, markers: Iterable[tuple[int, str]] = (), name: str = ""
) -> pretty_midi.PrettyMIDI:
    """Make a `pretty_midi.PrettyMIDI` of a sequence.

    Parameters
    ----------
    sequence : NoteSequence
        Each program becomes an instrument; drums share channel 10. A note that would begin before 0 begins at 0.
    markers : iterable of (step, text)
        Words at those steps: text events here, markers in a file.
    name : str
        What the instruments are called.

    Notes
    -----
    A text event at the end keeps the length of the piece, and with it the silence in its last bars.

    Examples
    --------
    >>> to_pretty_midi(NoteSequence([Note(36, 4, is_drum=True)], steps=16)).instruments[0].notes[0].start
    0.5
    """
    pretty_midi = _pretty_midi()
    score = pretty_midi.PrettyMIDI(resolution=RESOLUTION, initial_tempo=sequence.qpm)
    score.time_signature_changes.append(pretty_midi.TimeSignature(4, 4, 0.0))
    instruments: dict[tuple[bool, int], Any] = {}
    unit = sequence.step_seconds
    for note, start, end in _without_overlaps(sequence.notes):
        key = (note.is_drum, note.program)
        if key not in instruments:
            instruments[key] = pretty_midi.Instrument(
                note.program, note.is_drum, name.encode("ascii", "replace").decode()
            )
        instruments[key].notes.append(pretty_midi.Note(note.velocity, note.pitch, start * unit, end * unit))
    score.instruments.extend(instruments[key] for key in sorted(instruments))
    for step, text in markers:
        score.text_events.append(pretty_midi.Text(text.encode("latin-1", "replace").decode("latin-1"), step * unit))
    score.text_events.append(pretty_midi.Text(END, sequence.seconds))
    return score


def to_bytes(sequence: NoteSequence, **settings: object) -> bytes:
    """The MIDI file as bytes; settings as for `to_pretty_midi`.

    Raises
    ------
    MidiError
        If it is slower than a MIDI file can say.

    Examples
    --------
    >>> to_bytes(NoteSequence(steps=16))[:4]
    b'MThd'
    """
    if sequence.qpm < SLOWEST:
        raise MidiError(
            f"A MIDI file holds tempos from {SLOWEST:g} quarter notes per minute; got {sequence.qpm:g}. "
            "Use sequence.replace(qpm=...)."
        )
    file = io.BytesIO()
    to_pretty_midi(sequence, **settings).write(file)  # type: ignore[arg-type]
    return _with_markers(file.getvalue()) if settings.get("markers") else file.getvalue()


def _with_markers(data: bytes) -> bytes:
    """The text events of a file as markers, which sequencers show; pretty_midi writes texts only."""
    import mido

    file = mido.MidiFile(file=io.BytesIO(data))
    file.charset = "utf-8"
    for track in file.tracks:
        for place, event in enumerate(track):
            if event.type == "text" and event.text != END:
                track[place] = mido.MetaMessage("marker", text=event.text, time=event.time)
    out = io.BytesIO()
    file.save(file=out)
    return out.getvalue()


def write(sequence: NoteSequence, path: str | os.PathLike[str], **settings: object) -> Path:
    """Write a MIDI file; settings as for `to_pretty_midi`. Answers with the path."""
    path = Path(path)
    path.write_bytes(to_bytes(sequence, **settings))
    return path


def _pretty_midi() -> Any:
    """The library, imported in silence: pyfluidsynth, which it imports, prints where its library is if CI is set."""
    with contextlib.redirect_stdout(io.StringIO()):
        import pretty_midi
    return pretty_midi


def checked(source: Source) -> tuple[str, bytes]:
    """What to call a file, and its bytes, refused early where no reader below would get through them.

    Raises
    ------
    MidiError
        As `read` does.
    """
    name, data = _bytes_of(source)
    _check_header(name, data)
    return name, data


def _bytes_of(source: Source) -> tuple[str, bytes]:
    if isinstance(source, bytes | bytearray | memoryview):
        name, size, read_all = "MIDI data", len(source), lambda: bytes(source)
    else:
        path = Path(source)
        name = path.name
        if not path.is_file():
            what = "a folder, not a file" if path.is_dir() else "no such file"
            raise MidiError(f"{path}: {what}.")
        size, read_all = path.stat().st_size, path.read_bytes
    if size > LARGEST:
        raise MidiError(
            f"{name}: {size / 1000:,.0f} kB is more than the {LARGEST // 1000} kB read here; cut it up first."
        )
    try:
        return name, read_all()
    except OSError as problem:
        raise MidiError(f"{name}: cannot be read ({problem.strerror}).") from problem


def _check_header(name: str, data: bytes) -> None:
    """Refuse early what the readers below would stumble over, or take minutes with."""
    if not data:
        raise MidiError(f"{name}: the file is empty.")
    if data[:4] != b"MThd" or len(data) < 14:
        raise MidiError(f"{name}: not a MIDI file; it begins with {data[:4]!r}, not with b'MThd'.")
    division = struct.unpack(">H", data[12:14])[0]
    if division == 0 or division >= 0x8000:
        raise MidiError(
            f"{name}: its clock counts film frames (SMPTE), not quarter notes; export it with musical time."
        )


# A key that does not exist keeps mido from reading a file; nothing here asks for the key.
_KEY_SIGNATURE = re.compile(rb"\xff\x59\x02(?P<sharps>.)(?P<minor>.)", re.DOTALL)


def _known_key(event: re.Match[bytes]) -> bytes:
    sharps, minor = event["sharps"][0], event["minor"][0]
    known = (sharps <= 7 or sharps >= 249) and minor <= 1
    return event[0] if known else b"\xff\x59\x02\x00\x00"


def _score_of(score: pretty_midi.PrettyMIDI, name: str) -> Score:
    end = score.get_end_time()
    if not np.isfinite(end) or end > LONGEST:
        raise MidiError(f"{name}: lasts {end / 3600:,.1f} hours; the longest piece read here lasts {LONGEST / 3600:g}.")
    rows = [
        (note.pitch, note.velocity, part.program, number, part.is_drum, note.start, note.end)
        for number, part in enumerate(score.instruments)
        for note in part.notes
        if 0 < note.velocity <= 127 and 0 <= note.pitch <= 127 and np.isfinite(note.start)
    ]
    return assembled(
        name,
        columns=[np.asarray(column) for column in zip(*rows, strict=True)] or [np.empty(0)] * 7,
        clock=score,
        meters=score.time_signature_changes,
        marks=[text.time for text in getattr(score, "text_events", []) if text.text == END],
        instruments=[(part.is_drum, part.name.strip(), part.program) for part in score.instruments],
        pedal=tuple(
            (number, float(change.time), change.value >= 64)
            for number, part in enumerate(score.instruments)
            for change in part.control_changes
            if change.number == SUSTAIN
        ),
    )


def assembled(
    name: str,
    *,
    columns: Sequence[np.ndarray],
    clock: Any,
    meters: Iterable[Any],
    marks: Iterable[float],
    instruments: Sequence[tuple[bool, str, int]],
    pedal: tuple[tuple[int, float, bool], ...],
) -> Score:
    """A `Score` of what a library read, whichever it was.

    Parameters
    ----------
    name : str
        What to call it in messages.
    columns : list of ndarray [shape=(n,)]
        Pitch, velocity, program, part, is_drum, start and end [seconds].
    clock : object
        With pretty_midi's ``get_tempo_changes()`` and ``resolution``.
    meters : iterable of object
        With ``time`` [seconds], ``numerator`` and ``denominator``.
    marks : iterable of float [seconds]
        Where the piece says that it ends.
    instruments : list of (is_drum, name, program)
    pedal : tuple of (part, seconds, down)

    Raises
    ------
    MidiError
        If it is too long.
    """
    pitch, velocity, program, part, is_drum, start, finish = columns
    start, finish = np.maximum(start.astype(float), 0.0), finish.astype(float)
    times, qpms = clock.get_tempo_changes()
    grid = _Clock(clock)
    tempos = tuple(
        (grid.quarters(at), float(at), min(max(float(qpm), 1.0), 1000.0)) for at, qpm in zip(times, qpms, strict=True)
    )
    starts, ends = grid.steps(start), grid.steps(finish)
    marked = [grid.quarters(mark) for mark in marks]
    length = float(max(ends.max(initial=0.0) / STEPS_PER_QUARTER, *marked, 0.0))
    if length / 4 > MOST_BARS:
        raise MidiError(f"{name}: {length / 4:,.0f} bars; the longest piece read here has {MOST_BARS:,}.")
    called = tuple(
        "drums" if drums else (words or _pretty_midi().program_to_instrument_name(number))
        for drums, words, number in instruments
    )
    return Score(
        name, pitch.astype(int), velocity.astype(int), program.astype(int), part.astype(int), is_drum.astype(bool),
        starts, ends, start, finish, tempos, _meters_of(meters, grid), max(marked, default=None), called, pedal,
    )  # fmt: skip


class _Clock:
    """Seconds to steps and quarter notes, through every change of tempo.

    The arithmetic in the first tempo is note-seq's own, so that a note that lies just between two steps goes to the
    step that Magenta gives it.
    """

    def __init__(self, score: Any) -> None:
        times, qpms = score.get_tempo_changes()
        self._times = np.asarray(times, float)
        self._per_second = STEPS_PER_QUARTER * np.asarray(qpms, float) / 60
        self._starts = np.concatenate([[0.0], np.cumsum(np.diff(self._times) * self._per_second[:-1])])
        self._ticks = score.resolution

    def steps(self, seconds: np.ndarray) -> np.ndarray:
        piece = np.clip(np.searchsorted(self._times, seconds, side="right") - 1, 0, None)
        return (seconds - self._times[piece]) * self._per_second[piece] + self._starts[piece]

    def quarters(self, seconds: float) -> float:
        """Where an event of the file lies; on its tick, if it is near one."""
        exact = float(self.steps(np.asarray([seconds]))[0]) / STEPS_PER_QUARTER
        tick = round(exact * self._ticks)
        return tick / self._ticks if abs(exact * self._ticks - tick) < 1e-2 else exact


def _meters_of(changes: Iterable[Any], clock: _Clock) -> tuple[Meter, ...]:
    found = [
        Meter(clock.quarters(change.time), float(change.time), change.numerator, change.denominator)
        for change in sorted(changes, key=lambda change: change.time)
        if change.numerator > 0 and change.denominator > 0
    ]
    meters = [] if found and found[0].quarters == 0 else [Meter(0.0, 0.0, 4, 4)]
    for meter in found:
        if meters and meter.quarters == meters[-1].quarters:
            meters.pop()
        # Many programs repeat the meter at every bar; only a change is one.
        if not meters or (meter.numerator, meter.denominator) != (meters[-1].numerator, meters[-1].denominator):
            meters.append(meter)
    return tuple(meters)


def _without_overlaps(notes: tuple[Note, ...]) -> list[tuple[Note, float, float]]:
    """Where each note starts and ends [steps]; one that its own pitch strikes again ends there.

    MIDI cannot say which of two equal notes a note-off means.
    """
    placed: list[tuple[Note, float, float]] = []
    sounding: dict[tuple[bool, int, int], int] = {}
    for note in sorted(notes, key=lambda note: note.step + note.offset):
        start = max(note.step + note.offset, 0.0)
        key = (note.is_drum, note.program, note.pitch)
        if key in sounding:
            before, began, ended = placed[sounding[key]]
            if start <= began:  # the same note twice
                continue
            placed[sounding[key]] = (before, began, min(ended, start))
        sounding[key] = len(placed)
        placed.append((note, start, start + note.length))
    return placed
