"""Read and write MIDI files, and convert to and from pretty_midi, which no other module of `latentpalette.music` uses.

Files are not trusted: reading one takes bounded time and gives music or a `MidiError`. What a player plays is read;
what of it is skipped is in the warnings of the `Score`. Compatible with Magenta, files are read as pretty_midi reads
them, to the last bit, but several times as fast.
"""

from __future__ import annotations

import contextlib
import functools
import io
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from latentpalette.errors import MidiError, MusicError
from latentpalette.files import expand_path, short_path, write_bytes
from latentpalette.music import midi_file
from latentpalette.music.channel_pairing import pair_notes_by_channel
from latentpalette.music.end_of_track import extend_to_end_of_track
from latentpalette.music.instruments import instrument_name
from latentpalette.music.midi_clock import read_clock, read_clock_of_first_track
from latentpalette.music.midi_export import encode_sequence
from latentpalette.music.midi_text import decode_text, encode_text
from latentpalette.music.note_pairing import Instrument, pair_notes
from latentpalette.music.overlaps import TICKS_PER_STEP, trim_overlaps
from latentpalette.music.score import Score, TrackOrigin
from latentpalette.music.score_builder import (
    END_MARKER,
    MIN_PEDAL_DOWN,
    SUSTAIN_CC,
    build_score,
    build_score_from_file,
    find_end_markers,
)
from latentpalette.music.section import number_tracks
from latentpalette.music.sequence import STEPS_PER_QUARTER, NoteSequence, is_midi_source
from latentpalette.music.tempo import TempoMap
from latentpalette.music.tolerant_file import parse_tolerantly
from latentpalette.music.track_choice import DrumTracks, TrackChoice, TrackName, mark_drums_by_name, select_tracks
from latentpalette.validation import short_repr

if TYPE_CHECKING:
    import pretty_midi

TICKS_PER_QUARTER = TICKS_PER_STEP * STEPS_PER_QUARTER
MAX_FILE_BYTES = 256_000  # a string quartet takes under 200 kB, and reading this much takes under a second
MAX_MICROSECONDS = 2**24 - 1  # to a quarter note: a file counts them in three bytes

MidiSource = str | os.PathLike[str] | bytes


def read(source: MidiSource, *, track: TrackName | None = None, drums: DrumTracks = None) -> NoteSequence:
    """Read a MIDI file onto a grid of sixteenths.

    Parameters
    ----------
    source : path or bytes
        A standard MIDI file. Notes are placed by quarter notes, so a change of tempo moves nothing; the tempo is
        the first.
    track : int or str, optional
        The only track to read: its number, from 1, its name or a part of it, or ``"channel 1"``. By default all.
    drums : int, str or list of them, optional
        The tracks that are drums, instead of channel 10.

    Returns
    -------
    NoteSequence
        The tracks together, filled up to whole bars.

    Raises
    ------
    MidiError
        If there is no such file, or it is no MIDI file, has nothing to read, or is larger than 256 kB; if it has no
        such track, and then the message lists the tracks.

    Examples
    --------
    >>> from latentpalette.music.sequence import Note
    >>> loop = NoteSequence([Note(60, 0, 4, offset=0.25)], steps=16, qpm=96)
    >>> read(to_bytes(loop)) == loop
    True
    """
    return select_tracks(read_score(source), TrackChoice(track, drums)).quantize()


def read_score(source: MidiSource, *, magenta_compatible: bool = False) -> Score:
    """Read a MIDI file as a `Score`, with its tempos and meters.

    Parameters
    ----------
    source : path or bytes
    magenta_compatible : bool
        Read it as pretty_midi does, and so Magenta, to the last bit: notes without length or without a note-off are
        lost, tempos and time signatures are those of the first track, and damaged files are refused.

    Raises
    ------
    MidiError
        As `read` does.
    """
    name, data = read_bytes(source)
    return _read_like_pretty_midi(name, data) if magenta_compatible else _read_tolerantly(name, data)


def from_pretty_midi(score: pretty_midi.PrettyMIDI) -> NoteSequence:
    """Convert a `pretty_midi.PrettyMIDI` to a `NoteSequence`.

    Parameters
    ----------
    score : pretty_midi.PrettyMIDI

    Raises
    ------
    MusicError
        If it is something else, such as the path of a file.

    Examples
    --------
    >>> from latentpalette.music.sequence import Note
    >>> loop = NoteSequence([Note(60, 0, 4)], steps=16)
    >>> from_pretty_midi(to_pretty_midi(loop)) == loop
    True
    """
    if not isinstance(score, _pretty_midi().PrettyMIDI):
        hint = "Read a MIDI file with from_midi." if is_midi_source(score) else "Make one with to_pretty_midi."
        raise MusicError(f"from_pretty_midi converts a pretty_midi.PrettyMIDI; got {short_repr(score)}. {hint}")
    return _score_from_pretty_midi(score, "PrettyMIDI").quantize()


