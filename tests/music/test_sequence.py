import numpy as np
import pytest

from latentpalette.errors import MusicError
from latentpalette.music.sequence import Note, NoteSequence, concatenate


def test_notes_are_sorted():
    loop = NoteSequence([Note(60, 8), Note(72, 0), Note(48, 0)], steps=16)
    assert [(note.step, note.pitch) for note in loop.notes] == [(0, 48), (0, 72), (8, 60)]


@pytest.mark.parametrize(
    ("field", "value"),
    [("pitch", 128), ("velocity", 0), ("offset", 0.6), ("length", 0), ("offset", float("nan")), ("step", -1)],
)
def test_an_invalid_note_names_the_field_and_the_value(field, value):
    with pytest.raises(MusicError, match=rf"{field}.*{value}"):
        Note(**{"pitch": 60, "step": 0, field: value})


def test_a_note_beyond_the_end_says_how_long_the_sequence_must_be():
    with pytest.raises(MusicError, match="Pass steps=32"):
        NoteSequence([Note(60, 20)], steps=16)


@pytest.mark.parametrize("qpm", [0, -120, float("inf"), float("nan")])
def test_an_impossible_tempo_is_refused(qpm):
    with pytest.raises(MusicError, match="tempo"):
        NoteSequence(qpm=qpm)


@pytest.mark.parametrize(("qpm", "seconds"), [(60, 8.0), (120, 4.0), (173, 480 / 173)])
def test_the_duration_of_two_bars_follows_the_tempo(qpm, seconds):
    assert NoteSequence(steps=32, qpm=qpm).seconds == pytest.approx(seconds)


def test_a_slice_starts_at_zero_and_cuts_notes_at_its_end():
    result = NoteSequence([Note(60, 4, 20), Note(62, 20, 8)], steps=32).slice(4, 12)
    assert result == NoteSequence([Note(60, 0, 8)], steps=8)


def test_concatenated_slices_are_the_whole():
    whole = NoteSequence.from_steps({"kick": [0, 17, 31], "ride": [3]}, steps=32)
    assert concatenate([whole.slice(0, 16), whole.slice(16, 32)]) == whole


def test_a_silent_sequence_is_true_and_has_no_notes():
    silence = NoteSequence(steps=32)
    assert silence
    assert len(silence) == 0


def test_equal_music_is_equal_and_hashes_alike():
    a, b = (NoteSequence.from_steps({"kick": [0]}, steps=16) for _ in range(2))
    assert a == b
    assert len({a, b}) == 1
    assert a != a.replace(qpm=90)


def test_numpy_numbers_are_accepted():
    loop = NoteSequence(
        [Note(np.int64(60), np.int64(3), offset=np.float64(0.25))], steps=np.int64(16), qpm=np.float32(90)
    )
    assert loop == NoteSequence([Note(60, 3, offset=0.25)], steps=16, qpm=90)


def test_an_unknown_drum_name_gives_a_message_with_the_nearest():
    with pytest.raises(MusicError, match="Did you mean 'closed hat'"):
        NoteSequence.from_steps({"closed hut": [0]})


def test_the_repr_has_no_address():
    assert repr(NoteSequence.from_steps({"kick": [0]}, steps=16)) == "NoteSequence(1 note, 16 steps, 120 qpm)"
