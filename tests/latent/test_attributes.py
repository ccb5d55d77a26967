"""Attribute vectors in a latent space whose dimensions are known attributes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from latentpalette.errors import LatentError
from latentpalette.latent.attributes import (
    MIN_EXAMPLES,
    AttributeVector,
    attribute_vector,
    attribute_vectors,
    measure_effects,
)
from latentpalette.music.features import MUSICVAE_ATTRIBUTES, drum_density, note_density
from latentpalette.music.sequence import NoteSequence
from tests.models.tiny_models import model_of

numbers = st.lists(st.integers(0, 6), min_size=MIN_EXAMPLES, max_size=40)


class Beats:
    """A model whose first latent dimension is the number of kicks, the second that of hats."""

    def encode(self, music):
        return np.array([[sum(note.pitch == pitch for note in loop.notes) for pitch in (36, 42)] for loop in music])

    def decode(self, z, *, temperature=None, seed=None):
        counts = np.clip(np.round(z), 0, 16).astype(int)
        return [NoteSequence.from_steps({"kick": range(k), "closed hat": range(h)}, steps=16) for k, h in counts]


FEATURES = {"kicks": drum_density("kick"), "hats": drum_density("closed hat"), "density": note_density}


def test_the_vector_is_from_the_lowest_quarter_to_the_highest():
    z = np.random.default_rng(0).standard_normal((100, 5))
    order = np.argsort(z[:, 2])
    direction = attribute_vector(z, z[:, 2])
    np.testing.assert_allclose(direction.vector, z[order[-25:]].mean(0) - z[order[:25]].mean(0))
    assert direction.vector.argmax() == 2
    assert (direction.low, direction.high) == (z[order[:25], 2].mean(), z[order[-25:], 2].mean())


@given(numbers.filter(lambda values: len(set(values)) > 1), st.randoms())
def test_the_order_of_the_examples_does_not_matter(values, shuffler):
    z = np.array(values, float)[:, None] * [[1.0, -2.0]]
    direction = attribute_vector(z, values)
    order = list(range(len(values)))
    shuffler.shuffle(order)
    np.testing.assert_allclose(attribute_vector(z[order], np.array(values)[order]).vector, direction.vector, atol=1e-12)
    assert direction.high > direction.low
    np.testing.assert_allclose(
        direction.vector, [direction.high - direction.low, -2 * (direction.high - direction.low)], atol=1e-12
    )


def test_a_rare_attribute_is_compared_with_examples_without_it():
    values = [0] * 18 + [3, 5]
    direction = attribute_vector(np.array(values, float)[:, None], values)
    assert direction.vector.tolist() == [4.0]


@pytest.mark.parametrize(
    ("z", "values", "message"),
    [
        (np.zeros((7, 2)), np.arange(7), r"swing: 7 examples can have no quartiles; give at least 8"),
        (np.zeros((9, 2)), np.full(9, 0.25), r"swing: all 9 examples have the value 0\.25"),
        (np.zeros((9, 2)), np.arange(8), r"\(9, 2\) and \(8,\)"),
        (np.zeros(9), np.arange(9), r"\(9,\) and \(9,\)"),
        (np.full((9, 2), np.nan), np.arange(9), "swing: .* finite"),
    ],
)
def test_uninformative_examples_are_refused_with_what_to_do(z, values, message):
    with pytest.raises(LatentError, match=message):
        attribute_vector(z, values, name="swing")


@given(st.floats(-1.5, 1.5))
def test_opposite_strengths_cancel(strength):
    more = AttributeVector("swing", np.array([1.0, -2.0, 0.5]), 0.0, 1.0, 8)
    z = np.random.default_rng(0).standard_normal((4, 3))
    np.testing.assert_allclose(more.apply(more.apply(z, strength), -strength), z, atol=1e-12)


def test_each_z_may_have_its_own_strength():
    more = AttributeVector("swing", np.array([1.0, -2.0]), 0.0, 1.0, 8)
    assert more.apply(np.zeros((2, 2)), [0.0, 2.0]).tolist() == [[0, 0], [2, -4]]
    assert more.apply(np.zeros(2)).tolist() == [1, -2]
    with pytest.raises(LatentError, match="one for each z"):
        more.apply(np.zeros((2, 2)), [1.0, 2.0, 3.0])
    with pytest.raises(LatentError, match=r"\[n, 2\]; got shape \(3,\)"):
        more.apply(np.zeros(3))


def test_a_vector_changes_its_own_attribute_and_the_matrix_shows_the_others():
    z = np.array([[kicks, hats] for kicks in (2, 4, 6, 8) for hats in (2, 4, 6)], float)
    vectors = attribute_vectors(Beats(), Beats().decode(z), {name: FEATURES[name] for name in ("kicks", "hats")})
    assert vectors["kicks"].vector.tolist() == [6.0, 0.0]
    effects = measure_effects(Beats(), vectors, FEATURES, z=z, strength=0.5)
    assert (effects.vectors, effects.attributes) == (("kicks", "hats"), ("kicks", "hats", "density"))
    np.testing.assert_allclose(effects.before, [5 / 16, 4 / 16, z.max(axis=1).mean() / 16])
    np.testing.assert_allclose(effects.change[:, :2], [[3 / 16, 0], [0, 2 / 16]])
    assert (effects.change[:, 2] > 0).all(), "more of either is more altogether"
    np.testing.assert_allclose(effects.percent[:, :2], [[60, 0], [0, 50]])


def test_a_percentage_of_0_is_nan():
    hats = AttributeVector("hats", np.array([0.0, 4.0]), 0.0, 0.25, 8)
    effects = measure_effects(Beats(), {"hats": hats}, FEATURES, z=[[1.0, 0.0]])
    assert np.isnan(effects.percent[0, 1])
    assert repr(effects).splitlines()[1].split()[:4] == ["hats", "+0", "%", "-"]


def test_no_vectors_are_refused():
    with pytest.raises(LatentError, match="at least one vector"):
        measure_effects(Beats(), {}, FEATURES)


def test_a_musicvae_is_such_a_model():
    model = model_of()
    loops = model.sample(12, seed=3)
    density = {"density": MUSICVAE_ATTRIBUTES["note density"]}
    vectors = attribute_vectors(model, loops, density)
    z = np.random.default_rng(0).standard_normal((3, 6))
    effects = measure_effects(model, vectors, density, z=z, strength=0.0)
    assert effects.change.tolist() == [[0.0]]
    assert effects.before[0] == pytest.approx(
        np.mean([MUSICVAE_ATTRIBUTES["note density"](loop) for loop in model.decode(z)])
    )
    again = [measure_effects(model, vectors, density, seed=5, temperature=1.0) for _ in range(2)]
    np.testing.assert_array_equal(again[0].change, again[1].change)
