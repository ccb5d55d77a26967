"""A style is learned from a handful of files."""

import numpy as np
import pytest
import torch

import latentpalette as lp
from latentpalette.errors import MidiError, ModelError, TrainingError
from latentpalette.training.style_fitting import fit_style
from tests.models.tiny_models import DRUMS, model_of

SHORT = {"size": 2, "max_steps": 20}
LOOPS = [loop for loops in lp.style_loops().values() for loop in loops][:32]


@pytest.fixture(scope="module")
def drums():
    return lp.load("drums-2bar")


@pytest.fixture(scope="module")
def waltz(tmp_path_factory):
    """A file that no two-bar model of drums can read."""
    folder = tmp_path_factory.mktemp("files")
    return lp.NoteSequence([lp.Note(60, step, 2, 80) for step in range(0, 32, 4)], 32).save(folder / "waltz.mid")


@pytest.fixture(scope="module")
def song(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    return lp.concatenate(LOOPS).save(folder / "song.mid")


def test_a_style_is_learned_from_loops(drums):
    mine = lp.personalize(drums, LOOPS, **SHORT)
    assert (mine.name, mine.base, mine.config.z_size) == ("mine", drums, 2)
    assert len(mine.sample(3, seed=7)) == 3


def test_it_is_learned_from_files_and_their_excerpts_alike(drums, song):
    one, other = (lp.personalize(drums, given, **SHORT) for given in (song, [drums.excerpts(song)]))
    np.testing.assert_array_equal(one.to_base(np.eye(2)), other.to_base(np.eye(2)))


def test_the_same_seed_learns_the_same_and_another_one_does_not(drums):
    places = np.eye(2)
    one, again, other = (lp.personalize(drums, LOOPS, **SHORT, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.to_base(places), again.to_base(places))
    assert (one.to_base(places) != other.to_base(places)).any()


def test_learning_leaves_the_global_random_state_alone(drums):
    before = torch.random.get_rng_state()
    lp.personalize(drums, LOOPS, **SHORT)
    assert torch.equal(torch.random.get_rng_state(), before)


def test_a_file_without_a_window_is_left_out_with_its_reason(drums, song, waltz):
    with pytest.warns(UserWarning, match=r"waltz.*: nothing that drums-2bar can read: .* It is left out."):
        lp.personalize(drums, [song, waltz], **SHORT)


def test_files_without_any_window_are_an_error_with_their_reasons(drums, waltz):
    with pytest.raises(MidiError, match=r"waltz.*: nothing that drums-2bar can read: .*"):
        lp.personalize(drums, [waltz])


def test_too_little_music_is_an_error_with_its_amount(drums):
    with pytest.raises(TrainingError, match=r"at least 16 windows of 32 steps; there are 1. Add more files"):
        lp.personalize(drums, "Bossa")
    with pytest.raises(TrainingError, match="there is none"):
        lp.personalize(drums, [])


def test_only_a_model_with_an_encoder_learns_a_style():
    with pytest.raises(ModelError, match="A model"):
        lp.personalize("drums-2bar", LOOPS)
    with pytest.raises(ModelError, match="no encoder"):
        lp.personalize(model_of(DRUMS.replace(enc_rnn_size=())), LOOPS)


# --- the small autoencoder ---------------------------------------------------------------------


def curve(n=400):
    """Return vectors [n, 6] along a bent line: one number says where."""
    t = np.linspace(-2, 2, n)[:, None]
    return np.concatenate([t, t**2, np.sin(2 * t), -t, np.cos(t), t / 2], 1)


def test_it_reconstructs_what_few_numbers_can_say():
    z = torch.from_numpy(curve()).float()
    style = fit_style(z, size=2)
    error = (style.decode(style.encode(z)[0]) - z).square().mean()
    assert error < 0.4 * z.var(0).mean()


def test_its_first_axis_tells_the_most():
    style = fit_style(curve(), size=3)
    spread = style.encode(torch.from_numpy(curve()).float())[0].std(0).tolist()
    assert spread == sorted(spread, reverse=True)


def test_vectors_of_weight_0_are_not_learned():
    far = np.concatenate([curve(100), curve(100) + 50])
    style = fit_style(far, size=2, weights=np.repeat([1, 0], 100), max_steps=20)
    np.testing.assert_allclose(style.mean, curve(100).mean(0), atol=1e-3)


@pytest.mark.parametrize(
    ("z", "options", "message"),
    [
        (np.zeros((15, 4)), {}, "at least 16 finite"),
        (np.full((20, 4), np.nan), {}, "at least 16 finite"),
        (np.ones((20, 4)), {}, "all of these are the same"),
        (curve(20), {"size": 1}, "size of a style"),
        (curve(20), {"size": 9}, "size of a style"),
        (curve(20), {"max_steps": 0}, "max_steps"),
        (curve(20), {"seed": -1}, "seed"),
        (curve(20), {"weights": np.ones(3)}, "weight"),
    ],
)
def test_what_cannot_be_learned_is_refused(z, options, message):
    with pytest.raises(TrainingError, match=message):
        fit_style(z, **options)
