"""Plots of music, latent space, training and evaluation: interactive piano rolls in bokeh, PNG in matplotlib."""

from __future__ import annotations

from typing import TYPE_CHECKING

from latentpalette import lazy as _lazy

if TYPE_CHECKING:
    from latentpalette.plots.curves import interpolation_curves as interpolation_curves
    from latentpalette.plots.curves import line_chart as line_chart
    from latentpalette.plots.curves import training_curves as training_curves
    from latentpalette.plots.evaluation import draw_evaluation as draw_evaluation
    from latentpalette.plots.evaluation import feature_shifts as feature_shifts
    from latentpalette.plots.evaluation import hole_map as hole_map
    from latentpalette.plots.evaluation import reconstruction_bars as reconstruction_bars
    from latentpalette.plots.evaluation import save_evaluation as save_evaluation
    from latentpalette.plots.latent_maps import MapPanel as MapPanel
    from latentpalette.plots.latent_maps import latent_map as latent_map
    from latentpalette.plots.loop_grids import loop_grid as loop_grid
    from latentpalette.plots.pianoroll_interactive import pianoroll as pianoroll
    from latentpalette.plots.picture import Picture as Picture
else:
    __getattr__, __dir__, __all__ = _lazy.attach(
        __name__,
        {
            "curves": ["interpolation_curves", "line_chart", "training_curves"],
            "evaluation": ["draw_evaluation", "feature_shifts", "hole_map", "reconstruction_bars", "save_evaluation"],
            "latent_maps": ["MapPanel", "latent_map"],
            "loop_grids": ["loop_grid"],
            "pianoroll_interactive": ["pianoroll"],
            "picture": ["Picture"],
        },
    )
