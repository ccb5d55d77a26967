"""Sequences as MIDI files: a track with tempo and markers, and one for each instrument, all of the same length."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from latentpalette.music.midi_encoding import RawEvent, encode_file, encode_meta, encode_track
from latentpalette.music.midi_file import (
    MARKER,
    MIDI_PORT,
    NOTE_OFF,
    NOTE_ON,
    PROGRAM_CHANGE,
    SET_TEMPO,
    TEXT,
    TIME_SIGNATURE,
    TRACK_NAME,
)
from latentpalette.music.midi_tempo import to_microseconds
from latentpalette.music.midi_text import encode_text
from latentpalette.music.note_pairing import DRUM_CHANNEL
from latentpalette.music.overlaps import TICKS_PER_STEP, trim_overlaps
from latentpalette.music.score_builder import END_MARKER
from latentpalette.music.section import number_tracks
from latentpalette.music.sequence import STEPS_PER_QUARTER, NoteSequence

_FOUR_FOUR = bytes([4, 2, 24, 8])  # a click for each quarter note
_PITCHED_CHANNELS = [channel for channel in range(16) if channel != DRUM_CHANNEL]


def encode_sequence(
    sequence: NoteSequence,
    track_names: Iterable[str],
    *,
    markers: Iterable[tuple[int, str]] = (),
    tempos: Iterable[tuple[int, float]] = (),
) -> bytes:
    """Return a sequence as the bytes of a MIDI file of type 1, in which every track ends where the sequence does.

    Parameters
    ----------
    sequence : NoteSequence
        A note that lasts beyond the end of the sequence lengthens its track.
    track_names : iterable of str
        The names of its instruments, in the order of `number_tracks`.
    markers : iterable of (step, text)
    tempos : iterable of (step, qpm)
        Changes of tempo, the first at step 0; by default that of the sequence throughout.

    Notes
    -----
    There are 15 channels for instruments, and one for drums. What is more than that goes to further ports.

    Examples
    --------
    >>> from latentpalette.music.sequence import Note
    >>> data = encode_sequence(NoteSequence([Note(36, 0, is_drum=True)], steps=16), ["Drums"])
    >>> data[:4], data.count(b"MTrk"), b"Drums" in data
    (b'MThd', 2, True)
    """
    end = sequence.steps * TICKS_PER_STEP
    conductor: list[RawEvent] = [
        *(
            (step * TICKS_PER_STEP, encode_meta(SET_TEMPO, to_microseconds(qpm).to_bytes(3, "big")))
            for step, qpm in tempos or [(0, sequence.qpm)]
        ),
        (0, encode_meta(TIME_SIGNATURE, _FOUR_FOUR)),
        *((step * TICKS_PER_STEP, encode_meta(MARKER, encode_text(text))) for step, text in markers),
        (end, encode_meta(TEXT, END_MARKER.encode())),  # for programs that do not read where a track ends
    ]
    notes: dict[tuple[bool, int], list[tuple[int, int, int, int]]] = {}  # start, end, pitch and velocity
    for note, start, stop in trim_overlaps(sequence.notes):
        notes.setdefault((note.is_drum, note.program), []).append((start, stop, note.pitch, note.velocity))
    instruments = list(number_tracks(sequence))
    outputs = list(_assign_outputs(instruments))
    conductor.sort(key=lambda event: event[0])
    tracks = [encode_track(conductor, end)]
    for instrument, name, (port, channel) in zip(instruments, track_names, outputs, strict=True):
        setup = [(0, encode_meta(TRACK_NAME, encode_text(name)))]
        if any(port for port, _ in outputs):
            setup.append((0, encode_meta(MIDI_PORT, bytes([port]))))
        setup.append((0, bytes([PROGRAM_CHANGE | channel, instrument[1]])))
        tracks.append(encode_track([*setup, *_note_events(notes[instrument], channel)], end))
    return encode_file(tracks, ticks_per_quarter=STEPS_PER_QUARTER * TICKS_PER_STEP)


def _assign_outputs(instruments: Iterable[tuple[bool, int]]) -> Iterator[tuple[int, int]]:
    """Yield the port and the channel of each instrument (is_drum, program)."""
    num_kits = num_pitched = 0
    for is_drum, _ in instruments:
        if is_drum:
            yield num_kits, DRUM_CHANNEL
            num_kits += 1
        else:
            port, index = divmod(num_pitched, len(_PITCHED_CHANNELS))
            yield port, _PITCHED_CHANNELS[index]
            num_pitched += 1


def _note_events(notes: Iterable[tuple[int, int, int, int]], channel: int) -> list[RawEvent]:
    """Return note-ons and note-offs in order; at one tick notes end before others begin."""
    events = []
    for start, stop, pitch, velocity in notes:
        events.append((start, 1, bytes([NOTE_ON | channel, pitch, velocity])))
        events.append((stop, 0, bytes([NOTE_OFF | channel, pitch, 0])))
    return [(tick, event) for tick, _, event in sorted(events)]
