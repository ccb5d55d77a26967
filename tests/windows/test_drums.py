import pytest

from latentpalette.errors import MidiError
from latentpalette.music.sequence import Note, NoteSequence, concatenate
from latentpalette.windows.drums import DrumWindowFinder
from latentpalette.windows.excerpt import Excerpt
from tests.music import midi_files

BAR = 4 * 480
find = DrumWindowFinder().find


def drum_ticks(*bars: int) -> list[int]:
    """A hit on each beat of these bars, with one more that differs between the bars."""
    return sorted(
        {bar * BAR + beat * 480 for bar in bars for beat in range(4)}
        | {bar * BAR + bar * 120 + 60 for bar in bars if bar < 14}
    )


def reasons(excerpts) -> list[str]:
    return [str(reason) for reason in excerpts.left_out]


def test_windows_come_in_order_with_their_bars():
    excerpts = find(midi_files.midi_file(midi_files.drum_hits(drum_ticks(0, 1, 2, 3))))
    assert [excerpt.bar for excerpt in excerpts] == [1, 2, 3]
    assert excerpts.left_out == ()
    assert all(excerpt.steps == 32 for excerpt in excerpts)


def test_bars_in_another_meter_are_named():
    changes = [(0, 4, 2), (2 * BAR, 3, 2), (4 * 1440, 4, 2)]
    meters = b"".join(midi_files.time_signature(*change) for change in changes)
    places = [
        *drum_ticks(0, 1),
        *(2 * BAR + 480 * i for i in range(12)),
        *(2 * BAR + 4 * 1440 + p for p in drum_ticks(0, 1)),
    ]
    excerpts = find(midi_files.midi_file(meters, midi_files.drum_hits(places)))
    assert any(
        reason.startswith("bars 3 to 6 are in 3/4; a bar must have 16 sixteenths: ") for reason in reasons(excerpts)
    )
    assert excerpts[0].bar == 1


def test_a_piece_in_three_four_gives_nothing_and_says_why():
    excerpts = find(midi_files.midi_file(midi_files.time_signature(0, 3, 2), midi_files.drum_hits([0, 480, 960, 1440])))
    assert len(excerpts) == 0
    assert any("3/4" in reason for reason in reasons(excerpts))


def test_a_piece_without_drums_names_what_it_has():
    excerpts = find(midi_files.midi_file(midi_files.drum_hits([0, 480], channel=0, pitch=60)))
    (reason,) = reasons(excerpts)
    assert reason.startswith("no drums: channel 10 is empty; there is 1, Acoustic Grand Piano. If one of them is drums")
    assert reason.endswith("drums=1 in Python, --drums 1 on the command line")


def test_a_bar_alone_says_that_two_are_needed():
    excerpts = find(midi_files.midi_file(midi_files.drum_hits(drum_ticks(0))))
    assert reasons(excerpts) == ["bar 1 is played alone; a window takes 2 bars in a row: repeat them"]


def test_a_rest_splits_the_piece_and_is_named():
    excerpts = find(midi_files.midi_file(midi_files.drum_hits(drum_ticks(0, 1, 5, 6))))
    assert [excerpt.bar for excerpt in excerpts] == [1, 6]
    assert "bars 3 to 5 are without drums" in reasons(excerpts)


def test_a_repeated_window_is_left_out():
    loop = NoteSequence.from_steps({"kick": [0, 7], "snare": [4, 12]}, steps=16)
    excerpts = find(concatenate([loop] * 4))
    assert len(excerpts) == 1
    assert reasons(excerpts) == ["bars 2 to 4 repeat earlier bars"]


def test_hits_on_unknown_drums_are_counted():
    track = midi_files.drum_hits(drum_ticks(0, 1)) + midi_files.drum_hits([100], pitch=20)
    excerpts = find(midi_files.midi_file(track))
    assert any("no class for: 20" in reason for reason in reasons(excerpts))


def test_a_tempo_change_splits_nothing_unless_magenta_compatible():
    tempos = midi_files.tempo(0, 120) + midi_files.tempo(BAR, 90)
    file = midi_files.midi_file(tempos, midi_files.drum_hits(drum_ticks(0, 1)))
    assert len(find(file)) == 1
    assert len(find(file, magenta_compatible=True)) == 0


def test_an_excerpt_has_the_tempo_it_is_played_at():
    tempos = midi_files.tempo(0, 120) + midi_files.tempo(2 * BAR, 90)
    excerpts = find(midi_files.midi_file(tempos, midi_files.drum_hits(drum_ticks(0, 1, 2, 3))))
    assert [round(excerpt.qpm) for excerpt in excerpts] == [120, 120, 90]


def test_an_excerpt_is_equal_to_its_music():
    loop = NoteSequence.from_steps({"kick": [0, 16]}, steps=32)
    assert find(loop)[0] == loop
    assert isinstance(find(loop)[0], Excerpt)


def test_a_drum_key_held_down_does_not_lengthen_the_piece():
    held = NoteSequence([Note(36, 0, 64, is_drum=True), Note(38, 16, is_drum=True)], steps=64)
    assert len(find(held)) == 1


@pytest.mark.parametrize("broken", [b"", b"MThd", midi_files.midi_file(midi_files.drum_hits([0, 480]))[:24]])
def test_a_broken_file_is_an_error_not_an_empty_result(broken):
    with pytest.raises(MidiError):
        find(broken)


def test_the_summary_reads_like_a_report():
    text = repr(find(midi_files.midi_file(midi_files.drum_hits(drum_ticks(0, 1, 5)))))
    assert text.splitlines()[0] == "MIDI data: 1 excerpt"
    assert "  left out: bar 6 is played alone; a window takes 2 bars in a row" in text
