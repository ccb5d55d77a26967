"""Calls without an argument that is needed, or with one that there is not, of functions, methods and classes."""

import inspect
import sys

import pytest

import latentpalette as lp
from latentpalette.calls import explain_function
from latentpalette.errors import ArgumentError

FUNCTIONS = [name for name in lp.__all__ if inspect.isfunction(getattr(lp, name))]
NEEDY = [
    name
    for name in FUNCTIONS
    if any(
        each.default is each.empty and each.kind not in (each.VAR_POSITIONAL, each.VAR_KEYWORD)
        for each in inspect.signature(getattr(lp, name)).parameters.values()
    )
]
INSTRUMENTS = ["Palette", "Sampler", "InterpolationSlider", "MelodyMixer", "LatentLoops", "LatentSliders"]


@pytest.mark.parametrize("name", [*NEEDY, *INSTRUMENTS, "Session", "MusicVAE"])
def test_a_call_without_arguments_names_those_that_are_needed(name):
    with pytest.raises(lp.LatentPaletteError, match=rf"needs \w+.*: (lp\.)?{name}\("):
        getattr(lp, name)()


@pytest.mark.parametrize("name", FUNCTIONS)
def test_an_unknown_argument_is_answered_with_those_that_there_are(name):
    with pytest.raises((ArgumentError, TypeError), match=r"has no (argument|setting) 'no_such'.* It has: "):
        getattr(lp, name)(no_such=1)


def test_what_an_argument_is_stands_in_the_message():
    with pytest.raises(
        ArgumentError,
        match=r"^humanize needs model \(MusicVAE\) and sequence \(NoteSequence, name of a preset or MIDI file\): "
        r"humanize\(model, sequence\)\.$",
    ):
        lp.humanize()


def test_methods_of_models_and_music_explain_their_calls():
    model = lp.load("drums-2bar")
    with pytest.raises(ArgumentError, match=r"^interpolate needs b \(.*\): interpolate\(a, b\)\.$"):
        model.interpolate("Bossa")
    with pytest.raises(ArgumentError, match=r"^sample has no argument 'temprature'. Did you mean 'temperature'\?"):
        model.sample(temprature=0.5)
    with pytest.raises(ArgumentError, match=r"^save takes 1 argument by position, save\(path\); got 2\."):
        lp.NoteSequence().save("a.mid", 2)
    with pytest.raises(ArgumentError, match=r"^from_midi needs source"):
        lp.NoteSequence.from_midi()


def test_an_argument_that_is_given_twice_is_named():
    with pytest.raises(ArgumentError, match=r"^load got source twice, by position and by name: load\(source\)\.$"):
        lp.load("drums-2bar", source="drums-2d")


def test_an_error_from_within_is_no_error_of_the_call():
    @explain_function
    def count(notes):
        return len(notes)

    with pytest.raises(TypeError, match="has no len") as caught:
        count(3)
    assert not isinstance(caught.value, ArgumentError)


def test_a_public_function_is_the_one_of_its_module_as_pickle_asks():
    assert lp.humanize is vars(sys.modules[lp.humanize.__module__])["humanize"]
