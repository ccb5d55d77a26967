"""A SoundFont player in NumPy: sound on every machine, whatever is installed.

It implements samples at their pitch, loops, volume and filter envelopes, velocity, pan, and exclusive classes (hats
that choke each other). It leaves out what FluidSynth does beyond: low-frequency oscillators, resonance, and a
SoundFont's own modulators.

Source: SoundFont Technical Specification 2.04, section 9; where it is open, what FluidSynth does.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from latentpalette.audio.events import SAMPLE_RATE, NoteEvent
from latentpalette.audio.soundfont.file import COMPRESSED, ROM, SoundFont
from latentpalette.audio.soundfont.zones import COARSE_FRAMES, Generator, Zone, find_zones, sample_range
from latentpalette.errors import SoundError

GAIN = 0.5 / 2**0.5  # as loud as FluidSynth at a gain of 0.5 (measured: within 0.3 dB on every drum)
MAX_RELEASE_SECONDS = 20.0  # no voice rings longer than this after its note-off
_ATTENUATION = 0.4  # fonts are written for the EMU8000, which attenuates by 0.4 of the value
_SILENCE = 900  # [centibels] below this nothing is audible
_CHOKE_SECONDS = 0.02
_FILTER_OPEN = 13_500  # [cents] a filter at this cutoff passes everything
_FILTER_STEPS = 5

# Limits on the work that a broken file can ask for.
MAX_HELD_SECONDS = 120.0  # a note is released after this
MAX_SAMPLE_FRAMES = 1 << 24  # of one sample, six minutes
_SAMPLE_RATES = (400, 192_000)  # section 7.10: where the header's is impractical, the nearest practical one
_MAX_CENTS = 24_000  # of transposition, up or down
_MAX_CACHED_FRAMES = 1 << 25


@dataclass(frozen=True, eq=False)
class Voice:
    """The sound of one zone at full velocity.

    Parameters
    ----------
    samples : ndarray [shape=(2, frames)]
    exclusive_class : int
        A note of the same class ends it; 0 for none.
    """

    samples: np.ndarray
    exclusive_class: int


def unavailable_reason() -> str | None:
    """Return None: NumPy is always there."""
    return None


def render(events: Sequence[NoteEvent], frames: int, soundfont: SoundFont) -> np.ndarray:
    """Render note events from a SoundFont's samples; see `latentpalette.audio.engines.base.Engine.render`.

    Each note starts exactly at its frame, as loud as FluidSynth at a gain of 0.5. Raises `SoundError` for compressed
    samples where soundfile cannot read them.
    """
    read_sample = _sample_reader(soundfont)
    voices: dict[tuple[Hashable, int, int], Voice] = {}  # the same drum is hit many times
    cached_frames = 0

    def zones_of(instrument: tuple[bool, int], pitch: int, velocity: int) -> tuple[Zone, ...]:
        is_drum, program = instrument
        return find_zones(soundfont, *soundfont.preset(program, is_drum=is_drum), pitch, velocity)

    def voices_of(event: NoteEvent) -> Iterator[Voice]:
        nonlocal cached_frames
        held = min(event.stop - event.start, frames, round(MAX_HELD_SECONDS * SAMPLE_RATE))
        for zone in zones_of(event.instrument, event.pitch, event.velocity):
            key = zone.key, event.pitch, held
            if (voice := voices.get(key)) is None:
                voice = _render_voice(soundfont, zone, read_sample, event.pitch, held, frames)
                cached_frames += voice.samples.shape[1]
                if cached_frames > _MAX_CACHED_FRAMES:
                    voices.clear()
                    cached_frames = voice.samples.shape[1]
                voices[key] = voice
            yield voice

    out = np.zeros((2, frames), np.float32)
    choked_at: dict[tuple[tuple[bool, int], int], int] = {}  # start of the next note of an exclusive class
    for event in sorted(events, key=lambda event: -event.start):
        if event.start >= frames:
            continue
        gain = np.float32(GAIN * (event.velocity / 127) ** 2)  # the concave curve of section 8.4.1
        for voice in voices_of(event):
            stop = frames
            if voice.exclusive_class:
                stop = choked_at.get((event.instrument, voice.exclusive_class), frames)
                choked_at[event.instrument, voice.exclusive_class] = event.start
            _mix_voice(out, voice.samples, gain, event.start, stop)
    return out


def _mix_voice(out: np.ndarray, voice: np.ndarray, gain: np.float32, start: int, stop: int) -> None:
    """Add a voice to `out` [2, frames], faded out quickly from the frame `stop` on."""
    fade = round(_CHOKE_SECONDS * SAMPLE_RATE)
    length = min(voice.shape[1], out.shape[1] - start, stop + fade - start)
    samples = voice[:, :length] * gain
    unfaded = max(0, stop - start)
    if length > unfaded:
        samples[:, unfaded:] *= np.linspace(1, 0, fade, dtype=np.float32)[: length - unfaded]
    out[:, start : start + length] += samples


def _render_voice(
    soundfont: SoundFont, zone: Zone, read_sample: Callable[[int], np.ndarray], pitch: int, held: int, max_frames: int
) -> Voice:
    """Render a zone held for `held` frames and then released, for at most `max_frames` frames."""
    key = pitch if zone[Generator.KEY] < 0 else zone[Generator.KEY]
    release = min(MAX_RELEASE_SECONDS, zone.seconds(Generator.RELEASE))
    time = np.arange(min(max_frames, held + round(release * SAMPLE_RATE))) / SAMPLE_RATE
    volume = _volume_envelope(zone, time, held / SAMPLE_RATE)
    audible = np.flatnonzero(volume > 10 ** (-_SILENCE / 200))
    if not len(audible):
        return Voice(np.zeros((2, 0), np.float32), zone[Generator.EXCLUSIVE])
    time, volume = time[: audible[-1] + 1], volume[: audible[-1] + 1]
    modulation = _mod_envelope(zone, time, held / SAMPLE_RATE)
    header = soundfont.tables["shdr"][zone.sample]
    mono = _read_at_pitch(zone, header, read_sample(zone.sample), key, modulation, held)
    mono = _lowpass(zone, mono, modulation[: len(mono)]) * volume[: len(mono)]
    mono = mono * 10 ** (-_ATTENUATION * zone[Generator.ATTENUATION] / 200)
    angle = (zone[Generator.PAN] / 500 + 1) * np.pi / 4  # equal power
    stereo = np.stack([mono * np.cos(angle), mono * np.sin(angle)]).astype(np.float32)
    return Voice(stereo, zone[Generator.EXCLUSIVE])


def _volume_envelope(zone: Zone, time: np.ndarray, held: float) -> np.ndarray:
    """Return the volume envelope as a gain: linear attack, decay and release linear in decibels."""
    attack, hold, decay = (zone.seconds(part) for part in (Generator.ATTACK, Generator.HOLD, Generator.DECAY))
    since_start = time - zone.seconds(Generator.DELAY)
    sustain = float(np.clip(zone[Generator.SUSTAIN], 0, 1000))
    attenuation = np.clip((since_start - attack - hold) / decay * 1000, 0, sustain)  # [centibels]
    attenuation = attenuation + np.maximum(0, time - held) / zone.seconds(Generator.RELEASE) * 1000
    return np.clip(since_start / attack, 0, 1) * 10 ** (-attenuation / 200)


def _mod_envelope(zone: Zone, time: np.ndarray, held: float) -> np.ndarray:
    """Return the modulation envelope, 0 to 1."""
    attack, hold, decay = (
        zone.seconds(part) for part in (Generator.MOD_ATTACK, Generator.MOD_HOLD, Generator.MOD_DECAY)
    )
    since_start = time - zone.seconds(Generator.MOD_DELAY)
    sustain = 1 - float(np.clip(zone[Generator.MOD_SUSTAIN], 0, 1000)) / 1000
    level = np.clip(since_start / attack, 0, 1) - np.clip((since_start - attack - hold) / decay, 0, 1 - sustain)
    return np.clip(level - np.maximum(0, time - held) / zone.seconds(Generator.MOD_RELEASE), 0, 1)


def _read_at_pitch(
    zone: Zone, header: np.void, sample: np.ndarray, key: int, modulation: np.ndarray, held: int
) -> np.ndarray:
    """Resample a sample to the pitch of a key, repeating its loop if it has one."""
    root = zone[Generator.ROOT] if 0 <= zone[Generator.ROOT] <= 127 else min(int(header["pitch"]), 127)
    tuning = 100 * zone[Generator.COARSE_TUNE] + zone[Generator.FINE_TUNE] + int(header["correction"])
    cents = (key - root) * zone[Generator.SCALE] + tuning + zone[Generator.ENV_TO_PITCH] * modulation
    rate = float(np.clip(header["rate"], *_SAMPLE_RATES))
    speed = rate / SAMPLE_RATE * 2.0 ** (np.clip(cents, -_MAX_CENTS, _MAX_CENTS) / 1200)
    start, stop = sample_range(zone, len(sample))
    position = start + np.concatenate([[0.0], np.cumsum(speed[:-1])])
    loop_start, loop_end = _loop_bounds(zone, header)
    if zone[Generator.MODE] in (1, 3) and 0 <= loop_start < loop_end <= len(sample):
        # Mode 3 loops only while the note is held.
        is_looping = np.arange(len(position)) < held if zone[Generator.MODE] == 3 else np.full(len(position), True)
        in_loop = loop_start + (position - loop_end) % (loop_end - loop_start)
        position = np.where(is_looping & (position >= loop_end), in_loop, position)
    beyond_end = np.flatnonzero(position >= stop - 1)
    return _interpolate_cubic(sample, position[: beyond_end[0]] if len(beyond_end) else position)


def _loop_bounds(zone: Zone, header: np.void) -> tuple[int, int]:
    """Return start and end of the loop, counted from the start of the sample."""
    start = int(header["loop_start"]) + zone[Generator.LOOP_START] + COARSE_FRAMES * zone[Generator.LOOP_START_COARSE]
    end = int(header["loop_end"]) + zone[Generator.LOOP_END] + COARSE_FRAMES * zone[Generator.LOOP_END_COARSE]
    # Loops of compressed samples are counted from the start already.
    offset = 0 if header["kind"] & COMPRESSED else int(header["start"])
    return start - offset, end - offset


def _interpolate_cubic(sample: np.ndarray, position: np.ndarray) -> np.ndarray:
    """Evaluate a sample at fractional positions: the cubic through the four nearest frames (Catmull and Rom)."""
    if len(sample) < 2 or not len(position):
        return np.zeros(0)
    index = position.astype(np.int64)
    fraction = position - index
    y0, y1, y2, y3 = (sample[np.clip(index + offset, 0, len(sample) - 1)] for offset in (-1, 0, 1, 2))
    cubic = 3 * (y1 - y2) + y3 - y0
    square = 2 * y0 - 5 * y1 + 4 * y2 - y3
    return y1 + 0.5 * fraction * (y2 - y0 + fraction * (square + fraction * cubic))


def _lowpass(zone: Zone, mono: np.ndarray, modulation: np.ndarray) -> np.ndarray:
    """Apply the zone's two-pole filter. Where the envelope moves the cutoff, a few fixed filters are blended."""
    cutoff, depth = zone[Generator.CUTOFF], zone[Generator.ENV_TO_CUTOFF]
    if not len(mono) or min(cutoff, cutoff + depth) >= _FILTER_OPEN or (cutoff >= _FILTER_OPEN and depth >= 0):
        return mono
    size = 1 << (len(mono) + 2048).bit_length()
    spectrum, frequency = np.fft.rfft(mono, size), np.fft.rfftfreq(size, 1 / SAMPLE_RATE)
    levels = np.linspace(0, 1, _FILTER_STEPS) if depth else np.zeros(1)
    out = np.zeros(len(mono))
    for level in levels:
        weight = np.clip(1 - np.abs(modulation - level) * (_FILTER_STEPS - 1), 0, 1) if depth else 1.0
        if np.any(weight):
            cutoff_hz = 8.176 * 2.0 ** (min(cutoff + depth * level, _FILTER_OPEN) / 1200)
            ratio = frequency / cutoff_hz
            out += weight * np.fft.irfft(spectrum / (1 - ratio**2 + 1j * np.sqrt(2) * ratio), size)[: len(mono)]
    return out


