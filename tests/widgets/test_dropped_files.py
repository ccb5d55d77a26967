"""A MIDI file that is dropped on an instrument: the track that is read, and the others to choose from."""

import pytest

import latentpalette as lp
from latentpalette.errors import MidiError
from latentpalette.music.midi import to_bytes
from latentpalette.music.sequence import Note
from latentpalette.widgets.dropped_files import read_dropped
from latentpalette.widgets.model_clips import ModelClips
from tests.music.midi_files import part, whole_file
from tests.widgets.conftest import browser_sends

LEAD, PIANO, BASS, KIT = range(1, 5)


SONG = whole_file(
    part("Lead", 73, [72, 74, 76]),
    part("", 0, [60, 64], channel=1),
    part("Low", 33, [36], channel=2),
    part("Kit", 0, [36, 38], channel=9),
)


@pytest.fixture(scope="module", params=["drums-2bar", "melody-2bar"])
def music(request):
    return ModelClips.of(lp.load(request.param))


@pytest.fixture(scope="module")
def melody():
    return ModelClips.of(lp.load("melody-2bar"))


@pytest.fixture(scope="module")
def drums():
    return ModelClips.of(lp.load("drums-2bar"))


@pytest.fixture
def ask(wire):
    def ask_(palette, number):
        wire.clear()
        body = {"name": "song.mid", "track": number}
        browser_sends(palette, {"type": "request", "id": "7", "name": "midi", "body": body}, (SONG,))
        (message,) = (message for message in wire if message.data.get("method") == "custom")
        return message.data["content"]

    return ask_


def pitches(response):
    return sorted({note[1] for note in response["windows"][0]["clip"]["notes"]})


def test_the_tracks_come_with_name_instrument_and_number_of_notes(music):
    response = read_dropped(music, SONG, "song.mid")
    assert [tuple(entry.values()) for entry in response["tracks"]] == [
        (LEAD, "Lead", "Flute", 8, False),
        (PIANO, "", "Acoustic Grand Piano", 8, False),
        (BASS, "Low", "Electric Bass (finger)", 8, False),
        (KIT, "Kit", "drums", 8, True),
    ]
    assert response["more_tracks"] == 0


def test_the_one_that_is_read_by_itself_is_the_one_that_excerpts_reads(melody, drums):
    assert read_dropped(melody, SONG, "song.mid")["track"] == melody.model.excerpts(SONG).melody.number == LEAD
    assert read_dropped(drums, SONG, "song.mid")["track"] == KIT


@pytest.mark.parametrize(("number", "wanted"), [(LEAD, [72, 74, 76]), (PIANO, [60, 64])])
def test_a_chosen_melody_is_read(melody, number, wanted):
    response = read_dropped(melody, SONG, "song.mid", number)
    assert (response["takes"], response["track"], pitches(response)) == ("melody", number, wanted)


def test_what_is_chosen_in_the_page_is_what_track_and_drums_choose_in_python(melody, drums):
    by_name = lp.Palette(melody.model, [SONG] * 4, track="Low", size=3)
    assert by_name.corner_clips[0] == read_dropped(melody, SONG, "song.mid", BASS)["windows"][0]["clip"]
    as_drums = lp.Palette(drums.model, [SONG] * 4, drums="Low", size=3)
    assert as_drums.corner_clips[0] == read_dropped(drums, SONG, "song.mid", BASS)["windows"][0]["clip"]


def test_a_pitched_track_is_read_as_drums_by_a_model_of_drums(drums):
    response = read_dropped(drums, SONG, "song.mid", BASS)
    assert (response["takes"], response["track"], pitches(response)) == ("drums", BASS, [36])
    assert "tracks that are not read: Lead, Acoustic Grand Piano, drums" in response["windows"][0]["left_out"]


def test_drums_are_no_melody_and_a_file_without_drums_offers_its_tracks(melody, drums):
    only_drums = whole_file(part("Kit", 0, [36, 38], channel=9))
    response = read_dropped(melody, only_drums, "kit.mid")
    assert response["windows"] == []
    assert response["left_out"] == ["no melody: there are no notes but drums; a model of drums reads those"]
    assert response["track"] is None
    tune = read_dropped(drums, to_bytes(lp.NoteSequence([Note(36, 0), Note(38, 24)], steps=32)), "tune.mid")
    assert (tune["windows"], [entry["number"] for entry in tune["tracks"]]) == ([], [1])
    assert tune["left_out"][0].startswith("no drums: channel 10 is empty")


def test_several_tracks_of_drums_are_read_together_or_one_by_one(drums):
    data = whole_file(part("Kit", 0, [36, 38], channel=9), part("Hats", 0, [42], channel=9))
    assert (read_dropped(drums, data, "x.mid")["track"], pitches(read_dropped(drums, data, "x.mid"))) == (
        None,
        [36, 38, 42],
    )
    assert pitches(read_dropped(drums, data, "x.mid", 2)) == [42]


def test_the_choice_of_the_instrument_is_what_is_read_by_itself(make, ask):
    palette = make(drums="Low")
    assert [ask(palette, number)["body"]["track"] for number in (None, KIT)] == [BASS, KIT]


@pytest.mark.parametrize("number", [9, 100_000])
def test_a_track_that_is_not_there_is_refused_with_those_that_are(music, number):
    with pytest.raises(lp.LatentPaletteError, match=rf"no track {number}\. There are: 1, Lead"):
        read_dropped(music, SONG, "song.mid", number)


@pytest.mark.parametrize("number", [0, -1, 1.5, "Lead", 1 << 30, True])
def test_what_is_no_number_of_a_track_is_refused(make, ask, number):
    assert "track" in ask(make(), number)["error"]


def test_a_damaged_file_has_no_tracks():
    with pytest.raises(MidiError):
        read_dropped(ModelClips.of(lp.load("drums-2bar")), b"MThd but no more", "x.mid", 1)
