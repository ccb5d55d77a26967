from __future__ import annotations

import numpy as np
import pytest

from latentpalette.errors import LatentError
from latentpalette.latent.holes import cycle_error, decoder_entropy, distance_to_data, holes, prior_density
from latentpalette.music.sequence import NoteSequence
from tests.models.tiny import WIRINGS, model_of

RING = np.array([[np.cos(a), np.sin(a)] for a in np.linspace(0, 2 * np.pi, 40, endpoint=False)])


class Hearing:
    """Decodes to a tempo that stands for the place, and hears it as `where` says."""

    def __init__(self, where) -> None:
        self.where = where
        self.told: list[np.ndarray] = []

    def decode(self, z):
        self.told += list(z)
        return [NoteSequence(steps=16, qpm=len(self.told) - len(z) + k + 1) for k in range(len(z))]

    def encode(self, music):
        return np.array([self.where(self.told[round(each.qpm) - 1]) for each in music])


def test_the_priors_density_falls_with_the_distance_from_the_middle():
    near, far = prior_density([[0.0, 0.0, 0.0], [1.0, 2.0, 2.0]])
    assert near == pytest.approx(-1.5 * np.log(2 * np.pi))
    assert near - far == pytest.approx(4.5)


def test_the_nearest_of_the_data_is_found_among_many():
    dice = np.random.default_rng(0)
    z, data = dice.standard_normal((700, 3)), dice.standard_normal((90, 3))
    each = np.linalg.norm(z[:, None] - data, axis=-1).min(1)
    assert distance_to_data(z, data) == pytest.approx(each, abs=1e-6)


def test_a_place_that_is_heard_elsewhere_has_a_cycle_error():
    assert cycle_error(Hearing(lambda z: np.add(z, [3.0, 4.0])), [[0.0, 0.0], [1.0, 1.0]]) == pytest.approx([5.0, 5.0])
    assert cycle_error(Hearing(lambda z: z), np.zeros((0, 2))).shape == (0,)


def test_a_model_that_hears_itself_has_no_holes():
    assert holes(Hearing(lambda z: z), RING, size=12).area == 0.0


def test_a_model_that_hears_everything_in_the_middle_is_hollow_but_for_it():
    found = holes(Hearing(lambda z: [0.0, 0.0]), RING, size=20)
    # Of the disc of radius 2, all but the disc of radius 0.5 around the middle.
    assert found.area == pytest.approx(100 * (1 - 1 / 16), abs=1.5)
    assert not found.hollow[0, 0], "the corners of the square are out of reach"


def test_half_a_plane_that_is_folded_over_is_half_a_hole():
    spread = RING.std()
    found = holes(Hearing(lambda z: [abs(z[0]), z[1]]), RING, size=24, tolerance=0.1)
    assert found.area == pytest.approx(50, abs=2)
    side = found.plane.lifted(found.points)[..., 0] < -0.05 * spread  # folded over, it lands twice as far away
    assert (found.hollow == (side & found.counted)).mean() > 0.98


def test_the_area_does_not_depend_on_the_scale_of_z():
    def shrunk(scale):
        return holes(Hearing(lambda z: z * 0.7), RING * scale, size=16).area

    assert 0 < shrunk(1.0) == pytest.approx(shrunk(50.0)) == pytest.approx(shrunk(0.02))


@pytest.mark.parametrize("options", [{"reach": 0.0}, {"tolerance": -1.0}])
def test_what_is_no_measure_is_refused(options):
    with pytest.raises(LatentError, match="above 0"):
        holes(Hearing(lambda z: z), RING, **options)


def test_a_decoder_without_a_doubt_has_no_entropy():
    class Sure:
        def step_probabilities(self, z):
            return np.tile(np.eye(8)[3], (len(z), 16, 1))

    assert decoder_entropy(Sure(), np.zeros((300, 2))) == pytest.approx(np.zeros(300))


def test_entropies_of_parts_and_of_hits_add_up():
    class Torn:
        def step_probabilities(self, z):
            return np.full((len(z), 16, 4), 0.5)

    # Two parts of two classes: a bit each. Four hits, each a coin: four bits.
    assert decoder_entropy(Torn(), [[0.0]]).tolist() == [2.0]
    assert decoder_entropy(Torn(), [[0.0]], hits=4).tolist() == [4.0]
    assert decoder_entropy(Torn(), [[0.0]], hits=1).tolist() == [1.0]


def test_a_trained_kind_of_model_is_looked_at_from_all_four_sides():
    model = model_of(WIRINGS["flat"])
    z = np.random.default_rng(0).standard_normal((6, 6))
    assert prior_density(z).shape == distance_to_data(z, z[:2]).shape == cycle_error(model, z).shape == (6,)
    assert (decoder_entropy(model, z) > 0).all()
    assert 0 <= holes(model, z, size=4).area <= 100
