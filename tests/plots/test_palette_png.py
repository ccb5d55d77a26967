from __future__ import annotations

import numpy as np
import pytest

from latentpalette.converters.drums import DrumsConverter
from latentpalette.errors import PaletteError
from latentpalette.music.sequence import Note, NoteSequence
from latentpalette.plots.palette_png import palette_png
from tests.plots.png import has_color, pixels

LABELS = ["Four on the floor", "Boom bap", "Sampled #7", "my_loop.mid"]
INK = (22, 24, 29)


def empty(size=5):
    return np.zeros((size, size, 32), np.uint16)


def loops_of(tokens):
    converter = DrumsConverter(tokens.shape[-1])
    return [[converter.from_tokens(cell) for cell in row] for row in tokens]


def draw(tokens, *, dark=False, puck=None, path=(), labels=LABELS):
    return pixels(palette_png(loops_of(tokens), labels, puck, path, dark=dark))


def cell(picture, row, column, size):
    """Return the pixels of one cell; the board lies 14 of 488 from the edge."""
    edge = picture.shape[0] * 14 / 488
    width = (picture.shape[0] - 2 * edge) / size
    top, left = edge + row * width, edge + column * width
    return picture[round(top) + 2 : round(top + width) - 2, round(left) + 2 : round(left + width) - 2]


def cell_color(picture, row, column, size=5):
    return np.median(cell(picture, row, column, size).reshape(-1, 3), axis=0)


def test_corners_have_their_colors_of_equal_lightness():
    picture = draw(empty(3))
    for (row, column), color in {
        (0, 0): (152, 188, 255),
        (0, 2): (241, 159, 214),
        (2, 0): (101, 223, 175),
        (2, 2): (232, 205, 98),
    }.items():
        assert cell_color(picture, row, column, 3) == pytest.approx(color, abs=3)


def test_the_center_is_their_even_blend():
    assert cell_color(draw(empty()), 2, 2) == pytest.approx((187, 195, 192), abs=6)


def test_a_dark_palette_is_darker():
    light, dark = draw(empty()), draw(empty(), dark=True)
    assert cell_color(dark, 2, 2).mean() < 0.75 * cell_color(light, 2, 2).mean()
    assert dark[2, 2] == pytest.approx((0x15, 0x17, 0x1C), abs=2)
    assert light[2, 2] == pytest.approx((255, 255, 255), abs=2)


def test_each_cell_shows_its_own_pattern():
    tokens = empty()
    tokens[2, 1, ::4] = 1  # kicks on the beats
    tokens[2, 3, :] = 1 << 8  # a ride on every step
    picture, plain = draw(tokens), draw(empty())
    changed = np.abs(picture - plain).sum(axis=-1) > 40
    assert not cell(changed, 1, 1, 5).any()
    kicks, rides = cell(changed, 2, 1, 5), cell(changed, 2, 3, 5)
    assert kicks.any()
    assert rides.sum() > 3 * kicks.sum()
    assert np.nonzero(kicks)[0].mean() > 0.8 * len(kicks), "the kick lies at the bottom"
    assert np.nonzero(rides)[0].mean() < 0.3 * len(rides), "the ride lies at the top"


def test_the_puck_is_a_white_disc_with_a_dark_ring_at_its_place():
    picture = draw(empty(), puck=(0.25, 0.75))
    inside = cell(picture, 3, 1, 5)
    middle = inside[inside.shape[0] // 2, inside.shape[1] // 2]
    assert middle == pytest.approx((255, 255, 255), abs=2)
    assert has_color(inside, INK).sum() > 100
    assert not has_color(cell(picture, 1, 3, 5), INK).any()


def test_the_path_runs_through_the_cells_it_was_drawn_over():
    picture = draw(empty(), path=[(0.0, 0.5), (1.0, 0.5)])
    assert all(has_color(cell(picture, 2, column, 5), INK, tolerance=40).any() for column in range(5))
    assert not has_color(cell(picture, 3, 2, 5), INK, tolerance=40).any()


def test_labels_are_drawn_literally():
    strange = ["$x^2$", "<b>", "ä·日本", "a" * 500]
    assert np.abs(draw(empty(), labels=strange) - draw(empty(), labels=[""] * 4)).max() > 100


def test_the_same_palette_gives_the_same_small_file():
    tokens = np.random.default_rng(1).integers(0, 512, (21, 21, 32)).astype(np.uint16)
    loops = loops_of(tokens)
    png = palette_png(loops, LABELS, (0.5, 0.5), [(0, 0), (1, 1)])
    assert png == palette_png(loops, LABELS, (0.5, 0.5), [(0, 0), (1, 1)])
    assert len(png) < 150_000


@pytest.mark.parametrize("widths", [[4] * 5, [5, 5, 5, 5, 4], [1], []])
def test_a_grid_that_is_not_square_is_refused(widths):
    with pytest.raises(PaletteError, match="as many rows as columns"):
        palette_png([[NoteSequence(steps=32)] * width for width in widths], LABELS)


def test_a_melody_lies_above_the_drums_and_higher_is_higher():
    trio = [Note(60, 0, 16), Note(72, 16, 16), *(Note(36, step, is_drum=True) for step in range(0, 32, 4))]
    silent = [[NoteSequence(steps=32)] * 3] * 3
    loops = [silent[0], [NoteSequence(steps=32), NoteSequence(trio, 32), NoteSequence(steps=32)], silent[0]]
    changed = np.abs(pixels(palette_png(loops, LABELS)) - pixels(palette_png(silent, LABELS))).sum(-1) > 40
    music = cell(changed, 1, 1, 3)
    melody, middle = music[: int(0.6 * len(music))], music.shape[1] // 2
    low, high = (np.nonzero(half)[0].mean() for half in (melody[:, :middle], melody[:, middle:]))
    assert high < low
    assert music[int(0.8 * len(music)) :].any(), "the kicks"


def test_three_labels_are_refused():
    with pytest.raises(PaletteError, match="four labels"):
        palette_png(loops_of(empty()), LABELS[:3])
