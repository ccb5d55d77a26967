"""Zones of a SoundFont: the samples it plays for a key, and their parameters.

A preset has zones, each naming an instrument; an instrument has zones, each naming a sample. Instrument generators are
absolute, preset generators are added to them, and the first zone of each may hold defaults for the others.

Amounts out of range are clamped, and a note has at most 64 zones: a broken file makes a strange sound, not an endless
one.

Source: SoundFont Technical Specification 2.04, sections 8.1.2 (generators), 8.1.3 (their ranges), 9.4 (the model).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

import numpy as np

from latentpalette.audio.soundfont.file import INSTRUMENT, SAMPLE, SoundFont


class Generator(IntEnum):
    """The generators (parameters) of a zone, by their numbers in section 8.1.2."""

    START, END, LOOP_START, LOOP_END = 0, 1, 2, 3
    START_COARSE, END_COARSE, LOOP_START_COARSE, LOOP_END_COARSE = 4, 12, 45, 50
    ENV_TO_PITCH, CUTOFF, ENV_TO_CUTOFF, PAN = 7, 8, 11, 17
    MOD_DELAY, MOD_ATTACK, MOD_HOLD, MOD_DECAY, MOD_SUSTAIN, MOD_RELEASE = 25, 26, 27, 28, 29, 30
    DELAY, ATTACK, HOLD, DECAY, SUSTAIN, RELEASE = 33, 34, 35, 36, 37, 38
    KEYS, VELOCITIES, KEY, ATTENUATION = 43, 44, 46, 48
    COARSE_TUNE, FINE_TUNE, MODE, SCALE, EXCLUSIVE, ROOT = 51, 52, 54, 56, 57, 58


_INSTANT = -12_000  # timecents: a millisecond
_DEFAULTS: Mapping[int, int] = {
    Generator.CUTOFF: 13_500,
    **dict.fromkeys(
        (Generator.MOD_DELAY, Generator.MOD_ATTACK, Generator.MOD_HOLD, Generator.MOD_DECAY, Generator.MOD_RELEASE),
        _INSTANT,
    ),
    **dict.fromkeys(
        (Generator.DELAY, Generator.ATTACK, Generator.HOLD, Generator.DECAY, Generator.RELEASE),
        _INSTANT,
    ),
    Generator.KEY: -1,
    Generator.SCALE: 100,
    Generator.ROOT: -1,
}
_TIMES = (-12_000, 8_000)  # timecents: a millisecond to 102 seconds
_DELAYS = (-12_000, 5_000)  # to 18 seconds
# Ranges of section 8.1.3; offsets into a sample are limited by its length.
_RANGES: Mapping[int, tuple[int, int]] = {
    Generator.ENV_TO_PITCH: (-12_000, 12_000),
    Generator.CUTOFF: (1_500, 13_500),
    Generator.ENV_TO_CUTOFF: (-12_000, 12_000),
    Generator.PAN: (-500, 500),
    **dict.fromkeys((Generator.MOD_DELAY, Generator.MOD_HOLD, Generator.DELAY, Generator.HOLD), _DELAYS),
    **dict.fromkeys((Generator.MOD_ATTACK, Generator.MOD_DECAY, Generator.MOD_RELEASE), _TIMES),
    **dict.fromkeys((Generator.ATTACK, Generator.DECAY, Generator.RELEASE), _TIMES),
    Generator.MOD_SUSTAIN: (0, 1_000),
    Generator.SUSTAIN: (0, 1_440),
    Generator.KEY: (-1, 127),  # -1: the key of the note
    Generator.ATTENUATION: (0, 1_440),
    Generator.COARSE_TUNE: (-120, 120),
    Generator.FINE_TUNE: (-99, 99),
    Generator.SCALE: (0, 1_200),
    Generator.EXCLUSIVE: (0, 127),
}
COARSE_FRAMES = 32_768  # unit of the coarse offset generators
MAX_ZONES = 64  # of one note; the pianos with most layers have 16
# These select or describe a sample; a preset cannot add to them.
_ABSOLUTE = {
    *range(5),
    12,
    45,
    50,
    Generator.KEYS,
    Generator.VELOCITIES,
    Generator.KEY,
    Generator.MODE,
    Generator.EXCLUSIVE,
    Generator.ROOT,
    SAMPLE,
}


@dataclass(frozen=True)
class Zone:
    """One sample and its parameters.

    Parameters
    ----------
    sample : int
        Row of the table ``shdr``.
    values : mapping of generator to int
        In the units of the specification, defaults filled in.
    """

    sample: int
    values: Mapping[int, int]

    def __getitem__(self, generator: int) -> int:
        return self.values.get(generator, 0)

    @property
    def key(self) -> Hashable:
        """A value that is equal for zones that sound the same."""
        return self.sample, frozenset(self.values.items())

    def seconds(self, generator: int) -> float:
        """Convert a generator in timecents to seconds."""
        return 2.0 ** (self[generator] / 1200)


@lru_cache(maxsize=4096)
def find_zones(soundfont: SoundFont, bank: int, program: int, key: int, velocity: int) -> tuple[Zone, ...]:
    """Return the zones that a preset plays for a key and velocity, the first 64; empty where it has none."""
    presets = soundfont.tables["phdr"][:-1]
    (row,) = np.flatnonzero((presets["bank"] == bank) & (presets["program"] == program))[:1]
    zones: list[Zone] = []
    instruments: dict[int, list[tuple[dict[int, int], int]]] = {}
    for offsets, instrument in _matching(_layer(soundfont, "phdr", int(row)), key, velocity):
        if instrument not in instruments:
            instruments[instrument] = list(_matching(_layer(soundfont, "inst", instrument), key, velocity))
        for absolute, sample in instruments[instrument]:
            values = {**_DEFAULTS, **absolute}
            for generator, offset in offsets.items():
                if generator not in _ABSOLUTE and generator != INSTRUMENT:
                    values[generator] = values.get(generator, 0) + offset
            zones.append(Zone(sample, {generator: _clamp(generator, value) for generator, value in values.items()}))
            if len(zones) == MAX_ZONES:
                return tuple(zones)
    return tuple(zones)


def sample_range(zone: Zone, length: int) -> tuple[int, int]:
    """Return the first frame that a zone plays of a sample of some length, and the one after the last."""
    start = zone[Generator.START] + COARSE_FRAMES * zone[Generator.START_COARSE]
    stop = length + zone[Generator.END] + COARSE_FRAMES * zone[Generator.END_COARSE]
    stop = min(max(stop, 0), length)
    return min(max(start, 0), stop), stop


def _clamp(generator: int, value: int) -> int:
    low, high = _RANGES.get(generator, (value, value))
    return min(max(value, low), high)


@dataclass(frozen=True, slots=True)
class _LayerZone:
    """A zone of a preset or an instrument: its generators, and the row of the next layer that it names."""

    values: dict[int, int]
    target: int


def _matching(zones: list[_LayerZone], key: int, velocity: int) -> Iterator[tuple[dict[int, int], int]]:
    """Yield the zones that contain a key and a velocity, the first 64."""
    found = 0
    for zone in zones:
        values = zone.values
        if _contains(values.get(Generator.KEYS), key) and _contains(values.get(Generator.VELOCITIES), velocity):
            yield values, zone.target
            found += 1
            if found == MAX_ZONES:
                return


@lru_cache(maxsize=1024)
def _layer(soundfont: SoundFont, table: str, row: int) -> list[_LayerZone]:
    """Return the zones of one preset (of the table ``phdr``) or instrument (``inst``)."""
    zone_table, generator_table, target = {
        "phdr": ("pbag", "pgen", INSTRUMENT),
        "inst": ("ibag", "igen", SAMPLE),
    }[table]
    tables = soundfont.tables
    first, last = (int(tables[table]["zones"][row + offset]) for offset in (0, 1))
    defaults: dict[int, int] = {}
    zones = []
    for zone in range(first, last):
        start, stop = (int(tables[zone_table]["generators"][zone + offset]) for offset in (0, 1))
        generators = tables[generator_table][start:stop]
        values = {int(kind): int(amount) for kind, amount in zip(generators["kind"], generators["amount"], strict=True)}
        if target in values:
            zones.append(_LayerZone({**defaults, **values}, values[target] & 0xFFFF))
        elif zone == first:
            defaults = values
    return zones


def _contains(packed_range: int | None, value: int) -> bool:
    """Return True if a value is in a range: two bytes, the lowest value in the low one, the highest in the high one."""
    return packed_range is None or (packed_range & 0xFF) <= value <= (packed_range >> 8 & 0xFF)
