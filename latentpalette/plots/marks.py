"""A sequence as marks on a roll: where each note lies, how strong it is, and what there is to say about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from latentpalette.music.drums import drum_name
from latentpalette.music.sequence import STEPS_PER_BAR, STEPS_PER_QUARTER, Note, NoteSequence
from latentpalette.plots.colors import part_colour
from latentpalette.plots.layout import Rows, note_name

_STROKE = 0.84  # [steps] a drum is struck, not held: all are drawn equally long
_GAP = 0.08  # [steps] between a note and the next
_MARGIN = 0.1  # of a row's height, above and below a note
_FAINTEST, _FULL = 0.25, 110  # the opacity of the softest note; the velocity from which on a note is fully opaque


@dataclass(frozen=True)
class Mark:
    """One note as it is drawn.

    Parameters
    ----------
    left, right : float [steps]
        Microtiming included.
    bottom, top : float [rows]
    opacity : float [0 to 1]
        How strong it is.
    colour : str
        Of its part.
    name, place, timing : str
        What it is called, where it is (bar.beat.sixteenth, counted from 1) and how far off its step.
    velocity, length : int
    """

    left: float
    right: float
    bottom: float
    top: float
    opacity: float
    colour: str
    name: str
    place: str
    timing: str
    velocity: int
    length: int


def marks(sequence: NoteSequence, rows: Rows) -> list[Mark]:
    """The notes of a sequence that lie on these rows."""
    colours = part_colours([sequence])
    found = []
    for note in sequence.notes:
        span = rows.span(note)
        if span is not None:
            found.append(_mark(note, span, colours[note.is_drum, note.program]))
    return found


def part_colours(sequences: Iterable[NoteSequence]) -> dict[tuple[bool, int], str]:
    """A colour for each part: melodies first, in the order of their programs, then drums."""
    parts = sorted({(note.is_drum, note.program) for sequence in sequences for note in sequence.notes})
    return {part: part_colour(number) for number, part in enumerate(parts)}


def _mark(note: Note, span: tuple[float, float], colour: str) -> Mark:
    left = note.step + note.offset
    margin = _MARGIN * (span[1] - span[0])
    return Mark(
        left=left,
        right=left + (_STROKE if note.is_drum else note.length - _GAP),
        bottom=span[0] + margin,
        top=span[1] - margin,
        opacity=round(min(1.0, _FAINTEST + (1 - _FAINTEST) * note.velocity / _FULL), 3),
        colour=colour,
        name=f"{drum_name(note.pitch)} ({note.pitch})" if note.is_drum else f"{note_name(note.pitch)} ({note.pitch})",
        place=place(note.step),
        timing=timing(note.offset),
        velocity=note.velocity,
        length=note.length,
    )


def place(step: int) -> str:
    """Where a step is: bar, beat and sixteenth, counted from 1.

    Examples
    --------
    >>> place(0), place(22)
    ('1.1.1', '2.2.3')
    """
    beat, sixteenth = divmod(step % STEPS_PER_BAR, STEPS_PER_QUARTER)
    return f"{step // STEPS_PER_BAR + 1}.{beat + 1}.{sixteenth + 1}"


def timing(offset: float) -> str:
    """How far off its step a note is.

    Examples
    --------
    >>> timing(0.12), timing(-0.3), timing(0)
    ('12 % of a step late', '30 % of a step early', 'on the step')
    """
    percent = round(abs(offset) * 100)
    if percent == 0:
        return "on the step"
    return f"{percent} % of a step {'late' if offset > 0 else 'early'}"


def beats(steps: int) -> list[int]:
    """Every step that a beat begins on, the end included."""
    return list(range(0, steps + 1, STEPS_PER_QUARTER))


def ruler(steps: int) -> dict[int, str]:
    """What to write along the time axis: beats where there is room, or every bar, or every second, fourth ...

    Examples
    --------
    >>> ruler(16)
    {0: '1', 4: '1.2', 8: '1.3', 12: '1.4'}
    >>> list(ruler(64 * 16).values())[:3]
    ['1', '5', '9']
    """
    if steps <= 3 * STEPS_PER_BAR:
        return {step: place(step).removesuffix(".1").removesuffix(".1") for step in beats(steps) if step < steps}
    every = STEPS_PER_BAR
    while steps / every > 16:
        every *= 2
    return {step: str(step // STEPS_PER_BAR + 1) for step in range(0, steps, every)}
