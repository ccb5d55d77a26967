"""Encoding: music, in sequences or files, to latent vectors."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from numpy.typing import ArrayLike

from latentpalette import converters
from latentpalette.converters.base import Converter
from latentpalette.errors import ModelError
from latentpalette.models import inputs
from latentpalette.models.conditioned_z import ask_of_z
from latentpalette.models.config import ModelConfig
from latentpalette.models.inputs import Controls
from latentpalette.models.model_presets import presets_of
from latentpalette.models.network import FloatArray, Network, Posterior
from latentpalette.music.midi import MidiSource
from latentpalette.music.score import Score
from latentpalette.music.sequence import NoteSequence
from latentpalette.music.track_choice import DrumTracks, TrackChoice, TrackName
from latentpalette.progress.board import show_progress, track
from latentpalette.windows.excerpt import Excerpts

Asked = float | ArrayLike | None  # of a condition
Music = NoteSequence | MidiSource | Iterable[NoteSequence | MidiSource]


class MusicEncoder(Network):
    """A network that encodes music, in the representation of its configuration; see `MusicVAE`.

    Parameters
    ----------
    config : ModelConfig
    init : bool
        Whether to initialize the weights.
    """

    def __init__(self, config: ModelConfig, *, init: bool = True) -> None:
        super().__init__(config, init=init)
        self.name = config.name

    @cached_property
    def converter(self) -> Converter:
        """The representation: music to arrays and back."""
        options = dict(self.config.converter)
        if "name" not in options:
            raise ModelError(f"{self.name}: the configuration names no converter, so the model handles arrays only.")
        return converters.make_converter(**options)

    @property
    def presets(self) -> dict[str, NoteSequence]:
        """The presets that this model can encode, by name; see `latentpalette.music.presets.catalog.presets`.

        Examples
        --------
        >>> import latentpalette as lp
        >>> model = lp.load("melody-2bar")
        >>> model.presets["Lullaby"].steps, model.encode(model.presets["Walking"]).shape
        (32, (1, 128))
        """
        return presets_of(self.converter)

    def excerpts(
        self, source: MidiSource | NoteSequence | Score, *, track: TrackName | None = None, drums: DrumTracks = None
    ) -> Excerpts:
        """Return the windows of a piece that this model accepts, in order; `left_out` gives reasons for the rest.

        A piece that is exactly one window long is one, even if its first or last bars are silent.

        Parameters
        ----------
        source : MIDI file (a path, or its bytes), name of a preset, NoteSequence or Score
        track : int or str, optional
            The melody: the number of a track, from 1, its name or a part of it, or ``"channel 1"``; ``"all"`` for the
            windows of all tracks. By default it is the best one, which `left_out` names.
        drums : int, str or list of them, optional
            The tracks that are drums, instead of channel 10.

        Raises
        ------
        MidiError
            If it is a file that cannot be read, or has no such track; the message lists the tracks.
        """
        return inputs.find_excerpts(source, self.converter, TrackChoice(track, drums), name=self.name)

    def encode(
        self,
        music: Music,
        *,
        controls: Controls | None = None,
        track: TrackName | None = None,
        drums: DrumTracks = None,
        **conditions: Asked,
    ) -> FloatArray:
        """Encode music as latent vectors: the means of the posterior.

        Parameters
        ----------
        music : NoteSequence, name of a preset, MIDI file, or list of them
            A sequence has the model's length. A file (a path, or its bytes) stands for all its windows, in order: one
            z for each.
        controls : array-like [shape=(t, depth) or (n, t, depth)], or list of str, optional
            For a model with controls, in place of those that are read from the music; chords may be named, evenly
            spaced: ``["C", "Am", "F", "G"]``. By default a file's chords are inferred from all its pitched notes, two
            a bar, those of a sequence from its own.
        track, drums
            See `excerpts`.
        **conditions : float, or array-like [shape=(n,)], optional
            Of a model with conditions (`ModelConfig.conditions`): what the music has, ``danceability=1.2``. By default
            what the encoder estimates.

        Returns
        -------
        ndarray of float32 [shape=(n, z)]

        Raises
        ------
        ConverterError
            If a sequence has another length, or no notes that the model represents.
        MidiError
            If a file cannot be read, or has no such track or no window for this model; the message has the reason.
        ModelError
            If the model has no encoder or takes no such condition, or the controls or a condition do not fit.
        """
        mu = self.posterior(music, controls=controls, track=track, drums=drums).mu
        return ask_of_z(mu, self.config.conditions, conditions, self.name, arguments=("controls", "track", "drums"))

    def posterior(
        self,
        music: Music,
        *,
        controls: Controls | None = None,
        track: TrackName | None = None,
        drums: DrumTracks = None,
    ) -> Posterior:
        """Encode music as Gaussians over z, with `mu` and `sigma` [n, z]; see `encode`."""
        arrays = self._loss_inputs(music, TrackChoice(track, drums))
        if controls is not None:
            arrays["controls"] = inputs.resolve_controls(controls, self.converter, self.config.control_depth, self.name)
        return self.posterior_arrays(arrays["x_input"], lengths=arrays["lengths"], controls=arrays["controls"])

    def log_likelihood(self, music: Music, *, track: TrackName | None = None, drums: DrumTracks = None) -> FloatArray:
        """Return log p(music | z), with z at the posterior's mean, of music as `encode` takes it.

        Returns
        -------
        ndarray of float32 [shape=(n,), nats]
            Summed over the steps, under teacher forcing. For a groove it is minus Magenta's loss: the log-likelihood
            of the hits, less the squared errors of velocities and offsets.

        Examples
        --------
        >>> import latentpalette as lp
        >>> bool(lp.load("drums-2bar").log_likelihood(NoteSequence(steps=32))[0] < 0)
        True
        """
        return -self.losses_arrays(**self._loss_inputs(music, TrackChoice(track, drums))).reconstruction

    def _loss_inputs(self, music: Music, choice: TrackChoice) -> dict[str, Any]:
        """Return music as the arguments of `losses_arrays`."""
        self.require_encoder()
        with show_progress("Reading music"):
            windows = inputs.as_windows(music, self.converter, self.name, choice)
            return inputs.loss_inputs(track(windows, "Making frames", len(windows)), self.converter)
