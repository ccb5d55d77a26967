"""A model of one's own style does what a model does, in a latent space of a few dimensions."""

import json

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

import latentpalette as lp
from latentpalette.errors import CheckpointError, FileError, LatentError, ModelError
from latentpalette.models import store
from latentpalette.models.personal import PersonalModel
from latentpalette.models.style import StyleVAE
from latentpalette.models.style_prior import StylePrior
from latentpalette.training.style_fitting import fit_style
from tests.models.tiny_models import DRUMS, model_of, prior_of


def style_of(z_size=6, size=2, seed=0):
    """Return a style fitted for a few steps to vectors around 1."""
    z = np.random.default_rng(seed).normal(1.0, 0.5, (40, z_size))
    return fit_style(z, size=size, max_steps=30, width=8, seed=seed)


def personal(*, prior=None, **options):
    base = model_of()
    base.name, base.prior = "tiny", prior
    return PersonalModel(base, style_of(), name="mine", **options)


@pytest.fixture(scope="module")
def mine():
    return PersonalModel(lp.load("drums-2bar"), style_of(128, 3), name="mine")


def test_a_place_has_a_few_numbers_and_music_has_a_place(mine):
    music = mine.decode(np.eye(3))
    assert mine.config.z_size == 3
    assert mine.encode(music).shape == (3, 3)


def test_a_place_sounds_as_its_z_does_in_the_base(mine):
    places = np.eye(3)
    assert mine.decode(places) == mine.base.decode(mine.to_base(places))


def test_interpolations_end_in_the_reconstructions_of_the_ends(mine):
    a, b = mine.sample(2, seed=3)
    path = mine.interpolate(a, b, n=4)
    assert [path[0], path[-1]] == mine.decode(mine.encode([a, b]))


def test_the_same_seed_gives_the_same_samples_and_more_of_them_begin_alike(mine):
    assert mine.sample(4, seed=3)[:2] == mine.sample(2, seed=3)


def test_samples_can_be_asked_for_what_the_base_can_be_asked_for(mine):
    assert mine.conditions == mine.base.conditions
    assert mine.sample(2, seed=3, style="funk") != mine.sample(2, seed=3)
    with pytest.raises(ModelError, match="mine"):
        mine.sample(1, tempo=90)


def test_sampling_leaves_the_prior_of_the_base_alone(mine):
    before = mine.base.prior
    mine.sample(1, seed=3)
    assert mine.base.prior is before
    assert mine.prior is None


@pytest.mark.parametrize("prior", [None, prior_of()], ids=["standard normal", "learned"])
def test_without_similarity_samples_are_those_of_the_base_prior(prior):
    style, noise = style_of(), np.random.default_rng(0).standard_normal((5, 8))
    z = StylePrior(style, prior, 0.0).sample(noise)
    expected = noise[:, 2:] if prior is None else prior.sample(noise[:, 2:])
    np.testing.assert_allclose(z, expected, atol=0.01)


def test_samples_lie_around_the_mean_of_the_style():
    style, noise = style_of(), np.random.default_rng(0).standard_normal((500, 8))
    z = StylePrior(style, None, 1.0).sample(noise)
    np.testing.assert_allclose(z.mean(0), 1.0, atol=0.3)


def test_a_model_of_arrays_alone_encodes_decodes_and_gives_probabilities():
    model, frames = personal(), np.ones((2, 32, 10))
    places = model.posterior_arrays(frames).mu
    assert places.shape == (2, 2)
    assert model.decode_arrays(places).shape == (2, 32, 512)
    assert model.step_probabilities(places).shape == (2, 32, 512)
    assert model.losses_arrays(frames, model.decode_arrays(places)).reconstruction.shape == (2,)


def test_a_place_of_another_size_is_refused(mine):
    with pytest.raises(LatentError, match=r"array \[n, 3\]"):
        mine.decode(np.zeros((1, 128)))


def test_a_style_is_based_on_a_model_with_an_encoder_of_its_z_and_no_style():
    with pytest.raises(ModelError, match="no encoder"):
        PersonalModel(model_of(DRUMS.replace(enc_rnn_size=())), style_of(), name="mine")
    with pytest.raises(ModelError, match="vectors of 5 numbers is not for"):
        PersonalModel(model_of(), style_of(5), name="mine")
    with pytest.raises(ModelError, match=r"mine is a model of a style already.*\.base"):
        PersonalModel(personal(), style_of(2), name="again")


