import dataclasses
import wave

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


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("pitch", 60.5),
        ("pitch", 60.0),
        ("pitch", "60"),
        ("pitch", None),
        ("pitch", True),
        ("step", 1.5),
        ("step", np.float64(1)),
        ("length", 2 + 0j),
        ("velocity", [80]),
        ("program", np.array([1, 2])),
        ("offset", "0.1"),
        ("offset", 0.1j),
        ("offset", True),
        ("offset", np.float32("nan")),
        ("is_drum", 1),
        ("is_drum", "yes"),
        ("is_drum", None),
    ],
)
def test_a_note_of_a_wrong_type_is_refused_as_one_out_of_range_is(field, value):
    with pytest.raises(MusicError, match=f"A note's {field} is "):
        Note(**{"pitch": 60, "step": 0, field: value})


def test_the_numbers_of_a_note_are_pythons_own():
    note = Note(np.uint8(60), np.int64(3), np.int32(2), np.int16(90), np.float32(0.25), np.bool_(1), np.int8(5))
    assert note == Note(60, 3, 2, 90, 0.25, True, 5)
    assert [type(value) for value in dataclasses.astuple(note)] == [int, int, int, int, float, bool, int]
    assert type(Note(60, 0, offset=0).offset) is float


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"steps": 1.5}, "length in steps is a whole number from 0 to 10000000; got 1.5"),
        ({"steps": -1}, "length in steps .* got -1"),
        ({"steps": "32"}, "length in steps .* got '32'"),
        ({"steps": True}, "length in steps .* got True"),
        ({"steps": 10**9}, "length in steps .* got 1000000000"),
        ({"qpm": "120"}, "tempo in quarter notes per minute is a number from 1 to 1000; got '120'"),
        ({"qpm": 120 + 1j}, "tempo"),
        ({"qpm": None}, "tempo"),
        ({"notes": [1, 2], "steps": 16}, r"are Note\(pitch, step, ...\); got 1"),
        ({"notes": [Note(60, 0), (60, 0)], "steps": 16}, r"got \(60, 0\)"),
        ({"notes": "kick", "steps": 16}, "got 'k'"),
        ({"notes": 60, "steps": 16}, "list of Note; got 60"),
        ({"notes": Note(60, 0), "steps": 16}, r"list of Note; got Note\("),
        ({"notes": None, "steps": 16}, "list of Note; got None"),
    ],
)
def test_a_sequence_of_wrong_types_is_refused_and_the_message_has_the_value(settings, message):
    with pytest.raises(MusicError, match=message):
        NoteSequence(**settings)
    with pytest.raises(MusicError, match=message):
        NoteSequence([Note(60, 0)], 16).replace(**settings)


@pytest.mark.parametrize("hits", [{"kick": 0}, {"kick": "0 8"}, {"kick": [0.5]}, {36.5: [0]}, {None: [0]}, ["kick"]])
def test_hits_that_are_no_lists_of_steps_are_refused(hits):
    with pytest.raises(MusicError, match="got"):
        NoteSequence.from_steps(hits)


def test_drums_may_be_numpy_pitches():
    assert NoteSequence.from_steps({np.int64(36): np.arange(2)}) == NoteSequence.from_steps({"kick": [0, 1]})


@pytest.mark.parametrize("limits", [(0.5, 8), (0, "8"), (-1, 8), (8, 4)])
def test_a_slice_is_between_whole_steps(limits):
    with pytest.raises(MusicError, match="slice"):
        NoteSequence(steps=16).slice(*limits)


@pytest.mark.parametrize("sequences", [[1], [None, "a.mid"], "a.mid", NoteSequence(steps=16), None])
def test_only_lists_of_music_are_joined(sequences):
    with pytest.raises(MusicError, match=r"A list of sequences is joined|Music to join is a NoteSequence"):
        concatenate(sequences)


def test_nothing_joined_is_an_empty_sequence():
    assert concatenate([]) == NoteSequence()
    assert concatenate(iter([NoteSequence(steps=16, qpm=90)])) == NoteSequence(steps=16, qpm=90)


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


@pytest.mark.parametrize("qpm", [97, 122.5, 173])
def test_audio_of_a_loop_has_exactly_its_frames_and_its_tail_at_its_beginning(qpm, tmp_path):
    loop = NoteSequence.from_steps({"kick": [0], "crash": [14]}, steps=16, qpm=qpm)
    with wave.open(str(loop.save(tmp_path / "loop.wav", loop=True))) as sound:
        assert sound.getnframes() == round(4 * 60 / qpm * 44_100)
    assert abs(loop.sound(loop=True).samples[:, :50]).max() > 1e-3  # the crash rings on
    with pytest.raises(MusicError, match="loop is True or False"):
        loop.save(tmp_path / "loop.wav", loop="yes")
    assert NoteSequence.from_midi(loop.save(tmp_path / "loop.mid", loop=True)) == loop
