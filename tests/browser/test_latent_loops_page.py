"""The page of Latent Loops, written by `to_html`, opened from disk in a real Chromium without a network."""

from __future__ import annotations

import io
import wave

import pretty_midi
import pytest
from playwright.sync_api import Page, expect

import latentpalette as lp
from latentpalette.music.scales import Key, is_in_scale
from latentpalette.widgets.latent_loops import LatentLoops
from tests.browser import audio_probe
from tests.browser.layout import check_fit, unnamed_controls
from tests.browser.live_page import LivePalette


@pytest.fixture(scope="module")
def made():
    """Latent Loops whose song has three places; tests do not change them."""
    loops = LatentLoops(lp.load("melody-2bar"), drums=lp.load("drums-2bar"), size=5)
    loops.select(1, 2)
    loops.clipboard = [loops.selected]
    loops.timeline = [(loops.selected, 2, 0, "Bossa"), (loops.corners[1], 1, 5), loops.corners[3]]
    return loops


@pytest.fixture
def opened(made, page: Page, tmp_path):
    page.goto(made.to_html(tmp_path / "loops.html").as_uri())
    expect(page.get_by_role("region", name="Latent Loops", exact=True)).to_be_visible()
    return page


@pytest.fixture
def live(page: Page, tmp_path):
    """Latent Loops with Python behind them."""
    return LivePalette(page, LatentLoops(lp.load("melody-2bar"), drums=lp.load("drums-2bar"), size=5), tmp_path)


def button(page: Page, name: str):
    return page.get_by_role("button", name=name, exact=True)


def part(page: Page, name: str):
    return page.get_by_role("region", name=name, exact=True)


def grid(page: Page):
    return page.get_by_role("application")


def cell(page: Page, row: int, col: int, size: int = 5) -> dict[str, float]:
    """Where a cell is on the board."""
    box = grid(page).bounding_box()
    return {"x": (col + 0.5) * box["width"] / size, "y": (row + 0.4) * box["height"] / size}


def drag(page: Page, start, end) -> None:
    """Drag with the mouse from the middle of one box to that of another; either may be (x, y)."""
    points = []
    for place in (start, end):
        if isinstance(place, tuple):
            points.append(place)
        else:
            box = place.bounding_box()
            points.append((box["x"] + box["width"] / 2, box["y"] + box["height"] / 2))
    page.mouse.move(*points[0])
    page.mouse.down()
    page.mouse.move(points[0][0] + 10, points[0][1] + 10)
    page.mouse.move(*points[1], steps=4)
    page.mouse.up()


def downloaded(page: Page, item: str) -> tuple[str, bytes]:
    button(page, "Keep").click()
    with page.expect_download() as waiting:
        page.get_by_role("menuitem", name=item, exact=True).click()
    return waiting.value.suggested_filename, waiting.value.path().read_bytes()


def notes_of(midi: bytes) -> list[tuple[int, int]]:
    score = pretty_midi.PrettyMIDI(io.BytesIO(midi))
    return sorted((round(note.start * 8), note.pitch) for part in score.instruments for note in part.notes)


def notes_in_python(music) -> list[tuple[int, int]]:
    return sorted((note.step, note.pitch) for note in music.notes)


def test_a_loop_plays_while_the_pointer_is_over_it_and_is_chosen_by_a_click(opened):
    page = opened
    audio_probe.attach(page)
    button(page, "Play").click()
    audio_probe.wait_for_sound(page)
    expect(page.get_by_role("status")).to_contain_text("Row 2, column 3")
    grid(page).hover(position=cell(page, 2, 1))
    expect(page.get_by_role("status")).to_contain_text("Row 3, column 2")
    page.mouse.move(5, 5)
    expect(page.get_by_role("status")).to_contain_text("Row 2, column 3")
    grid(page).click(position=cell(page, 3, 3))
    page.mouse.move(5, 5)
    expect(page.get_by_role("status")).to_contain_text("Row 4, column 4")


