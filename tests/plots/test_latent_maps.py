from __future__ import annotations

import base64

import numpy as np
import pytest

from latentpalette.errors import LatentError
from latentpalette.plots.latent_maps import MapPanel, latent_map
from latentpalette.plots.loop_grids import loop_grid
from latentpalette.plots.theme import HOLE_COLOR, track_color
from tests.plots.png import has_color, pixels, rgb


def positions(picture: np.ndarray, color: str) -> np.ndarray:
    """Return the pixels that have a color: rows and columns [n, 2], as shares of the picture."""
    return np.argwhere(has_color(picture, rgb(color), tolerance=60)) / picture.shape[:2]


def test_points_are_drawn_at_their_positions_in_the_color_of_their_group():
    points = np.array([[-1.0, 1.0]] * 20 + [[1.0, -1.0]] * 20)
    picture = pixels(latent_map(MapPanel(points, radius=2.0), ["rock"] * 20 + ["bossa"] * 20).png)[:-60]
    first, second = positions(picture, track_color(0)), positions(picture, track_color(1))
    assert len(first)
    assert len(second)
    assert first[:, 0].mean() < second[:, 0].mean(), "y goes up"
    assert first[:, 1].mean() < second[:, 1].mean(), "x goes to the right"


def test_a_field_is_drawn_where_it_is_not_zero():
    field = np.zeros((4, 4))
    field[0, 3] = 1.0  # the upper right
    picture = pixels(latent_map(MapPanel(np.zeros((0, 2)), field=field, radius=1.0)).png)
    reddish = np.argwhere((picture[..., 0] - picture[..., 2]) > 60) / picture.shape[:2]
    assert len(reddish) > 1000
    assert reddish[:, 0].max() < 0.5 < reddish[:, 1].min()


def test_a_field_of_zeros_is_invisible():
    blank = np.zeros((0, 2))
    with_field = latent_map(MapPanel(blank, field=np.zeros((4, 4)), radius=1.0)).png
    assert np.array_equal(pixels(with_field), pixels(latent_map(MapPanel(blank, radius=1.0)).png))


def test_maps_side_by_side_make_a_wide_picture():
    points = np.random.default_rng(0).standard_normal((9, 2))
    picture = pixels(latent_map([MapPanel(points), MapPanel(points, "after")]).png)
    assert picture.shape[1] == pytest.approx(2 * picture.shape[0], rel=0.01)


def test_a_long_legend_is_broken_into_lines_and_no_name_is_cut():
    points = np.random.default_rng(0).standard_normal((12, 2))
    groups = [f"drummer number {n}" for n in range(12)]
    one_line, two_lines = (pixels(latent_map(MapPanel(points), kinds).png) for kinds in (["a"] * 12, groups))
    assert two_lines.shape[0] > one_line.shape[0]
    margin = two_lines[-100:, -6:]
    assert (margin == 255).all()
    assert all(len(positions(two_lines[-160:], track_color(n))) for n in range(12))


def test_the_same_map_gives_the_same_bytes_and_has_a_text_alternative(tmp_path):
    points = np.random.default_rng(0).standard_normal((9, 2))
    first, second = latent_map(MapPanel(points, "here")), latent_map(MapPanel(points, "here"))
    assert first.png == second.png
    assert repr(first) == "Picture(9 points on a plane: here)"
    data, metadata = first._repr_mimebundle_()
    assert first.save(tmp_path / "a" / "map.png").read_bytes() == base64.b64decode(data["image/png"])
    assert metadata == {"image/png": {"width": 460, "alt": "9 points on a plane: here"}}


@pytest.mark.parametrize(
    ("maps", "groups", "message"),
    [
        ([], None, "no map"),
        (MapPanel(np.zeros((3, 4))), None, r"\[n, 2\]; got shape \(3, 4\)"),
        (MapPanel(np.zeros((3, 2))), ["a"], "Each of 3 points is of one group; got 1"),
        (MapPanel(np.zeros((3, 2)), field=np.zeros(4), radius=1.0), None, r"field of a map is \[size, size\]"),
    ],
)
def test_invalid_maps_are_refused(maps, groups, message):
    with pytest.raises(LatentError, match=message):
        latent_map(maps, groups)


def test_a_grid_of_loops_draws_each_in_its_cell_and_highlights_the_holes():
    tokens = np.zeros((4, 4, 32), int)
    tokens[0, 0] = 1 << 8  # upper left: the ride throughout
    tokens[3, 3, ::4] = 1  # lower right: kicks
    is_hole = np.zeros((4, 4), bool)
    is_hole[3, 3] = True
    picture = pixels(loop_grid(tokens, is_hole=is_hole).png)
    rides, kicks = positions(picture, "#5b78ee"), positions(picture, HOLE_COLOR)
    assert rides.max(0) == pytest.approx([0.1, 0.26], abs=0.06)
    assert kicks.min(0)[1] > 0.7
    with pytest.raises(LatentError, match=r"got shape \(4, 3, 32\)"):
        loop_grid(np.zeros((4, 3, 32), int))
