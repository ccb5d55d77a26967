"""Every instrument takes the model of a style; it decodes in Python alone."""

import pytest

import latentpalette as lp
from latentpalette.errors import PaletteError
from latentpalette.widgets.model_clips import ModelClips
from latentpalette.widgets.notebook_engine import pack_engine


@pytest.fixture(scope="module")
def mine():
    return lp.personalize(lp.load("drums-2bar"), lp.style_loops()["Samba"], size=3, max_steps=20, name="samba")


@pytest.fixture
def palette(mine):
    return lp.Palette(mine, corners=mine.sample(4, seed=7), size=3)


def test_a_palette_has_the_axes_of_the_style(mine, palette):
    assert palette.model_name == "samba"
    assert palette.selected.z.shape == (3,)
    (decoded,) = mine.decode(palette.selected.z[None])
    assert [(note.pitch, note.step) for note in palette.notes(1, 1).notes] == [
        (note.pitch, note.step) for note in decoded.notes
    ]


def test_a_sampler_and_a_melody_mixer_take_it(mine):
    assert len(lp.Sampler(mine, 2, seed=7).tiles) == 2
    assert lp.MelodyMixer("Bossa", "Samba", mine).model is mine


def test_a_notebook_gets_no_engine_for_it(mine):
    assert pack_engine(ModelClips.of(mine)).key == ""


def test_a_page_plays_what_is_decoded_and_carries_no_such_model(palette, tmp_path):
    assert palette.to_html(tmp_path / "samba.html").stat().st_size > 0
    with pytest.raises(PaletteError, match=r'samba is the model of a style.* Write it with model="none"'):
        palette.to_html(tmp_path / "full.html", model="full")
