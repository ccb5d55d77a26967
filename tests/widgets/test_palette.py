"""The palette as a Python object."""

import base64

import numpy as np
import pytest

import latentpalette as lp
from latentpalette.errors import PaletteError
from latentpalette.music.accents import ACCENTS
from latentpalette.music.presets import presets
from latentpalette.widgets.palette import Palette
from tests.widgets.fakes import CrossFade

KICK = lp.NoteSequence.from_steps({"kick": [0, 8]}, steps=16)
SNARE = lp.NoteSequence.from_steps({"snare": [4, 12, 20, 28]}, steps=32)


def test_a_palette_without_corners_starts_from_four_presets(make):
    palette = make()
    assert len(set(palette.labels)) == 4
    assert set(palette.labels) <= set(presets())


def test_the_whole_grid_is_decoded_in_one_batch(make):
    assert make(size=7).model.decoded == 1


def test_a_loop_of_one_bar_is_played_twice(make):
    palette = make([KICK, SNARE, "Bossa", "Trap"])
    assert [note.step for note in palette.corners[0].notes] == [0, 8, 16, 24]


def test_corners_are_read_from_sequences_presets_files_and_places_in_latent_space(make, tmp_path):
    file = SNARE.save(tmp_path / "my loop.mid")
    z = CrossFade().encode([SNARE])[0]
    palette = make([KICK, "Boom bap", file, z])
    assert palette.labels == ["Loop A", "Boom bap", "my loop.mid, bars 1 and 2", "z D"]
    assert palette.corner_clips[2] == palette.corner_clips[3]


def test_a_loop_that_is_a_preset_is_called_by_its_name(make):
    assert make([presets()["Trap"], KICK, "Trap", presets()["Samba"]]).labels == ["Trap", "Loop B", "Trap", "Samba"]


@pytest.mark.parametrize(
    ("corners", "message"),
    [
        ([KICK, KICK, KICK], "four corners: A, B, C, D; got 3"),
        ("Boom bap", "as a list"),
        ([KICK, KICK, "Bom bap", KICK], "Did you mean 'Boom bap'"),
        ([KICK, 7, KICK, KICK], "Corner B is a NoteSequence, .*; got 7"),
        ([KICK.replace(steps=48), KICK, KICK, KICK], "has 48"),
        (
            [lp.NoteSequence([lp.Note(60, 0)], steps=32), KICK, KICK, KICK],
            r"No drums to encode: none of the notes \(1\)",
        ),
        (["nowhere.mid", KICK, KICK, KICK], "Corner A: nowhere.mid: no such file"),
    ],
)
def test_corners_that_cannot_be_read_are_named_with_what_to_do(make, corners, message):
    with pytest.raises(PaletteError, match=message):
        make(corners)


@pytest.mark.parametrize("size", [2, 22, 5.5, "11"])
def test_a_size_outside_3_to_21_is_refused(make, size):
    with pytest.raises(PaletteError, match="3 to 21"):
        make(size=size)


def test_a_setting_that_is_misspelt_is_refused_with_the_nearest(make):
    with pytest.raises(TypeError, match="Did you mean 'launch_quantization'"):
        make(launch_quantisation="bar")


def test_a_setting_out_of_range_is_refused(make):
    with pytest.raises(PaletteError, match="qpm"):
        make(qpm=500)


def test_a_model_that_makes_no_drums_is_refused():
    class Melody:
        converter = object()

    with pytest.raises(PaletteError, match="'Melody' makes none of them"):
        Palette(Melody())


def test_its_repr_is_stable_and_has_model_size_and_labels(make):
    assert repr(make()) == repr(make())
    assert repr(make(labels=list("abcd"))) == "Palette(drums-2bar, 5 by 5: a, b, c, d)"


def test_the_grid_is_the_bilinear_blend_of_the_corners(make):
    palette = make()
    corners = CrossFade().encode(list(palette.corners))
    assert palette.grid.shape == (5, 5, 288)
    np.testing.assert_allclose(palette.grid[0, 0], corners[0])
    np.testing.assert_allclose(palette.grid[2, 2], corners.mean(axis=0))


def test_the_selected_cell_follows_the_puck(make):
    palette = make()
    palette.puck = [1.0, 0.3]
    selected = palette.selected
    assert (selected.row, selected.col, selected.x, selected.y) == (1, 4, 1.0, 0.3)
    assert selected.weights == (0.0, 0.75, 0.0, 0.25)
    np.testing.assert_allclose(selected.z, palette.grid[1, 4])
    assert selected.notes == palette.notes(1, 4)


def test_selecting_a_cell_that_is_not_there_says_which_there_are(make):
    with pytest.raises(PaletteError, match="0 to 4 here; got row 5"):
        make().select(5, 0)


def test_every_hit_has_the_velocity_of_its_place_in_the_bar(make):
    palette = make([KICK] * 4)
    assert [note.velocity for note in palette.notes(0, 0).notes] == [ACCENTS[0][0], ACCENTS[0][8]] * 2


def test_a_corner_cell_is_the_corner_itself_until_reconstructions_are_asked_for(make):
    palette = make()
    palette.model.decode_classes = lambda z: np.zeros((len(z), 32), int)  # silence of everything
    palette.size = 4
    assert palette.notes(0, 3) == palette.corners[1]
    palette.use_original_corners = False
    assert len(palette.notes(0, 3)) == 0


