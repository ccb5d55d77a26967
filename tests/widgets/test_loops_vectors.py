"""Scales, sketches and songs as the browser has them: the vectors of tests/vectors/loops.json in Python."""

import json

import pytest

from latentpalette.music.scales import SCALES, Key, is_in_scale, move_pitch, read_tonic, snap_pitch
from latentpalette.music.sketch import sketch
from latentpalette.widgets.loops_song import all_turns, turns_of
from tests.conftest import REPOSITORY

VECTORS = json.loads((REPOSITORY / "tests" / "vectors" / "loops.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("entry", VECTORS["snapped"])
def test_a_pitch_is_snapped_to_the_nearest_of_the_scale(entry):
    assert [snap_pitch(pitch, Key(*entry["key"])) for pitch in entry["pitches"]] == entry["snapped"]


@pytest.mark.parametrize("entry", VECTORS["moved"])
def test_a_pitch_is_moved_by_degree(entry):
    origin, target = Key(*entry["from"]), Key(*entry["to"])
    assert [move_pitch(pitch, origin, target) for pitch in entry["pitches"]] == entry["moved"]


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("tonic", range(12))
def test_what_is_moved_lies_in_the_other_scale(scale, tonic):
    origin, target = Key(0, "dorian"), Key(tonic, scale)
    melody = [pitch for pitch in range(36, 84) if is_in_scale(pitch, origin)]
    assert all(is_in_scale(move_pitch(pitch, origin, target), target) for pitch in melody)


def test_a_tonic_has_several_names():
    assert [read_tonic(name) for name in ("C", "c#", "Db", "D♭", "bb", 11)] == [0, 1, 1, 1, 10, 11]


@pytest.mark.parametrize("entry", VECTORS["sketches"])
def test_a_curve_snaps_to_the_scale_and_to_steps(entry):
    notes = sketch(entry["curve"], Key(*entry["key"]), grid=entry["grid"]).notes
    assert [[note.step, note.pitch, note.length] for note in notes] == entry["notes"]


@pytest.mark.parametrize("entry", VECTORS["turns"])
def test_the_turns_of_a_place(entry):
    turns = turns_of(entry["place"], 21, 108)
    assert [turn.to_json()["notes"] for turn in turns] == rounded(entry["turns"])
    assert [index for index, _ in all_turns([entry["place"]] * 2, 21, 108)] == [0] * len(turns) + [1] * len(turns)


def rounded(turns):
    """Notes whose offsets are in 254ths of a step."""
    return [[[*note[:4], round(round(note[4] * 254) / 254, 4), note[5]] for note in turn] for turn in turns]
