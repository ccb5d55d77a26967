"""Every instrument takes the model of a style, in a notebook and in a page of its own."""

import pytest

import latentpalette as lp
from latentpalette.widgets.model_clips import ModelClips
from latentpalette.widgets.notebook_engine import begin_packing
from latentpalette.widgets.page_model import PageParts, page_model


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


def test_the_page_of_a_notebook_gets_it_again_when_its_similarity_changes(mine):
    before = begin_packing(ModelClips.of(mine)).result()
    assert begin_packing(ModelClips.of(mine)).result() is before
    mine.similarity, kept = 0.9, mine.similarity
    after = begin_packing(ModelClips.of(mine)).result()
    mine.similarity = kept
    assert after.key != before.key
    assert after.body["meta"]["style"]["similarity"] == 0.9


def test_a_page_that_carries_it_is_hardly_larger_than_that_of_its_base(mine, palette, tmp_path):
    base = lp.Palette(mine.base, size=3).to_html(tmp_path / "base.html", model="full").stat().st_size
    assert palette.to_html(tmp_path / "samba.html", model="full").stat().st_size < base + 200_000
    assert palette.to_html(tmp_path / "plays.html").stat().st_size < base / 2


def test_a_page_tells_styles_of_one_name_apart(mine):
    other = lp.personalize(mine.base, lp.style_loops()["Bossa nova"], size=3, max_steps=20, name=mine.name)
    parts = PageParts("full", "float16")
    assert page_model(ModelClips.of(mine), parts).name != page_model(ModelClips.of(other), parts).name


def test_the_source_of_its_instruments_opens_its_file(mine, tmp_path):
    path = lp.save(mine, tmp_path / "my samba.safetensors")
    corners = mine.sample(4, seed=7)
    for made, name in (
        (lp.Palette(mine, corners=corners, size=3), "palette"),
        (lp.Sampler(lp.load(path), 2, seed=7), "sampler"),
        (lp.MelodyMixer("Bossa", "Samba", mine), "mixer"),
    ):
        names = {}
        exec(made.to_python(), names)
        assert names[name].model.name == "my samba"
        assert names[name].notes == made.notes if name == "mixer" else True


def test_the_source_says_that_a_model_is_to_be_saved_first(mine, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    fresh = lp.personalize(mine.base, lp.style_loops()["Samba"], size=2, max_steps=2, name="fresh")
    source = lp.Sampler(fresh, 2, seed=7).to_python()
    assert source.splitlines()[1] == "# First: lp.save(model, 'fresh.safetensors'), with the model 'fresh'."
    lp.save(fresh, "fresh.safetensors")
    names = {}
    exec(source, names)
    assert len(names["sampler"].tiles) == 2


def test_the_source_opens_a_models_folder_wherever_it_is(tmp_path):
    folder = lp.save(lp.load("drums-2d"), tmp_path / "beats")
    palette = lp.Palette(lp.load(folder), size=3)
    assert f"lp.load({str(folder)!r})" in palette.to_python()
    names = {}
    exec(palette.to_python(), names)
    assert names["palette"].notes(1, 1) == palette.notes(1, 1)


def test_the_source_of_a_groove_panel_has_its_own_drummers(tmp_path):
    folder = lp.save(lp.load("groove-tap"), tmp_path / "taps")
    source = lp.GroovePanel("Boom bap", tap_model=lp.load(folder)).to_python()
    assert f"tap_model=lp.load({str(folder)!r})" in source
    assert "hat_model" not in source
