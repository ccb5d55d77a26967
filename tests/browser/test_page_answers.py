"""The engine of a page in Chromium and in Firefox: what it responds is what Python responds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import latentpalette as lp
from latentpalette.progress.parts import finish
from latentpalette.widgets.cell_grid import GridInputs
from latentpalette.widgets.clips import decode_clips
from latentpalette.widgets.corners import default_corners
from latentpalette.widgets.grid_decoding import decode_grid
from latentpalette.widgets.model_clips import ModelClips
from latentpalette.widgets.page_model import PageParts, page_model
from tests.browser.answering_page import ASK, buffers_of, in_chromium, in_firefox, write_answering_page

# Of a grid, a sample and the grid again, asked for at once: what became of the first, and the places of the others.
OVERTAKE = """
let count = 1;
const arrive = () => ++count;
const traits = arguments[0];
const older = window.ask("decode", {}, traits).then(() => 0, String);
const sample = window.ask("sample", { temperature: 1, seed: 2 }).then(arrive);
const newer = window.ask("decode", {}, traits).then(arrive);
return await Promise.all([older, sample, newer]);
"""
FULL = PageParts("full", "float16")
NAMES = ["drums-2bar", "melody-2bar", "drums-2d-ae", "trio-16bar"]

Ask = Callable[..., dict[str, Any]]


@pytest.fixture(params=["chromium", "firefox"])
def open_page(request) -> Iterator[Callable[[Path], Ask]]:
    """Open a page of `write_answering_page` in a browser; returns what asks its engine."""
    opened_in = {"chromium": (in_chromium, "browser"), "firefox": (in_firefox, "firefox")}
    open_in, fixture = opened_in[request.param]
    with ExitStack() as stack:

        def open_(path: Path) -> Ask:
            return partial(stack.enter_context(open_in(request.getfixturevalue(fixture), path)), ASK)

        yield open_


def grid_inputs(music: ModelClips, size: int, interpolation: Any) -> GridInputs:
    return GridInputs([corner.clip.to_json() for corner in default_corners(music)], size, interpolation)


@pytest.mark.parametrize("name", NAMES)
def test_a_grid_is_that_of_python(name, open_page, tmp_path):
    music = ModelClips.of(lp.load(name))
    size = 11 if music.steps < 64 else 5
    inputs = grid_inputs(music, size, 0.4 if music.model.prior else "lerp")
    grid = decode_grid(music, inputs)
    grid.decode(grid.missing)
    ask = open_page(write_answering_page(music, tmp_path / "page.html", "palette", FULL))
    response = ask("decode", inputs._asdict())
    clips = decode_clips(buffers_of(response)[0])
    assert response["body"]["norm_percentiles"] == grid.norm_percentiles
    while missing := [index for index, clip in enumerate(clips) if clip is None]:
        more = ask("cells", {"grid_id": response["body"]["grid_id"], "indices": missing})
        decoded = decode_clips(buffers_of(more)[0])
        for index, clip in zip(more["body"]["indices"], decoded, strict=True):
            clips[index] = clip
    assert clips == grid.clips


def test_a_point_between_the_cells_is_that_of_python(open_page, tmp_path):
    palette = lp.Palette(lp.load("drums-2bar"), size=5, between_cells=True)
    ask = open_page(write_answering_page(palette._music, tmp_path / "page.html", "palette", FULL))
    traits = palette._inputs()._asdict()
    for point in ([0.3, 0.4], [0.61, 0.0], [0.5, 0.123]):
        palette.puck = point
        [clip] = decode_clips(buffers_of(ask("between", {"grid_id": palette.grid_id, "point": point}, traits))[0])
        assert clip == palette.selected.clip


def test_samples_rows_and_files_are_those_of_python(open_page, tmp_path):
    model = lp.load("melody-2bar")
    mixer = lp.MelodyMixer(None, None, model, n=7, even_steps=True)
    ask = open_page(write_answering_page(ModelClips.of(model), tmp_path / "mixer.html", "melodymixer", FULL))
    traits = {name: getattr(mixer, name) for name in ("end_clips", "interpolation", "n", "even_steps", "conditions")}
    assert buffers_of(ask("decode", {}, traits)) == [mixer.tiles]
    asked = {"temperature": 0.7, "seed": 12}
    assert ask("sample", asked)["body"] == finish(mixer._handle_sample(**asked))[0]
    assert "Sampled #12" in ask("sample", asked)["body"]["label"]


def test_tiles_of_a_sampler_are_those_of_python(open_page, tmp_path):
    model = lp.load("drums-2bar")
    sampler = lp.Sampler(model, 4, conditions={"style": "funk"}, ranges={"hits": [20, 60]}, seed=3)
    page = write_answering_page(
        sampler._music, tmp_path / "sampler.html", "sampler", FULL, state={"clips": sampler.clips}
    )
    ask = open_page(page)
    traits = {"attributes": sampler.attributes, "conditions": sampler.conditions}
    names = ("seed", "temperature", "best_of", "ranges", "conditions", "chords")
    drawing = {name: getattr(sampler, name) for name in names}

    def draw_all(draw, ranges, count):
        """What comes of so many samples, asked for as the browser does: the values and the clips."""
        values, clips, tried = [], [], 0
        while len(clips) < count:
            body, (table,) = draw({**drawing, "ranges": ranges, "count": count - len(clips), "start": tried})
            values += body["values"]
            clips += decode_clips(table)
            tried += body["tried"]
        return values, clips, tried

    def ask_page(asked):
        response = ask("draw", asked, traits)
        return response["body"], buffers_of(response)

    for ranges, count in (({"hits": [30, 34]}, 40), ({}, 5)):  # the former are more than a batch has
        ours = draw_all(lambda asked: finish(sampler._handle_draw(**asked)), ranges, count)
        assert draw_all(ask_page, ranges, count) == ours
    assert ask("spread", {"temperature": 0.7})["body"] == finish(sampler._handle_spread(temperature=0.7))[0]
    asked = {"tile": 2, "count": 3, "similarity": 0.6, "seed": 5}
    body, buffers = finish(sampler._handle_similar(**asked))
    response = ask("similar", asked)
    assert (response["body"], buffers_of(response)) == (body, buffers)


@pytest.fixture(scope="module")
def mine():
    """A model of a style, of which some dimensions differ much from N(0, I)."""
    return lp.personalize(lp.load("drums-2bar"), lp.style_loops()["Samba"], size=3, name="samba")


@pytest.mark.parametrize("model_parts", ["full", "decoder"])
def test_a_model_of_a_style_decodes_as_in_python(mine, model_parts, open_page, tmp_path):
    palette = lp.Palette(mine, corners=mine.sample(4, temperature=0.8, seed=7), size=7)
    page = write_answering_page(
        palette._music,
        tmp_path / "page.html",
        "palette",
        PageParts(model_parts, "float16"),
        encoded=palette._encoded_clips(),
    )
    ask = open_page(page)
    inputs = palette._inputs()._asdict()
    response = ask("decode", inputs)
    assert response["body"]["norm_percentiles"] == palette.norm_percentiles
    grid_id = response["body"]["grid_id"]
    clips = decode_clips(buffers_of(response)[0])
    while missing := [index for index, clip in enumerate(clips) if clip is None]:
        more = ask("cells", {"grid_id": grid_id, "indices": missing}, inputs)
        for index, clip in zip(more["body"]["indices"], decode_clips(buffers_of(more)[0]), strict=True):
            clips[index] = clip
    palette._decode_all()
    assert clips == palette._cells.clips


def test_samples_and_variations_in_a_style_are_those_of_python(mine, open_page, tmp_path):
    sampler = lp.Sampler(mine, 4, conditions={"density": 0.6}, seed=3)
    page = write_answering_page(
        sampler._music, tmp_path / "sampler.html", "sampler", FULL, state={"clips": sampler.clips}
    )
    ask = open_page(page)
    traits = {"attributes": sampler.attributes, "conditions": sampler.conditions}
    names = ("seed", "temperature", "best_of", "ranges", "conditions", "chords")
    asked = {"count": 4, "start": 0, **{name: getattr(sampler, name) for name in names}}
    body, buffers = finish(sampler._handle_draw(**asked))
    response = ask("draw", asked, traits)
    assert (response["body"], buffers_of(response)) == (body, buffers)
    asked = {"tile": 2, "count": 3, "similarity": 0.6, "seed": 5}
    body, buffers = finish(sampler._handle_similar(**asked))
    response = ask("similar", asked)
    assert (response["body"], buffers_of(response)) == (body, buffers)
    asked = {"temperature": 0.7, "seed": 12}
    assert ask("sample", asked)["body"] == finish(sampler._handle_sample(**asked))[0]


def test_drums_beside_a_melody_are_those_of_python(open_page, tmp_path):
    loops = lp.LatentLoops(lp.load("melody-2bar"), drums=lp.load("drums-2bar"), size=4)
    others = {role: page_model(music, parts) for role, (music, parts) in loops._page_others(FULL).items()}
    ask = open_page(
        write_answering_page(loops._both.melody, tmp_path / "loops.html", "latentloops", FULL, others=others)
    )
    asked = {"temperature": 0.7, "seed": 5}
    assert ask("drums", asked)["body"] == finish(loops._handle_drums(**asked))[0]
    assert not others["drums"].encodes


def test_a_page_with_the_decoder_alone_plays_what_it_samples_and_says_what_it_cannot_do(open_page, tmp_path):
    music = ModelClips.of(lp.load("drums-2d"))
    inputs = grid_inputs(music, 5, "lerp")
    known = [corner.clip for corner in default_corners(music)]
    parts = PageParts("decoder", "int8")
    ask = open_page(write_answering_page(music, tmp_path / "page.html", "palette", parts, encoded=known))
    assert len(decode_clips(buffers_of(ask("decode", inputs._asdict()))[0])) == 25
    sampled = ask("sample", {"temperature": 0.8, "seed": 38})["body"]["clip"]
    response = ask("decode", inputs._replace(corner_clips=[sampled, *inputs.corner_clips[1:]])._asdict())
    assert len(decode_clips(buffers_of(response)[0])) == 25
    edited = [{"steps": 32, "notes": [[0, 36, 1, 80, 0, 0]]}, *inputs.corner_clips[1:]]
    with pytest.raises(Exception, match="carries the decoder alone"):
        ask("decode", inputs._replace(corner_clips=edited)._asdict())


def test_a_newer_grid_takes_the_place_of_one_that_is_on_its_way(open_page, tmp_path):
    music = ModelClips.of(lp.load("melody-2bar"))  # a grid is some parts; the corners of longer music are one
    ask = open_page(write_answering_page(music, tmp_path / "page.html", "latentloops", FULL))
    ask("sample", {"temperature": 1, "seed": 1})  # the engine is there
    older, sample, newer = ask.func(OVERTAKE, grid_inputs(music, 11, "lerp")._asdict())
    assert older == "Error: A newer request took the place of this one."
    assert (newer, sample) == (2, 3)  # the order in which they came


def test_a_browser_that_may_not_run_webassembly_says_so(page, tmp_path):
    music = ModelClips.of(lp.load("drums-2d"))
    path = write_answering_page(music, tmp_path / "page.html", "palette", FULL)
    path.write_text(path.read_text(encoding="utf-8").replace(" 'wasm-unsafe-eval'", ""), encoding="utf-8")
    page.goto(path.as_uri())
    with pytest.raises(Exception, match=r"cannot run the model of this page.*WebAssembly"):
        page.evaluate("ask('sample', { temperature: 1, seed: 1 })")
