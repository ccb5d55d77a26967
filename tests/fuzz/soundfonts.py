"""SoundFonts: generators out of range, sample headers and loops that cannot be, chunks that lie."""

from __future__ import annotations

import struct
from functools import cache
from pathlib import Path

import numpy as np

from latentpalette.audio import synth
from latentpalette.audio.soundfont.file import read_soundfont
from latentpalette.music.sequence import Note, NoteSequence
from tests.audio import soundfont_files
from tests.fuzz.harness import Folders, Outcome
from tests.fuzz.mutations import Random, chance, damage, pick

_MARKS = (b"RIFF", b"LIST", b"smpl", b"shdr", b"phdr", b"pbag", b"pgen", b"inst", b"ibag", b"igen", b"pmod", b"imod")
_AMOUNTS = (0, 1, -1, 100, -100, 1200, -12000, 5000, 8000, 13500, 32767, -32768, 0x7F00)
_NUMBER_OF_GENERATORS = 61
_INSTRUMENT, _SAMPLE = 41, 53
_MAX_AMPLITUDE = 64.0


def fuzz_tables(rng: Random, folders: Folders, engine: str | None = "soundfont-player") -> Outcome:
    """A whole SoundFont whose parameters and sample headers are anything."""
    wave = _waves()[int(rng.integers(len(_waves())))]
    tables = soundfont_files.tables(len(wave), pan=int(rng.integers(-500, 501)))
    tables[b"igen"] = _instrument_generators(rng)
    zones = len(tables[b"igen"]) // 4 - 1
    half = zones // 2
    tables[b"ibag"] = struct.pack("<HHHHHH", 0, 0, half, 0, zones, 0)
    if chance(rng, 0.5):
        tables[b"pgen"], tables[b"pbag"] = _preset_generators(rng)
    if chance(rng, 0.6):
        tables[b"shdr"] = _sample_header(rng, len(wave)) + bytes(46)
    if chance(rng, 0.1):
        table = pick(rng, list(tables))
        tables[table] = damage(rng, tables[table], count=1)
    path = soundfont_files.write(folders.inside / "font.sf2", soundfont_files.pack(wave, tables))
    return _play(rng, path, engine)


def fuzz_bytes(rng: Random, folders: Folders, engine: str | None = "soundfont-player") -> Outcome:
    """A SoundFont with damage anywhere, chunks above all."""
    data = damage(rng, _small_font(), marks=_MARKS, donor=_small_font())
    if chance(rng, 0.2):  # what the file says of its own length is right again
        data = data[:4] + struct.pack("<I", max(len(data) - 8, 0)) + data[8:]
    return _play(rng, soundfont_files.write(folders.inside / pick(rng, ("font.sf2", "font.sf3")), data), engine)


def fuzz_chosen_engine(rng: Random, folders: Folders) -> Outcome:
    """A SoundFont of either kind, played as for a user who names no engine: by FluidSynth where that is installed."""
    return pick(rng, (fuzz_tables, fuzz_bytes))(rng, folders, engine=None)


def _play(rng: Random, path: Path, engine: str | None) -> Outcome:
    font = read_soundfont(path)
    programs = sorted(number for bank, number in font.presets if bank == 0)[:2] or [0]
    notes = [
        Note(int(rng.integers(128)), step, int(rng.integers(1, 4)), velocity=int(rng.integers(1, 128)), program=program)
        for step, program in enumerate(programs)
    ]
    drum = Note(int(rng.integers(35, 82)), 0, is_drum=True)
    sequence = NoteSequence([*notes, drum][int(rng.integers(2)) :], steps=4, qpm=400)
    sound = synth.render(sequence, soundfont=path, engine=engine, tail=0.1, loop=False)
    assert np.isfinite(sound.samples).all()
    assert np.abs(sound.samples).max(initial=0) < _MAX_AMPLITUDE
    return "played" if sound.samples.any() else "silent"


def _instrument_generators(rng: Random) -> bytes:
    """Return the generators of two instruments of one zone, each ended by its sample."""
    zones = []
    for mode in (1, 0):
        generators = [(54, pick(rng, (mode, mode, 0, 1, 2, 3, 255))), *_random_generators(rng)]
        zones.append([*generators, (_SAMPLE, 0)])
    size = max(len(zone) for zone in zones)  # both alike, so that the first ends in the middle
    rows = [row for zone in zones for row in [*[(17, 0)] * (size - len(zone)), *zone]]
    return b"".join(struct.pack("<Hh", *row) for row in [*rows, (0, 0)])


def _random_generators(rng: Random) -> list[tuple[int, int]]:
    count = int(rng.geometric(0.25))
    kinds = rng.integers(0, _NUMBER_OF_GENERATORS, count).tolist()
    return [
        (kind, pick(rng, _AMOUNTS) if chance(rng, 0.7) else int(rng.integers(-32768, 32768)))
        for kind in kinds
        if kind not in (_INSTRUMENT, _SAMPLE)
    ]


def _preset_generators(rng: Random) -> tuple[bytes, bytes]:
    """Return the tables pgen and pbag of two presets that add to the generators of their instruments."""
    rows: list[tuple[int, int]] = []
    starts = []
    for instrument in (0, 1):
        starts.append(len(rows))
        rows += [*_random_generators(rng), (_INSTRUMENT, instrument)]
    starts.append(len(rows))
    pgen = b"".join(struct.pack("<Hh", *row) for row in [*rows, (0, 0)])
    return pgen, b"".join(struct.pack("<HH", start, 0) for start in starts)


def _sample_header(rng: Random, samples: int) -> bytes:
    places = (0, 1, 50, samples // 2, samples - 1, samples, samples + 46, samples + 10_000, 2**31, 2**32 - 1)
    start, end, loop_start, loop_end = (
        right if chance(rng, 0.6) else pick(rng, places) for right in (0, samples, 50, samples - 1)
    )
    rate = pick(rng, (22_050, 22_050, 22_050, 0, 1, 7, 400, 192_000, 2**31, 2**32 - 1))
    kind = pick(rng, (1, 1, 1, 2, 4, 8, 0, 0x10, 0x8001, 0xFFFF))
    pitch, correction = pick(rng, (69, 60, 0, 127, 255)), pick(rng, (0, 99, -128))
    return struct.pack(
        "<20sIIIIIBbHH", b"wave", start, end, loop_start, loop_end, rate, pitch, correction, pick(rng, (0, 1, 9)), kind
    )


@cache
def _waves() -> tuple[np.ndarray, ...]:
    noise = np.random.default_rng(0).integers(-32768, 32768, 600).astype("<i2")
    return soundfont_files.sine(seconds=0.05), noise, np.full(400, 32767, "<i2"), np.zeros(400, "<i2")


@cache
def _small_font() -> bytes:
    wave = soundfont_files.sine(seconds=0.02)
    return soundfont_files.pack(wave, soundfont_files.tables(len(wave)))
