"""The puck of a palette between its cells."""

import numpy as np
import pytest

from latentpalette.latent.flow_paths import blend_at, grid_along_flow
from latentpalette.latent.grids import bilinear_weights
from latentpalette.progress.parts import finish
from latentpalette.widgets.clips import decode_clips
from tests.widgets.conftest import browser_sets
from tests.widgets.fakes import Powers, tokens_of


@pytest.fixture
def palette(make):
    return make(prior=Powers(), between_cells=True)


def test_it_plays_exactly_where_the_puck_is(palette):
    palette.puck = [0.3, 0.6]
    selected = palette.selected
    corners = np.frombuffer(palette.corner_z, "<f4").reshape(4, -1)
    z = blend_at(corners, 0.3, 0.6, flow=palette.model.prior, interpolation=palette.interpolation)
    assert np.array_equal(selected.z, z)
    assert (selected.row, selected.col, selected.x, selected.y) == (2, 1, 0.3, 0.6)
    assert selected.weights == tuple(bilinear_weights(0.3, 0.6).tolist())
    [tokens] = palette.model.decode_classes(z[None].astype(np.float32)).tolist()
    assert tokens_of(selected.clip) == tokens


def test_on_a_cell_it_plays_the_cell(palette):
    palette.select(1, 3)
    assert np.array_equal(palette.selected.z, palette.grid[1, 3])
    palette.puck = [0.3, 0.6]
    palette.between_cells = False
    assert np.array_equal(palette.selected.z, palette.grid[2, 1])


def test_blends_of_the_cells_are_those_of_the_grid():
    corners = np.random.default_rng(0).normal(size=(4, 6))
    grid = grid_along_flow(Powers(), corners, 5, time=0.4)
    for row in range(5):
        for col in range(5):
            z = blend_at(corners, col / 4, row / 4, flow=Powers(), interpolation=0.4)
            assert np.allclose(z, grid[row, col], rtol=0, atol=1e-6)
    assert np.array_equal(blend_at(corners, 1, 0, flow=Powers(), interpolation=0.4), corners[1])


def test_observers_are_called_when_the_switch_or_the_puck_changes_the_music(palette):
    changed = []
    palette.observe(lambda change: changed.append(change.new.z), "selected")
    browser_sets(palette, {"puck": [0.3, 0.6]})
    browser_sets(palette, {"between_cells": False})
    assert len(changed) == 2
    assert not np.array_equal(*changed)


def test_the_browser_may_ask_for_a_point(palette):
    palette.puck = [0.3, 0.6]
    assert between(palette, grid_id=palette.grid_id) == palette.selected.clip


PAGE_S_NUMBER = 1_000_007  # of a grid that the page has decoded


def between(palette, **changes):
    """The clip that the browser gets of a point."""
    inputs = {name: getattr(palette, name) for name in ("corner_clips", "size", "interpolation", "chords")}
    _, [data] = finish(palette._handle_between(**{"grid_id": PAGE_S_NUMBER, "point": [0.3, 0.6], **inputs, **changes}))
    [clip] = decode_clips(data)
    return clip


def test_a_point_of_a_grid_that_the_page_has_decoded_is_that_of_its_corners(palette):
    palette.puck = [0.3, 0.6]
    same = palette.selected.clip
    assert between(palette) == same
    others = palette.corner_clips[2:] * 2
    wanted = between(palette, corner_clips=others)
    assert palette.selected.clip == same
    palette.corners = [*palette.corners[2:]] * 2
    assert between(palette) == wanted == palette.selected.clip != same


def test_its_python_says_so(palette):
    assert "between_cells=True" in palette.to_python()
