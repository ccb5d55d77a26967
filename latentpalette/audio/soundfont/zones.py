"""Which samples a SoundFont plays for a key, and how: its zones, folded into plain numbers.

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


class Gen(IntEnum):
    """The generators that shape a sampled drum or note; numbers of section 8.1.2."""

    START, END, LOOP_START, LOOP_END = 0, 1, 2, 3
    START_COARSE, END_COARSE, LOOP_START_COARSE, LOOP_END_COARSE = 4, 12, 45, 50
    ENV_TO_PITCH, CUTOFF, ENV_TO_CUTOFF, PAN = 7, 8, 11, 17
    MOD_DELAY, MOD_ATTACK, MOD_HOLD, MOD_DECAY, MOD_SUSTAIN, MOD_RELEASE = 25, 26, 27, 28, 29, 30
    DELAY, ATTACK, HOLD, DECAY, SUSTAIN, RELEASE = 33, 34, 35, 36, 37, 38
    KEYS, VELOCITIES, KEY, ATTENUATION = 43, 44, 46, 48
    COARSE_TUNE, FINE_TUNE, MODE, SCALE, EXCLUSIVE, ROOT = 51, 52, 54, 56, 57, 58


_INSTANT = -12_000  # timecents: a millisecond
_DEFAULTS: Mapping[int, int] = {
    Gen.CUTOFF: 13_500,
    **dict.fromkeys((Gen.MOD_DELAY, Gen.MOD_ATTACK, Gen.MOD_HOLD, Gen.MOD_DECAY, Gen.MOD_RELEASE), _INSTANT),
    **dict.fromkeys((Gen.DELAY, Gen.ATTACK, Gen.HOLD, Gen.DECAY, Gen.RELEASE), _INSTANT),
    Gen.KEY: -1,
    Gen.SCALE: 100,
    Gen.ROOT: -1,
}
# These select or describe a sample; a preset cannot add to them.
_ABSOLUTE = {*range(5), 12, 45, 50, Gen.KEYS, Gen.VELOCITIES, Gen.KEY, Gen.MODE, Gen.EXCLUSIVE, Gen.ROOT, SAMPLE}


@dataclass(frozen=True)
class Zone:
    """One sample and how to play it.

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
        """Equal for zones that sound alike."""
        return self.sample, frozenset(self.values.items())

    def seconds(self, generator: int) -> float:
        """A time, told in timecents."""
        return 2.0 ** (self[generator] / 1200)


def zones(font: SoundFont, bank: int, program: int, key: int, velocity: int) -> list[Zone]:
    """What sounds together when a key of a preset is struck; empty where the font has nothing there."""
    heads = font.tables["phdr"][:-1]
    (row,) = np.flatnonzero((heads["bank"] == bank) & (heads["program"] == program))[:1]
    found = []
    for added, instrument in _layer(font, "phdr", "pbag", "pgen", int(row), INSTRUMENT, key, velocity):
        for values, sample in _layer(font, "inst", "ibag", "igen", instrument, SAMPLE, key, velocity):
            whole = {**_DEFAULTS, **values}
            for generator, amount in added.items():
                if generator not in _ABSOLUTE and generator != INSTRUMENT:
                    whole[generator] = whole.get(generator, 0) + amount
            found.append(Zone(sample, whole))
    return found


def _layer(
    font: SoundFont, heads: str, bags: str, gens: str, row: int, target: int, key: int, velocity: int
) -> Iterator[tuple[dict[int, int], int]]:
    """The zones of one preset or instrument that a key falls into: their generators, and what they name."""
    first, last = (int(font.tables[heads]["zones"][row + more]) for more in (0, 1))
    defaults: dict[int, int] = {}
    for zone in range(first, last):
        start, stop = (int(font.tables[bags]["generators"][zone + more]) for more in (0, 1))
        rows = font.tables[gens][start:stop]
        values = {int(kind): int(amount) for kind, amount in zip(rows["kind"], rows["amount"], strict=True)}
        if target not in values:
            if zone == first:
                defaults = values
            continue
        values = {**defaults, **values}
        if _within(values.get(Gen.KEYS), key) and _within(values.get(Gen.VELOCITIES), velocity):
            yield values, values[target] & 0xFFFF


def _within(span: int | None, value: int) -> bool:
    """A range is two bytes: the lowest in the low one, the highest in the high one."""
    return span is None or (span & 0xFF) <= value <= (span >> 8 & 0xFF)
