"""Clips that are copied, pasted and dragged from one instrument to another: on a page, between two, and with Python."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Locator, Page, expect

import latentpalette as lp
from latentpalette.widgets import instrument as module
from latentpalette.widgets.groove_panel import GroovePanel
from latentpalette.widgets.interpolation_slider import InterpolationSlider
from latentpalette.widgets.latent_loops import LatentLoops
from latentpalette.widgets.melody_mixer import MelodyMixer
from latentpalette.widgets.palette import Palette
from latentpalette.widgets.sampler import Sampler
from latentpalette.widgets.session import Session
from latentpalette.widgets.standalone import standalone_page
from tests.browser.live_page import LivePalette
from tests.browser.test_palette_page import button
from tests.browser.test_sampler_page import notes_of, steps_of, tile
from tests.widgets.fakes import Clicks, CrossFade, MelodyFade

PRESETS = ["Four on the floor", "Boom bap", "Samba", "Trap"]


@pytest.fixture(autouse=True)
def quick_kit(monkeypatch):
    monkeypatch.setattr(module, "kit_of_streams", lambda streams: Clicks())


@pytest.fixture
def palette():
    return Palette(CrossFade(), PRESETS, size=3)


@pytest.fixture
def sampler():
    return Sampler(CrossFade(), 4, seed=7)


@pytest.fixture
def both(palette, sampler, page: Page, tmp_path):
    """A page with a palette and a sampler, without Python."""
    page.goto(Session([palette, sampler]).to_html(tmp_path / "both.html").as_uri())
    expect(region(page, "Sampler")).to_be_visible()
    return page


def region(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def corner(page: Page, letter: str) -> Locator:
    return page.get_by_role("button", name=f"Corner {letter}", exact=True)


def preset(name: str) -> list[tuple[int, int]]:
    return sorted((note.step, note.pitch) for note in lp.presets("drums")[name].notes)


def saved(within: Locator, item: str) -> list[tuple[int, int]]:
    """The notes of a MIDI file of the Keep menu."""
    within.get_by_role("button", name="Keep", exact=True).click()
    with within.page.expect_download() as waiting:
        within.get_by_role("menuitem", name=item, exact=True).click()
    return steps_of(waiting.value.path().read_bytes())


def clip_menu(within: Locator, name: str, item: str) -> None:
    button(within, f"Clip of {name}").click()
    within.get_by_role("menuitem", name=f"{item} clip", exact=True).click()


def notice(page: Page, text: str) -> None:
    expect(page.locator(".lp-status").get_by_text(text, exact=True).first).to_be_visible()


def test_a_corner_is_copied_with_the_keys_and_pasted_into_a_tile_and_undo_takes_it_back(both: Page, sampler):
    before = notes_of(sampler.tiles[2])
    corner(both, "B").focus()
    both.keyboard.press("Control+c")
    notice(both, "copied corner B")
    tile(both, 3).click()
    both.keyboard.press("Control+v")
    notice(both, "pasted into tile 3")
    expect(tile(both, 3)).to_have_accessible_name("Tile 3, , Boom bap")
    assert saved(region(both, "Sampler"), "Tile as MIDI") == preset("Boom bap")
    region(both, "Sampler").get_by_role("button", name="Undo", exact=True).click()
    assert saved(region(both, "Sampler"), "Tile as MIDI") == before


def test_a_tile_is_dragged_into_a_corner_and_a_corner_onto_a_tile(both: Page, sampler):
    tile(both, 2).drag_to(both.locator(".lp-board"), target_position={"x": 60, "y": 60})
    expect(corner(both, "A")).to_contain_text("seed 7, no. 2")
    tile(both, 4).drag_to(corner(both, "D"))
    expect(corner(both, "D")).to_contain_text("seed 7, no. 4")
    corner(both, "A").drag_to(tile(both, 1))
    expect(tile(both, 1)).to_have_accessible_name("Tile 1, , seed 7, no. 2")
    tile(both, 1).click()
    assert saved(region(both, "Sampler"), "Tile as MIDI") == notes_of(sampler.tiles[1])
    expect(both.locator(".lp-drop, [data-drop]")).to_have_count(0)


def test_a_button_of_each_card_copies_and_pastes(both: Page):
    clip_menu(region(both, "Sampler"), "the tile", "Copy")
    corner(both, "C").click()
    clip_menu(region(both, "Palette"), "the corner", "Paste")
    expect(corner(both, "C")).to_contain_text("seed 7, no. 1")
    both.keyboard.press("Escape")  # the blends again
    both.get_by_role("button", name="Playing", exact=True).click()
    button(region(both, "Palette"), "Clip of what plays").click()
    expect(both.get_by_role("menuitem", name="Paste clip", exact=True).first).to_be_disabled()


def test_a_clip_goes_to_another_page_of_the_browser(both: Page, tmp_path):
    corner(both, "C").focus()
    both.keyboard.press("Control+c")
    other = both.context.new_page()
    other.goto(Palette(CrossFade(), PRESETS, size=3).to_html(tmp_path / "other.html").as_uri())
    other.locator(".lp-board").click(position={"x": 15, "y": 15})
    other.keyboard.press("Control+v")
    expect(corner(other, "A")).to_contain_text("Samba")
    notice(other, "pasted into corner A")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Bossa nova", "The clipboard has no clip."),
        ('{"kind": "latentpalette clip"}', "This clip was copied from a later version"),
        ('{"kind": "latentpalette clip", "version": 1, "clip": {"steps": 1e9, "notes": [[]]}}', "is damaged"),
    ],
)
def test_other_text_on_the_clipboard_is_refused_in_a_sentence(both: Page, text, reason):
    palette = region(both, "Palette")
    both.locator(".lp-board").first.focus()
    both.evaluate(PASTE, text)
    expect(palette.get_by_role("alert")).to_contain_text(reason)
    assert both.errors == []


PASTE = """(text) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  document.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""


