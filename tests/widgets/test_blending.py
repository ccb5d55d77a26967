"""The corners of a palette are blended along the flow of a learned prior, and every part of the palette follows."""

from __future__ import annotations

import numpy as np
import pytest

from latentpalette.latent.flow_paths import FLOW_TIME, grid_along_flow
from latentpalette.latent.grids import bilinear_grid
from latentpalette.widgets.checked_traits import SettingError
from latentpalette.widgets.clips import decode_clips
from tests.widgets.conftest import browser_sends, browser_sets
from tests.widgets.fakes import Powers, tokens_of

CORNERS = ["Boom bap", "Trap", "Bossa", "Samba"]


def corner_z(palette):
    return np.frombuffer(palette.corner_z, "<f4").reshape(4, -1)


def decoded(palette):
    """Return the tokens that the model makes of the z of the palette's own grid."""
    grid = palette.grid
    return palette.model.decode_classes(grid.reshape(-1, grid.shape[-1]).astype(np.float32)).tolist()


def test_without_a_prior_the_grid_is_bilinear_as_ever(make):
    palette = make(CORNERS)
    assert (palette.interpolation, palette.has_prior) == ("lerp", False)
    assert np.array_equal(palette.grid, bilinear_grid(corner_z(palette), 5))


@pytest.mark.parametrize(("given", "time"), [(None, FLOW_TIME), (0, 0.0), (0.25, 0.25), (1, 1.0)])
def test_with_a_prior_the_grid_follows_its_flow(make, given, time):
    palette = make(CORNERS, prior=Powers(), interpolation=given)
    assert palette.interpolation == time
    assert np.array_equal(palette.grid, grid_along_flow(Powers(), corner_z(palette), 5, time=time))
    assert [tokens_of(clip) for clip in decode_clips(palette.cells)] == decoded(palette)


@pytest.mark.parametrize("name", ["lerp", "straight"])
def test_straight_lines_can_be_asked_of_a_model_with_a_prior(make, name):
    palette = make(CORNERS, prior=Powers(), interpolation=name)
    assert palette.interpolation == "lerp"
    assert np.array_equal(palette.grid, bilinear_grid(corner_z(palette), 5))


def test_the_corners_stay_exactly_themselves(make):
    palette = make(CORNERS, prior=Powers(), use_original_corners=False)
    assert np.array_equal(palette.grid[[0, 0, -1, -1], [0, -1, 0, -1]], corner_z(palette))


def test_another_interpolation_decodes_the_grid_again_and_all_that_follows(make):
    palette = make(CORNERS, prior=Powers(), interpolation=1.0)
    palette.select(1, 2)
    palette.path = [(1, 0), (1, 4)]
    changed = []
    palette.observe(lambda change: changed.append(change.name), ["grid", "selected", "path"])
    before = palette.cells
    palette.interpolation = 0.0
    assert palette.cells != before
    assert np.array_equal(palette.grid, grid_along_flow(Powers(), corner_z(palette), 5, time=0.0))
    assert np.array_equal(palette.selected.z, palette.grid[1, 2])
    assert np.array_equal(palette.path.z, palette.grid[1])
    assert changed == ["grid", "selected", "path"]


def test_z_follows_the_interpolation_where_the_notes_stay_the_same(make):
    palette = make(["Boom bap"] * 4, prior=Powers(), interpolation=0.5, size=3)
    palette.model.decode_classes = lambda z: np.zeros((len(z), 32), int)
    palette.interpolation = 0.25
    cells = palette.cells
    palette.corners = ["Boom bap", "Trap", "Bossa", "Samba"]
    before = palette.grid
    palette.interpolation = 1.0
    assert palette.cells == cells
    assert not np.array_equal(palette.grid, before)
    assert np.array_equal(palette.selected.z, palette.grid[1, 1])


