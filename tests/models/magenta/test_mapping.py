"""Mapping and inference from names and shapes of Magenta's tensors."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from latentpalette.errors import CheckpointError, ModelError
from latentpalette.models.magenta import mapping
from latentpalette.models.magenta.infer_config import CheckpointMetadata, fit_sizes, infer_configs
from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
from latentpalette.models.store import load
from tests.models.magenta.checkpoint_files import write
from tests.models.tiny_models import DRUMS, WIRINGS, model_of


def shapes_of(config):
    layers = mapping.layer_mappings(config)
    return {f"{layer.tf_name}/{suffix}": shape for layer in layers for suffix, shape in layer.shapes.items()}


def tensors_of(config, seed=0):
    random = np.random.default_rng(seed)
    return {name: random.standard_normal(shape).astype(np.float32) for name, shape in shapes_of(config).items()}


@pytest.mark.parametrize("name", MAGENTA_CONFIGS)
def test_a_configuration_is_inferred_from_its_tensors_and_its_name(name):
    assert infer_configs(shapes_of(MAGENTA_CONFIGS[name]), name=f"/somewhere/{name}.tar") == [
        MAGENTA_CONFIGS[name],
        *infer_configs(shapes_of(MAGENTA_CONFIGS[name]), name=name)[1:],
    ]


@pytest.mark.parametrize("name", [name for name in MAGENTA_CONFIGS if not name.startswith("groovae")])
def test_shapes_alone_distinguish_all_but_the_grooves(name):
    assert infer_configs(shapes_of(MAGENTA_CONFIGS[name]))[0] == MAGENTA_CONFIGS[name]


def test_other_sizes_come_from_the_shapes():
    assert infer_configs(shapes_of(DRUMS))[0].replace(name=DRUMS.name) == DRUMS


def test_of_two_names_in_a_path_the_longer_counts():
    name = "groovae_2bar_tap_fixed_velocity_note_dropout"
    assert infer_configs(shapes_of(MAGENTA_CONFIGS[name]), name=name)[0].name == name


def test_an_unknown_wiring_is_refused_with_its_facts():
    shapes = shapes_of(DRUMS.replace(input_depth=12))
    with pytest.raises(CheckpointError, match=r"like no published configuration \(input_depth 12, output_depth 512"):
        infer_configs(shapes)


def test_tensors_of_something_else_are_refused_with_their_names():
    with pytest.raises(CheckpointError, match=r"must have: .*It has: resnet/conv1, resnet/conv2\."):
        infer_configs({"resnet/conv1": (3, 3), "resnet/conv2": ()}, name="net")


def test_impossible_sizes_are_refused():
    shapes = {name: tuple(0 for _ in shape) for name, shape in shapes_of(DRUMS).items()}
    with pytest.raises(CheckpointError):
        infer_configs(shapes)


@pytest.mark.parametrize("wiring", WIRINGS)
def test_every_parameter_of_every_wiring_has_a_tensor(wiring):
    config = WIRINGS[wiring]
    state = mapping.convert_state_dict(config, tensors_of(config), "test")
    assert {name: tuple(value.shape) for name, value in state.items()} == {
        name: tuple(value.shape) for name, value in model_of(config).state_dict().items()
    }


def test_gates_are_reordered_and_the_forget_bias_is_added():
    kernel = np.array([[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]], np.float32)  # one input, one unit: i, j, f, o
    tensors = {"cell/kernel": kernel, "cell/bias": np.array([0.1, 0.2, 0.3, 0.4], np.float32)}
    layer = mapping.LayerMapping("cell", "layer", "cell", {})
    state = dict(layer.convert(tensors))
    assert state["layer.weight_ih_l0"].tolist() == [[1.0], [3.0], [2.0], [4.0]]
    assert state["layer.weight_hh_l0"].tolist() == [[5.0], [7.0], [6.0], [8.0]]
    np.testing.assert_allclose(state["layer.bias_ih_l0"], [0.1, 1.3, 0.2, 0.4])
    assert not state["layer.bias_hh_l0"].any()


def test_missing_and_unexpected_tensors_are_listed_by_name():
    tensors = tensors_of(DRUMS)
    tensors["encoder/mu/gain"] = tensors.pop("encoder/mu/bias")
    with pytest.raises(CheckpointError, match=r"missing: encoder/mu/bias \[6\]\n  unexpected: encoder/mu/gain"):
        mapping.convert_state_dict(DRUMS, tensors, "test")


def test_tensors_of_the_training_are_no_weights():
    tensors = tensors_of(DRUMS)
    for name in ("global_step", "beta1_power", "encoder/mu/bias/Adam", "encoder/mu/bias/Adam_1"):
        tensors[name] = np.zeros(1, np.float32)
    assert "mu.bias" in mapping.convert_state_dict(DRUMS, tensors, "test")


def test_a_tensor_of_another_shape_is_refused_with_both():
    tensors = tensors_of(DRUMS)
    tensors["encoder/mu/bias"] = np.zeros(7, np.float32)
    with pytest.raises(CheckpointError, match=r"encoder/mu/bias is \[7\], not \[6\]"):
        mapping.convert_state_dict(DRUMS, tensors, "test")


def test_numbers_that_are_not_finite_are_refused():
    tensors = tensors_of(DRUMS)
    tensors["encoder/mu/bias"][2] = np.inf
    with pytest.raises(CheckpointError, match="encoder/mu/bias holds numbers that are not finite"):
        mapping.convert_state_dict(DRUMS, tensors, "test")


def test_a_checkpoint_opens_by_prefix_folder_and_any_of_its_files(tmp_path):
    prefix = write(tmp_path / "model.ckpt", tensors_of(DRUMS))
    for path in (prefix, tmp_path, tmp_path / "model.ckpt.index", tmp_path / "model.ckpt.data-00000-of-00001"):
        model = load(path)
        assert model.config.z_size == 6
        assert "Read from Magenta's checkpoint" in model.card


def test_other_configurations_that_fit_are_named_in_the_card(tmp_path):
    write(tmp_path / "model.ckpt", tensors_of(WIRINGS["groove"]))
    card = load(tmp_path).card
    assert ", as groovae_2bar_humanize." in card
    assert "groovae_4bar as well" in card


def test_the_caller_can_give_the_configuration(tmp_path):
    config = WIRINGS["groove"].replace(name="mine", steps=64)
    write(tmp_path / "model.ckpt", tensors_of(config))
    assert load(tmp_path, config=config).config.steps == 64


def test_of_several_checkpoints_one_must_be_named(tmp_path):
    for step in (100, 200):
        write(tmp_path / f"model.ckpt-{step}", tensors_of(DRUMS, seed=step))
    with pytest.raises(ModelError, match=r"2 checkpoints in this folder \(model\.ckpt-100, model\.ckpt-200\)"):
        load(tmp_path)
    np.testing.assert_array_equal(
        load(tmp_path / "model.ckpt-200").mu.bias.detach(), tensors_of(DRUMS, seed=200)["encoder/mu/bias"]
    )


@pytest.mark.parametrize("path", ['"model.ckpt-100"', '"/elsewhere/train/model.ckpt-100"'])
def test_in_a_training_folder_the_checkpoint_named_by_tensorflow_is_loaded(tmp_path, path):
    for step in (100, 200):
        write(tmp_path / f"model.ckpt-{step}", tensors_of(DRUMS, seed=step))
    (tmp_path / "checkpoint").write_text(
        f'model_checkpoint_path: {path}\nall_model_checkpoint_paths: "model.ckpt-200"\n'
    )
    np.testing.assert_array_equal(load(tmp_path).mu.bias.detach(), tensors_of(DRUMS, seed=100)["encoder/mu/bias"])
    (tmp_path / "checkpoint").write_text('model_checkpoint_path: "model.ckpt-300"')
    with pytest.raises(ModelError, match="2 checkpoints in this folder"):
        load(tmp_path)


def test_with_a_name_of_magentas_the_sizes_are_those_of_the_tensors(tmp_path):
    write(tmp_path / "model.ckpt", tensors_of(WIRINGS["groove"]))
    config = load(tmp_path, config="groovae_2bar_add_closed_hh").config
    assert (config.name, config.dec_rnn_size) == ("groovae_2bar_add_closed_hh", (5, 8))


def test_a_checkpoint_without_an_encoder_opens_as_a_decoder(tmp_path):
    tensors = {name: value for name, value in tensors_of(DRUMS).items() if not name.startswith("encoder/")}
    model = load(write(tmp_path / "cat-drums_2bar_small", tensors))
    assert (model.config.name, model.config.enc_rnn_size) == ("cat-drums_2bar_small", ())
    assert len(model.sample(1, seed=0)) == 1
    with pytest.raises(CheckpointError, match="missing: encoder/cell_0"):
        load(tmp_path, config=DRUMS)


def test_tensors_of_an_encoder_are_ignored_by_a_decoder_alone(tmp_path):
    write(tmp_path / "model.ckpt", tensors_of(DRUMS))
    decoder = load(tmp_path, config=DRUMS.replace(enc_rnn_size=()))
    z = np.ones((2, 6))
    np.testing.assert_array_equal(decoder.decode_arrays(z), load(tmp_path).decode_arrays(z))


FOREIGN = st.sampled_from(["encoder/mu/kernel", "core_decoder/core_decoder_7/decoder/x", "decoder/nade/w_enc", "x/y"])
SHAPE = st.lists(st.integers(0, 1 << 31), max_size=4).map(tuple)


@given(data=st.data(), wiring=st.sampled_from([*WIRINGS]))
def test_any_names_and_shapes_are_a_configuration_or_a_checkpoint_error(data, wiring):
    shapes = shapes_of(WIRINGS[wiring])
    for _ in range(data.draw(st.integers(1, 4))):
        name = data.draw(st.sampled_from(sorted(shapes)) | FOREIGN)
        if data.draw(st.booleans()):
            shapes.pop(name, None)
        else:
            shapes[name] = data.draw(SHAPE)
    metadata = data.draw(st.none() | st.builds(CheckpointMetadata, st.integers(1, 600), st.none() | st.integers(1, 20)))
    for infer in (
        lambda: infer_configs(shapes, name="any", metadata=metadata),
        lambda: [fit_sizes(MAGENTA_CONFIGS["groovae_4bar"], shapes)],
    ):
        try:
            configs = infer()
        except CheckpointError:
            continue
        assert all(config.z_size <= 1 << 16 for config in configs)
