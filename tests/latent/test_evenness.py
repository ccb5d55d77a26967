"""Of many places on a way, those are chosen between which the music changes evenly."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from latentpalette.errors import LatentError, ModelError
from latentpalette.latent.evenness import choose_even_places, note_changes
from latentpalette.music.presets import presets
from tests.models.tiny_models import model_of


def squares(changes, places):
    return sum(changes[i, j] ** 2 for i, j in pairwise(places))


@given(st.lists(st.integers(0, 9), min_size=2, max_size=8), st.data())
def test_no_other_choice_has_a_smaller_sum_of_squares(positions, data):
    n = data.draw(st.integers(2, len(positions)))
    changes = np.abs(np.subtract.outer(positions, positions)).astype(float)
    places = choose_even_places(changes, n)
    last = len(positions) - 1
    assert (len(places), places[0], places[-1]) == (n, 0, last)
    assert (np.diff(places) > 0).all()
    others = ([0, *middle, last] for middle in combinations(range(1, last), n - 2))
    assert squares(changes, places) == min(squares(changes, other) for other in others)


@pytest.mark.parametrize("n", [1, 5, 2.5])
def test_a_number_of_places_that_there_are_not_is_refused(n):
    with pytest.raises(LatentError, match="number of places"):
        choose_even_places(np.ones((4, 4)), n)


def test_an_even_interpolation_of_too_many_points_is_refused():
    with pytest.raises(ModelError, match="2 to 500"):
        model_of().interpolate(np.zeros(6), np.ones(6), n=501, even=True)


@pytest.mark.parametrize("n", [1, 2, 3, 7])
def test_an_even_interpolation_has_its_ends_and_no_more_change_than_one_of_evenly_spaced_z(n):
    model, ends = model_of(), [presets()[name] for name in ("Bossa", "Trap")]
    plain, even = (model.interpolate(*ends, n=n, interpolation="lerp", even=even) for even in (False, True))
    assert len(even) == n
    assert (even[0], even[-1]) == (plain[0], plain[-1])
    order = np.arange(n)
    assert squares(note_changes(even), order) <= squares(note_changes(plain), order)
