"""The drum loops of twelve styles."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest

from latentpalette.errors import MusicError
from latentpalette.music.sequence import NoteSequence
from latentpalette.music.styles import CYMBALS, MAX_LEVEL, STYLES, is_held_out, style_loop, style_loops

LEVELS = range(MAX_LEVEL + 1)


def hits(loop: NoteSequence) -> set[tuple[int, int]]:
    return {(note.step, note.pitch) for note in loop.notes}


def pitch_of(name: str) -> int:
    return NoteSequence.from_steps({name: [0]}, steps=1).notes[0].pitch


def test_there_are_twelve_styles_of_twenty_five_different_loops_of_two_bars():
    loops = [loop for loops in style_loops().values() for loop in loops]
    assert len(STYLES) == 12
    assert len({frozenset(hits(loop)) for loop in loops}) == len(loops) == 300
    assert {loop.steps for loop in loops} == {32}


@pytest.mark.parametrize("style", STYLES)
def test_every_level_adds_two_hits_and_takes_none_away(style):
    for level in LEVELS:
        cymbals = [hits(style_loop(style, cymbals=other, drums=level)) for other in LEVELS]
        drums = [hits(style_loop(style, cymbals=level, drums=other)) for other in LEVELS]
        assert all(fewer < more and len(more - fewer) == 2 for fewer, more in [*pairwise(cymbals), *pairwise(drums)])


@pytest.mark.parametrize("style", STYLES)
def test_the_level_of_the_cymbals_changes_cymbals_alone(style):
    busy, sparse = (style_loop(style, cymbals=level, drums=2) for level in (MAX_LEVEL, 0))
    assert {pitch for _, pitch in hits(busy) - hits(sparse)} <= {pitch_of(name) for name in CYMBALS}


def test_two_styles_differ_more_than_two_neighbors_of_one_style():
    middles = [hits(style_loop(style)) for style in STYLES]
    assert min(len(a ^ b) for a, b in combinations(middles, 2)) > 10


@pytest.mark.parametrize("style", STYLES)
def test_a_closed_and_an_open_hat_are_never_at_the_same_step(style):
    notes = hits(style_loop(style, cymbals=MAX_LEVEL, drums=MAX_LEVEL))
    closed, opened = ({s for s, p in notes if p == pitch_of(name)} for name in ("closed hat", "open hat"))
    assert not closed & opened


def test_one_loop_in_five_is_held_out_and_each_level_of_a_style_once():
    held_out, others = style_loops(held_out=True), style_loops(held_out=False)
    assert {len(loops) for loops in held_out.values()} == {5}
    assert {len(loops) for loops in others.values()} == {20}
    for style in STYLES:
        pairs = [(c, d) for c in LEVELS for d in LEVELS if is_held_out(style, cymbals=c, drums=d)]
        assert [sorted(levels) for levels in zip(*pairs, strict=True)] == [list(LEVELS)] * 2


def test_an_unknown_style_is_named_with_the_nearest():
    with pytest.raises(MusicError, match=r"No style is called 'Bossa'.*Bossa nova"):
        style_loop("Bossa")


@pytest.mark.parametrize("level", [-1, 5, 1.5, "2", None])
def test_a_level_is_a_whole_number_from_0_to_4(level):
    with pytest.raises(MusicError, match="level of the drums"):
        style_loop("Rock", drums=level)
