"""Models on disk: saved models load, damaged ones are refused."""

import json

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.torch import load_file, save_file

from latentpalette.errors import CheckpointError, LatentPaletteError, ModelError
from latentpalette.models import store
from tests.models.tiny_models import ALL, DRUMS, controls_of, model_of

CARD = """---
license: apache-2.0
---
# Tiny drums

Two bars of drums, learned by a child. More about it.
"""


@pytest.fixture
def folder(tmp_path):
    return store.save(model_of(), tmp_path / "tiny-drums", card=CARD)


@pytest.mark.parametrize("wiring", ALL)
def test_a_model_that_was_saved_decodes_as_before(wiring, tmp_path):
    model = model_of(ALL[wiring])
    again = store.load(store.save(model, tmp_path))
    z, controls = np.ones((2, 6)), controls_of(model.config, 2)
    assert again.config == model.config
    np.testing.assert_array_equal(again.decode_arrays(z, controls=controls), model.decode_arrays(z, controls=controls))


def test_a_decoder_without_an_encoder_is_saved_and_loaded(tmp_path):
    model = model_of(DRUMS.replace(enc_rnn_size=()))
    again = store.load(store.save(model, tmp_path))
    assert not again.config.has_encoder
    assert not any(name.startswith(("encoder", "mu", "sigma")) for name in again.state_dict())
    np.testing.assert_array_equal(again.decode_arrays(np.ones((2, 6))), model.decode_arrays(np.ones((2, 6))))


def test_a_model_folder_has_its_own_configuration(folder):
    with pytest.raises(ModelError, match="it has a configuration of its own; config='groovae_4bar'"):
        store.load(folder, config="groovae_4bar")


def test_a_loaded_model_is_ready_to_sample(folder):
    model = store.load(folder)
    assert (model.name, model.card, model.training) == ("tiny-drums", CARD, False)
    assert len(model.sample(2, seed=0)) == 2


def test_float16_weights_are_half_the_size_and_load_as_float32(tmp_path):
    model = model_of()
    wide, half = store.save(model, tmp_path / "wide"), store.save(model, tmp_path / "half", fp16=True)
    sizes = [(path / "model.safetensors").stat().st_size for path in (wide, half)]
    assert sizes[1] < 0.6 * sizes[0]
    loaded = store.load(half)
    assert {parameter.dtype for parameter in loaded.parameters()} == {torch.float32}
    for one, other in zip(loaded.parameters(), model.parameters(), strict=True):
        torch.testing.assert_close(one, other, atol=2e-3, rtol=1e-3, check_stride=False)


def test_int8_weights_are_a_quarter_of_the_size_and_near(tmp_path):
    model = model_of(DRUMS.replace(enc_rnn_size=(64,), dec_rnn_size=(64, 64)))
    wide, small = store.save(model, tmp_path / "wide"), store.save(model, tmp_path / "small", int8=True)
    sizes = [(path / "model.safetensors").stat().st_size for path in (wide, small)]
    assert sizes[1] < 0.3 * sizes[0]
    loaded = store.load(small)
    for one, other in zip(loaded.parameters(), model.parameters(), strict=True):
        assert one.dtype == torch.float32
        largest = other.detach().abs().amax(-1, keepdim=True)
        assert ((one - other).abs() <= largest / 222).all()  # half a step of 127, and half one of float16
        assert (one == one.half()).all() or one.ndim == 1


def test_int8_matrices_without_a_scale_for_each_row_are_refused(tmp_path):
    file = store.save(model_of(), tmp_path, int8=True) / "model.safetensors"
    weights = load_file(file)
    for scale in (None, torch.ones(3), torch.ones(1, dtype=torch.int64)):
        changed = {name: value.clone() for name, value in weights.items() if name != "mu.weight.scale"}
        changed |= {} if scale is None else {"mu.weight.scale": scale}
        save_file(changed, file)
        with pytest.raises(CheckpointError, match=r"mu\.weight holds int8 numbers, not floats"):
            store.load(tmp_path)


def test_weights_are_stored_as_float16_or_as_int8(tmp_path):
    with pytest.raises(ModelError, match="one of fp16 and int8"):
        store.save(model_of(), tmp_path, fp16=True, int8=True)
    assert not list(tmp_path.iterdir())


def test_a_loaded_model_can_be_trained_on(folder):
    model = store.load(folder).train()
    mu, _ = model.posterior_torch(torch.ones(2, 32, 10))
    mu.sum().backward()
    assert model.encoder.layers[0].weight_ih_l0.grad.abs().sum() > 0


