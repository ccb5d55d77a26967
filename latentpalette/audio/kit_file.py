"""Files of a kit's samples: MP3, which every browser decodes, or WAV.

Sounds with nothing above 10 kHz are encoded at half the rate, which sounds the same and takes a fifth to a half less;
the browser brings them to the rate of the others.

A decoder may put a thousand frames of silence before what was encoded, and browsers differ in whether they cut it off
again. So a file begins with a marker, a chirp, by which a browser finds its place to the frame
(`widgets/static/audio/kitfile.js`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from latentpalette.audio.events import SAMPLE_RATE
from latentpalette.audio.sound import encode, has_mp3

MARKER_START = 2048  # [frames] in the file
MARKER_FRAMES = 1024
_GAP_FRAMES = 2400  # of silence between sounds: a window of the encoder at half the rate, so that none leaks
_PEAK = 0.7  # of each sound in the file: an encoder may raise it
_HALF_BAND = (10_000, 11_000)  # [Hz] what half the rate keeps, and where nothing is left
_SILENT_ABOVE_DB = -50.0  # of a sound's power: that much above 10 kHz is masked by what is below


def marker() -> np.ndarray:
    """Return the marker: a chirp from 440 Hz to 7 kHz with a smooth beginning and end."""
    time = np.arange(MARKER_FRAMES) / MARKER_FRAMES
    cycles = 10 * time + 75 * time**2
    return (0.5 * np.sin(np.pi * time) ** 2 * np.sin(2 * np.pi * cycles)).astype(np.float32)


def is_dark(sound: np.ndarray) -> bool:
    """Return True if a sound [shape=(n,)] has next to nothing above 10 kHz.

    Examples
    --------
    >>> seconds = np.arange(SAMPLE_RATE) / SAMPLE_RATE
    >>> is_dark(np.sin(2 * np.pi * 440 * seconds)), is_dark(np.sin(2 * np.pi * 12_000 * seconds))
    (True, False)
    """
    power = np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) ** 2
    above = power[int(_HALF_BAND[0] * len(sound) / SAMPLE_RATE) :].sum()
    return bool(above <= power.sum() * 10 ** (_SILENT_ABOVE_DB / 10))


def encode_sounds(
    sounds: Sequence[np.ndarray], *, compression: float | None, half_rate: bool = False
) -> tuple[bytes, list[int], list[float]]:
    """Encode sounds as one file.

    Parameters
    ----------
    sounds : sequence of ndarray [shape=(n,)]
    compression : float [0 to 1], optional
        Of the MP3: 0 is the best, 1 the smallest. None is a WAV, as everything is where no MP3 can be made.
    half_rate : bool
        Make an MP3 of half the rate.

    Returns
    -------
    data : bytes
    starts : list of int [frames]
        Where each sound begins in the file, once it is at the full rate.
    gains : list of float
        Each sound has the same peak in the file; its gain restores its level.
    """
    starts, chunks, gains = [], [np.zeros(MARKER_START, np.float32), marker()], []
    frames = MARKER_START + MARKER_FRAMES
    for sound in sounds:
        peak = float(np.abs(sound).max(initial=0.0)) / _PEAK
        gains.append(float(f"{peak:.5g}"))
        starts.append(frames + _GAP_FRAMES)
        chunks += [np.zeros(_GAP_FRAMES, np.float32), (sound / (peak or 1.0)).astype(np.float32)]
        frames += _GAP_FRAMES + len(sound)
    samples = np.concatenate([*chunks, np.zeros(_GAP_FRAMES + frames % 2, np.float32)])
    if compression is None or not has_mp3():
        return encode(samples[None], SAMPLE_RATE, "WAV"), starts, gains
    samples, rate = (_halve(samples), SAMPLE_RATE // 2) if half_rate else (samples, SAMPLE_RATE)
    return encode(samples[None], rate, "MP3", compression=compression, keep_level=True), starts, gains


def _halve(samples: np.ndarray) -> np.ndarray:
    """Return an even number of samples at half the rate; they begin and end with silence."""
    spectrum = np.fft.rfft(samples.astype(np.float64))[: len(samples) // 4 + 1]
    frequency = np.arange(len(spectrum)) * SAMPLE_RATE / len(samples)
    low, high = _HALF_BAND
    spectrum *= np.cos(np.clip((frequency - low) / (high - low), 0, 1) * np.pi / 2) ** 2
    return (np.fft.irfft(spectrum, len(samples) // 2) / 2).astype(np.float32)
