"""A MusicVAE as Lightning trains it: the step, the moving average of its weights, the look at held-out songs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from lightning.pytorch import LightningModule
from numpy.typing import NDArray
from torch import Tensor
from torch.optim.swa_utils import get_ema_multi_avg_fn

from latentpalette.data.batches.base import batches
from latentpalette.evaluation.reconstruction import reconstruction
from latentpalette.models.config import ModelConfig
from latentpalette.models.musicvae import MusicVAE
from latentpalette.models.rnn import inverse_softplus
from latentpalette.training import schedules
from latentpalette.training.config import Settings
from latentpalette.training.losses import Dice, clip, losses
from latentpalette.training.optimizer import optimiser


class Learner(LightningModule):
    """What Lightning drives.

    Every step draws its own dice from the seed and its number. So a run that was stopped goes on exactly as it would
    have, and several processes draw the same batch, of which each takes its share.

    Parameters
    ----------
    config : ModelConfig
    settings : Settings
    training, held_out : ndarray
        Packed windows; see `latentpalette.data.packing`.
    """

    def __init__(self, config: ModelConfig, settings: Settings, training: NDArray, held_out: NDArray) -> None:
        super().__init__()
        self.config, self.settings = config, settings
        self.model = _begun(config, settings)
        self.average = _begun(config, settings).requires_grad_(False)  # the same weights, to begin with
        self._training = training
        # Spread over all songs: a corpus is in the order of its files.
        self._held_out = held_out[:: -(-len(held_out) // settings.judged)]
        self._drawn_from: Any = None

    def begin_with(self, weights: Mapping[str, Tensor]) -> None:
        """Go on from these weights instead of fresh ones."""
        for each in (self.model, self.average):
            each.load_state_dict(weights)

    def on_fit_start(self) -> None:
        """Move the whole corpus to the device."""
        self._drawn_from = batches(self._training, self.config.converter, device=self.device)

    def training_step(self, _: Any) -> Tensor:
        """One update's loss; what Lightning's loader gives is nothing, for batches are drawn here."""
        settings, config, step = self.settings, self.config, self.global_step
        seed = settings.seed * 1_000_003 + step
        batch = self._drawn_from.draw(
            settings.batch,
            settings.recombination,
            generator=torch.Generator(self.device).manual_seed(seed),
            rank=self.global_rank,
            world=self.trainer.world_size,
        )
        own = torch.Generator(self.device).manual_seed(seed * 1009 + 1)
        beta = schedules.beta(step, max_beta=config.max_beta, beta_rate=config.beta_rate)
        sampling = schedules.sampling_probability(step, schedule=config.sampling_schedule, rate=config.sampling_rate)
        found = losses(
            self.model,
            batch,
            dice=Dice(own, self.global_rank, self.trainer.world_size),
            beta=beta,
            free_bits=config.free_bits,
            word_dropout=settings.word_dropout,
            sampling=sampling,
            prior_match=settings.prior_match,
        )
        self.log_dict(
            {
                "loss": found.total,
                "losses/r_loss": found.reconstruction,
                "losses/kl_loss": found.kl,
                "losses/kl_bits": found.kl_bits,
                "losses/kl_beta": beta,
                "sampling_probability": sampling,
            },
            batch_size=settings.batch,
            sync_dist=self.trainer.world_size > 1,
        )
        self.log("bits", found.kl_bits, prog_bar=True, logger=False, batch_size=settings.batch)
        return found.total

    def configure_gradient_clipping(self, optimizer: Any, *_: Any, **__: Any) -> None:
        """Clip as Magenta does."""
        norm = clip(self.model.parameters(), mode=self.settings.clip_mode, limit=self.settings.clip_limit)
        self.log("global_norm", norm, batch_size=self.settings.batch)

    def configure_optimizers(self) -> Any:
        """The optimiser, at the rate that the settings say for each step."""
        moves = optimiser(self.model, kind=self.settings.optimiser, muon_rate=self.settings.muon_rate)
        rate = torch.optim.lr_scheduler.LambdaLR(moves, self.settings.learning_rate_at)
        return {"optimizer": moves, "lr_scheduler": {"scheduler": rate, "interval": "step"}}

    def on_train_batch_end(self, *_: Any) -> None:
        """Move the average a little towards the weights; faster while there have been few."""
        step, decay = self.global_step, self.settings.average
        update = get_ema_multi_avg_fn(min(decay, step / (10 + step)))
        update(list(self.average.parameters()), list(self.model.parameters()), step)

    def validation_step(self, _: Any) -> None:
        """Judge the average by held-out songs: by its accuracy, or a groove, whose feel no label tells, by its loss."""
        found = reconstruction(self.average.eval(), self._held_out)
        self.log("accuracy", found.free_running, prog_bar=True, logger=False, batch_size=1)
        self.log_dict(
            {
                "validation/score": -found.nats if self.config.head == "groove" else found.free_running,
                "validation/free_running": found.free_running,
                "validation/teacher_forced": found.teacher_forced,
                "validation/onsets": found.onsets,
                "validation/f1": found.hits.f1,
                "validation/kl_bits": found.kl_bits,
                "validation/r_loss": found.nats,
            },
            batch_size=1,
        )


def _begun(config: ModelConfig, settings: Settings) -> MusicVAE:
    """A model with the initial weights that the seed draws."""
    with torch.random.fork_rng(), torch.no_grad():
        torch.default_generator.manual_seed(settings.seed)
        model = MusicVAE(config)
        if settings.first_mu != Settings.first_mu:
            model.mu.weight.normal_(0.0, settings.first_mu)
        if settings.first_sigma != Settings.first_sigma:
            model.sigma.bias.fill_(inverse_softplus(torch.tensor(settings.first_sigma, dtype=torch.float64)))
        return model
