"""Public functions of latent space, evaluation and plots refuse anything but their arrays in our words."""

from __future__ import annotations

import inspect
import warnings

import numpy as np
import pytest

import latentpalette as lp
from latentpalette import evaluation, latent, plots
from latentpalette.converters.streams import DrumStream
from latentpalette.errors import LatentPaletteError
from tests.models.tiny_models import prior_of

Z = np.random.default_rng(0).standard_normal((10, 4))
LABELS = np.tile([1, 0, 4, 0], (2, 2))
LOOPS = [lp.NoteSequence.from_steps({"kick": [0, i]}, steps=32) for i in range(1, 9)]
MORE = latent.AttributeVector("density", np.array([4.0, 0.0]), 0.0, 0.25, 8)
FEATURES = {"density": lambda music: float(len(music.notes))}
PLANE = latent.fit_plane(Z)
DIRECTIONS = latent.principal_directions(Z, 2)
STREAM = DrumStream.from_map("reduced")


def prior():
    return prior_of(4)


class Model:
    """Something that encodes and decodes."""

    def encode(self, music):
        return np.zeros((len(list(music)), 4))

    def decode(self, z, **_):
        return LOOPS[:1] * len(z)

    def step_probabilities(self, z):
        return np.full((len(z), 32, 4), 0.25)


def drums():
    return lp.load("drums-2bar")


ON_ARRAYS = {
    "AttributeVector.apply": MORE.apply,
    "AttributeVector.apply, strength": lambda x: MORE.apply([1.0, 1.0], x),
    "attribute_vector": lambda x: latent.attribute_vector(x, range(10)),
    "attribute_vector, values": lambda x: latent.attribute_vector(Z, x),
    "attribute_vectors": lambda x: latent.attribute_vectors(Model(), LOOPS, x),
    "attribute_vectors, music": lambda x: latent.attribute_vectors(drums(), x, FEATURES),
    "measure_effects": lambda x: latent.measure_effects(Model(), x, FEATURES),
    "measure_effects, features": lambda x: latent.measure_effects(Model(), {"density": MORE}, x),
    "measure_effects, z": lambda x: latent.measure_effects(
        Model(), {"density": MORE}, FEATURES, z="no" if x is None else x
    ),
    "bilinear_weights": lambda x: latent.bilinear_weights(x, 0.5),
    "bilinear_weights, y": lambda x: latent.bilinear_weights([0.0, 0.5], x),
    "bilinear_grid": lambda x: latent.bilinear_grid(x, 3),
    "bilinear_grid, size": lambda x: latent.bilinear_grid(Z[:4], x),
    "cell_at": lambda x: latent.cell_at(x, 0.5, 3),
    "cell_at, size": lambda x: latent.cell_at(0.5, 0.5, x),
    "cells_along": lambda x: latent.cells_along(x, 3),
    "cells_along, size": lambda x: latent.cells_along([(0, 0), (1, 1)], x),
    "choose_even_places": lambda x: latent.choose_even_places(x, 2),
    "choose_even_places, n": lambda x: latent.choose_even_places(np.ones((4, 4)), x),
    "note_changes": latent.note_changes,
    "even_positions": latent.even_positions,
    "interpolate_z": lambda x: latent.interpolate_z(x, Z[0], 0.5),
    "interpolate_z, interpolation": lambda x: latent.interpolate_z(Z[1], Z[0], 0.5, interpolation=x),
    "interpolate_along_flow": lambda x: latent.interpolate_along_flow(prior(), x, Z[0], 0.5, time=0.6),
    "interpolate_along_flow, t": lambda x: latent.interpolate_along_flow(prior(), Z[1], Z[0], x, time=0.6),
    "interpolate_along_flow, time": lambda x: latent.interpolate_along_flow(prior(), Z[1], Z[0], 0.5, time=x),
    "grid_along_flow": lambda x: latent.grid_along_flow(prior(), x, 3, time=0.6),
    "grid_along_flow, size": lambda x: latent.grid_along_flow(prior(), Z[:4], x, time=0.6),
    "grid_along_flow, time": lambda x: latent.grid_along_flow(prior(), Z[:4], 3, time=x),
    "lerp": lambda x: latent.lerp(Z[0], x, 0.5),
    "lerp, t": lambda x: latent.lerp(Z[0], Z[1], x),
    "slerp": lambda x: latent.slerp(x, Z[0], 0.5),
    "slerp, t": lambda x: latent.slerp(Z[0], Z[1], x),
    "fit_plane": latent.fit_plane,
    "Plane.project": PLANE.project,
    "Plane.unproject": PLANE.unproject,
    "principal_directions": latent.principal_directions,
    "principal_directions, n": lambda x: latent.principal_directions(Z, x),
    "principal_directions, features": lambda x: latent.principal_directions(Z, features="no" if x is None else x),
    "single_dimensions": latent.single_dimensions,
    "single_dimensions, n": lambda x: latent.single_dimensions(Z, x),
    "Directions.coordinates": DIRECTIONS.coordinates,
    "Directions.move": lambda x: DIRECTIONS.move(x, [0.0]),
    "Directions.move, amounts": lambda x: DIRECTIONS.move(Z[0], x),
    "cell_centers": latent.cell_centers,
    "cell_centers, radius": lambda x: latent.cell_centers(3, radius=x),
    "prior_log_density": latent.prior_log_density,
    "distance_to_data": lambda x: latent.distance_to_data(x, Z),
    "distance_to_data, data": lambda x: latent.distance_to_data(Z, x),
    "cycle_z": lambda x: latent.cycle_z(Model(), x),
    "cycle_error": lambda x: latent.cycle_error(Model(), x),
    "cycle_note_error": lambda x: latent.cycle_note_error(Model(), x),
    "decoder_entropy": lambda x: latent.decoder_entropy(Model(), x),
    "decoder_entropy, hits": lambda x: latent.decoder_entropy(Model(), Z, num_hits=x),
    "find_holes": lambda x: latent.find_holes(Model(), x, size=3),
    "find_holes, size": lambda x: latent.find_holes(Model(), Z, size=x),
    "find_holes, radius": lambda x: latent.find_holes(Model(), Z, size=3, radius=x),
    "find_holes, tolerance": lambda x: latent.find_holes(Model(), Z, size=3, tolerance=x),
    "step_accuracy": lambda x: evaluation.step_accuracy(x, LABELS),
    "step_accuracy, targets": lambda x: evaluation.step_accuracy(LABELS, x),
    "onset_accuracy": lambda x: evaluation.onset_accuracy(x, LABELS),
    "onset_accuracy, onsets": lambda x: evaluation.onset_accuracy(LABELS, LABELS, "no" if x is None else x),
    "NGramModel": evaluation.NGramModel,
    "NGramModel.bits_per_step": lambda x: evaluation.NGramModel(LABELS).bits_per_step(x),
    "encode_windows": lambda x: evaluation.encode_windows(drums(), x),
    "encode_windows, model": lambda x: evaluation.encode_windows(x, LABELS),
    "target_labels": lambda x: evaluation.target_labels(drums().config, x),
    "target_labels, config": lambda x: evaluation.target_labels(x, LABELS),
    "evaluate_reconstruction": lambda x: evaluation.evaluate_reconstruction(drums(), x),
    "evaluate_interpolation": lambda x: evaluation.evaluate_interpolation(drums(), x, []),
    "measure_self_similarity": evaluation.measure_self_similarity,
    "evaluate_constraints, model": lambda x: evaluation.evaluate_constraints(x, None, []),
    "evaluate_songs": lambda x: evaluation.evaluate_songs(drums(), x),
    "evaluate_songs, model": lambda x: evaluation.evaluate_songs(x, []),
    "read_song_sequences": lambda x: evaluation.read_song_sequences(drums(), x),
    "read_song_sequences, model": lambda x: evaluation.read_song_sequences(x, "songs"),
    "read_song_sequences, split": lambda x: evaluation.read_song_sequences(drums(), ".", split=x),
    "evaluate_samples": lambda x: evaluation.evaluate_samples(
        x, held_out=LABELS, training=None, ngram_model=evaluation.NGramModel(LABELS), stream=STREAM, temperature=1.0
    ),
    "evaluate": lambda x: evaluation.evaluate(drums(), x),
    "evaluate, model": lambda x: evaluation.evaluate(x, None),
    "save_evaluation": lambda x: plots.save_evaluation(x, "never"),
} | {
    name: getattr(plots, name)
    for name in plots.__all__
    if not inspect.isclass(getattr(plots, name)) and name != "save_evaluation"
}

