"""Checkpoints of magenta-js: both layouts, quantized or not, read correctly or refused."""

import json

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from latentpalette.errors import CheckpointError, LatentPaletteError
from latentpalette.models.magenta.storage import Folder
from latentpalette.models.magenta.tfjs import TfjsCheckpoint
from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
from latentpalette.models.store import load
from tests.models.magenta.test_mapping import tensors_of
from tests.models.magenta.tfjs_files import write_files, write_shards
from tests.models.tiny_models import DRUMS, SIZES, WIRINGS

MELODY = MAGENTA_CONFIGS["cat-mel_2bar_small"].replace(**SIZES)
MELODY_SPEC = {"type": "MelodyConverter", "args": {"minPitch": 21, "maxPitch": 108, "numSteps": 32}}
DRUMS_SPEC = {"type": "DrumsConverter", "args": {"numSteps": 32}}

fuzz = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])


def checkpoint(folder):
    return TfjsCheckpoint(Folder(folder), folder.name)


@pytest.mark.parametrize("shard", [1 << 20, 1000, 999, 37])
def test_tensors_are_read_from_shards_wherever_they_are_split(tmp_path, shard):
    tensors = tensors_of(DRUMS.replace(output_depth=8))
    read = checkpoint(write_shards(tmp_path, tensors, shard=shard))
    assert list(read) == list(tensors)
    for name, values in tensors.items():
        np.testing.assert_array_equal(read[name], values)
        assert read.shapes[name] == values.shape


@pytest.mark.parametrize("write", [write_shards, write_files])
@pytest.mark.parametrize("width", [1, 2])
def test_quantized_tensors_are_read_to_within_half_a_step(tmp_path, write, width):
    tensors = tensors_of(MELODY)
    tensors["constant"] = np.full((2, 3), 0.25, np.float32)
    read = checkpoint(write(tmp_path, tensors, width=width))
    for name, values in tensors.items():
        step = (values.max() - values.min()) / (2 ** (8 * width) - 1)
        assert read[name].dtype == np.float32
        np.testing.assert_allclose(read[name], values, rtol=0, atol=step * 0.5 + 1e-6)


@pytest.mark.parametrize("write", [write_shards, write_files])
@pytest.mark.parametrize("spec", [None, MELODY_SPEC])
def test_both_layouts_are_the_same_model_with_or_without_a_description(tmp_path, write, spec):
    tensors = tensors_of(MELODY)
    model = load(write(tmp_path / "mel", tensors, spec=spec))
    assert (model.name, model.config.steps, model.config.dec_rnn_size) == ("mel", 32, (5, 8))
    np.testing.assert_array_equal(model.mu.weight.detach().numpy(), tensors["encoder/mu/kernel"].T)
    assert "magenta-js" in model.card


def test_the_path_of_the_manifest_opens_the_checkpoint(tmp_path):
    folder = write_files(tmp_path / "mel", tensors_of(MELODY))
    assert load(folder / "manifest.json").name == "mel"


def test_another_length_comes_from_the_file(tmp_path):
    spec = {"type": "MelodyConverter", "args": {"minPitch": 21, "maxPitch": 108, "numSteps": 64}}
    config = load(write_shards(tmp_path / "mel_4bar", tensors_of(MELODY), spec=spec)).config
    assert (config.name, config.steps, config.converter["steps"]) == ("mel_4bar", 64, 64)


def test_segments_come_from_the_file(tmp_path):
    wiring = MAGENTA_CONFIGS["hier-trio_16bar"].replace(**SIZES)
    spec = {"type": "TrioConverter", "args": {"numSteps": 64, "numSegments": 4}}
    config = load(write_shards(tmp_path / "trio_4bar", tensors_of(wiring), spec=spec)).config
    assert (config.encoder_levels, config.decoder_levels) == ((16, 4), (4, 16))
    assert dict(config.converter) == {"name": "trio", "steps": 64, "drum_map": "reduced-2018"}


def test_a_conductor_without_segments_is_refused(tmp_path):
    wiring = MAGENTA_CONFIGS["hier-mel_16bar"].replace(**SIZES)
    spec = {"type": "MelodyConverter", "args": {"numSteps": 256}}
    with pytest.raises(CheckpointError, match="256 steps in None segments do not fit its tensors"):
        load(write_shards(tmp_path, tensors_of(wiring), spec=spec))


def test_separate_decoders_without_a_conductor_open_too(tmp_path):
    wiring = MAGENTA_CONFIGS["hierdec-trio_16bar"].replace(**SIZES, decoder_levels=(), steps=32)
    spec = {"type": "TrioConverter", "args": {"numSteps": 32}}
    model = load(write_shards(tmp_path, tensors_of(wiring), spec=spec))
    assert (model.config.separate_decoders, model.config.decoder_levels) == (True, ())
    assert model.decode_classes(np.zeros((2, 6))).shape == (2, 32, 3)


