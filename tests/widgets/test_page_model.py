"""Models as pages carry them."""

import zlib

import numpy as np
import pytest

import latentpalette as lp
from latentpalette.errors import PaletteError
from latentpalette.progress import parts
from latentpalette.widgets.bundle import STATIC
from latentpalette.widgets.instrument import PAGE_ENGINES
from latentpalette.widgets.page_model import PageParts
from latentpalette.widgets.page_text import to_text
from latentpalette.widgets.standalone import standalone_page

PAGE = STATIC / "engine" / "page"


@pytest.mark.parametrize("width", [1, 2, 4])
def test_bytes_come_back_from_the_text_of_a_page(node, width):
    rng = np.random.default_rng(width)
    data = np.concatenate([rng.integers(0, 256, 4000), np.arange(256), np.zeros(1000)]).astype(np.uint8).tobytes()
    text = to_text(data, width=width)
    assert len(text.encode()) < 1.2 * len(zlib.compress(data)) + 20
    assert text.isascii()
    assert not set(text) & set("\0\r<")
    assert node.call(PAGE / "text.js", "fromPageText", text, width).tobytes() == data


def test_the_instruments_of_a_page_s_engine_are_those_of_its_script(node):
    assert set(node.call(PAGE / "requests.js", "kinds")) == PAGE_ENGINES
    assert all((STATIC / f"{name}.js").is_file() for name in PAGE_ENGINES)


def test_parts_that_there_are_not_are_refused(tmp_path):
    palette = lp.Palette(lp.load("drums-2d"), size=3)
    with pytest.raises(PaletteError, match="'none', 'decoder' or 'full'"):
        palette.to_html(tmp_path / "page.html", model="everything")
    with pytest.raises(PaletteError, match="'float16' or 'int8'"):
        palette.to_html(tmp_path / "page.html", model="full", weights="float32")
    panel = lp.GroovePanel("Boom bap")
    with pytest.raises(PaletteError, match="GroovePanel carries no model with model='decoder': choose model=\"full\""):
        panel.to_html(tmp_path / "page.html", model="decoder")
    assert not list(tmp_path.iterdir())


def test_a_session_carries_each_model_once(tmp_path):
    model = lp.load("drums-2d")
    session = lp.Session([lp.Palette(model, size=3), lp.Sampler(model, 4)])
    page = session.to_html(tmp_path / "page.html", model="decoder").read_text(encoding="utf-8")
    assert page.count('<script id="model-') == 1


@pytest.mark.parametrize("make", [lambda palette: palette, lambda palette: lp.Session([palette])])
def test_a_page_from_the_menu_is_made_in_parts_and_is_that_of_python(make):
    shown = make(lp.Palette(lp.load("drums-2d"), size=3))
    work = list(shown._handle_page(model="full"))
    assert len(work) > 3
    assert max(work) <= parts.PART_WORK
    _, (page,) = parts.finish(shown._handle_page(model="full"))
    widgets = shown.page_widgets(PageParts("full", "float16"))
    assert page.decode() == standalone_page(widgets, title=shown.page_title(), text=shown.page_text())
