"""Rejection sampling: samples that are silent or have a static bar are drawn again."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch

from latentpalette.converters.stream_registry import streams_of
from latentpalette.converters.streams import DrumStream
from latentpalette.errors import ModelError
from latentpalette.models import sampling, store
from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
from latentpalette.models.network import Network
from latentpalette.models.sampling import is_degenerate
from latentpalette.models.tokens import targets_to_tokens, tokens_to_labels
from tests.models.tiny_models import SIZES, WIRINGS, model_of

KIT = DrumStream.from_map("reduced")
CHANGING, SILENT, STATIC = [1, 0, 4, 0] * 8, [0] * 32, [1, 0] * 8 + [4] * 16
TUNE = ([41, 0, 43, 0] * 4 + [44, 0, 0, 0] * 4) * 2


def lively(silence=2.5):
    """Return a model with Gibbs steps whose tokens change often, but not always: some of its loops are static."""
    model = model_of(
        MAGENTA_CONFIGS["cat-drums_2bar_small"].replace(**SIZES, gibbs_steps=1, max_attempts=16), spread=0.3
    )
    with torch.no_grad():
        model.decoder.cores[0].projection.bias[4:] -= 6.0  # leaves four of 512 classes
        model.decoder.cores[0].projection.bias[0] += silence
    return model


def labels(model, n, **options):
    return np.stack([model.converter.tokens(loop) for loop in model.sample(n, **options)]).astype(int)


# --- degenerate samples


def tokens_of(*streams):
    return [torch.tensor(stream) for stream in streams]


def test_silent_and_static_loops_are_degenerate():
    network = Network(WIRINGS["flat"])
    assert is_degenerate(network, tokens_of([CHANGING, SILENT, STATIC])).tolist() == [False, True, True]


def test_one_silent_stream_makes_a_trio_degenerate():
    levels = {"encoder_levels": (2, 16), "decoder_levels": (2, 16), "steps": 32}
    config = MAGENTA_CONFIGS["hier-trio_16bar"].replace(**SIZES, **levels, converter={"name": "trio", "steps": 32})
    trio = Network(config, init=False)
    tunes, drums = [TUNE[:32]] * 3, [CHANGING] * 3
    basses = [TUNE[:32], [0] * 32, [41] * 16 + [0] * 16]
    assert is_degenerate(trio, tokens_of(tunes, basses, drums)).tolist() == [False, True, True]
    assert is_degenerate(trio, tokens_of(tunes, tunes, [CHANGING, SILENT, STATIC])).tolist() == [False, True, True]


def test_multi_hot_tokens_are_understood():
    nade = Network(WIRINGS["nade"], init=False)
    rolls = (np.array([CHANGING, SILENT, STATIC])[..., None] >> np.arange(9)) & 1
    assert is_degenerate(nade, [torch.from_numpy(rolls)]).tolist() == [False, True, True]


def test_only_whole_bars_can_be_static():
    odd = Network(WIRINGS["flat"].replace(steps=24, converter={"name": "drums", "steps": 24}), init=False)
    assert is_degenerate(odd, tokens_of([CHANGING[:16] + [4] * 8, [4] * 16 + CHANGING[:8]])).tolist() == [False, True]
    short = Network(WIRINGS["flat"].replace(steps=8, converter={"name": "drums", "steps": 8}), init=False)
    assert is_degenerate(short, tokens_of([[4] * 8, [0] * 8])).tolist() == [False, True]


def test_without_known_streams_no_sample_is_degenerate():
    unknown = Network(MAGENTA_CONFIGS["nade-drums_2bar_full"].replace(**SIZES, nade_hidden=4), init=False)
    assert is_degenerate(unknown, [torch.zeros(3, 32, 61)]).tolist() == [False] * 3


# --- attempts


def onsets(music):
    return [[(note.step, note.pitch) for note in piece.notes] for piece in music]


@pytest.mark.parametrize(("temperature", "silence"), [(0.7, 2.5), (1.0, 4.0)])
def test_no_sample_is_silent_or_static_though_first_attempts_are(temperature, silence):
    model = lively(silence)
    assert KIT.has_static_bar(labels(model, 200, temperature=temperature, seed=3, max_attempts=1)).mean() > 0.02
    accepted = labels(model, 200, temperature=temperature, seed=3)
    assert not (KIT.has_static_bar(accepted) | KIT.is_silent(accepted)).any()


def test_samples_that_are_not_degenerate_are_unchanged():
    model = lively()
    z = model.sample_z(100, seed=3)
    first = model.decode(z, temperature=0.7, seed=3)
    masks = np.stack([model.converter.tokens(loop) for loop in first]).astype(int)
    fine = ~(KIT.has_static_bar(masks) | KIT.is_silent(masks))
    accepted = model.sample(100, temperature=0.7, seed=3)
    assert 0 < fine.sum() < 100
    assert [a == b for a, b in zip(first, accepted, strict=True)] == fine.tolist()


def test_the_same_seed_gives_the_same_attempts_and_the_first_of_more():
    model = lively()
    many = model.sample(60, temperature=0.7, seed=5)
    assert many == model.sample(60, temperature=0.7, seed=5)
    assert many[:7] == model.sample(7, temperature=0.7, seed=5)
    assert many != model.sample(60, temperature=0.7, seed=6)


def test_without_a_seed_attempts_differ():
    model = lively()
    assert model.sample(20, temperature=0.7) != model.sample(20, temperature=0.7)


def test_magentas_configurations_have_one_attempt():
    assert {config.max_attempts for config in MAGENTA_CONFIGS.values()} == {1}


def test_fewer_than_one_are_refused():
    with pytest.raises(ModelError, match="from 1 to 1000; got 0"):
        lively().sample(2, max_attempts=0)
    with pytest.raises(ModelError, match="max_attempts is a whole number from 1 to 1000"):
        WIRINGS["flat"].replace(max_attempts=0)


def test_a_model_that_is_always_degenerate_stops_after_its_last_attempt(monkeypatch):
    silent_model = model_of(WIRINGS["flat"].replace(gibbs_steps=1, max_attempts=16), spread=0.0)
    with torch.no_grad():
        silent_model.decoder.cores[0].projection.bias[0] = 50.0
    decoded = []
    decode = type(silent_model).decode_tokens
    monkeypatch.setattr(
        type(silent_model),
        "decode_tokens",
        lambda self, z, **kwargs: decoded.append(len(z)) or decode(self, z, **kwargs),
    )
    monkeypatch.setattr(sampling, "pseudo_gibbs", lambda network, converter, z, *_: z)
    music = silent_model.sample(2, temperature=0.5, seed=1)
    assert [len(loop.notes) for loop in music] == [0, 0]
    assert decoded.count(2) == 16 + 1  # and once to refine the first z


def test_further_attempts_with_same_z_keep_it(monkeypatch):
    model = lively()
    latents = []
    decode = type(model).decode_tokens
    monkeypatch.setattr(
        type(model),
        "decode_tokens",
        lambda self, z, **kwargs: latents.append(np.array(z)) or decode(self, z, **kwargs),
    )
    music = model.sample(40, temperature=0.7, seed=3, same_z=True)
    attempts = latents[1:]  # the first is the refinement
    assert len(attempts) > 1
    assert all((z == attempts[0][0]).all() for z in attempts)
    assert len({tuple(loop.notes) for loop in music}) > 1


def test_arg_max_with_same_z_is_decoded_once():
    silent_model = model_of(WIRINGS["flat"].replace(gibbs_steps=1, max_attempts=16), spread=0.0)
    loops = silent_model.sample(3, temperature=None, seed=1, same_z=True)
    assert loops[0] == loops[1] == loops[2]


@pytest.mark.parametrize("name", ["controls", "groove", "nade"])
def test_every_wiring_can_be_rejected(name):
    model = model_of(WIRINGS[name].replace(gibbs_steps=1, max_attempts=16))
    chords = ["C", "G"] if name == "controls" else None
    music = model.sample(12, temperature=1.0, seed=2, controls=chords)
    assert len(music) == 12
    assert onsets(music[:4]) == onsets(model.sample(4, temperature=1.0, seed=2, controls=chords))


# --- the models that come with the package

CONFIGURED = {model.name: json.loads((model.folder / "config.json").read_text()) for model in store.available()}
WITH_REJECTION = [name for name, config in CONFIGURED.items() if config.get("max_attempts", 1) > 1]


@pytest.mark.parametrize("name", WITH_REJECTION)
@pytest.mark.parametrize("temperature", [0.5, 1.0])
def test_no_sample_of_a_shipped_model_is_silent_or_static(name, temperature):
    model = store.load(name)
    chords = ["C"] if model.config.control_depth else None
    music = model.sample(24, temperature=temperature, seed=11, controls=chords)
    if model.config.converter["name"] == "performance":  # tracks of one instrument, merged, may be too long to be read
        assert all(len({note.step + note.offset for note in bar.notes}) > 1 for bar in music)
        return
    targets = torch.from_numpy(np.stack([model.converter.encode(loop).targets for loop in music]))
    sampled = tokens_to_labels(model.config, targets_to_tokens(model.config, targets))
    for k, stream in enumerate(streams_of(model.config.converter)):
        assert not (stream.is_silent(sampled[..., k]) | stream.has_static_bar(sampled[..., k])).any(), stream.name


def test_some_shipped_models_reject():
    assert {"drums-2bar", "melody-2bar", "melody-16bar", "trio-16bar", "groove-4bar"} <= set(WITH_REJECTION)
