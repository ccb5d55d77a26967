"""A corner says what it could not take, and one bad file does not cost the others."""

import mido
import pytest

import latentpalette as lp
from latentpalette.errors import MidiError, PaletteError
from latentpalette.widgets.clips import Clip

KICKS = lp.NoteSequence.from_steps({"kick": [0, 8, 16, 24]}, steps=32)


@pytest.fixture
def song(tmp_path):
    """A file with a melody track, drums of four bars, a drum without a class, a change of tempo."""
    file = mido.MidiFile(ticks_per_beat=480)
    conductor, tune, drums = mido.MidiTrack(), mido.MidiTrack(), mido.MidiTrack()
    conductor += [mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(93))]
    conductor += [mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(140), time=3 * 1920)]
    tune += [mido.MetaMessage("track_name", name="Flute"), mido.Message("note_on", note=72, velocity=80)]
    tune += [mido.Message("note_off", note=72, time=480)]
    for beat in range(16):
        pitch = 20 if beat == 15 else [36, 38][beat % 2] if beat < 8 else 42
        drums += [mido.Message("note_on", channel=9, note=pitch, velocity=90)]
        drums += [mido.Message("note_off", channel=9, note=pitch, time=480)]
    file.tracks += [conductor, tune, drums]
    file.save(tmp_path / "song.mid")
    return tmp_path / "song.mid"


def test_a_corner_names_the_loop_that_it_took_and_what_it_did_not(make, song):
    corner = make([song, "Trap", "Bossa", "Samba"]).corners[0]
    assert corner.label == "song.mid, bars 1 and 2"
    assert corner.left_out[0].startswith("bars 1 and 2 are read, loop 1 of 3")
    words = "; ".join(corner.left_out)
    assert "1 hit on drums the model has no class for: 20" in words
    assert "tracks without drums: Flute" in words
    assert "changes of the tempo: 93, 140 qpm" in words


def test_a_corner_that_took_everything_has_nothing_to_say(make, tmp_path):
    palette = make([KICKS, "Trap", KICKS.save(tmp_path / "kicks.mid"), [0.0] * 288])
    assert [corner.left_out for corner in palette.corners] == [()] * 4


def test_notes_of_a_sequence_that_have_no_place_are_named(make):
    mixed = KICKS.replace(notes=[*KICKS.notes, lp.Note(60, 0, 4), lp.Note(20, 4, is_drum=True)])
    corner = make([mixed, "Trap", "Bossa", "Samba"]).corners[0]
    assert corner.left_out == ("1 note is not a drum", "1 hit on drums the model has no class for: 20 (drum 20)")


def test_one_bad_file_of_four_is_named_with_its_corner_and_the_rest_is_read(make, tmp_path):
    (tmp_path / "broken.mid").write_bytes(b"MThd but no more")
    tune = lp.NoteSequence([lp.Note(60, 0, 4)], steps=32).save(tmp_path / "tune.mid")
    palette = make([KICKS, tmp_path / "broken.mid", tune, KICKS])
    assert palette.labels == ["Loop A", "Boom bap", "Samba", "Loop D"]
    _, broken, no_drums, _ = palette.corners
    assert broken.left_out[0].startswith("Corner B: broken.mid: ")
    assert broken.left_out[0].endswith("It plays Boom bap instead.")
    assert "Corner C: no window of tune.mid fits a corner: no drums" in no_drums.left_out[0]


def test_a_bad_file_leaves_the_corner_that_is_there(make, tmp_path):
    palette = make(["Trap", "Bossa", "Boom bap", "Samba"])
    (tmp_path / "broken.mid").write_bytes(b"MThd but no more")
    palette.corners = [tmp_path / "broken.mid", KICKS, KICKS, KICKS]
    assert palette.labels == ["Trap", "Loop B", "Loop C", "Loop D"]
    assert "It plays Trap instead" in palette.corners[0].left_out[0]
    palette.corners = [KICKS] * 4
    assert palette.corners[0].left_out == ()


def test_four_bad_files_are_an_error_with_a_line_for_each(make, tmp_path):
    (tmp_path / "broken.mid").write_bytes(b"MThd but no more")
    with pytest.raises(PaletteError) as caught:
        make([tmp_path / "broken.mid"] * 4)
    assert [line[:9] for line in str(caught.value).splitlines()] == [f"Corner {letter}:" for letter in "ABCD"]


def test_every_corner_that_is_no_music_is_named_at_once(make):
    with pytest.raises(PaletteError, match=r"Corner B is .*; got [0-9]+(.|\n)*Corner D: nowhere.mid: no such file"):
        make([KICKS, 7, KICKS, "nowhere.mid"])


@pytest.mark.parametrize(
    ("corners", "message"),
    [
        (7, "given as a list"),
        ({"A": KICKS}, "given as a list"),
        (KICKS, r"corners=\[loop\] \* 4"),
        ("Trap", r"corners=\[loop\] \* 4"),
        ([KICKS] * 5, "got 5"),
        (iter([KICKS]), "got 1"),
        ([[float("nan")] * 288, KICKS, KICKS, KICKS], "finite"),
        ([["a"] * 288, KICKS, KICKS, KICKS], "array of 288 numbers"),
        ([[[1], [1, 2]], KICKS, KICKS, KICKS], "array of numbers"),
        ([KICKS.replace(steps=64), KICKS, KICKS, KICKS], r"has 64\. Choose one of model\.excerpts"),
        ([KICKS.slice(0, 8), KICKS, KICKS, KICKS], r"has 8\. Add silence"),
    ],
)
def test_corners_that_are_none_are_refused_with_what_to_do(make, corners, message):
    with pytest.raises(PaletteError, match=message):
        make(corners)


