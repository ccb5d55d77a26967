"""Configurations: Magenta's sizes, JSON, old field names, and errors."""

import dataclasses
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latentpalette.errors import ModelError
from latentpalette.models.config import ModelConfig
from latentpalette.models.magenta.mapping import layer_mappings
from latentpalette.models.magenta_configs import MAGENTA_CONFIGS, magenta_config

# Parameters of Magenta's graph as counted in its own process, the global step aside.
PARAMETERS = {
    "cat-mel_2bar_small": 4_423_770,
    "cat-mel_2bar_big": 134_571_098,
    "cat-mel_2bar_med_chords": 17_478_234,
    "cat-drums_2bar_small": 4_636_672,
    "cat-drums_2bar_big": 137_582_080,
    "nade-drums_2bar_reduced": 13_819_273,
    "nade-drums_2bar_full": 14_391_741,
    "flat-trio_16bar": 251_279_028,
    "hierdec-trio_16bar": 230_975_156,
    "hier-trio_16bar": 122_529_460,
    "flat-mel_16bar": 235_250_778,
    "hierdec-mel_16bar": 176_061_530,
    "hier-mel_16bar": 72_547_418,
    "hier-multiperf_vel_1bar_med": 55_638_506,
    "hier-multiperf_vel_1bar_big": 204_598_762,
    "hier-multiperf_vel_1bar_med_chords": 56_140_266,
    "hier-multiperf_vel_1bar_big_chords": 205_602_282,
    "groovae_4bar": 4_085_019,
    "groovae_2bar_humanize": 4_085_019,
    "groovae_2bar_tap_fixed_velocity": 4_085_019,
    "groovae_2bar_tap_fixed_velocity_note_dropout": 4_085_019,
    "groovae_2bar_add_closed_hh": 4_085_019,
    "groovae_2bar_hits_control_tfds": 4_131_099,
}


def test_every_configuration_of_magentas_is_there():
    assert set(MAGENTA_CONFIGS) == set(PARAMETERS)


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_configuration_has_as_many_parameters_as_magentas(name):
    shapes = [shape for layer in layer_mappings(MAGENTA_CONFIGS[name]) for shape in layer.shapes.values()]
    assert sum(math.prod(shape) for shape in shapes) == PARAMETERS[name]


@pytest.mark.parametrize("config", MAGENTA_CONFIGS.values(), ids=lambda config: config.name)
def test_a_configuration_survives_json(config):
    assert ModelConfig.from_json(config.to_json()) == config


@given(
    st.builds(
        ModelConfig,
        name=st.text(),
        steps=st.integers(1, 512),
        input_depth=st.integers(1, 700),
        output_depth=st.integers(1, 700),
        z_size=st.integers(1, 512),
        enc_rnn_size=st.lists(st.integers(1, 2048), min_size=1, max_size=3),
        dec_rnn_size=st.lists(st.integers(1, 2048), min_size=1, max_size=3),
        free_bits=st.floats(0, 1000),
        end_token=st.none() | st.integers(0, 700),
        converter=st.dictionaries(st.text(), st.integers() | st.text() | st.booleans()),
    )
)
def test_any_configuration_survives_json(config):
    again = ModelConfig.from_json(config.to_json())
    assert (again, hash(again)) == (config, hash(config))


def test_a_field_that_does_not_exist_is_refused_with_the_nearest():
    with pytest.raises(ModelError, match=r"'dec_rnn_sizes'\. Did you mean 'dec_rnn_size'"):
        MAGENTA_CONFIGS["cat-drums_2bar_small"].replace(dec_rnn_sizes=(1,))


