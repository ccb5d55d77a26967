"""The heading of a page of its own, and the sentence that says what the widget is for."""

import re

import pytest

import latentpalette as lp
from latentpalette.widgets import instrument as module
from latentpalette.widgets.bundle import STATIC
from latentpalette.widgets.page_words import PURPOSES
from tests.widgets.fakes import Clicks, CrossFade

KICK = lp.NoteSequence.from_steps({"kick": [0, 8, 16, 24]}, steps=32)


def palette():
    return lp.Palette(CrossFade(), ["Trap"] * 4, size=3)


WIDGETS = {
    "a palette": palette,
    "a session": lambda: lp.Session([palette(), palette()]),
    "a piano roll": lambda: lp.show(KICK),
}


def test_every_widget_says_what_it_is_for():
    assert set(PURPOSES) == {path.stem for path in STATIC.glob("*.js")} - {"standalone"}


@pytest.mark.parametrize("name", WIDGETS)
def test_a_page_has_a_heading_and_says_what_it_is(monkeypatch, tmp_path, name):
    monkeypatch.setattr(module, "kit_of_streams", lambda streams: Clicks())
    widget = WIDGETS[name]()
    page = widget.to_html(tmp_path / "beats.html", title="For <you>").read_text(encoding="utf-8")
    heading, words = re.search(r"<h1>(.*?)</h1><p>(.*?)</p>", page).groups()
    assert heading == "For &lt;you&gt;"
    assert words.startswith(PURPOSES[widget.script])
    assert words.endswith("by latentpalette.")