def test_muted_lanes_are_left_out_and_locked_ones_replaced(make):
    palette = make([SNARE] * 4)
    palette.mutes = [False, True, *[False] * 7]
    palette.locks = [[1, 0, 0, 0] * 8, *[None] * 8]
    assert [(note.pitch, note.step) for note in palette.selected.notes.notes] == [
        (36, step) for step in range(0, 32, 4)
    ]


def test_new_corners_decode_the_grid_anew_and_are_sent_in_one_message(make, wire):
    palette = make()
    wire.clear()
    palette.corners = [KICK, SNARE, KICK, SNARE]
    assert palette.corners[1].notes[0].pitch == 38
    updates = [message.data["state"] for message in wire if message.data and message.data["method"] == "update"]
    assert len(updates) == 1
    assert {"corner_clips", "labels"} <= set(updates[0])


def test_another_size_set_from_python_decodes_the_grid_anew(make):
    palette = make()
    palette.size = 3
    assert palette.grid.shape == (3, 3, 288)
    assert len(palette.norm_percentiles) == 9


# --- observing ---------------------------------------------------------------------------------------------------


def test_an_observer_of_the_selected_cell_is_notified_of_a_move_of_the_puck_once(make):
    palette = make()
    seen = []
    palette.observe(lambda change: seen.append((change.name, change.new.row, change.new.col)), "selected")
    palette.select(0, 4)
    palette.select(0, 4)
    assert seen == [("selected", 0, 4)]


def test_observers_of_corners_path_and_grid_are_notified_of_their_changes_only(make):
    palette = make()
    seen = []
    palette.observe(lambda change: seen.append(change.name), ["corners", "path", "grid"])
    palette.volume = 0.1
    assert seen == []
    palette.path = [(0, 0), (1, 1)]
    assert seen == ["path"]
    palette.corners = ["Trap", "Bossa", "Samba", "Boom bap"]
    assert set(seen[1:]) == {"corners", "path", "grid"}


def test_an_observer_that_is_removed_is_notified_of_nothing_more(make):
    palette = make()
    seen = []
    palette.observe(seen.append, "selected")
    palette.unobserve(seen.append, "selected")
    palette.select(0, 0)
    assert seen == []


def test_plain_traits_are_observed_as_ever(make):
    palette = make()
    seen = []
    palette.observe(lambda change: seen.append(change.new), "qpm")
    palette.qpm = 90
    assert seen == [90]


# --- pages and pictures ---------------------------------------------------------------------------------------------


def test_a_picture_lies_beside_the_widget_for_where_none_runs(make):
    data, _ = make()._repr_mimebundle_()
    assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")
    assert "application/vnd.jupyter.widget-view+json" in data
    assert "text/html" not in data


def test_a_page_holds_everything_and_stays_under_a_megabyte(make, tmp_path):
    palette = make()
    page = palette.to_html(tmp_path / "beats.html")
    text = page.read_text(encoding="utf-8")
    for data in (palette.cells, palette.corner_z, palette.kit):
        assert base64.b64encode(data).decode() in text
    assert page.stat().st_size < 1_000_000
    assert "http:" not in text.replace("http-equiv", "")
    assert "default-src 'none'" in text


def test_a_label_cannot_break_out_of_the_page(make, tmp_path):
    text = make(labels=["</script><script>alert(1)</script>", "b", "c", "d"]).to_html(tmp_path / "x.html").read_text()
    assert "<script>alert(1)" not in text


def test_the_python_source_of_a_palette_makes_the_same_palette_again(make, monkeypatch):
    palette = make([KICK, "Trap", SNARE, "Bossa"], size=7, qpm=96, path_mode="ping-pong", mutes=[True] + [False] * 8)
    palette.path = [(0, 0), (6, 3)]
    palette.select(2, 5)
    monkeypatch.setitem(vars(lp), "load", lambda name: CrossFade())
    names: dict[str, object] = {}
    exec(palette.to_python(), names)
    again = names["palette"]
    for trait in ("corner_clips", "labels", "size", "qpm", "path_mode", "mutes", "cells"):
        assert getattr(again, trait) == getattr(palette, trait), trait
    assert again.path.cells == palette.path.cells
    assert (again.selected.row, again.selected.col) == (2, 5)


def test_the_python_source_of_a_new_palette_has_no_default_settings(make):
    assert make().to_python().splitlines()[:3] == ["import latentpalette as lp", "", "palette = lp.Palette("]
    assert "qpm" not in make().to_python()
    assert "labels" not in make().to_python()


# --- old names, for one release ---------------------------------------------------------------------------------------


def test_settings_are_accepted_by_their_old_names_with_a_warning(make):
    with pytest.warns(DeprecationWarning, match="quantise= is now called launch_quantization="):
        palette = make(quantise="bar")
    assert palette.launch_quantization == "bar"
    with pytest.warns(DeprecationWarning, match="originals is now called use_original_corners"):
        palette.originals = False
    assert palette.use_original_corners is False


def test_methods_answer_to_their_old_names_with_a_warning(make):
    palette = make()
    with pytest.warns(DeprecationWarning, match="code is now called to_python"):
        assert palette.code() == palette.to_python()


def test_state_that_was_saved_under_the_old_names_is_read(make):
    palette = make()
    palette.set_state({"originals": False, "quantise": "loop", "size": 5})
    assert (palette.use_original_corners, palette.launch_quantization) == (False, "loop")


def test_a_path_that_is_set_is_what_plays_next(make):
    palette = make()
    palette.path = [(0, 0), (0, 2)]
    assert palette.tool == "draw"
    assert palette.current_music() == palette.path.notes
    palette.tool = "drag"
    assert palette.current_music() == palette.selected.notes
