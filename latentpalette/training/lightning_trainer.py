"""Lightning's trainer: its settings checked by name, and its errors in a sentence."""

from __future__ import annotations

import logging
import os
import re
import signal
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from lightning.fabric.utilities.exceptions import MisconfigurationException
from lightning.pytorch import Callback, LightningModule, Trainer
from lightning.pytorch.accelerators import AcceleratorRegistry
from lightning.pytorch.strategies import StrategyRegistry

from latentpalette.errors import TrainingError, suggest
from latentpalette.validation import short_repr

PRECISIONS = ("bf16-mixed", "16-mixed", "32-true")
_OTHER_PRECISION_NAMES = {"32": "32-true", "bf16": "bf16-mixed", "16": "16-mixed", "fp16": "16-mixed"}

_MAX_REASON = 300  # characters of an error of Lightning's


def make_trainer(
    *, precision: str, accelerator: str, devices: int | str | list[int], strategy: str, **settings: Any
) -> Trainer:
    """Return a Lightning trainer.

    Parameters
    ----------
    precision : {"bf16-mixed", "16-mixed", "32-true"}
    accelerator, devices, strategy
        Lightning's: where to train.
    settings
        The other ones of a `lightning.pytorch.Trainer`.

    Raises
    ------
    TrainingError
        If there is no such precision, accelerator or strategy, or this computer does not have it.

    Examples
    --------
    >>> make_trainer(precision="32-true", accelerator="warp drive", devices=1, strategy="auto")
    Traceback (most recent call last):
    latentpalette.errors.TrainingError: accelerator is one of auto, cpu, gpu, cuda, mps, tpu; got 'warp drive'.
    """
    precision = _OTHER_PRECISION_NAMES.get(str(precision), precision)
    accelerators = dict.fromkeys(["auto", "cpu", "gpu", *sorted(AcceleratorRegistry.available_accelerators())])
    _check_name("precision", precision, PRECISIONS)
    _check_name("accelerator", accelerator, accelerators)
    _check_name("strategy", strategy, ["auto", *StrategyRegistry.available_strategies()])
    devices = _check_devices(devices)
    if accelerator == "cpu" or (
        accelerator == "auto" and not (torch.cuda.is_available() or torch.backends.mps.is_available())
    ):
        _check_processes(devices)
    try:
        return Trainer(
            precision=precision,  # type: ignore[arg-type]  # one of the Literal's
            accelerator=accelerator,
            devices=devices,
            strategy=strategy,
            **settings,
        )
    except Exception as error:  # Lightning raises ValueError, TypeError, ImportError and its own
        given = f"accelerator={accelerator!r}, devices={devices!r}, strategy={strategy!r}, precision={precision!r}"
        raise TrainingError(
            f"This computer cannot train with {given}: {_reason(error)} Leave them out to use what is there."
        ) from error


@contextmanager
def errors_in_a_sentence(module: torch.nn.Module) -> Iterator[None]:
    """Raise what Lightning and the device refuse during a training as a `TrainingError`."""
    try:
        yield
    except (torch.cuda.OutOfMemoryError, MemoryError) as error:
        count = sum(weights.numel() for weights in module.parameters())
        raise TrainingError(f"Not enough memory to train {count:,} weights. Use a smaller batch_size.") from error
    except MisconfigurationException as error:
        raise TrainingError(f"Lightning cannot train so: {_reason(error)}") from error


@contextmanager
def interruptible() -> Iterator[None]:
    """Raise an interruption of a training as the `KeyboardInterrupt` that it was.

    Lightning ends the process instead, and ignores every later interruption.
    """
    is_main = threading.current_thread() is threading.main_thread()
    handler = signal.getsignal(signal.SIGINT)
    try:
        yield
    except SystemExit as error:
        if isinstance(error.__context__, KeyboardInterrupt):
            raise KeyboardInterrupt(
                "The training was interrupted. To go on from its last validation, resume it."
            ) from None
        raise
    finally:
        if is_main and handler is not None:
            signal.signal(signal.SIGINT, handler)


class Started(Callback):
    """Remembers whether training has started, so that an error before it can be told from one in it."""

    def __init__(self) -> None:
        self.started = False

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Remember it."""
        self.started = True


@contextmanager
def quiet_lightning() -> Iterator[None]:
    """Silence Lightning's remarks on hardware, and on data loaders, which load nothing here."""
    logger = logging.getLogger("lightning.pytorch")
    level = logger.level
    logger.setLevel(logging.WARNING)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*does not have many workers.*")
        warnings.filterwarnings("ignore", message=".*LeafSpec.*", category=FutureWarning)  # between Lightning and torch
        try:
            yield
        finally:
            logger.setLevel(level)


def _check_name(setting: str, value: Any, allowed: Any) -> None:
    if not isinstance(value, str) or value not in allowed:
        hint = suggest(value, allowed)
        raise TrainingError(f"{setting} is one of {', '.join(allowed)}; got {short_repr(value)}.{hint}")


def _check_processes(devices: int | str | list[int]) -> None:
    """Refuse more devices than cores: on a CPU, each is a process of its own."""
    most = max(os.cpu_count() or 1, 2)
    if isinstance(devices, int) and devices > most:
        raise TrainingError(f"On a CPU each device is a process; here are at most {most}, and devices is {devices}.")


def _check_devices(devices: Any) -> int | str | list[int]:
    """Return devices as Lightning takes them: a number, a list, or "auto"."""
    is_count = isinstance(devices, int) and not isinstance(devices, bool) and (devices == -1 or devices > 0)
    is_list = isinstance(devices, list) and devices and all(type(item) is int and item >= 0 for item in devices)
    if is_count or is_list or devices == "auto":
        return devices
    if isinstance(devices, str) and re.fullmatch(r"-1|[1-9]\d{0,5}", devices):
        return int(devices)
    if isinstance(devices, str) and re.fullmatch(r"\d{1,5}(,\d{1,5})+,?|\d{1,5},", devices):
        return [int(item) for item in devices.split(",") if item]
    raise TrainingError(
        f"devices is their number, a list of their indices (0,1), -1 for all, or auto; got {short_repr(devices)}."
    )


def _reason(error: BaseException) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    text = text if len(text) <= _MAX_REASON else f"{text[: _MAX_REASON - 4]} ..."
    return text if text.endswith((".", "!", "?")) else f"{text}."
