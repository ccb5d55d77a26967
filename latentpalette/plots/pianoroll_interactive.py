"""Interactive piano rolls in bokeh: bars and beats to the right, drums or pitches upward, notes with tooltips."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from bokeh.models import (
    ColumnDataSource,
    FixedTicker,
    HoverTool,
    PanTool,
    PlainText,
    Quad,
    Range1d,
)
from bokeh.models.annotations import Legend, LegendItem, Title
from bokeh.plotting import figure

from latentpalette.errors import MusicError
from latentpalette.music.sequence import STEPS_PER_BAR, STEPS_PER_QUARTER, NoteSequence
from latentpalette.old_names import accept_old_arguments
from latentpalette.plots.labels import require_sequence
from latentpalette.plots.layout import PianorollLayout, fit_layout
from latentpalette.plots.marks import NoteMark, beat_steps, legend_entries, note_marks, time_ticks, track_colors
from latentpalette.plots.overview import drawn_part
from latentpalette.plots.theme import (
    BAR_ALPHA,
    BEAT_ALPHA,
    BEAT_SHADE_ALPHA,
    BLACK_KEY_ALPHA,
    GREY,
    ROW_ALPHA,
    WEB_FONT,
)
from latentpalette.validation import check_flag, check_integer

WIDTH = 720  # [pixels]
MAX_VISIBLE_STEPS = 16 * STEPS_PER_BAR  # longer sequences are panned by dragging
_AXES_HEIGHT = 34  # [pixels] above and below the rows

_TOOLTIP = """
<div style="font:13px/1.45 system-ui,sans-serif;padding:2px 4px">
  <b>@name</b><br>step @position<br>velocity @velocity<br>@timing{length}
