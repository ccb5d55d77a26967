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
