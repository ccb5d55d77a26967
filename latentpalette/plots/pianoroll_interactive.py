"""Piano rolls in bokeh: time to the right in bars and beats, drums or pitches upward, every note with its facts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from bokeh.models import (
    ColumnDataSource,
    FixedTicker,
    HoverTool,
    PanTool,
    Quad,
    Range1d,
)
from bokeh.models.annotations import Title
from bokeh.plotting import figure

from latentpalette.errors import MusicError
from latentpalette.music.sequence import STEPS_PER_BAR, STEPS_PER_QUARTER, NoteSequence
from latentpalette.plots.colors import BAR, BEAT, BEAT_SHADE, GREY, KEY_SHADE, ROW
from latentpalette.plots.layout import Rows, rows
from latentpalette.plots.marks import Mark, beats, marks, ruler

WIDTH = 720  # [pixels]
LANE = 16  # [pixels] the height of a drum's lane; pitches have half of it where they are many
WINDOW = 16 * STEPS_PER_BAR  # [steps] more than this is moved through by dragging
_AXIS = 34  # [pixels] above and below the rows
_FONT = "system-ui, -apple-system, Segoe UI, Roboto, DejaVu Sans, sans-serif"

_TIPS = """
<div style="font:13px/1.45 system-ui,sans-serif;padding:2px 4px">
  <b>@name</b><br>step @place<br>velocity @velocity<br>@timing{length}
</div>
"""
_LENGTH = "<br>@length steps long"


def pianoroll(
    sequence: NoteSequence,
    *,
    title: str | None = None,
    pitch_range: tuple[int, int] | None = None,
    like: Iterable[NoteSequence] = (),
    width: int = WIDTH,
    row_height: int | None = None,
) -> Any:
    """Draw a sequence as a piano roll.

    Hovering over a note tells its name, its step (bar.beat.sixteenth), its velocity and its timing. Velocity is
    opacity; microtiming moves the note off its step.

    Parameters
    ----------
    sequence : NoteSequence
    title : str, optional
    pitch_range : (lowest, highest), optional
        The pitches to show; without it those that are played. Drums have a lane each.
    like : list of NoteSequence
        Others that this one is to be compared with: the rows are those that all of them need.
    width : int [pixels]
    row_height : int [pixels], optional

    Returns
    -------
    bokeh.plotting.figure
        To show in a notebook by itself, show the sequence; this is for layouts of your own.

    Raises
    ------
    MusicError
        If the range or a size makes no sense.

    Examples
    --------
    >>> roll = pianoroll(NoteSequence.from_steps({"kick": [0, 8], "snare": [4, 12]}, steps=16))
    >>> roll.select_one("notes").data_source.data["name"][0]
    'kick (36)'
    """
    if not 80 <= width <= 10_000:
        raise MusicError(f"A piano roll is between 80 and 10000 pixels wide; got {width!r}.")
    high = rows([sequence, *like], pitch_range=pitch_range)
    height = row_height or max(4, LANE // 2 if high.count > 24 else LANE)
    steps = max(sequence.steps, 1)
    roll = figure(
        width=width,
        height=height * high.count + _AXIS,
        title=_title(title),
        x_range=Range1d(start=0, end=min(steps, WINDOW), bounds=(0, steps)),
        y_range=Range1d(start=-0.5, end=high.count - 0.5),
        toolbar_location=None,
        tools=[PanTool(dimensions="width")] if steps > WINDOW else [],
        name="roll",
    )
    _backdrop(roll, steps, high)
    _axes(roll, steps, high, height)
    _notes(roll, sequence, high)
    _calm(roll)
    return roll


def _title(text: str | None) -> Title | None:
    return Title(text=text, text_color=GREY, text_font=_FONT, text_font_size="13px") if text else None


def _notes(roll: Any, sequence: NoteSequence, high: Rows) -> None:
    drawn = marks(sequence, high)
    data: dict[str, list[Any]] = {field.name: [getattr(mark, field.name) for mark in drawn] for field in fields(Mark)}
    glyph: dict[str, Any] = {
        "left": "left",
        "right": "right",
        "bottom": "bottom",
        "top": "top",
        "fill_color": "colour",
        "fill_alpha": "opacity",
        "line_color": None,
        "border_radius": 2,
    }
    renderer = roll.add_glyph(ColumnDataSource(data), Quad(**glyph), name="notes")
    renderer.hover_glyph = Quad(**glyph | {"fill_alpha": 1.0, "line_color": GREY, "line_width": 1.5})
    tips = _TIPS.format(length="" if sequence.is_drums else _LENGTH)
    roll.add_tools(HoverTool(renderers=[renderer], tooltips=tips, attachment="above"))


def _backdrop(roll: Any, steps: int, high: Rows) -> None:
    """Every second beat and the rows of the black keys are a shade darker: two layers, under all others."""
    shade: dict[str, Any] = {"fill_color": GREY, "line_color": None}
    shaded = [beat for beat in beats(steps)[1::2] if beat < steps]
    source = ColumnDataSource({"left": shaded, "right": [min(beat + STEPS_PER_QUARTER, steps) for beat in shaded]})
    whole: dict[str, Any] = {"bottom": -0.5, "top": high.count - 0.5}
    roll.add_glyph(
        source, Quad(left="left", right="right", fill_alpha=BEAT_SHADE, **whole, **shade), name="beats", level="image"
    )
    if high.sharps:
        ends = {"bottom": [row - 0.5 for row in high.sharps], "top": [row + 0.5 for row in high.sharps]}
        keys = Quad(left=0, right=steps, bottom="bottom", top="top", fill_alpha=KEY_SHADE, **shade)
        roll.add_glyph(ColumnDataSource(ends), keys, name="black keys", level="image")


def _axes(roll: Any, steps: int, high: Rows, height: int) -> None:
    along, up = roll.xaxis[0], roll.yaxis[0]
    named = ruler(steps)
    along.ticker = FixedTicker(ticks=list(named))
    along.major_label_overrides = {float(step): text for step, text in named.items()}
    bars = list(range(0, steps + 1, STEPS_PER_BAR))
    roll.xgrid[0].ticker = FixedTicker(ticks=bars, minor_ticks=[beat for beat in beats(steps) if beat not in bars])
    labels = high.labels
    up.ticker = FixedTicker(ticks=list(labels))
    up.major_label_overrides = dict(labels)
    up.major_label_text_font_size = f"{min(12, max(8, height * high.lane_height - 3))}px"
    roll.ygrid[0].ticker = FixedTicker(ticks=high.edges)


def _calm(roll: Any) -> None:
    """Hairlines and greys that sit on a white page and on a black one; nothing behind the notes."""
    roll.background_fill_color = roll.border_fill_color = None
    roll.outline_line_color = None
    roll.min_border = 4
    for axis in (roll.xaxis[0], roll.yaxis[0]):
        axis.axis_line_color = axis.major_tick_line_color = axis.minor_tick_line_color = None
        axis.major_label_text_color = GREY
        axis.major_label_text_font = _FONT
        axis.major_label_standoff = 3
        axis.major_tick_out = 0
    roll.xaxis[0].major_label_text_font_size = "11px"
    across, up = roll.xgrid[0], roll.ygrid[0]
    across.grid_line_color = across.minor_grid_line_color = up.grid_line_color = GREY
    across.grid_line_alpha, across.minor_grid_line_alpha, up.grid_line_alpha = BAR, BEAT, ROW
