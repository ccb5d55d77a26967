"""The page of a session, opened from disk: several instruments play together, in phase and at one tempo."""

from __future__ import annotations

import io
import wave

import numpy as np
import pretty_midi
import pytest
from playwright.sync_api import Page, expect

import latentpalette as lp
from latentpalette.widgets import instrument as module
from latentpalette.widgets.interpolation_slider import InterpolationSlider
from latentpalette.widgets.latent_loops import LatentLoops
from latentpalette.widgets.melody_mixer import MelodyMixer
from latentpalette.widgets.palette import Palette
from latentpalette.widgets.sampler import Sampler
from latentpalette.widgets.session import Session
from latentpalette.widgets.standalone import standalone_page
from tests.browser import audio_probe
from tests.browser.test_palette_page import button
from tests.widgets.fakes import Clicks, CrossFade, MelodyFade


@pytest.fixture
def opened(monkeypatch, page: Page, tmp_path):
    monkeypatch.setattr(module, "kit_of_streams", lambda streams: Clicks())
    palettes = [Palette(CrossFade(), [name] * 4, size=3) for name in ("Four on the floor", "Samba")]
    session = Session(palettes, qpm=100, names=["first", "second"])
    page.goto(session.to_html(tmp_path / "session.html").as_uri())
    expect(page.get_by_role("region", name="Palette", exact=True)).to_have_count(2)
    return page


def region(page: Page, name: str):
    return page.get_by_role("region", name=name, exact=True)


def bar(page: Page):
    """The bar of the session; each instrument has one, too."""
    return page.get_by_role("toolbar", name="Controls").first


def downloaded(page: Page, item: str) -> tuple[str, bytes]:
    bar(page).get_by_role("button", name="Keep", exact=True).click()
    with page.expect_download() as waiting:
        page.get_by_role("menuitem", name=item, exact=True).click()
    return waiting.value.suggested_filename, waiting.value.path().read_bytes()


def test_play_plays_all_of_them_and_stop_stops_all(opened: Page):
    audio_probe.count_from_here(opened)
    bar(opened).get_by_role("button", name="Play", exact=True).click()
    audio_probe.wait_until_sounding(opened, 2)
    expect(opened.get_by_role("button", name="Stop", exact=True)).to_have_count(3)
    expect(region(opened, "Session").get_by_text("plays", exact=True)).to_have_count(2)
    bar(opened).get_by_role("button", name="Stop", exact=True).click()
    audio_probe.wait_until_sounding(opened, 0)


def test_the_name_of_a_corner_stands_on_its_card_as_the_board_has_no_room_for_it(opened: Page):
    palette = region(opened, "Palette").first
    palette.get_by_role("button", name="Corner", exact=True).click()
    card = palette.get_by_role("region", name="Corner", exact=True)
    name = card.locator("span.lp-corner-name")  # there is one of its file, too
    expect(name).to_have_text("Four on the floor")
    expect(name).to_be_visible()


def test_the_play_of_an_instrument_joins_what_plays(opened: Page):
    audio_probe.count_from_here(opened)
    first, second = region(opened, "Palette").all()
    first.get_by_role("button", name="Play", exact=True).click()
    audio_probe.wait_until_sounding(opened, 1)
    second.get_by_role("button", name="Play", exact=True).click()
    audio_probe.wait_until_sounding(opened, 2)
    first.get_by_role("button", name="Stop", exact=True).click()
    audio_probe.wait_until_sounding(opened, 1)


def test_the_tempo_is_that_of_all_and_the_bar_alone_has_it(opened: Page):
    tempo = opened.get_by_role("spinbutton", name="Tempo in quarter notes per minute")
    expect(tempo).to_have_count(1)
    tempo.fill("132")
    tempo.press("Enter")
    expect(tempo).to_have_value("132")
    assert midi_tempo(downloaded(opened, "Mix as MIDI")[1]) == pytest.approx(132, abs=0.1)


def midi_tempo(data: bytes) -> float:
    return pretty_midi.PrettyMIDI(io.BytesIO(data)).get_tempo_changes()[1][0]


def test_the_instruments_stand_side_by_side_and_where_it_is_narrow_there_is_one_with_tabs(opened: Page):
    tabs = opened.get_by_role("group", name="Instrument that is shown")
    for width, tops, shown in ((1280, 1, 2), (820, 1, 2), (400, 1, 1)):
        opened.set_viewport_size({"width": width, "height": 720})
        boards = opened.locator(".lp-board:visible")
        expect(boards).to_have_count(shown)
        assert len({round(board.bounding_box()["y"]) for board in boards.all()}) == tops
        assert opened.evaluate("document.documentElement.scrollWidth") <= width
        assert tabs.is_visible() == (shown == 1)
    tabs.get_by_role("button", name="second").click()
    expect(opened.locator(".lp-member:visible .lp-member-name")).to_have_text("second")


