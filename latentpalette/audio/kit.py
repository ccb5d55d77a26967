"""A sampled drum kit: each drum rendered once, trimmed, packed small. With it a browser plays without a kernel."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from typing import TypedDict

import numpy as np

from latentpalette.audio import synth
from latentpalette.audio.events import RATE
from latentpalette.audio.soundfont import find
from latentpalette.audio.soundfont.file import SoundFont
from latentpalette.errors import SoundError
from latentpalette.music.drums import REDUCED, DrumMap
from latentpalette.music.sequence import Note, NoteSequence

VELOCITY = 100  # rendered at; loud enough to leave noise behind, soft enough to be how a drum mostly sounds
BYTES_PER_DRUM = 48_000  # on average: nine drums take at most 432 kB
_QUIET = range(60, 20, -1)  # [decibels below its peak] where a drum has died away: as far down as there is room for
_ONSET = 10 ** (-50 / 20)  # a fraction of the peak at which a drum has begun
_LISTEN = 4.0  # [seconds] how long a drum is listened to
_FADE = 0.25  # the part of a drum, at its end, that is faded to nothing: a cut cymbal must not click


class Place(TypedDict):
    """Where a drum lies in `Kit.packed`, and how loud it is."""

    name: str
    pitch: int
    start: int
    length: int
    pan: float
    gain: float


@dataclass(frozen=True, eq=False)
class Kit:
    """One sampled sound for each drum of a map.

    Parameters
    ----------
    names : tuple of str
    pitches : tuple of int
        The pitch each drum was rendered with.
    samples : tuple of ndarray [shape=(n,), float32]
        Mono, as loud as each sounds at velocity 127 and equal power to both sides: ``left = cos(a) * samples``,
        ``right = sin(a) * samples`` with ``a = (pan + 1) * pi / 4``. A hit of velocity v is ``(v / 127) ** 2`` of it.
    pans : tuple of float [-1 to 1]
        Left to right.
    rate : int [frames per second]
    engine, font : str
        What rendered it.
    """

    names: tuple[str, ...]
    pitches: tuple[int, ...]
    samples: tuple[np.ndarray, ...]
    pans: tuple[float, ...]
    rate: int
    engine: str
    font: str

    def __len__(self) -> int:
        return len(self.names)

    def __repr__(self) -> str:
        size = sum(2 * len(one) for one in self.samples) / 1000
        return f"Kit({len(self)} drums, {size:.0f} kB, {self.rate} Hz, {self.engine}, {self.font})"

    def packed(self) -> tuple[bytes, list[Place]]:
        """The kit as it travels: 16-bit samples one drum after the other, and where each lies.

        Returns
        -------
        bytes
            int16, little endian, mono. Each drum is scaled to full scale, so that soft ones keep their detail.
        list of dict
            ``{name, pitch, start, length, pan, gain}``, `start` and `length` in samples. Times `gain`, a drum is as
            loud as it is beside the others, at velocity 127.

        Examples
        --------
        >>> data, index = drum_kit().packed()
        >>> index[0]["name"], index[0]["start"], len(data) == 2 * (index[-1]["start"] + index[-1]["length"])
        ('kick', 0, True)
        """
        parts, index, start = [], [], 0
        for name, pitch, samples, pan in zip(self.names, self.pitches, self.samples, self.pans, strict=True):
            peak = float(np.max(np.abs(samples), initial=0.0))
            whole = np.round(samples / (peak or 1.0) * 32_767).astype("<i2")
            place = Place(
                name=name, pitch=pitch, start=start, length=len(whole), pan=round(pan, 4), gain=float(f"{peak:.5g}")
            )
            parts.append(whole.tobytes())
            index.append(place)
            start += len(whole)
        return b"".join(parts), index


def drum_kit(
    map: DrumMap = REDUCED,  # noqa: A002 (the word for it everywhere)
    *,
    font: str | os.PathLike[str] | None = None,
    engine: str | None = None,
) -> Kit:
    """Render each drum of a map once.

    Parameters
    ----------
    map : DrumMap
    font, engine : optional
        As for `latentpalette.audio.synth.render`.

    Returns
    -------
    Kit
        Trimmed and faded out where each drum has died away to the same level below its peak, the lowest at which the
        whole stays under 48 kB a drum. Loudness is kept relative to the others.

    Raises
    ------
    SoundError
        As `render` does; and if the font plays none of the drums.

    Examples
    --------
    >>> kit = drum_kit()
    >>> kit.names[:3], len(kit), kit.rate
    (('kick', 'snare', 'closed hat'), 9, 44100)
    """
    return _drum_kit(map, find.find(font), synth.choose(engine))


@lru_cache(maxsize=8)
def _drum_kit(drums: DrumMap, font: SoundFont, engine: str) -> Kit:
    heard = [_begun(_struck(pitch, font, engine)) for pitch in drums.exemplars]
    if not any(samples.shape[1] for samples in heard):
        raise SoundError(f"{font.path.name} plays none of the drums. Name a General MIDI SoundFont with font=...")
    lengths = _lengths(heard, BYTES_PER_DRUM // 2 * len(drums))
    mixed = [_mono(samples[:, :length]) for samples, length in zip(heard, lengths, strict=True)]
    louder = np.float32((127 / VELOCITY) ** 2)
    return Kit(
        drums.names,
        drums.exemplars,
        tuple(_faded(mono) * louder for mono, _ in mixed),
        tuple(pan for _, pan in mixed),
        RATE,
        engine,
        font.path.name,
    )


def _struck(pitch: int, font: SoundFont, engine: str) -> np.ndarray:
    hit = NoteSequence([Note(pitch, 0, velocity=VELOCITY, is_drum=True)], steps=1)
    return synth.render(hit, font=font.path, engine=engine, tail=_LISTEN).samples


def _begun(samples: np.ndarray) -> np.ndarray:
    """From the moment a drum is heard, and a millisecond before: the skin's first movement belongs to the attack."""
    level = np.abs(samples).max(axis=0)
    if level.max(initial=0.0) < 1e-6:
        return samples[:, :0]
    return samples[:, max(0, int(np.argmax(level > level.max() * _ONSET)) - RATE // 1000) :]


def _lengths(heard: list[np.ndarray], budget: int) -> list[int]:
    """How much of each drum to keep: all down to the same level below their peaks, so that the cymbals ring longest."""
    levels = [np.abs(samples).max(axis=0) for samples in heard]
    lengths = [0] * len(heard)
    for quiet in _QUIET:
        lengths = [
            int(np.flatnonzero(level > level.max() * 10 ** (-quiet / 20))[-1]) + 1 if len(level) else 0
            for level in levels
        ]
        if sum(lengths) <= budget:
            break
    longest = max(lengths) if sum(lengths) <= budget else budget // len(lengths)
    return [min(length, longest) for length in lengths]


def _mono(samples: np.ndarray) -> tuple[np.ndarray, float]:
    """Both channels as one of the same power, and where between them it stands."""
    left, right = (float(np.sum(np.square(side, dtype=np.float64))) for side in samples)
    mono = samples.sum(axis=0, dtype=np.float64)
    power = float(np.sum(mono**2))
    if power == 0:
        return np.zeros(samples.shape[1], np.float32), 0.0
    pan = float(np.arctan2(np.sqrt(right), np.sqrt(left)) * 4 / np.pi - 1)
    return (mono * np.sqrt((left + right) / power)).astype(np.float32), pan


def _faded(mono: np.ndarray) -> np.ndarray:
    """The end faded to nothing along half a cosine."""
    frames = int(len(mono) * _FADE)
    shape = np.ones(len(mono), np.float32)
    shape[len(mono) - frames :] = 0.5 + 0.5 * np.cos(np.linspace(0, np.pi, frames))
    return mono * shape
