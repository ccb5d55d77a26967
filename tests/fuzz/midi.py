"""MIDI files: random ones whose music is known, and damaged ones."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import cache

import numpy as np

import latentpalette as lp
from latentpalette.converters import find_windows, make_converter
from latentpalette.converters.base import Converter
from latentpalette.converters.performance import PerformanceConverter
from latentpalette.music import midi
from latentpalette.music.score import Score
from tests.fuzz.harness import Folders, Outcome, attempt
from tests.fuzz.mutations import Random, chance, damage, pick
from tests.music.midi_files import meta, note_off, note_on, program, track
from tests.music.pairing_rules import Events, notes_of, tempos_of

MARKS = (b"MThd", b"MTrk", b"RIFF", b"data", b"\xff\x2f", b"\xff\x51", b"\xff\x58", b"\xff\x03", b"\xf0", b"\xff")
_RESOLUTIONS = (1, 24, 48, 96, 120, 192, 220, 480, 480, 480, 960, 9600, 32767)
_TEXTS = (b"Drums", b"Bass", b"", "Flöte für ドラム".encode(), "Flöte".encode("latin-1"), b"\x1b[2J", b"x" * 300, b"\0")


@dataclass(frozen=True)
class RandomFile:
    """A valid file: its events by track, where the tracks end, and its bytes."""

    resolution: int
    tracks: list[Events]
    ends: list[int]
    data: bytes


def random_file(rng: Random) -> RandomFile:
    """Write a valid file: notes paired in any way, everything else on any track."""
    resolution = pick(rng, _RESOLUTIONS)
    beats = pick(rng, (1, 4, 8, 16, 32, 64))
    tracks: list[Events] = [[] for _ in range(int(rng.integers(1, 5)))]
    for events in tracks:
        _add_notes(rng, events, resolution, beats)
    last = beats * resolution
    for _ in range(int(rng.integers(0, 8))):
        pick(rng, tracks).append((int(rng.integers(last + 1)), _other_event(rng)))
    for events in tracks:
        events.sort(key=lambda event: event[0])
        if chance(rng, 0.5):
            events.insert(0, (0, meta(0x03, pick(rng, _TEXTS))))
    ends = [max((tick for tick, _ in events), default=0) + int(rng.integers(0, 4)) * resolution for events in tracks]
    chunks = [
        _compressed(track(*events, end=end)) if chance(rng, 0.2) else track(*events, end=end)
        for events, end in zip(tracks, ends, strict=True)
    ]
    return RandomFile(resolution, tracks, ends, assemble(chunks, resolution))


def assemble(tracks: list[bytes], resolution: int = 480, *, file_type: int = 1) -> bytes:
    head = b"MThd" + struct.pack(">IHHH", 6, file_type, len(tracks), resolution)
    return head + b"".join(b"MTrk" + struct.pack(">I", len(events)) + events for events in tracks)


def _add_notes(rng: Random, events: Events, resolution: int, beats: int) -> None:
    channels = pick(rng, ([9], [9], [0], [0, 1], [0, 9], list(range(16))))
    low = 35 if channels == [9] else 48
    pitches = rng.integers(low, low + 24, int(rng.integers(1, 8))).tolist()
    style = rng.random()
    for _ in range(int(rng.integers(0, 60))):
        channel, pitch = pick(rng, channels), pick(rng, pitches)
        on = int(rng.integers(beats * 4)) * resolution // 4
        if chance(rng, 0.3):
            on += int(rng.integers(resolution // 4 + 1))
        velocity = int(rng.integers(1, 128))
        events.append((on, note_on(pitch, velocity, channel=channel)))
        if style < 0.15 and chance(rng, 0.5):
            continue  # no note-off
        length = 0 if style < 0.3 and chance(rng, 0.5) else int(rng.integers(1, resolution * 2 + 1))
        off = note_on(pitch, 0, channel=channel) if chance(rng, 0.5) else note_off(pitch, channel=channel)
        events.append((on + length, off))


def _other_event(rng: Random) -> bytes:
    channel = int(rng.integers(16))
    return pick(
        rng,
        (
            meta(0x51, int(rng.integers(60_000, 1 << 24)).to_bytes(3, "big")),
            meta(0x58, bytes([int(rng.integers(1, 13)), int(rng.integers(0, 5)), 24, 8])),
            meta(0x59, bytes([int(rng.integers(256)), 0])),
            meta(int(rng.integers(1, 10)), pick(rng, _TEXTS)),
            meta(0x7F, rng.bytes(5)),
            program(int(rng.integers(128)), channel=channel),
            bytes([0xB0 | channel, pick(rng, (1, 7, 10, 64, 120, 123)), int(rng.integers(128))]),
            bytes([0xE0 | channel, 0, int(rng.integers(128))]),
            bytes([0xD0 | channel, int(rng.integers(128))]),
            b"\xf0\x05\x7e\x7f\x09\x01\xf7",
        ),
    )


def _compressed(events: bytes) -> bytes:
    """Leave out each status byte that repeats the one before where the time between is one byte: running status."""
    position, status, written = 0, 0, b""
    while position < len(events):
        start = position
        while events[position] & 0x80:
            position += 1
        position += 1
        delta, first = events[start:position], events[position]
        if first == 0xFF or first >= 0xF0:
            header = 2 if first == 0xFF else 1
            length = position + header
            while events[length] & 0x80:
                length += 1
            size = 0
            for byte in events[position + header : length + 1]:
                size = size << 7 | byte & 0x7F
            position, status = length + 1 + size, 0
            written += events[start:position]
            continue
        size = 2 if first & 0xE0 == 0xC0 else 3
        event = events[position : position + size]
        written += delta + (event[1:] if first == status else event)
        position, status = position + size, first
    return written


# --- what is asked of them -------------------------------------------------------------------------------------------


def fuzz_valid(rng: Random, _: Folders) -> Outcome:
    """A valid file is read, with exactly the notes and tempos that are in it."""
    file = random_file(rng)
    score = midi.read_score(file.data)
    step = max(file.resolution // 4, 1)
    notes = notes_of(file.tracks, ends=file.ends, ticks_per_step=step)
    if "tracks are patterns" not in " ".join(score.warnings):
        expected = sorted((note.start, note.end, note.pitch, note.velocity, note.program) for note in notes)
        columns = (score.start, score.end, score.pitch, score.velocity, score.program)
        factors = (file.resolution / 4, file.resolution / 4, 1, 1, 1)
        found = sorted(
            zip(
                *(
                    np.rint(column * factor).astype(int).tolist()
                    for column, factor in zip(columns, factors, strict=True)
                ),
                strict=True,
            )
        )
        assert found == expected
        ticks = [round(quarters * file.resolution) for quarters, _, _ in score.tempos]
        assert ticks == [tick for tick, _ in tempos_of(file.tracks)]
    # Where channel 10 is empty, tracks that are called drums are drums.
    assert all(warning.startswith("channel 10 is empty") for warning in score.warnings), score.warnings
    check_music(rng, file.data, score)
    return "read"


def fuzz_damaged(rng: Random, folders: Folders) -> Outcome:
    """A damaged file is read or refused; by each rule, and in windows of each representation."""
    return read_by_each_rule(rng, damaged_file(rng))


def fuzz_noise(rng: Random, _: Folders) -> Outcome:
    """Random events in a right frame are read or refused."""
    return read_by_each_rule(rng, noise_file(rng))


def read_by_each_rule(rng: Random, data: bytes) -> Outcome:
    score = attempt(lambda: midi.read_score(data))
    attempt(lambda: midi.read_score(data, magenta_compatible=True))
    if score is None:
        return "refused"
    check_music(rng, data, score)
    return "read with warnings" if score.warnings else "read"


def damaged_file(rng: Random) -> bytes:
    """A valid file with damage."""
    data = _base(rng)
    if chance(rng, 0.5):
        data = rearrange(rng, data)
    return damage(rng, data, marks=MARKS, donor=_base(rng))


def noise_file(rng: Random) -> bytes:
    """Random events in a right frame: bytes of every kind, with status bytes more often than chance has them."""
    status = (0x80, 0x90, 0x99, 0x9F, 0xA0, 0xB0, 0xC0, 0xD0, 0xE0, 0xF0, 0xF1, 0xF4, 0xF7, 0xFF, 0xFF, 0xFF)
    kinds = (0, 1, 3, 0x20, 0x21, 0x2F, 0x51, 0x54, 0x58, 0x59, 0x7F)
    tracks = []
    for _ in range(int(rng.integers(1, 4))):
        events = b""
        for _ in range(int(rng.integers(0, 60))):
            first = pick(rng, status)
            small = rng.integers(0, 128, 4).tolist()
            body = bytes([pick(rng, kinds), small[3] % 6]) if first == 0xFF else bytes(small[:2])
            events += bytes([small[2] if chance(rng, 0.8) else 0x81]) + bytes([first]) + body
            events += rng.bytes(int(rng.integers(0, 5))) if chance(rng, 0.2) else b""
        tracks.append(events + (b"\0\xff\x2f\0" if chance(rng, 0.8) else b""))
    resolution = int(rng.integers(0, 1 << 16)) if chance(rng, 0.1) else 96
    return assemble(tracks, resolution, file_type=pick(rng, (0, 1, 1, 1, 2, 2, 3)))


def _base(rng: Random) -> bytes:
    """Return the bytes of a file to damage: a random one, or one of our own music."""
    return pick(rng, _own_music()) if chance(rng, 0.4) else random_file(rng).data


@cache
def _own_music() -> tuple[bytes, ...]:
    loops = lp.presets().values()
    melody = lp.NoteSequence([lp.Note(60 + step * 7 % 24, step, 3, program=step % 3) for step in range(0, 96, 2)], 96)
    both = lp.NoteSequence(
        [*melody.notes, *(note for loop in [lp.concatenate(list(loops)[:3])] for note in loop.notes)], 96
    )
    return (*(midi.to_bytes(loop) for loop in loops), midi.to_bytes(melody, markers=[(0, "a")]), midi.to_bytes(both))


def rearrange(rng: Random, data: bytes) -> bytes:
    """Change what surrounds the tracks: order, number, wrapping, what stands between them."""
    header, *chunks = data.split(b"MTrk")
    tracks = [b"MTrk" + chunk for chunk in chunks]
    action = int(rng.integers(8))
    if action == 0:
        rng.shuffle(tracks)  # type: ignore[arg-type]
    elif action == 1:
        tracks *= int(rng.integers(2, 6))
    elif action == 2:
        tracks = tracks[: int(rng.integers(len(tracks) + 1))]
    elif action == 3:
        tracks.insert(
            int(rng.integers(len(tracks) + 1)), pick(rng, (b"XFIH\0\0\0\x04abcd", b"\0" * 9, rng.bytes(30), b"MTrk"))
        )
    elif action == 4 and len(header) == 14:
        header = header[:8] + struct.pack(
            ">HHH", *(pick(rng, (0, 1, 2, 3, 96, 480, 0x7FFF, 0xE728, 0xFFFF)) for _ in range(3))
        )
    data = header + b"".join(tracks)
    if action == 5:
        return b"RIFF" + struct.pack("<I", len(data) + 12) + b"RMIDdata" + struct.pack("<I", len(data)) + data
    if action == 6:
        return rng.bytes(int(rng.integers(1, 1200))) + data
    return data + rng.bytes(int(rng.integers(1, 40))) if action == 7 else data


def check_music(rng: Random, data: bytes, score: Score) -> None:
    """Check what holds of any file that is read."""
    columns = (score.start, score.end, score.start_seconds, score.end_seconds)
    assert all(np.isfinite(column).all() and (column >= 0).all() for column in columns)
    assert (score.end >= score.start).all()
    assert ((score.pitch >= 0) & (score.pitch <= 127) & (score.velocity >= 1) & (score.velocity <= 127)).all()
    assert [start for start, _, _ in score.tempos] == sorted({start for start, _, _ in score.tempos})
    assert score.tempos[0][0] == 0
    assert all(1 <= qpm <= 1000 for _, _, qpm in score.tempos)
    assert all(len(warning) < 400 and warning.isprintable() for warning in score.warnings), score.warnings
    sequence = score.quantize()
    assert len(sequence) == len(score.pitch)
    assert all(0 <= note.step < sequence.steps for note in sequence.notes)
    assert midi.read(data) == sequence, "reading twice gives two pieces"
    if chance(rng, 0.4):
        check_windows(rng, data)
    if chance(rng, 0.2):
        check_writing(sequence)


@cache
def _converters() -> tuple[Converter, ...]:
    groove = make_converter("groove", humanize=True)
    return (*(make_converter(name) for name in ("drums", "melody", "trio", "drum-pianoroll", "performance")), groove)


def _steps_of(converter: Converter) -> int:
    return 16 if isinstance(converter, PerformanceConverter) else converter.steps  # the former counts tokens


def check_windows(rng: Random, data: bytes) -> None:
    """Check the windows of a file that can be read."""
    converter = pick(rng, _converters())
    is_compatible = chance(rng, 0.2)
    found = attempt(lambda: find_windows(data, converter, magenta_compatible=is_compatible))
    if found is None:
        return
    assert len(found) or found.left_out, "no window, and no reason"
    for reason in found.left_out:
        assert 3 < len(str(reason)) < 1000, str(reason)
        # Magenta's names of tracks are what the file has.
        assert is_compatible or str(reason).isprintable(), repr(str(reason))
    bars = [window.bar for window in found]
    assert bars == sorted(bars) or is_compatible, (converter, bars)
    for window in found[:4]:
        assert window.steps == _steps_of(converter), (converter, window)
        example = converter.encode(window)
        assert np.isfinite(example.inputs).all()
        assert np.isfinite(example.targets).all()


def check_writing(sequence: lp.NoteSequence) -> None:
    """Check that what is written is read as it was: everything but notes that repeat one another."""
    data = attempt(lambda: midi.to_bytes(sequence))
    if data is None or len(data) > midi.MAX_FILE_BYTES:
        return
    again = midi.read(data)
    assert again.steps == sequence.steps, (again, sequence)
    assert len(again) <= len(sequence)
    assert abs(again.qpm - sequence.qpm) < 1e-3 * sequence.qpm
    assert midi.read(midi.to_bytes(again)) == again, "what is written and read is not what is read and written"
