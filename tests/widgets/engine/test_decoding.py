"""The page decodes token for token what Python decodes."""

import numpy as np
import pytest

import latentpalette as lp
from latentpalette.errors import ModelError
from latentpalette.latent.grids import bilinear_grid
from latentpalette.models.groove_decoding import decode_given
from latentpalette.models.inputs import stack_inputs
from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
from latentpalette.models.model_presets import default_corners_of
from latentpalette.widgets.engine_weights import pack_model
from tests.shelf import PLAYED
from tests.widgets.engine.networks import PageNetwork, decode_in_python, random_network

QUARTER = 0.25 / 127  # of a MIDI velocity
LONG = 64  # steps: of a longer model fewer places are decoded


def grid_of(model, size=11):
    """The cells of a palette between the presets of its first corners."""
    corners = model.encode([model.presets[name] for name in default_corners_of(model.converter)])
    return bilinear_grid(corners, size).reshape(size**2, -1).astype(np.float32)


def normal(n, model, seed=1):
    return np.random.default_rng(seed).standard_normal((n, model.config.z_size), dtype=np.float32)


@pytest.mark.parametrize("name", PLAYED)
def test_every_cell_of_a_palette_and_many_places_of_the_prior(node, name):
    model = lp.load(name)
    z = model.sample_z(1000 if model.config.steps <= LONG else 100, seed=7)
    # The next step of a groove reads velocities and offsets to their last digit, and a hit may hang on it.
    equal = 0.99 if model.config.head == "groove" else 1
    assert_decoded_alike(node, model, {"z": grid_of(model)}, {"z": z}, equal=equal)


@pytest.mark.parametrize("name", PLAYED)
def test_what_is_drawn_with_the_same_uniform_numbers(node, name):
    model = lp.load(name)
    count = 200 if model.config.steps <= LONG else 20
    noise = model.decode_noise(count, seed=3)
    call = {"z": model.sample_z(count, seed=2), "temperature": 0.9, "uniforms": noise}
    # A number on the bound between two classes falls to either side by rounding, and the rest of the music follows. It
    # happens where an autoencoder is sure of nothing, and rounding errors grow from step to step: to 5 of 200.
    assert_decoded_alike(node, model, call, equal=0.97)


def test_a_sequence_alone_is_decoded_as_among_others(node):
    model = lp.load("drums-2d")
    page, z = PageNetwork(node, model), normal(23, model)
    assert (page.decode(z) == np.concatenate([page.decode(row[None]) for row in z])).all()


def test_no_sequences_are_no_tokens(node):
    model = lp.load("drums-2d")
    assert PageNetwork(node, model).decode(normal(0, model)).size == 0


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_cells_whose_sizes_fill_no_panels(node, cell):
    config = lp.load("melody-16bar").config.replace(
        steps=12, decoder_levels=(3, 4), encoder_levels=(), z_size=5, enc_rnn_size=(7,), dec_rnn_size=(11, 6),
        output_depth=13, input_depth=13, converter={}, cell=cell,
    )  # fmt: skip
    network = random_network(config)
    assert_decoded_alike(node, network, {"z": normal(40, network)}, equal=0.9)


# Fields that make Magenta's configurations small; the wiring stays.
SMALL = {"z_size": 8, "enc_rnn_size": (12,), "dec_rnn_size": (16, 12)}


@pytest.mark.parametrize("cell", ["lstm", "gru"])
@pytest.mark.parametrize("name", MAGENTA_CONFIGS)
def test_every_wiring_of_magentas_models(node, name, cell):
    config = MAGENTA_CONFIGS[name].replace(**SMALL, cell=cell)
    network = random_network(config.replace(nade_hidden=10) if config.head == "nade" else config)
    count = 10
    shape = (count, config.steps, config.control_depth)
    controls = np.random.default_rng(4).integers(0, 2, shape).astype(np.float32) if config.control_depth else None
    call = {"z": normal(count, network), "controls": controls}
    drawn = {**call, "temperature": 0.5, "uniforms": network.decode_noise(count, seed=3)}
    assert_decoded_alike(node, network, call, drawn, equal=0.8)  # chaos: a rounding error may change all that follows


def assert_decoded_alike(node, network, *calls, equal=1.0):
    page = PageNetwork(node, network)
    for call in calls:
        tokens, expected = page.decode(**call), decode_in_python(network, **call)
        assert (np.abs(tokens - expected) <= QUARTER).all(axis=(1, 2)).mean() >= equal


def test_int8_takes_half_the_bytes_and_sounds_nearly_the_same(node):
    model = lp.load("drums-2bar")
    z = grid_of(model)
    exact, rounded = (pack_model(model, numbers=numbers) for numbers in ("float16", "int8"))
    assert len(rounded.matrices) * 2 == len(exact.matrices)
    tokens = PageNetwork(node, model, numbers="int8").decode(z)
    assert 0.98 < (tokens == decode_in_python(model, z)).mean() < 1


def test_weights_that_float16_cannot_hold_are_refused():
    network = random_network(MAGENTA_CONFIGS["cat-mel_2bar_small"].replace(**SMALL))
    network.mu.weight.detach()[0, 0] = 1e6
    with pytest.raises(ModelError, match=r"mu: a weight is not finite, or above 65,504"):
        pack_model(network)


@pytest.mark.parametrize("temperature", [None, 0.8])
def test_grooves_with_values_that_are_given(node, temperature):
    model = lp.load("groove-humanize")
    frames, _ = stack_inputs([model.converter.encode(music) for music in list(model.presets.values())[:5]])
    z = model.posterior_arrays(frames).mu
    given = np.full((len(z), model.config.steps, 27), np.nan, np.float32)
    given[:3, :, :9] = np.random.default_rng(0).random((3, model.config.steps, 9)) < 0.2  # hits
    given[1:4, :16, 18:] = 0.25  # offsets
    options = {} if temperature is None else {"temperature": temperature, "uniforms": model.decode_noise(5, seed=3)}
    tokens = PageNetwork(node, model).decode(z, given=given, **options)
    expected = decode_given(model, z, given, temperature=temperature, seed=3)
    np.testing.assert_allclose(tokens, expected, atol=QUARTER)
