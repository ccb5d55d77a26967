"""Measurement of loudness and true peak.

Source: Recommendation ITU-R BS.1770-4 (2015): annex 1 for loudness, annex 2 for the true peak.
"""

from __future__ import annotations

import numpy as np

_OFFSET = -0.691  # [dB] by which a sine of 997 Hz at full scale on one channel has -3.01 LUFS
_BLOCK_SECONDS = 0.4
_OVERLAP = 4  # blocks that contain a moment
_ABSOLUTE_GATE = -70.0  # [LUFS]
_RELATIVE_GATE = -10.0  # [LU]

_SETTLING_SECONDS = 0.08  # the impulse response of the K-weighting has decayed by 150 dB

_OVERSAMPLING = 4
_SINC_FRAMES = 24  # on each side of the interpolated peak


def integrated_loudness(samples: np.ndarray, rate: int, *, gain: float = 1.0) -> float:
    """Return the integrated loudness of a sound.

    Parameters
    ----------
    samples : ndarray [shape=(channels, n)]
        One or two channels. Full scale is -1 to 1.
    rate : int [frames per second]
    gain : float
        Measure the sound times this.

    Returns
    -------
    float [LUFS]
        Silence has ``-inf``. A sound shorter than a gating block of 0.4 s is measured with silence after it.

    Examples
    --------
    >>> sine = np.sin(2 * np.pi * 997 * np.arange(48_000) / 48_000)
    >>> round(integrated_loudness(sine[None], 48_000), 2)
    -3.01
    """
    hop = round(_BLOCK_SECONDS * rate) // _OVERLAP
    energy = _hop_energies(samples, rate, hop) * gain**2
    if len(energy) < _OVERLAP:
        energy = np.pad(energy, (0, _OVERLAP - len(energy)))
    power = np.convolve(energy, np.ones(_OVERLAP), "valid") / (_OVERLAP * hop)
    for gate in (_ABSOLUTE_GATE, _RELATIVE_GATE):
        threshold = gate if gate == _ABSOLUTE_GATE else _lufs(power.mean()) + gate
        power = power[_lufs(power) > threshold]
        if not len(power):
            return -np.inf
    return float(_lufs(power.mean()))


def true_peak(samples: np.ndarray) -> float:
    """Return the true peak of a sound: the largest level of the continuous signal that its samples stand for.

    Parameters
    ----------
    samples : ndarray [shape=(channels, n)]

    Returns
    -------
    float [dBTP]
        Of the loudest channel, at four times the rate; silence has ``-inf``.

    Examples
    --------
    >>> between = np.sin(np.pi / 4 + np.pi / 2 * np.arange(1000)) * np.hanning(1000)  # samples miss the crests by 3 dB
    >>> abs(true_peak(between[None])) < 0.05
    True
    """
    kernel = _interpolation_kernel()
    peak = float(np.abs(samples).max(initial=0.0))
    for channel in samples:
        padded = np.pad(channel.astype(np.float64), _SINC_FRAMES)
        # Between two samples the signal cannot rise far above them: only the neighborhood of high ones is interpolated.
        near = np.flatnonzero(np.abs(channel) > 0.5 * peak)
        for start in range(0, len(near), 1 << 16):
            rows = near[start : start + (1 << 16), None] + np.arange(2 * _SINC_FRAMES + 1)
            peak = max(peak, float(np.abs(padded[rows] @ kernel).max()))
    return float(20 * np.log10(peak)) if peak else -np.inf


def _lufs(power: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore"):
        return _OFFSET + 10 * np.log10(power)


def _hop_energies(samples: np.ndarray, rate: int, hop: int) -> np.ndarray:
    """Return the energy of the K-weighted signal, summed over channels, in each hop of 0.1 s.

    A last one that is not whole is left out if there are enough others.
    """
    frames = samples.shape[1]
    settling = round(_SETTLING_SECONDS * rate)
    size = 1 << (4 * hop + settling).bit_length()  # small enough for the processor's cache
    piece = (size - settling) // hop * hop
    response = _k_weighting(np.fft.rfftfreq(size), rate)
    energy = []
    for start in range(0, frames, piece):  # overlap and save
        first = max(0, start - settling)
        spectrum = np.fft.rfft(samples[:, first : start + piece], size) * response
        weighted = np.fft.irfft(spectrum, size)[:, start - first :][:, : min(piece, frames - start)]
        squares = np.einsum("cn,cn->n", weighted, weighted)
        energy.append(np.add.reduceat(squares, np.arange(0, len(squares), hop)))
    whole = frames // hop if frames >= _OVERLAP * hop else -(-frames // hop)
    return np.concatenate([*energy, np.zeros(0)])[:whole]


def _k_weighting(frequency: np.ndarray, rate: int) -> np.ndarray:
    """Return the response of the K-weighting at frequencies [cycles per frame]: a high shelf, then a high-pass.

    The recommendation lists coefficients for 48 kHz. For other rates, these are the analogue filters that they stand
    for, transformed again (as libebur128 does).
    """
    z = np.exp(-2j * np.pi * frequency)
    # High shelf: the head.
    k, q = np.tan(np.pi * 1681.974450955533 / rate), 0.7071752369554196
    high = 10 ** (3.999843853973347 / 20)
    band = high**0.4996667741545416
    shelf = (high + band * k / q + k * k) + 2 * (k * k - high) * z + (high - band * k / q + k * k) * z**2
    response = shelf / ((1 + k / q + k * k) + 2 * (k * k - 1) * z + (1 - k / q + k * k) * z**2)
    # High-pass: the ear at low frequencies.
    k, q = np.tan(np.pi * 38.13547087602444 / rate), 0.5003270373238773
    high_pass = (1 - z) ** 2 * (1 + k / q + k * k)
    return response * high_pass / ((1 + k / q + k * k) + 2 * (k * k - 1) * z + (1 - k / q + k * k) * z**2)


def _interpolation_kernel() -> np.ndarray:
    """Return windowed sincs [2 * _SINC_FRAMES + 1, _OVERSAMPLING - 1] that evaluate a signal between two frames."""
    time = np.arange(-_SINC_FRAMES, _SINC_FRAMES + 1)[:, None] - np.arange(1, _OVERSAMPLING) / _OVERSAMPLING
    window = np.cos(np.pi * time / (2 * _SINC_FRAMES + 2)) ** 2
    return np.sinc(time) * window
