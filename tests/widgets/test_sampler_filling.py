"""A sampler of a slow model: what is heard first is drawn first, and the rest as the browser asks."""

import numpy as np
import pytest

from latentpalette.models import sampling, sampling_in_parts
from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
from latentpalette.models.musicvae import MusicVAE
from latentpalette.models.sampling_in_parts import SamplesInParts
from latentpalette.progress.parts import PART_WORK, Paced, finish
from latentpalette.widgets import instrument as module
from latentpalette.widgets import sampler_tiles
from latentpalette.widgets.clips import decode_clips
from latentpalette.widgets.sampler import Sampler
from tests.models.tiny_models import prior_of
from tests.widgets.conftest import browser_sends, browser_sets
from tests.widgets.fakes import Clicks

WORK = 32  # of a loop


@pytest.fixture(scope="module")
def model():
    """A small model of drums, whose samples are often drawn again."""
    config = MAGENTA_CONFIGS["cat-drums_2bar_small"].replace(z_size=8, enc_rnn_size=(16,), dec_rnn_size=(16, 16))
    return MusicVAE(config.replace(max_attempts=4))


@pytest.fixture
def make(model, wire, monkeypatch):
    monkeypatch.setattr(module, "kit_of_streams", lambda streams: Clicks())
    monkeypatch.setattr(sampler_tiles, "QUICK_WORK", 0)
    return lambda n=9, **settings: Sampler(model, n, **{"seed": 7, "best_of": 2, **settings})


def samples(model, n, **settings):
    return [music.notes for music in model.sample(n, **{"temperature": 0.8, "seed": 7, "best_of": 2, **settings})]


def there(sampler):
    return [index for index, clip in enumerate(decode_clips(sampler.clips)) if clip is not None]


def ask(sampler, wire, name, body):
    while True:
        wire.clear()
        browser_sends(sampler, {"type": "request", "id": "1", "name": name, "body": body})
        content = wire[-1].data["content"]
        if not content.get("again"):
            return content["body"], decode_clips(bytes(wire[-1].buffers[0]))


def draw(sampler, wire, **body):
    asked = {"seed": 7, "temperature": 0.8, "best_of": 2, "conditions": {}, "chords": [], "ranges": {}, **body}
    return ask(sampler, wire, "draw", asked)


@pytest.mark.parametrize("settings", [{}, {"gibbs_steps": 0, "temperature": None}, {"best_of": 1, "seed": 3}])
def test_samples_in_parts_are_those_of_the_seed_in_any_order(model, settings):
    gibbs_steps = settings.pop("gibbs_steps", None)
    config = model.config if gibbs_steps is None else model.config.replace(gibbs_steps=gibbs_steps)
    own = MusicVAE(config)
    own.load_state_dict(model.state_dict())
    whole = samples(own, 40, **settings)
    values = {"temperature": 0.8, "seed": 7, "best_of": 2, **settings}
    parts = SamplesInParts(own, values.pop("seed"), WORK, **values)
    for numbers in ([37, 2], range(5), [39]):
        paced = Paced(parts.draw(numbers))
        while not paced.go_on():
            pass
    assert {number: music.notes for number, music in parts.music.items()} == {
        number: whole[number] for number in (0, 1, 2, 3, 4, 37, 39)
    }


def test_no_part_of_a_draw_is_more_than_is_done_at_a_time(model):
    for steps in (32, 256, 768):  # of loops, melodies of sixteen bars, trios of sixteen bars
        samples = SamplesInParts(model, 7, steps, 0.8, 8)
        assert max(samples.draw(range(6))) <= PART_WORK


def test_samples_that_are_drawn_are_not_drawn_again_when_others_are_asked_for(model, monkeypatch):
    rows = []
    decode = model.decoder.decode_in_parts
    monkeypatch.setattr(
        model.decoder, "decode_in_parts", lambda z, **settings: rows.append(len(z)) or decode(z, **settings)
    )
    finish(SamplesInParts(model, 7, 768, 0.8, 2).draw(range(12)))
    at_once = sum(rows)
    rows.clear()
    samples = SamplesInParts(model, 7, 768, 0.8, 2)
    for number in range(12):
        finish(samples.draw(range(number, 12), until=number))
        assert number in samples.music
    assert sum(rows) == at_once
    assert max(rows) < at_once