@pytest.mark.parametrize(("width", "shown"), [(400, 1), (720, 1), (820, 2), (890, 2), (1280, 2)])
def test_the_options_of_a_path_stand_between_two_corners_in_their_column(opened: Page, width, shown):
    opened.set_viewport_size({"width": width, "height": 720})
    columns = opened.locator(".lp-member:visible")
    expect(columns).to_have_count(shown)
    for column in columns.all():
        column.get_by_role("button", name="Draw", exact=True).click()
        parts = column.locator(".lp-tags.lp-drawing").locator("> .lp-tag, .lp-path-options > *")
        expect(parts).to_have_count(5)
        boxes = [each.bounding_box() for each in parts.all()]
        boxes.sort(key=lambda box: box["x"])
        ends = [box["x"] + box["width"] for box in boxes]
        assert all(end <= box["x"] for end, box in zip(ends, boxes[1:], strict=False))
        place = column.bounding_box()
        assert place["x"] <= boxes[0]["x"] + 2  # as the chip of a letter hangs over the board
        assert ends[-1] - 2 <= place["x"] + place["width"]


def test_a_held_instrument_goes_on_with_what_it_plays(opened: Page):
    button(opened, "Lock first").click()
    expect(opened.get_by_text("held", exact=True)).to_be_visible()
    expect(button(opened, "Lock first")).to_have_attribute("aria-pressed", "true")
    button(opened, "Lock first").click()
    expect(button(opened, "Lock first")).to_have_attribute("aria-pressed", "false")


def test_three_instruments_fit_a_screen(monkeypatch, page: Page, tmp_path):
    monkeypatch.setattr(module, "kit_of_streams", lambda streams: Clicks())
    palettes = [Palette(CrossFade(), ["Samba"] * 4, size=3) for _ in range(3)]
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(Session(palettes).to_html(tmp_path / "three.html").as_uri())
    expect(page.locator(".lp-board")).to_have_count(3)
    assert page.locator(".lp-root").first.bounding_box()["height"] <= 700
    assert bar(page).bounding_box()["height"] <= 40


@pytest.mark.parametrize("card", ["Playing", "Corner"])
def test_a_trio_and_drums_fit_beside_the_file_browser(monkeypatch, page: Page, tmp_path, card):
    monkeypatch.setattr(module, "kit_of_streams", lambda streams: Clicks())
    trio, drums = (
        Palette(lp.load("trio-16bar"), size=3, decode_in_page=False),
        Palette(CrossFade(), ["Samba"] * 4, size=3),
    )
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(Session([trio, drums]).to_html(tmp_path / "trio.html").as_uri())
    page.add_style_tag(content="body { margin: 0; width: 820px; }")
    members = page.locator(".lp-member")
    expect(members).to_have_count(2)
    for member in members.all():
        tab = member.get_by_role("group", name="Card that is shown").get_by_role("button", name=card, exact=True)
        tab.click()
        expect(tab).to_have_attribute("aria-pressed", "true")
    assert page.locator(".lp-root").first.bounding_box()["height"] <= 680


