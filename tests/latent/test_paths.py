import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from latentpalette.errors import LatentError
from latentpalette.latent.paths import even_positions, lerp, slerp

vectors = arrays(np.float64, 8, elements=st.floats(-3, 3, width=32))


@given(vectors, vectors)
def test_an_interpolation_hits_its_ends(a, b):
    assume(np.linalg.norm(a) == 0 or np.linalg.norm(b) == 0 or a @ b / np.linalg.norm(a) / np.linalg.norm(b) > -0.999)
    for interpolate in (lerp, slerp):
        np.testing.assert_allclose(interpolate(a, b, [0.0, 1.0]), [a, b], atol=1e-6)


@given(vectors, vectors, st.floats(0, 1))
def test_slerp_keeps_the_norm_between_equal_norms(a, b, t):
    assume(np.linalg.norm(a) > 0.1)
    assume(np.linalg.norm(b) > 0.1)
    a, b = a / np.linalg.norm(a), b / np.linalg.norm(b)
    assume(a @ b > -0.99)
    assert np.linalg.norm(slerp(a, b, [t])) == pytest.approx(1, abs=1e-6)


@given(vectors)
def test_an_interpolation_between_equal_ends_is_constant(a):
    np.testing.assert_allclose(slerp(a, a, even_positions(5)), np.tile(a, (5, 1)), atol=1e-6)


def test_slerp_to_the_origin_is_linear():
    np.testing.assert_allclose(slerp(np.ones(4), np.zeros(4), [0.5]), [[0.5] * 4])


def test_antipodal_ends_are_refused_because_the_path_is_not_unique():
    with pytest.raises(LatentError, match="opposite"):
        slerp(np.ones(4), -2 * np.ones(4), [0.5])


def test_ends_of_different_lengths_are_refused_with_their_shapes():
    with pytest.raises(LatentError, match=r"\(3,\) and \(4,\)"):
        lerp(np.ones(3), np.ones(4), [0.5])


def test_ends_that_are_not_finite_are_refused():
    with pytest.raises(LatentError, match="finite"):
        slerp(np.array([np.nan, 1.0]), np.ones(2), [0.5])


def test_even_positions_include_the_ends():
    assert even_positions(1).tolist() == [0.0]
    assert even_positions(5).tolist() == [0.0, 0.25, 0.5, 0.75, 1.0]
    with pytest.raises(LatentError, match=r"from 1 .* got 0"):
        even_positions(0)
