"""The page encodes what Python encodes, to a rounding error."""

import numpy as np
import pytest

import latentpalette as lp
from latentpalette.models.inputs import stack_inputs
from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
from tests.shelf import PLAYED
from tests.widgets.engine.networks import PageNetwork, random_network
from tests.widgets.engine.node_process import ScriptError


def assert_encoded_alike(node, network, frames, **options):
    posterior = PageNetwork(node, network).encode(frames, **options)
    expected = network.posterior_arrays(frames, **options)
    # Over the levels of 16 bars the rounding errors of float32 grow: torch's own are 1e-4, against float64.
    atol = 1e-5 if not network.config.encoder_levels else 5e-4
    np.testing.assert_allclose(posterior["mu"], expected.mu, rtol=1e-5, atol=atol)
    np.testing.assert_allclose(posterior["sigma"], expected.sigma, rtol=1e-5, atol=atol)


@pytest.mark.parametrize("name", PLAYED)
def test_presets(node, name):
    model = lp.load(name)
    frames, lengths = stack_inputs([model.converter.encode(music) for music in list(model.presets.values())[:10]])
    assert_encoded_alike(node, model, frames, lengths=None if lengths is None else np.asarray(lengths, np.int32))


def test_windows_and_segments_that_end_early(node):
    rng = np.random.default_rng(0)
    flat = lp.load("drums-2bar")
    frames = (rng.random((5, 32, 10)) < 0.15).astype(np.float32)
    assert_encoded_alike(node, flat, frames, lengths=np.array([32, 0, 7, 16, 7], np.int32))
    levels = lp.load("melody-16bar")
    frames = np.eye(90, dtype=np.float32)[rng.integers(0, 90, (2, 256))]
    assert_encoded_alike(node, levels, frames, lengths=rng.integers(0, 17, (2, 16)).astype(np.int32))
    assert_encoded_alike(node, levels, frames, lengths=np.array([256, 256], np.int32))


@pytest.mark.parametrize("cell", ["lstm", "gru"])
@pytest.mark.parametrize("name", MAGENTA_CONFIGS)
def test_every_wiring_of_magentas_models(node, name, cell):
    config = MAGENTA_CONFIGS[name]
    layers = tuple(11 + k for k in range(len(config.enc_rnn_size)))
    network = random_network(config.replace(z_size=9, enc_rnn_size=layers, dec_rnn_size=(8,), cell=cell))
    rng = np.random.default_rng(1)
    call = {
        name: rng.integers(0, 2, (3, config.steps, depth)).astype(np.float32)
        for name, depth in (("frames", config.input_depth), ("controls", config.control_depth))
        if depth
    }
    assert_encoded_alike(node, network, **call)


def test_a_page_without_the_encoder_says_so(node):
    model = lp.load("drums-2d")
    page = PageNetwork(node, model, encoder=False)
    with pytest.raises(ScriptError, match="drums-2d has no encoder here"):
        page.encode(np.zeros((1, 32, 10), np.float32))
