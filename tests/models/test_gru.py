"""GRU cells learn and decode like LSTM cells; Magenta's checkpoints have none."""

import pytest
import torch
from torch.nn import functional

from latentpalette.errors import ModelError
from latentpalette.models.magenta import mapping
from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
from latentpalette.models.musicvae import MusicVAE
from latentpalette.models.workers import torch_threads
from tests.models.magenta.test_mapping import tensors_of
from tests.models.tiny_models import DRUMS, GRUS, WIRINGS, model_of

RECURRENT = (torch.nn.LSTM, torch.nn.GRU)


@pytest.mark.parametrize("wiring", GRUS)
def test_every_recurrent_layer_is_torchs_gru_with_three_gates_and_one_state(wiring):
    model = model_of(GRUS[wiring])
    layers = [module for module in model.modules() if isinstance(module, RECURRENT)]
    assert layers
    assert all(isinstance(layer, torch.nn.GRU) for layer in layers)
    for core in model.decoder.cores:
        assert core.initial.out_features == sum(model.config.dec_rnn_size)
        assert [len(layer.weight_hh_l0) for layer in core.layers] == [3 * units for units in model.config.dec_rnn_size]


def test_weights_are_initialized_with_open_gates_and_within_glorots_bound():
    layer = MusicVAE(GRUS["gru, flat"]).decoder.cores[0].layers[1]
    assert layer.bias_ih_l0.tolist() == [1.0] * 16 + [0.0] * 8
    assert not layer.bias_hh_l0.any()
    bound = (6 / (5 + 8 + 3 * 8)) ** 0.5
    assert 0.5 * bound < layer.weight_ih_l0.abs().max() <= bound


def test_a_gru_has_three_quarters_of_an_lstms_recurrent_weights():
    def count(config):
        model = MusicVAE(config)
        layers = [module for module in model.modules() if isinstance(module, RECURRENT)]
        return sum(parameter.numel() for layer in layers for parameter in layer.parameters())

    assert 4 * count(DRUMS.replace(cell="gru")) == 3 * count(DRUMS)


@pytest.mark.parametrize("config", [GRUS["gru, flat"], GRUS["gru, two levels"]], ids=["flat", "two levels"])
@torch_threads(1)
def test_a_gru_learns_to_reconstruct(config):
    with torch.random.fork_rng():
        torch.default_generator.manual_seed(0)
        depths = {"input_depth": 9, "output_depth": 9}
        config = config.replace(enc_rnn_size=(24,), dec_rnn_size=(32,), z_size=8, **depths)
        model = MusicVAE(config).train()
    classes = torch.arange(config.steps) % torch.arange(2, 6)[:, None]  # four rhythms, of 2 to 5 steps
    targets = functional.one_hot(classes, config.output_depth).float()
    optimizer = torch.optim.Adam(model.parameters(), 0.03)
    losses = []
    for _ in range(70):
        mu, _ = model.posterior_torch(targets)
        params = model.teacher_forced(mu, functional.pad(targets, (0, 0, 1, 0))[:, :-1])
        loss = model.head.loss(params, targets).sum(1).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.1 * losses[0]
    z = model.posterior_arrays(targets.numpy()).mu
    assert (model.eval().decode_classes(z) == classes.numpy()).mean() > 0.95


def test_magentas_tensors_are_not_loaded_into_a_gru():
    with pytest.raises(ModelError, match="hold LSTM cells; cat-drums_2bar_small has gru cells"):
        mapping.convert_state_dict(GRUS["gru, flat"], tensors_of(DRUMS), "test")


def test_an_older_configuration_without_a_cell_field_has_lstms():
    values = MAGENTA_CONFIGS["hier-mel_16bar"].to_dict()
    del values["cell"]
    assert type(MAGENTA_CONFIGS["hier-mel_16bar"]).from_dict(values).cell == "lstm"
    assert {config.cell for config in WIRINGS.values()} == {"lstm"}
