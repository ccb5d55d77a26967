"""The sampler as a Python object."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

import latentpalette as lp
from latentpalette.errors import PaletteError
from latentpalette.widgets import instrument as module
from latentpalette.widgets.clips import decode_clips, encode_clips
from latentpalette.widgets.sampler import Sampler
from tests.widgets.conftest import browser_sends, browser_sets
from tests.widgets.fakes import Clicks, CrossFade, tokens_of

KICK = lp.NoteSequence.from_steps({"kick": [0, 8, 16, 24]}, steps=32)


@pytest.fixture
def make(wire, monkeypatch):
    """Make a sampler over a fake model: ``make(4, seed=7)``."""
    monkeypatch.setattr(module, "kit_of_streams", lambda streams: Clicks())
    return lambda n=4, **settings: Sampler(CrossFade(), n, **{"seed": 7, **settings})


def answer_of(sampler, wire, name, **body):
    """What Python answers a request of the browser."""
    wire.clear()
    browser_sends(sampler, {"type": "request", "id": 1, "name": name, "body": body})
    (message,) = wire
    content = message.data["content"]
    assert content["ok"], content
    return content["body"], message.buffers


def hits_of(sampler):
    return [len(tile.notes.notes) for tile in sampler.tiles]


def test_the_tiles_are_the_samples_of_the_seed(make):
    sampler = make(5, temperature=0.9)
    samples = CrossFade().sample(5, temperature=0.9, seed=7)
    played = [[(note.step, note.pitch) for note in tile.notes.notes] for tile in sampler.tiles]
    assert played == [[(note.step, note.pitch) for note in sample.notes] for sample in samples]
    assert [tile.label for tile in sampler.tiles][:2] == ["seed 7, no. 1", "seed 7, no. 2"]


def test_the_same_seed_gives_the_same_tiles(make):
    assert make().clips == make().clips != make(seed=8).clips


def test_a_roll_leaves_the_starred_tiles_and_goes_on_with_the_next_seed(make):
    sampler = make()
    before = sampler.tiles
    sampler.star(1, 3)
    sampler.reroll()
    after = sampler.tiles
    assert sampler.seed == 8
    assert [after[k].source == before[k].source for k in range(4)] == [False, True, False, True]
    assert [tile.label for tile in after] == ["seed 8, no. 1", "seed 7, no. 2", "seed 8, no. 2", "seed 7, no. 4"]


def test_one_tile_is_rolled_alone_and_the_seed_stays_that_of_the_others(make):
    sampler = make()
    before = sampler.tiles
    sampler.reroll(2)
    assert [after.source == tile.source for after, tile in zip(sampler.tiles, before, strict=True)] == [
        True,
        True,
        False,
        True,
    ]
    assert (sampler.seed, sampler.tiles[2].label) == (7, "seed 8, no. 1")
    sampler.reroll(2)
    assert sampler.tiles[2].label == "seed 9, no. 1"


@pytest.mark.parametrize(("name", "value"), [("temperature", 2.0), ("seed", 11)])
def test_another_temperature_or_seed_draws_the_free_tiles_anew(make, name, value):
    sampler = make()
    sampler.star(0)
    kept = sampler.tiles[0]
    setattr(sampler, name, value)
    assert sampler.tiles[0] == kept
    assert sampler.tiles[1:] != make().tiles[1:]


def test_ranges_keep_samples_inside_and_count_those_that_were_tried(make):
    sampler = make(6, ranges={"hits": (25, 28)})
    assert set(hits_of(sampler)) <= {25, 26, 27, 28}
    assert sampler.tried > 6


def test_other_ranges_roll_only_the_tiles_outside(make):
    sampler = make(8)
    inside = [tile for tile in sampler.tiles if 20 <= tile.values["hits"] <= 40]
    sampler.ranges = {"hits": (20, 40)}
    assert 0 < len(inside) < 8
    assert [tile for tile in sampler.tiles if tile.label.startswith("seed 7")] == inside
    assert all(20 <= hits <= 40 for hits in hits_of(sampler))


def test_a_tile_for_which_nothing_was_found_is_empty_and_says_so(make):
    sampler = make(3, ranges={"hits": (200, 300)})
    assert sampler.tiles == (None, None, None)
    assert sampler.tried == 16 * 64
    with pytest.raises(PaletteError, match="no sample was found in the ranges"):
        _ = sampler.notes


def test_an_attribute_that_the_music_does_not_have_is_refused_with_the_nearest_one(make):
    with pytest.raises(PaletteError, match=r"no attribute 'hit'\. Did you mean 'hits'"):
        make(ranges={"hit": (1, 2)})
    with pytest.raises(PaletteError, match="begins with the lower number; got 9 to 2"):
        make(ranges={"hits": (9, 2)})


def test_the_chosen_and_the_starred_tiles_have_notes_and_z_and_are_observed(make):
    sampler = make()
    seen = []
    sampler.observe(lambda change: seen.append([tile.index for tile in change["new"]]), "starred")
    sampler.star(0, 2)
    sampler.star(0, on=False)
    assert seen == [[0, 2], [2]]
    sampler.select(2)
    assert sampler.selected == sampler.starred[0]
    assert np.array_equal(sampler.z, CrossFade().encode([sampler.selected.notes])[0])


def test_mutes_change_what_a_tile_plays_and_not_its_z(make):
    sampler = make()
    z = sampler.z
    sampler.mutes = [True] + [False] * 8
    assert 36 not in {note.pitch for note in sampler.notes.notes}
    assert np.array_equal(sampler.z, z)


def test_tiles_can_be_given(make):
    sampler = make()
    sampler.tiles = [KICK, "Bossa"]
    assert (sampler.n, [tile.label for tile in sampler.tiles]) == (2, ["Loop 1", "Bossa"])
    assert [note.step for note in sampler.tiles[0].notes.notes] == [0, 8, 16, 24]


def test_the_python_source_of_a_sampler_makes_it_again():
    sampler = Sampler(lp.load("drums-2bar"), 3, seed=5, best_of=1, temperature=0.7, qpm=96)
    plain = sampler.to_python()
    sampler.star(0, 2)
    sampler.reroll(1)
    sampler.tile = 2
    for source in (plain, sampler.to_python()):
        names: dict[str, Sampler] = {}
        exec(source, names)
        again = names["sampler"]
        assert (again.seed, again.temperature, again.qpm, again.best_of) == (5, 0.7, 96, 1)
    assert "tiles" not in plain
    assert decode_clips(again.clips) == decode_clips(sampler.clips)
    assert (again.stars, again.tile) == (sampler.stars, 2)


def test_the_python_source_has_empty_tiles():
    sampler = Sampler(lp.load("drums-2bar"), 2, seed=5, best_of=1)
    sampler.tiles = ["Boom bap", None]
    names: dict[str, Sampler] = {}
    exec(sampler.to_python(), names)
    assert decode_clips(names["sampler"].clips) == decode_clips(sampler.clips)
    assert names["sampler"].tiles[1] is None


def test_files_are_written_of_the_chosen_and_of_the_starred_tiles(make, tmp_path):
    sampler = make()
    assert sampler.save(tmp_path / "one.mid").stat().st_size > 100
    with pytest.raises(PaletteError, match="No tile is starred"):
        sampler.save_starred(tmp_path)
    sampler.star(1, 3)
    assert [path.name for path in sampler.save_starred(tmp_path / "kept")] == ["tile_02.mid", "tile_04.mid"]


def test_the_browser_draws_samples_a_few_at_a_time(make, wire):
    sampler = make()
    drawing = {"seed": 7, "temperature": 0.8, "best_of": 1, "conditions": {}, "chords": []}
    body, (data,) = answer_of(sampler, wire, "draw", count=4, start=0, ranges={}, **drawing)
    assert (body["found"], body["tried"], body["more"], bytes(data)) == (4, 4, False, sampler.clips)
    body, (data,) = answer_of(sampler, wire, "draw", count=2, start=2, ranges={}, **drawing)
    assert decode_clips(bytes(data)) == decode_clips(sampler.clips)[2:]


def test_within_ranges_samples_are_tried_until_enough_are_found_or_all_were(make, wire):
    sampler = make(6, ranges={"hits": (31, 40)})
    drawing = {
        "seed": 7,
        "temperature": 0.8,
        "best_of": 1,
        "conditions": {},
        "chords": [],
        "ranges": {"hits": [31, 40]},
    }
    found, tried, more = [], 0, True
    while more and len(found) < 6:
        body, (data,) = answer_of(sampler, wire, "draw", count=6 - len(found), start=tried, **drawing)
        found += decode_clips(bytes(data))
        tried, more = tried + body["tried"], body["more"]
    assert found == decode_clips(sampler.clips)
    assert tried == sampler.tried
    body, _ = answer_of(sampler, wire, "draw", count=64, start=16 * 64 - 1, **drawing)
    assert (body["tried"], body["more"]) == (1, False)


def test_a_clip_that_is_to_be_a_tile_is_measured_as_tiles_are(make, wire):
    sampler = make()
    body, _ = answer_of(sampler, wire, "measure", clip=decode_clips(sampler.clips)[2].to_json())
    assert body == {"values": sampler.values[2]}


def test_variations_are_as_similar_as_asked_for(make, wire):
    sampler = make()
    tokens = np.array(tokens_of(sampler.tiles[1].source))
    body, (data,) = answer_of(sampler, wire, "similar", tile=1, count=3, similarity=1, seed=0)
    assert all(tokens_of(clip) == tokens.tolist() for clip in decode_clips(bytes(data)))
    assert len(body["values"]) == 3
    _, (data,) = answer_of(sampler, wire, "similar", tile=1, count=3, similarity=0.5, seed=0)
    assert not any(tokens_of(clip) == tokens.tolist() for clip in decode_clips(bytes(data)))


def test_what_the_browser_sets_is_python_s(make):
    sampler = make()
    clips = encode_clips([sampler.tiles[k].source for k in (3, 2, 1, 0)])
    browser_sets(sampler, {"clips": clips, "labels": ["d", "c", "b", "a"], "seed": 9, "stars": [True, *[False] * 3]})
    assert [tile.label for tile in sampler.tiles] == ["d", "c", "b", "a"]
    assert [tile.index for tile in sampler.starred] == [0]
    assert sampler.seed == 9


def test_clips_of_another_length_are_refused(make, wire):
    sampler = make()
    before = sampler.clips
    short = CrossFade().sample(1, seed=1)[0].slice(0, 16)
    wire.clear()
    browser_sets(sampler, {"clips": encode_clips([sampler._music.clip(short)])})
    assert sampler.clips == before
    assert "32 steps" in wire[0].data["content"]["error"]


def test_a_sampler_that_does_not_run_is_a_picture(make):
    sampler = make()
    sampler.star(2)
    assert Image.open(io.BytesIO(sampler.to_png())).size[0] > 300
    assert sampler.alt_text() == "Sampler: 4 tiles of drums-2bar; starred: 3"
    assert repr(sampler) == "Sampler(drums-2bar, 4 tiles, temperature 0.8, seed 7)"


@pytest.mark.parametrize("name", ["melody-2bar", "groove-4bar", "trio-16bar"])
def test_models_of_every_kind_are_sampled(name, wire, monkeypatch):
    monkeypatch.setattr(module, "kit_of_streams", lambda streams: Clicks())
    sampler = Sampler(lp.load(name), 2, seed=3, best_of=1)
    assert all(tile.notes.steps == sampler.model.config.steps for tile in sampler.tiles)
    assert list(sampler.selected.values) == [each["name"] for each in sampler.attributes]


def test_bytes_that_the_browser_sets_come_beside_the_other_traits_as_jupyter_sends_them(make):
    sampler, other = make(seed=7), make(seed=8)
    state = {"labels": list(other.labels), "values": list(other.values), "seed": 8}
    update = {"method": "update", "state": state, "buffer_paths": [["clips"]]}
    sampler._handle_msg({"content": {"data": update}, "buffers": [memoryview(other.clips)]})
    assert [tile.notes for tile in sampler.tiles] == [tile.notes for tile in other.tiles]
    assert sampler.seed == 8


@pytest.mark.parametrize("wrong", [None, 3, lp.NoteSequence(), []])
def test_tiles_are_a_list_of_music(make, wrong):
    sampler = make()
    with pytest.raises(PaletteError, match=r"^tiles is a list of 1 to \d+ pieces of music; got "):
        sampler.tiles = wrong