def test_the_song_plays_place_after_place_with_its_repeats_and_stops_at_its_end(opened):
    page = opened
    page.get_by_label("Tempo in quarter notes per minute").fill("400")
    page.get_by_label("Tempo in quarter notes per minute").press("Enter")
    page.get_by_role("status").evaluate("""status => {
        window.statuses = [];
        new MutationObserver(() => window.statuses.push(status.textContent)).observe(
            status, { childList: true, characterData: true, subtree: true });
    }""")
    button(page, "Play song").click()
    expect(page.get_by_role("status")).to_contain_text("Place 3.")
    expect(button(page, "Play")).to_be_visible()
    statuses = iter(page.evaluate("window.statuses"))  # a place may pass quicker than a busy test can look
    for words in ("Place 1, first time", "Place 1, second time", "Place 2. up 5 semitones", "Place 3."):
        assert any(words in text for text in statuses), words


def test_the_song_is_kept_as_it_is_in_python(opened, made):
    page = opened
    name, midi = downloaded(page, "Song as MIDI")
    assert name == "song.mid"
    assert notes_of(midi) == notes_in_python(made.song)
    assert notes_of(downloaded(page, "Loop as MIDI")[1]) == notes_in_python(made.notes)
    _, sound = downloaded(page, "Song as WAV")
    with wave.open(io.BytesIO(sound)) as file:
        assert file.getnframes() / file.getframerate() >= 16


def test_a_cell_is_dragged_to_the_clipboard_and_from_there_into_the_song(opened):
    page = opened
    board = grid(page).bounding_box()
    place = cell(page, 2, 2)
    drag(
        page,
        (board["x"] + place["x"], board["y"] + place["y"]),
        button(page, "Slot 4, free: keep the chosen loop here"),
    )
    expect(button(page, "Slot 4: Cell 3, 3")).to_be_visible()
    drag(page, button(page, "Slot 4: Cell 3, 3"), button(page, "Place 4, free: put the chosen loop here"))
    expect(button(page, "Place 4: Cell 3, 3, once")).to_be_visible()
    expect(part(page, "Song").get_by_text("4 places · 10 bars · 0:20")).to_be_visible()
    button(page, "Undo").click()
    expect(button(page, "Place 4, free: put the chosen loop here")).to_be_visible()
    expect(button(page, "Slot 4: Cell 3, 3")).to_be_visible()


def test_places_are_moved_replaced_and_removed(opened):
    page = opened
    first, third = button(page, "Place 1: Cell 2, 3, 2 times"), button(page, "Place 3: Sketch, once")
    box = third.bounding_box()
    drag(page, first, (box["x"] + 0.95 * box["width"], box["y"] + 20))
    expect(button(page, "Place 3: Cell 2, 3, 2 times")).to_be_visible()
    drag(page, button(page, "Slot 1: Cell 2, 3"), button(page, "Place 1: Sketch, once, +5 semitones"))
    expect(button(page, "Place 1: Cell 2, 3, once, +5 semitones")).to_be_visible()
    button(page, "Place 1: Cell 2, 3, once, +5 semitones").press("Delete")
    expect(button(page, "Place 1: Sketch, once")).to_be_visible()


def test_the_keyboard_puts_loops_into_the_song_and_changes_them_there(opened):
    page = opened
    grid(page).focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("status")).to_contain_text("Row 2, column 4")
    page.keyboard.press("c")
    expect(button(page, "Slot 2: Cell 2, 4")).to_be_visible()
    page.keyboard.press("t")
    place = button(page, "Place 4: Cell 2, 4, once")
    place.press("ArrowUp")
    page.keyboard.press("+")
    expect(button(page, "Place 4: Cell 2, 4, 2 times, +1 semitones")).to_be_focused()
    page.keyboard.press("Alt+ArrowLeft")
    expect(button(page, "Place 3: Cell 2, 4, 2 times, +1 semitones")).to_be_focused()


