"""Small SoundFont files for tests: up to two presets, each one sine."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np

SAMPLE_RATE = 22_050


def chunk(name: bytes, data: bytes) -> bytes:
    return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def sine(*, seconds: float = 0.5, frequency: float = 440.0) -> np.ndarray:
    return np.round(
        20_000 * np.sin(2 * np.pi * frequency * np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE)
    ).astype("<i2")


def tables(samples: int, *, melodic: bool = True, drums: bool = True, pan: int = 0) -> dict[bytes, bytes]:
    """Return the tables of a SoundFont whose presets are program 0 of bank 0 (looped) and of bank 128 (not looped)."""
    presets = [(0, 0)] * melodic + [(0, 128)] * drums
    headers = [
        struct.pack("<20sHHHIII", b"part", program, bank, index, 0, 0, 0)
        for index, (program, bank) in enumerate(presets)
    ]
    headers.append(struct.pack("<20sHHHIII", b"EOP", 0, 0, len(presets), 0, 0, 0))
    instruments = [int(bank == 128) for _, bank in presets]
    return {
        b"phdr": b"".join(headers),
        b"pbag": b"".join(struct.pack("<HH", at, 0) for at in range(len(presets) + 1)),
        b"pmod": bytes(10),
        b"pgen": b"".join(struct.pack("<HH", 41, instrument) for instrument in instruments) + bytes(4),
        b"inst": b"".join(struct.pack("<20sH", b"i", at) for at in range(3)),
        b"ibag": struct.pack("<HHHHHH", 0, 0, 3, 0, 6, 0),
        b"imod": bytes(10),
        b"igen": b"".join(
            struct.pack("<Hh", kind, amount)
            for kind, amount in [(17, pan), (54, 1), (53, 0), (17, pan), (54, 0), (53, 0), (0, 0)]
        ),
        b"shdr": struct.pack("<20sIIIIIBbHH", b"sine", 0, samples, 50, samples - 1, SAMPLE_RATE, 69, 0, 0, 1)
        + bytes(46),
    }


def soundfont_bytes(**options: object) -> bytes:
    wave = sine()
    return pack(wave, tables(len(wave), **options))


def pack(wave: np.ndarray, tables: dict[bytes, bytes]) -> bytes:
    data = chunk(b"smpl", wave.tobytes() + bytes(92))
    body = chunk(b"LIST", b"INFO" + chunk(b"ifil", struct.pack("<HH", 2, 1)) + chunk(b"INAM", b"sine\0\0"))
    body += chunk(b"LIST", b"sdta" + data)
    body += chunk(b"LIST", b"pdta" + b"".join(chunk(name, rows) for name, rows in tables.items()))
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"sfbk" + body


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path