def test_the_mix_is_a_file_without_what_is_muted(opened: Page):
    def notes():
        name, data = downloaded(opened, "Mix as MIDI")
        assert name == "session.mid"
        return sum(len(part.notes) for part in pretty_midi.PrettyMIDI(io.BytesIO(data)).instruments)

    both = notes()
    button(opened, "Mute second").click()
    first = notes()
    button(opened, "Solo second").click()
    second = notes()
    assert 0 < first < both
    assert first + second == both
    button(opened, "Solo second").click()
    name, data = downloaded(opened, "Mix as WAV")
    with wave.open(io.BytesIO(data)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    assert name == "session.wav"
    assert len(samples) // 2 == round(32 * 15 / 100 * 44100)
    assert 3000 < np.abs(samples).max() < 32767


def test_a_piano_roll_plays_in_the_session_at_its_tempo_and_another_takes_its_place(monkeypatch, page: Page, tmp_path):
    monkeypatch.setattr(module, "kit_of_streams", lambda streams: Clicks())
    tune = lp.NoteSequence([lp.Note(60, 0, 4), lp.Note(67, 8, 4)], steps=16, qpm=90)
    session = Session([Palette(CrossFade(), ["Samba"] * 4, size=3), lp.show([tune, tune], "A B")], qpm=150)
    page.goto(session.to_html(tmp_path / "rolls.html").as_uri())
    expect(page.locator(".lp-rolls .bk-Canvas, .lp-rolls canvas").first).to_be_attached()
    audio_probe.count_from_here(page)
    bar(page).get_by_role("button", name="Play", exact=True).click()
    audio_probe.wait_until_sounding(page, 2)
    expect(button(page, "Stop A")).to_be_visible()
    button(page, "Play B").click()
    expect(button(page, "Stop B")).to_be_visible()
    expect(button(page, "Play A")).to_be_visible()
    audio_probe.wait_until_sounding(page, 2)
    notes = pretty_midi.PrettyMIDI(io.BytesIO(downloaded(page, "Mix as MIDI")[1]))
    assert notes.get_tempo_changes()[1][0] == pytest.approx(150, abs=0.1)
    assert [round(note.start, 3) for part in notes.instruments if not part.is_drum for note in part.notes] == [
        0,
        0.8,
        1.6,
        2.4,
    ]
    bar(page).get_by_role("button", name="Stop", exact=True).click()
    audio_probe.wait_until_sounding(page, 0)
    assert page.errors == []


def test_without_a_session_one_stops_the_other_until_both_play_with_others(monkeypatch, page: Page, tmp_path):
    monkeypatch.setattr(module, "kit_of_streams", lambda streams: Clicks())
    palettes = [Palette(CrossFade(), [name] * 4, size=3) for name in ("Four on the floor", "Samba")]
    widgets = [widget for palette in palettes for widget in palette.page_widgets()]
    file = tmp_path / "two.html"
    file.write_text(standalone_page(widgets, title="two"), encoding="utf-8")
    page.goto(file.as_uri())
    audio_probe.count_from_here(page)
    first, second = page.get_by_role("region", name="Palette", exact=True).all()
    plays = [palette.get_by_role("button", name="Play", exact=True) for palette in (first, second)]
    plays[0].click()
    audio_probe.wait_until_sounding(page, 1)
    plays[1].click()
    audio_probe.wait_until_sounding(page, 1)
    expect(plays[0]).to_be_visible()
    for palette in (first, second):
        palette.get_by_role("button", name="Set up", exact=True).click()
        page.get_by_role("switch", name="Play with others", exact=True).and_(page.locator(":visible")).click()
        page.keyboard.press("Escape")
    plays[0].click()
    audio_probe.wait_until_sounding(page, 2)


def test_rolls_of_a_page_play_with_its_instruments_when_asked_in_phase_and_at_their_tempo(
    monkeypatch, page: Page, tmp_path
):
    monkeypatch.setattr(module, "kit_of_streams", lambda streams: Clicks())
    palette = Palette(CrossFade(), ["Samba"] * 4, size=3, qpm=132)
    rolls = lp.show(lp.NoteSequence([lp.Note(60, 0, 4), lp.Note(67, 8, 4)], steps=16, qpm=90))
    rolls.join("page")
    [shown] = rolls.page_widgets()
    widgets = [*palette.page_widgets(), shown._replace(state={**shown.state, "session_id": ""})]
    file = tmp_path / "rolls.html"
    file.write_text(standalone_page(widgets, title="rolls"), encoding="utf-8")
    page.goto(file.as_uri())
    play, roll = bar(page).get_by_role("button", name="Play", exact=True), page.locator(".lp-rolls-play")
    together = page.get_by_role("button", name="Play with others", exact=True)
    expect(together).to_have_attribute("aria-pressed", "false")
    audio_probe.count_from_here(page)
    play.click()
    audio_probe.wait_until_sounding(page, 1)
    page.get_by_role("button", name="Set up", exact=True).click()
    page.get_by_role("switch", name="Play with others", exact=True).and_(page.locator(":visible")).click()
    page.keyboard.press("Escape")
    together.click()
    expect(together).to_have_attribute("aria-pressed", "true")
    roll.click()
    audio_probe.wait_until_sounding(page, 2)
    members = """[...globalThis[Symbol.for("latentpalette.instruments")].handles.values()]"""
    assert page.evaluate(f"() => {members}.map(({{ state }}) => state.get('qpm'))") == [132, 132]
    page.wait_for_function(  # until the roll's first step comes it stands there
        f"""() => {{
          const [one, other] = {members}.map(({{ transport }}) => transport.player.position().step);
          return one !== Math.round(one) && Math.abs(one - other) < 1e-6;
        }}"""
    )
    together.click()
    audio_probe.wait_until_sounding(page, 1)
    expect(together).to_have_attribute("aria-pressed", "false")
    assert page.errors == []


def test_each_instrument_of_a_page_keeps_its_own_layout(monkeypatch, page: Page, tmp_path):
    """The style sheets of all instruments lie on one page, as they do in a notebook."""
    monkeypatch.setattr(module, "kit_of_streams", lambda streams: Clicks())
    ends = ["Four on the floor", "Samba"]
    instruments = [
        Palette(CrossFade(), size=3),
        MelodyMixer(*ends, CrossFade(), n=5),
        InterpolationSlider(*ends, CrossFade(), n=5),
        Sampler(CrossFade(), 4),
        LatentLoops(MelodyFade(), size=4),
    ]
    places = """() => [...document.querySelectorAll(".lp-root .lp > :not(.lp-top)")]
        .map((part) => getComputedStyle(part).gridArea)"""
    page.set_viewport_size({"width": 1000, "height": 900})
    alone = []
    for instrument in instruments:
        page.goto(instrument.to_html(tmp_path / "one.html").as_uri())
        expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
        alone += page.evaluate(places)
    widgets = [widget for each in instruments for widget in each.page_widgets()]
    (tmp_path / "all.html").write_text(standalone_page(widgets, title="all"), encoding="utf-8")
    page.goto((tmp_path / "all.html").as_uri())
    expect(page.get_by_role("button", name="Play", exact=True)).to_have_count(len(instruments))
    assert page.evaluate(places) == alone
