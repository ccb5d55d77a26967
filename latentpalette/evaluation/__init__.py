"""Evaluation of a model: reconstruction, samples, interpolation, holes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from latentpalette import lazy as _lazy

if TYPE_CHECKING:
    from latentpalette.evaluation.constraints import ConstraintQuality as ConstraintQuality
    from latentpalette.evaluation.constraints import evaluate_constraints as evaluate_constraints
    from latentpalette.evaluation.groove import ExpressionError as ExpressionError
    from latentpalette.evaluation.interpolation import Interpolation as Interpolation
    from latentpalette.evaluation.interpolation import evaluate_interpolation as evaluate_interpolation
    from latentpalette.evaluation.metrics import PrecisionRecallF1 as PrecisionRecallF1
    from latentpalette.evaluation.metrics import onset_accuracy as onset_accuracy
    from latentpalette.evaluation.metrics import step_accuracy as step_accuracy
    from latentpalette.evaluation.ngrams import NGramModel as NGramModel
    from latentpalette.evaluation.predict import encode_windows as encode_windows
    from latentpalette.evaluation.predict import target_labels as target_labels
    from latentpalette.evaluation.reconstruction import Reconstruction as Reconstruction
    from latentpalette.evaluation.reconstruction import StreamScores as StreamScores
    from latentpalette.evaluation.reconstruction import evaluate_reconstruction as evaluate_reconstruction
    from latentpalette.evaluation.report import Evaluation as Evaluation
    from latentpalette.evaluation.report import HoleReport as HoleReport
    from latentpalette.evaluation.report import evaluate as evaluate
    from latentpalette.evaluation.samples import FeatureStats as FeatureStats
    from latentpalette.evaluation.samples import SampleQuality as SampleQuality
    from latentpalette.evaluation.samples import evaluate_samples as evaluate_samples
    from latentpalette.evaluation.self_similarity import SelfSimilarity as SelfSimilarity
    from latentpalette.evaluation.self_similarity import measure_self_similarity as measure_self_similarity
    from latentpalette.evaluation.song_sequences import SongSequence as SongSequence
    from latentpalette.evaluation.song_sequences import read_song_sequences as read_song_sequences
    from latentpalette.evaluation.songs import SongQuality as SongQuality
    from latentpalette.evaluation.songs import evaluate_songs as evaluate_songs
else:
    __getattr__, __dir__, __all__ = _lazy.attach(
        __name__,
        {
            "constraints": ["ConstraintQuality", "evaluate_constraints"],
            "groove": ["ExpressionError"],
            "interpolation": ["Interpolation", "evaluate_interpolation"],
            "metrics": ["PrecisionRecallF1", "onset_accuracy", "step_accuracy"],
            "ngrams": ["NGramModel"],
            "predict": ["encode_windows", "target_labels"],
            "reconstruction": ["Reconstruction", "StreamScores", "evaluate_reconstruction"],
            "report": ["Evaluation", "HoleReport", "evaluate"],
            "samples": ["FeatureStats", "SampleQuality", "evaluate_samples"],
            "self_similarity": ["SelfSimilarity", "measure_self_similarity"],
            "song_sequences": ["SongSequence", "read_song_sequences"],
            "songs": ["SongQuality", "evaluate_songs"],
        },
    )
