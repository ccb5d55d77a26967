"""MIDI files written byte by byte, so that tests can break them."""

import struct


def chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack(">I", len(body)) + body


def midi_file(*tracks: bytes, division: int = 480) -> bytes:
    head = chunk(b"MThd", struct.pack(">HHH", 1, len(tracks), division))
    return head + b"".join(chunk(b"MTrk", track + b"\x00\xff\x2f\x00") for track in tracks)


def variable_length(number: int) -> bytes:
    """Encode a variable-length quantity."""
    groups = [number & 0x7F]
    while number := number >> 7:
        groups.append(number & 0x7F | 0x80)
    return bytes(reversed(groups))


def tempo(delta_ticks: int, qpm: float) -> bytes:
    return variable_length(delta_ticks) + b"\xff\x51\x03" + int(60_000_000 / qpm).to_bytes(3, "big")


def time_signature(delta_ticks: int, numerator: int, power_of_two: int) -> bytes:
    return variable_length(delta_ticks) + bytes([0xFF, 0x58, 4, numerator, power_of_two, 24, 8])


def drum_hits(onset_ticks: list[int], *, pitch: int = 36, channel: int = 9, duration_ticks: int = 60) -> bytes:
    """Notes of equal duration at these ticks."""
    track, now = b"", 0
    for onset in onset_ticks:
        track += variable_length(onset - now) + bytes([0x90 | channel, pitch, 100])
        track += variable_length(duration_ticks) + bytes([0x80 | channel, pitch, 0])
        now = onset + duration_ticks
    return track


def track(*events: tuple[int, bytes], end: int | None = None) -> bytes:
    """Return the events of a track, each with its tick, in the order of their ticks; the end of the track included."""
    data, now = b"", 0
    for tick, event in sorted(events, key=lambda event: event[0]):
        data += variable_length(tick - now) + event
        now = tick
    return data + variable_length((now if end is None else end) - now) + b"\xff\x2f\x00"


def whole_file(*tracks: bytes, division: int = 480, file_type: int = 1) -> bytes:
    """Return a file of whole tracks, as `track` returns them."""
    head = chunk(b"MThd", struct.pack(">HHH", file_type, len(tracks), division))
    return head + b"".join(chunk(b"MTrk", events) for events in tracks)


def note_on(pitch: int, velocity: int = 100, *, channel: int = 0) -> bytes:
    return bytes([0x90 | channel, pitch, velocity])


def note_off(pitch: int, *, channel: int = 0) -> bytes:
    return bytes([0x80 | channel, pitch, 64])


def program(number: int, *, channel: int = 0) -> bytes:
    return bytes([0xC0 | channel, number])


def meta(event_type: int, content: bytes) -> bytes:
    return bytes([0xFF, event_type]) + variable_length(len(content)) + content


def beat(bars: int = 2, *, division: int = 480, channel: int = 9, length: int | None = None) -> list[tuple[int, bytes]]:
    """Return the events of a beat of eighths; each bar differs."""
    events = []
    for eighth in range(bars * 8):
        tick = eighth * division // 2
        for pitch in {42, 36 if eighth % 4 == 0 else 42, 38 if eighth % 8 == 4 else 42, 45 + eighth // 8 % 8}:
            events += [(tick, note_on(pitch, channel=channel))]
            events += [(tick + (division // 8 if length is None else length), note_off(pitch, channel=channel))]
    return events


def part(name: str, number: int, pitches: list[int], channel: int = 0) -> bytes:
    """A track of two bars, a note on each beat."""
    events = [(0, meta(3, name.encode())), (0, program(number, channel=channel))]
    for beat in range(8):
        pitch = pitches[beat % len(pitches)]
        events += [(480 * beat, note_on(pitch, channel=channel)), (480 * beat + 400, note_off(pitch, channel=channel))]
    return track(*events, end=3840)
