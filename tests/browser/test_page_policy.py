"""Pages of their own work under their policy: nothing that they do is against it, and what they must not do is."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

import latentpalette as lp
from latentpalette.widgets import instrument as module
from latentpalette.widgets.palette import Palette
from tests.browser.test_palette_page import button, downloaded, drag_over_board
from tests.browser.test_pianorolls import wait_until_drawn
from tests.widgets.fakes import Clicks, CrossFade

WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => violations.push(event.effectiveDirective));
"""
NASTY = [
    "</script><script>document.title='x'</script>",
    "<img src=x onerror=\"document.title='x'\">",
    "$$x$$",
    "\u2028<!--",
]


@pytest.fixture
def watched(page: Page):
    page.add_init_script(WATCH)
    return page


def test_a_palette_s_page_does_all_that_it_does_within_its_policy(watched, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "kit_of_streams", lambda streams: Clicks())
    palette = Palette(CrossFade(), size=5, labels=NASTY)
    watched.goto(palette.to_html(tmp_path / "beats.html", title=NASTY[0]).as_uri())
    expect(watched.get_by_role("region", name="Palette", exact=True)).to_be_visible()
    button(watched, "Play").click()
    expect(button(watched, "Stop")).to_be_visible()
    button(watched, "Draw").click()
    drag_over_board(watched, (0.1, 0.1), (0.9, 0.9))
    for item in ("Path as MIDI", "Cell as WAV"):
        assert len(downloaded(watched, item)[1]) > 100
    for label in NASTY:
        expect(watched.locator(".lp-tag-name", has_text=label)).to_have_count(1)
    assert watched.title() == NASTY[0]
    assert watched.evaluate("violations") == []


def test_a_roll_s_page_draws_and_plays_within_its_policy(watched, tmp_path):
    loop = lp.NoteSequence.from_steps({"kick": [0, 8]}, steps=16)
    watched.goto(lp.show([loop] * 4, NASTY).to_html(tmp_path / "rolls.html").as_uri())
    wait_until_drawn(watched, 4)
    for label in NASTY:
        expect(watched.locator(".lp-rolls-head b", has_text=label)).to_have_count(1)
    watched.get_by_role("button", name="Play").first.click()
    watched.wait_for_function("() => document.querySelector('.lp-is-playing') !== null")
    assert watched.title() == "rolls"
    assert watched.evaluate("violations") == []


def append(tag: str, **attributes: str) -> str:
    return f"document.body.append(Object.assign(document.createElement({tag!r}), {attributes!r}));"


@pytest.mark.parametrize(
    ("attempt", "directive"),
    [
        ("fetch('http://localhost:9/').catch(() => {})", "connect-src"),
        (append("img", src="http://localhost:9/x.png"), "img-src"),
        (append("iframe", src="http://localhost:9/"), "frame-src"),
        (append("object", data="http://localhost:9/"), "object-src"),
        (append("script", src="http://localhost:9/x.js"), "script-src-elem"),
        (append("base", href="http://localhost:9/"), "base-uri"),
        (append("form", action="http://localhost:9/", id="form") + "document.forms[0].submit()", "form-action"),
    ],
)
def test_a_page_reaches_nothing_by_any_way(watched, tmp_path, attempt, directive):
    page = lp.show(lp.NoteSequence(steps=16)).to_html(tmp_path / "rolls.html")
    watched.goto(page.as_uri())
    wait_until_drawn(watched, 1)
    watched.evaluate(f"() => {{ {attempt} }}")
    watched.wait_for_function("name => violations.includes(name)", arg=directive)
    assert watched.url == page.as_uri()
