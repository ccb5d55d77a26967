"""The page decodes token for token what Python decodes."""

import numpy as np
import pytest

import latentpalette as lp
from latentpalette.latent.grids import bilinear_grid
from latentpalette.models.model_presets import default_corners_of
from latentpalette.models.network import Network
from tests.widgets.engine.networks import decode_in_page, decode_in_python

SHELF = [info.name for info in lp.available() if not info.name.startswith("groove")]
LONG = 64  # steps: of a longer model fewer places are decoded


def grid_of(model, size=11):
    """The cells of a palette between the presets of its first corners."""
    corners = model.encode([model.presets[name] for name in default_corners_of(model.converter)])
    return bilinear_grid(corners, size).reshape(size**2, -1).astype(np.float32)


def normal(n, model, seed=1):
    return np.random.default_rng(seed).standard_normal((n, model.config.z_size), dtype=np.float32)


@pytest.mark.parametrize("name", SHELF)
def test_every_cell_of_a_palette_and_many_places_of_the_prior(name):
    model = lp.load(name)
    calls = [{"z": grid_of(model)}, {"z": model.sample_z(1000 if model.config.steps <= LONG else 100, seed=7)}]
    for call, tokens in zip(calls, decode_in_page(model, calls), strict=True):
        assert (tokens == decode_in_python(model, call)).all()


@pytest.mark.parametrize("name", SHELF)
def test_what_is_drawn_with_the_same_uniform_numbers(name):
    model = lp.load(name)
    count = 200 if model.config.steps <= LONG else 20
    noise = model.decode_noise(count, seed=3)
    call = {"z": model.sample_z(count, seed=2), "temperature": 0.9, "uniforms": noise}
    (tokens,) = decode_in_page(model, [call])
    differs = (tokens != decode_in_python(model, call)).any(axis=(1, 2))
    # A number on the bound between two classes falls to either side by rounding, and the rest of the music follows. It
    # happens where an autoencoder is sure of nothing, and rounding errors grow from step to step: to 5 of 200.
    assert differs.mean() <= 0.03


def test_a_sequence_alone_is_decoded_as_among_others():
    model = lp.load("drums-2d")
    z = normal(23, model)
    together, *alone = decode_in_page(model, [{"z": z}, *({"z": row[None]} for row in z)])
    assert (together == np.concatenate(alone)).all()


def test_no_sequences_are_no_tokens():
    model = lp.load("drums-2d")
    assert decode_in_page(model, [{"z": normal(0, model)}])[0].size == 0


def test_cells_whose_sizes_fill_no_panels():
    config = lp.load("melody-16bar").config.replace(
        steps=12, decoder_levels=(3, 4), encoder_levels=(), z_size=5, enc_rnn_size=(7,), dec_rnn_size=(11, 6),
        output_depth=13, input_depth=13, converter={},
    )  # fmt: skip
    for cell in ("lstm", "gru"):
        network = Network(config.replace(cell=cell))
        round_to_float16(network)
        calls = [{"z": 3 * normal(40, network)}]
        assert (decode_in_page(network, calls)[0] == decode_in_python(network, calls[0])).all()


def round_to_float16(network):
    """Give a network weights that the page has, too, and that say something."""
    rng = np.random.default_rng(0)
    for parameter in network.parameters():
        values = rng.normal(0, 0.5, parameter.shape).astype(np.float16)
        parameter.detach().numpy()[...] = values
