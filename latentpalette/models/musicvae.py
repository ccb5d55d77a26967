"""MusicVAE: NoteSequences outside, arrays inside.

Roberts, Engel, Raffel, Hawthorne, Eck (2018), "A Hierarchical Latent Vector Model for Learning Long-Term Structure in
Music"; the architecture is Magenta's, with outputs equal to the precision of float32.
"""

from __future__ import annotations

from pathlib import Path

from numpy.typing import ArrayLike

from latentpalette.calls import explain_methods
from latentpalette.errors import ModelError
from latentpalette.latent.evenness import choose_even_places, note_changes
from latentpalette.latent.paths import Latents, even_positions
from latentpalette.models import inputs
from latentpalette.models.checks import check_z
from latentpalette.models.conditioned_z import ask_of_z
from latentpalette.models.config import ModelConfig
from latentpalette.models.constraining import GUIDANCE, SIMILARITY, constrain_z
from latentpalette.models.encoding import Asked
from latentpalette.models.inputs import Controls
from latentpalette.models.interpolation import interpolate_pairs
from latentpalette.models.memory import check_count
from latentpalette.models.music_sampler import MusicSampler
from latentpalette.models.network import FloatArray
from latentpalette.models.song_prior import SongPrior
from latentpalette.models.variations import vary_z
from latentpalette.music.midi import MidiSource
from latentpalette.music.sequence import NoteSequence
from latentpalette.music.track_choice import DrumTracks, TrackChoice, TrackName
from latentpalette.old_names import accept_old_arguments, accept_old_methods
from latentpalette.validation import check_flag, check_integer, check_type

DEFAULT_QPM = 120.0  # of what has no tempo
_ARGUMENTS = ("temperature", "seed", "qpm", "controls", "precision")
MAX_EVEN_POINTS = 500  # of an interpolation; each pair of four times as many is compared


