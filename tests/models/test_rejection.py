"""Music that is heard before it is handed over, and taken again where it is silent or stuck."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch

from latentpalette.converters.streams import DrumStream, streams_of
from latentpalette.errors import ModelError
from latentpalette.models import sampling, store
from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
from latentpalette.models.network import Network
from latentpalette.models.sampling import is_degenerate
from latentpalette.models.tokens import tokens_to_labels, targets_to_tokens
from tests.models.tiny_models import SIZES, WIRINGS, model_of

KIT = DrumStream.from_map("reduced")
MOVING, SILENT, STUCK = [1, 0, 4, 0] * 8, [0] * 32, [1, 0] * 8 + [4] * 16
TUNE = ([41, 0, 43, 0] * 4 + [44, 0, 0, 0] * 4) * 2


def lively(silence=2.5):
    """A model that rehearses, and whose rows change often, but not always: some loops of it are stuck."""
    model = model_of(
        MAGENTA_CONFIGS["cat-drums_2bar_small"].replace(**SIZES, gibbs_steps=1, max_attempts=16), spread=0.3
    )
    with torch.no_grad():
        model.decoder.cores[0].projection.bias[4:] -= 6.0  # of 512 classes, four are left
        model.decoder.cores[0].projection.bias[0] += silence
    return model


def labels(model, n, **how):
    return np.stack([model.converter.tokens(loop) for loop in model.sample(n, **how)]).astype(int)


# --- what is dull


def said(*parts):
    return [torch.tensor(part) for part in parts]


def test_silent_and_stuck_loops_are_dull():
    network = Network(WIRINGS["flat"])
    assert is_degenerate(network, said([MOVING, SILENT, STUCK])).tolist() == [False, True, True]


def test_one_silent_part_makes_a_trio_dull():
    levels = {"encoder_levels": (2, 16), "decoder_levels": (2, 16), "steps": 32}
    config = MAGENTA_CONFIGS["hier-trio_16bar"].replace(**SIZES, **levels, converter={"name": "trio", "steps": 32})
    trio = Network(config, init=False)
    tunes, drums = [TUNE[:32]] * 3, [MOVING] * 3
    basses = [TUNE[:32], [0] * 32, [41] * 16 + [0] * 16]
    assert is_degenerate(trio, said(tunes, basses, drums)).tolist() == [False, True, True]
    assert is_degenerate(trio, said(tunes, tunes, [MOVING, SILENT, STUCK])).tolist() == [False, True, True]


def test_hits_that_are_said_drum_by_drum_are_understood():
    nade = Network(WIRINGS["nade"], init=False)
    rolls = (np.array([MOVING, SILENT, STUCK])[..., None] >> np.arange(9)) & 1
    assert is_degenerate(nade, [torch.from_numpy(rolls)]).tolist() == [False, True, True]


def test_only_whole_bars_can_be_stuck():
    odd = Network(WIRINGS["flat"].replace(steps=24, converter={"name": "drums", "steps": 24}), init=False)
    assert is_degenerate(odd, said([MOVING[:16] + [4] * 8, [4] * 16 + MOVING[:8]])).tolist() == [False, True]
    short = Network(WIRINGS["flat"].replace(steps=8, converter={"name": "drums", "steps": 8}), init=False)
    assert is_degenerate(short, said([[4] * 8, [0] * 8])).tolist() == [False, True]


def test_of_labels_that_nobody_knows_none_is_dull():
    unknown = Network(MAGENTA_CONFIGS["nade-drums_2bar_full"].replace(**SIZES, nade_hidden=4), init=False)
    assert is_degenerate(unknown, [torch.zeros(3, 32, 61)]).tolist() == [False] * 3


# --- takes


def when(music):
    return [[(note.step, note.pitch) for note in each.notes] for each in music]


@pytest.mark.parametrize(("temperature", "silence"), [(0.7, 2.5), (1.0, 4.0)])
def test_no_sample_is_silent_or_stuck_though_places_are(temperature, silence):
    model = lively(silence)
    assert KIT.has_static_bar(labels(model, 200, temperature=temperature, seed=3, max_attempts=1)).mean() > 0.02
    kept = labels(model, 200, temperature=temperature, seed=3)
    assert not (KIT.has_static_bar(kept) | KIT.is_silent(kept)).any()


def test_what_is_not_dull_is_kept_as_it_was():
    model = lively()
    z = model.sample_z(100, seed=3)
    first = model.decode(z, temperature=0.7, seed=3)
    masks = np.stack([model.converter.tokens(loop) for loop in first]).astype(int)
    fine = ~(KIT.has_static_bar(masks) | KIT.is_silent(masks))
    kept = model.sample(100, temperature=0.7, seed=3)
    assert 0 < fine.sum() < 100
    assert [a == b for a, b in zip(first, kept, strict=True)] == fine.tolist()


def test_the_same_seed_takes_the_same_takes_and_the_first_of_more():
    model = lively()
    many = model.sample(60, temperature=0.7, seed=5)
    assert many == model.sample(60, temperature=0.7, seed=5)
    assert many[:7] == model.sample(7, temperature=0.7, seed=5)
    assert many != model.sample(60, temperature=0.7, seed=6)


def test_without_a_seed_takes_are_drawn_afresh():
    model = lively()
    assert model.sample(20, temperature=0.7) != model.sample(20, temperature=0.7)


def test_magentas_wirings_take_what_comes():
    assert {config.max_attempts for config in MAGENTA_CONFIGS.values()} == {1}


def test_fewer_than_one_are_refused():
    with pytest.raises(ModelError, match="counted from 1; got 0"):
        lively().sample(2, max_attempts=0)
    with pytest.raises(ModelError, match="takes are from 1 to 1000"):
        WIRINGS["flat"].replace(max_attempts=0)


def test_a_model_that_is_always_dull_stops_trying(monkeypatch):
    mute = model_of(WIRINGS["flat"].replace(gibbs_steps=1, max_attempts=16), spread=0.0)
    with torch.no_grad():
        mute.decoder.cores[0].projection.bias[0] = 50.0
    performed = []
    decode = type(mute).decode_tokens
    monkeypatch.setattr(
        type(mute), "decode_tokens", lambda self, z, **how: performed.append(len(z)) or decode(self, z, **how)
    )
    monkeypatch.setattr(sampling, "rehearsed", lambda network, converter, z, *_: z)
    music = mute.sample(2, temperature=0.5, seed=1)
    assert [len(loop.notes) for loop in music] == [0, 0]
    assert performed.count(2) == 16 + 1  # and once to rehearse the first places


def test_performances_of_one_place_stay_there(monkeypatch):
    model = lively()
    places = []
    decode = type(model).decode_tokens
    monkeypatch.setattr(
        type(model), "decode_tokens", lambda self, z, **how: places.append(np.array(z)) or decode(self, z, **how)
    )
    music = model.sample(40, temperature=0.7, seed=3, same_z=True)
    performed = places[1:]  # the first is the rehearsal
    assert len(performed) > 1
    assert all((each == performed[0][0]).all() for each in performed)
    assert len({tuple(loop.notes) for loop in music}) > 1


def test_the_likeliest_of_one_place_is_taken_once():
    mute = model_of(WIRINGS["flat"].replace(gibbs_steps=1, max_attempts=16), spread=0.0)
    loops = mute.sample(3, temperature=None, seed=1, same_z=True)
    assert loops[0] == loops[1] == loops[2]


@pytest.mark.parametrize("name", ["controls", "groove", "nade"])
def test_every_wiring_has_takes(name):
    model = model_of(WIRINGS[name].replace(gibbs_steps=1, max_attempts=16))
    told = ["C", "G"] if name == "controls" else None
    music = model.sample(12, temperature=1.0, seed=2, controls=told)
    assert len(music) == 12
    assert when(music[:4]) == when(model.sample(4, temperature=1.0, seed=2, controls=told))


# --- the models that come with the package

CONFIGURED = {model.name: json.loads((model.folder / "config.json").read_text()) for model in store.available()}
TO_DRAW_FROM = [name for name, config in CONFIGURED.items() if config.get("takes", 1) > 1]


@pytest.mark.parametrize("name", TO_DRAW_FROM)
@pytest.mark.parametrize("temperature", [0.5, 1.0])
def test_no_sample_of_a_shipped_model_is_silent_or_stuck(name, temperature):
    model = store.load(name)
    music = model.sample(24, temperature=temperature, seed=11)
    rows = torch.from_numpy(np.stack([model.converter.encode(loop).targets for loop in music]))
    said = tokens_to_labels(model.config, targets_to_tokens(model.config, rows))
    for k, part in enumerate(streams_of(model.config.converter)):
        assert not (part.is_silent(said[..., k]) | part.has_static_bar(said[..., k])).any(), part.name


def test_there_are_models_to_draw_from():
    assert {"drums-2bar", "melody-2bar", "melody-16bar", "trio-16bar", "groove-4bar"} <= set(TO_DRAW_FROM)
