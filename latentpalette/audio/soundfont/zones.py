"""Zones of a SoundFont: the samples it plays for a key, and their parameters.

A preset has zones, each naming an instrument; an instrument has zones, each naming a sample. Instrument generators are
absolute, preset generators are added to them, and the first zone of each may hold defaults for the others.

Source: SoundFont Technical Specification 2.04, sections 8.1.2 (generators), 9.4 (the model).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum

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


def find_zones(soundfont: SoundFont, bank: int, program: int, key: int, velocity: int) -> list[Zone]:
    """Return the zones that a preset plays for a key and velocity; empty where it has none."""
    presets = soundfont.tables["phdr"][:-1]
    (row,) = np.flatnonzero((presets["bank"] == bank) & (presets["program"] == program))[:1]
    zones = []
    for offsets, instrument in _layer(soundfont, "phdr", "pbag", "pgen", int(row), INSTRUMENT, key, velocity):
        for absolute, sample in _layer(soundfont, "inst", "ibag", "igen", instrument, SAMPLE, key, velocity):
            values = {**_DEFAULTS, **absolute}
            for generator, offset in offsets.items():
                if generator not in _ABSOLUTE and generator != INSTRUMENT:
                    values[generator] = values.get(generator, 0) + offset
            zones.append(Zone(sample, values))
    return zones


def _layer(
    soundfont: SoundFont,
    header_table: str,
    zone_table: str,
    generator_table: str,
    row: int,
    target: int,
    key: int,
    velocity: int,
) -> Iterator[tuple[dict[int, int], int]]:
    """Yield the zones of one preset or instrument that contain a key: their generators, and the row they name."""
    tables = soundfont.tables
    first, last = (int(tables[header_table]["zones"][row + offset]) for offset in (0, 1))
    defaults: dict[int, int] = {}
    for zone in range(first, last):
        start, stop = (int(tables[zone_table]["generators"][zone + offset]) for offset in (0, 1))
        generators = tables[generator_table][start:stop]
        values = {int(kind): int(amount) for kind, amount in zip(generators["kind"], generators["amount"], strict=True)}
        if target not in values:
            if zone == first:
                defaults = values
            continue
        values = {**defaults, **values}
        if _contains(values.get(Generator.KEYS), key) and _contains(values.get(Generator.VELOCITIES), velocity):
            yield values, values[target] & 0xFFFF


def _contains(packed_range: int | None, value: int) -> bool:
    """Return True if a value is in a range: two bytes, the lowest value in the low one, the highest in the high one."""
    return packed_range is None or (packed_range & 0xFF) <= value <= (packed_range >> 8 & 0xFF)