</div>
"""
_TOOLTIP_LENGTH = "<br>@length steps long"


@accept_old_arguments(like="share_rows_with")
def pianoroll(
    sequence: NoteSequence,
    *,
    title: str | None = None,
    pitch_range: tuple[int, int] | None = None,
    share_rows_with: Iterable[NoteSequence] = (),
    width: int = WIDTH,
    row_height: int | None = None,
    legend: bool = True,
    pan: bool = True,
) -> Any:
    """Draw a sequence as an interactive piano roll.

    A tooltip shows a note's name, its step (bar.beat.sixteenth), its velocity and its timing. Velocity is opacity;
    microtiming moves the note off its step. The roll is as high as its notes need.

    Parameters
    ----------
    sequence : NoteSequence
        Of a very long one the first thousand bars are drawn, or ten thousand notes; the title says so.
    title : str, optional
    pitch_range : (lowest, highest), optional
        The pitches to show. Default: those that occur, and three more. Drums have a lane each.
    share_rows_with : list of NoteSequence
        Sequences to compare with: the rows are those that all of them need, lower than in a roll that stands alone, and
        a track has the same color in all.
    width : int [pixels]
    row_height : int [pixels], optional
        Of a pitch; by default the more pitches, the lower.
    legend : bool
        Name the tracks and their colors above the roll, where there are several.
    pan : bool
        Move a roll of more than sixteen bars by dragging; False where the page around it does that.

    Returns
    -------
    bokeh.plotting.figure
        For layouts of your own; a notebook shows a sequence as a piano roll by itself.

    Raises
    ------
    MusicError
        If the range or a size is invalid.

    Examples
    --------
    >>> roll = pianoroll(NoteSequence.from_steps({"kick": [0, 8], "snare": [4, 12]}, steps=16))
    >>> roll.select_one("notes").data_source.data["name"][0]
    'kick (36)'
    """
    check_integer(width, "The width of a piano roll [pixels]", 80, 10_000, error=MusicError)
    if row_height is not None:
        check_integer(row_height, "The height of a row [pixels]", 1, 200, error=MusicError)
    check_flag(legend, "legend", error=MusicError)
    check_flag(pan, "pan", error=MusicError)
    require_sequence(sequence)
    sequence, note = drawn_part(sequence)
    if note:
        title = f"{title or 'Beginning'}: {note}"
    row = [sequence, *(drawn_part(other).sequence for other in share_rows_with)]
    layout = fit_layout(row, pitch_range=pitch_range, small=len(row) > 1, row_height=row_height)
    colors = track_colors(row)
    steps = max(sequence.steps, 1)
    roll = figure(
        width=width,
        height=layout.height + _AXES_HEIGHT,
        title=_make_title(title),
        x_range=Range1d(start=0, end=min(steps, MAX_VISIBLE_STEPS), bounds=(0, steps)),
        y_range=Range1d(start=-0.5, end=layout.row_count - 0.5),
        toolbar_location=None,
        tools=[PanTool(dimensions="width")] if pan and steps > MAX_VISIBLE_STEPS else [],
        name="roll",
    )
    _add_shades(roll, steps, layout)
    _set_ticks(roll, steps, layout)
    _add_notes(roll, note_marks(sequence, layout, colors), has_lengths=not sequence.is_drums)
    if legend:
        _add_legend(roll, legend_entries(colors))
    _apply_theme(roll)
    return roll


def _make_title(text: str | None) -> Title | None:
    if not text:
        return None
    # Between such delimiters Bokeh would see a formula, and fetch a library for it from the net.
    has_formula = any(delimiter in text for delimiter in ("$$", "\\(", "\\["))
    title = PlainText(text=text) if has_formula else text
    return Title(text=title, text_color=GREY, text_font=WEB_FONT, text_font_size="13px")


def _add_notes(roll: Any, marks: list[NoteMark], *, has_lengths: bool) -> None:
    data: dict[str, list[Any]] = {
        field.name: [getattr(mark, field.name) for mark in marks] for field in fields(NoteMark)
    }
    glyph: dict[str, Any] = {
        "left": "left",
        "right": "right",
        "bottom": "bottom",
        "top": "top",
        "fill_color": "color",
        "fill_alpha": "opacity",
        "line_color": None,
        "border_radius": 2,
    }
    renderer = roll.add_glyph(ColumnDataSource(data), Quad(**glyph), name="notes")
    renderer.hover_glyph = Quad(**glyph | {"fill_alpha": 1.0, "line_color": GREY, "line_width": 1.5})
    tooltip = _TOOLTIP.format(length=_TOOLTIP_LENGTH if has_lengths else "")
    roll.add_tools(HoverTool(renderers=[renderer], tooltips=tooltip, attachment="above"))


def _add_legend(roll: Any, entries: list[tuple[str, str]]) -> None:
    """Name colors above the roll: squares that stand on no data."""
    if not entries:
        return
    nothing = ColumnDataSource({"left": []})
    square: dict[str, Any] = {"left": "left", "right": "left", "bottom": "left", "top": "left", "line_color": None}
    items = [
        LegendItem(label=name, renderers=[roll.add_glyph(nothing, Quad(**square, fill_color=color))])
        for name, color in entries
    ]
    style: dict[str, Any] = {"orientation": "horizontal", "ncols": 3, "padding": 0, "margin": 0, "spacing": 14}
    style |= {"label_text_color": GREY, "label_text_font": WEB_FONT, "label_text_font_size": "12px"}
    style |= {"glyph_width": 12, "glyph_height": 12, "label_height": 12, "border_line_color": None}
    roll.add_layout(Legend(items=items, background_fill_color=None, **style), "above")


def _add_shades(roll: Any, steps: int, layout: PianorollLayout) -> None:
    """Shade every second beat and the rows of the black keys: two layers, below all others."""
    shade: dict[str, Any] = {"fill_color": GREY, "line_color": None}
    beats = [beat for beat in beat_steps(steps)[1::2] if beat < steps]
    source = ColumnDataSource({"left": beats, "right": [min(beat + STEPS_PER_QUARTER, steps) for beat in beats]})
    beat_glyph = Quad(
        left="left", right="right", bottom=-0.5, top=layout.row_count - 0.5, fill_alpha=BEAT_SHADE_ALPHA, **shade
    )
    roll.add_glyph(source, beat_glyph, name="beats", level="image")
    rows = layout.black_key_rows
    if rows:
        source = ColumnDataSource({"bottom": [row - 0.5 for row in rows], "top": [row + 0.5 for row in rows]})
        key_glyph = Quad(left=0, right=steps, bottom="bottom", top="top", fill_alpha=BLACK_KEY_ALPHA, **shade)
        roll.add_glyph(source, key_glyph, name="black keys", level="image")


def _set_ticks(roll: Any, steps: int, layout: PianorollLayout) -> None:
    x_axis, y_axis = roll.xaxis[0], roll.yaxis[0]
    ticks = time_ticks(steps, min(steps, MAX_VISIBLE_STEPS))
    x_axis.ticker = FixedTicker(ticks=list(ticks))
    x_axis.major_label_overrides = {float(step): label for step, label in ticks.items()}
    bars = list(range(0, steps + 1, STEPS_PER_BAR))
    beats = [beat for beat in beat_steps(steps) if beat not in bars]
    roll.xgrid[0].ticker = FixedTicker(ticks=bars, minor_ticks=beats)
    row_labels = layout.row_labels
    y_axis.ticker = FixedTicker(ticks=list(row_labels))
    y_axis.major_label_overrides = dict(row_labels)
    room = layout.row_height * layout.lane_height if layout.lanes else 3 * layout.row_height
    y_axis.major_label_text_font_size = f"{min(12, max(9, round(room - 2)))}px"
    roll.ygrid[0].ticker = FixedTicker(ticks=layout.divider_rows)


def _apply_theme(roll: Any) -> None:
    """Set thin lines and greys that read on a white page and on a black one, without a background."""
    roll.background_fill_color = roll.border_fill_color = None
    roll.outline_line_color = None
    roll.min_border = 4
    for axis in (roll.xaxis[0], roll.yaxis[0]):
        axis.axis_line_color = axis.major_tick_line_color = axis.minor_tick_line_color = None
        axis.major_label_text_color = GREY
        axis.major_label_text_font = WEB_FONT
        axis.major_label_standoff = 3
        axis.major_tick_out = 0
    roll.xaxis[0].major_label_text_font_size = "11px"
    x_grid, y_grid = roll.xgrid[0], roll.ygrid[0]
    x_grid.grid_line_color = x_grid.minor_grid_line_color = y_grid.grid_line_color = GREY
    x_grid.grid_line_alpha, x_grid.minor_grid_line_alpha, y_grid.grid_line_alpha = BAR_ALPHA, BEAT_ALPHA, ROW_ALPHA
