"""MusicVAE: NoteSequences outside, arrays inside.

Roberts, Engel, Raffel, Hawthorne, Eck (2018), "A Hierarchical Latent Vector Model for Learning Long-Term Structure in
Music"; the wiring is Magenta's, to the bit of a float32.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from latentpalette import converters
from latentpalette.converters.base import Converter
from latentpalette.errors import ModelError
from latentpalette.latent.paths import evenly
from latentpalette.models import checks, inputs
from latentpalette.models.config import ModelConfig
from latentpalette.models.inputs import Controls
from latentpalette.models.network import Network, Posterior, Rows
from latentpalette.models.rehearsal import rehearsed
from latentpalette.models.sampling import taken
from latentpalette.music.midi import Source
from latentpalette.music.sequence import NoteSequence
from latentpalette.windows.common import Excerpts

Music = NoteSequence | Source | Iterable[NoteSequence | Source]


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

        A piece that is exactly one window long is one, also where its first or last bars are silent.

        Raises
        ------
        MidiError
            If it is a file that cannot be read.
        """
        found = self.converter.excerpts(source)
        return found or inputs.whole(source, self.converter) or found

    def sample(
        self,
        n: int,
        *,
        temperature: float | None = 1.0,
        seed: int | None = None,
        same_z: bool = False,
        rehearsals: int | None = None,
        takes: int | None = None,
        qpm: float = 120.0,
        controls: Controls | None = None,
    ) -> list[NoteSequence]:
        """Make up music: draw places from the prior, and decode what is there.

        Our own models take it again where it is silent in one of its parts, or stuck for a bar.

        Parameters
        ----------
        n : int >= 1
        temperature : float > 0, or None
            Below 1 the likely is likelier still; None takes the likeliest row at each step.
        seed : int, optional
            The same seed gives the same music, and the first of more.
        same_z : bool
            Draw one place in latent space and n performances of it.
        rehearsals
            See `draw`.
        takes : int, optional
            How often to make a piece up, at most, while it is silent or stuck; as the configuration says by default.
        qpm : float
            The tempo to give the music; the model has none.
        controls
            See `decode`.

        Raises
        ------
        ModelError
            If n, the temperature, or how often anything is done is out of range.
        """
        times = self.config.rehearsals if rehearsals is None else rehearsals
        z = self.draw(n, seed=seed, rehearsals=times, controls=controls)
        z = np.repeat(z[:1], n, 0) if same_z else z
        told = inputs.controls(controls, self.converter, self.config.control_depth, self.name)
        noise = None if temperature is None else self.noise(n, seed=seed)
        takes = self.config.takes if takes is None else takes
        how: dict[str, Any] = {"temperature": temperature, "controls": told, "seed": seed, "rehearsals": times}
        tokens, _ = taken(self, self.converter, z, noise, **how, takes=takes, stay=same_z)
        return [self.converter.decode(each, qpm=qpm) for each in self.decoder.rows(tokens).cpu().numpy()]

    def draw(
        self, n: int, *, seed: int | None = None, rehearsals: int | None = None, controls: Controls | None = None
    ) -> Rows:
        """Draw places in latent space, from the prior.

        Parameters
        ----------
        n : int >= 1
        seed : int, optional
            The same seed gives the same places, and the first of more.
        rehearsals : int, optional
            How often to `rehearse` them; as often as the configuration says by default, and 0 for the prior itself.
        controls
            See `rehearse`.

        Returns
        -------
        ndarray of float32 [shape=(n, z)]

        Raises
        ------
        ModelError
            If n or the number of rehearsals is out of range, or there is no encoder to rehearse with.
        """
        if n < 1:
            raise ModelError(f"Ask for at least one sequence; got n={n}.")
        times = self.config.rehearsals if rehearsals is None else rehearsals
        z = checks.normal(seed, "z", (n, self.config.z_size))
        return self.rehearse(z, times, seed=seed, controls=controls) if times else z

    def rehearse(
        self, z: ArrayLike, times: int = 1, *, seed: int | None = None, controls: Controls | None = None
    ) -> Rows:
        """Move places to nearby ones that sound more like music: play what is there, listen, and draw from that.

        Each time the likeliest music at a place is decoded and encoded, and a new place is drawn from the posterior.

        Parameters
        ----------
        z : array-like [shape=(n, z)]
        times : int >= 0
        seed, controls
            See `decode`.

        Returns
        -------
        ndarray of float32 [shape=(n, z)]
            Places whose music is silence, or nothing that the model hears, are drawn anew from the prior.

        Raises
        ------
        ModelError
            If the number of times is out of range, or the model has no encoder.

        Examples
        --------
        >>> from latentpalette.models.config import CONFIGS
        >>> tiny = CONFIGS["cat-drums_2bar_small"].replace(z_size=4, enc_rnn_size=(8,), dec_rnn_size=(8, 8))
        >>> MusicVAE(tiny).rehearse(np.zeros((3, 4)), 2, seed=7).shape
        (3, 4)
        """
        places = checks.as_z(z, self.config.z_size)
        if times < 0:
            raise ModelError(f"Rehearsals are counted from 0; got {times!r}.")
        self.need_encoder()
        told = inputs.controls(controls, self.converter, self.config.control_depth, self.name)
        noise = checks.normal(seed, "rehearsals", (len(places), times, self.config.z_size))
        return rehearsed(self, self.converter, places, noise, told)

    def encode(self, music: Music) -> Rows:
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
        ModelError
            If the model has no encoder.
        """
        return self.posterior(music).mu

    def posterior(self, music: Music) -> Posterior:
        """The encoder's whole answer; see `encode`."""
        read = self._arrays(music)
        return self.posterior_arrays(read["x_input"], lengths=read["lengths"], controls=read["controls"])

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
        controls : array-like [shape=(t, depth) or (n, t, depth)], or list of str
            For a model that has them. Chords may be named, evenly spaced: ``["C", "Am", "F", "G"]``.
        precision
            See `decode_arrays`.
        """
        told = inputs.controls(controls, self.converter, self.config.control_depth, self.name)
        rows = self.decode_arrays(z, temperature=temperature, controls=told, seed=seed, precision=precision)
        return [self.converter.decode(each, qpm=qpm) for each in rows]

    def interpolate(
        self,
        a: NoteSequence | ArrayLike,
        b: NoteSequence | ArrayLike,
        *,
        steps: int = 5,
        walk: str = "slerp",
        temperature: float | None = None,
        seed: int | None = None,
        controls: Controls | None = None,
    ) -> list[NoteSequence]:
        """Walk from one piece of music to another, between their means.

        Parameters
        ----------
        a, b : NoteSequence, or z [shape=(z,)]
        steps : int >= 1
            How many to return, both ends (as the model hears them) included.
        walk : {"slerp", "lerp"}
            On the great circle, as Magenta does in Python, or on the straight line, as it does in the browser.
        temperature, seed, controls
            See `decode`.

        Returns
        -------
        list of NoteSequence
            At the tempo of `a`.

        Raises
        ------
        ModelError
            If the walk is another.

        Notes
        -----
        Between opposite ends every great circle is as short as any other; the one through the coordinate that the
        ends use least is walked.
        """
        z = checks.way(walk, self._place(a), self._place(b), evenly(steps))
        return self.decode(z, temperature=temperature, seed=seed, qpm=_tempo(a), controls=controls)

    def similar(
        self,
        music: NoteSequence | ArrayLike,
        n: int,
        similarity: ArrayLike = 0.8,
        *,
        temperature: float | None = None,
        seed: int | None = None,
        controls: Controls | None = None,
    ) -> list[NoteSequence]:
        """Variations on a piece of music: places between it and anything at all.

        Parameters
        ----------
        music : NoteSequence, or z [shape=(z,)]
        n : int >= 1
        similarity : float [0 to 1], or array-like [shape=(z,)]
            1 gives the piece as the model hears it, n times; 0 gives samples of the prior. An array holds one
            dimension of z and lets go of another.
        temperature, seed, controls
            See `decode`.

        Returns
        -------
        list of NoteSequence
            At the tempo of the piece.

        Raises
        ------
        ModelError
            If n or the similarity is out of range.

        Notes
        -----
        As magenta-js has it: z = s mu + (1 - s) noise.

        Examples
        --------
        >>> from latentpalette.models.config import CONFIGS
        >>> tiny = CONFIGS["cat-drums_2bar_small"].replace(z_size=4, enc_rnn_size=(8,), dec_rnn_size=(8, 8))
        >>> loop = NoteSequence.from_steps({"kick": [0, 8]}, steps=32, qpm=90)
        >>> MusicVAE(tiny).similar(loop, 2, 0.9, seed=7)[0].qpm
        90.0
        """
        noise = self.draw(n, seed=seed, controls=controls)
        share = np.asarray(similarity, np.float32)
        if share.shape not in ((), (self.config.z_size,)) or not ((share >= 0) & (share <= 1)).all():
            raise ModelError(
                f"A similarity lies between 0 and 1, one for all or {self.config.z_size} of them; got {similarity!r}."
            )
        z = share * self._place(music) + (1 - share) * noise
        return self.decode(z, temperature=temperature, seed=seed, qpm=_tempo(music), controls=controls)

    def likelihood(self, music: Music) -> Rows:
        """How likely the model finds music: log p(music | z), with z at the posterior's mean.

        Parameters
        ----------
        music : NoteSequence, MIDI file, or list of them
            See `encode`.

        Returns
        -------
        ndarray of float32 [shape=(n,), nats]
            Summed over the steps, each of which knows the true steps before it. The nearer to 0 the likelier. For a
            groove it is minus Magenta's loss: the log-likelihood of the hits, less the squared errors of velocities
            and offsets.

        Examples
        --------
        >>> from latentpalette.models.config import CONFIGS
        >>> tiny = CONFIGS["cat-drums_2bar_small"].replace(z_size=4, enc_rnn_size=(8,), dec_rnn_size=(8, 8))
        >>> bool(MusicVAE(tiny).likelihood(NoteSequence(steps=32))[0] < 0)
        True
        """
        return -self.losses_arrays(**self._arrays(music)).reconstruction

    def _place(self, music: NoteSequence | ArrayLike) -> Rows:
        """Where a piece lies [z], or the place itself."""
        place = self.encode(music) if isinstance(music, NoteSequence) else np.asarray(music)[None]
        return checks.as_z(place, self.config.z_size)[0]

    def _arrays(self, music: Music) -> dict[str, Any]:
        """Music as `losses_arrays` takes it."""
        self.need_encoder()
        return inputs.judged(inputs.windows(music, self.excerpts, self.name), self.converter)


def _tempo(music: NoteSequence | ArrayLike) -> float:
    return music.qpm if isinstance(music, NoteSequence) else 120.0
