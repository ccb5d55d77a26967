"""Piano rolls in a real Chromium: as a page of their own, and in a real JupyterLab. No network in either."""

from __future__ import annotations

import json

import nbformat
import pytest
from playwright.sync_api import Page, expect

from latentpalette.music.sequence import Note, NoteSequence
from latentpalette.widgets.pianorolls import show
from tests.browser.jupyterlab import notebook_of

LOOP = NoteSequence(
    [Note(36, 0, is_drum=True), Note(38, 4, velocity=110, offset=0.2, is_drum=True), Note(42, 8, is_drum=True)], 16
)
CELLS = (
    """
import latentpalette as lp
loop = lp.NoteSequence.from_steps({"kick": [0, 8], "snare": [4, 12]}, steps=16)
loop
""",
    """
lp.show([loop, loop.replace(qpm=90)], "slow slower")
""",
)

# Bokeh's index knows every view that is drawn.
DRAWN = """() => {
  window.lpRolls = () => [...(window.Bokeh?.index ?? [])].filter(view => view.model.type === "Figure");
}"""
# Where a place in a roll (step, row) is on the page.
PLACE = """([roll, step, row]) => {
  const view = lpRolls()[roll];
  const { left, top } = view.el.getBoundingClientRect();
  const { x_scale, y_scale } = view.frame;
  return [left + x_scale.compute(step), top + y_scale.compute(row)];
}"""
AUDIBLE = """() => {
  window.lpPlayed = [];
  const play = HTMLMediaElement.prototype.play;
  HTMLMediaElement.prototype.play = function () { window.lpPlayed.push(this); return play.call(this); };
}"""


def wait_until_drawn(page: Page, rolls: int) -> None:
    page.evaluate(DRAWN)
    page.wait_for_function(
        "count => lpRolls().length === count && lpRolls().every(view => view.frame?.bbox.width > 50)", arg=rolls
    )


def tip_at(page: Page, *place: float) -> str:
    """The text that hovering over a place shows."""
    page.mouse.move(2, 2)
    page.mouse.move(*page.evaluate(PLACE, list(place)))
    tip = page.locator(".bk-tooltip-content").filter(has_text="velocity").first
    expect(tip).to_be_visible()
    return tip.inner_text()


def play_button(page: Page, name: str):
    return page.get_by_role("button", name=name, exact=True)


@pytest.fixture
def opened(page: Page, tmp_path):
    rolls = show([LOOP, LOOP.replace(qpm=60)], "first second")
    page.add_init_script(f"({AUDIBLE})()")
    page.goto(rolls.to_html(tmp_path / "rolls.html").as_uri())
    wait_until_drawn(page, 2)
    return page


def test_hovering_over_a_note_shows_its_facts(opened):
    tip = tip_at(opened, 0, 4.5, 1)
    for fact in ("snare (38)", "step 1.2.1", "velocity 110", "20 % of a step late"):
        assert fact in tip


def test_each_roll_has_a_player_that_plays_and_stops(opened):
    play_button(opened, "Play first").click()
    expect(play_button(opened, "Stop first")).to_be_visible()
    opened.wait_for_function("() => lpPlayed[0].currentTime > 0.1")
    # Two seconds of music and one of tail; an MP3 ends with a whole block.
    assert opened.evaluate("() => lpPlayed[0].duration") == pytest.approx(3, abs=0.1)
    expect(opened.locator(".lp-rolls-needle").first).to_be_visible()
    play_button(opened, "Stop first").click()
    expect(play_button(opened, "Play first")).to_be_visible()
    expect(opened.locator(".lp-rolls-needle").first).to_be_hidden()


def test_only_one_player_sounds(opened):
    play_button(opened, "Play first").click()
    expect(play_button(opened, "Stop first")).to_be_visible()
    play_button(opened, "Play second").click()
    expect(play_button(opened, "Stop second")).to_be_visible()
    expect(play_button(opened, "Play first")).to_be_visible()
    assert opened.evaluate("() => lpPlayed.map(audio => audio.paused)") == [True, False]


def test_a_click_in_the_roll_plays_from_there(opened):
    opened.mouse.click(*opened.evaluate(PLACE, [1, 8, 6]))
    expect(play_button(opened, "Stop second")).to_be_visible()
    opened.wait_for_function("() => lpPlayed[0].currentTime > 1.9")  # step 8 at 60 qpm is after two seconds
    assert opened.evaluate("() => lpPlayed[0].currentTime") < 3.5


def test_the_playhead_is_where_the_sound_is(opened):
    play_button(opened, "Play second").click()
    opened.wait_for_function("() => lpPlayed[0].currentTime > 0.5")
    step, played = opened.evaluate(
        """() => new Promise(done => requestAnimationFrame(() => {
          const needle = document.querySelectorAll(".lp-rolls-needle")[1];
          const across = needle.getBoundingClientRect().left + 1 - needle.parentElement.getBoundingClientRect().left;
          done([lpRolls()[1].frame.x_scale.invert(across), lpPlayed[0].currentTime / 0.25]);
        }))"""
    )
    assert step == pytest.approx(played, abs=1)


def test_the_keyboard_plays_and_types_nothing_into_the_notebook_around(opened):
    play_button(opened, "Play first").focus()
    opened.evaluate("() => { window.lpKeys = 0; document.addEventListener('keydown', () => { window.lpKeys += 1; }); }")
    opened.keyboard.press("Enter")
    expect(play_button(opened, "Stop first")).to_be_visible()
    opened.keyboard.press("b")
    assert opened.evaluate("() => lpKeys") == 0


