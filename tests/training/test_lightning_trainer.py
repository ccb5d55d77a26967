"""What Lightning refuses is refused in a sentence."""

from __future__ import annotations

import pytest
import torch
from lightning.fabric.utilities.exceptions import MisconfigurationException

from latentpalette.errors import TrainingError
from latentpalette.training.lightning_trainer import errors_in_a_sentence, make_trainer

GOOD = {"precision": "32-true", "accelerator": "cpu", "devices": 1, "strategy": "auto"}
QUIET = {"logger": False, "enable_checkpointing": False, "enable_progress_bar": False}


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"precision": "fp32"}, r"precision is one of bf16-mixed, 16-mixed, 32-true; got 'fp32'"),
        ({"precision": "64-true"}, r"precision is one of .*Did you mean '32-true'\?"),
        ({"precision": None}, "precision is one of"),
        ({"accelerator": "nosuch"}, "accelerator is one of auto, cpu, gpu, cuda"),
        ({"accelerator": "gpus"}, r"Did you mean 'gpu'\?"),
        ({"accelerator": "tpu"}, "This computer cannot train with accelerator='tpu'"),
        ({"strategy": "nosuch"}, "strategy is one of auto, ddp, "),
        ({"strategy": "dpp"}, r"Did you mean 'ddp'\?"),
        ({"strategy": "fsdp"}, "This computer cannot train with .*strategy='fsdp'"),
        ({"devices": "x"}, r"devices is their number, .* or auto; got 'x'"),
        ({"devices": 0}, "devices is their number"),
        ({"devices": 100_000}, "On a CPU each device is a process; here are at most"),
        ({"devices": 1.5}, "devices is their number"),
        ({"devices": True}, "devices is their number"),
        ({"devices": "0,1"}, "This computer cannot train with accelerator='cpu', devices=\\[0, 1\\]"),
    ],
)
def test_a_setting_is_refused_by_its_name(setting, message):
    with pytest.raises(TrainingError, match=message):
        make_trainer(**GOOD | setting, **QUIET)


@pytest.mark.parametrize("given", ["bf16", "32", "32-true"])
def test_short_names_of_precisions_are_accepted(given):
    assert make_trainer(**GOOD | {"precision": given}, **QUIET).precision in ("bf16-mixed", "32-true")


@pytest.mark.parametrize("devices", [1, "1", "auto"])
def test_devices_may_be_text(devices):
    assert make_trainer(**GOOD | {"devices": devices}, **QUIET).num_devices >= 1


def fail(error):
    with errors_in_a_sentence(torch.nn.Linear(3, 2)):
        raise error


@pytest.mark.parametrize("error", [torch.cuda.OutOfMemoryError("CUDA out of memory"), MemoryError()])
def test_too_little_memory_says_what_to_do(error):
    with pytest.raises(TrainingError, match=r"Not enough memory to train 8 weights.* Use a smaller batch_size"):
        fail(error)


def test_lightnings_own_errors_become_ours():
    with pytest.raises(TrainingError, match=r"Lightning cannot train so: No training step\."):
        fail(MisconfigurationException("No\n training step"))


def test_errors_of_a_users_callback_pass():
    with pytest.raises(KeyError):
        fail(KeyError("mine"))