WRONG = {
    "text": "z",
    "bytes": b"MThd",
    "an object": object(),
    "lists of different lengths": [[1.0], [2.0, 3.0]],
    "complex numbers": np.array([1j] * 4),
    "objects": np.array([object()] * 4),
    "texts": np.array(["a"]),
    "None in a list": [None],
    "None": None,
    "NaN": np.float64("nan"),
    "infinity": float("inf"),
    "an array of NaN": np.full((10, 4), np.nan),
    "four dimensions": np.full((1, 1, 1, 3), 0.5),
    "True": True,
}
# Any number of dimensions will do; None, or 0 cells, are values.
ACCEPTED = {
    ("bilinear_weights", "four dimensions"),
    ("Plane.unproject", "four dimensions"),
}


@pytest.mark.parametrize("name", ON_ARRAYS)
def test_what_is_no_such_array_is_refused_in_our_words(name):
    for kind, wrong in WRONG.items():
        if (name, kind) in ACCEPTED:
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with pytest.raises(LatentPaletteError) as problem:
                pytest.fail(f"{kind} is accepted: {ON_ARRAYS[name](wrong)!r}")
        assert "object has no attribute" not in str(problem.value)


def test_every_public_function_is_in_the_table():
    called = {name.partition(",")[0].partition(".")[0] for name in ON_ARRAYS}
    for package in (latent, evaluation, plots):
        functions = {name for name in package.__all__ if inspect.isfunction(getattr(package, name))}
        assert functions <= called


def test_labels_and_windows_are_in_range():
    for wrong in (LABELS - 1, LABELS + 512):
        with pytest.raises(LatentPaletteError, match="Labels are from 0 to 511"):
            evaluation.NGramModel(wrong)
    with pytest.raises(LatentPaletteError, match="uint16; got -1 to 3"):
        evaluation.encode_windows(drums(), LABELS - 1)
