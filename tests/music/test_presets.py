"""The presets: their lengths, their variety, and the notation that they are written in."""

from __future__ import annotations

from itertools import combinations

import pytest

from latentpalette.errors import MusicError
from latentpalette.music.melody import MAX_PITCH, MIN_PITCH
from latentpalette.music.presets import arrangement, default_corners, presets
from latentpalette.music.presets.catalog import KINDS
from latentpalette.music.presets.notation import pitch_of, read_notes
from latentpalette.music.sequence import NoteSequence

LENGTHS = [(kind, bars) for kind in KINDS for bars in (1, 2, 4, 16)]
LINES = [("melody", 2), ("bass", 2), ("melody", 16)]


def places(music: NoteSequence) -> set[tuple[int, int, bool]]:
    return {(note.step, note.pitch, note.is_drum) for note in music.notes}


def is_bass(note) -> bool:
    return not note.is_drum and note.program == 33


def test_drums_of_two_bars_are_the_default():
    assert presets() == presets("drums", bars=2)
    assert len(presets()) == 10
    assert all(loop.is_drums and loop.steps == 32 for loop in presets().values())


@pytest.mark.parametrize(("kind", "bars"), LENGTHS)
def test_there_are_eight_or_more_of_every_kind_in_every_length(kind, bars):
    music = presets(kind, bars=bars)
    assert len(music) >= 8
    assert {each.steps for each in music.values()} == {16 * bars}
    assert all(each.notes for each in music.values())


@pytest.mark.parametrize(
    ("kind", "bars", "share"),
    [("melody", 2, 0.4), ("bass", 2, 0.4), ("melody", 16, 0.4), ("trio", 16, 0.7), ("drums", 2, 0.9)],
)
def test_any_two_differ_in_their_notes(kind, bars, share):
    for one, other in combinations(map(places, presets(kind, bars=bars).values()), 2):
        assert len(one & other) < share * max(len(one), len(other))


@pytest.mark.parametrize(("kind", "bars"), LINES)
def test_a_melody_or_a_bass_is_one_line_that_begins_in_the_first_beat(kind, bars):
    for line in presets(kind, bars=bars).values():
        assert line.notes[0].step < 4
        ends = [note.step + note.length for note in line.notes]
        assert all(end <= following.step for end, following in zip(ends, line.notes[1:], strict=False))
        assert ends[-1] <= line.steps
        assert all(MIN_PITCH <= note.pitch <= MAX_PITCH for note in line.notes)


@pytest.mark.parametrize(("kind", "bars"), [("melody", 16), ("trio", 16)])
def test_sixteen_bars_have_a_form_and_are_no_loop(kind, bars):
    for music in presets(kind, bars=bars).values():
        melody = NoteSequence([n for n in music.notes if not n.is_drum and not is_bass(n)], music.steps)
        first, second, third, fourth = (places(melody.slice(start, start + 64)) for start in (0, 64, 128, 192))
        assert len({frozenset(phrase) for phrase in (first, second, third)}) == 3
        assert first & fourth, "the last phrase comes back to the first"
        assert third not in (first, second, fourth)


def test_a_trio_has_a_melody_a_bass_and_drums_in_every_phrase():
    for music in presets("trio").values():
        for start in range(0, music.steps, 64):
            notes = music.slice(start, start + 64).notes
            assert {"drums" if n.is_drum else "bass" if is_bass(n) else "melody" for n in notes} == {
                *("drums", "bass", "melody")
            }


def test_the_bass_of_a_trio_begins_every_bar_on_the_root():
    line = arrangement.bass_line(["C", "Am", "Bdim"], ["eighths", "walking", "halves"])
    assert [note.pitch % 12 for note in line.notes if note.step % 16 == 0] == [0, 9, 11]
    assert [note.pitch % 12 for note in line.notes if note.step == 40] == [5], "the fifth of a diminished triad"


def test_a_groove_has_the_hits_of_its_drum_loop_with_other_velocities_and_timing():
    for name, loop in presets("groove").items():
        assert places(loop) == places(presets()[name])
        assert len({note.velocity for note in loop.notes}) > 4
        assert all(note.offset >= 0 for note in loop.notes if note.step == 0)
    assert any(note.offset for note in presets("groove")["Boom bap"].notes)


@pytest.mark.parametrize("kind", ["drums", "groove"])
def test_four_bars_of_drums_end_in_a_fill(kind):
    for name, phrase in presets(kind, bars=4).items():
        assert places(phrase.slice(0, 32)) == places(presets(kind)[name])
        assert any(note.pitch in (45, 50) for note in phrase.slice(56, 64).notes)


@pytest.mark.parametrize(("kind", "bars"), LENGTHS)
def test_the_corners_of_a_new_palette_are_four_presets(kind, bars):
    names = default_corners(kind, bars=bars)
    assert len(set(names)) == 4
    assert set(names) <= set(presets(kind, bars=bars))


def test_a_longer_window_repeats_sixteen_bars():
    long, short = presets("melody", bars=20)["Harbor"], presets("melody", bars=16)["Harbor"]
    assert long.slice(0, 256) == short
    assert long.slice(256, 320) == short.slice(0, 64)


@pytest.mark.parametrize(("kind", "bars"), [("melodies", 2), (None, 2), ("drums", 0), ("drums", 2.5)])
def test_another_kind_or_length_is_refused(kind, bars):
    with pytest.raises(MusicError, match=r"A kind of presets is|bars is a whole number from 1"):
        presets(kind, bars=bars)


def test_presets_are_given_away_as_copies():
    presets("melody").clear()
    assert presets("melody")


@pytest.mark.parametrize("text", ["C4:4 E4:4", "C4:17", "H4:16", "C:16"])
def test_a_bar_that_is_none_is_refused(text):
    with pytest.raises(MusicError):
        read_notes(text)


def test_names_of_notes_are_pitches():
    assert [pitch_of(name) for name in ("A0", "C4", "Eb4", "G#5", "C8")] == [21, 60, 63, 80, 108]
