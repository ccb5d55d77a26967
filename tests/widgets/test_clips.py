"""Clips: bytes, JSON and music, there and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latentpalette.errors import PaletteError
from latentpalette.widgets.clips import MAX_STEPS, Clip, decode_clips, encode_clips

NOTES = st.tuples(
    st.integers(0, 31), st.integers(0, 127), st.integers(1, 32), st.integers(1, 127), st.floats(-0.5, 0.5),
    st.integers(0, 3),
)  # fmt: skip
CLIPS = st.lists(NOTES, max_size=20).map(lambda notes: Clip.of(notes, 32))


@given(st.lists(CLIPS | st.none(), max_size=6))
def test_clips_survive_their_bytes_and_those_that_are_missing_stay_missing(clips):
    assert decode_clips(encode_clips(clips)) == clips


@given(CLIPS)
def test_a_clip_survives_its_json(clip):
    assert Clip.from_json(clip.to_json()) == clip


@given(st.lists(NOTES, max_size=20))
def test_notes_are_in_order_and_offsets_are_right_to_a_fiftieth_of_a_step(notes):
    clip = Clip.of(notes, 32)
    rows = [(int(note["step"]), int(note["stream"]), int(note["pitch"])) for note in clip.notes]
    assert rows == sorted(rows)
    given_offsets = sorted(offset for *_, offset, _ in notes)
    assert sorted(note[4] for note in clip.to_json()["notes"]) == pytest.approx(given_offsets, abs=0.0021)


GOOD = encode_clips([Clip.of([(0, 36, 1, 90, 0, 0)], 32)])


@pytest.mark.parametrize(
    "data",
    [
        *(GOOD[:length] for length in range(len(GOOD))),
        GOOD + b"x",
        b"\xff" * 64,
        GOOD[:16] + b"\x20" + GOOD[17:],  # a step beyond the end
        GOOD[:18] + b"\0\0" + GOOD[20:],  # a note of no length
        GOOD[:20] + b"\xc8" + GOOD[21:],  # pitch 200
        GOOD[:21] + b"\0" + GOOD[22:],  # velocity 0
        GOOD[:22] + b"\x80" + GOOD[23:],  # an offset of more than half a step
        GOOD[:8] + b"\xff\xff" + GOOD[10:],  # too long
    ],
)
def test_bytes_that_are_no_clips_are_refused_in_words(data):
    with pytest.raises(PaletteError, match="The clips"):
        decode_clips(data)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, "A clip is steps and notes; got None"),
        ({"steps": 32}, "steps and notes"),
        ({"steps": MAX_STEPS + 1, "notes": []}, "The length of A clip"),
        ({"steps": 32, "notes": [[0, 36, 1, 90, 0]]}, "A note of A clip"),
    ],
)
def test_json_that_is_no_clip_is_refused_in_words(value, message):
    with pytest.raises(PaletteError, match=message):
        Clip.from_json(value)
