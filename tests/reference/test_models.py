"""The models are Magenta's: each configuration against outputs of Magenta's own graph."""

import tarfile
from pathlib import Path

import numpy as np
import pytest
import torch

from latentpalette.models.store import load
from latentpalette.models.workers import torch_threads

NAMES = (
    "cat-drums_2bar_small",
    "cat-mel_2bar_big",
    "cat-mel_2bar_med_chords",
    "cat-mel_2bar_small",
    "flat-mel_16bar",
    "flat-trio_16bar",
    "groovae_2bar_hits_control_tfds",
    "groovae_2bar_humanize",
    "groovae_4bar",
    "hier-mel_16bar",
    "hier-multiperf_vel_1bar_med",
    "hier-multiperf_vel_1bar_med_chords",
    "hier-trio_16bar",
    "hierdec-mel_16bar",
    "hierdec-trio_16bar",
    "nade-drums_2bar_full",
    "nade-drums_2bar_reduced",
)


@pytest.fixture(params=NAMES)
def folder(request, reference) -> Path:
    return reference / "golden" / "models" / request.param


@pytest.fixture
def model(folder):
    return load(folder)


@pytest.fixture
def recorded(folder):
    with np.load(folder / "io.npz") as arrays:
        recorded = dict(arrays)
    recorded["controls"] = recorded["controls"] if recorded["controls"].shape[-1] else None
    return recorded


def test_every_recorded_model_is_tested(reference):
    assert {path.name for path in (reference / "golden" / "models").iterdir()} == set(NAMES)


def test_the_configuration_is_inferred_from_the_checkpoint(folder, model):
    assert model.config.name == folder.name


def test_mu_and_sigma_are_magentas(model, recorded):
    posterior = model.posterior_arrays(recorded["x_input"], lengths=recorded["lengths"], controls=recorded["controls"])
    np.testing.assert_allclose(posterior.mu, recorded["mu"], atol=1e-5, rtol=0)
    np.testing.assert_allclose(posterior.sigma, recorded["sigma"], atol=1e-5, rtol=0)


def test_the_losses_are_magentas(model, recorded):
    losses = model.losses_arrays(
        recorded["x_input"], recorded["x_target"], lengths=recorded["lengths"], controls=recorded["controls"]
    )
    np.testing.assert_allclose(losses.reconstruction, recorded["r_loss"], rtol=1e-4)
    np.testing.assert_allclose(losses.kl, recorded["kl"], rtol=1e-4)


@torch_threads(1)
def test_the_decoders_outputs_for_the_recorded_frames_are_magentas(model, recorded):
    previous = torch.nn.functional.pad(torch.from_numpy(recorded["decoded"]).float(), (0, 0, 1, 0))[:, :-1]
    controls = recorded["controls"]
    controls = None if controls is None else torch.from_numpy(controls[:1]).expand(len(previous), -1, -1)
    with torch.inference_mode():
        params = model.teacher_forced(torch.from_numpy(recorded["z"]), previous, controls)
    np.testing.assert_allclose(params, recorded["decoded_rnn_output"], atol=1e-3, rtol=0)


@pytest.mark.parametrize("decoding", ["arg-max", "the recorded temperature"])
def test_the_decoded_frames_are_magentas(model, recorded, decoding):
    temperature = None if decoding == "arg-max" else float(recorded["temperature"])
    controls = None if recorded["controls"] is None else recorded["controls"][0]
    frames = model.decode_arrays(recorded["z"], temperature=temperature, controls=controls, seed=0)
    # Hits and classes are equal; a groove's velocities and offsets are continuous.
    np.testing.assert_allclose(frames, recorded["decoded"], atol=1e-5 if model.config.head == "groove" else 0, rtol=0)


def test_a_checkpoint_in_an_archive_is_the_same_model(reference, tmp_path):
    folder = reference / "golden" / "models" / "hierdec-trio_16bar"
    with tarfile.open(tmp_path / "hierdec-trio_16bar.tar.gz", "w:gz") as archive:
        for file in sorted(folder.glob("model.ckpt*")):
            archive.add(file, f"hierdec-trio_16bar/{file.name}")
    packed, plain = load(tmp_path / "hierdec-trio_16bar.tar.gz"), load(folder)
    assert packed.config == plain.config
    assert all((value == plain.state_dict()[name]).all() for name, value in packed.state_dict().items())
