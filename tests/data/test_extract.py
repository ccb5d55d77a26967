"""Extraction of windows: the tracks that are melodies, and the bar lines of folk tunes."""

from __future__ import annotations

import io

import mido
import pytest

from latentpalette.converters import find_windows
from latentpalette.converters.melody import MelodyConverter
from latentpalette.data.abc_barlines import infer_barlines
from latentpalette.data.extract import extract_song, extract_windows
from latentpalette.data.options import ExtractOptions
from latentpalette.data.sources import Song
from latentpalette.errors import MidiError, MusicError, TrainingError
from latentpalette.music import midi
from latentpalette.music.sequence import Note, NoteSequence
from tests.music.midi_files import meta, track, whole_file

MELODY = MelodyConverter(32, programs=(0, 31))


def ensemble(*tracks: tuple[str, int, int]) -> bytes:
    """Two bars of a scale in each of the tracks: (name, program, lowest pitch)."""
    file = mido.MidiFile(ticks_per_beat=480)
    for channel, (name, program, lowest) in enumerate(tracks):
        track = mido.MidiTrack([mido.MetaMessage("track_name", name=name)])
        track.append(mido.Message("program_change", program=program, channel=channel))
        for step in range(32):
            track.append(mido.Message("note_on", note=lowest + step, velocity=80, time=0, channel=channel))
            track.append(mido.Message("note_off", note=lowest + step, time=120, channel=channel))
        file.tracks.append(track)
    out = io.BytesIO()
    file.save(file=out)
    return out.getvalue()


@pytest.mark.parametrize("name", ["voice 1: Sopran", "1: Violin 1", "Melody", "Violin I", "Lead Vocal"])
def test_a_track_named_as_a_melody_is_read_alone_whatever_its_instrument(name):
    extracted = extract_windows(ensemble(("Piano", 0, 30), (name, 52, 60), ("Violin 2", 41, 50)), MELODY)
    assert [MELODY.tokens(window)[0] for window in extracted.windows] == [60 - 21 + 2]
    assert "tracks beside the melody" in [item.reason for item in extracted.left_out]


def test_without_a_track_named_as_a_melody_the_converter_chooses():
    extracted = extract_windows(ensemble(("Piano", 0, 30), ("Choir", 52, 60)), MELODY)
    assert [MELODY.tokens(window)[0] for window in extracted.windows] == [30 - 21 + 2]


@pytest.mark.parametrize(("pattern", "first_tokens"), [("fiddle", [41]), ("", [11, 41])])
def test_the_names_of_melody_tracks_can_be_given(pattern, first_tokens):
    song = Song("a.mid", ensemble(("Piano", 0, 30), ("Fiddle", 40, 60)))
    windows = extract_song(song, {"name": "melody"}, ExtractOptions(melody_tracks=pattern)).windows
    assert sorted(windows[:, 0].tolist()) == first_tokens


def test_names_that_are_not_a_regular_expression_are_refused():
    with pytest.raises(TrainingError, match="not a regular expression"):
        ExtractOptions(melody_tracks="(")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"melody_tracks": 3}, "a regular expression is text; got 3"),
        ({"bass_tracks": None}, "a regular expression is text; got None"),
        ({"drum_map": 1.5}, "The drum map is a name; got 1.5"),
        ({"synthesize_trios": 1}, "synthesize_trios is True or False; got 1"),
    ],
)
def test_options_of_another_type_are_refused(settings, message):
    with pytest.raises(TrainingError, match=message):
        ExtractOptions(**settings)


@pytest.mark.parametrize(
    "error", [MidiError("no colon in it"), MidiError(""), MusicError("MIDI data: a: b"), KeyError()]
)
def test_whatever_the_reader_raises_there_is_a_reason(monkeypatch, error):
    def fail(*_):
        raise error

    monkeypatch.setattr(midi, "read_score", fail)
    extracted = extract_song(Song("a.mid", b"MThd"), {"name": "drums"})
    assert extracted.unreadable
    assert len(extracted.windows) == 0


