"""A MIDI file of several tracks on an instrument: one is read, the others are offered; with Python and without it."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import latentpalette as lp
from latentpalette.widgets import instrument as module
from latentpalette.widgets.interpolation_slider import InterpolationSlider
from latentpalette.widgets.palette import Palette
from tests.browser.layout import check_fit
from tests.browser.live_page import LivePalette
from tests.browser.test_palette_page import button
from tests.music.midi_files import part, whole_file
from tests.widgets.fakes import Clicks
from tests.widgets.test_dropped_files import SONG

NAMES = ["drums-2bar", "melody-2bar"]


@pytest.fixture(scope="module")
def palettes():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "kit_of_streams", lambda streams: Clicks())
        return {name: Palette(lp.load(name), size=3) for name in NAMES}


@pytest.fixture(scope="module")
def addresses(palettes, tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    return {name: each.to_html(folder / f"{name}.html", model="full").as_uri() for name, each in palettes.items()}


@pytest.fixture
def song(tmp_path) -> Path:
    path = tmp_path / "song.mid"
    path.write_bytes(SONG)
    return path


def load(page: Page, file: Path, corner: str = "B") -> None:
    button(page, f"Corner {corner}").click()
    page.get_by_label("MIDI file").set_input_files(file)
    expect(page.locator(".lp-found [role=status]")).to_contain_text(file.name)


def tracks(page: Page, file: str = "song.mid", word: str = "Melody"):
    return page.get_by_label(f"{word} of {file}")


def words_of(page: Page) -> list[str]:
    """All that the page says of a file."""
    words = [page.locator(".lp-found [role=status]").text_content()]
    words += page.locator(".lp-found option").all_text_contents()
    return words + page.locator(".lp-corner .lp-left-out li").all_text_contents()


@pytest.mark.parametrize("name", NAMES)
def test_the_page_without_python_says_and_takes_what_the_kernel_says(
    name, addresses, palettes, song, new_page, tmp_path
):
    word = "Drums" if name.startswith("drums") else "Melody"
    words = []
    for is_live in (False, True):
        page = new_page()
        if is_live:
            LivePalette(page, Palette(palettes[name].model, size=3), tmp_path)
        else:
            page.goto(addresses[name])
        load(page, song)
        at_first = words_of(page)
        tracks(page, word=word).select_option("3")
        expect(page.locator(".lp-found [role=status]")).to_contain_text("track 3, Low")
        expect(button(page, "Corner B")).to_contain_text("song.mid Low bars 1 and 2")
        words.append([*at_first, *words_of(page), page.locator(".lp-corner").inner_text()])
    assert words[0] == words[1]
    assert "3, Low (Electric Bass (finger), 8 notes)" in " ".join(words[0])


def test_the_track_that_is_read_is_named_and_another_is_chosen_by_the_keyboard(addresses, song, page: Page):
    page.goto(addresses["melody-2bar"])
    load(page, song)
    status = page.locator(".lp-found [role=status]")
    expect(status).to_have_text("song.mid: track 1, Lead, bars 1 and 2, loop 1 of 1")
    expect(tracks(page)).to_have_value("1")
    expect(tracks(page).locator("option", has_text="4, Kit")).to_be_disabled()
    tracks(page).focus()
    page.keyboard.press("ArrowDown")
    expect(status).to_have_text("song.mid: track 2, Acoustic Grand Piano, bars 1 and 2, loop 1 of 1")
    expect(button(page, "Corner B")).to_contain_text("song.mid Acoustic Grand Piano bars 1 and 2")


def test_undo_brings_the_track_before_back_and_redo_the_other(addresses, song, page: Page):
    page.goto(addresses["melody-2bar"])
    before = button(page, "Corner B").text_content()
    load(page, song)
    tracks(page).select_option("3")
    expect(button(page, "Corner B")).to_contain_text("song.mid Low")
    button(page, "Undo").click()
    expect(button(page, "Corner B")).to_contain_text("song.mid bars 1 and 2")
    expect(tracks(page)).to_have_value("1")
    button(page, "Redo").click()
    expect(tracks(page)).to_have_value("3")
    button(page, "Undo").click()
    expect(tracks(page)).to_have_value("1")
    button(page, "Undo").click()
    expect(button(page, "Corner B")).to_have_text(before)
    expect(page.get_by_label("Loops of song.mid")).to_have_value("")


def test_a_file_of_drums_alone_is_no_melody(addresses, page: Page, tmp_path):
    kit = tmp_path / "kit.mid"
    kit.write_bytes(whole_file(part("Kit", 0, [36, 38], channel=9)))
    page.goto(addresses["melody-2bar"])
    load(page, kit)
    expect(page.get_by_role("list", name="Left out")).to_contain_text("there are no notes but drums")
    expect(page.locator(".lp-found [role=status]")).to_contain_text("kit.mid: no loop, no melody")
    expect(page.locator(".lp-tracks")).to_be_hidden()


def test_a_file_without_drums_offers_its_tracks_as_drums(addresses, page: Page, tmp_path):
    tune = tmp_path / "tune.mid"
    tune.write_bytes(whole_file(part("Pads", 0, [36, 38]), part("Lead", 73, [42], channel=1)))
    page.goto(addresses["drums-2bar"])
    load(page, tune)
    expect(page.get_by_role("list", name="Left out")).to_contain_text("no drums: channel 10 is empty")
    choice = tracks(page, "tune.mid", "Drums")
    expect(choice.locator("option:checked")).to_have_text("Choose a track")
    choice.select_option("1")
    expect(button(page, "Corner B")).to_contain_text("tune.mid Pads bars 1 and 2")
    expect(page.get_by_role("list", name="Left out")).to_be_hidden()


@pytest.mark.parametrize("width", [400, 1280])
def test_names_of_a_file_are_text_and_fit(addresses, new_page, tmp_path, width):
    page = new_page(viewport={"width": width, "height": 820})
    name = "<img src=x onerror=alert(1)>" + "W" * 400
    file = tmp_path / "hostile.mid"
    file.write_bytes(whole_file(*[part(name, 73, [72, 74])] * 150))
    page.goto(addresses["melody-2bar"])
    load(page, file)
    options = tracks(page, "hostile.mid").locator("option")
    expect(options).to_have_count(101)
    expect(options.last).to_have_text("and 50 more")
    expect(options.first).to_contain_text("1, <img src=x onerror=alert(1)>WWWW")
    assert page.locator(".lp-found img").count() == 0
    check_fit(page, width)


def test_an_end_of_a_slider_offers_the_tracks_too(song, page: Page, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "kit_of_streams", lambda streams: Clicks())
    slider = InterpolationSlider("Lullaby", "Reel", lp.load("melody-2bar"))
    LivePalette(page, slider, tmp_path)
    page.get_by_label("MIDI file, end A").set_input_files(song)
    tracks(page).select_option("2")
    label = page.get_by_label("Preset, end A").locator("option:checked")
    expect(label).to_have_text("song.mid Acoustic Grand Piano bars 1 and 2")
    button(page, "Undo").click()
    expect(label).to_have_text("song.mid bars 1 and 2")
    expect(tracks(page)).to_have_value("1")
