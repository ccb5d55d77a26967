"""The features of a melody, on an example counted by hand and against their definition on tokens."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from latentpalette.converters.melody import FIRST_NOTE_ON, MelodyConverter
from latentpalette.errors import MusicError
from latentpalette.music import features
from latentpalette.music.melody import MIN_PITCH
from latentpalette.music.sequence import Note, NoteSequence

# "Mary had a little lamb" in E flat, then half a bar of each syncopation; counted by hand.
LAMB = NoteSequence(
    [
        Note(pitch, step)
        for pitch, step in [
            *[(67, 0), (65, 2), (63, 4), (65, 6), (67, 8), (67, 10), (67, 12)],
            *[(65, 17), (65, 19), (65, 21)],
            *[(67, 26), (70, 30)],
        ]
    ],
    steps=32,
)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("note density", 12 / 32),
        ("C diatonic", 10 / 12),
        ("average interval", 15 / 11),
        ("16th-note syncopation", 3 / 12),
        ("8th-note syncopation", 2 / 12),
    ],
)
def test_the_features_of_an_example_are_those_counted_by_hand(name, value):
    assert features.MUSICVAE_ATTRIBUTES[name](LAMB) == pytest.approx(value)


def by_definition(tokens: list[int]) -> dict[str, float]:
    """Evaluate the definitions on the tokens of a melody; 0 where they divide by 0."""
    onset = np.array(tokens) >= FIRST_NOTE_ON
    steps = np.flatnonzero(onset)
    pitches = np.array(tokens)[onset] - FIRST_NOTE_ON + MIN_PITCH
    count = len(steps)
    odd = sum(1 for i in steps if i % 2 == 1 and not onset[i - 1])
    off_beat = sum(1 for i in steps if i % 4 == 2 and not onset[i - 1] and not onset[i - 2])
    return {
        "note density": count / len(tokens),
        "C diatonic": np.isin(pitches % 12, [0, 2, 4, 5, 7, 9, 11]).sum() / max(count, 1),
        "average interval": np.abs(np.diff(pitches)).sum() / max(count - 1, 1),
        "16th-note syncopation": odd / max(count, 1),
        "8th-note syncopation": off_beat / max(count, 1),
    }


@given(st.lists(st.sampled_from([0, 0, 1, 30, 41, 42, 43, 89]), min_size=16, max_size=64))
def test_the_features_of_a_melody_are_those_of_its_tokens(tokens):
    melody = MelodyConverter(len(tokens))
    tune = melody.decode(melody.example(tokens).targets)
    for name, value in by_definition(tokens).items():
        assert features.MUSICVAE_ATTRIBUTES[name](tune) == pytest.approx(value), name


@pytest.mark.parametrize(
    "feature", [*features.MUSICVAE_ATTRIBUTES.values(), features.pitch_range, features.drum_density("kick")]
)
def test_the_features_of_silence_are_0(feature):
    assert feature(NoteSequence(steps=32)) == 0
    assert feature(NoteSequence()) == 0


def test_one_note_has_no_interval():
    assert features.average_interval(NoteSequence([Note(60, 0)], steps=16)) == 0


def test_of_a_chord_the_highest_note_counts():
    chord = NoteSequence([Note(61, 0), Note(64, 0), Note(72, 4)], steps=16)
    assert features.note_density(chord) == 2 / 16
    assert features.c_diatonic(chord) == 1
    assert features.average_interval(chord) == 8
    assert features.pitch_range(chord) == 11


def test_drums_have_a_rhythm_but_no_pitch():
    beat = NoteSequence.from_steps({"kick": [0, 7], "snare": [0]}, steps=16)
    assert features.note_density(beat) == 2 / 16
    assert features.syncopation_16th(beat) == 1 / 2
    assert features.c_diatonic(beat) == features.average_interval(beat) == features.pitch_range(beat) == 0


def test_drum_density_counts_the_steps_with_a_hit():
    hats = NoteSequence.from_steps({42: [0, 4], 44: [4, 8], "snare": [2]}, steps=16)
    assert features.drum_density("closed hat")(hats) == 3 / 16
    with pytest.raises(MusicError, match="closed hat"):
        features.drum_density("closed hut")
