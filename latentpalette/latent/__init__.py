"""The geometry of latent space: NumPy in, NumPy out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from latentpalette import lazy as _lazy

if TYPE_CHECKING:
    from latentpalette.latent.attributes import AttributeEffects as AttributeEffects
    from latentpalette.latent.attributes import AttributeVector as AttributeVector
    from latentpalette.latent.attributes import attribute_vector as attribute_vector
    from latentpalette.latent.attributes import attribute_vectors as attribute_vectors
    from latentpalette.latent.attributes import measure_effects as measure_effects
    from latentpalette.latent.directions import Directions as Directions
    from latentpalette.latent.directions import principal_directions as principal_directions
    from latentpalette.latent.directions import single_dimensions as single_dimensions
    from latentpalette.latent.evenness import choose_even_places as choose_even_places
    from latentpalette.latent.evenness import note_changes as note_changes
    from latentpalette.latent.flow_paths import grid_along_flow as grid_along_flow
    from latentpalette.latent.flow_paths import interpolate_along_flow as interpolate_along_flow
    from latentpalette.latent.grids import bilinear_grid as bilinear_grid
    from latentpalette.latent.grids import bilinear_weights as bilinear_weights
    from latentpalette.latent.grids import cell_at as cell_at
    from latentpalette.latent.grids import cells_along as cells_along
    from latentpalette.latent.holes import Holes as Holes
    from latentpalette.latent.holes import cycle_error as cycle_error
    from latentpalette.latent.holes import cycle_note_error as cycle_note_error
    from latentpalette.latent.holes import cycle_z as cycle_z
    from latentpalette.latent.holes import decoder_entropy as decoder_entropy
    from latentpalette.latent.holes import distance_to_data as distance_to_data
    from latentpalette.latent.holes import find_holes as find_holes
    from latentpalette.latent.holes import prior_log_density as prior_log_density
    from latentpalette.latent.paths import even_positions as even_positions
    from latentpalette.latent.paths import interpolate_z as interpolate_z
    from latentpalette.latent.paths import lerp as lerp
    from latentpalette.latent.paths import slerp as slerp
    from latentpalette.latent.projection import Plane as Plane
    from latentpalette.latent.projection import cell_centers as cell_centers
    from latentpalette.latent.projection import fit_plane as fit_plane
else:
    __getattr__, __dir__, __all__ = _lazy.attach(
        __name__,
        {
            "attributes": [
                "AttributeEffects",
                "AttributeVector",
                "attribute_vector",
                "attribute_vectors",
                "measure_effects",
            ],
            "directions": ["Directions", "principal_directions", "single_dimensions"],
            "evenness": ["choose_even_places", "note_changes"],
            "flow_paths": ["grid_along_flow", "interpolate_along_flow"],
            "grids": ["bilinear_grid", "bilinear_weights", "cell_at", "cells_along"],
            "holes": [
                "Holes",
                "cycle_error",
                "cycle_note_error",
                "cycle_z",
                "decoder_entropy",
                "distance_to_data",
                "find_holes",
                "prior_log_density",
            ],
            "paths": ["even_positions", "interpolate_z", "lerp", "slerp"],
            "projection": ["Plane", "cell_centers", "fit_plane"],
        },
    )