# --- the file ----------------------------------------------------------------------------------


@pytest.fixture
def file(mine, tmp_path):
    return lp.save(mine, tmp_path / "loops.safetensors")


def test_a_saved_style_opens_and_samples_as_before(mine, file):
    again = lp.load(file)
    assert (again.name, again.base.name, again.similarity) == ("loops", "drums-2bar", mine.similarity)
    assert again.sample(2, seed=1) == mine.sample(2, seed=1)
    assert again.decode(np.eye(3)) == mine.decode(np.eye(3))


def test_the_file_is_small(file):
    assert file.stat().st_size < 300_000


def test_a_style_of_a_model_of_ones_own_opens_beside_its_folder(tmp_path):
    model = personal(prior=prior_of())
    file = lp.save(model, tmp_path / "mine.safetensors")
    with pytest.raises(CheckpointError, match=r"'tiny', which does not come with the package. Put its folder beside"):
        lp.load(file)
    store.save(model.base, tmp_path / "tiny")
    assert lp.load(file).sample(2, seed=1) == model.sample(2, seed=1)


def test_another_model_of_that_name_is_refused(tmp_path):
    file = lp.save(personal(), tmp_path / "mine.safetensors")
    store.save(model_of(seed=1), tmp_path / "tiny")
    with pytest.raises(CheckpointError, match="another model called 'tiny' than the one that is here"):
        lp.load(file)


def test_a_style_is_saved_to_a_file_without_card_and_float16(tmp_path):
    with pytest.raises(FileError, match=r"ends in .safetensors"):
        lp.save(personal(), tmp_path / "folder")
    for options in ({"card": "# Mine"}, {"fp16": True}, {"int8": True}):
        with pytest.raises(ModelError, match="no card, and float32 alone"):
            lp.save(personal(), tmp_path / "mine.safetensors", **options)


def test_a_configuration_for_a_style_is_refused(file):
    with pytest.raises(ModelError, match="leave config out"):
        lp.load(file, config="groovae_4bar")


def damaged(file, *, description=None, **tensors):
    """Write a file again with other tensors or another description."""
    state = load_file(file) | tensors
    state = {name: value for name, value in state.items() if value is not None}
    key = "latentpalette.style"
    text = json.dumps({"base": "drums-2bar", "fingerprint": "0" * 16, "similarity": 0.5} | (description or {}))
    save_file(state, file, {key: text})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"mean": None}, "not the file of a style"),
        ({"mean": torch.zeros(5)}, "not the file of a style"),
        ({"mu.bias": torch.zeros(900)}, "not the file of a style"),
        ({"hidden.weight": torch.zeros(128)}, "not the file of a style"),
        ({"hidden.weight": torch.zeros(0, 128)}, "not the file of a style"),
        ({"mean": torch.full((128,), float("nan"))}, "not finite"),
        ({"mean": torch.zeros(128, dtype=torch.int64)}, "not finite"),
        ({"scale": torch.zeros(1)}, "not above 0"),
        ({"description": {"similarity": 2}}, "description is damaged"),
        ({"description": {"base": 7}}, "description is damaged"),
        ({"description": {"base": "../../drums-2bar"}}, "does not come with the package"),
        ({"description": {"fingerprint": "x" * 500}}, "description is damaged"),
        ({}, "another model called 'drums-2bar'"),
    ],
)
def test_a_damaged_file_is_refused(file, changes, message):
    damaged(file, **changes)
    with pytest.raises(CheckpointError, match=message):
        lp.load(file)


def test_a_file_that_is_cut_off_or_holds_other_weights_is_refused(file, tmp_path):
    file.write_bytes(file.read_bytes()[:1000])
    with pytest.raises(CheckpointError, match="not readable as safetensors"):
        lp.load(file)
    weights = store.save(model_of(), tmp_path / "tiny") / "model.safetensors"
    with pytest.raises(CheckpointError, match="A model's weights are loaded with their folder"):
        lp.load(weights)


def test_an_untrained_style_maps_places_to_its_mean():
    style = StyleVAE(6, 2, width=8)
    style.mean.fill_(3.0)
    assert style.decode(torch.ones(1, 2)).tolist() == [[3.0] * 6]
