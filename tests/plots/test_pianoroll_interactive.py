from __future__ import annotations

import gzip
import json

import pytest
from bokeh.models import HoverTool, PanTool

from latentpalette.errors import MusicError
from latentpalette.music.drums import REDUCED
from latentpalette.music.sequence import Note, NoteSequence
from latentpalette.plots import embed
from latentpalette.plots.pianoroll_interactive import MAX_VISIBLE_STEPS, pianoroll

LOOP = NoteSequence(
    [
        Note(36, 0, velocity=110, is_drum=True),
        Note(38, 4, velocity=30, offset=0.2, is_drum=True),
        Note(42, 6, velocity=80, offset=-0.3, is_drum=True),
    ],
    steps=32,
)
TUNE = NoteSequence([Note(60, 0, 4), Note(67, 8, 4)], 16)


def notes_of(roll):
    return roll.select_one("notes").data_source.data


def test_each_note_is_drawn_at_its_onset():
    data = notes_of(pianoroll(LOOP))
    assert data["left"] == [0, 4.2, 5.7]
    assert data["bottom"] == pytest.approx([-0.4, 0.6, 1.6])
    assert data["top"] == pytest.approx([0.4, 1.4, 2.4])
    assert data["opacity"] == pytest.approx([1, 0.4545, 0.7955], abs=1e-3)


def test_the_time_axis_counts_bars_and_beats():
    roll = pianoroll(LOOP)
    labels = roll.xaxis[0].major_label_overrides
    assert [labels[tick] for tick in roll.xaxis[0].ticker.ticks] == ["1", "1.2", "1.3", "1.4", "2", "2.2", "2.3", "2.4"]
    assert roll.xgrid[0].ticker.ticks == [0, 16, 32]
    assert roll.xgrid[0].ticker.minor_ticks == [4, 8, 12, 20, 24, 28]
    assert (roll.x_range.start, roll.x_range.end) == (0, 32)


def test_rows_are_labeled_with_drum_and_pitch_names():
    assert list(pianoroll(LOOP).yaxis[0].major_label_overrides.values()) == list(REDUCED.names)
    assert {"C4", "G4"} <= set(pianoroll(TUNE).yaxis[0].major_label_overrides.values())


def test_the_tooltip_has_name_step_velocity_and_timing():
    roll = pianoroll(LOOP)
    (hover,) = roll.select({"type": HoverTool})
    assert hover.renderers == [roll.select_one("notes")]
    for column in ("name", "position", "velocity", "timing"):
        assert f"@{column}" in hover.tooltips
        assert column in notes_of(roll)
    assert notes_of(roll)["timing"] == ["on the step", "20 % of a step late", "30 % of a step early"]
    assert "@length" not in hover.tooltips
    assert "@length" in pianoroll(TUNE).select_one({"type": HoverTool}).tooltips


def test_all_notes_are_one_layer():
    assert [renderer.name for renderer in pianoroll(LOOP).renderers] == ["beats", "notes"]
    assert [renderer.name for renderer in pianoroll(TUNE).renderers] == ["beats", "black keys", "notes"]


def test_rolls_that_share_rows_have_the_same_rows():
    low = NoteSequence([Note(36, 0, 4)], 16)
    one, other = pianoroll(TUNE, share_rows_with=[low]), pianoroll(low, share_rows_with=[TUNE])
    assert (one.y_range.start, one.y_range.end, one.height) == (other.y_range.start, other.y_range.end, other.height)
    assert one.yaxis[0].ticker.ticks == other.yaxis[0].ticker.ticks


def test_tracks_are_named_above_a_roll_of_several_unless_a_legend_is_not_wanted():
    trio = NoteSequence([Note(60, 0), Note(40, 0, program=33), Note(36, 0, is_drum=True)], 16)
    labels = [item.label.value for item in pianoroll(trio).legend[0].items]
    assert labels == ["Acoustic Grand Piano", "Electric Bass (finger)", "drums"]
    assert pianoroll(trio, legend=False).legend == []
    assert pianoroll(TUNE).legend == []


def test_the_axis_shows_the_pitch_range():
    roll = pianoroll(TUNE, pitch_range=(60, 71))
    assert roll.y_range.end - roll.y_range.start == 12


def test_a_long_piece_is_panned_by_dragging():
    long = NoteSequence([Note(60, 0)], 2 * MAX_VISIBLE_STEPS)
    roll = pianoroll(long)
    assert roll.x_range.end == MAX_VISIBLE_STEPS
    assert roll.x_range.bounds == (0, 2 * MAX_VISIBLE_STEPS)
    assert roll.select_one({"type": PanTool}) is not None
    assert pianoroll(LOOP).select_one({"type": PanTool}) is None


def test_silent_and_empty_sequences_can_be_drawn():
    for sequence in (NoteSequence(steps=16), NoteSequence()):
        assert notes_of(pianoroll(sequence))["left"] == []


def test_the_background_is_transparent():
    roll = pianoroll(LOOP, title="Boom bap")
    assert roll.background_fill_color is None
    assert roll.border_fill_color is None
    assert roll.title.text == "Boom bap"


def test_an_invalid_size_is_refused():
    with pytest.raises(MusicError, match=r"width of a piano roll \[pixels\] is a whole number from 80 to 10000"):
        pianoroll(LOOP, width=0)


def test_the_json_item_is_small_and_has_no_callback():
    text = json.dumps(embed.to_json_item(pianoroll(LOOP)))
    assert len(text) < 20_000
    assert "CustomJS" not in text
    assert "http" not in text


def test_bokehjs_is_the_installed_version_and_the_same_bytes_each_time():
    source = gzip.decompress(embed.bokehjs_gz()).decode()
    assert "Bokeh" in source
    assert len(embed.bokehjs_gz()) < 500_000
    embed.bokehjs_gz.cache_clear()
    assert gzip.decompress(embed.bokehjs_gz()).decode() == source
