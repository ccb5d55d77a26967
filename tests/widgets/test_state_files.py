"""State files: what was edited in a palette, saved and opened again."""

import json
import re

import pytest

import latentpalette as lp
from latentpalette.errors import FileError, PaletteError
from latentpalette.widgets.bundle import STATIC
from latentpalette.widgets.groove_panel import GroovePanel
from latentpalette.widgets.melody_mixer import MelodyMixer
from latentpalette.widgets.sampler import Sampler
from latentpalette.widgets.state_file import MAX_BYTES, read_state, write_state

EDITS = {"qpm": 93.0, "mutes": [True, *[False] * 8], "size": 3, "path_mode": "once", "points": [[0.0, 0.0], [1.0, 1.0]]}


@pytest.fixture
def saved(make, tmp_path):
    palette = make()
    palette.corners = ["Bossa", "Samba", "Trap", "Boom bap"]
    for name, value in EDITS.items():
        setattr(palette, name, value)
    return palette, palette.save_state(tmp_path / "beats.json")


def change(path, **changes):
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))
    return path


def test_a_state_that_is_opened_is_the_one_that_was_saved(make, saved):
    palette, path = saved
    other = make()
    other.open_state(path)
    assert {name: getattr(other, name) for name in palette.edited} == {
        name: getattr(palette, name) for name in palette.edited
    }
    assert other.notes(1, 1) == palette.notes(1, 1)
    assert other.path == palette.path


def test_a_state_has_where_the_puck_was_and_the_tool(make, tmp_path):
    palette, other = make(), make()
    palette.puck, palette.tool = (0.25, 0.75), "draw"
    other.open_state(palette.save_state(tmp_path / "beats.json"))
    assert (tuple(other.puck), other.tool) == ((0.25, 0.75), "draw")


def test_a_state_without_them_leaves_them_as_they_are(make, saved):
    palette, path = saved
    palette.puck = (0.25, 0.75)
    state = json.loads(path.read_text())
    del state["traits"]["puck"], state["traits"]["tool"]
    palette.open_state(change(path, traits=state["traits"]))
    assert tuple(palette.puck) == (0.25, 0.75)


@pytest.mark.parametrize(
    ("script", "instrument"),
    [
        ("mixersession", MelodyMixer),
        ("loopssession", lp.LatentLoops),
        ("samplersession", Sampler),
        ("groovesession", GroovePanel),
        ("latentsession", lp.LatentSliders),
    ],
)
def test_the_browser_has_the_same_places(script, instrument):
    text = (STATIC / "state" / f"{script}.js").read_text(encoding="utf-8")
    (names,) = re.findall(r"^    places: \[(.*?)\],", text, re.MULTILINE)
    assert tuple(re.findall('"(.*?)"', names)) == instrument.placed


def test_the_browser_gets_an_opened_state_in_one_message_with_its_cells(make, saved, wire):
    other = make()
    wire.clear()
    other.open_state(saved[1])
    states = [message.data["state"] for message in wire if message.data.get("method") == "update"]
    assert [sorted(state) for state in states if "corner_clips" in state or "cells" in state] == [sorted(states[0])]
    assert {"corner_clips", "labels", "size", "qpm", "mutes"} <= set(states[0])


@pytest.mark.parametrize(
    ("script", "instrument"),
    [("session", lp.Palette), ("mixersession", MelodyMixer), ("loopssession", lp.LatentLoops)],
)
def test_the_browser_edits_the_same_traits(script, instrument):
    text = (STATIC / "state" / f"{script}.js").read_text(encoding="utf-8")
    (names,) = re.findall(r"const EDITED = \[(.*?)\]", text, re.DOTALL)
    assert tuple(re.findall('"(.*?)"', names)) == instrument.edited


def test_a_mixer_that_is_opened_again_has_its_ends_and_its_row(tmp_path):
    model = lp.load("melody-2bar")
    first, second, third = model.sample(3, temperature=0.8, seed=3)
    mixer, other = MelodyMixer(first, second, model, n=5), MelodyMixer(second, third, model)
    other.open_state(mixer.save_state(tmp_path / "row.json"))
    assert [tile.notes for tile in other.row] == [tile.notes for tile in mixer.row]


@pytest.mark.parametrize(
    ("script", "instrument", "lists"),
    [
        ("samplersession", Sampler, "TILES|DRAWN"),
        ("groovesession", GroovePanel, "LOOP|FEEL|EDITED"),
        ("latentsession", lp.LatentSliders, "MUSIC|EDITED"),
    ],
)
def test_the_browser_edits_the_same_traits_in_several_lists(script, instrument, lists):
    text = (STATIC / "state" / f"{script}.js").read_text(encoding="utf-8")
    parts = re.findall(rf"const (?:{lists}) = \[(.*?)\]", text, re.DOTALL)
    assert sorted(re.findall('"(.*?)"', ",".join(parts))) == sorted(instrument.edited)


def test_a_sampler_that_is_opened_again_has_its_tiles_and_stars(tmp_path):
    sampler, other = (Sampler(lp.load("drums-2bar"), 3, seed=seed) for seed in (7, 8))
    sampler.star(1)
    other.open_state(sampler.save_state(tmp_path / "tiles.json"))
    assert [tile.notes for tile in other.tiles] == [tile.notes for tile in sampler.tiles]
    assert other.stars == sampler.stars


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"kind": "a recipe"}, "beats.json is no state of an instrument"),
        ({"version": 2}, "saved by a later version"),
        ({"instrument": "Sampler"}, "of another instrument: Sampler, not Palette"),
        ({"model": "melody-2bar"}, "a state of the model melody-2bar; this one is drums-2bar"),
        ({"traits": {"qpm": 93, "kit": ""}}, "is damaged"),
        ({"traits": [1]}, "is damaged"),
        ({"traits": {"qpm": 93, "size": 2.5}}, "size"),
        ({"traits": {"qpm": 93, "mutes": [True]}}, "mutes"),
    ],
)
def test_a_file_that_is_not_of_this_palette_changes_nothing_and_says_why(make, saved, changes, message):
    palette = make()
    with pytest.raises(PaletteError, match=message):
        palette.open_state(change(saved[1], **changes))
    assert palette.qpm == 120


@pytest.mark.parametrize("data", [b"", b"MThd", b"\xff\xfe", b"[" * 100_000, b"null"])
def test_a_damaged_file_is_refused(make, tmp_path, data):
    path = tmp_path / "beats.json"
    path.write_bytes(data)
    with pytest.raises(PaletteError, match=r"beats\.json is"):
        make().open_state(path)


def test_a_file_that_is_missing_or_too_large_is_refused(make, tmp_path):
    with pytest.raises(FileError, match=r"none\.json: cannot be read"):
        make().open_state(tmp_path / "none.json")
    (tmp_path / "big.json").write_bytes(b" " * (MAX_BYTES + 1))
    with pytest.raises(FileError, match=r"big\.json: longer than"):
        make().open_state(tmp_path / "big.json")


def test_bytes_come_back_as_bytes(tmp_path):
    path = write_state(tmp_path / "a.json", instrument="Sampler", model="m", traits={"clips": b"\x01\xfa"})
    assert read_state(path, instrument="Sampler", model="m", names=["clips"]) == {"clips": b"\x01\xfa"}


@pytest.mark.parametrize("wrong", [None, 3, b"beats.json", ["beats.json"]])
def test_what_is_no_path_is_refused_in_our_words(make, wrong):
    palette = make()
    for method in (palette.open_state, palette.save_state):
        with pytest.raises(FileError, match=r"A path is text or a pathlib\.Path; got \w+\."):
            method(wrong)
