from __future__ import annotations

import numpy as np
import pytest

from latentpalette.errors import PaletteError
from latentpalette.plots.palette_png import palette_png
from tests.plots.png import like, pixels

LABELS = ["Four on the floor", "Boom bap", "Sampled #7", "my_loop.mid"]
INK = (22, 24, 29)


def empty(size=5):
    return np.zeros((size, size, 32), np.uint16)


def drawn(masks, *, dark=False, puck=None, path=(), labels=LABELS):
    return pixels(palette_png(masks, labels, puck, path, dark=dark))


def cell(picture, row, column, size):
    """The pixels of one cell; the board lies 14 of 488 from the edge."""
    edge = picture.shape[0] * 14 / 488
    wide = (picture.shape[0] - 2 * edge) / size
    top, left = edge + row * wide, edge + column * wide
    return picture[round(top) + 2 : round(top + wide) - 2, round(left) + 2 : round(left + wide) - 2]


def ground(picture, row, column, size=5):
    return np.median(cell(picture, row, column, size).reshape(-1, 3), axis=0)


def test_corners_have_their_colours_of_equal_lightness():
    picture = drawn(empty(3))
    for (row, column), colour in {
        (0, 0): (152, 188, 255),
        (0, 2): (241, 159, 214),
        (2, 0): (101, 223, 175),
        (2, 2): (232, 205, 98),
    }.items():
        assert ground(picture, row, column, 3) == pytest.approx(colour, abs=3)


def test_the_middle_is_their_even_blend():
    assert ground(drawn(empty()), 2, 2) == pytest.approx((187, 195, 192), abs=6)


def test_in_the_dark_everything_is_darker_but_as_colourful():
    light, dark = drawn(empty()), drawn(empty(), dark=True)
    assert ground(dark, 2, 2).mean() < 0.75 * ground(light, 2, 2).mean()
    assert dark[2, 2] == pytest.approx((0x15, 0x17, 0x1C), abs=2)
    assert light[2, 2] == pytest.approx((255, 255, 255), abs=2)


def test_each_cell_shows_its_own_pattern():
    masks = empty()
    masks[2, 1, ::4] = 1  # kicks on the beats
    masks[2, 3, :] = 1 << 8  # a ride on every step
    picture, plain = drawn(masks), drawn(empty())
    changed = np.abs(picture - plain).sum(axis=-1) > 40
    assert not cell(changed, 1, 1, 5).any()
    kicks, rides = cell(changed, 2, 1, 5), cell(changed, 2, 3, 5)
    assert kicks.any()
    assert rides.sum() > 3 * kicks.sum()
    assert np.nonzero(kicks)[0].mean() > 0.8 * len(kicks), "the kick lies at the bottom"
    assert np.nonzero(rides)[0].mean() < 0.3 * len(rides), "the ride lies at the top"


def test_the_puck_is_a_white_disc_with_a_dark_ring_at_its_place():
    picture = drawn(empty(), puck=(0.25, 0.75))
    inside = cell(picture, 3, 1, 5)
    middle = inside[inside.shape[0] // 2, inside.shape[1] // 2]
    assert middle == pytest.approx((255, 255, 255), abs=2)
    assert like(inside, INK).sum() > 100
    assert not like(cell(picture, 1, 3, 5), INK).any()


def test_the_path_runs_through_the_cells_it_was_drawn_over():
    picture = drawn(empty(), path=[(0.0, 0.5), (1.0, 0.5)])
    assert all(like(cell(picture, 2, column, 5), INK, tolerance=40).any() for column in range(5))
    assert not like(cell(picture, 3, 2, 5), INK, tolerance=40).any()


def test_labels_of_any_kind_are_drawn_as_they_are():
    strange = ["$x^2$", "<b>", "ä·日本", "a" * 500]
    assert np.abs(drawn(empty(), labels=strange) - drawn(empty(), labels=[""] * 4)).max() > 100


def test_the_same_palette_gives_the_same_small_file():
    masks = np.random.default_rng(1).integers(0, 512, (21, 21, 32)).astype(np.uint16)
    once = palette_png(masks, LABELS, (0.5, 0.5), [(0, 0), (1, 1)])
    assert once == palette_png(masks, LABELS, (0.5, 0.5), [(0, 0), (1, 1)])
    assert len(once) < 150_000


@pytest.mark.parametrize("shape", [(5, 5), (5, 4, 32), (1, 1, 32), (0, 0, 32)])
def test_cells_that_are_no_square_are_refused(shape):
    with pytest.raises(PaletteError, match=r"of the shape \(n, n, steps\)"):
        palette_png(np.zeros(shape, np.uint16), LABELS)


def test_three_labels_are_refused():
    with pytest.raises(PaletteError, match="four labels"):
        palette_png(empty(), LABELS[:3])
