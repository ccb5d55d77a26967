"""The sampler in a real Chromium: the page that `to_html` writes, and with the real Python behind it."""

from __future__ import annotations

import io
import re
import zipfile

import pretty_midi
import pytest
from playwright.sync_api import Page, expect

from latentpalette.widgets import instrument as module
from latentpalette.widgets.palette import Palette
from latentpalette.widgets.sampler import Sampler
from latentpalette.widgets.session import Session
from tests.browser import audio_probe
from tests.browser.layout import unnamed_controls
from tests.browser.live_page import LivePalette
from tests.widgets.fakes import Clicks, CrossFade


@pytest.fixture
def sampler(monkeypatch):
    monkeypatch.setattr(module, "kit_of_streams", lambda streams: Clicks())
    return Sampler(CrossFade(), 6, seed=7)


@pytest.fixture
def opened(sampler, page: Page, tmp_path):
    page.goto(sampler.to_html(tmp_path / "tiles.html").as_uri())
    expect(page.get_by_role("region", name="Sampler", exact=True)).to_be_visible()
    return page


@pytest.fixture
def live(sampler, page: Page, tmp_path):
    return LivePalette(page, sampler, tmp_path)


def button(page: Page, name: str, *, exact: bool = True):
    return page.get_by_role("button", name=name, exact=exact)


def tile(page: Page, number: int):
    return page.locator(".lp-tile-main").nth(number - 1)


def downloaded(page: Page, item: str) -> tuple[str, bytes]:
    button(page, "Keep").click()
    with page.expect_download() as waiting:
        page.get_by_role("menuitem", name=item, exact=True).click()
    return waiting.value.suggested_filename, waiting.value.path().read_bytes()


def steps_of(midi: bytes) -> list[tuple[int, int]]:
    score = pretty_midi.PrettyMIDI(io.BytesIO(midi))
    return sorted((round(note.start * 8), note.pitch) for part in score.instruments for note in part.notes)


def notes_of(sampled) -> list[tuple[int, int]]:
    return sorted((note.step, note.pitch) for note in sampled.notes.notes)


def test_a_click_on_a_tile_plays_it(opened):
    audio_probe.attach(opened)
    tile(opened, 3).click()
    expect(opened.get_by_role("heading", name="Playing: tile 3")).to_be_visible()
    audio_probe.wait_for_sound(opened)
    tile(opened, 5).click()
    expect(opened.locator(".lp-sounding .lp-tile-main")).to_have_attribute("aria-pressed", "true")
    expect(tile(opened, 5)).to_have_attribute("aria-pressed", "true")


def test_arrow_keys_go_from_tile_to_tile_and_enter_plays(opened):
    tile(opened, 1).focus()
    opened.keyboard.press("ArrowRight")
    expect(opened.get_by_role("status")).to_contain_text("Tile 2 of 6.")
    expect(button(opened, "Play")).to_be_visible()
    opened.keyboard.press("Enter")
    expect(button(opened, "Stop")).to_be_visible()
    opened.keyboard.press("s")
    expect(button(opened, "Star tile 2")).to_have_attribute("aria-pressed", "true")


def test_the_tile_and_the_starred_ones_are_saved_as_they_play(opened, sampler):
    tile(opened, 2).click()
    name, midi = downloaded(opened, "Tile as MIDI")
    assert (name, steps_of(midi)) == ("tile_02.mid", notes_of(sampler.tiles[1]))
    button(opened, "Star tile 1").click()
    button(opened, "Star tile 4").click()
    button(opened, "Mute kick").click()
    name, archive = downloaded(opened, "Starred as MIDI")
    files = zipfile.ZipFile(io.BytesIO(archive))
    sampler.mutes = [True] + [False] * 8
    assert name == "starred_midi.zip"
    assert {item: steps_of(files.read(item)) for item in files.namelist()} == {
        "tile_01.mid": notes_of(sampler.tiles[0]),
        "tile_04.mid": notes_of(sampler.tiles[3]),
    }
    assert downloaded(opened, "Tile as WAV")[1][:4] == b"RIFF"


def test_without_python_a_roll_says_what_to_do_and_the_tiles_play_on(opened):
    tile(opened, 1).click()
    button(opened, "Roll again").click()
    expect(opened.get_by_role("alert")).to_contain_text("New tiles need Python: open the sampler in a notebook.")
    expect(button(opened, "Stop")).to_be_visible()