def test_loading_leaves_the_global_random_state_alone(folder):
    before = torch.random.get_rng_state()
    store.load(folder)
    assert torch.equal(torch.random.get_rng_state(), before)


def test_an_unknown_name_is_refused_with_the_available_ones(monkeypatch, folder):
    monkeypatch.setattr(store, "PRETRAINED", folder.parent)
    with pytest.raises(ModelError, match=r"Did you mean 'tiny-drums'\? .* package: tiny-drums\."):
        store.load("tiny-drum")


def test_a_folder_without_a_model_is_refused(tmp_path):
    with pytest.raises(ModelError, match=r"holds config\.json and model\.safetensors"):
        store.load(tmp_path)


def test_shipped_models_are_listed_with_their_first_sentence(monkeypatch, folder):
    monkeypatch.setattr(store, "PRETRAINED", folder.parent)
    assert repr(store.available()) == "tiny-drums  Two bars of drums, learned by a child."
    assert "tiny-drums" in store.available()
    assert store.available()[0].name == "tiny-drums"
    assert store.load("tiny-drums").name == "tiny-drums"


def test_no_models_are_listed_as_none(monkeypatch, tmp_path):
    monkeypatch.setattr(store, "PRETRAINED", tmp_path)
    assert repr(store.available()) == "no models"


def test_weights_of_another_shape_are_refused_by_name(folder):
    values = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**values, "z_size": 9}))
    with pytest.raises(CheckpointError, match=r"mu\.weight is \[6, 14\], not \[9, 14\]"):
        store.load(folder)


def test_missing_and_unexpected_weights_are_named(folder):
    state = load_file(folder / "model.safetensors")
    state["stowaway"] = state.pop("mu.bias")
    save_file(state, folder / "model.safetensors")
    with pytest.raises(CheckpointError, match=r"missing: mu\.bias\n  unexpected: stowaway"):
        store.load(folder)


def test_weights_that_are_not_finite_are_refused(folder):
    state = load_file(folder / "model.safetensors")
    state["mu.bias"] = torch.full_like(state["mu.bias"], float("nan"))
    save_file(state, folder / "model.safetensors")
    with pytest.raises(CheckpointError, match=r"mu\.bias holds numbers that are not finite"):
        store.load(folder)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damaged_weights_are_refused_or_load(tmp_path_factory, data):
    folder = store.save(model_of(), tmp_path_factory.mktemp("damaged"))
    weights = folder / "model.safetensors"
    content = bytearray(weights.read_bytes())
    if data.draw(st.booleans()):
        content = content[: data.draw(st.integers(0, len(content) - 1))]
    else:
        for _ in range(data.draw(st.integers(1, 4))):
            content[data.draw(st.integers(0, 3000))] ^= data.draw(st.integers(1, 255))
    weights.write_bytes(content)
    try:
        model = store.load(folder)
    except LatentPaletteError:
        return
    assert model.decode_arrays(np.zeros((1, 6))).shape == (1, 32, 512)


def test_a_configuration_of_absurd_length_is_refused(folder):
    (folder / "config.json").write_text(" " * (1 << 20) + "{}")
    with pytest.raises(CheckpointError, match="longer than"):
        store.load(folder)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"extra": 1}', "[" * 100_000])
def test_a_damaged_configuration_is_named_with_its_folder(folder, text):
    (folder / "config.json").write_text(text)
    with pytest.raises(ModelError, match=r"config\.json: .*\. Copy or download the model again\."):
        store.load(folder)


def test_a_configuration_of_absurd_counts_takes_no_time(folder):
    values = json.loads((folder / "config.json").read_text())
    for changes in (
        {"encoder_levels": [1] * 50_000 + [32]},
        {"output_depths": [1] * 512, "separate_decoders": True},
        {"dec_rnn_size": [1] * 50_000},
    ):
        (folder / "config.json").write_text(json.dumps({**values, **changes}))
        with pytest.raises(LatentPaletteError):
            store.load(folder)


def test_a_configuration_of_absurd_sizes_allocates_nothing(folder):
    values = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**values, "z_size": 60_000, "dec_rnn_size": [60_000]}))
    with pytest.raises(CheckpointError, match=r"mu\.weight is \[6, 14\], not \[60000, 14\]"):
        store.load(folder)
