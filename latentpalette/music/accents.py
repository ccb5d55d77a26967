"""Accents: velocities for drum patterns that have none, by the position in the bar.

The drum models predict which drums are hit, not how hard. These velocities stress the beats, alternate the hi-hat
between its eighths and play the snare's in-between hits as ghost notes.
"""

from __future__ import annotations

from latentpalette.music.sequence import STEPS_PER_BAR

# Velocities within a quarter note, in sixteenths: on the beat, e, and, a.
_KICK = (112, 84, 98, 88)
_SNARE = (108, 52, 82, 58)
_HAT = (96, 58, 80, 62)
_OPEN_HAT = (98, 78, 92, 80)
_TOM = (104, 86, 96, 90)
_CRASH = (112, 96, 104, 98)
_RIDE = (98, 64, 84, 68)

# Added on the four beats of a bar: 1 and 3 are stressed; on the snare, 2 and 4.
_BEAT_STRESS = (8, 0, 4, 0)
_BACKBEAT_STRESS = (0, 8, 0, 8)


def _bar(quarter: tuple[int, int, int, int], stress: tuple[int, int, int, int]) -> tuple[int, ...]:
    return tuple(
        min(quarter[step % 4] + (stress[step // 4] if step % 4 == 0 else 0), 127) for step in range(STEPS_PER_BAR)
    )


ACCENTS: tuple[tuple[int, ...], ...] = (
    _bar(_KICK, _BEAT_STRESS),
    _bar(_SNARE, _BACKBEAT_STRESS),
    _bar(_HAT, _BEAT_STRESS),
    _bar(_OPEN_HAT, _BEAT_STRESS),
    _bar(_TOM, _BEAT_STRESS),
    _bar(_TOM, _BEAT_STRESS),
    _bar(_TOM, _BEAT_STRESS),
    _bar(_CRASH, _BEAT_STRESS),
    _bar(_RIDE, _BEAT_STRESS),
)
"""Velocity [9 drums][16 steps of a bar], 1 to 127; drums as in `latentpalette.music.drums.DRUM_NAMES`."""
