"""A MIDI file that is cut off is read up to the cut."""

from __future__ import annotations

import pytest

from latentpalette.errors import MidiError
from latentpalette.music import midi
from latentpalette.music.score import Score
from tests.music.midi_files import beat, meta, note_off, note_on, track, whole_file

CONDUCTOR = track((0, meta(0x51, b"\x09\x27\xc0")), (0, meta(0x58, bytes([4, 2, 24, 8]))))
DRUMS = track(*beat())
PLAIN = whole_file(CONDUCTOR, DRUMS)
EXPECTED = midi.read(PLAIN)
HEADER = PLAIN[:14]


def notes_of(score: Score) -> list[tuple[int, int]]:
    return sorted(zip(score.start.tolist(), score.pitch.tolist(), strict=True))


def ends_of(score: Score) -> dict[tuple[float, int], float]:
    return dict(zip(zip(score.start.tolist(), score.pitch.tolist(), strict=True), score.end.tolist(), strict=True))


FIRST_NOTE = len(HEADER) + 8 + len(CONDUCTOR) + 8 + 4  # where the first note of the drums ends
CUT_OFF = "the file is cut off; the rest is missing: from track"


@pytest.mark.parametrize("zeros", [0, 40, 400])
def test_a_file_that_ends_inside_a_track_is_read_up_to_there(zeros):
    whole = midi.read_score(PLAIN)
    ends = ends_of(whole)
    for cut in range(FIRST_NOTE, len(PLAIN) - 4):
        score = midi.read_score(PLAIN[:cut] + bytes(zeros))
        last = max(score.start)
        assert {note for note in notes_of(whole) if note[0] < last} < set(notes_of(score)) <= set(notes_of(whole))
        assert len(score.pitch) >= (cut - FIRST_NOTE) // 10
        assert score.tempos == whole.tempos
        assert all(min(ends[note], last) <= end <= max(ends[note], last + 1) for note, end in ends_of(score).items())
        (warning,) = score.warnings
        assert warning.startswith(f"{CUT_OFF} 2 of 2 on (bar ")


def test_notes_that_sound_at_the_cut_end_with_the_track():
    lead = track((0, note_on(60)), (960, note_on(64)), (1920, note_off(60)), (1920, note_off(64)))
    score = midi.read_score(whole_file(lead)[: -4 - 2 * 4])
    assert ends_of(score) == {(0.0, 60): 8.0, (8.0, 64): 9.0}


@pytest.mark.parametrize("kept", range(8))
def test_a_file_that_ends_in_the_header_of_a_track_has_the_tracks_before(kept):
    whole = whole_file(CONDUCTOR, DRUMS, track(*beat(channel=3)))
    cut = whole[: len(PLAIN) + kept]
    score = midi.read_score(cut)
    assert score.quantize() == EXPECTED
    missing = "tracks are missing: 3 are counted, 2 found" if kept == 0 else f"{CUT_OFF} 3 of 3 on"
    assert score.warnings == (missing,)


def test_a_riff_file_that_is_cut_off_is_read_up_to_there():
    riff = b"data" + len(PLAIN).to_bytes(4, "little") + PLAIN
    score = midi.read_score(b"RIFF" + len(riff).to_bytes(4, "little") + b"RMID" + riff[:-60])
    assert notes_of(score) == notes_of(midi.read_score(PLAIN[:-60]))
    assert score.warnings[0].startswith(CUT_OFF)


def test_a_file_that_ends_before_its_first_note_is_refused():
    message = r"not a readable MIDI file \(.*\)\. It may be cut off; export it again\."
    for cut in range(len(HEADER), FIRST_NOTE):
        with pytest.raises(MidiError, match=message):
            midi.read_score(PLAIN[:cut])
