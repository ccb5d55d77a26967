"""A SoundFont player in NumPy: sound on every machine, whatever is installed.

It plays what makes a General MIDI drum or note what it is: samples at their pitch, loops, volume and filter envelopes,
velocity, pan, and hats that silence each other. It leaves out what FluidSynth does beyond: low-frequency oscillators,
resonance, and the modulators of a font's own.

Source: SoundFont Technical Specification 2.04, section 9; where it is open, what FluidSynth does.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from latentpalette.audio.events import RATE, Strike
from latentpalette.audio.soundfont.file import SoundFont
from latentpalette.audio.soundfont.zones import Gen, Zone, zones
from latentpalette.errors import SoundError

GAIN = 0.5 / 2**0.5  # as loud as FluidSynth at a gain of 0.5 (measured: within 0.3 dB on every drum)
LONGEST = 20.0  # [seconds] no voice rings longer than this after it was struck, unless it is held
_ATTENUATION = 0.4  # fonts are written for the EMU8000, which attenuates by 0.4 of what they say
_SILENCE = 900  # [centibels] below this nothing is heard
_CHOKE_SECONDS = 0.02
_OPEN = 13_500  # [cents] a filter at this cutoff lets everything pass
_FILTER_STEPS = 5


@dataclass(frozen=True, eq=False)
class Voice:
    """What one zone sounds like when it is struck at full velocity: ndarray [shape=(2, frames)]."""

    samples: np.ndarray
    exclusive: int


def missing() -> str | None:
    """Why this engine cannot be used here: never, it is NumPy."""
    return None


def render(strikes: Sequence[Strike], frames: int, font: SoundFont) -> np.ndarray:
    """Play notes from a SoundFont's samples.

    Parameters
    ----------
    strikes : list of Strike, in order of time
    frames : int
        How much to render. What still sounds at the end is cut there.
    font : SoundFont

    Returns
    -------
    ndarray [shape=(2, frames), float32]
        As loud as FluidSynth at a gain of 0.5, each note exactly at its frame.

    Raises
    ------
    SoundError
        If the font lacks an instrument, or its samples are compressed and cannot be read here.
    """
    samples = _sample_reader(font)
    made: dict[tuple[Hashable, int, int], Voice] = {}  # the same drum is struck again and again

    @cache
    def zones_of(part: tuple[bool, int], pitch: int, velocity: int) -> list[Zone]:
        return zones(font, *font.preset(part[1], is_drum=part[0]), pitch, velocity)

    def voices(strike: Strike) -> Iterator[Voice]:
        held = min(strike.stop - strike.start, frames)
        for zone in zones_of(strike.part, strike.pitch, strike.velocity):
            key = zone.key, strike.pitch, held
            if key not in made:
                made[key] = _voice(font, zone, samples, strike.pitch, held, frames)
            yield made[key]

    out = np.zeros((2, frames), np.float32)
    silenced: dict[tuple[tuple[bool, int], int], int] = {}  # when the next note of an exclusive class begins
    for strike in sorted(strikes, key=lambda strike: -strike.start):
        if strike.start >= frames:
            continue
        gain = np.float32(GAIN * (strike.velocity / 127) ** 2)  # the concave curve of section 8.4.1
        for voice in voices(strike):
            until = frames
            if voice.exclusive:
                until = silenced.get((strike.part, voice.exclusive), frames)
                silenced[strike.part, voice.exclusive] = strike.start
            _add(out, voice.samples, gain, strike.start, until)
    return out


def _add(out: np.ndarray, voice: np.ndarray, gain: np.float32, start: int, until: int) -> None:
    """Add a voice that fades quickly from the frame `until` on."""
    fade = round(_CHOKE_SECONDS * RATE)
    length = min(voice.shape[1], out.shape[1] - start, until + fade - start)
    heard = voice[:, :length] * gain
    loud = max(0, until - start)
    if length > loud:
        heard[:, loud:] *= np.linspace(1, 0, fade, dtype=np.float32)[: length - loud]
    out[:, start : start + length] += heard


def _voice(
    font: SoundFont, zone: Zone, samples: Callable[[int], np.ndarray], pitch: int, held: int, limit: int
) -> Voice:
    """Strike one zone, hold it for `held` frames and let it ring, for at most `limit` frames in all."""
    key = pitch if zone[Gen.KEY] < 0 else zone[Gen.KEY]
    ringing = min(LONGEST, zone.seconds(Gen.RELEASE))
    time = np.arange(min(limit, held + round(ringing * RATE))) / RATE
    volume = _volume(zone, time, held / RATE)
    audible = np.flatnonzero(volume > 10 ** (-_SILENCE / 200))
    if not len(audible):
        return Voice(np.zeros((2, 0), np.float32), zone[Gen.EXCLUSIVE])
    time, volume = time[: audible[-1] + 1], volume[: audible[-1] + 1]
    shape = _shape(zone, time, held / RATE)
    head = font.tables["shdr"][zone.sample]
    mono = _read(zone, head, samples(zone.sample), key, shape, held)
    mono = _lowpass(zone, mono, shape[: len(mono)]) * volume[: len(mono)]
    mono = mono * 10 ** (-_ATTENUATION * zone[Gen.ATTENUATION] / 200)
    angle = (np.clip(zone[Gen.PAN], -500, 500) / 500 + 1) * np.pi / 4  # equal power
    return Voice(np.stack([mono * np.cos(angle), mono * np.sin(angle)]).astype(np.float32), zone[Gen.EXCLUSIVE])


def _volume(zone: Zone, time: np.ndarray, held: float) -> np.ndarray:
    """The volume envelope as a gain: attack straight, decay and release straight in decibels."""
    attack, hold, decay = (zone.seconds(generator) for generator in (Gen.ATTACK, Gen.HOLD, Gen.DECAY))
    since = time - zone.seconds(Gen.DELAY)
    sustain = float(np.clip(zone[Gen.SUSTAIN], 0, 1000))
    lowered = np.clip((since - attack - hold) / decay * 1000, 0, sustain)  # [centibels]
    lowered = lowered + np.maximum(0, time - held) / zone.seconds(Gen.RELEASE) * 1000
    return np.clip(since / attack, 0, 1) * 10 ** (-lowered / 200)


def _shape(zone: Zone, time: np.ndarray, held: float) -> np.ndarray:
    """The modulation envelope, 0 to 1."""
    attack, hold, decay = (zone.seconds(generator) for generator in (Gen.MOD_ATTACK, Gen.MOD_HOLD, Gen.MOD_DECAY))
    since = time - zone.seconds(Gen.MOD_DELAY)
    sustain = 1 - float(np.clip(zone[Gen.MOD_SUSTAIN], 0, 1000)) / 1000
    level = np.clip(since / attack, 0, 1) - np.clip((since - attack - hold) / decay, 0, 1 - sustain)
    return np.clip(level - np.maximum(0, time - held) / zone.seconds(Gen.MOD_RELEASE), 0, 1)


def _read(zone: Zone, head: np.void, data: np.ndarray, key: int, shape: np.ndarray, held: int) -> np.ndarray:
    """Read a sample at the pitch of a key, round its loop where it has one."""
    root = zone[Gen.ROOT] if 0 <= zone[Gen.ROOT] <= 127 else min(int(head["pitch"]), 127)
    cents = (key - root) * zone[Gen.SCALE] + 100 * zone[Gen.COARSE_TUNE] + zone[Gen.FINE_TUNE] + int(head["correction"])
    speed = int(head["rate"]) / RATE * 2.0 ** ((cents + zone[Gen.ENV_TO_PITCH] * shape) / 1200)
    start = zone[Gen.START] + 32_768 * zone[Gen.START_COARSE]
    stop = len(data) + zone[Gen.END] + 32_768 * zone[Gen.END_COARSE]
    stop = int(np.clip(stop, 0, len(data)))
    place = int(np.clip(start, 0, stop)) + np.concatenate([[0.0], np.cumsum(speed[:-1])])
    first, last = _loop(zone, head)
    if zone[Gen.MODE] in (1, 3) and 0 <= first < last <= len(data):
        looping = np.arange(len(place)) < held if zone[Gen.MODE] == 3 else np.full(len(place), True)
        place = np.where(looping & (place >= last), first + (place - last) % (last - first), place)
    place = place[: _first_beyond(place, stop - 1)]
    return _between(data, place)


def _first_beyond(place: np.ndarray, end: float) -> int:
    beyond = np.flatnonzero(place >= end)
    return int(beyond[0]) if len(beyond) else len(place)


def _loop(zone: Zone, head: np.void) -> tuple[int, int]:
    """Where the loop begins and ends, counted from the sample's start."""
    first = int(head["loop_start"]) + zone[Gen.LOOP_START] + 32_768 * zone[Gen.LOOP_START_COARSE]
    last = int(head["loop_end"]) + zone[Gen.LOOP_END] + 32_768 * zone[Gen.LOOP_END_COARSE]
    compressed = bool(head["kind"] & 0x10)  # there, loops are counted from the start already
    offset = 0 if compressed else int(head["start"])
    return first - offset, last - offset