def test_the_first_tiles_come_at_once_and_the_others_have_a_label(make):
    sampler = make(tile=7)
    assert there(sampler) == [0, 1, 2, 3, 7]
    assert sampler.labels[8] == "seed 7, no. 9"
    assert sampler.values[8] == []


def test_python_has_all_tiles_as_soon_as_it_reads_them(make, model):
    sampler = make()
    assert sampler.notes is not None
    assert there(sampler) == [0, 1, 2, 3]
    assert [tile.source for tile in sampler.tiles] == [
        sampler._music.clip(music) for music in model.sample(9, temperature=0.8, seed=7, best_of=2)
    ]
    assert there(sampler) == list(range(9))
    assert all(len(values) == len(sampler.attributes) for values in sampler.values)


def test_the_browser_gets_the_others_part_by_part(make, wire, model):
    sampler = make()
    body, clips = draw(sampler, wire, start=4, count=5)
    assert body["found"] == len(clips) == len(body["values"]) >= 1
    whole = make()
    whole.standalone_state()
    assert clips == decode_clips(whole.clips)[4 : 4 + len(clips)]


def test_what_the_browser_has_got_is_not_drawn_again_by_python(make, wire):
    sampler = make(6)
    whole = make(6)
    whole.standalone_state()
    clips = decode_clips(whole.clips)
    browser_sets(sampler, {"clips": whole.clips, "values": whole.values})
    assert [tile.source for tile in sampler.tiles] == clips


@pytest.mark.parametrize("roll", [lambda sampler: sampler.reroll(), lambda sampler: setattr(sampler, "seed", 8)])
def test_another_roll_takes_the_place_of_tiles_that_were_to_come(make, model, roll):
    sampler = make()
    sampler.star(1, 8)  # the last one is not there yet, so its star holds nothing
    roll(sampler)
    assert there(sampler) == [0, 1, 2, 3, 4]
    assert sampler.labels[1] == "seed 7, no. 2"
    assert [label for label in sampler.labels if label.startswith("seed 8")] == [
        f"seed 8, no. {number}" for number in range(1, 9)
    ]
    rolled = [sampler._music.clip(music) for music in model.sample(8, temperature=0.8, seed=8, best_of=2)]
    assert [tile.source for tile in sampler.tiles if tile.index != 1] == rolled


def test_files_and_pictures_and_the_page_have_all_tiles(make, tmp_path):
    sampler = make()
    few = sampler.display_png()
    assert there(sampler) == [0, 1, 2, 3]
    assert few != sampler.to_png()
    assert there(sampler) == list(range(9))
    other = make()
    other.star(8)
    assert [path.name for path in other.save_starred(tmp_path)] == ["tile_09.mid"]
    assert None not in decode_clips(make().standalone_state()["clips"])


def test_the_python_source_of_a_sampler_that_fills_in_is_short(make):
    sampler = make()
    assert "tiles" not in sampler.to_python()
    assert there(sampler) == [0, 1, 2, 3]


def test_variations_come_in_parts_and_are_those_of_the_model(make, wire, model):
    sampler = make()
    body = {"tile": 2, "count": 6, "similarity": 0.5, "seed": 4}
    _, clips = ask(sampler, wire, "similar", body)
    music = sampler._music.sequence(decode_clips(sampler.clips)[2])
    assert clips == [sampler._music.clip(each) for each in model.similar(music, 6, 0.5, seed=4)]
    assert not np.array_equal(clips[0], clips[1])


def test_a_prior_carries_rejected_samples_together_with_the_next_ones(model, monkeypatch):
    own, carried = MusicVAE(model.config.replace(max_attempts=4)), []
    own.load_state_dict(model.state_dict())
    own.prior = prior_of(8)
    sample = own.prior.sample_in_parts

    def count(noise, *asked):
        carried.append(len(noise))
        return sample(noise, *asked)

    monkeypatch.setattr(own.prior, "sample_in_parts", count)
    for each in (sampling, sampling_in_parts):  # about half of all are drawn again
        monkeypatch.setattr(each, "is_degenerate", lambda _, tokens: tokens[0].sum(1).numpy() % 2 == 0)
    parts = SamplesInParts(own, 7, 768, 0.8, 2)
    finish(parts.draw(range(40)))
    assert sum(carried) > 100
    assert carried.count(32) >= sum(carried) // 32 - 1  # blocks are full, but for the last ones
    assert [parts.music[number].notes for number in range(40)] == samples(own, 40)
