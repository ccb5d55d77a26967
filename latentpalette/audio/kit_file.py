"""Files of a kit's samples: MP3, which every browser decodes, or WAV.

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
_GAP_FRAMES = 1200  # of silence between sounds: a window of the encoder, so that none leaks into the next
_PEAK = 0.7  # of each sound in the file: an encoder may raise it


def marker() -> np.ndarray:
    """Return the marker: a chirp from 440 Hz to 7 kHz with a smooth beginning and end."""
    time = np.arange(MARKER_FRAMES) / MARKER_FRAMES
    cycles = 10 * time + 75 * time**2
    return (0.5 * np.sin(np.pi * time) ** 2 * np.sin(2 * np.pi * cycles)).astype(np.float32)


def encode_sounds(
    sounds: Sequence[np.ndarray], *, max_bytes: int, compression: float, compressed: bool
) -> tuple[bytes, list[int], list[float]]:
    """Encode sounds as one file.

    Parameters
    ----------
    sounds : sequence of ndarray [shape=(n,)]
    max_bytes : int
        An MP3 that is larger is compressed more.
    compression : float [0 to 1]
        Of the MP3: 0 is the best, 1 the smallest.
    compressed : bool
        MP3, where it can be made here; else WAV.

    Returns
    -------
    data : bytes
    starts : list of int [frames]
        Where each sound begins in the file.
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
    samples = np.concatenate([*chunks, np.zeros(_GAP_FRAMES, np.float32)])[None]
    if not (compressed and has_mp3()):
        return encode(samples, SAMPLE_RATE, "WAV"), starts, gains
    data = encode(samples, SAMPLE_RATE, "MP3", compression=compression, keep_level=True)
    while len(data) > max_bytes and compression < 0.9:
        compression += 0.1
        data = encode(samples, SAMPLE_RATE, "MP3", compression=compression, keep_level=True)
    return data, starts, gains
