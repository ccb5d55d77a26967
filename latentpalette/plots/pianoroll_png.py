"""Piano rolls as a picture, for where nothing interactive runs: GitHub, a printed page, a notebook without a kernel."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_rgba

from latentpalette.music.sequence import STEPS_PER_BAR, STEPS_PER_QUARTER, NoteSequence
from latentpalette.plots import canvas
from latentpalette.plots.colors import BAR, BEAT, BEAT_SHADE, GREY, KEY_SHADE, ROW
from latentpalette.plots.labels import names
from latentpalette.plots.layout import Rows, rows
from latentpalette.plots.marks import beats, marks, ruler

_WIDTH = 920  # [pixels] what a notebook's cell has room for
_LANE, _PITCH = 16.0, 8.0  # [pixels] the height of a row
_LEFT, _RIGHT, _TOP, _BOTTOM = 76, 12, 8, 24  # [pixels] around a roll
_TITLE = 20
_SCALE = 1.5  # dots to the pixel: sharp enough, and a third smaller than two


def png(
    sequences: Sequence[NoteSequence],
    labels: str | Sequence[str] | None = None,
    *,
    pitch_range: tuple[int, int] | None = None,
) -> bytes:
    r"""Draw sequences as piano rolls beside each other, all on the same rows.

    Parameters
    ----------
    sequences : list of NoteSequence
    labels : str or list of str, optional
        A name for each; a string is split at its spaces.
    pitch_range : (lowest, highest), optional
        As for `latentpalette.plots.pianoroll_interactive.pianoroll`.

    Returns
    -------
    bytes
        A PNG file, transparent, in colours that read on white and on black. The same music gives the same bytes.

    Raises
    ------
    MusicError
        If there is nothing to draw, or not one label for each sequence.

    Examples
    --------
    >>> loop = NoteSequence.from_steps({"kick": [0, 8]}, steps=16)
    >>> png([loop, loop], "A B")[:4]
    b'\x89PNG'
    """
    called = names(sequences, labels)
    high = rows(sequences, pitch_range=pitch_range)
    columns = 1 if len(sequences) == 1 else 2
    down = -(-len(sequences) // columns)
    title = _TITLE if labels else 0
    across = _WIDTH / columns
    tall = high.count * (_PITCH if high.count > 24 else _LANE)
    each = _TOP + title + tall + _BOTTOM
    figure = canvas.figure(_WIDTH, each * down)
    for index, (sequence, name) in enumerate(zip(sequences, called, strict=True)):
        row, column = divmod(index, columns)
        left, top = column * across + _LEFT, row * each + _TOP
        if name:
            at = 1 - (top + title / 2) / (each * down)
            figure.text(left / _WIDTH, at, name, **canvas.words(13, color=GREY, weight="bold", va="center"))
        panel = canvas.panel(figure, left, top + title, across - _LEFT - _RIGHT, tall)
        _draw(panel, sequence, high, coarse=columns > 1)
    return canvas.png(figure, scale=_SCALE)


def _draw(panel: Axes, sequence: NoteSequence, high: Rows, *, coarse: bool) -> None:
    steps = max(sequence.steps, 1)
    panel.set_xlim(0, steps)
    panel.set_ylim(-0.5, high.count - 0.5)
    for beat in beats(steps)[1::2] if steps <= 32 * STEPS_PER_BAR else ():
        panel.axvspan(beat, min(beat + STEPS_PER_QUARTER, steps), color=GREY, alpha=BEAT_SHADE, lw=0)
    for key in high.sharps:
        panel.axhspan(key - 0.5, key + 0.5, color=GREY, alpha=KEY_SHADE, lw=0)
    panel.hlines(high.edges, 0, steps, color=GREY, alpha=ROW, lw=0.7)
    ends = panel.get_ylim()
    named = ruler(steps)
    many = steps > 32 * STEPS_PER_BAR  # then a line for each bar would hide the notes
    bars = [*named] if many else list(range(0, steps + 1, STEPS_PER_BAR))
    panel.vlines(bars, *ends, color=GREY, alpha=BAR, lw=0.8)
    if not many:
        panel.vlines([beat for beat in beats(steps) if beat not in bars], *ends, color=GREY, alpha=BEAT, lw=0.7)
    drawn = marks(sequence, high)
    boxes = [
        [(mark.left, mark.bottom), (mark.left, mark.top), (mark.right, mark.top), (mark.right, mark.bottom)]
        for mark in drawn
    ]
    # Clipped at the panel's edge would be half a note that is early on the first step.
    panel.add_collection(
        PolyCollection(boxes, facecolors=[to_rgba(mark.colour, mark.opacity) for mark in drawn], lw=0, clip_on=False)
    )
    if coarse:
        named = {step: text for step, text in named.items() if "." not in text or step % 8 == 0}
    panel.set_xticks(list(named), list(named.values()), **canvas.words(11, color=GREY))
    labels = high.labels
    size = 11 if high.count <= 24 or high.lane_height > 1 else 8
    panel.set_yticks(list(labels), list(labels.values()), **canvas.words(size, color=GREY))
