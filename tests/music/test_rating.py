"""The rating of music: what is expected of a loop raises it, what is not lowers it."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from latentpalette.music.features import backbeat, kick_on_the_one
from latentpalette.music.presets import presets
from latentpalette.music.presets.notation import read_notes
from latentpalette.music.rating import choose_best, criteria, rate
from latentpalette.music.sequence import Note, NoteSequence

BEAT = {"kick": [0, 8, 16, 24], "snare": [4, 12, 20, 28], "closed hat": list(range(0, 32, 2))}
TUNE = "C5:4 D5:4 E5:4 G5:4 | A5:4 G5:4 E5:8"


def drums(**changes: list[int]) -> NoteSequence:
    return NoteSequence.from_steps({**BEAT, **{name.replace("_", " "): steps for name, steps in changes.items()}})


def bass_of(line: NoteSequence) -> NoteSequence:
    return line.replace(notes=[dataclasses.replace(note, pitch=note.pitch - 36, program=33) for note in line.notes])


@pytest.mark.parametrize(
    ("rule", "changed"),
    [
        ("kick on the one", drums(kick=[8, 24])),
        ("backbeat", drums(snare=[6, 14, 22, 30])),
        ("keeps time", drums(closed_hat=[0])),
        ("few crashes", drums(crash=[1, 3, 9, 17, 27])),
        ("few toms", drums(low_tom=list(range(0, 32, 2)))),
        ("hits per bar", NoteSequence.from_steps({"kick": [0], "snare": [20]})),
        ("bars alike", drums(closed_hat=list(range(16)), kick=[0, 3, 6, 9, 18, 21, 26, 29])),
    ],
)
def test_drums_lose_by_each_rule_that_they_break(rule, changed):
    assert criteria(drums())["drums"][rule] == 1
    assert criteria(changed)["drums"][rule] < 1
    assert rate(changed) < rate(drums()) == 1


@pytest.mark.parametrize(
    ("rule", "changed"),
    [
        ("begins at once", "r:8 E5:4 G5:4 | A5:4 G5:4 E5:8"),
        ("in a scale", "C5:4 C#5:4 E5:4 Eb5:4 | A5:4 G#5:4 E5:8"),
        ("range", "C5:4 D5:4 C5:4 D5:4 | Eb5:4 D5:4 C5:4 Eb5:4"),
        ("moves", "C5:4 C5:4 C5:4 C5:4 | C5:4 G5:4 C5:8"),
        ("small intervals", "C4:4 D5:4 E4:4 G5:4 | A4:4 G5:4 E4:8"),
        ("notes per bar", "C5:16 | G5:8 E5:8"),
        ("in every bar", "C5:4 D5:4 E5:4 G5:4 | r:16"),
    ],
)
def test_a_melody_loses_by_each_rule_that_it_breaks(rule, changed):
    assert criteria(read_notes(TUNE))["melody"][rule] == 1
    assert criteria(read_notes(changed))["melody"][rule] < 1
    assert rate(read_notes(changed)) < rate(read_notes(TUNE)) == 1


def test_a_beat_in_half_time_has_its_snare_on_three():
    assert criteria(drums(snare=[8, 24]))["drums"]["backbeat"] == 1


def test_melody_and_bass_are_asked_for_one_scale():
    tune, low = read_notes(TUNE), bass_of(read_notes(TUNE.replace("E5", "Eb5")))
    together = NoteSequence([*tune.notes, *low.notes], 32)
    assert criteria(low)["bass"]["in a scale"] == 1
    assert criteria(together)["bass"]["in a scale"] < 1


def test_a_bass_may_stay_on_a_note_and_a_melody_may_not():
    pedal = read_notes("C5:4 C5:4 C5:4 C5:4 | C5:4 C5:4 C5:4 C5:4")
    assert criteria(bass_of(pedal))["bass"]["moves"] == 1
    assert criteria(pedal)["melody"]["moves"] < 1


def test_silence_has_no_stream_and_no_rating():
    assert (criteria(NoteSequence(steps=32)), rate(NoteSequence(steps=32))) == ({}, 0)


@pytest.mark.parametrize(("kind", "bars"), [("drums", 2), ("groove", 4), ("melody", 2), ("bass", 2), ("trio", 16)])
def test_presets_do_well(kind, bars):
    assert min(map(rate, presets(kind, bars=bars).values())) > 0.8


def test_hits_at_random_do_badly():
    rng = np.random.default_rng(7)
    drum_pitches = [36, 38, 42, 46, 45, 48, 50, 49, 51]
    noise = [
        NoteSequence(
            [Note(int(rng.choice(drum_pitches)), int(step), is_drum=True) for step in rng.integers(0, 32, 24)], 32
        )
        for _ in range(50)
    ]
    assert max(map(rate, noise)) < 0.8


notes = st.builds(
    Note,
    st.integers(0, 127),
    st.integers(0, 47),
    st.integers(1, 64),
    is_drum=st.booleans(),
    program=st.sampled_from([0, 33]),
)


@given(st.lists(notes, max_size=30))
def test_a_rating_lies_between_0_and_1(some):
    music = NoteSequence(some, 48)
    assert 0 <= rate(music) <= 1
    assert all(0 <= value <= 1 for stream in criteria(music).values() for value in stream.values())


def test_the_best_of_each_group_is_chosen_and_of_equals_the_first():
    plain, louder = drums(), drums().replace(qpm=90)
    assert choose_best([NoteSequence(steps=32), plain, louder, plain], 2) == [plain, louder]


def test_the_backbeat_and_the_one_are_counted_in_every_bar():
    loop = NoteSequence.from_steps({"kick": [0, 32], "snare": [4, 12, 20]}, steps=48)
    assert (backbeat(loop), kick_on_the_one(loop)) == (0.5, pytest.approx(2 / 3))
    assert (backbeat(NoteSequence()), kick_on_the_one(NoteSequence())) == (0, 0)