def test_an_unknown_name_is_refused_with_the_nearest():
    with pytest.raises(ModelError, match="Did you mean 'groovae_4bar'"):
        magenta_config("groovae_4bars")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"steps": 0}, "steps is a whole number from 1 to 65536; got 0"),
        ({"z_size": 10**9}, "z_size is a whole number from 1 to 65536"),
        ({"dec_rnn_size": [8] * 1000}, "dec_rnn_size is a list of 1 to 32 numbers"),
        ({"dec_rnn_size": ()}, "dec_rnn_size is a list of 1 to 32 numbers"),
        ({"cell": "gruu"}, "Did you mean 'gru'"),
        ({"dec_rnn_size": (256, -1)}, "each of dec_rnn_size is a whole number from 1"),
        ({"dec_rnn_size": (256, 1.5)}, "each of dec_rnn_size is a whole number from 1"),
        ({"dec_rnn_size": 256}, "dec_rnn_size is a list"),
        ({"z_size": 1.5}, "z_size is a whole number"),
        ({"z_size": True}, "z_size is a whole number"),
        ({"z_size": "8"}, "z_size is a whole number"),
        ({"free_bits": float("nan")}, "free_bits is a number"),
        ({"max_beta": "1"}, "max_beta is a number"),
        ({"sampling_schedule": "linear"}, "sampling_schedule is 'constant', "),
        ({"deterministic": 1}, "deterministic is True or False"),
        ({"end_token": 1.5}, "end_token is a whole number"),
        ({"converter": ["drums"]}, "converter is a JSON object"),
        ({"name": 3}, "name is a text"),
        ({"head": "categoricle"}, "Did you mean 'categorical'"),
        ({"decoder_levels": (16, 16)}, "multiply to 256, but a sequence has 32"),
        ({"decoder_levels": (2, 2, 8)}, r"\(conductor, segment\)"),
        ({"output_depths": (500, 10)}, "add up to 510"),
        ({"separate_decoders": True}, "need output_depths"),
        ({"head": "groove"}, "hits, velocities, offsets"),
        ({"dropout": 1.0}, "below 1"),
    ],
)
def test_fields_that_contradict_one_another_are_refused(changes, message):
    with pytest.raises(ModelError, match=message):
        MAGENTA_CONFIGS["cat-drums_2bar_small"].replace(**changes)


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"name": "x"}', "[" * 100_000, '{"name": "x", "steps": "many"}', "NaN", "\x00"]
)
def test_invalid_json_is_a_model_error(text):
    with pytest.raises(ModelError):
        ModelConfig.from_json(text)


def test_a_field_of_the_wrong_type_is_a_model_error():
    values = MAGENTA_CONFIGS["cat-drums_2bar_small"].to_dict()
    wrong = ({"steps": "32"}, {"enc_rnn_size": 512}, {"converter": 3}, {"dropout": None}, {"output_depths": [None]})
    for changes in wrong:
        with pytest.raises(ModelError):
            ModelConfig.from_dict({**values, **changes})


def test_old_names_of_fields_are_still_read():
    config = MAGENTA_CONFIGS["hierdec-trio_16bar"].replace(dropout=0.2, gibbs_steps=2, max_attempts=5)
    values = config.to_dict()
    new_names = ("output_depths", "separate_decoders", "dropout", "expression_weight", "gibbs_steps", "max_attempts")
    old = {name: value for name, value in values.items() if name not in new_names}
    old |= {"parts": [90, 90, 512], "split": True, "keep": 0.8, "touch": 1.0, "rehearsals": 2, "takes": 5}
    old["converter"] = {"name": "trio", "steps": 256}
    assert ModelConfig.from_dict(old) == config
    assert config.replace(keep=1.0).dropout == 0.0
    with pytest.raises(ModelError):
        ModelConfig.from_dict({**old, "keep": "0.8"})


def test_a_configuration_cannot_be_changed():
    config = MAGENTA_CONFIGS["cat-drums_2bar_small"]
    with pytest.raises(dataclasses.FrozenInstanceError):
        config.steps = 64
    with pytest.raises(TypeError):
        config.converter["steps"] = 64
    with pytest.raises(TypeError):
        MAGENTA_CONFIGS["mine"] = config