def test_a_field_keeps_the_keys_of_the_browser(sampler, page: Page, tmp_path):
    page.goto(sampler.to_html(tmp_path / "tiles.html").as_uri())
    field = page.get_by_label("Temperature", exact=True)
    field.focus()
    field.select_text()
    page.keyboard.press("Control+c")
    page.keyboard.press("End")
    page.keyboard.press("Control+v")
    assert field.input_value() == "0.808"  # as the browser puts it together


def test_what_does_not_fit_is_read_as_a_file_of_it_would_be(page: Page, palette, tmp_path):
    live = LivePalette(page, palette, tmp_path)
    page.locator(".lp-board").focus()
    four_bars = [[step, 36 if step < 32 else 38, 1, 90, 0, 0] for step in range(0, 64, 4)]
    page.evaluate(PASTE, copied("Long", four_bars, 64, {"name": "drums", "is_drum": True, "low": 36, "high": 51}))
    expect(page.get_by_label("Loops of Long.mid").locator("option:not([hidden])")).to_have_count(3)
    expect(corner(page, "A")).to_contain_text("Long.mid bars 1 and 2")
    assert [note.step for note in live.palette.corners[0].notes] == list(range(0, 32, 4))
    page.locator(".lp-board").focus()
    tune = [[0, 60, 4, 90, 0, 0]]
    page.evaluate(PASTE, copied("Lullaby", tune, 32, {"name": "melody", "is_drum": False, "low": 0, "high": 127}))
    expect(page.get_by_role("alert")).to_contain_text("Lullaby is a melody; what goes here is drums.")


def copied(label: str, notes: list[list[float]], steps: int, stream: dict[str, object]) -> str:
    streams = [{"program": 0, "instrument": "Piano", **stream}]
    kind = {"kind": "latentpalette clip", "version": 1}
    return json.dumps(
        {**kind, "label": label, "qpm": 120, "streams": streams, "clip": {"steps": steps, "notes": notes}}
    )


def test_a_tile_that_is_pasted_is_measured_and_python_has_it(page: Page, sampler, tmp_path):
    LivePalette(page, sampler, tmp_path)
    tile(page, 2).click()
    notes = [[0, 36, 1, 90, 0, 0], [8, 38, 1, 90, 0, 0]]
    page.evaluate(PASTE, copied("Two", notes, 16, {"name": "drums", "is_drum": True, "low": 36, "high": 51}))
    expect(tile(page, 2)).to_have_accessible_name("Tile 2, 4 hits, Two")
    assert notes_of(sampler.tiles[1]) == [(0, 36), (8, 38), (16, 36), (24, 38)]
    assert sampler.tiles[1].values["hits"] == 4


