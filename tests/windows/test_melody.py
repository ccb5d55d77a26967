from latentpalette.music.sequence import Note, NoteSequence
from latentpalette.windows.melody import MelodyWindowFinder


def test_a_program_that_is_not_read_is_named():
    violin = NoteSequence([Note(60, 0, 32, program=40)], steps=64)
    excerpts = MelodyWindowFinder(programs=(0, 31)).find(violin)
    assert len(excerpts) == 0
    assert "not among programs 0 to 31" in str(excerpts.left_out[0])


def test_a_rest_of_a_bar_splits_a_melody():
    notes = [Note(60 + step % 7, step, 4) for step in range(0, 32, 4)] + [
        Note(70, 64 + step, 4) for step in range(0, 32, 4)
    ]
    assert [excerpt.bar for excerpt in MelodyWindowFinder().find(NoteSequence(notes, steps=96))] == [1, 5]


def test_drums_alone_are_no_melody():
    excerpts = MelodyWindowFinder().find(NoteSequence.from_steps({"kick": [0]}, steps=32))
    assert [str(reason) for reason in excerpts.left_out] == [
        "no melody: there are no notes but drums; a model of drums reads those"
    ]


def test_of_an_empty_piece_nobody_says_that_it_has_drums():
    excerpts = MelodyWindowFinder().find(NoteSequence(steps=32))
    assert [str(reason) for reason in excerpts.left_out] == ["there are no notes"]


def test_one_note_is_no_plural():
    line = [Note(60 + step % 12, step) for step in range(32)]
    chord = NoteSequence([*line, Note(48, 8), Note(110, 20)], steps=32)
    reasons = "; ".join(map(str, MelodyWindowFinder(steps=32).find(chord).left_out))
    assert "1 note under the top line" in reasons
    assert "1 note outside MIDI pitch" in reasons


def test_the_chords_of_a_track_are_those_of_the_whole_piece():
    line = NoteSequence([Note(76, step, 4) for step in range(0, 32, 4)], steps=32)
    chord = [Note(pitch, 0, 32, program=48) for pitch in (57, 60, 64)]
    (alone,) = MelodyWindowFinder(chords=True).find(line)
    (over_a_minor,) = MelodyWindowFinder(chords=True).find(line, harmony=line.replace(notes=[*line.notes, *chord]))
    assert set(alone.chords) != {"Am"}
    assert set(over_a_minor.chords) == {"Am"}
    assert over_a_minor.notes == alone.notes
