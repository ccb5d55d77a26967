from __future__ import annotations

import numpy as np
import pytest

from latentpalette.errors import LatentError
from latentpalette.latent.holes import (
    cycle_error,
    cycle_note_error,
    decoder_entropy,
    distance_to_data,
    find_holes,
    prior_log_density,
)
from latentpalette.music.sequence import NoteSequence
from tests.models.tiny_models import WIRINGS, model_of

RING = np.array([[np.cos(a), np.sin(a)] for a in np.linspace(0, 2 * np.pi, 40, endpoint=False)])


FINE = 16  # places to the unit: two that fall on the same are the same music


class Hearing:
    """Says a place with two strokes, one for x and one for y, and hears it as `where` says; z is `scale` times it."""

    def __init__(self, where, *, scale: float = 1.0) -> None:
        self.where, self.scale = where, scale

    def decode(self, z):
        steps = np.clip(np.rint(np.asarray(z) / self.scale * FINE).astype(int) + 128, 0, 255)
        return [NoteSequence.from_steps({"kick": [x], "snare": [y]}, steps=256) for x, y in steps.tolist()]

    def encode(self, music):
        heard = [{note.pitch: note.step for note in each.notes} for each in music]
        places = np.array([[each[36], each[38]] for each in heard]).reshape(-1, 2)
        return np.array([self.where(place) for place in (places - 128) / FINE]).reshape(-1, 2) * self.scale


def test_the_priors_density_falls_with_the_distance_from_the_middle():
    near, far = prior_log_density([[0.0, 0.0, 0.0], [1.0, 2.0, 2.0]])
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


def test_what_does_not_come_back_is_counted_note_by_note():
    deaf = Hearing(lambda z: [0.0, z[1]])  # hears y alone
    assert cycle_note_error(deaf, [[0.0, 1.0], [2.0, 1.0]]).tolist() == [0.0, 0.5]
    assert cycle_note_error(Hearing(lambda z: z + 1), [[0.0, 1.0]]).tolist() == [1.0]
    assert cycle_note_error(deaf, np.zeros((0, 2))).shape == (0,)


def test_silence_that_stays_silence_is_recognised():
    class Silent:
        def decode(self, z):
            return [NoteSequence(steps=32)] * len(z)

        def encode(self, music):
            return np.zeros((len(music), 2))

    assert cycle_note_error(Silent(), np.ones((2, 2))).tolist() == [0.0, 0.0]


def test_a_model_that_hears_itself_has_no_holes():
    assert find_holes(Hearing(lambda z: z), RING, size=12).area == 0.0


def test_saying_the_same_over_a_region_makes_no_hole():
    coarse = Hearing(np.rint)  # a whole unit is heard at its middle ...
    said = coarse.decode
    coarse.decode = lambda z: said(np.rint(z))  # ... and is one music
    assert find_holes(coarse, RING, size=12).area == 0.0
    assert cycle_error(coarse, [[0.4, 0.0]]) == pytest.approx([0.4])


def test_half_a_plane_that_is_folded_over_is_half_a_hole():
    found = find_holes(Hearing(lambda z: [abs(z[0]), z[1]]), RING, size=24)
    assert found.area == pytest.approx(50, abs=3)
    left = found.plane.unproject(found.cell_centers)[..., 0] < -0.5 / FINE
    assert (found.is_hole == (left & found.within_radius)).all()
    assert not found.is_hole[0, 0], "the corners of the square are out of reach"


def test_the_tolerance_says_how_much_may_get_lost():
    halves = Hearing(lambda z: [0.0, z[1]])
    assert find_holes(halves, RING, size=12, tolerance=0.4).area > 80
    assert find_holes(halves, RING, size=12, tolerance=0.6).area == 0.0


@pytest.mark.parametrize("scale", [0.02, 50.0])
def test_the_area_does_not_depend_on_the_scale_of_z(scale):
    def folded(z):
        return [abs(z[0]), z[1]]

    assert find_holes(Hearing(folded, scale=scale), RING * scale).area == find_holes(Hearing(folded), RING).area > 0


@pytest.mark.parametrize("options", [{"reach": 0.0}, {"tolerance": -1.0}, {"tolerance": 1.0}])
def test_what_is_no_measure_is_refused(options):
    with pytest.raises(LatentError, match="Reach is above 0"):
        find_holes(Hearing(lambda z: z), RING, **options)


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
    assert decoder_entropy(Torn(), [[0.0]], num_hits=4).tolist() == [4.0]
    assert decoder_entropy(Torn(), [[0.0]], num_hits=1).tolist() == [1.0]


def test_a_trained_kind_of_model_is_looked_at_from_all_sides():
    model = model_of(WIRINGS["flat"])
    z = np.random.default_rng(0).standard_normal((6, 6))
    assert prior_log_density(z).shape == distance_to_data(z, z[:2]).shape == cycle_error(model, z).shape == (6,)
    assert (decoder_entropy(model, z) > 0).all()
    assert 0 <= find_holes(model, z, size=4).area <= 100
