"""The engine that Python sends the page of a notebook."""

import pytest
import torch

import latentpalette as lp
from latentpalette.widgets import notebook_engine
from latentpalette.widgets.checked_traits import SettingError
from latentpalette.widgets.model_clips import ModelClips


@pytest.fixture
def model():
    return lp.load("drums-2d")


def ask(widget):
    """The response to a request for the engine, once it is packed."""
    for packing in widget._begin_packing().values():
        packing.result()
    return widget._handle_engine()[0]


def test_instruments_of_one_model_share_an_engine(model):
    palette, sampler = lp.Palette(model, size=3), lp.Sampler(model, 4)
    first, second = ask(palette), ask(sampler)
    assert first["key"] == second["key"]
    assert (first["model"], first["kind"], second["kind"]) == ("drums-2d", "palette", "sampler")
    body, [script, *weights] = palette._handle_engine_parts()
    assert b"onmessage" in script
    [only] = body["models"]
    assert only["name"] == "drums-2d"
    assert len(weights) == len(only["widths"])
    assert set(only["meta"]) == {"network", "converter", "prior", "style", "known"}


def test_nothing_of_an_engine_is_a_trait_or_saved(model):
    palette = lp.Palette(model, size=3)
    before = set(palette.get_state())
    ask(palette)
    palette._handle_engine_parts()
    assert set(palette.get_state()) == before
    assert not any("engine" in name for name in palette.get_state())
    assert "decode_in_page" not in palette.saved


def test_other_weights_are_another_engine(model):
    palette = lp.Palette(model, size=3)
    before = ask(palette)["key"]
    assert ask(palette)["key"] == before
    with torch.no_grad():
        next(iter(model.decoder.parameters())).mul_(2)
    assert ask(palette)["key"] != before


def test_a_page_without_an_engine_gets_no_key(model, monkeypatch):
    assert ask(lp.Palette(model, size=3, decode_in_page=False))["key"] == ""
    monkeypatch.setattr(notebook_engine, "MAX_BYTES", 1000)
    assert notebook_engine.pack(ModelClips.of(model)).key == ""
    assert ask(lp.Palette(lp.load("drums-2d"), size=3))["key"] == ""


def test_an_engine_has_all_models_that_its_instrument_plays(model):
    panel = lp.GroovePanel("Boom bap")
    asked = ask(panel)
    assert asked["model"] == "groove-humanize"
    assert asked["others"] == {"tap": "groove-tap", "hats": "groove-hihat"}
    body, [_, *weights] = panel._handle_engine_parts()
    assert [each["name"] for each in body["models"]] == ["groove-humanize", "groove-tap", "groove-hihat"]
    assert len(weights) == sum(len(each["widths"]) for each in body["models"])

    loops = lp.LatentLoops(lp.load("melody-2bar"), drums=model, size=4)
    assert ask(loops)["others"] == {"drums": "drums-2d"}


def test_a_model_that_no_page_takes_is_left_out_beside_one_that_it_takes(monkeypatch):
    melody, drums = lp.load("melody-2bar-ae"), lp.load("drums-2bar")
    sizes = [sum(map(len, notebook_engine.pack(ModelClips.of(each)).buffers)) for each in (melody, drums)]
    assert sizes[0] < sizes[1]
    monkeypatch.setattr(notebook_engine, "MAX_BYTES", sizes[0])
    loops = lp.LatentLoops(melody, drums=drums, size=4)
    assert ask(loops)["model"] == "melody-2bar-ae"
    assert ask(loops)["others"] == {}
    assert [each["name"] for each in loops._handle_engine_parts()[0]["models"]] == ["melody-2bar-ae"]


def test_the_switch_is_a_setting(model):
    palette = lp.Palette(model, size=3)
    assert palette.decode_in_page
    palette.decode_in_page = False
    assert "decode_in_page=False" in palette.to_python()
    with pytest.raises(SettingError, match="decode_in_page"):
        palette.decode_in_page = 2