def test_a_roll_brings_the_samples_of_the_next_seed_but_not_for_starred_tiles(live, sampler):
    page = live.page
    kept = notes_of(sampler.tiles[1])
    button(page, "Star tile 2").click()
    button(page, "Roll again").click()
    expect(page.get_by_label("Seed", exact=True)).to_have_value("8")
    fresh = Sampler(CrossFade(), 5, seed=8)
    expected = [notes_of(each) for each in fresh.tiles]
    expected.insert(1, kept)
    assert [notes_of(each) for each in sampler.tiles] == expected
    assert [each.index for each in sampler.starred] == [1]
    button(page, "Undo").click()
    expect(page.get_by_label("Seed", exact=True)).to_have_value("7")
    assert sampler.tiles[0] == Sampler(CrossFade(), 6, seed=7).tiles[0]


def test_while_tiles_come_in_what_plays_is_there_first_and_the_others_say_so(live, sampler):
    page = live.page
    tile(page, 3).click()
    expect(button(page, "Stop")).to_be_visible()
    before = page.evaluate("model.requests")
    live.busy = True
    button(page, "Roll again").click()
    page.wait_for_function(f"model.requests === {before + 1}")
    expect(page.locator(".lp-waiting")).to_have_count(6)
    live.respond()
    expect(page.locator(".lp-waiting")).to_have_count(5)
    expect(page.locator(".lp-decoded")).to_have_text("1 of 6 tiles")
    expect(tile(page, 3)).to_have_accessible_name(re.compile("seed 8, no. 3"))
    expect(tile(page, 4)).to_have_accessible_name("Tile 4, on its way")
    page.wait_for_function(f"model.requests === {before + 2}")
    button(page, "Undo").click()
    expect(page.locator(".lp-waiting")).to_have_count(0)
    live.busy = False
    live.respond()
    button(page, "Redo").click()
    expect(tile(page, 6)).to_have_accessible_name(re.compile("seed 8, no. 6"))
    expect(page.locator(".lp-waiting")).to_have_count(0)
    expect(button(page, "Stop")).to_be_visible()
    assert [notes_of(each) for each in sampler.tiles] == [
        notes_of(each) for each in Sampler(CrossFade(), 6, seed=8).tiles
    ]


def test_what_plays_changes_with_a_roll_without_a_stop(live, sampler):
    page = live.page
    tile(page, 1).click()
    page.keyboard.press("r")
    expect(page.locator(".lp-decoded")).to_contain_text("seed 8, no. 1")
    expect(button(page, "Stop")).to_be_visible()
    assert steps_of(downloaded(page, "Tile as MIDI")[1]) == notes_of(sampler.tiles[0])


def test_another_temperature_plays_at_once(live, sampler):
    page = live.page
    field = page.get_by_label("Temperature", exact=True)
    field.fill("1.5")
    field.press("Enter")
    expect(page.locator(".lp-decoded")).to_contain_text("T 1.5")
    assert sampler.temperature == 1.5
    assert sampler.tiles[0].source == Sampler(CrossFade(), 6, seed=7, temperature=1.5).tiles[0].source


def test_a_variation_plays_and_takes_the_place_of_its_tile(live, sampler):
    page = live.page
    tile(page, 4).click()
    button(page, "Ask for six variations").click()
    button(page, "Variation 2").click()
    expect(page.get_by_role("heading", name="Playing: variation 2")).to_be_visible()
    before = notes_of(sampler.tiles[3])
    button(page, "Put in tile 4").click()
    expect(page.get_by_role("heading", name="Playing: tile 4")).to_be_visible()
    assert sampler.tiles[3].label == "like tile 4"
    assert set(notes_of(sampler.tiles[3])) < set(before)


def test_a_range_rolls_the_tiles_outside_until_they_are_inside(live, sampler):
    page = live.page
    button(page, "Only show").click()
    handle = page.get_by_label("hits, from")
    expect(page.locator(".lp-ranges")).to_contain_text("what the model makes at this temperature")
    handle.focus()
    for _ in range(130):
        handle.press("ArrowRight")
    page.keyboard.press("Tab")
    expect(page.locator(".lp-ranges")).to_contain_text("% of what this model makes is like that")
    low, high = sampler.ranges["hits"]
    assert all(low <= each.values["hits"] <= high for each in sampler.tiles)
    button(page, "Show all").click()
    expect(button(page, "Show all")).to_be_hidden()
    assert sampler.ranges == {}


def test_without_python_ranges_dim_the_tiles_outside(opened, sampler):
    button(opened, "Only show").click()
    handle = opened.get_by_label("hits, from")
    handle.press("PageUp")
    handle.press("End")
    most = max(each.values["hits"] for each in sampler.tiles)
    dimmed = sum(each.values["hits"] < most for each in sampler.tiles)
    expect(opened.locator(".lp-tile.lp-outside")).to_have_count(dimmed)
    expect(opened.get_by_role("alert")).to_be_hidden()


