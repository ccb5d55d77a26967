"""Corners, grid, selected cell and path: they follow from other traits, are observed like these, and cost little."""

import numpy as np
import pytest
import traitlets

import latentpalette as lp
from latentpalette.errors import PaletteError
from latentpalette.widgets.clips import decode_clips
from tests.widgets.conftest import browser_sends, browser_sets
from tests.widgets.fakes import clip_json, tokens_of

COMPUTED = ("corners", "grid", "selected", "path")


@pytest.fixture
def changes(make):
    """A palette, and what an observer of all traits receives for the computed ones: names, in order."""
    palette = make(["Boom bap", "Trap", "Bossa", "Samba"])
    names: list[str] = []
    palette.observe(lambda change: names.append(change.name) if change.name in COMPUTED else None)
    return palette, names


def test_the_encoder_runs_once_for_each_decoded_grid_and_never_else(make):
    palette = make(["Boom bap", "Trap", "Bossa", "Samba"])
    encoder = palette.model
    palette.observe(lambda change: (change.new.z, change.new.notes), ["selected", "path"])
    assert encoder.encoded == 1
    for x in np.linspace(0, 1, 30).tolist():
        palette.puck = [x, 0.5]
        browser_sets(palette, {"puck": [x, 0.7]})
        assert palette.selected.z.shape == palette.grid[0, 0].shape
    palette.path = [(0, 0), (4, 4)]
    palette.qpm, palette.path_mode = 96, "ping-pong"
    assert palette.path.z.shape == (len(palette.path), 288)
    assert encoder.encoded == 1

    body = {
        "corner_clips": [clip_json([1] * 32)] * 4,
        "labels": list("abcd"),
        "size": 3,
        "interpolation": "lerp",
        "chords": [],
    }
    before = {
        name: getattr(palette, name)
        for name in ("corner_clips", "labels", "size", "interpolation", "chords", "norm_percentiles")
    }
    buffers = palette.cells, palette.corner_z
    grid = palette.grid
    browser_sends(palette, {"type": "request", "id": "1", "name": "decode", "body": body})
    assert (encoder.encoded, palette.grid.shape) == (2, (3, 3, 288))
    browser_sends(palette, {"type": "request", "id": "2", "name": "restore", "body": before}, buffers)  # undo
    np.testing.assert_array_equal(palette.grid, grid)
    assert palette.path.z.shape == (len(palette.path), 288)
    assert encoder.encoded == 2

    palette.size = 7
    assert (encoder.encoded, palette.selected.z.shape, palette.grid.shape) == (3, (288,), (7, 7, 288))


def test_the_grid_is_what_was_decoded_and_one_for_everybody(make):
    palette = make()
    assert palette.grid is palette.grid
    with pytest.raises(ValueError, match="read-only"):
        palette.grid[0, 0, 0] = 1
    palette.selected.z[0] = 9  # a copy
    assert palette.grid[2, 2, 0] != 9


@pytest.mark.parametrize("name", ["grid", "selected"])
def test_what_follows_from_the_corners_alone_cannot_be_assigned(make, name):
    with pytest.raises(traitlets.TraitError, match="read-only"):
        setattr(make(), name, None)


def test_an_observer_of_everything_is_sent_the_computed_traits_too(changes):
    palette, names = changes
    palette.select(0, 1)
    palette.path = [(0, 0), (0, 4)]
    assert names == ["selected", "path"]


def test_no_change_is_sent_of_what_stays_the_same(changes):
    palette, names = changes
    palette.volume = 0.2
    palette.puck = list(palette.puck)
    palette.path = []
    palette.bars_per_cell, palette.path_mode = 4, "once"
    palette.mutes = [not any(token >> drum & 1 for token in tokens_of(palette.selected.clip)) for drum in range(9)]
    assert any(palette.mutes)
    assert [name for name in names if name != "path"] == []


def test_a_change_of_another_corner_leaves_the_selected_corner_as_it_was(changes):
    palette, names = changes
    palette.select(0, 0)
    names.clear()
    palette.corners = [palette.corners[0], "Trap", "Trap", "Trap"]
    assert names == ["corners", "grid"]


