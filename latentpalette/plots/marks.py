"""Notes as rectangles of a piano roll, with the text that describes each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from latentpalette.music.drums import drum_name
from latentpalette.music.instruments import Track, track_name, track_of
from latentpalette.music.sequence import STEPS_PER_BAR, STEPS_PER_QUARTER, Note, NoteSequence
from latentpalette.plots.layout import PianorollLayout, pitch_name
from latentpalette.plots.theme import GREY, track_color

_DRUM_WIDTH = 0.84  # [steps] the length of a drum's note means nothing, so all are equally wide
_GAP = 0.08  # [steps] between a note and the next
_MARGIN = 0.1  # of a row's height, above and below a note
_MIN_OPACITY, _OPAQUE_VELOCITY = 0.25, 110  # opacity at velocity 0; the lowest velocity that is fully opaque
_MAX_TICKS = 16
MAX_LEGEND_ENTRIES = 8

TrackColors = dict[Track, str]


@dataclass(frozen=True)
class NoteMark:
    """One note as it is drawn.

    Parameters
    ----------
    left, right : float [steps]
        Microtiming included.
    bottom, top : float [rows]
    opacity : float [0 to 1]
        From the velocity.
    color : str
        Of the track.
    name, position, timing : str
        The name of the drum or pitch, the position (bar.beat.sixteenth, counted from 1) and the microtiming.
    velocity, length : int
    """

    left: float
    right: float
    bottom: float
    top: float
    opacity: float
    color: str
    name: str
    position: str
    timing: str
    velocity: int
    length: int


def note_marks(sequence: NoteSequence, layout: PianorollLayout, colors: TrackColors | None = None) -> list[NoteMark]:
    """Return marks for the notes of a sequence that lie on these rows.

    Parameters
    ----------
    sequence : NoteSequence
    layout : PianorollLayout
    colors : dict, optional
        Those of `track_colors`, shared with other sequences; by default the sequence's own.
    """
    colors = colors or track_colors([sequence])
    marks = []
    for note in sequence.notes:
        span = layout.row_span(note)
        if span is not None:
            marks.append(_make_mark(note, span, colors[track_of(note)]))
    return marks


def track_colors(sequences: Iterable[NoteSequence]) -> TrackColors:
    """Return a color for each track: pitched ones first, by program, then drums."""
    tracks = sorted({track_of(note) for sequence in sequences for note in sequence.notes})
    return {track: track_color(index) for index, track in enumerate(tracks)}


def legend_entries(colors: TrackColors) -> list[tuple[str, str]]:
    """Return the name and the color of each track; empty where there is one, which needs no legend.

    Examples
    --------
    >>> [name for name, _ in legend_entries({(False, 0): "#00f", (False, 33): "#f00", (True, 0): "#0f0"})]
    ['Acoustic Grand Piano', 'Electric Bass (finger)', 'drums']
    """
    if len(colors) < 2:
        return []
    entries = [(track_name(track), color) for track, color in colors.items()]
    others = len(entries) - MAX_LEGEND_ENTRIES
    return entries if others <= 0 else [*entries[:MAX_LEGEND_ENTRIES], (f"{others} more", GREY)]


def _make_mark(note: Note, span: tuple[float, float], color: str) -> NoteMark:
    left = note.step + note.offset
    margin = _MARGIN * (span[1] - span[0])
    return NoteMark(
        left=left,
        right=left + (_DRUM_WIDTH if note.is_drum else note.length - _GAP),
        bottom=span[0] + margin,
        top=span[1] - margin,
        opacity=round(min(1.0, _MIN_OPACITY + (1 - _MIN_OPACITY) * note.velocity / _OPAQUE_VELOCITY), 3),
        color=color,
        name=f"{drum_name(note.pitch)} ({note.pitch})" if note.is_drum else f"{pitch_name(note.pitch)} ({note.pitch})",
        position=position_label(note.step),
        timing=timing_label(note.offset),
        velocity=note.velocity,
        length=note.length,
    )


def position_label(step: int) -> str:
    """Format a step as bar, beat and sixteenth, counted from 1.

    Examples
    --------
    >>> position_label(0), position_label(22)
    ('1.1.1', '2.2.3')
    """
    beat, sixteenth = divmod(step % STEPS_PER_BAR, STEPS_PER_QUARTER)
    return f"{step // STEPS_PER_BAR + 1}.{beat + 1}.{sixteenth + 1}"


def timing_label(offset: float) -> str:
    """Format a note's microtiming in percent of a step.

    Examples
    --------
    >>> timing_label(0.12), timing_label(-0.3), timing_label(0)
    ('12 % of a step late', '30 % of a step early', 'on the step')
    """
    percent = round(abs(offset) * 100)
    if percent == 0:
        return "on the step"
    return f"{percent} % of a step {'late' if offset > 0 else 'early'}"


def beat_steps(steps: int) -> list[int]:
    """Return the first step of every beat, and the end."""
    return list(range(0, steps + 1, STEPS_PER_QUARTER))


def time_ticks(steps: int, shown: int | None = None) -> dict[int, str]:
    """Return labels of the time axis: beats of a short sequence, else every bar, every second, every fourth ...

    Parameters
    ----------
    steps : int
    shown : int, optional
        The number of steps that are in the picture at once; by default all.

    Examples
    --------
    >>> time_ticks(16)
    {0: '1', 4: '1.2', 8: '1.3', 12: '1.4'}
    >>> list(time_ticks(64 * 16).values())[:3]
    ['1', '5', '9']
    """
    if steps <= 3 * STEPS_PER_BAR:
        labels = {step: position_label(step) for step in beat_steps(steps) if step < steps}
        return {step: label.removesuffix(".1").removesuffix(".1") for step, label in labels.items()}
    interval = STEPS_PER_BAR
    while (shown or steps) / interval > _MAX_TICKS:
        interval *= 2
    return {step: str(step // STEPS_PER_BAR + 1) for step in range(0, steps, interval)}