@pytest.mark.parametrize("wrong", [-0.1, 1.1, float("nan"), True, "slerp", "music", None, [0.5]])
def test_another_value_is_refused_and_nothing_changes(make, wrong):
    palette = make(CORNERS, prior=Powers())
    before = palette.cells, palette.interpolation
    with pytest.raises(SettingError, match=r"0 \(musical\) to 1 \(smooth\)"):
        palette.interpolation = wrong
    assert (palette.cells, palette.interpolation) == before
    if wrong is not None:
        with pytest.raises(SettingError, match="interpolation"):
            make(CORNERS, prior=Powers(), interpolation=wrong)


def test_a_time_without_a_prior_is_refused_with_advice(make):
    with pytest.raises(SettingError, match=r"drums-2bar has none.*fit-prior"):
        make(CORNERS, interpolation=0.4)
    palette = make(CORNERS)
    with pytest.raises(SettingError, match="fit-prior"):
        palette.interpolation = 0.4
    assert palette.interpolation == "lerp"
    palette.interpolation = "straight"
    assert palette.interpolation == "lerp"


def ask(palette, wire, name, body, buffers=()):
    """Ask as the browser does, again until all parts are done."""
    while True:
        browser_sends(palette, {"type": "request", "id": "1", "name": name, "body": body}, buffers)
        content = next(message.data["content"] for message in reversed(wire) if message.data.get("method") == "custom")
        if not content.get("again"):
            return content


def test_the_slider_sets_the_trait_and_asks_for_its_grid_which_undo_restores(make, wire):
    palette = make(CORNERS, prior=Powers(), interpolation=1.0)
    old = palette.cells, palette.corner_z
    grid, percentiles = palette.grid, palette.norm_percentiles
    corners = {"corner_clips": palette.corner_clips, "labels": palette.labels, "size": 5, "chords": []}
    before = palette.model.decoded
    browser_sets(palette, {"interpolation": 0})
    assert palette.model.decoded == before  # the old grid plays on, and its z go with it
    assert palette.grid is grid
    assert ask(palette, wire, "decode", {**corners, "interpolation": 0})["ok"]
    assert palette.model.decoded == before + 1
    assert np.array_equal(palette.grid, grid_along_flow(Powers(), corner_z(palette), 5, time=0.0))
    body = {**corners, "interpolation": 1, "norm_percentiles": percentiles}
    assert ask(palette, wire, "restore", body, old)["ok"]
    assert (palette.interpolation, palette.cells) == (1.0, old[0])
    assert np.array_equal(palette.grid, grid)
    assert palette.model.decoded == before + 1


def test_a_browser_cannot_ask_for_a_flow_that_there_is_not(make, wire):
    palette = make(CORNERS)
    body = {
        "corner_clips": palette.corner_clips,
        "labels": palette.labels,
        "size": 5,
        "interpolation": 0.5,
        "chords": [],
    }
    response = ask(palette, wire, "decode", body)
    assert not response["ok"]
    assert "fit-prior" in response["error"]
    browser_sets(palette, {"interpolation": 0.5, "size": 7})
    assert (palette.interpolation, palette.size) == ("lerp", 5)


def test_percentiles_are_ranks_among_samples_of_the_learned_prior(make):
    palette = make(CORNERS, prior=Powers())
    norms = np.linalg.norm(palette.grid, axis=-1).ravel()
    assert palette.norm_percentiles == pytest.approx(100 * norms / 12, abs=1.5)


def test_copied_source_has_an_interpolation_that_is_not_the_default(make):
    assert "interpolation" not in make(CORNERS, prior=Powers()).to_python()
    assert "    interpolation=0.25,\n" in make(CORNERS, prior=Powers(), interpolation=0.25).to_python()
    assert "    interpolation='lerp',\n" in make(CORNERS, prior=Powers(), interpolation="lerp").to_python()
    assert "interpolation" not in make(CORNERS).to_python()


def test_a_page_and_a_saved_notebook_have_the_interpolation(make):
    palette = make(CORNERS, prior=Powers(), interpolation=0.25)
    assert (palette.standalone_state()["interpolation"], palette.standalone_state()["has_prior"]) == (0.25, True)
    assert {"interpolation", "has_prior"} <= set(palette.saved)