def _between(data: np.ndarray, place: np.ndarray) -> np.ndarray:
    """Samples between samples: the cubic through the four nearest (Catmull and Rom)."""
    if len(data) < 2 or not len(place):
        return np.zeros(0)
    index = place.astype(np.int64)
    part = place - index
    before, here, after, later = (data[np.clip(index + more, 0, len(data) - 1)] for more in (-1, 0, 1, 2))
    cubic = 3 * (here - after) + later - before
    square = 2 * before - 5 * here + 4 * after - later
    return here + 0.5 * part * (after - before + part * (square + part * cubic))


def _lowpass(zone: Zone, mono: np.ndarray, shape: np.ndarray) -> np.ndarray:
    """The zone's two-pole filter. Where the envelope moves it, a few fixed filters are blended."""
    cutoff, moved = zone[Gen.CUTOFF], zone[Gen.ENV_TO_CUTOFF]
    if not len(mono) or min(cutoff, cutoff + moved) >= _OPEN or (cutoff >= _OPEN and moved >= 0):
        return mono
    size = 1 << (len(mono) + 2048).bit_length()
    spectrum, frequency = np.fft.rfft(mono, size), np.fft.rfftfreq(size, 1 / RATE)
    steps = np.linspace(0, 1, _FILTER_STEPS) if moved else np.zeros(1)
    out = np.zeros(len(mono))
    for step in steps:
        weight = np.clip(1 - np.abs(shape - step) * (_FILTER_STEPS - 1), 0, 1) if moved else 1.0
        if np.any(weight):
            hertz = 8.176 * 2.0 ** (min(cutoff + moved * step, _OPEN) / 1200)
            ratio = frequency / hertz
            out += weight * np.fft.irfft(spectrum / (1 - ratio**2 + 1j * np.sqrt(2) * ratio), size)[: len(mono)]
    return out


