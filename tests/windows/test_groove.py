from latentpalette.music.sequence import Note, NoteSequence
from latentpalette.windows.groove import GrooveWindowFinder


def test_a_tail_that_fills_no_window_is_named():
    beat = NoteSequence([Note(36, step, is_drum=True) for step in range(0, 48, 4)], steps=48)
    excerpts = GrooveWindowFinder().find(beat)
    assert len(excerpts) == 1
    assert "bar 3 does not fill a window" in str(excerpts.left_out[0])


def test_an_unknown_pitch_is_reported_not_raised():
    excerpts = GrooveWindowFinder(drum_map="roland").find(
        NoteSequence([Note(35, 0, is_drum=True), Note(36, 20, is_drum=True)], steps=32)
    )
    assert any("35 (acoustic kick)" in str(reason) for reason in excerpts.left_out)
