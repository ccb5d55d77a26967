from __future__ import annotations

import numpy as np
import pytest

from latentpalette.errors import LatentError
from latentpalette.plots.colors import part_colour
from latentpalette.plots.latent_map_png import HOLLOW, Map, latent_map
from latentpalette.plots.loop_grid import loop_plane
from tests.plots.png import like, pixels


def rgb(colour: str) -> tuple[int, int, int]:
    return tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))


def places(picture: np.ndarray, colour: str) -> np.ndarray:
    """Where a colour is: rows and columns [n, 2], as shares of the picture."""
    return np.argwhere(like(picture, rgb(colour), tolerance=60)) / picture.shape[:2]


def test_points_lie_where_they_are_in_the_colour_of_their_group():
    cloud = np.array([[-1.0, 1.0]] * 20 + [[1.0, -1.0]] * 20)
    shown = pixels(latent_map(Map(cloud, reach=2.0), ["rock"] * 20 + ["bossa"] * 20).png)[:-60]
    first, second = places(shown, part_colour(0)), places(shown, part_colour(1))
    assert len(first)
    assert len(second)
    assert first[:, 0].mean() < second[:, 0].mean(), "y goes up"
    assert first[:, 1].mean() < second[:, 1].mean(), "x goes to the right"


def test_a_field_lies_beneath_where_it_is_not_zero():
    field = np.zeros((4, 4))
    field[0, 3] = 1.0  # the upper right
    shown = pixels(latent_map(Map(np.zeros((0, 2)), field=field, reach=1.0)).png)
    reddish = np.argwhere((shown[..., 0] - shown[..., 2]) > 60) / shown.shape[:2]
    assert len(reddish) > 1000
    assert reddish[:, 0].max() < 0.5 < reddish[:, 1].min()


def test_an_empty_field_leaves_no_trace():
    blank = np.zeros((0, 2))
    with_field = latent_map(Map(blank, field=np.zeros((4, 4)), reach=1.0)).png
    assert np.array_equal(pixels(with_field), pixels(latent_map(Map(blank, reach=1.0)).png))


def test_maps_beside_each_other_make_a_wide_picture():
    points = np.random.default_rng(0).standard_normal((9, 2))
    shown = pixels(latent_map([Map(points), Map(points, "after")]).png)
    assert shown.shape[1] == pytest.approx(2 * shown.shape[0], rel=0.01)


def test_many_names_take_a_second_line_and_none_is_cut():
    points = np.random.default_rng(0).standard_normal((12, 2))
    many = [f"drummer number {n}" for n in range(12)]
    one_line, several = (pixels(latent_map(Map(points), kinds).png) for kinds in (["a"] * 12, many))
    assert several.shape[0] > one_line.shape[0]
    margin = several[-100:, -6:]
    assert (margin == 255).all()
    assert all(len(places(several[-160:], part_colour(n))) for n in range(12))


def test_the_same_map_gives_the_same_bytes_and_says_what_it_shows(tmp_path):
    points = np.random.default_rng(0).standard_normal((9, 2))
    once, again = latent_map(Map(points, "here")), latent_map(Map(points, "here"))
    assert once.png == again.png
    assert repr(once) == "Picture(9 points on a plane: here)"
    png, size = once._repr_png_()
    assert once.save(tmp_path / "a" / "map.png").read_bytes() == png
    assert size == {"width": 460}


@pytest.mark.parametrize(
    ("maps", "groups", "message"),
    [
        ([], None, "no map"),
        (Map(np.zeros((3, 4))), None, r"\[n, 2\]; got shape \(3, 4\)"),
        (Map(np.zeros((3, 2))), ["a"], "Each of 3 points is of one group; got 1"),
        (Map(np.zeros((3, 2)), field=np.zeros(4), reach=1.0), None, r"field of a map is \[size, size\]"),
    ],
)
def test_what_is_no_map_is_refused(maps, groups, message):
    with pytest.raises(LatentError, match=message):
        latent_map(maps, groups)


def test_a_plane_of_loops_draws_each_where_it_is_and_marks_the_holes():
    masks = np.zeros((4, 4, 32), int)
    masks[0, 0] = 1 << 8  # upper left: the ride throughout
    masks[3, 3, ::4] = 1  # lower right: kicks
    hollow = np.zeros((4, 4), bool)
    hollow[3, 3] = True
    shown = pixels(loop_plane(masks, hollow=hollow).png)
    rides, kicks = places(shown, "#5b78ee"), places(shown, HOLLOW)
    assert rides.max(0) == pytest.approx([0.1, 0.26], abs=0.06)
    assert kicks.min(0)[1] > 0.7
    with pytest.raises(LatentError, match=r"got shape \(4, 3, 32\)"):
        loop_plane(np.zeros((4, 3, 32), int))
