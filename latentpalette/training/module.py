"""A MusicVAE as a LightningModule: training step, moving average of the weights, validation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from lightning.pytorch import LightningModule
from numpy.typing import NDArray
from torch import Tensor
from torch.optim.swa_utils import get_ema_multi_avg_fn

from latentpalette.data.batches.registry import make_batches
from latentpalette.evaluation.reconstruction import evaluate_reconstruction
from latentpalette.models.config import ModelConfig
from latentpalette.models.musicvae import MusicVAE
from latentpalette.models.rnn import inverse_softplus
from latentpalette.old_names import FIELDS, rename_fields
from latentpalette.training import schedules
from latentpalette.training.condition_values import ConditionValues, Measures
from latentpalette.training.config import TrainConfig
from latentpalette.training.losses import ShardedRNG, clip_gradients, elbo_loss
from latentpalette.training.optimizer import make_optimizer


class MusicVAEModule(LightningModule):
    """A model, its training and its validation.

    The random numbers of every update depend only on the seed and its number. So a resumed run continues exactly as
    without the interruption, and several processes sample the same batch, of which each uses its share.

    Parameters
    ----------
    config : ModelConfig
    train_config : TrainConfig
    training, validation : ndarray
        Packed windows; see `latentpalette.data.packing`.
    values : mapping of name to ndarray [shape=(n,)], optional
        Of conditions, for each window for training; others are measured.
    measures : mapping of name to function, optional
        See `latentpalette.training.condition_values.measure_numbers`.
    """

    def __init__(
        self,
        config: ModelConfig,
        train_config: TrainConfig,
        training: NDArray,
        validation: NDArray,
        values: Mapping[str, NDArray] | None = None,
        measures: Measures | None = None,
    ) -> None:
        super().__init__()
        self.config, self.train_config = config, train_config
        self.model = _init_model(config, train_config)
        self.ema = _init_model(config, train_config).requires_grad_(False)  # initially the same weights
        self._training = training
        # Every k-th window, because a corpus is in the order of its files.
        self._validation = validation[:: -(-len(validation) // train_config.max_val_windows)]
        self._batches: Any = None
        self._values = ConditionValues(config, values or {}, measures) if config.conditions else None

    def load_weights(self, weights: Mapping[str, Tensor]) -> None:
        """Replace the initial weights."""
        for model in (self.model, self.ema):
            model.load_state_dict(weights)

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Rename what an earlier version saved by other names."""
        checkpoint["callbacks"] = rename_fields("Checkpoint callbacks", checkpoint.get("callbacks", {}))
        for old, new in FIELDS["MusicVAEModule"].items():
            checkpoint["state_dict"] = {
                f"{new}.{name.removeprefix(f'{old}.')}" if name.startswith(f"{old}.") else name: value
                for name, value in checkpoint["state_dict"].items()
            }

    def on_fit_start(self) -> None:
        """Move the whole corpus to the device."""
        self._batches = make_batches(self._training, self.config.converter, device=self.device)

    def training_step(self, _: Any) -> Tensor:
        """Sample a batch and return its loss; the argument, from Lightning's loader, is ignored."""
        train_config, config, step = self.train_config, self.config, self.global_step
        seed = train_config.seed * 1_000_003 + step
        batch = self._batches.sample(
            train_config.batch_size,
            train_config.augmentation,
            generator=torch.Generator(self.device).manual_seed(seed),
            rank=self.global_rank,
            world=self.trainer.world_size,
        )
        loss_generator = torch.Generator(self.device).manual_seed(seed * 1009 + 1)
        beta = schedules.beta(step, max_beta=config.max_beta, beta_rate=config.beta_rate)
        sampling = schedules.sampling_probability(step, schedule=config.sampling_schedule, rate=config.sampling_rate)
        terms = elbo_loss(
            self.model,
            batch,
            rng=ShardedRNG(loss_generator, self.global_rank, self.trainer.world_size),
            beta=beta,
            free_bits=config.free_bits,
            word_dropout=train_config.word_dropout,
            sampling=sampling,
            dip_weight=train_config.dip_weight,
            conditions=None if self._values is None else self._values.of(batch),
            asked_weight=train_config.asked_weight,
        )
        figures: dict[str, Tensor | float] = {
            "loss": terms.total,
            "losses/r_loss": terms.reconstruction,
            "losses/kl_loss": terms.kl,
            "losses/kl_bits": terms.kl_bits,
            "losses/kl_beta": beta,
            "sampling_probability": sampling,
        }
        if self._values is not None:
            figures |= {"losses/estimate": terms.estimate, "losses/asked": terms.asked}
        self.log_dict(figures, batch_size=train_config.batch_size, sync_dist=self.trainer.world_size > 1)
        self.log("bits", terms.kl_bits, prog_bar=True, logger=False, batch_size=train_config.batch_size)
        return terms.total

    def configure_gradient_clipping(self, optimizer: Any, *_: Any, **__: Any) -> None:
        """Clip as Magenta does, and log the norm of the gradients."""
        train_config = self.train_config
        norm = clip_gradients(self.model.parameters(), mode=train_config.clip_mode, limit=train_config.grad_clip)
        self.log("global_norm", norm, batch_size=train_config.batch_size)

    def configure_optimizers(self) -> Any:
        """Return the optimizer and its learning rate schedule."""
        train_config = self.train_config
        optimizer = make_optimizer(self.model, kind=train_config.optimizer, muon_lr_scale=train_config.muon_lr_scale)
        scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, train_config.learning_rate_at)
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": scheduler, "interval": "step"}}

    def on_train_batch_end(self, *_: Any) -> None:
        """Update the moving average; with a smaller decay during the first updates."""
        step, decay = self.global_step, self.train_config.ema_decay
        update = get_ema_multi_avg_fn(min(decay, step / (10 + step)))
        update(list(self.ema.parameters()), list(self.model.parameters()), step)

    def validation_step(self, _: Any) -> None:
        """Evaluate the moving average; its score is the accuracy, or the negative loss of a model of grooves.

        The accuracy of a groove would ignore velocities and timing.
        """
        result = evaluate_reconstruction(self.ema.eval(), self._validation)
        self.log("accuracy", result.free_running, prog_bar=True, logger=False, batch_size=1)
        self.log_dict(
            {
                "validation/score": -result.loss_nats if self.config.head == "groove" else result.free_running,
                "validation/free_running": result.free_running,
                "validation/teacher_forced": result.teacher_forced,
                "validation/onsets": result.onset_accuracy,
                "validation/f1": result.hits.f1,
                "validation/kl_bits": result.kl_bits,
                "validation/r_loss": result.loss_nats,
            },
            batch_size=1,
        )


def _init_model(config: ModelConfig, train_config: TrainConfig) -> MusicVAE:
    """Make a model with initial weights determined by the seed."""
    with torch.random.fork_rng(), torch.no_grad():
        torch.default_generator.manual_seed(train_config.seed)
        model = MusicVAE(config)
        if train_config.mu_init_std != TrainConfig.mu_init_std:
            model.mu.weight.normal_(0.0, train_config.mu_init_std)
        if train_config.sigma_init != TrainConfig.sigma_init:
            model.sigma.bias.fill_(inverse_softplus(torch.tensor(train_config.sigma_init, dtype=torch.float64)))
        return model