def test_every_roll_has_a_text_alternative(opened):
    region = opened.get_by_role("region", name="first: 3 notes · 1 bar · 120 qpm; kick 1, snare 1, closed hat 1")
    expect(region).to_be_visible()


@pytest.mark.parametrize(("width", "columns"), [(400, 1), (1200, 2)])
def test_rolls_stand_below_each_other_where_the_page_is_narrow(new_page, tmp_path, width, columns):
    page = new_page(viewport={"width": width, "height": 900})
    page.goto(show([LOOP, LOOP], "a b").to_html(tmp_path / "rolls.html").as_uri())
    wait_until_drawn(page, 2)
    boxes = [card.bounding_box() for card in page.locator(".lp-rolls-card").all()]
    assert len({round(box["x"]) for box in boxes}) == columns
    assert all(box["x"] + box["width"] <= width for box in boxes)


def test_melodies_to_compare_fit_on_a_screen(new_page, tmp_path):
    tunes = [NoteSequence([Note(48 + 5 * at, 0), Note(72 + at, 8)], 32) for at in range(5)]
    page = new_page(viewport={"width": 820, "height": 600})
    page.goto(show(tunes, "A . . . B").to_html(tmp_path / "rolls.html").as_uri())
    wait_until_drawn(page, 5)
    boxes = [card.bounding_box() for card in page.locator(".lp-rolls-card").all()]
    assert len({round(box["x"]) for box in boxes}) == 3
    assert max(box["y"] + box["height"] for box in boxes) < 400
    assert len({page.evaluate("([roll]) => lpRolls()[roll].model.y_range.end", [roll]) for roll in range(5)}) == 1


def test_the_tracks_of_a_band_are_named_once_with_their_colors(new_page, tmp_path):
    band = NoteSequence([Note(60, 0), Note(40, 0, program=33), Note(36, 0, is_drum=True)], 16)
    page = new_page(viewport={"width": 820, "height": 600})
    page.goto(show([band, band], "A B").to_html(tmp_path / "rolls.html").as_uri())
    legend = page.get_by_role("list", name="Colors of the tracks").get_by_role("listitem")
    expect(legend).to_have_text(["Acoustic Grand Piano", "Electric Bass (finger)", "drums"])
    wait_until_drawn(page, 2)
    drawn = page.evaluate(
        "() => [...lpRolls()[1].model.renderers.find(({ name }) => name === 'notes').data_source.data.color]"
    )
    swatches = page.locator(".lp-rolls-swatch").evaluate_all("all => all.map(it => it.style.background)")
    assert len(set(drawn)) == len(set(swatches)) == 3


def test_in_jupyterlab_sequences_show_themselves_with_hover_and_player(lab, page, tmp_path):
    page.add_init_script(f"({AUDIBLE})()")
    notebook = lab(notebook_of(tmp_path / "rolls.ipynb", *CELLS))
    notebook.run_all()
    wait_until_drawn(page, 3)
    notebook.scroll_to("lp.show")
    roll = page.evaluate("() => lpRolls().findIndex(view => view.el.closest('[data-many=\"2\"]'))")
    assert "snare (38)" in tip_at(page, roll, 4.4, 1)
    play_button(page, "Play slower").click()
    page.wait_for_function("() => lpPlayed.length === 1 && lpPlayed[0].currentTime > 0.1")
    assert page.errors == []


def test_while_the_kernel_is_busy_there_is_a_picture_and_a_player(lab, page, tmp_path):
    page.add_init_script(f"({AUDIBLE})()")
    waiting = "import threading\nthreading.Event().wait()"
    notebook = lab(notebook_of(tmp_path / "busy.ipynb", CELLS[0], waiting))
    notebook.start_running()
    picture = page.locator(".lp-rolls-preview")
    expect(picture).to_be_visible(timeout=60_000)
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 500
    play_button(page, "Play").click()
    page.wait_for_function("() => lpPlayed.length === 1 && lpPlayed[0].currentTime > 0.1")
    notebook.interrupt(1)
    wait_until_drawn(page, 1)
    expect(picture).to_have_count(0)


def test_a_saved_notebook_holds_pictures_and_players_and_no_bokeh(lab, page, tmp_path):
    notebook = lab(notebook_of(tmp_path / "saved.ipynb", *CELLS))
    notebook.run_all()
    wait_until_drawn(page, 3)
    page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    page.wait_for_function("() => !window.jupyterapp.shell.currentWidget.context.model.dirty")
    saved = nbformat.read(notebook.path, 4)
    state = saved.metadata.widgets["application/vnd.jupyter.widget-state+json"].state
    assert list(state) == ["latentpalette"], "one model that no view names: nbconvert shows the pictures"
    assert len(json.dumps(state)) < 200_000
    bundles = [output.data for cell in saved.cells for output in cell.outputs]
    assert [set(bundle) for bundle in bundles] == [
        {"text/plain", "image/png", "application/vnd.jupyter.widget-view+json"}
    ] * 2
    assert bundles[0]["text/plain"] == "NoteSequence(4 notes, 16 steps, 120 qpm)"
    assert max(len(json.dumps(bundle)) for bundle in bundles) < 200_000