def test_another_tonic_and_another_scale_move_the_song(opened, made):
    page = opened
    before = notes_of(downloaded(page, "Song as MIDI")[1])
    page.get_by_role("combobox", name="Tonic", exact=True).select_option(label="D")
    moved = [(step, pitch + 2) for step, pitch in notes_in_python(made.song.replace(notes=melody(made.song)))]
    drums = notes_in_python(made.song.replace(notes=[note for note in made.song.notes if note.is_drum]))
    assert notes_of(downloaded(page, "Song as MIDI")[1]) == sorted(moved + drums)
    page.get_by_role("combobox", name="Scale", exact=True).select_option(label="minor")
    loop = notes_of(downloaded(page, "Loop as MIDI")[1])
    assert all(is_in_scale(pitch, Key(2, "minor")) for _, pitch in loop)
    for _ in range(2):
        button(page, "Undo").click()
    assert notes_of(downloaded(page, "Song as MIDI")[1]) == before


def melody(music):
    return [note for note in music.notes if not note.is_drum]


def test_a_curve_becomes_a_melody_in_the_scale_and_stays_on_the_matrix(live):
    page = live.page
    pad = page.locator(".lp-sketchpad")
    box = pad.bounding_box()
    drag(page, (box["x"] + 2, box["y"] + box["height"] - 4), (box["x"] + box["width"] - 2, box["y"] + 4))
    expect(button(page, "Stop")).to_be_visible()  # whoever draws wants to hear it
    page.wait_for_function("() => model.get('curves')[0].every((height) => height !== null)")
    loops = live.palette
    pitches = [note.pitch for note in loops.corners[0].notes]
    assert pitches == sorted(pitches)
    assert {note.step % 2 for note in loops.corners[0].notes} == {0}
    assert all(is_in_scale(pitch, loops.key) for pitch in pitches)
    button(page, "Undo").click()
    page.wait_for_function("() => model.get('curves')[0][0] < 65")


def test_a_cell_is_refined_note_by_note(live):
    page = live.page
    grid(page).dblclick(position=cell(page, 2, 2))
    expect(part(page, "Matrix").get_by_role("heading", name="Cell 3, 3")).to_be_visible()
    button(page, "Edit notes step by step").click()
    notes = part(page, "Matrix").get_by_role("listbox").get_by_role("option")
    count = notes.count()
    notes.first.focus()
    page.keyboard.press("Delete")
    expect(notes).to_have_count(count - 1)
    live.palette.select(2, 2)
    assert len(live.palette.notes.notes) == count - 1
    button(page, "As decoded").click()
    expect(notes).to_have_count(count)


def test_samples_are_moved_into_the_scale_and_the_grid_follows(live):
    page = live.page
    before = live.palette.cells
    button(page, "Sample new corners").click()
    expect(page.get_by_role("status")).to_contain_text("Sampled")
    page.wait_for_function("() => model.get('labels').every((label) => label.startsWith('Sampled'))")
    expect(page.get_by_text("5 by 5 loops")).to_be_visible()
    loops = live.palette
    assert loops.cells != before
    assert all(is_in_scale(note.pitch, loops.key) for corner in loops.corners for note in corner.notes)


def test_a_file_is_read_into_the_corner_that_is_edited(live, tmp_path):
    page, loops = live.page, live.palette
    tune = lp.NoteSequence([lp.Note(61 + k, 4 * k, 4) for k in range(8)], steps=32).save(tmp_path / "tune.mid")
    button(page, "Edit corner C").click()
    page.get_by_label("MIDI file").set_input_files(tune)
    expect(part(page, "Matrix").get_by_role("listitem").first).to_contain_text("moved into C major pentatonic")
    assert loops.labels[2].startswith("tune.mid")
    assert all(is_in_scale(note.pitch, loops.key) for note in loops.corners[2].notes)
    expect(page.get_by_role("status").filter(has_text="Corner C. tune.mid bars 1 and 2")).to_be_attached()


