"""An instrument asks its model's learned prior for what samples are to be: a style, a density."""

from __future__ import annotations

import pytest

from latentpalette.models.conditions import CategoryCondition, NumberCondition
from latentpalette.widgets import instrument as module
from latentpalette.widgets.checked_traits import SettingError
from latentpalette.widgets.palette import Palette
from latentpalette.widgets.sampler import Sampler
from tests.widgets.conftest import browser_sends, browser_sets
from tests.widgets.fakes import Clicks, CrossFade, Powers

OFFERED = [
    {"name": "density", "choices": [[0.25, "low"], [0.5, "medium"], [0.75, "high"]]},
    {"name": "style", "choices": [["funk", "funk"], ["rock", "rock"]]},
]


@pytest.fixture
def model(monkeypatch):
    """A model with a learned prior that takes a density and a style."""
    monkeypatch.setattr(module, "kit_of_streams", lambda streams: Clicks())
    density = NumberCondition("density", mean=0.5, std=0.25, low=0.25, high=0.75)
    style = CategoryCondition("style", ("funk", "rock"))
    return CrossFade(prior=Powers(), conditions={"density": density, "style": style})


def requested(widget, wire, name, **body):
    """Return the content of what Python answers a request of the browser."""
    wire.clear()
    browser_sends(widget, {"type": "request", "id": 1, "name": name, "body": body})
    (message,) = wire
    return message.data["content"]


def sampled(palette, wire):
    content = requested(palette, wire, "sample", temperature=0.8, seed=7)
    return content["body"]["clip"]["notes"], content["body"]["label"]


def test_the_sample_button_asks_for_the_conditions(model, wire):
    palette = Palette(model, size=3, interpolation="lerp")
    as_they_come, label = sampled(palette, wire)
    assert label == "Sampled #7"
    palette.conditions = {"density": 0.75, "style": "funk"}
    dense, label = sampled(palette, wire)
    assert label == "Sampled #7, funk"
    assert len(dense) > 3 * len(as_they_come)
    browser_sets(palette, {"conditions": {}})
    assert sampled(palette, wire) == (as_they_come, "Sampled #7")


def test_a_condition_that_is_none_is_not_asked_for(model, wire):
    palette = Palette(model, size=3, conditions={"density": None, "style": "rock"})
    assert palette.conditions == {"style": "rock"}
    assert "conditions={'style': 'rock'}" in palette.to_python()


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"density": 0.8}, r"density is a number from 0\.25 to 0\.75; got 0\.8"),
        ({"style": "fnk"}, "style is 'funk' or 'rock'; got 'fnk'. Did you mean 'funk'"),
        ({"desnity": 0.5}, "cannot be asked for desnity=0.5. Did you mean 'density'"),
        ({"density": "much"}, "density is a number"),
        ("funk", "values by their names"),
        ({1: 2}, "The name of a condition"),
        ({"density": [0.5]}, "The value of density"),
    ],
)
def test_a_wrong_condition_is_refused(model, wire, asked, message):
    with pytest.raises(SettingError, match=message):
        Palette(model, size=3, conditions=asked)
    palette = Palette(model, size=3)
    with pytest.raises(SettingError, match=message):
        palette.conditions = asked


def test_a_model_without_a_learned_prior_takes_none(wire, model):
    with pytest.raises(SettingError, match="takes no conditions"):
        Palette(CrossFade(), size=3, conditions={"density": 0.5})


def test_the_browser_is_offered_values_of_songs(model, wire):
    assert Palette(model, size=3).offered_conditions == OFFERED
    assert Palette(CrossFade(), size=3).offered_conditions == []


def test_the_tiles_of_a_sampler_are_samples_under_its_conditions(model, wire):
    sampler = Sampler(model, 3, seed=7, best_of=1)
    as_they_come = [len(tile.notes.notes) for tile in sampler.tiles]
    sampler.conditions = {"density": 0.75}
    played = [[(note.step, note.pitch) for note in tile.notes.notes] for tile in sampler.tiles]
    samples = model.sample(3, seed=7, density=0.75)
    assert played == [[(note.step, note.pitch) for note in sample.notes] for sample in samples]
    assert min(map(len, played)) > max(as_they_come)


def test_the_browser_draws_tiles_under_conditions_of_its_own(model, wire):
    sampler = Sampler(model, 3, seed=7, best_of=1)
    drawing = {"seed": 7, "temperature": 0.8, "best_of": 1, "chords": [], "ranges": {}, "start": 0}
    few, many = (
        requested(sampler, wire, "draw", count=3, conditions=conditions, **drawing)["body"]["values"]
        for conditions in ({"density": 0.25}, {"density": 0.75})
    )
    assert sum(map(sum, many)) > sum(map(sum, few))
    assert not requested(sampler, wire, "draw", count=3, conditions={"style": "waltz"}, **drawing)["ok"]


def test_the_histograms_of_a_sampler_follow_the_conditions(model, wire):
    sampler = Sampler(model, 3, seed=7, best_of=1)
    before = requested(sampler, wire, "spread", temperature=0.8)["body"]["values"]
    sampler.conditions = {"density": 0.75}
    after = requested(sampler, wire, "spread", temperature=0.8)["body"]["values"]
    assert min(after[0]) > max(before[0])
