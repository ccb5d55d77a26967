"""Write danceability.json: what Essentia says of signals that a test can make itself.

``python -m tests.vectors.danceability`` writes it, in an environment that has Essentia (2.1b6.dev1389) and NumPy; the
package itself is not needed. tests/audio/test_danceability.py holds our own estimate to it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FILE = Path(__file__).parent / "danceability.json"
RATE = 44_100

Signal = NDArray[np.float32]


def seconds(length: float, rate: int = RATE) -> NDArray[np.float64]:
    return np.arange(round(length * rate)) / rate


def noise(length: float, rate: int = RATE, seed: int = 0) -> NDArray[np.float64]:
    return np.random.default_rng(seed).random(round(length * rate)) - 0.5


def clicks(length: float, interval: float, decay: float = 0.05, rate: int = RATE) -> NDArray[np.float64]:
    """Bursts of noise that decay, one in each interval [seconds]."""
    return noise(length, rate) * np.exp(-(seconds(length, rate) % interval) / decay)


def off_beats(length: float) -> NDArray[np.float64]:
    """Clicks at times that come from a seed."""
    out = np.zeros(round(length * RATE))
    for start in np.sort(np.random.default_rng(3).random(round(3 * length))):
        at = int(start * (len(out) - RATE))
        out[at : at + RATE // 5] += clicks(0.2, 1.0)
    return out


def sweep(length: float) -> NDArray[np.float64]:
    """A sine from 50 Hz to 8 kHz, whose strength swells slowly."""
    time = seconds(length)
    phase = 2 * np.pi * 50 * length / np.log(160) * (160 ** (time / length) - 1)
    return np.sin(phase) * (0.6 + 0.4 * np.sin(2 * np.pi * time / 7))


SIGNALS: dict[str, tuple[int, Callable[[], NDArray[np.float64]]]] = {
    "noise, 30 s": (RATE, lambda: noise(30)),
    "noise, 5 s": (RATE, lambda: noise(5, seed=1)),
    "noise, 1 s": (RATE, lambda: noise(1, seed=2)),
    "noise, 0.4 s": (RATE, lambda: noise(0.4, seed=3)),
    "clicks, 120 a minute": (RATE, lambda: clicks(30, 0.5)),
    "clicks, 174 a minute": (RATE, lambda: clicks(30, 60 / 174)),
    "clicks, 60 a minute, at 48 kHz": (48_000, lambda: clicks(20, 1.0, rate=48_000)),
    "clicks, 90 a minute, at 22.05 kHz": (22_050, lambda: clicks(20, 2 / 3, rate=22_050)),
    "clicks off the beat": (RATE, lambda: off_beats(30)),
    "a sweep that swells": (RATE, lambda: sweep(30)),
    "clicks that come and go": (RATE, lambda: clicks(40, 0.5) * (0.1 + (seconds(40) % 16 < 8))),
    "clicks that fade": (RATE, lambda: clicks(30, 0.45) * np.exp(-seconds(30) / 8)),
    "silence": (RATE, lambda: np.zeros(RATE * 5)),
}


def make(name: str) -> tuple[int, Signal]:
    """Return the rate and the samples of a signal."""
    rate, signal = SIGNALS[name]
    return rate, signal().astype(np.float32)


def main() -> None:
    import essentia
    from essentia.standard import Danceability

    values = {}
    for name in SIGNALS:
        rate, samples = make(name)
        values[name] = float(Danceability(sampleRate=rate)(samples)[0])
    about = f"essentia {essentia.__version__}, essentia.standard.Danceability; float32, so good to 4 digits"
    FILE.write_text(json.dumps({"origin": about, "danceability": values}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
