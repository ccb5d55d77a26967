"""Where a corpus looks for melodies, and where it hears the barlines of a folk tune."""

from __future__ import annotations

import io

import mido
import pytest

from latentpalette.converters.melody import MelodyConverter
from latentpalette.data.abc_barlines import from_accents
from latentpalette.data.extract import windows_of
from latentpalette.data.options import Hints
from latentpalette.data.sources import Song
from latentpalette.data.windows_of_file import read
from latentpalette.errors import TrainingError
from latentpalette.music import midi
from latentpalette.music.sequence import Note, NoteSequence

MELODY = MelodyConverter(32, programs=(0, 31))


def ensemble(*parts: tuple[str, int, int]) -> bytes:
    """Two bars of a scale in each of the parts: (name, program, lowest pitch)."""
    file = mido.MidiFile(ticks_per_beat=480)
    for name, program, lowest in parts:
        track = mido.MidiTrack([mido.MetaMessage("track_name", name=name)])
        track.append(mido.Message("program_change", program=program, channel=len(file.tracks)))
        for step in range(32):
            track.append(mido.Message("note_on", note=lowest + step, velocity=80, time=0, channel=len(file.tracks)))
            track.append(mido.Message("note_off", note=lowest + step, time=120, channel=len(file.tracks)))
        file.tracks.append(track)
    out = io.BytesIO()
    file.save(file=out)
    return out.getvalue()


@pytest.mark.parametrize("name", ["voice 1: Sopran", "1: Violin 1", "Melody", "Violin I", "Lead Vocal"])
def test_a_part_that_is_called_a_melody_is_read_alone_and_whatever_it_is_played_on(name):
    found = read(ensemble(("Piano", 0, 30), (name, 52, 60), ("Violin 2", 41, 50)), MELODY)
    assert [MELODY.classes(window)[0] for window in found.windows] == [60 - 21 + 2]
    assert "parts beside the melody" in [item.reason for item in found.left_out]


def test_where_no_part_is_called_so_the_converter_chooses():
    found = read(ensemble(("Piano", 0, 30), ("Choir", 52, 60)), MELODY)
    assert [MELODY.classes(window)[0] for window in found.windows] == [30 - 21 + 2]


def test_which_names_are_melodies_may_be_said():
    band = ensemble(("Piano", 0, 30), ("Fiddle", 40, 60))
    assert windows_of(Song("a.mid", band), {"name": "melody"}, Hints(melodies="fiddle")).rows[:, 0].tolist() == [41]
    assert sorted(windows_of(Song("a.mid", band), {"name": "melody"}, Hints(melodies="")).rows[:, 0].tolist()) == [
        11,
        41,
    ]


def test_names_that_are_no_expression_are_refused():
    with pytest.raises(TrainingError, match="no regular expression"):
        Hints(melodies="(")


def tune(bars: list[int]) -> midi.Score:
    """Eighth notes in bars of so many steps, struck as abc2midi strikes them."""
    notes, step = [], 0
    for length in bars:
        notes += [Note(60 + at % 12, step + at, 2, 105 if at == 0 else 80) for at in range(0, length, 2)]
        step += length
    return midi.read_score(midi.to_bytes(NoteSequence(notes, step)))


def test_a_pickup_is_a_bar_of_its_own_and_the_rest_is_on_the_grid():
    score = from_accents(tune([4, 16, 16, 16]))
    assert [(str(meter), meter.quarters) for meter in score.meters] == [("4/16", 0), ("4/4", 1)]
    windows = MELODY.excerpts(score)
    assert [window.notes[0].velocity for window in windows] == [105]
    assert (windows[0].bar, windows[0].notes[0].step) == (2, 0)


def test_a_bar_cut_short_before_a_repeat_shifts_what_follows():
    score = from_accents(tune([16, 16, 14, 2, 16, 16, 16]))
    assert [str(meter) for meter in score.meters] == ["4/4", "14/16", "2/16", "4/4"]
    for window in MELODY.excerpts(score):
        assert [note.step for note in window.notes if note.velocity == 105] == [0, 16]


def test_a_tied_note_over_a_barline_hides_it_but_not_the_meter():
    assert [str(meter) for meter in from_accents(tune([16, 32, 16])).meters] == ["4/4"]


def test_music_struck_in_other_ways_keeps_its_meter():
    played = midi.read_score(midi.to_bytes(NoteSequence([Note(60, 4, 4, 105), Note(62, 8, 4, 90)], 32)))
    assert from_accents(played) is played
