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


RESOLUTION = 16  # steps per unit of z: vectors that round to the same step are the same music


class TwoHits:
    """Decodes (x, y) to two hits, and encodes them to `transform((x, y))`; z is `scale` times both."""

    def __init__(self, transform, *, scale: float = 1.0) -> None:
        self.transform, self.scale = transform, scale

    def decode(self, z):
        steps = np.clip(np.rint(np.asarray(z) / self.scale * RESOLUTION).astype(int) + 128, 0, 255)
        return [NoteSequence.from_steps({"kick": [x], "snare": [y]}, steps=256) for x, y in steps.tolist()]

    def encode(self, music):
        steps = [{note.pitch: note.step for note in sequence.notes} for sequence in music]
        hits = np.array([[by_pitch[36], by_pitch[38]] for by_pitch in steps]).reshape(-1, 2)
        return np.array([self.transform(xy) for xy in (hits - 128) / RESOLUTION]).reshape(-1, 2) * self.scale


def test_the_priors_density_falls_with_the_norm():
    near, far = prior_log_density([[0.0, 0.0, 0.0], [1.0, 2.0, 2.0]])
    assert near == pytest.approx(-1.5 * np.log(2 * np.pi))
    assert near - far == pytest.approx(4.5)


def test_the_nearest_of_the_data_is_found_among_many():
    rng = np.random.default_rng(0)
    z, data = rng.standard_normal((700, 3)), rng.standard_normal((90, 3))
    expected = np.linalg.norm(z[:, None] - data, axis=-1).min(1)
    assert distance_to_data(z, data) == pytest.approx(expected, abs=1e-6)


def test_z_that_is_encoded_elsewhere_has_a_cycle_error():
    assert cycle_error(TwoHits(lambda z: np.add(z, [3.0, 4.0])), [[0.0, 0.0], [1.0, 1.0]]) == pytest.approx([5.0, 5.0])
    assert cycle_error(TwoHits(lambda z: z), np.zeros((0, 2))).shape == (0,)


def test_the_cycle_error_in_notes_counts_notes():
    only_y = TwoHits(lambda z: [0.0, z[1]])
    assert cycle_note_error(only_y, [[0.0, 1.0], [2.0, 1.0]]).tolist() == [0.0, 0.5]
    assert cycle_note_error(TwoHits(lambda z: z + 1), [[0.0, 1.0]]).tolist() == [1.0]
    assert cycle_note_error(only_y, np.zeros((0, 2))).shape == (0,)


def test_silence_that_stays_silence_has_no_error():
    class Silent:
        def decode(self, z):
            return [NoteSequence(steps=32)] * len(z)

        def encode(self, music):
            return np.zeros((len(music), 2))

    assert cycle_note_error(Silent(), np.ones((2, 2))).tolist() == [0.0, 0.0]


def test_a_model_that_reconstructs_itself_has_no_holes():
    assert find_holes(TwoHits(lambda z: z), RING, size=12).area == 0.0


def test_the_same_music_over_a_region_makes_no_hole():
    coarse = TwoHits(np.rint)  # a whole unit is encoded to its center ...
    decode = coarse.decode
    coarse.decode = lambda z: decode(np.rint(z))  # ... and decoded to the same music
    assert find_holes(coarse, RING, size=12).area == 0.0
    assert cycle_error(coarse, [[0.4, 0.0]]) == pytest.approx([0.4])


def test_half_a_plane_that_is_folded_over_is_half_a_hole():
    found = find_holes(TwoHits(lambda z: [abs(z[0]), z[1]]), RING, size=24)
    assert found.area == pytest.approx(50, abs=3)
    left = found.plane.unproject(found.cell_centers)[..., 0] < -0.5 / RESOLUTION
    assert (found.is_hole == (left & found.within_radius)).all()
    assert not found.is_hole[0, 0], "the corners of the square are outside of the radius"


def test_the_tolerance_is_the_error_that_is_allowed():
    halves = TwoHits(lambda z: [0.0, z[1]])
    assert find_holes(halves, RING, size=12, tolerance=0.4).area > 80
    assert find_holes(halves, RING, size=12, tolerance=0.6).area == 0.0


@pytest.mark.parametrize("scale", [0.02, 50.0])
def test_the_area_does_not_depend_on_the_scale_of_z(scale):
    def folded(z):
        return [abs(z[0]), z[1]]

    assert find_holes(TwoHits(folded, scale=scale), RING * scale).area == find_holes(TwoHits(folded), RING).area > 0


@pytest.mark.parametrize("options", [{"radius": 0.0}, {"tolerance": -1.0}, {"tolerance": 1.0}])
def test_options_out_of_range_are_refused(options):
    with pytest.raises(LatentError, match="radius is above 0"):
        find_holes(TwoHits(lambda z: z), RING, **options)


def test_a_certain_decoder_has_no_entropy():
    class Certain:
        def step_probabilities(self, z):
            return np.tile(np.eye(8)[3], (len(z), 16, 1))

    assert decoder_entropy(Certain(), np.zeros((300, 2))) == pytest.approx(np.zeros(300))


def test_entropies_of_streams_and_of_hits_add_up():
    class Uniform:
        def step_probabilities(self, z):
            return np.full((len(z), 16, 4), 0.5)

    # Two streams of two classes: a bit each. Four hits, each a coin: four bits.
    assert decoder_entropy(Uniform(), [[0.0]]).tolist() == [2.0]
    assert decoder_entropy(Uniform(), [[0.0]], num_hits=4).tolist() == [4.0]
    assert decoder_entropy(Uniform(), [[0.0]], num_hits=1).tolist() == [1.0]


def test_all_measures_take_a_musicvae():
    model = model_of(WIRINGS["flat"])
    z = np.random.default_rng(0).standard_normal((6, 6))
    assert prior_log_density(z).shape == distance_to_data(z, z[:2]).shape == cycle_error(model, z).shape == (6,)
    assert (decoder_entropy(model, z) > 0).all()
    assert 0 <= find_holes(model, z, size=4).area <= 100
