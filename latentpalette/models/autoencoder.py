"""An autoencoder of music: NoteSequences and MIDI files outside, arrays inside."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from numpy.typing import ArrayLike

from latentpalette import converters
from latentpalette.converters.base import Converter
from latentpalette.errors import ModelError
from latentpalette.models import inputs
from latentpalette.models.config import ModelConfig
from latentpalette.models.inputs import Controls
from latentpalette.models.network import FloatArray, Network, Posterior
from latentpalette.music.midi import MidiSource
from latentpalette.music.score import Score
from latentpalette.music.sequence import NoteSequence
from latentpalette.windows.excerpt import Excerpts

Music = NoteSequence | MidiSource | Iterable[NoteSequence | MidiSource]


class MusicAutoencoder(Network):
    """A network with a representation of music: it encodes music as latent vectors, and decodes them to music.

    Parameters
    ----------
    config : ModelConfig
    init : bool
        Whether to initialize the weights; without, they are uninitialized memory, for weights that are loaded next.

    Examples
    --------
    >>> from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
    >>> tiny = MAGENTA_CONFIGS["cat-drums_2bar_small"].replace(z_size=4, enc_rnn_size=(8,), dec_rnn_size=(8, 8))
    >>> model = MusicAutoencoder(tiny)
    >>> model.decode(model.encode(NoteSequence(steps=32)))[0].steps
    32
    """

    def __init__(self, config: ModelConfig, *, init: bool = True) -> None:
        super().__init__(config, init=init)
        self.name = config.name
        self.card = ""

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name}: {self.config.steps} steps, z {self.config.z_size})"

    @cached_property
    def converter(self) -> Converter:
        """The representation: music to arrays and back."""
        options = dict(self.config.converter)
        if "name" not in options:
            raise ModelError(f"{self.name}: the configuration names no converter, so the model handles arrays only.")
        return converters.make_converter(**options)

    def excerpts(self, source: MidiSource | NoteSequence | Score) -> Excerpts:
        """Return the windows of a piece that this model accepts, in order; `left_out` gives reasons for the rest.

        A piece that is exactly one window long is one, even if its first or last bars are silent.

        Raises
        ------
        MidiError
            If it is a file that cannot be read.
        """
        return inputs.find_excerpts(source, self.converter)

    def encode(self, music: Music) -> FloatArray:
        """Encode music as latent vectors: the means of the posterior.

        Parameters
        ----------
        music : NoteSequence, MIDI file, or list of them
            A sequence has the model's length. A file (a path, or its bytes) stands for all its windows, in order: one
            z for each.

        Returns
        -------
        ndarray of float32 [shape=(n, z)]

        Raises
        ------
        ConverterError
            If a sequence has another length, or no notes that the model represents.
        MidiError
            If a file cannot be read or has no window for this model; the message has the reason.
        ModelError
            If the model has no encoder.
        """
        return self.posterior(music).mu

    def posterior(self, music: Music) -> Posterior:
        """Encode music as Gaussians over z, with `mu` and `sigma` [n, z]; see `encode`."""
        arrays = self._loss_inputs(music)
        return self.posterior_arrays(arrays["x_input"], lengths=arrays["lengths"], controls=arrays["controls"])

    def decode(
        self,
        z: ArrayLike,
        *,
        temperature: float | None = None,
        seed: int | None = None,
        qpm: float = 120.0,
        controls: Controls | None = None,
        precision: str = "float32",
    ) -> list[NoteSequence]:
        """Decode latent vectors to music.

        Parameters
        ----------
        z : array-like [shape=(n, z)]
        temperature : float > 0, or None
            None decodes arg-max.
        seed : int, optional
            With a temperature: the same seed gives the same music.
        qpm : float [quarters per minute]
            Tempo of the result; the model itself has none.
        controls : array-like [shape=(t, depth) or (n, t, depth)], or list of str
            For a model with controls. Chords may be named, evenly spaced: ``["C", "Am", "F", "G"]``.
        precision
            See `decode_arrays`.

        Returns
        -------
        list of NoteSequence [n]

        Raises
        ------
        LatentError, ModelError
            If z has another width or is not finite; if the temperature, the precision or the controls do not fit.
        """
        controls = self._control_array(controls)
        tokens = self._decode(z, temperature, controls, seed, precision)
        return [self.converter.decode(frames, qpm=qpm) for frames in self.iter_frames(tokens)]

    def log_likelihood(self, music: Music) -> FloatArray:
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
        return -self.losses_arrays(**self._loss_inputs(music)).reconstruction

    def _control_array(self, controls: Controls | None) -> ArrayLike | None:
        return inputs.resolve_controls(controls, self.converter, self.config.control_depth, self.name)

    def _loss_inputs(self, music: Music) -> dict[str, Any]:
        """Return music as the arguments of `losses_arrays`."""
        self.require_encoder()
        return inputs.loss_inputs(inputs.as_windows(music, self.converter, self.name), self.converter)