def test_an_audible_mute_changes_the_selected_cell_and_the_path_that_crosses_it(changes):
    palette, names = changes
    palette.path = [(0, 0), (4, 4)]
    names.clear()
    before = palette.selected, palette.path
    palette.mutes = [True] * 9
    assert names == ["selected", "path"]
    assert (palette.selected, palette.path) != before
    assert len(palette.selected.notes) == 0 < len(before[0].notes)
    assert np.array_equal(palette.selected.z, before[0].z)


def test_the_tempo_of_the_corners_follows_but_is_no_change_of_them(changes):
    palette, names = changes
    palette.qpm = 90
    assert "corners" not in names
    assert {corner.qpm for corner in palette.corners} == {90}


def test_a_change_has_the_value_before_and_the_value_after(make):
    palette = make()
    seen = []
    palette.observe(lambda change: seen.append((change.old.row, change.new.row, change.owner)), "selected")
    palette.select(0, 0)
    assert seen == [(2, 0, palette)]


def test_values_are_equal_and_hash_alike_if_position_z_and_notes_are(make):
    one, other = make(["Trap"] * 4), make(["Trap"] * 4)
    one.path = other.path = [(0, 0), (1, 1)]
    assert one.selected == other.selected
    assert one.path == other.path
    assert len({one.selected, other.selected, one.path, other.path}) == 2
    assert one.selected != one.path
    assert one.selected is not None
    other.select(0, 0)
    assert one.selected != other.selected


def test_the_notes_are_made_when_they_are_asked_for_and_kept(make):
    palette = make()
    assert "notes" not in vars(palette.selected)
    assert palette.selected.notes is palette.selected.notes


def test_corners_and_path_can_be_assigned_while_notifications_are_held(make):
    palette = make()
    seen = []
    palette.observe(lambda change: seen.append(change.name), COMPUTED)
    with palette.hold_trait_notifications():
        palette.corners = ["Trap"] * 4
        palette.path = [(0, 0), (0, 1)]
        assert seen == []
    assert sorted(seen) == ["corners", "grid", "path", "selected"]
    assert palette.labels == ["Trap"] * 4
    assert palette.path.cells == ((0, 0), (0, 1))


def test_a_path_that_is_refused_leaves_the_one_that_is_there(make):
    palette = make()
    palette.path = [(0, 0), (0, 1)]
    for path in (7, [7], [(0, 9)], [(0.5, float("nan"))]):
        with pytest.raises(PaletteError, match=r"path|Rows|Points"):
            palette.path = path
    assert palette.path.cells == ((0, 0), (0, 1))


def test_corners_that_are_refused_leave_those_that_are_there(make):
    palette = make()
    before = palette.corners, palette.cells, palette.labels
    with pytest.raises(PaletteError, match="four corners"):
        palette.corners = ["Trap"]
    assert (palette.corners, palette.cells, palette.labels) == before


def test_an_observer_of_the_puck_may_ask_for_another_grid(make):
    palette = make()
    palette.observe(lambda change: setattr(palette, "size", 3), "puck")
    browser_sets(palette, {"puck": [0, 0]})
    assert (palette.size, palette.grid.shape, len(decode_clips(palette.cells))) == (3, (3, 3, 288), 9)


def test_a_selected_cell_can_be_linked_to_another_widget(make):
    class Label(traitlets.HasTraits):
        row = traitlets.Int()

    palette, label = make(), Label()
    traitlets.dlink((palette, "selected"), (label, "row"), lambda selected: selected.row)
    palette.select(4, 0)
    assert label.row == 4


def test_a_message_with_a_value_out_of_range_changes_nothing(make, caplog):
    palette = make()
    decoded = palette.model.decoded
    browser_sets(palette, {"corner_clips": [clip_json([1] * 32)] * 4, "size": 99})
    assert "a whole number from 3 to 21; got 99" in caplog.text
    palette.puck = [0, 0]
    assert (palette.size, palette.model.decoded) == (5, decoded)
    palette.corner_clips = [clip_json([1] * 32)] * 4
    assert palette.model.decoded == decoded + 1
    assert isinstance(palette.corners[0], lp.NoteSequence)
