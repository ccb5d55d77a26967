"""Piano rolls as PNG, for where nothing interactive runs: GitHub, a printed page, a notebook without a kernel."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from latentpalette.music.sequence import STEPS_PER_BAR, STEPS_PER_QUARTER, NoteSequence
from latentpalette.plots import canvas
from latentpalette.plots.labels import resolve_labels
from latentpalette.plots.layout import PianorollLayout, column_count, fit_layout
from latentpalette.plots.marks import TrackColors, beat_steps, legend_entries, note_marks, time_ticks, track_colors
from latentpalette.plots.overview import drawn_part
from latentpalette.plots.theme import BAR_ALPHA, BEAT_ALPHA, BEAT_SHADE_ALPHA, BLACK_KEY_ALPHA, GREY, ROW_ALPHA

_WIDTH = 920  # [pixels] of a notebook's cell
_LEFT, _LEFT_OF_PITCHES, _RIGHT, _TOP, _BOTTOM = 76, 40, 12, 8, 24  # [pixels] around a roll
_TITLE_HEIGHT = 20  # [pixels]
_LEGEND_HEIGHT, _LEGEND_COLUMNS = 22, 4  # [pixels] of a line of the legend; names in it
_SCALE = 1.5  # dots per pixel: sharp enough, and a third smaller than two
_MAX_BARS_WITH_BEATS = 32  # in longer sequences lines for beats and bars would hide the notes


def pianoroll_png(
    sequences: Sequence[NoteSequence],
    labels: str | Sequence[str] | None = None,
    *,
    pitch_range: tuple[int, int] | None = None,
) -> bytes:
    r"""Draw sequences as piano rolls side by side, all with the same layout.

    Parameters
    ----------
    sequences : list of NoteSequence
        Of a very long one the beginning is drawn, as in the interactive piano roll.
    labels : str or list of str, optional
        A name for each; a string is split at its spaces.
    pitch_range : (lowest, highest), optional
        As for `latentpalette.plots.pianoroll_interactive.pianoroll`.

    Returns
    -------
    bytes
        A PNG file, transparent, in colors that read on white and on black. The same music gives the same bytes.

    Raises
    ------
    MusicError
        If there is nothing to draw, or not one label for each sequence.

    Examples
    --------
    >>> loop = NoteSequence.from_steps({"kick": [0, 8]}, steps=16)
    >>> pianoroll_png([loop, loop], "A B")[:4]
    b'\x89PNG'
    """
    titles = resolve_labels(sequences, labels)
    sequences = [drawn_part(sequence).sequence for sequence in sequences]
    layout = fit_layout(sequences, pitch_range=pitch_range, small=len(sequences) > 1)
    colors = track_colors(sequences)
    columns = column_count(len(sequences), max(sequence.steps for sequence in sequences), _WIDTH)
    rows = -(-len(sequences) // columns)
    title_height = _TITLE_HEIGHT if labels else 0
    legend = legend_entries(colors)
    legend_height = _LEGEND_HEIGHT * -(-len(legend) // _LEGEND_COLUMNS)
    margin = _LEFT if layout.lanes else _LEFT_OF_PITCHES
    cell_width = _WIDTH / columns
    cell_height = _TOP + title_height + layout.height + _BOTTOM
    figure_height = legend_height + cell_height * rows
    figure = canvas.new_figure(_WIDTH, figure_height)
    _draw_legend(figure, legend, figure_height)
    for index, (sequence, title) in enumerate(zip(sequences, titles, strict=True)):
        row, column = divmod(index, columns)
        left, top = column * cell_width + margin, legend_height + row * cell_height + _TOP
        if title:
            y = 1 - (top + title_height / 2) / figure_height
            style = canvas.text_style(13, color=GREY, weight="bold", va="center")
            figure.text(left / _WIDTH, y, title, **style)
        panel = canvas.add_panel(figure, left, top + title_height, cell_width - margin - _RIGHT, layout.height)
        _draw(panel, sequence, layout, colors, sparse_ticks=columns > 1)
    return canvas.to_png(figure, scale=_SCALE)


def _draw_legend(figure: Figure, entries: Sequence[tuple[str, str]], height: float) -> None:
    """Name the tracks and their colors, above all rolls."""
    width = (_WIDTH - _LEFT) / _LEGEND_COLUMNS
    for index, (name, color) in enumerate(entries):
        row, column = divmod(index, _LEGEND_COLUMNS)
        left, middle = _LEFT + width * column, _LEGEND_HEIGHT * (row + 0.5)
        square = (left / _WIDTH, 1 - (middle + 5) / height)
        figure.add_artist(Rectangle(square, 10 / _WIDTH, 10 / height, color=color, lw=0))
        style = canvas.text_style(11, color=GREY, va="center")
        figure.text((left + 15) / _WIDTH, 1 - middle / height, name, **style)


def _draw(
    panel: Axes, sequence: NoteSequence, layout: PianorollLayout, colors: TrackColors, *, sparse_ticks: bool
) -> None:
    steps = max(sequence.steps, 1)
    panel.set_xlim(0, steps)
    panel.set_ylim(-0.5, layout.row_count - 0.5)
    ticks = time_ticks(steps)
    _draw_grid(panel, steps, layout, list(ticks))
    marks = note_marks(sequence, layout, colors)
    boxes = [
        [(mark.left, mark.bottom), (mark.left, mark.top), (mark.right, mark.top), (mark.right, mark.bottom)]
        for mark in marks
    ]
    fills = [to_rgba(mark.color, mark.opacity) for mark in marks]
    # Clipping at the panel's edge would cut a note that is early on the first step.
    panel.add_collection(PolyCollection(boxes, facecolors=fills, lw=0, clip_on=False))
    if sparse_ticks:
        ticks = {step: label for step, label in ticks.items() if "." not in label or step % 8 == 0}
    panel.set_xticks(list(ticks), list(ticks.values()), **canvas.text_style(11, color=GREY))
    row_labels = layout.row_labels
    size = 11 if not layout.lanes or layout.row_height * layout.lane_height > 12 else 9.5
    panel.set_yticks(list(row_labels), list(row_labels.values()), **canvas.text_style(size, color=GREY))


def _draw_grid(panel: Axes, steps: int, layout: PianorollLayout, ticks: list[int]) -> None:
    """Draw the lines of bars, beats and rows, and the shades of beats and black keys."""
    show_beats = steps <= _MAX_BARS_WITH_BEATS * STEPS_PER_BAR
    if show_beats:
        for beat in beat_steps(steps)[1::2]:
            panel.axvspan(beat, min(beat + STEPS_PER_QUARTER, steps), color=GREY, alpha=BEAT_SHADE_ALPHA, lw=0)
    for row in layout.black_key_rows:
        panel.axhspan(row - 0.5, row + 0.5, color=GREY, alpha=BLACK_KEY_ALPHA, lw=0)
    panel.hlines(layout.divider_rows, 0, steps, color=GREY, alpha=ROW_ALPHA, lw=0.7)
    bottom_and_top = panel.get_ylim()
    bars = list(range(0, steps + 1, STEPS_PER_BAR)) if show_beats else ticks
    panel.vlines(bars, *bottom_and_top, color=GREY, alpha=BAR_ALPHA, lw=0.8)
    if show_beats:
        beats = [beat for beat in beat_steps(steps) if beat not in bars]
        panel.vlines(beats, *bottom_and_top, color=GREY, alpha=BEAT_ALPHA, lw=0.7)
