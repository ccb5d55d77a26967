"""Plots of what is too large, or no music and no numbers at all."""

import json
import warnings

import numpy as np
import pytest
from bokeh.models import PlainText

import latentpalette as lp
from latentpalette import plots
from latentpalette.errors import LatentPaletteError
from latentpalette.plots import embed
from latentpalette.plots.overview import drawn_part
from latentpalette.plots.pianoroll_png import pianoroll_png

NAN = float("nan")
LOOP = lp.NoteSequence.from_steps({"kick": [0, 8]}, steps=16)
LONG = lp.NoteSequence(LOOP.notes, steps=10_000_000)
DENSE = lp.NoteSequence([lp.Note(30 + number % 60, number // 4) for number in range(40_000)], steps=10_000)


def test_of_a_very_long_sequence_the_beginning_is_drawn_and_the_title_says_so():
    roll = plots.pianoroll(LONG, title="night")
    assert roll.title.text == "night: bars 1 to 1,000 of 625,000 are drawn"
    assert roll.x_range.bounds == (0, 16_000)
    assert len(json.dumps(embed.to_json_item(roll))) < 500_000
    assert len(pianoroll_png([LONG])) < 200_000


def test_of_very_many_notes_the_first_bars_are_drawn():
    part, note = drawn_part(DENSE)
    assert len(part.notes) <= 10_000
    assert (part.steps, note) == (156 * 16, "bars 1 to 156 of 625 are drawn")
    chord = lp.NoteSequence([lp.Note(60, 3)] * 20_000, steps=16)
    assert drawn_part(chord).note == "bars 1 to 1 of 1 are drawn, with 10,000 of their notes"
    assert len(drawn_part(chord).sequence.notes) == 10_000


def test_what_fits_is_drawn_whole():
    assert drawn_part(LOOP) == (LOOP, "")


@pytest.mark.parametrize("text", ["$$x$$", "<img src=x onerror=alert(1)>", "</script>", "\\[x\\]"])
def test_a_title_is_text_and_no_formula_nor_markup(text):
    roll = plots.pianoroll(LOOP, title=text)
    if "$" in text or "\\" in text:
        assert isinstance(roll.title.text, PlainText)
    assert getattr(roll.title.text, "text", roll.title.text) == text
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert pianoroll_png([LOOP], [text]).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda: plots.pianoroll(7), "NoteSequences can be shown; got 7"),
        (lambda: plots.pianoroll(LOOP, width=NAN), "got nan"),
        (lambda: plots.pianoroll(LOOP, row_height=0), "got 0"),
        (lambda: plots.pianoroll(LOOP, pitch_range=7), "two pitches from 0 to 127, the lowest first; got 7"),
        (lambda: plots.pianoroll(LOOP, pitch_range=(NAN, 60)), "got (nan, 60)"),
        (lambda: plots.pianoroll(LOOP, pitch_range=(60, 40)), "got (60, 40)"),
        (lambda: plots.line_chart(7), "dict of a label and values each; got 7"),
        (lambda: plots.line_chart({"a": ["x"]}), "The values of curve 'a' are an array of numbers"),
        (lambda: plots.line_chart({"a": [1j]}), "complex128"),
        (lambda: plots.line_chart({"a": [[1], [1, 2]]}), "array of numbers"),
        (lambda: plots.line_chart({"a": [NAN, NAN]}), "finite numbers"),
        (lambda: plots.line_chart({"a": np.zeros(1_000_001)}), "up to 1,000,000 numbers; got 1,000,001"),
        (lambda: plots.line_chart({"a": [1, 2]}, x=[0, NAN]), "positions on the x axis are finite"),
        (lambda: plots.line_chart({"a": [1, 2]}, y_max=NAN), "y_max is a number; got nan"),
        (lambda: plots.latent_map(7), "maps is a list"),
        (lambda: plots.latent_map([7]), "A map is a MapPanel; got 7"),
        (lambda: plots.latent_map(plots.MapPanel([[NAN, 1]])), "The points of a map are finite"),
        (lambda: plots.latent_map(plots.MapPanel([[0, 1]], radius=NAN)), "radius of a map is a number"),
        (lambda: plots.latent_map([plots.MapPanel([[0, 1]])] * 100), "which has 100"),
        (lambda: plots.loop_grid(np.full((3, 3, 32), 1.5)), "array of whole numbers"),
        (lambda: plots.loop_grid(np.zeros((100, 100, 32), int)), "1 to 48 cells along a side"),
        (lambda: plots.loop_grid(np.zeros((0, 0, 32), int)), "1 to 48 cells along a side"),
        (lambda: plots.loop_grid(np.zeros((3, 3, 32), int), is_hole=[True]), "is_hole is [3, 3]"),
        (lambda: plots.loop_grid(np.zeros((3, 3, 32), int), drums=NAN), "drums is a whole number"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_words(draw, message):
    with pytest.raises(LatentPaletteError) as caught:
        draw()
    assert message in str(caught.value)
    assert len(str(caught.value)) < 300


def test_gaps_in_curves_and_fields_are_drawn_as_gaps():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert plots.line_chart({"a": [1, NAN, 3, float("inf")]}).png
        field = [[NAN, 1], [0, float("inf")]]
        assert plots.latent_map(plots.MapPanel([[0, 1]], field=field, radius=1)).png


def test_a_picture_is_saved_as_a_whole_in_the_home_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert plots.line_chart({"a": [1, 2]}).save("~/charts/a.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "charts" / "a.png").is_file()
