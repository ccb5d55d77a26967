"""Training: configuration, recipes, loss, schedules, trainer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from latentpalette import lazy as _lazy

if TYPE_CHECKING:
    from latentpalette.training.callbacks import LatentRecorder as LatentRecorder
    from latentpalette.training.config import TrainConfig as TrainConfig
    from latentpalette.training.flow_matching import fit_prior as fit_prior
    from latentpalette.training.metrics_log import MetricCurve as MetricCurve
    from latentpalette.training.metrics_log import read_metrics as read_metrics
    from latentpalette.training.recipe import Recipe as Recipe
    from latentpalette.training.recipe import load_recipe as load_recipe
    from latentpalette.training.song_matching import fit_songs as fit_songs
    from latentpalette.training.trainer import TrainResult as TrainResult
    from latentpalette.training.trainer import train as train
    from latentpalette.training.whitening import variance_range as variance_range
    from latentpalette.training.whitening import whiten as whiten
else:
    __getattr__, __dir__, __all__ = _lazy.attach(
        __name__,
        {
            "callbacks": ["LatentRecorder"],
            "config": ["TrainConfig"],
            "flow_matching": ["fit_prior"],
            "metrics_log": ["MetricCurve", "read_metrics"],
            "recipe": ["Recipe", "load_recipe"],
            "song_matching": ["fit_songs"],
            "trainer": ["TrainResult", "train"],
            "whitening": ["variance_range", "whiten"],
        },
    )