def _sample_reader(font: SoundFont) -> Callable[[int], np.ndarray]:
    """Answers with one sample of the font, -1 to 1, read from the file when it is first needed."""
    heads = font.tables["shdr"]
    first, _ = font.samples

    @cache
    def sample(row: int) -> np.ndarray:
        head = heads[row]
        start, end = int(head["start"]), int(head["end"])
        if head["kind"] & 0x10:
            return _vorbis(font, first + start, end - start)
        if head["kind"] & 0x8000:
            raise SoundError(f"{font.path.name} plays from the memory of a sound card, which is not in the file.")
        return np.fromfile(font.path, "<i2", end - start, offset=first + 2 * start) / 32_768

    return sample


def _vorbis(font: SoundFont, start: int, length: int) -> np.ndarray:
    try:
        import soundfile  # type: ignore[import-untyped]

        with font.path.open("rb") as file:
            file.seek(start)
            return soundfile.read(io.BytesIO(file.read(length)), dtype="float64", always_2d=True)[0][:, 0]
    except (ImportError, OSError, RuntimeError) as error:  # soundfile's own error is a RuntimeError
        raise SoundError(
            f"{font.path.name} is compressed and cannot be read without FluidSynth here ({error}). "
            "Use an .sf2, or run: pip install soundfile"
        ) from error