def test_a_path_in_the_home_folder_is_found(make, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    KICKS.save(tmp_path / "kicks.mid")
    assert make(["~/kicks.mid"] + ["Trap"] * 3).labels[0] == "kicks.mid, bars 1 and 2"


def test_corners_of_a_palette_keep_label_and_reasons_in_another(make, song):
    first = make([song, "Trap", "Bossa", "Samba"])
    second = make(first.corners)
    assert second.labels == first.labels
    assert [corner.left_out for corner in second.corners] == [corner.left_out for corner in first.corners]


def test_a_name_that_no_text_can_hold_is_shown_with_a_replacement(make, tmp_path):
    name = b"caf\xe9.mid".decode("utf-8", "surrogateescape")
    (tmp_path / name).write_bytes(KICKS.save(tmp_path / "a.mid").read_bytes())
    palette = make([tmp_path / name, "Trap", "Bossa", "Samba"])
    assert palette.labels[0] == "caf�.mid, bars 1 and 2"
    assert "caf�.mid" in palette.to_html(tmp_path / "x.html").read_text(encoding="utf-8")


KICKS_ON_A_PIANO = lp.NoteSequence([lp.Note(36, step) for step in range(0, 32, 8)], steps=32)


@pytest.fixture
def export(tmp_path):
    """Drums on channel 1, as some programs export them, beside another instrument."""
    notes = [*KICKS_ON_A_PIANO.notes, lp.Note(60, 0, program=73)]
    return KICKS_ON_A_PIANO.replace(notes=notes).save(tmp_path / "export.mid")


@pytest.mark.parametrize("chosen", [1, "piano", "channel 1", ["Acoustic Grand Piano"]])
def test_drums_are_chosen_for_files_and_for_sequences_without_drums(make, export, chosen):
    corners = make([export, "Trap", export.read_bytes(), KICKS], drums=chosen).corners
    assert [[note.step for note in corners[number].notes] for number in (0, 2, 3)] == [[0, 8, 16, 24]] * 3
    assert corners[0].left_out == ("tracks that are not read: Flute",)
    if chosen in (1, "piano"):
        assert [note.step for note in make([KICKS_ON_A_PIANO] * 4, drums=chosen).corners[0].notes] == [0, 8, 16, 24]


def test_a_track_of_several_with_drums_is_chosen(make, tmp_path):
    def drums(name, *strokes):
        track = mido.MidiTrack([mido.MetaMessage("track_name", name=name)])
        for beat in range(8):
            for status in ("note_on", "note_off"):
                time = 0 if status == "note_on" else 480
                track.append(mido.Message(status, channel=9, note=strokes[beat % len(strokes)], time=time))
        return track

    file = mido.MidiFile(ticks_per_beat=480, tracks=[drums("Kit", 36, 38), drums("Hats", 42)])
    file.save(tmp_path / "two.mid")
    palette = make([tmp_path / "two.mid", "Trap", "Bossa", "Samba"], track="hats")
    assert {note.pitch for note in palette.corners[0].notes} == {42}
    assert "tracks that are not read" in "; ".join(palette.corners[0].left_out)


def test_the_choice_holds_for_corners_that_come_later(make, export):
    palette = make(drums="piano")
    palette.corners = [export, "Trap", *palette.corners[2:]]
    assert [note.step for note in palette.corners[0].notes] == [0, 8, 16, 24]
    assert [loop.left_out for loop in palette.corners[2:]] == [(), ()]


def test_a_choice_that_fits_no_track_of_a_file_is_its_reason(make, export):
    palette = make([export, "Trap", "Bossa", "Samba"], drums="oboe")
    (reason,) = palette.corners[0].left_out
    assert reason == (
        "Corner A: export.mid: no track 'oboe'. There are: 1, Acoustic Grand Piano (channel 1, 4 notes); "
        "2, Flute (channel 2, 1 note). "
        "It plays Four on the floor instead."
    )
    with pytest.raises(PaletteError, match=r"Corner A: export\.mid: no track 'oboe'\. There are: 1,"):
        make([export] * 4, track="oboe")


@pytest.mark.parametrize("choice", [{"track": 0}, {"drums": 1.5}, {"drums": [None]}, {"track": ""}])
def test_a_choice_that_is_no_number_and_no_name_is_refused(make, choice):
    with pytest.raises(MidiError, match="is a whole number from 1, or a name"):
        make(**choice)


def test_what_another_instrument_has_selected_is_music_for_a_corner(make):
    other = make([KICKS] * 4)
    other.select(0, 0)
    clip = other.selected.clip
    palette = make([other.selected, clip, *["Bossa"] * 2])
    assert [corner.notes for corner in palette.corners[:2]] == [other.corners[0].notes] * 2
    assert palette.labels[:2] == ["Loop A", "Loop B"]


def test_a_clip_of_another_length_is_refused(make):
    with pytest.raises(PaletteError, match="Corner A: the clip has 32 steps"):
        make([Clip.of([], 16), *["Bossa"] * 3])