LULLABY = sorted((note.step, note.pitch) for note in lp.presets("melody")["Lullaby"].notes)


@pytest.fixture
def melodies(page: Page, tmp_path):
    """A page with a mixer, a slider, Latent Loops and a piano roll, without Python."""
    model = MelodyFade()
    instruments = {
        "mixer": MelodyMixer("Lullaby", "Reel", model, n=3),
        "slider": InterpolationSlider("Reel", "Fanfare", model),
        "loops": LatentLoops(model, size=4, snap_to_scale=False),
        "roll": lp.show([lp.presets("melody")["Lullaby"]], ["Tune"]),
    }
    (tmp_path / "melodies.html").write_text(
        standalone_page([each for own in instruments.values() for each in own.page_widgets()], title="Melodies"),
        encoding="utf-8",
    )
    page.set_viewport_size({"width": 1280, "height": 2600})  # whoever drags sees both
    page.goto((tmp_path / "melodies.html").as_uri())
    expect(region(page, "Latent Loops")).to_be_visible()
    return page


def test_a_melody_goes_from_a_mixer_to_a_slider_and_into_a_song(melodies: Page):
    mixer, slider, loops = (region(melodies, name) for name in ("Melody mixer", "Interpolation slider", "Latent Loops"))
    mixer.get_by_role("radio").first.focus()
    melodies.keyboard.press("Control+c")
    slider.get_by_role("button", name="To end B: Fanfare").click()
    melodies.keyboard.press("Control+v")
    expect(slider.get_by_role("button", name="To end B: Lullaby")).to_be_visible()
    assert saved(slider, "Model as MIDI") == LULLABY
    slider.get_by_role("button", name="To end B: Lullaby").drag_to(
        loops.get_by_role("button", name="Place 1, free", exact=False)
    )
    expect(loops.get_by_role("button", name="Place 1: Lullaby, once")).to_be_visible()
    assert saved(loops, "Song as MIDI") == LULLABY
    loops.get_by_role("button", name="Slot 3, free", exact=False).focus()
    melodies.keyboard.press("Control+v")
    expect(loops.get_by_role("button", name="Slot 3: Lullaby")).to_be_visible()
    button(loops, "Undo").click()
    expect(loops.get_by_role("button", name="Slot 3, free", exact=False)).to_be_visible()


def test_a_piano_roll_is_copied_and_dragged_into_an_end_and_a_cell(melodies: Page):
    mixer, loops = region(melodies, "Melody mixer"), region(melodies, "Latent Loops")
    copy = button(melodies, "Copy Tune")
    copy.drag_to(region(melodies, "End B").first)
    expect(mixer.get_by_label("Preset, end B")).to_have_attribute("title", "Tune")
    copy.focus()
    melodies.keyboard.press("Control+c")
    loops.locator(".lp-board").click(position={"x": 150, "y": 150})
    melodies.keyboard.press("Control+v")
    assert saved(loops, "Loop as MIDI") == LULLABY
    mixer.get_by_role("radio").nth(1).focus()
    melodies.keyboard.press("ArrowRight")
    melodies.keyboard.press("ArrowLeft")
    melodies.keyboard.press("Control+v")
    expect(mixer.get_by_role("alert")).to_contain_text("A clip cannot be pasted into step 2.")


def test_a_loop_is_pasted_into_a_groove_panel_and_the_drummer_plays_it(page: Page, tmp_path):
    panel = GroovePanel("Boom bap")
    LivePalette(page, panel, tmp_path)
    button(page, "Play").focus()
    bar = [[step, 36, 1, 90, 0, 0] for step in range(0, 16, 4)]
    page.evaluate(PASTE, copied("Kicks", bar, 16, {"name": "drums", "is_drum": True, "low": 36, "high": 51}))
    expect(page.locator(".lp-status").get_by_text("Kicks, 1 bar")).to_be_visible()
    assert [(note.step, note.pitch) for note in panel.written.notes] == [(step, 36) for step in range(0, 16, 4)]
