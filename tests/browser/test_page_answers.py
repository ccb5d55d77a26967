"""The engine of a page in Chromium and in Firefox: what it responds is what Python responds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NoReturn

import pytest
from playwright.sync_api import Browser

import latentpalette as lp
from latentpalette.widgets.cell_grid import GridInputs
from latentpalette.widgets.clips import decode_clips
from latentpalette.widgets.corners import default_corners
from latentpalette.widgets.grid_decoding import decode_grid
from latentpalette.widgets.model_clips import ModelClips
from latentpalette.widgets.page_model import PageParts
from tests.browser.answering_page import ASK, buffers_of, write_answering_page
from tests.browser.chromium import guarded_page
from tests.browser.firefox import Firefox
from tests.system_requirements import find_firefox

FULL = PageParts("full", "float16")
NAMES = ["drums-2bar", "melody-2bar", "drums-2d-ae", "trio-16bar"]

Ask = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def firefox(missing: Callable[[str], NoReturn]) -> Iterator[Firefox]:
    path = find_firefox()
    if path is None:
        missing("Firefox is not installed (Debian: apt-get install firefox-esr)")
    with Firefox(path) as opened:
        yield opened


@pytest.fixture(params=["chromium", "firefox"])
def open_page(request, browser: Browser) -> Iterator[Callable[[Any], Ask]]:
    """Open a page of `write_answering_page` in a browser; returns what asks its engine."""
    if request.param == "firefox":
        firefox = request.getfixturevalue("firefox")

        def open_in_firefox(path: Any) -> Ask:
            firefox.open(path.as_uri())
            return lambda *arguments: firefox.evaluate(ASK, *arguments)

        yield open_in_firefox
        return
    with guarded_page(browser) as page:

        def open_in_chromium(path: Any) -> Ask:
            page.goto(path.as_uri())
            return lambda *arguments: page.evaluate(
                "(given) => (async function () { " + ASK + " }).apply(null, given)", arguments
            )

        yield open_in_chromium
        assert page.outside == []


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


def test_samples_rows_and_files_are_those_of_python(open_page, tmp_path):
    model = lp.load("melody-2bar")
    mixer = lp.MelodyMixer(None, None, model, n=7, even_steps=True)
    ask = open_page(write_answering_page(ModelClips.of(model), tmp_path / "mixer.html", "melodymixer", FULL))
    traits = {name: getattr(mixer, name) for name in ("end_clips", "interpolation", "n", "even_steps", "conditions")}
    assert buffers_of(ask("decode", {}, traits)) == [mixer.tiles]
    asked = {"temperature": 0.7, "seed": 12}
    assert ask("sample", asked)["body"] == mixer._handle_sample(**asked)[0]
    assert "Sampled #12" in ask("sample", asked)["body"]["label"]


def test_tiles_of_a_sampler_are_those_of_python(open_page, tmp_path):
    model = lp.load("drums-2bar")
    sampler = lp.Sampler(model, 4, conditions={"style": "funk"}, ranges={"hits": [20, 60]}, seed=3)
    page = write_answering_page(
        sampler._music, tmp_path / "sampler.html", "sampler", FULL, state={"clips": sampler.clips}
    )
    ask = open_page(page)
    traits = {"attributes": sampler.attributes, "conditions": sampler.conditions}
    names = ("seed", "temperature", "best_of", "ranges", "conditions")
    asked = {"count": 4, "batch": 1, **{name: getattr(sampler, name) for name in names}}
    body, buffers = sampler._handle_draw(**asked)
    response = ask("draw", asked, traits)
    assert (response["body"], buffers_of(response)) == (body, buffers)
    assert ask("spread", {"temperature": 0.7})["body"] == sampler._handle_spread(temperature=0.7)[0]
    asked = {"tile": 2, "count": 3, "similarity": 0.6, "seed": 5}
    body, buffers = sampler._handle_similar(**asked)
    response = ask("similar", asked)
    assert (response["body"], buffers_of(response)) == (body, buffers)


def test_a_page_with_the_decoder_alone_says_what_it_cannot_do(open_page, tmp_path):
    music = ModelClips.of(lp.load("drums-2d"))
    inputs = grid_inputs(music, 5, "lerp")
    known = [corner.clip for corner in default_corners(music)]
    parts = PageParts("decoder", "int8")
    ask = open_page(write_answering_page(music, tmp_path / "page.html", "palette", parts, encoded=known))
    assert len(decode_clips(buffers_of(ask("decode", inputs._asdict()))[0])) == 25
    edited = [{"steps": 32, "notes": [[0, 36, 1, 80, 0, 0]]}, *inputs.corner_clips[1:]]
    with pytest.raises(Exception, match="carries the decoder alone"):
        ask("decode", inputs._replace(corner_clips=edited)._asdict())
