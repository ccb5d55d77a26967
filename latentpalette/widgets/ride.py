"""The ride of a slider that moves by itself, to and fro; static/state/ride.js has the same."""

from __future__ import annotations

import math

from latentpalette.music.sequence import STEPS_PER_BAR

_STEPS_PER_BEAT = 4


def turn_steps(launch_quantization: str, steps: int) -> int:
    """Return how long a turn of a ride lasts [steps]: a beat, or as long as changes wait for."""
    return {"loop": steps, "bar": STEPS_PER_BAR}.get(launch_quantization, _STEPS_PER_BEAT)


def ride_places(bars: int, turn: int) -> list[float]:
    """Return where the turns of one lap lie, from A (0) to B (1) and back again.

    Parameters
    ----------
    bars : int
        From A to B.
    turn : int
        Length of a turn [steps].

    Examples
    --------
    >>> ride_places(1, 8)
    [0.0, 0.5, 1.0, 0.5]
    """
    one_way = max(1, math.floor(bars * STEPS_PER_BAR / turn + 0.5))
    there = [number / one_way for number in range(one_way + 1)]
    return [*there, *reversed(there[1:-1])]
