"""Loops in recorded sounds: where a held sound can repeat so that nobody hears it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from latentpalette.audio.events import SAMPLE_RATE

_ATTACK_SECONDS = 0.3  # no loop begins before
_MIN_LOOP_SECONDS = 0.3  # a shorter one is heard as a buzz, where a sound is alive
_ENDS_SECONDS = (0.9, 1.0, 1.1, 1.2, 1.3)  # where loops may end, the cheapest first
_GOOD_MATCH = 0.98
_MATCH_PERIODS = 4  # of the fundamental that have to be alike where a loop joins
_MATCH_SECONDS = (0.03, 0.12)
MIN_SECONDS = _ENDS_SECONDS[-1]  # of a sound that is to be looped


@dataclass(frozen=True)
class Loop:
    """A loop in a sound.

    Parameters
    ----------
    start, stop : int [frames]
        What would come at `stop` is what comes at `start`.
    match : float [-1 to 1]
        How much alike the sound is before both.
    fade : int [frames]
        Before `stop`, of the cross-fade that joins them.
    """

    start: int
    stop: int
    match: float
    fade: int


def find_loop(samples: np.ndarray, frequency: float) -> Loop:
    """Find the loop whose two ends are most alike.

    Parameters
    ----------
    samples : ndarray [shape=(n,)]
        At least 1.3 s of a sound, from its onset.
    frequency : float [Hz]
        Of its fundamental.

    Examples
    --------
    >>> sine = np.sin(2 * np.pi * 441 * np.arange(60_000) / SAMPLE_RATE)
    >>> loop = find_loop(sine, 441)
    >>> (loop.stop - loop.start) % 100, round(loop.match, 3)  # whole periods
    (0, 1.0)
    """
    low, high = _MATCH_SECONDS
    fade = round(min(max(_MATCH_PERIODS / frequency, low), high) * SAMPLE_RATE)
    best = None
    for seconds in _ENDS_SECONDS:
        loop = _best_start(samples, round(seconds * SAMPLE_RATE), fade)
        if best is None or loop.match > best.match:
            best = loop
        if best.match > _GOOD_MATCH:
            break
    assert best is not None
    return best


def _best_start(samples: np.ndarray, stop: int, fade: int) -> Loop:
    """Compare what is before `stop` with what is before every possible start; normalized correlation."""
    first = max(round(_ATTACK_SECONDS * SAMPLE_RATE), fade)
    last = stop - round(_MIN_LOOP_SECONDS * SAMPLE_RATE)
    template = samples[stop - fade : stop].astype(np.float64)
    region = samples[first - fade : last].astype(np.float64)
    size = 1 << (len(region) + fade).bit_length()
    spectrum = np.fft.rfft(region, size) * np.conj(np.fft.rfft(template, size))
    products = np.fft.irfft(spectrum, size)[: last - first + 1]
    energy = np.cumsum(np.pad(region**2, (1, 0)))
    energies = energy[fade:] - energy[:-fade]
    match = products / np.sqrt(np.maximum(energies * np.sum(template**2), 1e-30))
    at = int(np.argmax(match))
    return Loop(first + at, stop, float(match[at]), fade)


def join_loop(samples: np.ndarray, loop: Loop, decay: float) -> np.ndarray:
    """Return the samples up to the end of a loop, which flow into `decay` times those at its start.

    A cross-fade of constant power: sounds that are alike add up in amplitude, others in power.
    """
    joined = samples[: loop.stop].astype(np.float64)
    fade_in = np.linspace(0, 1, loop.fade, endpoint=False)
    fade_out = 1 - fade_in
    alike = max(loop.match, 0.0)
    power = fade_in**2 + fade_out**2 + 2 * alike * fade_in * fade_out
    before_start = decay * samples[loop.start - loop.fade : loop.start]
    before_stop = joined[loop.stop - loop.fade :]
    joined[loop.stop - loop.fade :] = (fade_out * before_stop + fade_in * before_start) / np.sqrt(power)
    return joined