def test_reasons_of_different_files_are_counted_together():
    broken = [b"RIFF1234", b"OggS", b"ID3 "]
    damaged = [b"MThd" + bytes([0, 0, 0, 6, 0, 1, 0, 1, 1, size]) for size in (10, 20)]
    reasons = {extract_song(Song("a.mid", data), {"name": "drums"}).unreadable for data in broken}
    assert reasons == {"not a MIDI file"}
    assert len({extract_song(Song("a.mid", data), {"name": "drums"}).unreadable for data in damaged}) == 1


def test_a_number_in_a_reason_is_not_cut_at_its_point():
    loop = midi.to_bytes(NoteSequence.from_steps({"kick": [0, 8]}, steps=16))
    at = loop.index(b"\x00\x99") + 1
    far = loop[: at - 1] + b"\xff\xff\xff\x7f" + loop[at:]
    length = int.from_bytes(far[18:22], "big") + 3
    song = Song("a.mid", far[:18] + length.to_bytes(4, "big") + far[22:])
    assert extract_song(song, {"name": "drums"}).unreadable == "lasts 77.7 hours"


def test_drums_of_another_channel_are_not_counted_as_left_out():
    hits = [(480 * step, bytes([0x90, 36, 100])) for step in range(8)]
    song = Song("a.mid", whole_file(track((0, meta(3, b"Drums")), *hits)))
    extracted = extract_song(song, {"name": "drums", "steps": 32})
    assert len(extracted.windows) == 1
    assert list(extracted.left_out) == ["channel 10 is empty, and another track is read as drums"]


def tune(bars: list[int]) -> midi.Score:
    """Eighth notes in bars of the given steps, with the velocities of abc2midi."""
    notes, start = [], 0
    for length in bars:
        notes += [Note(60 + step % 12, start + step, 2, 105 if step == 0 else 80) for step in range(0, length, 2)]
        start += length
    return midi.read_score(midi.to_bytes(NoteSequence(notes, start)))


def test_a_pickup_is_a_bar_of_its_own_and_the_rest_is_on_the_grid():
    score = infer_barlines(tune([4, 16, 16, 16]))
    assert [(str(meter), meter.quarters) for meter in score.time_signatures] == [("4/16", 0), ("4/4", 1)]
    windows = find_windows(score, MELODY)
    assert [window.notes[0].velocity for window in windows] == [105]
    assert (windows[0].bar, windows[0].notes[0].step) == (2, 0)


def test_a_bar_cut_short_before_a_repeat_shifts_what_follows():
    score = infer_barlines(tune([16, 16, 14, 2, 16, 16, 16]))
    assert [str(meter) for meter in score.time_signatures] == ["4/4", "14/16", "2/16", "4/4"]
    for window in find_windows(score, MELODY):
        assert [note.step for note in window.notes if note.velocity == 105] == [0, 16]


def test_a_tied_note_over_a_barline_hides_it_but_not_the_meter():
    assert [str(meter) for meter in infer_barlines(tune([16, 32, 16])).time_signatures] == ["4/4"]


def test_music_with_other_velocities_keeps_its_meter():
    played = midi.read_score(midi.to_bytes(NoteSequence([Note(60, 4, 4, 105), Note(62, 8, 4, 90)], 32)))
    assert infer_barlines(played) is played


def test_the_chords_of_a_melody_are_those_of_all_tracks():
    voice = [Note(76, step, 4, program=52) for step in range(0, 32, 4)]
    piano = [Note(pitch, 16 * bar, 16) for bar, pitches in enumerate([(57, 60, 64), (53, 57, 60)]) for pitch in pitches]
    song = midi.to_bytes(NoteSequence([*voice, *piano], steps=32))
    options = ExtractOptions(melody_tracks="choir")  # the name of program 52
    (window,) = extract_windows(song, MelodyConverter(chords=True), options).windows
    assert window.chords == ("Am",) * 16 + ("Fmaj7",) * 16
    assert {note.pitch for note in window.notes} == {76}
