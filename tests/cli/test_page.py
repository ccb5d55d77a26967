import pytest

from latentpalette.errors import PaletteError
from tests.cli.runner import failure, run


@pytest.mark.parametrize(
    ("instrument", "music"),
    [("palette", []), ("melody-mixer", ["Boom bap", "Bossa"]), ("interpolation-slider", []), ("sampler", [])],
)
def test_a_page_has_an_instrument_and_its_model(instrument, music, tmp_path):
    out = tmp_path / "pages" / "page.html"
    result = run("page", *music, "--instrument", instrument, "--model", "drums-2d", "--out", out, "--title", "<Beats>")
    assert result.exit_code == 0, result.output
    assert "MB; open it in a browser" in result.output
    text = out.read_text(encoding="utf-8")
    assert "<title>&lt;Beats&gt;</title>" in text
    assert "'wasm-unsafe-eval'" in text
    assert all(label in text for label in music)


@pytest.mark.parametrize(("instrument", "music"), [("groove-panel", ["Bossa"]), ("latent-loops", [])])
def test_an_instrument_has_a_model_of_its_own_by_default(instrument, music, tmp_path):
    out = tmp_path / "page.html"
    result = run("page", *music, "--instrument", instrument, "--out", out)
    assert result.exit_code == 0, result.output
    text = out.read_text(encoding="utf-8")
    models = {"groove-panel": ["humanize", "tap", "hihat"], "latent-loops": ["melody-2bar"]}[instrument]
    assert text.count('<script id="model-') == len(models)
    assert all(name in text for name in models)


def test_a_drummer_without_its_encoder_is_refused(tmp_path):
    error = failure("page", "--instrument", "groove-panel", "--with", "decoder", "--out", tmp_path / "page.html")
    assert isinstance(error, PaletteError)
    assert 'choose model="full"' in str(error)


def test_the_less_a_page_carries_the_smaller_it_is(tmp_path):
    sizes = []
    for carried in (["full"], ["decoder"], ["decoder", "--weights", "int8"], ["none"]):
        out = tmp_path / "page.html"
        assert run("page", "--model", "drums-2d", "--with", *carried, "--out", out).exit_code == 0
        sizes.append(out.stat().st_size)
    assert sizes == sorted(set(sizes), reverse=True)
    assert "'wasm-unsafe-eval'" not in out.read_text(encoding="utf-8")


def test_another_number_of_pieces_is_refused(tmp_path):
    out = tmp_path / "page.html"
    refused = failure("page", "Bossa", "--out", out)
    assert isinstance(refused, PaletteError)
    assert str(refused) == "A palette takes 4 pieces of music; got 1."
    message = str(failure("page", "Bossa", "--instrument", "sampler", "--out", out))
    assert message == "A sampler takes no music: it draws samples; got 1."
    assert not out.exists()