def to_pretty_midi(
    sequence: NoteSequence, *, markers: Iterable[tuple[int, str]] = (), name: str = ""
) -> pretty_midi.PrettyMIDI:
    """Convert a sequence to a `pretty_midi.PrettyMIDI`.

    Parameters
    ----------
    sequence : NoteSequence
        Each program becomes an instrument; drums share channel 10. A note whose offset puts it before 0 begins at 0.
    markers : iterable of (step, text)
        Text events at those steps; a file has them as markers.
    name : str
        Name of the instruments; without it drums are called "Drums", others as General MIDI calls their program.

    Notes
    -----
    A text event at the end keeps the length of the piece, and with it the silence in its last bars.

    Examples
    --------
    >>> from latentpalette.music.sequence import Note
    >>> to_pretty_midi(NoteSequence([Note(36, 4, is_drum=True)], steps=16)).instruments[0].notes[0].start
    0.5
    """
    pretty_midi = _pretty_midi()
    midi = pretty_midi.PrettyMIDI(resolution=TICKS_PER_QUARTER, initial_tempo=sequence.qpm)
    midi.time_signature_changes.append(pretty_midi.TimeSignature(4, 4, 0.0))
    tick_seconds = sequence.step_seconds / TICKS_PER_STEP
    instruments = {
        (is_drum, program): pretty_midi.Instrument(program, is_drum, encode_text(title).decode("latin-1"))
        for (is_drum, program), title in zip(number_tracks(sequence), _instrument_names(sequence, name), strict=True)
    }
    for note, start, end in trim_overlaps(sequence.notes):
        instruments[note.is_drum, note.program].notes.append(
            pretty_midi.Note(note.velocity, note.pitch, start * tick_seconds, end * tick_seconds)
        )
    midi.instruments.extend(instruments.values())
    for step, text in markers:
        midi.text_events.append(pretty_midi.Text(encode_text(text).decode("latin-1"), step * sequence.step_seconds))
    midi.text_events.append(pretty_midi.Text(END_MARKER, sequence.seconds))
    return midi


def to_bytes(
    sequence: NoteSequence,
    *,
    markers: Iterable[tuple[int, str]] = (),
    tempos: Iterable[tuple[int, float]] = (),
    name: str = "",
) -> bytes:
    """Encode a sequence as the bytes of a MIDI file; every track ends exactly where the sequence does.

    Parameters
    ----------
    sequence : NoteSequence
        See `to_pretty_midi`.
    markers : iterable of (step, text)
    tempos : iterable of (step, qpm)
        Changes of tempo, the first at step 0; by default that of the sequence throughout.
    name : str
        Name of the instruments; without it drums are called "Drums", others as General MIDI calls their program.

    Raises
    ------
    MidiError
        If its tempo is lower than a MIDI file can hold.

    Notes
    -----
    Texts are in ASCII as far as they can be spelled so, as programs disagree on all other characters.

    Examples
    --------
    >>> to_bytes(NoteSequence(steps=16))[:4]
    b'MThd'
    """
    if round(60_000_000 / sequence.qpm) > MAX_MICROSECONDS:
        slowest = 60_000_000 / MAX_MICROSECONDS
        raise MidiError(
            f"A MIDI file holds tempos from {slowest:.3g} quarter notes per minute; got {sequence.qpm:g}. "
            "Use sequence.replace(qpm=...)."
        )
    return encode_sequence(sequence, _instrument_names(sequence, name), markers=markers, tempos=tempos)


def write(sequence: NoteSequence, path: str | os.PathLike[str], **settings: Any) -> Path:
    """Write a MIDI file and return its path; settings as for `to_bytes`."""
    return write_bytes(path, to_bytes(sequence, **settings))


@functools.cache
def _pretty_midi() -> Any:
    """Import pretty_midi without output: pyfluidsynth, which it imports, prints a path where ``$CI`` is set."""
    with contextlib.redirect_stdout(io.StringIO()):
        import pretty_midi
    return pretty_midi


