"""Piano rolls in a real Chromium: as a page of their own, and in a real JupyterLab. No network in either."""

from __future__ import annotations

import json
import re
from itertools import pairwise

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
# What was started on the audio clock, and what is still to sound.
AUDIBLE = """() => {
  window.lpStarts = [];
  const { start, stop } = AudioBufferSourceNode.prototype;
  AudioBufferSourceNode.prototype.start = function (when, offset = 0) {
    const { length, sampleRate } = this.buffer;
    const frame = when * this.context.sampleRate;
    window.lpStarts.push({ node: this, frame, offset, length, sampleRate, stopped: false });
    window.lpContext = this.context;
    return start.call(this, when, offset);
  };
  AudioBufferSourceNode.prototype.stop = function (...when) {
    window.lpStarts.find(({ node }) => node === this).stopped = true;
    return stop.apply(this, when);
  };
  window.lpClock = () => (window.lpContext?.currentTime ?? 0) * (window.lpContext?.sampleRate ?? 0);
  window.lpSounding = () => window.lpStarts.filter(({ frame, stopped }) => !stopped && frame <= lpClock());
}"""
SOUNDS = "() => window.lpSounding().length > 0"


def starts(page: Page) -> list[dict]:
    """What was started: the frame, the place in the sound [seconds], its length and rate."""
    return page.evaluate("() => lpStarts.map(({ node, ...rest }) => rest)")


def audible_step(page: Page, roll: int) -> float:
    """The step at which the playhead of a roll stands."""
    return page.evaluate(
        """roll => {
          const needle = document.querySelectorAll(".lp-rolls-needle")[roll];
          const across = needle.getBoundingClientRect().left + 1 - needle.parentElement.getBoundingClientRect().left;
          return lpRolls()[roll].frame.x_scale.invert(across);
        }""",
        roll,
    )


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
    opened.wait_for_function(SOUNDS)
    expect(opened.locator(".lp-rolls-needle").first).to_be_visible()
    play_button(opened, "Stop first").click()
    expect(play_button(opened, "Play first")).to_be_visible()
    expect(opened.locator(".lp-rolls-needle").first).to_be_hidden()
    assert opened.evaluate("() => lpStarts.every(({ stopped }) => stopped)")


def test_a_loop_repeats_to_the_frame_with_all_that_rings_on(opened):
    play_button(opened, "Play first").click()
    opened.wait_for_function("() => lpSounding().length >= 2")
    repetitions = starts(opened)
    frames = [start["frame"] for start in repetitions]
    # Two seconds of music; each start is a whole frame, but for what a float cannot hold.
    assert [later - earlier for earlier, later in pairwise(frames)] == pytest.approx([88_200] * (len(frames) - 1))
    assert {start["sampleRate"] for start in repetitions} == {44_100}
    rendered = show(LOOP).items[0]["frames"]
    assert {start["length"] for start in repetitions} == {rendered}, "the browser leaves no silence before it"
    assert rendered > 88_200


def test_what_is_not_repeated_is_played_once(opened):
    repeat = opened.get_by_role("button", name="Repeat")
    expect(repeat).to_have_attribute("aria-pressed", "true")
    repeat.click()
    expect(repeat).to_have_attribute("aria-pressed", "false")
    play_button(opened, "Play first").click()
    expect(play_button(opened, "Stop first")).to_be_visible()
    expect(play_button(opened, "Play first")).to_be_visible()
    assert len(starts(opened)) == 1


def test_a_row_is_played_in_order_each_for_its_length_and_the_one_that_sounds_is_marked(opened):
    opened.get_by_role("button", name="Play in order").click()
    expect(opened.get_by_role("region", name="first")).to_have_class(re.compile("lp-is-playing"))
    expect(opened.get_by_text("1 of 2: first")).to_be_visible()
    expect(opened.get_by_role("region", name="second")).to_have_class(re.compile("lp-is-playing"))
    expect(opened.get_by_text("2 of 2: second")).to_be_visible()
    expect(opened.get_by_role("region", name="first")).not_to_have_class(re.compile("lp-is-playing"))
    first, second, again, *_ = [start["frame"] for start in starts(opened)]
    assert (second - first, again - second) == pytest.approx((88_200, 176_400))
    opened.get_by_role("button", name="Stop", exact=True).click()
    expect(opened.get_by_role("button", name="Play in order")).to_be_visible()
    assert opened.evaluate(
        "() => lpStarts.every(({ stopped, frame, length }) => stopped || frame + length < lpClock())"
    ), "the others have rung out"


def test_only_one_player_sounds(opened):
    play_button(opened, "Play first").click()
    expect(play_button(opened, "Stop first")).to_be_visible()
    opened.wait_for_function(SOUNDS)
    count = len(starts(opened))
    play_button(opened, "Play second").click()
    expect(play_button(opened, "Stop second")).to_be_visible()
    expect(play_button(opened, "Play first")).to_be_visible()
    opened.wait_for_function("count => lpStarts.length > count", arg=count)
    stopped = [start["stopped"] for start in starts(opened)]
    assert all(stopped[:count])
    assert not any(stopped[count:])


def test_a_click_in_the_roll_plays_from_there(opened):
    opened.mouse.click(*opened.evaluate(PLACE, [1, 8, 6]))
    expect(play_button(opened, "Stop second")).to_be_visible()
    opened.wait_for_function(SOUNDS)
    assert starts(opened)[0]["offset"] == pytest.approx(2, abs=0.05)  # step 8 at 60 qpm is after two seconds