@pytest.mark.parametrize(
    ("wiring", "spec", "converter"),
    [
        (DRUMS, DRUMS_SPEC, {"name": "drums", "steps": 32, "drum_map": "reduced-2018"}),
        (
            WIRINGS["nade"],
            {"type": "DrumRollConverter", "args": {"numSteps": 32}},
            {"name": "drum-pianoroll", "steps": 32, "drum_map": "reduced-2018"},
        ),
        (
            WIRINGS["groove"],
            {"type": "GrooveConverter", "args": {"numSteps": 32, "tapify": True, "splitInstruments": False}},
            {"name": "groove", "steps": 32, "tapify": True, "fixed_velocities": True},
        ),
        (
            MAGENTA_CONFIGS["hier-multiperf_vel_1bar_med_chords"].replace(**SIZES),
            {"type": "MultitrackConverter", "args": {"numSteps": 512, "numSegments": 8}},
            {"name": "performance", "chords": True},
        ),
        (WIRINGS["controls"], MELODY_SPEC, {"name": "melody", "steps": 32, "chords": True}),
        (MELODY, {"type": "MelodyConverter", "args": {"minPitch": 48, "maxPitch": 83, "numSteps": 32}}, {}),
    ],
)
def test_the_converter_is_the_one_in_the_file(tmp_path, wiring, spec, converter):
    model = load(write_shards(tmp_path, tensors_of(wiring), spec=spec))
    assert dict(model.config.converter) == converter
    if converter:
        assert model.converter.output_depth == model.config.output_depth
        assert model.converter.control_depth == model.config.control_depth


def test_chords_that_no_converter_makes_are_noted_in_the_card(tmp_path):
    wiring = MAGENTA_CONFIGS["cat-mel_2bar_med_chords"].replace(**SIZES, control_depth=37)
    model = load(write_shards(tmp_path, tensors_of(wiring), spec=MELODY_SPEC))
    assert "controls are 37 wide" in model.card
    assert model.decode_arrays(np.zeros((1, 6)), controls=np.zeros((32, 37))).shape == (1, 32, 90)


def test_a_configuration_sets_another_drum_map(tmp_path):
    folder = write_shards(tmp_path, tensors_of(DRUMS), spec=DRUMS_SPEC)
    assert load(folder).converter.drum_map == "reduced-2018"
    assert "Drum map: reduced-2018" in load(folder).card
    assert load(folder, config=DRUMS).converter.drum_map == "reduced"


def test_without_a_sigma_music_is_encoded_and_the_card_notes_it(tmp_path):
    tensors = {name: values for name, values in tensors_of(DRUMS).items() if "sigma" not in name}
    model = load(write_files(tmp_path, tensors))
    posterior = model.posterior_arrays(np.zeros((2, 32, 10)))
    whole = load(write_files(tmp_path / "whole", tensors_of(DRUMS)))
    np.testing.assert_array_equal(posterior.mu, whole.posterior_arrays(np.zeros((2, 32, 10))).mu)
    np.testing.assert_allclose(posterior.sigma, 1.0, rtol=1e-6)
    assert "sigma is not known and is set to 1" in model.card


def test_without_a_single_kernel_of_the_encoder_it_opens_as_a_decoder(tmp_path):
    tensors = {name: values for name, values in tensors_of(DRUMS).items() if "bidirectional_rnn" not in name}
    model = load(write_files(tmp_path, tensors, spec=DRUMS_SPEC))
    assert not model.config.has_encoder
    assert len(model.sample(2, seed=0)) == 2
    assert "Tensors left out: encoder/mu/bias, encoder/mu/kernel" in model.card


def test_half_an_encoder_is_refused_with_the_missing_tensors(tmp_path):
    tensors = tensors_of(DRUMS)
    name = next(name for name in tensors if "bw" in name and name.endswith("kernel"))
    folder = write_files(tmp_path, tensors, spec=DRUMS_SPEC)
    (folder / name.replace("/", "_")).unlink()
    with pytest.raises(CheckpointError, match=rf"missing: {name} \[17, 28\]"):
        load(folder)


def test_a_missing_shard_is_named(tmp_path):
    folder = write_shards(tmp_path, tensors_of(MELODY), shard=5000)
    next(folder.glob("group1-shard2of*")).unlink()
    with pytest.raises(CheckpointError, match=r"group1-shard2of.*: cannot be read"):
        load(folder)


