"""Quality of sampled windows, compared with held-out songs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from latentpalette.converters.streams import Labels, Stream
from latentpalette.errors import TrainingError
from latentpalette.evaluation.arrays import check_labels
from latentpalette.evaluation.ngrams import NGramModel
from latentpalette.validation import check_type, short_repr


@dataclass(frozen=True)
class FeatureStats:
    """Mean and standard deviation of one feature over samples and over the data.

    Parameters
    ----------
    mean, std : float
        Over the samples.
    data_mean, data_std : float
        Over the data.
    """

    mean: float
    std: float
    data_mean: float
    data_std: float

    @property
    def standardized_shift(self) -> float:
        """Difference of the means in standard deviations of the data; 0 where the data has none.

        Examples
        --------
        >>> FeatureStats(12.0, 3.0, 10.0, 4.0).standardized_shift
        0.5
        """
        return (self.mean - self.data_mean) / self.data_std if self.data_std else 0.0


@dataclass(frozen=True)
class SampleQuality:
    """Windows sampled at one temperature, compared with the data.

    Parameters
    ----------
    temperature : float
    num_samples : int
        Number of windows.
    nll_ratio : float
        Bits per step of the samples under 5-grams of the training songs, divided by those of the held-out songs.
        Above 1: less plausible than music; far below: overly typical.
    silent : float [0 to 1]
        The share of windows without an onset.
    static : float [0 to 1]
        The share of windows with a bar of one unchanging label; see `Stream.has_static_bar`.
    data_static : float [0 to 1]
        The same of the held-out songs.
    memorized : float [0 to 1] or None
        The share of windows that occur in the training songs, note for note; None without training songs.
    features : mapping of name to FeatureStats
    stream : str
        The stream that this is about: ``"drums"``, ``"bass"``.
    rejected : float [0 to 1]
        The share of windows whose first attempt was silent or static (in any stream) and was resampled.
    """

    temperature: float
    num_samples: int
    nll_ratio: float
    silent: float
    static: float
    data_static: float
    memorized: float | None
    features: Mapping[str, FeatureStats]
    stream: str = ""
    rejected: float = 0.0

    @property
    def max_standardized_shift(self) -> float:
        """The largest absolute shift of any feature."""
        return max(abs(stats.standardized_shift) for stats in self.features.values())


def evaluate_samples(
    samples: Labels,
    *,
    held_out: Labels,
    training: Labels | None,
    ngram_model: NGramModel,
    stream: Stream,
    temperature: float,
    rejected: float = 0.0,
) -> SampleQuality:
    """Compare sampled windows with those of held-out songs.

    Parameters
    ----------
    samples, held_out, training : ndarray of int [shape=(., steps)]
        Labels of one stream; None for training songs that are not available.
    ngram_model : NGramModel
        Fitted to the training songs.
    stream : Stream
        Semantics of the labels.
    temperature : float
        Of the samples.
    rejected : float [0 to 1]
        See `SampleQuality`.

    Examples
    --------
    >>> from latentpalette.converters.streams import DrumStream
    >>> data = np.tile([1, 0, 4, 0, 3, 0, 4, 0], (10, 4))
    >>> quality = evaluate_samples(data, held_out=data, training=data, ngram_model=NGramModel(data),
    ...                            stream=DrumStream.from_map("reduced"), temperature=1.0)
    >>> quality.nll_ratio, quality.memorized, quality.max_standardized_shift
    (1.0, 1.0, 0.0)
    """
    check_type(ngram_model, NGramModel, "ngram_model", error=TrainingError)
    if not isinstance(stream, Stream):
        raise TrainingError(f"stream is a Stream; got {short_repr(stream)}.")
    samples, held_out = check_labels(samples, "Samples"), check_labels(held_out, "Held-out labels")
    training = None if training is None else check_labels(training, "Training labels")
    sample_features, data_features = stream.features(samples), stream.features(held_out)
    return SampleQuality(
        temperature,
        len(samples),
        float(ngram_model.bits_per_step(samples).mean() / ngram_model.bits_per_step(held_out).mean()),
        silent=float(stream.is_silent(samples).mean()),
        static=float(stream.has_static_bar(samples).mean()),
        data_static=float(stream.has_static_bar(held_out).mean()),
        memorized=None if training is None else _share_memorized(samples, training),
        features={
            name: FeatureStats(
                float(sample_features[name].mean()),
                float(sample_features[name].std()),
                float(values.mean()),
                float(values.std()),
            )
            for name, values in data_features.items()
        },
        stream=stream.name,
        rejected=rejected,
    )


def _share_memorized(samples: NDArray, training: NDArray) -> float:
    training_windows = {window.tobytes() for window in training.astype(np.int64)}
    return float(np.mean([window.tobytes() in training_windows for window in samples.astype(np.int64)]))
