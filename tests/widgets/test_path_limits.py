"""Long paths: found as quickly as short ones, and bounded."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from latentpalette.errors import PaletteError
from latentpalette.latent.grids import cell_at, cells_along
from latentpalette.plots.palette_png import MAX_PATH_POINTS, _thin_out

POINT = st.tuples(st.floats(0, 1), st.floats(0, 1))


def walk_along(points, size):
    """The cells of a stroke, sample by sample: the definition that `cells_along` follows."""
    cells = []
    for index, (x, y) in enumerate(points):
        px, py = points[max(index - 1, 0)]
        pieces = max(1, math.ceil(max(abs(x - px), abs(y - py)) * (size - 1) * 8)) if index else 1
        for piece in range(1, pieces + 1):
            cell = cell_at(px + ((x - px) * piece) / pieces, py + ((y - py) * piece) / pieces, size)
            if not cells or cells[-1] != cell:
                cells.append(cell)
    return cells


@given(st.lists(POINT, max_size=12), st.integers(3, 21))
def test_the_cells_of_any_stroke_are_those_of_its_samples(points, size):
    assert cells_along(points, size) == walk_along(points, size)


@pytest.fixture
def scribbled(make):
    palette = make(size=21)
    palette.points = np.random.default_rng(1).random((5000, 2))
    return palette


def test_a_scribble_of_five_thousand_points_is_a_path(scribbled):
    path = scribbled.path
    assert len(path) > 20_000
    assert path.z.shape == (len(path), 288)
    assert path.seconds == len(path) * 2 * 16 * 15 / 120
    assert path.cells == tuple(walk_along(scribbled.points, 21))


def test_notes_of_a_path_are_made_of_a_limited_number_of_bars(scribbled, tmp_path):
    with pytest.raises(PaletteError, match=r"notes are made of up to 20,000\. Take fewer points"):
        _ = scribbled.path.notes
    with pytest.raises(PaletteError, match="notes are made of up to"):
        scribbled.path.save(tmp_path / "walk.mid")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ([(0, 0)] * 5001, "up to 5,000 cells or points"),
        ([[0.5, 0.5]] * 5001, "up to 5,000 cells or points"),
        (iter(lambda: (0, 0), None), "up to 5,000 cells or points"),
        ("path.mid", "a list of cells"),
        ([(True, False)], "a list of cells"),
        ([(0, 10**400)], "0 to 4 here"),
        ([(0.0, math.nan)], "between 0 and 1"),
        ([(0.0, math.inf)], "between 0 and 1"),
    ],
)
def test_what_is_no_path_is_refused(make, path, message):
    with pytest.raises(PaletteError, match=message):
        make().path = path


def test_a_picture_draws_a_limited_number_of_points_and_both_ends():
    points = [(number / 4999, 0.5) for number in range(5000)]
    drawn = _thin_out(points)
    assert len(drawn) <= MAX_PATH_POINTS + 1
    assert (drawn[0], drawn[-1]) == (points[0], points[-1])
    assert _thin_out(points[:2]) == points[:2]
    assert _thin_out(points[:1]) == points[:1]


def test_paths_are_equal_if_cells_music_and_places_are(make):
    one, other = make(), make()
    one.path = other.path = [(0, 0), (0, 4)]
    assert one.path == other.path
    other.bars_per_cell = 4
    assert one.path != other.path
    assert one.path.notes is one.path.notes