def test_a_shard_of_another_size_is_noticed(tmp_path):
    folder = write_shards(tmp_path, tensors_of(MELODY), shard=5000)
    last = max(folder.glob("group1-shard*"))
    for content in (last.read_bytes()[:-1], last.read_bytes() + b"more"):
        last.write_bytes(content)
        with pytest.raises(CheckpointError, match="the tensors in it take"):
            load(folder)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"shape": [1 << 30, 1 << 30]}, "would have"),
        ({"shape": [-1]}, r"the shape \[-1\]"),
        ({"shape": [True]}, "the shape"),
        ({"shape": [1.5]}, "the shape"),
        ({"shape": "wide"}, "should be a list"),
        ({"shape": [1] * 9}, "the shape"),
        ({"dtype": "string"}, "holds 'string'"),
        ({"dtype": ["float32"]}, "known are"),
        ({"name": 3}, "should be a str"),
        ({"quantization": {"dtype": "uint4"}}, "holds 'uint4'"),
        ({"quantization": {"dtype": "uint8", "scale": float("nan"), "min": 0}}, "no number to scale by"),
        ({"quantization": {"dtype": "uint8", "scale": 10**400, "min": 0}}, "no number to scale by"),
        ({"quantization": {"dtype": "uint8", "scale": 1}}, "no 'min'"),
        ({"quantization": []}, "no 'dtype'"),
    ],
)
def test_an_invalid_manifest_is_refused_before_anything_is_read(tmp_path, change, message):
    folder = write_shards(tmp_path, {"x": np.zeros(3, np.float32)})
    manifest = json.loads((folder / "weights_manifest.json").read_text())
    manifest[0]["weights"][0] |= change
    (folder / "weights_manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(CheckpointError, match=message):
        checkpoint(folder)


@pytest.mark.parametrize("name", ["../secret", "/etc/hostname", "a/b", "..", "", "a\\b", "a\0b", "x" * 300])
def test_a_shard_outside_the_folder_is_not_opened(tmp_path, name):
    (tmp_path / "secret").write_bytes(b"x" * 12)
    folder = write_shards(tmp_path / "model", {"x": np.zeros(3, np.float32)})
    manifest = json.loads((folder / "weights_manifest.json").read_text())
    manifest[0]["paths"] = [name]
    (folder / "weights_manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(CheckpointError, match=r"not the name of a file in this folder|cannot be read"):
        checkpoint(folder)


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "3", "null", '[{"paths": []}]', "[[]]", "[{}]", "\ufeff!"])
def test_other_json_than_a_manifest_is_refused(tmp_path, text):
    for name in ("weights_manifest.json", "manifest.json"):
        (tmp_path / name).write_text(text)
        with pytest.raises(CheckpointError):
            load(tmp_path)


@pytest.mark.parametrize(
    "spec",
    [
        "x",
        {"type": 3},
        {"type": "MelodyConverter", "args": 3},
        {"type": "MelodyConverter", "args": {"numSteps": "many"}},
        {"type": "MelodyConverter", "args": {"numSteps": 1 << 40}},
        {"type": "MelodyConverter", "args": {"numSteps": 32, "numSegments": [16]}},
        {"type": "TrioConverter", "args": {}},
        {"type": "GrooveConverter", "args": {"numSteps": 32}},
    ],
)
def test_an_invalid_description_is_refused(tmp_path, spec):
    with pytest.raises(CheckpointError):
        load(write_shards(tmp_path, tensors_of(MELODY), spec=spec))


def test_a_manifest_of_very_many_shards_and_tensors_takes_no_time(tmp_path):
    names = [f"shard{k}" for k in range(2000)]
    for name in names:
        (tmp_path / name).write_bytes(b"")
    weights = [{"name": f"x{k}", "shape": [0], "dtype": "float32"} for k in range(9000)]
    (tmp_path / "weights_manifest.json").write_text(json.dumps([{"paths": names, "weights": weights}]))
    assert len(checkpoint(tmp_path)) == 9000  # 18 million look-ups otherwise: the suite would time out


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@fuzz
@given(data=st.data())
def test_a_manifest_with_any_value_changed_is_refused_or_read(tmp_path, data):
    """One value somewhere in the manifest or the configuration becomes something else."""
    write = data.draw(st.sampled_from([write_shards, write_files]))
    folder = write(tmp_path / write.__name__, TINY, spec=MELODY_SPEC)
    file = data.draw(st.sampled_from(sorted(folder.glob("*.json"))))
    content = json.loads(file.read_text())
    positions = list(_positions(content))
    container, key = positions[data.draw(st.integers(0, len(positions) - 1))]
    if isinstance(container, dict) and data.draw(st.booleans()):
        del container[key]
    else:
        container[key] = data.draw(JUNK)
    file.write_text(json.dumps(content))
    try:
        model = load(folder)
    except LatentPaletteError:
        return
    assert model.decode_arrays(np.zeros((1, 6))).shape[2] == 90


@fuzz
@given(data=st.data())
def test_truncated_or_changed_files_are_refused_or_read(tmp_path, data):
    write = data.draw(st.sampled_from([write_shards, write_files]))
    folder = write(tmp_path / write.__name__, TINY, spec=MELODY_SPEC)
    file = data.draw(st.sampled_from(sorted(folder.iterdir())))
    content = bytearray(file.read_bytes())
    if data.draw(st.booleans()):
        content = content[: data.draw(st.integers(0, len(content) - 1))]
    else:
        for _ in range(data.draw(st.integers(1, 4))):
            content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    file.write_bytes(content)
    try:
        model = load(folder)
    except LatentPaletteError:
        return
    assert np.isfinite(model.decode_arrays(np.zeros((1, 6)))).all()


TINY = tensors_of(MELODY)


def _positions(value):
    """Yield the container and key of every value in a JSON value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield value, key
        yield from _positions(inner)