def _sample_reader(soundfont: SoundFont) -> Callable[[int], np.ndarray]:
    """Return a function from a row of ``shdr`` to its sample, -1 to 1, which reads each from the file once."""
    headers = soundfont.tables["shdr"]
    data_start, _ = soundfont.samples

    @lru_cache(maxsize=64)
    def read_sample(row: int) -> np.ndarray:
        header = headers[row]
        if header["kind"] & ROM:  # in the memory of a sound card: `list_silent` says so
            return np.zeros(0)
        start, length = int(header["start"]), int(header["end"]) - int(header["start"])
        if header["kind"] & COMPRESSED:
            return _decode_vorbis(soundfont, data_start + start, length)
        frames = min(length, MAX_SAMPLE_FRAMES)
        return np.fromfile(soundfont.path, "<i2", frames, offset=data_start + 2 * start) / 32_768

    return read_sample


def _decode_vorbis(soundfont: SoundFont, start: int, length: int) -> np.ndarray:
    try:
        import soundfile  # type: ignore[import-untyped]

        with soundfont.path.open("rb") as file:
            file.seek(start)
            data = io.BytesIO(file.read(length))
            return soundfile.read(data, MAX_SAMPLE_FRAMES, dtype="float64", always_2d=True)[0][:, 0]
    except ImportError as error:
        raise SoundError(
            f"{soundfont.path.name} is compressed, and the package soundfile, which would read it, is not installed. "
            "Run: pip install soundfile, or use an .sf2."
        ) from error
    except (OSError, RuntimeError) as error:  # soundfile's own error is a RuntimeError
        reason = getattr(error, "error_string", None) or getattr(error, "strerror", None) or type(error).__name__
        raise SoundError(
            f"{soundfont.path.name} has a compressed sample that cannot be read ({str(reason).rstrip('.')}). "
            "Download it again, or use another SoundFont."
        ) from error