def test_the_playhead_is_where_the_sound_is(opened):
    play_button(opened, "Play second").click()
    opened.wait_for_function("() => lpClock() > lpStarts[0]?.frame + 22050")
    step, played = opened.evaluate(
        """() => new Promise(done => requestAnimationFrame(() => {
          const needle = document.querySelectorAll(".lp-rolls-needle")[1];
          const across = needle.getBoundingClientRect().left + 1 - needle.parentElement.getBoundingClientRect().left;
          done([lpRolls()[1].frame.x_scale.invert(across), (lpClock() - lpStarts[0].frame) / 44100 / 0.25]);
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


def test_in_a_roll_space_plays_and_the_arrows_move_by_beats(opened):
    position = opened.get_by_role("slider", name="Position second")
    position.focus()
    opened.evaluate("() => { window.lpKeys = 0; document.addEventListener('keydown', () => { window.lpKeys += 1; }); }")
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft"):
        opened.keyboard.press(key)
    expect(position).to_have_attribute("aria-valuetext", "bar 1, beat 3")
    assert audible_step(opened, 1) == pytest.approx(8, abs=0.3)
    opened.keyboard.press(" ")
    opened.wait_for_function(SOUNDS)
    assert starts(opened)[0]["offset"] == pytest.approx(2, abs=0.01)
    opened.keyboard.press("Home")
    opened.wait_for_function("() => lpSounding().length > 0 && lpStarts.at(-1).offset === 0")
    opened.keyboard.press(" ")
    expect(play_button(opened, "Play second")).to_be_visible()
    assert opened.evaluate("() => lpKeys") == 0


@pytest.fixture
def long_roll(page, tmp_path):
    """Forty bars at a tempo at which a page of sixteen lasts four seconds."""
    piece = NoteSequence([Note(60 + step % 12, step) for step in range(0, 640, 4)], 640, 960)
    page.add_init_script(f"({AUDIBLE})()")
    page.goto(show(piece).to_html(tmp_path / "long.html").as_uri())
    wait_until_drawn(page, 1)
    return page


def shown_steps(page: Page) -> list[float]:
    return page.evaluate("() => { const { start, end } = lpRolls()[0].model.x_range; return [start, end]; }")


def test_a_long_roll_shows_which_part_of_it_is_seen(long_roll):
    expect(long_roll.get_by_text("bars 1 to 16 of 40")).to_be_visible()
    strip = long_roll.get_by_role("slider", name="Bars that are shown")
    strip.press("ArrowRight")
    expect(long_roll.get_by_text("bars 2 to 17 of 40")).to_be_visible()
    strip.press("End")
    expect(strip).to_have_attribute("aria-valuetext", "bars 25 to 40 of 40")
    assert shown_steps(long_roll) == [384, 640]
    box = strip.bounding_box()
    long_roll.mouse.click(box["x"] + box["width"] / 2, box["y"] + 5)
    expect(long_roll.get_by_text("bars 13 to 28 of 40")).to_be_visible()


def test_a_long_roll_follows_the_playhead_and_repeats_only_if_asked(long_roll):
    expect(long_roll.get_by_role("button", name="Repeat")).to_have_attribute("aria-pressed", "false")
    play_button(long_roll, "Play").click()
    expect(long_roll.get_by_text("bars 17 to 32 of 40")).to_be_visible()
    expect(long_roll.locator(".lp-rolls-needle")).to_be_visible()
    expect(long_roll.get_by_text("bars 25 to 40 of 40")).to_be_visible()
    expect(play_button(long_roll, "Play")).to_be_visible()


def test_dragging_a_long_roll_moves_it_and_plays_nothing(long_roll):
    long_roll.mouse.move(*long_roll.evaluate(PLACE, [0, 200, 4]))
    long_roll.mouse.down()
    long_roll.mouse.move(*long_roll.evaluate(PLACE, [0, 100, 4]), steps=5)
    long_roll.mouse.up()
    expect(long_roll.get_by_text("bars 7 to 22 of 40")).to_be_visible()
    expect(play_button(long_roll, "Play")).to_be_visible()
    assert starts(long_roll) == []


def test_who_drags_away_from_the_playhead_is_not_pulled_back(long_roll):
    play_button(long_roll, "Play").click()
    long_roll.wait_for_function(SOUNDS)
    long_roll.get_by_role("slider", name="Bars that are shown").press("End")
    long_roll.wait_for_function("() => lpClock() > lpStarts[0].frame + 44100")
    assert shown_steps(long_roll) == [384, 640]


def test_on_a_phone_a_long_roll_shows_fewer_bars(new_page, tmp_path):
    page = new_page(viewport={"width": 400, "height": 800})
    page.goto(show(NoteSequence([Note(60, 0)], 256)).to_html(tmp_path / "long.html").as_uri())
    wait_until_drawn(page, 1)
    expect(page.get_by_text("bars 1 to 8 of 16")).to_be_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 400


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
    below_heading = page.locator("#widgets").bounding_box()["y"]
    assert max(box["y"] + box["height"] for box in boxes) < below_heading + 450
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
    page.wait_for_function(SOUNDS)
    cells = page.locator(".jp-OutputArea-output")
    assert cells.evaluate_all(
        "all => all.every(it => it.scrollWidth <= it.clientWidth && it.scrollHeight <= it.clientHeight)"
    ), "no cell grows a scrollbar"
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
    page.wait_for_function(SOUNDS)
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
