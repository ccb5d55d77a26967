"""Songs are composed, continued and filled: what is given stays, and the rest depends on it."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

import latentpalette as lp
from latentpalette.errors import CheckpointError, LatentPaletteError, MidiError, ModelError
from latentpalette.models.composing import fill_z, passage_of, song_z
from latentpalette.models.song_field import MAX_PLACES, SongField
from latentpalette.models.song_prior import SongPrior
from tests.models.tiny_models import model_of, prior_of

LOOPS = [lp.NoteSequence.from_steps({"kick": [0, 8, 16 + at], "snare": [4, 12]}, steps=32, qpm=90) for at in range(3)]


def prior_over_songs(z_size: int = 6, *, seed: int = 0) -> SongPrior:
    """Return a prior over songs with random weights, large enough to move something."""
    field = SongField(z_size, width=16, blocks=2)
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in field.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=generator) * 0.3)
    return SongPrior(field, torch.arange(z_size) * 0.1, torch.full((z_size,), 0.5))


@pytest.fixture
def model():
    composer = model_of()
    composer.songs = prior_over_songs()
    return composer


def noise(*shape: int) -> np.ndarray:
    return np.random.default_rng(1).standard_normal(shape).astype(np.float32)


def test_what_is_given_stays_and_all_else_depends_on_it():
    prior, x, given = prior_over_songs(), noise(1, 5, 6), noise(1, 5, 6)
    is_given = np.array([[True, False, False, True, False]])
    one, other = (prior.sample(x, vectors, is_given) for vectors in (given, -given))
    assert np.array_equal(one[is_given], given[is_given])
    assert (np.abs(one - other)[~is_given].max(axis=-1) > 1e-3).all()


def test_what_is_not_given_is_ignored_in_the_vectors():
    prior, x, given = prior_over_songs(), noise(1, 4, 6), noise(1, 4, 6)
    is_given = np.array([[True, False, True, False]])
    ruined = np.where(is_given[..., None], given, np.nan)
    assert np.array_equal(prior.sample(x, given, is_given), prior.sample(x, ruined, is_given))


def test_places_know_where_they_are():
    vectors = prior_over_songs().sample(np.repeat(noise(1, 1, 6), 4, axis=1))[0]
    assert np.abs(vectors - vectors[0]).max(axis=1)[1:].min() > 1e-3


def test_a_place_that_is_not_there_has_no_effect_on_the_others():
    field = prior_over_songs().field
    z, time = torch.from_numpy(noise(2, 6, 6)), torch.full((2, 6), 0.5)
    is_there = torch.arange(6).expand(2, 6) < 4
    shorter = field(z[:, :4], time[:, :4])
    assert torch.allclose(field(z, time, is_there)[:, :4], shorter, atol=1e-5)


@pytest.mark.parametrize("n", [1, MAX_PLACES, 40])
def test_songs_of_any_length_keep_what_is_given(n):
    vector = np.ones(6, np.float32)
    z = fill_z(prior_over_songs(), n, {n - 1: vector}, seed=1)
    assert z.shape == (n, 6)
    assert np.array_equal(z[-1], vector)
    assert np.array_equal(z, fill_z(prior_over_songs(), n, {n - 1: vector}, seed=1))
    assert len(np.unique(z, axis=0)) == n


def test_a_long_song_goes_on_from_what_was_made():
    prior = prior_over_songs()
    one, other = (fill_z(prior, 30, {0: np.full(6, at, np.float32)}, seed=1) for at in (0, 2))
    assert not np.array_equal(one[16:], other[16:])


def test_windows_that_are_made_are_drawn_again_near_by_from_the_prior_of_single_ones(model):
    given = {0: np.ones(6, np.float32)}
    alone = song_z(model, 4, given, seed=1)
    model.prior = prior_of()
    near = song_z(model, 4, given, seed=1)
    assert np.array_equal(alone, fill_z(model.songs, 4, given, seed=1))
    assert np.array_equal(near[0], given[0])
    assert (np.abs(near - alone).max(axis=1)[1:] > 1e-3).all()
    assert np.array_equal(near, song_z(model, 4, given, seed=1))


def test_music_that_is_given_stays_as_it_is_at_its_tempo(model):
    song = lp.fill(model, [LOOPS[0], None, LOOPS[1], None], seed=1)
    assert (song[0], song[2]) == (LOOPS[0], LOOPS[1])
    assert {window.qpm for window in song} == {90}
    assert song == lp.fill(model, [LOOPS[0], None, LOOPS[1], None], seed=1)
    assert song != lp.fill(model, [LOOPS[0], None, LOOPS[1], None], seed=2)


def test_a_song_of_latent_vectors_is_decoded_at_the_tempo_that_is_asked_for(model):
    z = model.encode([LOOPS[0]])[0]
    song = lp.fill(model, [z, None], temperature=None, seed=1, qpm=100)
    assert song[0].replace(qpm=120) == model.decode([z])[0]
    assert {window.qpm for window in song} == {100}


def test_a_continuation_is_the_end_of_the_whole_song(model):
    assert lp.continue_(model, LOOPS, 2, seed=4) == lp.fill(model, [*LOOPS, None, None], seed=4)[3:]


def test_the_last_passage_of_a_longer_piece_is_continued(model):
    silence = lp.NoteSequence(steps=32)
    piece = lp.concatenate([LOOPS[0], silence, silence, LOOPS[1], LOOPS[2]])
    passage = passage_of(model, piece)
    assert [each.bar for each in passage] == [7, 9]
    assert lp.continue_(model, piece, 1, seed=4) == lp.continue_(model, passage, 1, seed=4)


def test_a_composed_song_has_the_tempo_that_is_asked_for(model):
    song = lp.compose(model, 3, seed=1, qpm=77)
    assert [(window.steps, window.qpm) for window in song] == [(32, 77)] * 3


@pytest.mark.parametrize(
    "ask",
    [
        lambda model: lp.compose(model, 0),
        lambda model: lp.compose(model, 257),
        lambda model: lp.compose(model, 2, temperature=0),
        lambda model: lp.compose(model, 2, seed=-1),
        lambda model: lp.compose(model, 2, qpm=0),
        lambda model: lp.continue_(model, [], 2),
        lambda model: lp.continue_(model, [LOOPS[0], None], 2),
        lambda model: lp.continue_(model, LOOPS, 0),
        lambda model: lp.fill(model, []),
        lambda model: lp.fill(model, "Bossa"),
        lambda model: lp.fill(model, [None, 3]),
        lambda model: lp.fill(model, [None, np.zeros(5)]),
        lambda model: lp.fill(model, [None, "no such preset"]),
        lambda _: lp.compose("drums-2bar", 2),
    ],
)
def test_what_makes_no_song_is_an_error_in_our_words(model, ask):
    with pytest.raises(LatentPaletteError):
        ask(model)


def test_a_piece_without_a_window_is_an_error_with_reasons(model):
    with pytest.raises(MidiError, match="nothing that"):
        lp.continue_(model, lp.NoteSequence(steps=64), 1)


def test_a_model_without_a_prior_over_songs_says_which_ones_have_it():
    with pytest.raises(ModelError, match="drums-2bar and melody-2bar"):
        lp.compose(model_of(), 2)


@pytest.mark.parametrize("shape", [(3, 6), (1, 17, 6), (1, 0, 6), (1, 4, 5)])
def test_noise_of_another_shape_is_refused(shape):
    with pytest.raises(LatentPaletteError):
        prior_over_songs().sample(np.zeros(shape))


def test_a_prior_over_songs_is_saved_beside_the_weights_and_removed_with_it(model, tmp_path):
    loaded = lp.load(lp.save(model, tmp_path))
    assert (tmp_path / "songs.safetensors").is_file()
    expected = model.songs.sample(noise(1, 4, 6))
    assert np.allclose(loaded.songs.sample(noise(1, 4, 6)), expected, atol=1e-5)
    loaded.songs = None
    lp.save(loaded, tmp_path)
    assert not (tmp_path / "songs.safetensors").exists()
    assert lp.load(tmp_path).songs is None


@pytest.mark.parametrize(
    "change",
    [
        lambda tensors: tensors.pop("mean"),
        lambda tensors: tensors.update(std=torch.zeros(6)),
        lambda tensors: tensors.update(place=torch.full((MAX_PLACES, 16), torch.nan)),
        lambda tensors: tensors.update({"input.weight": torch.zeros(15, 6)}),
        lambda tensors: tensors.update({"input.weight": torch.zeros(())}),
        lambda tensors: tensors.update({"blocks.99.norm.weight": torch.zeros(16)}),
        lambda tensors: tensors.clear(),
    ],
)
def test_a_damaged_file_is_refused(model, tmp_path, change):
    file = lp.save(model, tmp_path) / "songs.safetensors"
    tensors = {name: value.clone() for name, value in load_file(file).items()}
    change(tensors)
    save_file(tensors, file)
    with pytest.raises(CheckpointError, match=r"songs\.safetensors"):
        lp.load(tmp_path)
