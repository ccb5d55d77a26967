"""Paths: cells, music, files; and that the browser finds the same cells."""

import json
import subprocess

import mido
import pytest

from latentpalette.errors import PaletteError
from latentpalette.latent.grids import cells_along
from latentpalette.widgets import bundle, partly_decoded
from latentpalette.widgets.clips import decode_clips
from tests.widgets.conftest import browser_sends


def test_the_browser_finds_the_same_cells(missing):
    strokes = [
        [[0.0, 0.0], [1.0, 1.0]],
        [[0.1, 0.93], [0.35, 0.5], [0.36, 0.49], [0.9, 0.12]],
        [[0.5, 0.5], [0.5, 0.05], [0.05, 0.05], [0.05, 0.5], [0.5, 0.5]],
        [[0.3, 0.7]],
    ]
    grid = (bundle.STATIC / "state" / "geometry.js").as_uri()
    script = f"""
        import {{ cellsAlong }} from {json.dumps(grid)};
        const all = {json.dumps(strokes)}.map((points) => [3, 11, 21].map((size) => cellsAlong(points, size)));
        console.log(JSON.stringify(all.map((each) => each.map((cells) => cells.map(({{ row, col }}) => [row, col])))));
    """
    try:
        command = ["node", "--input-type=module", "-e", script]
        answer = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    except FileNotFoundError:
        missing("node is not installed")
    ours = [[[list(cell) for cell in cells_along(points, size)] for size in (3, 11, 21)] for points in strokes]
    assert json.loads(answer) == ours


def test_a_path_is_assigned_from_cells_or_from_points(make):
    palette = make()
    palette.path = [(0, 0), (0, 2)]
    assert palette.points == [[0.0, 0.0], [0.5, 0.0]]
    palette.path = [(0.0, 0.0), (0.5, 0.0)]
    assert palette.path.cells == ((0, 0), (0, 1), (0, 2))
    other = make()
    other.path = palette.path
    assert other.path.cells == palette.path.cells


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ([(0, 9)], "0 to 4 here"),
        ([(0.5, 1.5)], "between 0 and 1"),
        ([(1, 2, 3)], "a list of cells"),
        (["ab"], "list of"),
    ],
)
def test_a_path_that_leaves_the_palette_is_refused(make, path, message):
    with pytest.raises(PaletteError, match=message):
        make().path = path


def test_each_cell_lasts_its_bars_and_keeps_the_column(make):
    palette = make(["Boom bap", "Trap", "Bossa", "Samba"], bars_per_cell=1)
    palette.path = [(0, 0), (0, 1)]
    first, second = palette.path.notes.slice(0, 16), palette.path.notes.slice(16, 32)
    assert first.notes == palette.notes(0, 0).slice(0, 16).notes
    assert second.notes == palette.notes(0, 1).slice(16, 32).notes


def test_a_lap_of_a_ping_pong_path_goes_there_and_back(make):
    palette = make(path_mode="ping-pong", bars_per_cell=4, qpm=60)
    palette.path = [(0, 0), (0, 2)]
    path = palette.path
    assert path.cells == ((0, 0), (0, 1), (0, 2), (0, 1))
    assert (path.bars, path.seconds, path.notes.steps) == (16, 64.0, 256)
    assert path.z.shape == (4, 288)
    assert repr(path) == "PalettePath(4 cells, 16 bars, 1:04)"


def test_the_midi_file_of_a_path_names_each_cell_where_it_begins(make, tmp_path):
    palette = make(qpm=120)
    palette.path = [(0, 0), (0, 2)]
    file = mido.MidiFile(palette.path.save(tmp_path / "walk.mid"), charset="utf-8")
    now, markers = 0.0, []
    for event in file:
        now += event.time
        if event.type == "marker":
            markers.append((round(now, 6), event.text))
    assert markers == [
        (0.0, "r1 c1 - A 1.00 B .00 C .00 D .00"),
        (4.0, "r1 c2 - A .75 B .25 C .00 D .00"),
        (8.0, "r1 c3 - A .50 B .50 C .00 D .00"),
    ]
    assert {event.channel for event in file if event.type == "note_on"} == {9}


def test_a_path_that_was_not_drawn_cannot_be_saved(make, tmp_path):
    palette = make()
    assert not palette.path
    with pytest.raises(PaletteError, match="There is no path to save"):
        palette.path.save(tmp_path / "walk.mid")


def test_the_grid_is_saved_as_a_file_a_cell(make, tmp_path):
    files = make(size=3).save_grid(tmp_path / "cells")
    assert [file.name for file in files[:2] + files[-1:]] == ["r01_c01.mid", "r01_c02.mid", "r03_c03.mid"]
    assert len(files) == 9


def test_a_path_over_cells_that_are_not_decoded_waits_for_who_plays_it(make, monkeypatch):
    monkeypatch.setattr(partly_decoded, "QUICK_WORK", 0)
    palette = make(size=11)
    seen = []
    palette.observe(lambda change: seen.append(change["new"]), "path")
    before = palette.model.decoded
    palette.path = [(1, 1), (1, 9)]
    assert (len(palette.path), palette.model.decoded) == (9, before)
    palette.path = [(1, 1), (1, 9)]
    palette.volume = 0.5
    assert len(seen) == 1
    assert palette.path.notes.steps == 9 * 2 * 16
    assert palette.model.decoded == before + 1
    whole = make(size=11)
    whole.standalone_state()
    whole.path = [(1, 1), (1, 9)]
    assert palette.path.notes == whole.path.notes


def test_the_cells_of_a_path_that_plays_are_decoded_before_others(make, wire, monkeypatch):
    monkeypatch.setattr(partly_decoded, "QUICK_WORK", 0)
    monkeypatch.setattr(partly_decoded, "MAX_BATCH_WORK", 32 * 4)
    palette = make(size=11)
    palette.path = [(1, 1), (1, 4)]
    missing = [index for index, clip in enumerate(decode_clips(palette.cells)) if clip is None]
    inputs = {name: getattr(palette, name) for name in ("corner_clips", "size", "interpolation", "chords")}
    body = {"grid_id": palette.grid_id, "indices": missing, **inputs}
    content: dict = {"again": True}
    while content.get("again"):  # it is done in parts
        browser_sends(palette, {"type": "request", "id": "1", "name": "cells", "body": body})
        content = wire[-1].data["content"]
    assert content["body"]["indices"] == [12, 13, 14, 15]