def test_every_control_has_a_name_and_a_size_for_fingers(new_page, sampler, tmp_path):
    page = new_page(has_touch=True, is_mobile=True, viewport={"width": 400, "height": 900})
    page.goto(sampler.to_html(tmp_path / "tiles.html").as_uri())
    for name in ("Play", "Volume", "Roll again", "Undo", "Set up", "Keep", "Star tile 1", "Only show"):
        expect(button(page, name)).to_be_visible()
    assert unnamed_controls(page) == []
    small = page.evaluate(
        """() => [...document.querySelectorAll(".lp-root button, .lp-root select, .lp-field")]
            .filter((item) => item.offsetParent && !item.closest(".lp-field button, .lp-panel, .lp-field select"))
            .map((item) => [item.getAttribute("aria-label") ?? item.textContent, item.getBoundingClientRect().toJSON()])
            .filter(([, { width, height }]) => Math.min(width, height) < 32).map(([name]) => name)"""
    )
    assert small == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 400


def test_the_sampler_fits_a_cell_of_a_notebook(new_page, sampler, tmp_path):
    page = new_page(viewport={"width": 820, "height": 600})
    page.goto(sampler.to_html(tmp_path / "tiles.html").as_uri())
    tile(page, 2).click()
    sizes = page.evaluate("[document.documentElement.scrollWidth, document.querySelector('.lp-root').offsetHeight]")
    assert sizes[0] <= 820
    assert sizes[1] <= 600
    bar = page.locator(".lp-bar").bounding_box()
    assert bar["height"] < 40


@pytest.mark.parametrize("count", [12, 40])
def test_the_sampler_fits_a_phone_and_many_tiles_scroll_inside(new_page, monkeypatch, tmp_path, count):
    monkeypatch.setattr(module, "kit_of_streams", lambda streams: Clicks())
    page = new_page(has_touch=True, is_mobile=True, viewport={"width": 400, "height": 820})
    page.goto(Sampler(CrossFade(), count, seed=7).to_html(tmp_path / "tiles.html").as_uri())
    expect(tile(page, count)).to_be_attached()
    assert page.evaluate("document.querySelector('.lp-root').offsetHeight") <= 820
    tiles = page.evaluate(
        "(({ scrollHeight, clientHeight }) => scrollHeight - clientHeight)(document.querySelector('.lp-tiles'))"
    )
    assert (tiles > 0) == (count > 12)
    tile(page, count).scroll_into_view_if_needed()
    tile(page, count).tap()
    expect(page.get_by_role("heading", name=f"Playing: tile {count}")).to_be_visible()


def test_the_number_of_tiles_is_chosen_in_the_page_and_python_has_them(live, sampler):
    page = live.page
    button(page, "Set up").click()
    page.get_by_label("Tiles", exact=True).and_(page.locator("select")).select_option("9")
    expect(page.locator(".lp-tile-main")).to_have_count(9)
    expect(tile(page, 9)).to_have_accessible_name(re.compile("seed 8, no. 3"))
    assert [each.label for each in sampler.tiles][6:] == ["seed 8, no. 1", "seed 8, no. 2", "seed 8, no. 3"]
    page.get_by_label("Tiles", exact=True).and_(page.locator("select")).select_option("4")
    expect(page.locator(".lp-tile-main")).to_have_count(4)
    assert sampler.n == 4


def test_starred_tiles_become_the_corners_of_a_palette_of_the_page(sampler, page: Page, tmp_path):
    palette = Palette(CrossFade(), ["Four on the floor", "Boom bap", "Samba", "Trap"], size=3)
    page.goto(Session([palette, sampler]).to_html(tmp_path / "both.html").as_uri())
    for number in (2, 5):
        button(page, f"Star tile {number}").click()
    own = page.get_by_role("region", name="Sampler", exact=True)
    button(own, "Set up").click()
    own.get_by_role("button", name="Starred into a palette").click()
    own.get_by_role("button", name="Palette 1: Four on the floor, Boom bap, Samba, Trap").click()
    expect(button(page, "Corner A")).to_contain_text("seed 7, no. 2")
    expect(button(page, "Corner B")).to_contain_text("seed 7, no. 5")
    expect(button(page, "Corner C")).to_contain_text("Samba")
    button(page.get_by_role("region", name="Palette", exact=True), "Undo").click()
    expect(button(page, "Corner B")).to_contain_text("Boom bap")


def test_without_a_palette_the_page_says_what_makes_one(opened):
    button(opened, "Star tile 1").click()
    button(opened, "Set up").click()
    opened.get_by_role("button", name="Starred into a palette").click()
    expect(opened.get_by_text("There is no palette beside this.", exact=False)).to_be_visible()
