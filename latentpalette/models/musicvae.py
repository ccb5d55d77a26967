"""MusicVAE: NoteSequences outside, arrays inside.

Roberts, Engel, Raffel, Hawthorne, Eck (2018), "A Hierarchical Latent Vector Model for Learning Long-Term Structure in
Music"; the wiring is Magenta's, to the bit of a float32.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from latentpalette import converters
from latentpalette.converters.base import Converter
from latentpalette.errors import ConverterError, MidiError, ModelError
from latentpalette.latent.paths import evenly
from latentpalette.models import arrays
from latentpalette.models.config import ModelConfig
from latentpalette.models.network import Network, Posterior, Rows
from latentpalette.music.excerpts import Excerpts
from latentpalette.music.midi import Source
from latentpalette.music.sequence import NoteSequence


class MusicVAE(Network):
    """A variational autoencoder of music, with random weights until some are loaded or trained.

    Parameters
    ----------
    config : ModelConfig
    empty : bool
        Leave the weights as memory happened to be, for those who bring their own.

    Attributes
    ----------
    config : ModelConfig
    name : str
        What it is called where it is listed: the folder's name, or the configuration's.
    card : str
        Markdown: what it was trained on, how well it does, what it cannot do.

    Examples
    --------
    >>> from latentpalette.models.config import CONFIGS
    >>> tiny = CONFIGS["cat-drums_2bar_small"].replace(z_size=4, enc_rnn_size=(8,), dec_rnn_size=(8, 8))
    >>> model = MusicVAE(tiny)
    >>> loops = model.sample(3, temperature=0.8, seed=7)
    >>> loops[0].steps, model.encode(loops).shape
    (32, (3, 4))
    >>> len(model.interpolate(loops[0], loops[1], steps=5))
    5
    """

    def __init__(self, config: ModelConfig, *, empty: bool = False) -> None:
        super().__init__(config, empty=empty)
        self.name = config.name
        self.card = ""

    def __repr__(self) -> str:
        return f"MusicVAE({self.name}: {self.config.steps} steps, z {self.config.z_size})"

    @cached_property
    def converter(self) -> Converter:
        """The representation: music to arrays and back."""
        options = dict(self.config.converter)
        if "name" not in options:
            raise ModelError(f"{self.name}: the configuration names no converter, so the model speaks arrays only.")
        return converters.converter(**options)

    def excerpts(self, source: Source | NoteSequence) -> Excerpts:
        """The windows of a piece that this model accepts, in order; `left_out` says why the rest is missing.

        Raises
        ------
        MidiError
            If it is a file that cannot be read.
        """
        return self.converter.excerpts(source)

    def sample(
        self,
        n: int,
        *,
        temperature: float | None = 1.0,
        seed: int | None = None,
        same_z: bool = False,
        qpm: float = 120.0,
    ) -> list[NoteSequence]:
        """Draw music from the prior.

        Parameters
        ----------
        n : int >= 1
        temperature : float > 0, or None
            Below 1 the likely is likelier still; None takes the likeliest row at each step.
        seed : int, optional
            The same seed gives the same music, and the first of more.
        same_z : bool
            Draw one place in latent space and n performances of it.
        qpm : float
            The tempo to give the music; the model has none.

        Raises
        ------
        ModelError
            If n or the temperature is out of range.
        """
        if n < 1:
            raise ModelError(f"Ask for at least one sequence; got n={n}.")
        z = arrays.generator(seed, "z").standard_normal((1 if same_z else n, self.config.z_size), dtype=np.float32)
        return self.decode(np.repeat(z, n, 0) if same_z else z, temperature=temperature, seed=seed, qpm=qpm)

    def encode(self, music: NoteSequence | Source | Iterable[NoteSequence | Source]) -> Rows:
        """Where music lies in latent space: the posterior's means.

        Parameters
        ----------
        music : NoteSequence, MIDI file, or list of them
            A sequence is as long as the model reads. A file (a path, or its bytes) stands for all its windows, in
            order: one row each.

        Returns
        -------
        ndarray of float32 [shape=(n, z)]

        Raises
        ------
        ConverterError
            If a sequence has another length, or nothing in it that the model hears.
        MidiError
            If a file cannot be read or has no window for this model; the message says why.
        """
        return self.posterior(music).mu

    def posterior(self, music: NoteSequence | Source | Iterable[NoteSequence | Source]) -> Posterior:
        """The encoder's whole answer; see `encode`."""
        examples = [self.converter.encode(sequence) for sequence in self._windows(music)]
        inputs = np.stack([example.inputs for example in examples])
        controls = np.stack([example.controls for example in examples]) if self.config.control_depth else None
        return self.posterior_arrays(inputs, controls=controls)

    def decode(
        self,
        z: ArrayLike,
        *,
        temperature: float | None = None,
        seed: int | None = None,
        qpm: float = 120.0,
        controls: ArrayLike | None = None,
        precision: str = "float32",
    ) -> list[NoteSequence]:
        """Music at places in latent space.

        Parameters
        ----------
        z : array-like [shape=(n, z)]
        temperature : float > 0, or None
            None takes the likeliest row at each step.
        seed : int, optional
            With a temperature: the same seed gives the same music.
        qpm : float
            The tempo to give the music; the model has none.
        controls, precision
            See `decode_arrays`.
        """
        rows = self.decode_arrays(z, temperature=temperature, controls=controls, seed=seed, precision=precision)
        return [self.converter.decode(each, qpm=qpm) for each in rows]

    def interpolate(
        self,
        a: NoteSequence | ArrayLike,
        b: NoteSequence | ArrayLike,
        *,
        steps: int = 5,
        temperature: float | None = None,
        seed: int | None = None,
    ) -> list[NoteSequence]:
        """Walk from one piece of music to another, on the great circle between their means.

        Parameters
        ----------
        a, b : NoteSequence, or z [shape=(z,)]
        steps : int >= 1
            How many to return, both ends (as the model hears them) included.
        temperature, seed
            See `decode`.

        Returns
        -------
        list of NoteSequence
            At the tempo of `a`.

        Notes
        -----
        Between opposite ends every great circle is as short as any other; the one through the coordinate that the
        ends use least is walked.
        """
        size = self.config.z_size
        start, end = (
            self.encode(each)[0] if isinstance(each, NoteSequence) else arrays.as_z(np.asarray(each)[None], size)[0]
            for each in (a, b)
        )
        z = arrays.walk(start, end, evenly(steps))
        qpm = a.qpm if isinstance(a, NoteSequence) else 120.0
        return self.decode(z, temperature=temperature, seed=seed, qpm=qpm)

    def _windows(self, music: NoteSequence | Source | Iterable[NoteSequence | Source]) -> list[NoteSequence]:
        """Sequences as they are, files as their windows."""
        alone = isinstance(music, (NoteSequence, str, bytes, os.PathLike))
        windows: list[NoteSequence] = []
        for item in [music] if alone else music:  # type: ignore[union-attr]
            if isinstance(item, NoteSequence):
                windows.append(item)
                continue
            if not isinstance(item, (str, bytes, os.PathLike)):
                raise ConverterError(f"Music is a NoteSequence or a MIDI file; got {type(item).__name__}.")
            found = self.excerpts(item)
            if not found:
                why = "; ".join(str(reason) for reason in found.left_out)
                raise MidiError(f"{found.source}: nothing that {self.name} can read. {why}.")
            windows += found
        if not windows:
            raise ConverterError("There is no music to encode: the list is empty.")
        return windows
