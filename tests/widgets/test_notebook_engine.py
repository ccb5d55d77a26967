"""The engine that Python sends the page of a notebook."""

import pytest
import torch

import latentpalette as lp
from latentpalette.widgets import notebook_engine
from latentpalette.widgets.checked_traits import SettingError
from latentpalette.widgets.model_clips import ModelClips
from latentpalette.widgets.notebook_engine import begin_engine


@pytest.fixture
def model():
    return lp.load("drums-2d")


def ask(widget):
    """The response to a request for the engine, once it is packed."""
    begin_engine(widget._page_music or widget._music).result()
    return widget._handle_engine()[0]


def test_instruments_of_one_model_share_an_engine(model):
    palette, sampler = lp.Palette(model, size=3), lp.Sampler(model, 4)
    first, second = ask(palette), ask(sampler)
    assert first["key"] == second["key"]
    assert (first["model"], first["kind"], second["kind"]) == ("drums-2d", "palette", "sampler")
    body, [script, *weights] = palette._handle_engine_parts()
    assert b"onmessage" in script
    assert len(weights) == len(body["widths"])
    assert set(body["meta"]) == {"network", "converter", "prior", "known"}


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
    assert lp.GroovePanel("Boom bap")._handle_engine()[0]["key"] == ""
    monkeypatch.setattr(notebook_engine, "MAX_BYTES", 1000)
    assert notebook_engine.pack_engine(ModelClips.of(model)).key == ""


def test_the_switch_is_a_setting(model):
    palette = lp.Palette(model, size=3)
    assert palette.decode_in_page
    palette.decode_in_page = False
    assert "decode_in_page=False" in palette.to_python()
    with pytest.raises(SettingError, match="decode_in_page"):
        palette.decode_in_page = 2
