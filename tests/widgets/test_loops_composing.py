"""Places of a song that Latent Loops compose."""

import pytest

import latentpalette as lp
from latentpalette.music.scales import is_in_scale
from latentpalette.widgets import instrument as module
from latentpalette.widgets.checked_traits import SettingError
from latentpalette.widgets.latent_loops import LatentLoops
from tests.widgets.conftest import browser_sends
from tests.widgets.fakes import Clicks


@pytest.fixture
def composing(wire, monkeypatch):
    """Latent Loops over a model with a prior over songs, with a song of one place over drums."""
    monkeypatch.setattr(module, "kit_of_streams", lambda streams: Clicks())
    loops = LatentLoops(lp.load("melody-2bar"), drums=lp.load("drums-2bar"), size=4)
    loops.append("Lullaby", drums="Bossa")
    return loops


def test_composed_places_follow_the_song_in_its_scale_over_its_drums(composing):
    composing.compose(3, seed=1)
    first, *composed = composing.timeline
    assert first.music.label == "Lullaby"
    assert [place.music.label for place in composed] == ["Composed #1"] * 3
    assert all(is_in_scale(note.pitch, composing.key) for place in composed for note in place.music.notes)
    assert all(place.drums == first.drums and place.music.notes for place in composed)


def test_a_seed_composes_the_same_places_after_the_same_song_only(composing):
    def after(*music):
        composing.timeline = list(music)
        composing.compose(2, seed=5)
        return [place.music.notes for place in composing.timeline[-2:]]

    assert after("Lullaby") == after("Lullaby") != after("Reel")


def test_places_are_composed_between_others(composing):
    composing.append("Reel")
    composing.compose(2, at=1, seed=1)
    assert [place.music.label for place in composing.timeline] == ["Lullaby", "Composed #1", "Composed #1", "Reel"]


def test_a_song_is_composed_from_nothing_and_after_silence(composing):
    composing.timeline = []
    composing.compose(2, seed=1)
    begun = [place.music.notes for place in composing.timeline]
    composing.timeline = [lp.NoteSequence([], 32)]
    composing.compose(1, seed=1)
    assert all(begun)
    assert composing.timeline[1].music.notes


def test_a_model_without_a_prior_over_songs_says_so(monkeypatch):
    monkeypatch.setattr(module, "kit_of_streams", lambda streams: Clicks())
    loops = LatentLoops(lp.load("melody-2bar-ae"), size=4)
    assert not loops.composes
    with pytest.raises(lp.LatentPaletteError, match="no learned prior over songs"):
        loops.compose()


@pytest.mark.parametrize(("count", "at"), [(0, None), (17, None), (1, 2), (1, -1), ("4", None)])
def test_places_that_cannot_be_composed_are_refused(composing, count, at):
    with pytest.raises(SettingError):
        composing.compose(count, at=at)
    assert len(composing.timeline) == 1


def test_the_browser_can_ask_how_the_song_goes_on(composing, wire):
    wire.clear()
    browser_sends(composing, {"type": "request", "id": 1, "name": "compose", "body": {"count": 2, "seed": 1}})
    (response,) = [message.data["content"] for message in wire if message.data.get("method") == "custom"]
    assert response["ok"]
    assert [loop["label"] for loop in response["body"]["loops"]] == ["Composed #1"] * 2
    assert len(composing.timeline) == 1  # the browser puts them there
