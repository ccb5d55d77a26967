"""Clocks of MIDI files that count film frames."""

from __future__ import annotations

import pytest

from latentpalette.errors import MidiError
from latentpalette.music import midi
from latentpalette.music.midi_rewrite import replace_drum_notes
from tests.music.midi_files import beat, meta, note_off, note_on, track, whole_file

FILM_RATES = {24: 24.0, 25: 25.0, 29: 30 / 1.001, 30: 30.0}


@pytest.mark.parametrize("ticks_per_frame", [1, 4, 40, 255])
@pytest.mark.parametrize("code", FILM_RATES)
def test_clocks_of_film_frames_are_read_in_seconds(code, ticks_per_frame):
    ticks = [round(beat * FILM_RATES[code] * ticks_per_frame / 2) for beat in range(17)]
    strokes = [(tick, note_on(36, channel=9)) for tick in ticks[:-1]]
    tempos = [(0, meta(0x51, b"\x0f\x42\x40")), (ticks[3], meta(0x51, b"\x03\x42\x40"))]
    data = whole_file(track(*strokes, *tempos, end=ticks[-1]), division=(256 - code) << 8 | ticks_per_frame)
    score = midi.read_score(data)
    seconds = [tick / ticks_per_frame / FILM_RATES[code] for tick in ticks[:-1]]
    assert score.start_seconds.tolist() == pytest.approx(seconds)
    qpm = 120 / 1.001 if code == 29 else 120
    assert score.start.tolist() == pytest.approx([time * qpm / 15 for time in seconds])
    assert score.warnings == (
        f"the clock counts film frames, and tempos have no effect: read at {qpm:.5g} quarter notes a minute",
    )
    assert [change for _, _, change in score.tempos] == pytest.approx([qpm])
    with pytest.raises(MidiError, match=r"film frames \(SMPTE\)"):
        midi.read_score(data, magenta_compatible=True)


def test_a_file_of_film_frames_that_is_rewritten_keeps_its_seconds():
    data = whole_file(
        track((0, meta(0x51, b"\x0f\x42\x40")), *beat(2, division=500), (0, note_on(60)), (999, note_off(60))),
        division=0xE728,
    )
    before, drums = midi.read_score(data), midi.read(data)
    after = midi.read_score(replace_drum_notes(data, drums.replace(notes=[n for n in drums.notes if n.pitch != 42])))
    assert after.warnings == ()
    assert after.start_seconds.tolist() == before.start_seconds[before.pitch != 42].tolist()
    assert after.end_seconds[after.pitch == 60].tolist() == [0.999]


def test_bars_of_what_is_skipped_are_counted_on_a_clock_of_film_frames():
    data = whole_file(track((0, note_on(36)), (2000, note_on(60)), (4000, b"\xc0\xff"), end=6000), division=0xE728)
    assert midi.read_score(data).warnings[0] == "events with a number over 127 are ignored: program 255 (bar 3)"
