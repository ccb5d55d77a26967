"""The public names: `lp.…` and one level below it, imported when they are first used."""

from __future__ import annotations

import importlib
import pkgutil
import sys

import pytest

import latentpalette as lp
from tests.import_graph import imports

# A change to the names of the root shows here; docs/api.md lists all the others, too.
ROOT = {
    "Corpus",
    "GroovePanel",
    "LatentLoops",
    "InterpolationSlider",
    "LatentPaletteError",
    "LatentSliders",
    "MelodyMixer",
    "ModelConfig",
    "MusicVAE",
    "Note",
    "NoteSequence",
    "Palette",
    "PersonalModel",
    "Sampler",
    "Session",
    "__version__",
    "add_hihat",
    "available",
    "change_instrument",
    "compose",
    "concatenate",
    "continue_",
    "crossfade",
    "danceability",
    "data",
    "errors",
    "evaluate",
    "evaluation",
    "fill",
    "humanize",
    "latent",
    "load",
    "magenta_config",
    "overlay",
    "personalize",
    "plots",
    "presets",
    "read_chord",
    "replace_drums",
    "save",
    "show",
    "split_instruments",
    "style_loop",
    "style_loops",
    "tap_to_drums",
    "train",
    "training",
    "transfer_groove",
    "transpose",
}
PACKAGES = ("data", "evaluation", "latent", "plots", "training")


def package(name: str):
    return importlib.import_module(f"latentpalette.{name}" if name else "latentpalette")


def test_the_public_names_of_the_root_are_these():
    assert set(lp.__all__) == ROOT
    assert len(lp.__all__) == len(ROOT)
    assert dir(lp) == sorted(ROOT)


@pytest.mark.parametrize("name", ["", *PACKAGES])
def test_every_public_name_resolves_to_the_thing_of_that_name(name):
    public = package(name)
    assert dir(public) == sorted(public.__all__)
    for each in set(public.__all__) - {"__version__"}:
        assert getattr(public, each).__name__.rpartition(".")[2] == each


@pytest.mark.parametrize("name", ["", *PACKAGES])
def test_type_checkers_see_the_same_names(name):
    public = package(name)
    lines = [found for found in imports() if found.module == name and found.when == "for types"]
    homes = {found.name for found in lines}
    values = {each: getattr(public, each) for each in public.__all__ if each != "__version__"}
    assert len(lines) == len(values)
    assert homes == {getattr(value, "__module__", None) or value.__name__ for value in values.values()}


@pytest.mark.parametrize("name", ["", *PACKAGES])
def test_no_public_name_is_the_name_of_a_module(name):
    """Importing the module would replace the name."""
    public = package(name)
    modules = {found.name for found in pkgutil.iter_modules(public.__path__)}
    assert {each for each in public.__all__ if each in modules} <= ({*PACKAGES, "errors"} if not name else set())


@pytest.mark.parametrize(("name", "near"), [("NoteSequnce", "NoteSequence"), ("plot", "plots")])
def test_an_unknown_name_is_answered_with_the_known_ones_and_the_nearest(name, near):
    with pytest.raises(AttributeError, match=rf"it has Corpus, .*Did you mean '{near}'\?$"):
        getattr(lp, name)
    with pytest.raises(AttributeError, match=r"latentpalette\.plots has no 'pianorol'.* Did you mean 'pianoroll'"):
        lp.plots.pianorol  # noqa: B018


def test_a_package_remembers_what_it_has_imported():
    vars(lp.latent).pop("slerp", None)
    assert lp.latent.slerp is vars(lp.latent)["slerp"]
    assert lp.latent.slerp is sys.modules["latentpalette.latent.paths"].slerp