def read_bytes(source: MidiSource) -> tuple[str, bytes]:
    """Return the name of a file, for messages, and its content; a large one is refused before anything parses it."""
    if isinstance(source, bytes | bytearray | memoryview):
        name, size, read_all = "MIDI data", len(source), lambda: bytes(source)
    else:
        if not is_midi_source(source):
            raise MidiError(f"Music is a NoteSequence, or a MIDI file (its path or bytes); got {short_repr(source)}.")
        path = expand_path(source)  # type: ignore[arg-type]  # bytes are above
        name = path.name
        try:
            if not path.is_file():
                if path.is_dir():
                    raise MidiError(f"{short_path(path)}: a folder, not a file. Name a MIDI file in it.")
                if path.exists():
                    raise MidiError(
                        f"{short_path(path)}: a pipe or a device, not a file. Save what it gives as a file."
                    )
                raise MidiError(f"{short_path(path)}: no such file. Check its name and its folder.")
            size, read_all = path.stat().st_size, path.read_bytes
        except OSError as error:  # a folder that may not be entered, a name that is too long
            raise MidiError(f"{short_path(path)}: cannot be read ({error.strerror}). Check its name.") from error
    if size > MAX_FILE_BYTES:
        raise MidiError(
            f"{name}: {size / 1000:,.0f} kB is more than the {MAX_FILE_BYTES // 1000} kB read here; split it first."
        )
    try:
        return name, read_all()
    except OSError as error:
        raise MidiError(f"{name}: cannot be read ({error.strerror}). Check that you may open it.") from error


def _read_tolerantly(name: str, data: bytes) -> Score:
    file = parse_tolerantly(data, name=name)
    ticks_per_step = max(file.ticks_per_quarter // STEPS_PER_QUARTER, 1)
    instruments = pair_notes_by_channel(file.tracks, controller=SUSTAIN_CC, ticks_per_step=ticks_per_step)
    clock, skipped = read_clock(file)
    note_ends = (max(instrument.notes[1::4]) for instrument in instruments)
    last_tick = max([*note_ends, *find_end_markers(file)], default=0)
    score = build_score_from_file(
        name,
        file,
        instruments,
        _track_names(instruments),
        clock,
        last_tick=last_tick,
        skipped=[*file.skipped, *skipped],
    )
    return extend_to_end_of_track(mark_drums_by_name(score), file)


def _read_like_pretty_midi(name: str, data: bytes) -> Score:
    file = midi_file.parse(data, name=name)
    instruments = pair_notes(file.tracks, controller=SUSTAIN_CC)
    clock = read_clock_of_first_track(file, name)
    last_tick = max(track.last_tick for track in file.tracks)
    names = _track_names(instruments)
    return build_score_from_file(name, file, instruments, names, clock, last_tick=last_tick, magenta_compatible=True)


def _score_from_pretty_midi(midi: pretty_midi.PrettyMIDI, name: str) -> Score:
    notes = [
        (note.pitch, note.velocity, instrument.program, track, instrument.is_drum, note.start, note.end)
        for track, instrument in enumerate(midi.instruments)
        for note in instrument.notes
        if 0 < note.velocity <= 127 and 0 <= note.pitch <= 127 and np.isfinite(note.start)
    ]
    seconds, qpms = midi.get_tempo_changes()
    return build_score(
        name,
        seconds=midi.get_end_time(),
        columns=[np.asarray(column) for column in zip(*notes, strict=True)] or [np.empty(0)] * 7,
        tempo_map=TempoMap(seconds, qpms, ticks_per_quarter=midi.resolution),
        time_signatures=[
            (float(event.time), event.numerator, event.denominator) for event in midi.time_signature_changes
        ],
        end_markers=[text.time for text in getattr(midi, "text_events", []) if text.text == END_MARKER],
        track_names=[
            _track_name(_decode_name(instrument.name), instrument.program, is_drum=instrument.is_drum)
            for instrument in midi.instruments
        ],
        track_origins=[
            TrackOrigin(_decode_name(instrument.name).strip(), track)
            for track, instrument in enumerate(midi.instruments)
        ],
        sustain_pedal=tuple(
            (track, float(change.time), change.value >= MIN_PEDAL_DOWN)
            for track, instrument in enumerate(midi.instruments)
            for change in instrument.control_changes
            if change.number == SUSTAIN_CC
        ),
    )


def _decode_name(name: str) -> str:
    """Return the name of an instrument of pretty_midi, which reads all texts as Latin-1."""
    try:
        return decode_text(name.encode("latin-1"))
    except UnicodeEncodeError:  # it was not read from a file
        return decode_text(name.encode(errors="replace"))


def _instrument_names(sequence: NoteSequence, name: str) -> list[str]:
    """Return the names of the instruments of a sequence, in the order of `number_tracks`."""
    return [name or ("Drums" if is_drum else instrument_name(program)) for is_drum, program in number_tracks(sequence)]


def _track_names(instruments: Iterable[Instrument]) -> list[str]:
    return [_track_name(instrument.name, instrument.program, is_drum=instrument.is_drum) for instrument in instruments]


def _track_name(name: str, program: int, *, is_drum: bool) -> str:
    """Return "drums", the name of a track, or that of its program if it has none."""
    return "drums" if is_drum else name.strip() or instrument_name(program)