def test_the_song_goes_on_as_the_model_composes_it(live):
    page = live.page
    button(page, "Place 1, free: put the chosen loop here").click()
    page.get_by_label("Drums of place 1").select_option(label="Samba")
    button(page, "Compose").click()
    expect(button(page, "Place 5: Composed #1, once")).to_be_visible()
    song = live.palette.timeline
    assert [place.music.label for place in song[1:]] == ["Composed #1"] * 4
    assert all(is_in_scale(note.pitch, live.palette.key) for place in song for note in place.music.notes)
    assert all(place.drums for place in song)
    button(page, "Undo").click()
    expect(button(page, "Place 2, free: put the chosen loop here")).to_be_enabled()
    assert len(live.palette.timeline) == 1


def test_g_composes_a_song_of_eight_places_where_there_is_none(live):
    page = live.page
    grid(page).click(position=cell(page, 1, 2))
    page.keyboard.press("g")
    expect(button(page, "Place 8: Composed #1, once")).to_be_visible()
    assert len(live.palette.timeline) == 8


def test_a_page_that_cannot_compose_offers_no_such_thing(opened):
    expect(button(opened, "Play song")).to_be_visible()
    expect(button(opened, "Compose")).to_be_hidden()


def test_drums_are_chosen_under_a_place(live):
    page = live.page
    button(page, "Place 1, free: put the chosen loop here").click()
    page.get_by_label("Drums of place 1").select_option(label="Samba")
    assert any(note.is_drum for note in live.palette.song.notes)
    page.get_by_label("Drums of place 1").select_option(label="Sample")
    expect(page.get_by_label("Drums of place 1").locator("option:checked")).to_have_text("Sampled #1")


def test_drums_are_sampled_on_a_page_with_the_models(page: Page, made, tmp_path):
    page.goto(made.to_html(tmp_path / "loops.html", model="full").as_uri())
    drums = page.get_by_label("Drums of place 2")
    drums.select_option(label="Sample")
    expect(drums.locator("option:checked")).to_have_text("Sampled #11")
    assert page.errors == []


def test_a_finger_slides_over_the_loops_and_taps_them_into_the_song(new_page, made, tmp_path):
    page = new_page(has_touch=True, is_mobile=True, viewport={"width": 400, "height": 820})
    page.goto(made.to_html(tmp_path / "loops.html").as_uri())
    box = grid(page).bounding_box()
    place = cell(page, 3, 1)
    page.touchscreen.tap(box["x"] + place["x"], box["y"] + place["y"])
    expect(page.get_by_role("status")).to_contain_text("Row 4, column 2")
    button(page, "Place 4, free: put the chosen loop here").tap()
    expect(button(page, "Place 4: Cell 4, 2, once")).to_be_visible()
    button(page, "Sketch").tap()
    expect(part(page, "Matrix")).to_be_visible()
    expect(grid(page)).to_be_hidden()


def test_a_page_comes_back_as_it_was_left(opened):
    page = opened
    grid(page).click(position=cell(page, 3, 1))
    button(page, "Place 4, free: put the chosen loop here").click()
    expect(button(page, "Place 4: Cell 4, 2, once")).to_be_visible()
    page.reload()
    expect(button(page, "Place 4: Cell 4, 2, once")).to_be_visible()


def test_without_python_new_corners_say_what_they_need(opened):
    page = opened
    for name in ("Sample new corners", "Sample", "Load MIDI"):
        expect(button(page, name)).to_be_disabled()
        expect(button(page, name)).to_have_attribute("title", "Needs Python: open it in a notebook")


@pytest.mark.parametrize("width", [400, 820])
def test_everything_has_a_name_and_fits(new_page, made, tmp_path, width):
    page = new_page(has_touch=width < 500, is_mobile=width < 500, viewport={"width": width, "height": 600})
    path = made.to_html(tmp_path / "loops.html")
    assert path.stat().st_size < 1 << 20
    page.goto(path.as_uri())
    expect(button(page, "Play")).to_be_visible()
    check_fit(page, width)
    assert unnamed_controls(page) == []
