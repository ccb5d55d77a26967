"""Clips: the music of a place in latent space as a browser reads it: notes of streams, eight bytes each.

The browser's side is static/state/clip.js and clipbytes.js; tests/vectors/palette.json holds both to one another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentpalette.errors import PaletteError
from latentpalette.validation import check_integer, check_list, check_number, short_repr

NOTE = np.dtype(
    [
        ("step", "<u2"),
        ("length", "<u2"),
        ("pitch", "u1"),
        ("velocity", "u1"),
        ("offset", "i1"),  # in units of 1 / OFFSET_SCALE of a step
        ("stream", "u1"),
    ]
)
OFFSET_SCALE = 254  # half a step is 127
MAX_STEPS = 4096  # of a clip
MAX_NOTES = 20_000  # of a clip
_RANGES = {"pitch": (0, 127), "length": (1, MAX_STEPS), "velocity": (1, 127), "stream": (0, 255)}
_ENTRY = np.dtype([("steps", "<u4"), ("notes", "<u4")])  # of the table that precedes the notes of many clips

Notes = NDArray[np.void]


@dataclass(frozen=True, eq=False)
class Clip:
    """The music of a place in latent space.

    Parameters
    ----------
    notes : ndarray of `NOTE` [shape=(n,)]
        In order of step, stream and pitch.
    steps : int
        Length [sixteenths].

    Examples
    --------
    >>> clip = Clip.from_json({"steps": 32, "notes": [[4, 38, 1, 100, 0.5, 0], [0, 36, 1, 90, 0, 0]]})
    >>> clip.notes["pitch"].tolist(), clip == Clip.from_json(clip.to_json())
    ([36, 38], True)
    """

    notes: Notes
    steps: int

    @classmethod
    def of(cls, notes: Iterable[tuple[int, int, int, int, float, int]], steps: int) -> Clip:
        """Make a clip of notes (step, pitch, length, velocity, offset, stream) in any order."""
        rows = [
            (step, length, pitch, velocity, round(offset * OFFSET_SCALE), stream)
            for step, pitch, length, velocity, offset, stream in notes
        ]
        return cls(sort_notes(np.array(rows, NOTE)), steps)

    @classmethod
    def from_json(cls, value: Any, name: str = "A clip", *, error: type[PaletteError] = PaletteError) -> Clip:
        """Read a clip that a browser or a file has; each value is checked.

        Raises
        ------
        PaletteError
            If it is no clip; the message says what is wrong in it.
        """
        if not isinstance(value, dict) or set(value) != {"steps", "notes"}:
            raise error(f"{name} is steps and notes; got {short_repr(value)}.")
        steps = check_integer(value["steps"], f"The length of {name}", 1, MAX_STEPS, error=error)
        notes = check_list(value["notes"], f"The notes of {name}", 0, MAX_NOTES, of="notes", error=error)
        read = _read_plain(notes, steps)
        if read is None:  # something is unusual or wrong: it is named
            return cls.of([_check_note(note, name, steps, error) for note in notes], steps)
        return cls(sort_notes(read), steps)

    def to_json(self) -> dict[str, Any]:
        """Return steps, and notes as [step, pitch, length, velocity, offset, stream]."""
        columns = [self.notes[name].tolist() for name in ("step", "pitch", "length", "velocity", "stream")]
        offsets = np.round(self.notes["offset"] / OFFSET_SCALE, 4).tolist()
        rows = zip(*columns, offsets, strict=True)
        return {
            "steps": self.steps,
            "notes": [
                [step, pitch, length, velocity, offset or 0, stream]
                for step, pitch, length, velocity, stream, offset in rows
            ],
        }

    @property
    def _identity(self) -> tuple[int, bytes]:
        return self.steps, self.notes.tobytes()

    def __eq__(self, other: object) -> bool:
        return self._identity == other._identity if isinstance(other, Clip) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._identity)

    def __repr__(self) -> str:
        return f"Clip({len(self.notes)} notes, {self.steps} steps)"


def sort_notes(notes: Notes) -> Notes:
    """Return notes in order of step, stream and pitch."""
    return notes[np.lexsort((notes["pitch"], notes["stream"], notes["step"]))]


def encode_clips(clips: Sequence[Clip | None]) -> bytes:
    """Encode clips for the browser; None is one that is not decoded yet.

    Returns
    -------
    bytes
        The number of clips (32 bits, little endian), 4 bytes of zero, for each clip its steps (0 for None) and its
        number of notes (32 bits each), then all notes, 8 bytes each, see `NOTE`.

    Examples
    --------
    >>> clip = Clip.of([(0, 36, 1, 90, 0, 0)], 16)
    >>> len(encode_clips([clip, None])), decode_clips(encode_clips([clip, None]))
    (32, [Clip(1 notes, 16 steps), None])
    """
    table = np.array([(0, 0) if clip is None else (clip.steps, len(clip.notes)) for clip in clips], _ENTRY)
    notes = [clip.notes.tobytes() for clip in clips if clip is not None]
    return b"".join([np.array([len(clips), 0], "<u4").tobytes(), table.tobytes(), *notes])


def decode_clips(data: bytes, name: str = "The clips") -> list[Clip | None]:
    """Read clips as `encode_clips` writes them.

    Raises
    ------
    PaletteError
        If they are cut short, or a note is out of range.
    """
    count = int(np.frombuffer(data, "<u4", 1)[0]) if len(data) >= 8 else -1
    start = 8 + count * _ENTRY.itemsize
    if count < 0 or start > len(data):
        raise PaletteError(f"{name} are cut short.")
    table = np.frombuffer(data, _ENTRY, count, 8)
    totals = np.concatenate([[0], np.cumsum(table["notes"], dtype=np.int64)])
    if len(data) != start + int(totals[-1]) * NOTE.itemsize:
        raise PaletteError(f"{name} have {len(data):,} bytes, which their table does not fit.")
    notes = np.frombuffer(data, NOTE, int(totals[-1]), start)
    steps = np.repeat(table["steps"].astype(np.int64), table["notes"])
    is_right = (
        (notes["step"] < steps)
        & (notes["length"] > 0)
        & (notes["pitch"] < 128)
        & (notes["velocity"] > 0)
        & (notes["velocity"] < 128)
        & (notes["offset"] >= -127)
    )
    if not is_right.all() or (table["steps"] > MAX_STEPS).any():
        raise PaletteError(f"{name} have notes that are out of range.")
    return [
        Clip(notes[first:last], length) if length else None
        for first, last, length in zip(totals[:-1], totals[1:], table["steps"].tolist(), strict=True)
    ]


def _read_plain(notes: list[Any], steps: int) -> Notes | None:
    """Read notes column by column, ten times as fast as one by one; None unless all are lists of numbers in range."""
    if not all(type(note) is list and len(note) == 6 for note in notes):
        return None
    read = np.zeros(len(notes), NOTE)
    names = ("step", "pitch", "length", "velocity", "offset", "stream")
    columns = dict(zip(names, zip(*notes, strict=True), strict=False))  # no columns where there are no notes
    offsets = columns.pop("offset", ())
    if not {type(offset) for offset in offsets} <= {int, float}:
        return None
    for name, column in columns.items():
        low, high = _RANGES.get(name, (0, steps - 1))
        if set(map(type, column)) != {int} or min(column) < low or max(column) > high:
            return None
        read[name] = column
    if not all(-0.5 <= offset <= 0.5 for offset in offsets):
        return None
    read["offset"] = np.round(np.array(offsets, float) * OFFSET_SCALE)
    return read


def _check_note(value: Any, name: str, steps: int, error: type[PaletteError]) -> tuple[int, int, int, int, float, int]:
    note = check_list(value, f"A note of {name}", 6, of="step, pitch, length, velocity, offset, stream", error=error)
    step, pitch, length, velocity, stream = (
        check_integer(number, f"The {what} of a note of {name}", low, high, error=error)
        for number, what, low, high in (
            (note[0], "step", 0, steps - 1),
            (note[1], "pitch", *_RANGES["pitch"]),
            (note[2], "length", *_RANGES["length"]),
            (note[3], "velocity", *_RANGES["velocity"]),
            (note[5], "stream", *_RANGES["stream"]),
        )
    )
    offset = check_number(note[4], f"The offset of a note of {name}", -0.5, 0.5, error=error)
    return step, pitch, length, velocity, offset, stream
