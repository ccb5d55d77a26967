import mido

from latentpalette.music import midi
from latentpalette.music.sequence import Note, NoteSequence, concatenate
from latentpalette.windows.excerpt import Excerpt
from latentpalette.windows.performance import PerformanceWindowFinder

find = PerformanceWindowFinder().find


def bar(*more: Note) -> NoteSequence:
    notes = [
        *(Note(60 + 2 * beat, 4 * beat, 4, velocity=65) for beat in range(4)),
        Note(36, 0, 16, velocity=81, program=33),
        *(Note(36, 4 * beat, velocity=113, is_drum=True) for beat in range(4)),
        *more,
    ]
    return NoteSequence(notes, steps=16)


def test_bars_come_in_order_and_those_left_out_are_named():
    thin = NoteSequence([Note(60, 0)], steps=16)
    excerpts = find(concatenate([bar(), thin, bar()]))
    assert [excerpt.bar for excerpt in excerpts] == [1, 3]
    assert [str(reason) for reason in excerpts.left_out] == ["bar 2 (1 tracks; a performance has 2 to 8)"]


def test_silence_is_left_out_with_a_reason():
    assert [str(reason) for reason in find(NoteSequence(steps=32)).left_out] == ["there are no notes"]


def test_a_tempo_change_in_a_bar_loses_nothing_unless_magenta_compatible(tmp_path):
    steady = concatenate([bar(), bar(Note(70, 2, 2, velocity=65, program=5)), bar()]).replace(qpm=120)
    file = mido.MidiFile(steady.save(tmp_path / "steady.mid"))
    tempos = mido.MidiTrack()
    for ticks, qpm in ((0, 120), (6 * file.ticks_per_beat, 60), (2 * file.ticks_per_beat, 90)):
        tempos.append(mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(qpm), time=ticks))
    file.tracks[0] = tempos
    file.save(tmp_path / "rubato.mid")
    expected, excerpts = (find(tmp_path / f"{name}.mid") for name in ("steady", "rubato"))
    assert [excerpt.bar for excerpt in excerpts] == [1, 2, 3]
    assert [excerpt.track_tokens for excerpt in excerpts] == [excerpt.track_tokens for excerpt in expected]
    assert [round(excerpt.qpm) for excerpt in excerpts] == [120, 120, 90]
    compatible = find(tmp_path / "rubato.mid", magenta_compatible=True)
    assert not {excerpt.track_tokens for excerpt in compatible} >= {expected[1].track_tokens}


def test_a_sequence_and_the_file_of_it_have_the_same_windows():
    piece = concatenate([bar(), bar(Note(70, 2, 2, velocity=65, offset=1 / 6, program=5)), bar()]).replace(qpm=91)
    from_sequence, from_file = find(piece), find(midi.to_bytes(piece))
    assert [excerpt.track_tokens for excerpt in from_sequence] == [excerpt.track_tokens for excerpt in from_file]
    assert {excerpt.qpm for excerpt in from_sequence} == {91}


def test_the_windows_of_an_excerpt_are_numbered_as_in_its_piece():
    excerpt = Excerpt(concatenate([bar(), bar()]), bar=5, source="song.mid")
    assert [(window.bar, window.source) for window in find(excerpt)] == [(5, "song.mid"), (6, "song.mid")]
