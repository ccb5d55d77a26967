"""Tempos as MIDI files hold them: whole microseconds to a quarter note."""

from __future__ import annotations

import functools

_MICROSECONDS_PER_MINUTE = 60_000_000
_MAX_DECIMALS = 3  # of the tempos that people type
_MAX_ROUNDING = 1e-4  # [microseconds] of a tempo that was computed from whole ones


def to_microseconds(qpm: float) -> int:
    """Return a tempo [quarter notes per minute] in microseconds to a quarter note.

    It is the nearest number, or the one beside it that `nominal_qpm` gives the same tempo for.

    Examples
    --------
    >>> to_microseconds(97)
    618557
    """
    nearest = round(_MICROSECONDS_PER_MINUTE / qpm)
    candidates = (nearest, nearest + 1, nearest - 1)
    return next((n for n in candidates if n and nominal_qpm(_MICROSECONDS_PER_MINUTE / n) == qpm), nearest)


@functools.lru_cache(maxsize=4096)
def nominal_qpm(qpm: float) -> float:
    """Return the tempo that was meant by one read from a file: the shortest number with the same microseconds.

    Programs round the microseconds, or cut off their fraction. A tempo that is not of whole microseconds, and one that
    no number of up to three decimals gives, stay as they are.

    Examples
    --------
    >>> nominal_qpm(60_000_000 / 618557), nominal_qpm(60_000_000 / 618556), nominal_qpm(60_000_000 / 500123)
    (97.0, 97.0, 119.970487260134)
    """
    exact = _MICROSECONDS_PER_MINUTE / qpm
    microseconds = round(exact)
    if abs(exact - microseconds) > _MAX_ROUNDING:
        return qpm
    for decimals in range(_MAX_DECIMALS + 1):
        shorter = round(qpm, decimals)
        if shorter and microseconds in (
            round(_MICROSECONDS_PER_MINUTE / shorter),
            int(_MICROSECONDS_PER_MINUTE / shorter),
        ):
            return shorter
    return qpm
