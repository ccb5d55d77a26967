"""What is said about a model, on cases small enough to count by hand."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
import torch

from latentpalette.converters.streams import Drums, Melody
from latentpalette.data.corpus import Corpus
from latentpalette.errors import TrainingError
from latentpalette.evaluation.evaluate import Judges, evaluate
from latentpalette.evaluation.metrics import Hits, onset_accuracy, step_accuracy
from latentpalette.evaluation.ngrams import NGrams
from latentpalette.evaluation.predict import made_up, parts_of
from latentpalette.evaluation.reconstruction import reconstruction
from latentpalette.evaluation.samples import realism
from latentpalette.models.config import CONFIGS
from latentpalette.models.musicvae import MusicVAE

TRUE = np.array([[1, 0, 2, 0], [3, 0, 0, 0]])
SAID = np.array([[1, 0, 3, 0], [1, 4, 0, 0]])
KIT, TUNE = Drums.of("reduced"), Melody("melody", 90)
DRUMS = CONFIGS["cat-drums_2bar_small"].replace(z_size=4, enc_rnn_size=(8,), dec_rnn_size=(8, 8))


def loops(n: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 512, (n, 32)).astype(np.uint16)


def made(model: MusicVAE, n: int, **options) -> np.ndarray:
    return next(made_up(model, n, temperatures=(1.0,), **options)).labels


def corpus() -> Corpus:
    rows = loops(60)
    song = np.repeat(np.arange(3, dtype=np.int32), 20)
    return Corpus(rows, song, np.array([0, 1, 1], np.uint8)[song], ("a/1", "a/2", "b/3"), dict(DRUMS.converter))


def test_a_step_counts_only_if_every_drum_is_right():
    assert step_accuracy(SAID, TRUE) == 5 / 8


def test_onset_accuracy_leaves_silent_steps_out():
    assert onset_accuracy(SAID, TRUE) == 1 / 3
    assert onset_accuracy(np.zeros((1, 4), int), np.zeros((1, 4), int)) == 1.0


def test_hits_are_counted_one_by_one():
    # True: kick, snare, kick + snare. Said: kick, kick + snare, kick, hat.
    found = Hits.counted(*KIT.counts(SAID, TRUE))
    assert (found.precision, found.recall) == (3 / 5, 3 / 4)
    assert found.f1 == pytest.approx(2 / 3)


def test_silence_said_of_silence_is_perfect_and_of_music_worthless():
    silence = np.zeros((1, 4), int)
    assert Hits.counted(*KIT.counts(silence, silence)).f1 == 1.0
    assert Hits.counted(*KIT.counts(silence, TRUE[:1])).f1 == 0.0


def test_unigrams_cost_what_witten_and_bell_say():
    # Labels 0, 0, 0, 1: four seen of two kinds. p(0) = (3 + 2 / 2) / (4 + 2), p(1) = (1 + 2 / 2) / 6.
    language = NGrams(np.array([[0, 0, 0, 1]]), classes=2, order=1)
    cost = language.cost(np.array([[0, 0, 0, 0], [1, 1, 1, 1]]))
    assert cost.tolist() == pytest.approx([-math.log2(4 / 6), -math.log2(2 / 6)])


def test_bigrams_fall_back_on_unigrams_where_the_context_is_new():
    language = NGrams(np.array([[0, 0, 0, 1]]), classes=2, order=2)
    # After 0 were 0, 0, 1: three of two kinds; after 1 was nothing.
    zero, one = 4 / 6, 2 / 6
    start = (1 + 1 * zero) / 2  # the beginning was followed by 0 alone
    after_zero = (1 + 2 * one) / 5
    cost = language.cost(np.array([[0, 1, 1]]))
    assert cost[0] == pytest.approx(-(math.log2(start) + math.log2(after_zero) + math.log2(one)) / 3)


def test_the_probabilities_after_any_context_add_up_to_one():
    language = NGrams(loops(30) % 4, classes=4, order=3)
    for context in ([0, 1], [3, 3], [2, 0]):
        everything = np.array([[*context, label] for label in range(4)])
        whole = language.cost(everything) * 3
        before = NGrams.cost(language, everything[:, :2])[0] * 2
        assert np.sum(2.0 ** -(whole - before)) == pytest.approx(1.0)


def test_music_costs_less_than_noise_to_those_who_know_it():
    known = np.tile([1, 0, 4, 0, 2, 0, 4, 0], (40, 4))
    language = NGrams(known)
    assert language.cost(known).mean() < 0.2 < 5 < language.cost(loops(40)).mean()


def test_orders_beyond_six_are_refused():
    with pytest.raises(TrainingError, match="order of 1 to 6"):
        NGrams(loops(2), order=7)


def test_attributes_are_counts():
    loop = np.zeros((1, 32), int)
    loop[0, [0, 8, 17]] = [1, 3, 1]
    found = {name: values[0] for name, values in Drums("drums", 4, ("kick", "snare")).attributes(loop).items()}
    assert found == {
        "hits": 4,
        "sounding steps": 3,
        "hits between eighths": 1,
        "steps that differ between bars": 3,
        "16th-note syncopation": 1 / 3,
        "8th-note syncopation": 0,
        "kick": 3,
        "snare": 1,
    }


def test_a_silent_bar_and_a_bar_of_one_label_are_stuck():
    moving = [1, 0] * 8
    found = KIT.stuck(np.array([moving + [0] * 16, [4] * 16 + moving, moving + moving]))
    assert found.tolist() == [True, True, False]


def test_a_long_note_is_not_stuck_but_a_key_hammered_for_a_bar_is():
    held, hammered, silence = [41] + [0] * 31, [41] * 16 + [0] * 16, [0] * 32
    assert TUNE.stuck(np.array([held, hammered, silence])).tolist() == [False, True, False]


def test_a_melodys_onsets_are_the_steps_on_which_a_note_begins():
    true, said = np.array([[41, 0, 1, 45]]), np.array([[41, 0, 0, 44]])
    assert onset_accuracy(said, true, TUNE.onsets(true)) == 1 / 2
    assert step_accuracy(said, true) == 2 / 4


def test_a_note_is_found_where_it_begins_at_the_right_pitch():
    # True: 41 at 0, 45 at 3. Said: 41 at 0, 44 at 3, 50 at 2.
    true, said = np.array([[41, 0, 1, 45]]), np.array([[41, 0, 50, 44]])
    assert TUNE.counts(said, true) == (1, 3, 2)
    assert Hits.counted(1, 3, 2).f1 == pytest.approx(0.4)


def test_a_melodys_attributes_are_counted_note_by_note():
    tune = np.zeros((2, 32), int)
    tune[0, [0, 3, 8, 20]] = [41, 45, 41, 1]  # C4, E4, C4, let go; the second melody is silence
    found = {name: values.tolist() for name, values in TUNE.attributes(tune).items()}
    assert found == {
        "notes": [3, 0],
        "different pitches": [2, 0],
        "mean pitch": [(60 + 64 + 60) / 3, 0],
        "steps that differ between bars": [4, 0],
        "note density": [3 / 32, 0],
        "C diatonic": [1, 0],
        "average interval": [4, 0],
        "16th-note syncopation": [1 / 3, 0],
        "8th-note syncopation": [0, 0],
        "range": [4, 0],
    }


def test_a_trio_is_judged_part_by_part():
    trio = parts_of(CONFIGS["hier-trio_16bar"])
    assert [(part.name, part.classes) for part in trio] == [("melody", 90), ("bass", 90), ("drums", 512)]


@pytest.mark.parametrize("name", ["nade-drums_2bar_full", "hier-multiperf_vel_1bar_med"])
def test_what_cannot_be_judged_is_said(name):
    with pytest.raises(TrainingError, match="nothing is known of how to judge"):
        parts_of(CONFIGS[name])


def test_the_data_itself_is_perfectly_realistic():
    data = np.tile([1, 0, 4, 0, 3, 0, 4, 0], (10, 4))
    found = realism(data, held_out=data, training=data, language=NGrams(data), part=KIT, temperature=1.0)
    assert found.cost_ratio == 1.0
    assert (found.silent, found.stuck, found.known, found.shift) == (0.0, 0.0, 1.0, 0.0)


def test_silence_made_up_is_noticed():
    data = np.tile([1, 0, 4, 0, 3, 0, 4, 0], (10, 4))
    data[5:, 3] = 1
    silence = np.zeros((4, 32), int)
    found = realism(silence, held_out=data, training=data, language=NGrams(data), part=KIT, temperature=1.0)
    assert (found.silent, found.stuck, found.known) == (1.0, 1.0, 0.0)
    assert found.shift > 1 < found.cost_ratio


def test_a_model_that_knows_nothing_says_so():
    found = reconstruction(MusicVAE(DRUMS), loops(20))
    assert found.windows == 20
    assert found.free_running < 0.1
    assert found.nats == pytest.approx(32 * math.log(512), rel=0.02)
    assert found.active_units == 0


def test_the_same_seed_makes_up_the_same_loops():
    model = MusicVAE(DRUMS)
    first, again, other = (made(model, 6, seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_what_is_made_up_is_rehearsed_as_often_as_the_model_says_or_the_judge():
    once = MusicVAE(DRUMS.replace(rehearsals=1)).eval()
    never = MusicVAE(DRUMS).eval()
    never.load_state_dict(once.state_dict())
    rehearsed = made(once, 4, seed=3)
    assert (rehearsed == made(never, 4, seed=3, rehearsals=1)).all()
    assert (made(once, 4, seed=3, rehearsals=0) == made(never, 4, seed=3)).all()
    assert (rehearsed != made(never, 4, seed=3)).any()
    found = [evaluate(once, corpus(), samples=3, rehearsals=how, pairs=0, plane=0) for how in (None, 0, 2)]
    assert [each.rehearsals for each in found] == [1, 0, 2]


def test_what_is_dull_at_first_is_counted_and_made_up_again():
    mute = MusicVAE(DRUMS.replace(takes=16)).eval()
    with torch.no_grad():
        mute.decoder.cores[0].projection.bias[0] += 8.5  # most loops have a silent bar
    mute.config = DRUMS
    first = next(made_up(mute, 50, temperatures=(1.0,), seed=3))
    mute.config = DRUMS.replace(takes=16)
    kept = next(made_up(mute, 50, temperatures=(1.0,), seed=3))
    assert first.again == 0.0 < kept.again < 1.0
    assert KIT.stuck(kept.labels[..., 0]).mean() < KIT.stuck(first.labels[..., 0]).mean()
    found = evaluate(mute, corpus(), samples=50, seed=3, temperatures=(1.0,), pairs=0, plane=0)
    assert found.samples[0].again == pytest.approx(kept.again)


def test_without_training_songs_every_second_song_teaches_and_nothing_is_known_by_heart():
    everything = corpus()
    alone = Corpus(everything.rows, everything.song, np.ones(60, np.uint8), everything.songs, dict(DRUMS.converter))
    found = evaluate(MusicVAE(DRUMS), alone, samples=8, temperatures=(1.0,), pairs=0, plane=0)
    assert found.reconstruction.windows == 60
    assert found.samples[0].known is None
    assert found.samples[0].attributes["hits"].data_mean == pytest.approx(
        KIT.attributes(loops(60)[20:40].astype(int))["hits"].mean()
    )


def test_one_song_alone_cannot_be_compared_with():
    rows = loops(5)
    alone = Corpus(rows, np.zeros(5, np.int32), np.ones(5, np.uint8), ("a",), dict(DRUMS.converter))
    with pytest.raises(TrainingError, match="One song is too few"):
        evaluate(MusicVAE(DRUMS), alone, samples=8)
    nothing = evaluate(MusicVAE(DRUMS), alone, samples=0, pairs=0, plane=0)
    assert (nothing.samples, nothing.interpolation, nothing.hollow) == ((), None, None)


def test_another_corpus_may_teach():
    other = Corpus(loops(7, 9), np.zeros(7, np.int32), np.zeros(7, np.uint8), ("t",), dict(DRUMS.converter))
    judges = Judges.of(MusicVAE(DRUMS), corpus(), teacher=other)
    assert np.array_equal(judges.training, other.rows)
    assert judges.song.tolist() == [1] * 20 + [2] * 20


def test_a_corpus_for_another_representation_is_refused():
    with pytest.raises(TrainingError, match=r"the corpus was made for \{'name': 'drums'"):
        Judges.of(MusicVAE(CONFIGS["cat-mel_2bar_small"].replace(dec_rnn_size=(8,), enc_rnn_size=(8,))), corpus())


def test_an_evaluation_judges_by_the_songs_asked_for_and_is_json(tmp_path):
    found = evaluate(MusicVAE(DRUMS), corpus(), songs="b/", samples=8, temperatures=(0.5, 1.0), pairs=4, plane=4)
    written = json.loads(found.save(tmp_path / "found.json").read_text())
    assert written["reconstruction"]["windows"] == 20
    assert [each["temperature"] for each in written["samples"]] == [0.5, 1.0]
    assert len(written["interpolation"]["places"]) == 11
    assert len(written["hollow"]["lost"]) == 4


def test_a_corpus_without_held_out_songs_is_refused():
    with pytest.raises(TrainingError, match="has no test windows"):
        evaluate(MusicVAE(DRUMS), corpus(), split="test")


def test_a_split_that_does_not_exist_is_refused_by_name():
    with pytest.raises(TrainingError, match="'dev'"):
        evaluate(MusicVAE(DRUMS), corpus(), split="dev")
