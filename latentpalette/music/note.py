"""A note on a grid of sixteenths."""

from __future__ import annotations

from dataclasses import dataclass

from latentpalette.errors import MusicError
from latentpalette.validation import check_flag, check_integer, check_number

MAX_STEPS = 10_000_000  # of a sequence


@dataclass(frozen=True, order=True, slots=True)
class Note:
    """A note on a grid of sixteenths.

    Parameters
    ----------
    pitch : int [0 to 127]
        MIDI pitch; 60 is middle C. For drums the General MIDI drum number.
    step : int >= 0
        Position on the grid, in sixteenths.
    length : int >= 1 [steps]
    velocity : int [1 to 127]
    offset : float [-0.5 to 0.5, fractions of a step]
        Microtiming: how much later than its step it starts; early is negative.
    is_drum : bool
    program : int [0 to 127]
        General MIDI program, counted from 0; for drums that of the kit.

    Raises
    ------
    MusicError
        If a value is of the wrong type, or out of range; the message names it. NumPy's numbers are taken.

    Examples
    --------
    >>> Note(36, 0, is_drum=True)
    Note(pitch=36, step=0, length=1, velocity=80, offset=0.0, is_drum=True, program=0)
    """

    pitch: int
    step: int
    length: int = 1
    velocity: int = 80
    offset: float = 0.0
    is_drum: bool = False
    program: int = 0

    def __post_init__(self) -> None:
        is_plain = (  # no call for what every decoded note is: a thousand loops have 30,000 notes
            type(self.pitch) is type(self.step) is type(self.length) is type(self.velocity) is type(self.program) is int
            and (type(self.offset), type(self.is_drum)) == (float, bool)
            and 0 <= self.pitch <= 127
            and 0 <= self.step < MAX_STEPS
            and 1 <= self.length <= MAX_STEPS
            and 1 <= self.velocity <= 127
            and -0.5 <= self.offset <= 0.5
            and 0 <= self.program <= 127
        )
        if not is_plain:
            self._check()

    def _check(self) -> None:
        """Convert NumPy's numbers to Python's; raise `MusicError` for what is no number, or out of range."""
        for name, low, high in _LIMITS:
            value = check_integer(getattr(self, name), f"A note's {name}", low, high, error=MusicError)
            object.__setattr__(self, name, value)
        offset = check_number(self.offset, "A note's offset", -0.5, 0.5, error=MusicError)
        object.__setattr__(self, "offset", offset)
        object.__setattr__(self, "is_drum", check_flag(self.is_drum, "A note's is_drum", error=MusicError))


_LIMITS = (
    ("pitch", 0, 127),
    ("step", 0, MAX_STEPS - 1),
    ("length", 1, MAX_STEPS),
    ("velocity", 1, 127),
    ("program", 0, 127),
)
