"""Sampling music from a model, with or without conditions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from torch import Tensor

from latentpalette.errors import ModelError
from latentpalette.models import inputs
from latentpalette.models.checks import check_z
from latentpalette.models.conditions import Condition, check_asked, describe_conditions
from latentpalette.models.config import MAX_SAMPLING_TRIES
from latentpalette.models.encoding import MusicEncoder
from latentpalette.models.flow import GUIDANCE, MAX_GUIDANCE
from latentpalette.models.inputs import Controls
from latentpalette.models.memory import check_count
from latentpalette.models.network import FloatArray
from latentpalette.models.sampling import gibbs_noise, pseudo_gibbs, rejection_sample, sample_prior
from latentpalette.music.rating import choose_best
from latentpalette.music.sequence import NoteSequence
from latentpalette.old_names import accept_old_arguments
from latentpalette.progress.board import show_progress, track
from latentpalette.validation import check_integer, check_number, check_numbers, short_repr

MAX_BEST_OF = 100
_ARGUMENTS = ("temperature", "seed", "same_z", "gibbs_steps", "max_attempts", "best_of", "qpm", "controls", "guidance")


class MusicSampler(MusicEncoder):
    """A network that samples music from its prior; see `MusicVAE`."""

    @property
    def default_gibbs_steps(self) -> int:
        """Number of Gibbs steps that refine a sampled z by default: none with a learned prior, else as configured."""
        return self.config.gibbs_steps if self.prior is None else 0

    @property
    def _sampler(self) -> MusicSampler:
        """The model whose z are drawn, and decoded."""
        return self

    @property
    def conditions(self) -> dict[str, Condition]:
        """The conditions that samples can be asked for, by name: those of the model and those of its learned prior.

        Examples
        --------
        >>> from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
        >>> MusicSampler(MAGENTA_CONFIGS["cat-drums_2bar_small"], init=False).conditions
        {}
        """
        of_prior = () if self.prior is None else self.prior.conditions
        return {condition.name: condition for condition in (*of_prior, *self.config.conditions)}

    @accept_old_arguments(rehearsals="gibbs_steps", takes="max_attempts")
    def sample(
        self,
        n: int,
        *,
        temperature: float | None = 1.0,
        seed: int | None = None,
        same_z: bool = False,
        gibbs_steps: int | None = None,
        max_attempts: int | None = None,
        best_of: int = 1,
        qpm: float = 120.0,
        controls: Controls | None = None,
        guidance: float | None = None,
        **conditions: str | float | None,
    ) -> list[NoteSequence]:
        """Sample music: draw z from the prior and decode it.

        Our own models draw samples again that have a silent stream or a static bar (rejection sampling).

        Parameters
        ----------
        n : int >= 1
        temperature : float > 0, or None
            Divides the logits: below 1, likely tokens become more likely. None decodes arg-max.
        seed : int, optional
            The same seed gives the same music; for a larger n, the first samples are the same.
        same_z : bool
            Draw a single z, and decode it n times.
        gibbs_steps : int >= 0, optional
            See `sample_z`.
        max_attempts : int >= 1, optional
            Attempts at each sample while it is silent or static; the configuration's by default.
        best_of : int [1 to 100]
            Draw so many for each sample, and keep the one that sounds most like a loop at once: see
            `latentpalette.music.rating.rate`.
        qpm : float [quarters per minute]
            Tempo of the result; the model itself has none.
        controls
            See `decode`.
        guidance : float [0 to 20], optional
            Weight of the conditions, 1.5 by default: higher values follow them more closely, with less diversity. See
            `latentpalette.models.flow.FlowPrior.sample`.
        **conditions : str or float, optional
            For a model with conditions, of its own or of its learned prior: ``style="funk", density=0.4``. Any of them,
            or none; `conditions` lists them, `latentpalette.evaluation.conditions` says what they measure.

        Raises
        ------
        ModelError
            If n, the temperature, `gibbs_steps`, `max_attempts`, `best_of` or the guidance is out of range, there is a
            guidance and no condition, or the model does not take such a condition.

        Examples
        --------
        >>> import latentpalette as lp
        >>> from latentpalette.music.rating import rate
        >>> model = lp.load("drums-2bar")
        >>> one, best = (model.sample(4, seed=1, best_of=best_of) for best_of in (1, 8))
        >>> sum(map(rate, one)) < sum(map(rate, best))
        True
        """
        best_of = check_integer(best_of, "best_of", 1, MAX_BEST_OF, error=ModelError)
        n = check_count(n, self.config.steps) * best_of
        gibbs_steps = self.default_gibbs_steps if gibbs_steps is None else gibbs_steps
        max_attempts = self.config.max_attempts if max_attempts is None else max_attempts
        attempts: dict[str, Any] = {"gibbs_steps": gibbs_steps, "max_attempts": max_attempts, "resample_z": not same_z}
        controls = _repeat_controls(self._control_array(controls), best_of)
        with show_progress("Sampling"):
            z = self.sample_z(n, seed=seed, gibbs_steps=gibbs_steps, controls=controls, guidance=guidance, **conditions)
            z = np.repeat(z[:1], n, 0) if same_z else z
            noise = None if temperature is None else self.decode_noise(n, seed=seed)
            tokens, _ = rejection_sample(
                self,
                self.converter,
                z,
                noise,
                temperature=temperature,
                controls=controls,
                seed=seed,
                conditions=conditions,
                guidance=GUIDANCE if guidance is None else guidance,
                **attempts,
            )
            music = self._to_music(tokens, qpm)
            return music if best_of == 1 else choose_best(music, best_of)

    @accept_old_arguments(rehearsals="gibbs_steps")
    def sample_z(
        self,
        n: int,
        *,
        seed: int | None = None,
        gibbs_steps: int | None = None,
        controls: Controls | None = None,
        guidance: float | None = None,
        **conditions: str | float | None,
    ) -> FloatArray:
        """Draw latent vectors from the prior, refined by pseudo-Gibbs steps.

        Parameters
        ----------
        n : int >= 1
        seed : int, optional
            The same seed gives the same z; for a larger n, the first are the same.
        gibbs_steps : int >= 0, optional
            Refinement steps, see `refine`; the configuration's by default. 0 gives the prior itself.
        controls
            See `decode`.
        guidance, **conditions
            See `sample`.

        Returns
        -------
        ndarray of float32 [shape=(n, z)]

        Raises
        ------
        ModelError
            If n, `gibbs_steps` or a condition is out of range, the model takes no such condition, there is a guidance
            and no condition, or refinement is asked of a model without an encoder.
        """
        n = check_count(n, self.config.steps)
        gibbs_steps = _check_gibbs_steps(self.default_gibbs_steps if gibbs_steps is None else gibbs_steps)
        check_asked(tuple(self.conditions.values()), conditions, self.name, arguments=_ARGUMENTS)
        weight = self._check_guidance(guidance, conditions)
        z = sample_prior(self, n, seed=seed, conditions=conditions, guidance=weight)
        return self.refine(z, gibbs_steps, seed=seed, controls=controls) if gibbs_steps else z

    def _check_guidance(self, guidance: float | None, asked: Mapping[str, Any]) -> float:
        if guidance is None:
            return GUIDANCE
        checked = check_number(guidance, "guidance", 0, MAX_GUIDANCE, error=ModelError)
        of_model = {condition.name for condition in self.config.conditions}
        if all(value is None for name, value in asked.items() if name not in of_model):
            raise ModelError(
                f"guidance={short_repr(guidance)} does nothing without a condition, whose weight it is. Leave it out, "
                f"or ask for something. {self.name}: {describe_conditions(tuple(self.conditions.values()))}"
            )
        return checked

    @accept_old_arguments(times="gibbs_steps")
    def refine(
        self, z: ArrayLike, gibbs_steps: int = 1, *, seed: int | None = None, controls: Controls | None = None
    ) -> FloatArray:
        """Move latent vectors to nearby ones that decode to more typical music, by pseudo-Gibbs steps.

        Each step decodes z (arg-max), encodes the result, and samples a new z from the posterior.

        Parameters
        ----------
        z : array-like [shape=(n, z)]
        gibbs_steps : int >= 0
            Too many steps reduce diversity.
        seed, controls
            See `decode`.

        Returns
        -------
        ndarray of float32 [shape=(n, z)]
            Vectors that decode to silence, or to music that cannot be encoded, are drawn from the prior instead.

        Raises
        ------
        ModelError
            If `gibbs_steps` is negative, or the model has no encoder.
        """
        z = check_z(z, self.config.z_size)
        gibbs_steps = _check_gibbs_steps(gibbs_steps)
        self.require_encoder()
        noise = gibbs_noise(self, len(z), gibbs_steps, seed=seed)
        return pseudo_gibbs(self, self.converter, z, noise, self._control_array(controls))

    def _to_music(self, tokens: list[Tensor], qpm: float) -> list[NoteSequence]:
        """Return decoded tokens as music."""
        frames = track(self.iter_frames(tokens), "Making notes", len(tokens[0]))
        return [self.converter.decode(sequence, qpm=qpm) for sequence in frames]

    def _control_array(self, controls: Controls | None) -> ArrayLike | None:
        return inputs.resolve_controls(controls, self.converter, self.config.control_depth, self.name)


def _repeat_controls(controls: ArrayLike | None, times: int) -> ArrayLike | None:
    """Return the controls of each sample [n, t, depth] `times` times in a row; those of all samples as they are."""
    if controls is None or times == 1:
        return controls
    given = check_numbers(controls, "An array of controls", flags=True, error=ModelError)
    return np.repeat(given, times, axis=0) if given.ndim == 3 else given


def _check_gibbs_steps(gibbs_steps: Any) -> int:
    return check_integer(gibbs_steps, "gibbs_steps", 0, MAX_SAMPLING_TRIES, error=ModelError)