@explain_methods
@accept_old_methods
class MusicVAE(MusicSampler):
    """A variational autoencoder of music, with random weights until some are loaded or trained.

    Parameters
    ----------
    config : ModelConfig
    init : bool
        Whether to initialize the weights; without, they are uninitialized memory, for weights that are loaded next.

    Attributes
    ----------
    name : str
        Name of the model's folder, or of the configuration.
    card : str
        The model card in Markdown: training data, quality, limits.
    path : Path or None
        The folder or file that it was loaded from, or last saved to.
    prior : FlowPrior or None
        The learned prior, which z is drawn from and interpolated along; None, or set to None, it is N(0, I).
    songs : SongPrior or None
        The learned prior over songs, which `latentpalette.compose` draws from.

    Examples
    --------
    >>> import latentpalette as lp
    >>> model = lp.load("drums-2bar")
    >>> loops = model.sample(3, temperature=0.8, seed=7)
    >>> loops[0].steps, model.encode(loops).shape
    (32, (3, 128))
    >>> len(model.interpolate(loops[0], loops[1], n=5))
    5
    >>> model.refine(model.sample_z(2, seed=7)).shape
    (2, 128)
    """

    def __init__(self, config: ModelConfig, *, init: bool = True) -> None:
        super().__init__(config, init=init)
        self.card = ""
        self.path: Path | None = None
        self.songs: SongPrior | None = None

    def __repr__(self) -> str:
        return f"MusicVAE({self.name}: {self.config.steps} steps, z {self.config.z_size})"

    def decode(
        self,
        z: ArrayLike,
        *,
        temperature: float | None = None,
        seed: int | None = None,
        qpm: float = 120.0,
        controls: Controls | None = None,
        precision: str = "float32",
        **conditions: Asked,
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
            For a model with controls. Chords may be named, evenly spaced: ``["C", "Am7", "F/A", "G"]``. They are read
            as triads, see `latentpalette.music.chord_symbols.read_chord`; those that say more are a warning.
        precision
            See `decode_arrays`.
        **conditions : float, or array-like [shape=(n,)], optional
            For a model with conditions (`ModelConfig.conditions`), what the music should have: ``danceability=1.2``. By
            default what z says: of music that was encoded, what it has.

        Returns
        -------
        list of NoteSequence [n]

        Raises
        ------
        LatentError, ModelError
            If z has another width or is not finite; if the temperature, the precision or the controls do not fit; if
            the model takes no such condition, or a condition is out of range.
        """
        controls = self._control_array(controls)
        if conditions:
            z = check_z(z, self.config.z_size)
            z = ask_of_z(z, self.config.conditions, conditions, f"Decoding with {self.name}", arguments=_ARGUMENTS)
        tokens = self._decode(z, temperature, controls, seed, precision)
        return self._to_music(tokens, qpm)

    @accept_old_arguments(steps="n", walk="interpolation", kind="interpolation")
    def interpolate(
        self,
        a: NoteSequence | MidiSource | ArrayLike,
        b: NoteSequence | MidiSource | ArrayLike,
        *,
        n: int = 5,
        interpolation: str | float | None = None,
        even: bool = False,
        temperature: float | None = None,
        seed: int | None = None,
        controls: Controls | None = None,
        track: TrackName | None = None,
        drums: DrumTracks = None,
        **conditions: Asked,
    ) -> list[NoteSequence]:
        """Interpolate between two pieces of music, or two latent vectors.

        Parameters
        ----------
        a, b : NoteSequence, name of a preset, MIDI file, or z [shape=(z,)]
            The ends; of music, the posterior's mean. A file (its path or bytes) holds exactly one window.
        n : int >= 1
            Number of sequences, both ends (as the model reconstructs them) included.
        interpolation : {"slerp", "lerp"} or float [0 to 1], optional
            Along a great circle, as Magenta does in Python; along a straight line, as it does in the browser; or, for
            a model with a learned prior, at a time of its flow, from 0 (closest to music) to 1 (smoothest): see
            `latentpalette.latent.flow_paths`. The default is 0.4 with a learned prior, ``"slerp"`` without. Between
            antipodal ends see `latentpalette.latent.paths.interpolate_z`.
        even : bool
            Choose positions so that the music changes by even amounts from each point to the next: four times as many
            points are decoded, and n of them are taken; see `latentpalette.latent.evenness`. Otherwise z is evenly
            spaced.
        temperature, seed, controls
            See `decode`.
        track, drums
            See `excerpts`.
        **conditions
            See `decode`; by default they change from one end to the other.

        Returns
        -------
        list of NoteSequence [n]
            At the tempo of `a`; at that of `b` where `a` is a z or the name of a preset, which have none.

        Raises
        ------
        ModelError
            If n is out of range, the interpolation is another, or an end is neither music nor z.
        MidiError
            If a file cannot be read, or has no window for this model or several.
        """
        n = check_count(n, self.config.steps)
        choice = TrackChoice(track, drums)
        z_a, qpm_a = inputs.resolve_z(self, a, "The start", choice)
        z_b, qpm_b = inputs.resolve_z(self, b, "The end", choice)
        qpm = qpm_a or qpm_b or DEFAULT_QPM
        even = check_flag(even, "even", error=ModelError) and n > 2
        if even:
            check_integer(n, "n, the number of even points,", 2, MAX_EVEN_POINTS, error=ModelError)
        z = self.interpolate_z(z_a, z_b, even_positions(4 * (n - 1) + 1 if even else n), interpolation=interpolation)
        if even:
            z = z[choose_even_places(note_changes(self.decode(z, controls=controls)), n)]
        return self.decode(
            z, temperature=temperature, seed=seed, qpm=qpm, controls=controls, precision="float32", **conditions
        )

    @accept_old_arguments(kind="interpolation")
    def interpolate_z(
        self, a: ArrayLike, b: ArrayLike, t: ArrayLike, *, interpolation: str | float | None = None
    ) -> Latents:
        """Interpolate between two latent vectors.

        Parameters
        ----------
        a, b : array-like [shape=(z,)]
        t : array-like [shape=(n,), 0 to 1]
            Positions; 0 gives `a`, 1 gives `b`.
        interpolation
            See `interpolate`.

        Returns
        -------
        ndarray [shape=(n, z)]

        Raises
        ------
        LatentError, ModelError
            See `interpolate`.

        Examples
        --------
        >>> import latentpalette as lp
        >>> model = lp.load("drums-2bar")
        >>> model.interpolate_z(*model.sample_z(2, seed=7), [0.0, 0.5, 1.0]).shape
        (3, 128)
        """
        return interpolate_pairs(self, [a], [b], t, interpolation=interpolation)[0]

    def similar(
        self,
        music: NoteSequence | MidiSource | ArrayLike,
        n: int,
        similarity: ArrayLike = 0.8,
        *,
        temperature: float | None = None,
        seed: int | None = None,
        controls: Controls | None = None,
        track: TrackName | None = None,
        drums: DrumTracks = None,
        **conditions: Asked,
    ) -> list[NoteSequence]:
        """Return variations on a piece of music: samples that share a part of its z.

        With a learned prior they are samples of it that begin at an earlier time of its flow, at a mixture of the piece
        and noise; see `latentpalette.latent.flow_paths.vary_along_flow`. Without one, z = s mu + (1 - s) sample, as in
        magenta-js.

        Parameters
        ----------
        music : NoteSequence, name of a preset, MIDI file of one window, or z [shape=(z,)]
        n : int >= 1
        similarity : float [0 to 1], or array-like [shape=(z,)]
            1 gives the reconstruction of the piece, n times; 0 gives samples of the prior. An array sets each
            dimension of z by itself, as in magenta-js.
        temperature, seed, controls
            See `decode`.
        track, drums
            See `excerpts`.
        **conditions
            See `decode`.

        Returns
        -------
        list of NoteSequence [n]
            At the tempo of the piece; at 120 where it is a z or the name of a preset, which have none.

        Raises
        ------
        ModelError
            If n or the similarity is out of range.

        Examples
        --------
        >>> import latentpalette as lp
        >>> loop = NoteSequence.from_steps({"kick": [0, 8]}, steps=32, qpm=90)
        >>> lp.load("drums-2bar").similar(loop, 2, 0.9, seed=7)[0].qpm
        90.0
        """
        mu, qpm = inputs.resolve_z(self, music, choice=TrackChoice(track, drums))
        z = vary_z(self, mu, n, similarity, seed=seed, controls=controls)
        qpm = qpm or DEFAULT_QPM
        return self.decode(
            z, temperature=temperature, seed=seed, qpm=qpm, controls=controls, precision="float32", **conditions
        )

    def constrain(
        self,
        z: ArrayLike,
        *,
        similarity: float = SIMILARITY,
        guidance: float = GUIDANCE,
        **conditions: str | float | ArrayLike | None,
    ) -> FloatArray:
        """Move latent vectors to where music is as it is asked for, near where they were: latent constraints.

        They are carried back along the flow of the learned prior, and forth under what is asked for: see
        `latentpalette.models.constraining`.

        Parameters
        ----------
        z : array-like [shape=(z,) or (n, z)]
            Of music, as `encode` returns it.
        similarity : float [0 to 1]
            1 leaves z as it is, 0 keeps the least of it: the time of the flow that it is carried back to.
        guidance : float [0 to 20]
            Weight of what is asked for: with more, more of it comes, and more else changes.
        **conditions : str or float, or array-like [shape=(n,)], optional
            What is asked for, of all z or of each one: ``style="funk", density=0.4``. Those that the learned prior
            takes; `conditions` lists them.

        Returns
        -------
        ndarray of float32
            Of z's shape; [n, z] for a single z and n values.

        Raises
        ------
        ModelError
            If the model has no learned prior that takes conditions; if nothing is asked for, or what cannot be; if a
            value, the similarity or the guidance is out of range.
        LatentError
            If z has another width or is not finite, or there is not one value for each z.

        Examples
        --------
        >>> import latentpalette as lp
        >>> model = lp.load("drums-2bar")
        >>> z = model.encode(lp.presets()["Bossa"])
        >>> few, many = model.decode(model.constrain(z[0], density=[0.3, 0.9]))
        >>> len(few.notes) < len(many.notes)
        True
        """
        return constrain_z(self, z, conditions, similarity=similarity, guidance=guidance)


def check_model(model: object) -> MusicVAE:
    """Return a value if it is a model.

    Raises
    ------
    ModelError
        If it is something else: the name of a model, for example.
    """
    return check_type(model, MusicVAE, "A model", 'Load one: lp.load("drums-2bar").', error=ModelError)
