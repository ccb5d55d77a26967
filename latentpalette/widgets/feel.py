"""The amounts of a drummer's timing and velocities that are played, and swing.

The browser does the same in static/state/feel.js; tests/vectors/feel.json holds both to it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from latentpalette.widgets.clips import MAX_STEPS, OFFSET_SCALE, Clip

SWING_UNITS = {"sixteenths": 1, "eighths": 2}  # [steps] between a beat that stays and the one that is delayed
_MAX_DELAY = 0.5  # of that unit: a dotted rhythm; two thirds of it are a triplet's

Hit = tuple[int, float, int]  # step, offset, velocity


@dataclass(frozen=True)
class Feel:
    """The amounts of a drummer's timing and velocities that are played, and swing.

    Parameters
    ----------
    timing, velocity : float [0 to 2]
        0 is as written, 1 as the drummer plays, 2 twice as far from what is written.
    swing : float [0 to 1]
        How late every second sixteenth or eighth is: 2/3 is a triplet, 1 dotted.
    swing_of : {"sixteenths", "eighths"}

    Examples
    --------
    >>> written = Clip.of([(0, 36, 1, 80, 0.0, 0), (1, 42, 1, 80, 0.0, 0)], 16)
    >>> played = Clip.of([(0, 36, 1, 100, 0.0, 0), (1, 42, 1, 60, 0.25, 0)], 16)
    >>> Feel(timing=0, velocity=0.5, swing=1).hits(written, played)
    [(0, 0.0, 90), (1, 0.5, 70)]
    """

    timing: float = 1.0
    velocity: float = 1.0
    swing: float = 0.0
    swing_of: str = "sixteenths"

    def hits(self, written: Clip, played: Clip) -> list[Hit]:
        """Return step, offset and velocity of each written hit, in the order of the written ones."""
        by_place = {
            (int(note["step"]), int(note["pitch"])): (int(note["velocity"]), int(note["offset"]) / OFFSET_SCALE)
            for note in played.notes
        }
        hits = []
        for note in written.notes:
            step, velocity, offset = int(note["step"]), int(note["velocity"]), int(note["offset"]) / OFFSET_SCALE
            hit, late = by_place.get((step, int(note["pitch"])), (velocity, offset))
            loud = math.floor(velocity + self.velocity * (hit - velocity) + 0.5)
            shifted = min(max(offset + self.timing * (late - offset), -0.5), 0.5)
            hits.append((*self.place(step, shifted, written.steps), min(max(loud, 1), 127)))
        return hits

    def place(self, step: int, offset: float = 0.0, steps: int = MAX_STEPS) -> tuple[int, float]:
        """Return step and offset with swing, in music of a length [steps].

        Between the beats that stay, time is stretched and squeezed: what is a little early or late stays so. A hit
        stays in its step for as long as it is within half a step of it.
        """
        position = step + offset
        unit = SWING_UNITS[self.swing_of]
        delay = self.swing * _MAX_DELAY * unit
        pair, inside = divmod(position, 2 * unit)
        if inside < unit:
            swung = inside * (unit + delay) / unit
        else:
            swung = unit + delay + (inside - unit) * (unit - delay) / unit
        place = 2 * unit * pair + swung
        if abs(place - step) > 0.5:
            step = min(max(math.floor(place + 0.5), 0), steps - 1)
        return step, min(max(place - step, -0.5), 0.5)

    def apply(self, written: Clip, played: Clip) -> Clip:
        """Return the clip that is played."""
        hits = self.hits(written, played)
        rows = zip(hits, written.notes, strict=True)
        notes = [
            (step, int(note["pitch"]), int(note["length"]), velocity, offset, int(note["stream"]))
            for (step, offset, velocity), note in rows
        ]
        return Clip.of(notes, written.steps)
