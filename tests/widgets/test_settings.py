"""Settings of a palette: one check for each, whoever sets them."""

import contextlib

import numpy as np
import pytest
import traitlets
from hypothesis import given
from hypothesis import strategies as st

from latentpalette.errors import PaletteError
from latentpalette.widgets import settings
from latentpalette.widgets.checked_traits import SettingError
from tests.widgets.conftest import browser_sets

NAN = float("nan")
WRONG_NOTES = [
    *([32, 36, 1, 80, 0, 0], [0, 128, 1, 80, 0, 0], [0, 36, 0, 80, 0, 0], [0, 36, 1, 0, 0, 0], [0, 36, 1, 80, 0.6, 0]),
    *([0, 36, 1, 80, 0], [0.5, 36, 1, 80, 0, 0], "a note", [0, 37, 1, 80, 0, 0], [0, 36, 1, 80, 0, 1], [True] * 6),
]
WRONG = {
    "puck": [[2, 3], [NAN, 0.5], [0.5], "ab", None, [0.5, "1"], [True, 0], [0.5, 10**400]],
    "qpm": [NAN, float("inf"), 500, 0, None, "120", True, 1j, [120]],
    "volume": [NAN, -0.1, 1.1, "loud"],
    "mutes": [[True] * 8, {"kick": True}, [2] + [0] * 8, [1.0] * 9, [NAN] * 9],
    "locks": [[None] * 8, [[1, 0]] + [None] * 8, [[2] * 32] + [None] * 8, [[0.5] * 32] + [None] * 8],
    "points": [[[0, NAN]], [[0, 1, 2]], [0.5, 0.5], [[0.5, 0.5]] * 5001],
    "corner_clips": [
        [{"steps": 32, "notes": []}] * 3,
        [{"steps": 31, "notes": []}] * 4,
        [{"steps": 32}] * 4,
        *([{"steps": 32, "notes": [note]}] * 4 for note in WRONG_NOTES),
    ],
    "labels": [["a"] * 3, "abcd", [1, 2, 3, 4], ["x" * 301] * 4],
    "size": [2, 22, 10**6, 5.0, True, NAN, "11", None],
    "launch_quantization": ["bars", None, 1],
    "bars_per_cell": [3, 2.0, True, "2"],
    "path_mode": ["pingpong", []],
    "tool": ["erase"],
    "playing": [1, "yes", None],
    "use_original_corners": [0, NAN],
    "between_cells": ["yes", 1],
    "left_out": [[[]] * 3, [["a"] * 101] + [[]] * 3, [[7]] + [[]] * 3],
}
CASES = [(name, value) for name, values in WRONG.items() for value in values]


@pytest.mark.parametrize(("name", "value"), CASES)
def test_a_wrong_value_is_refused_in_python_with_its_name_and_nothing_changes(make, name, value):
    palette = make()
    before = getattr(palette, name)
    decoded = palette.model.decoded
    with pytest.raises(PaletteError, match=r"; got ") as caught:
        setattr(palette, name, value)
    assert isinstance(caught.value, traitlets.TraitError)
    assert len(str(caught.value)) < 300
    assert "trait" not in str(caught.value)
    assert (getattr(palette, name), palette.model.decoded) == (before, decoded)


@pytest.mark.parametrize(("name", "value"), CASES)
def test_a_wrong_value_from_the_browser_is_answered_and_the_page_gets_the_old_one_back(make, wire, name, value):
    palette = make(volume=0.75)
    before = getattr(palette, name)
    wire.clear()
    browser_sets(palette, {"volume": 0.25, name: value})
    problem, update = (message.data for message in wire)
    assert problem["content"]["type"] == "problem"
    assert "; got " in problem["content"]["error"]
    assert update["state"][name] == before
    assert (getattr(palette, name), palette.volume) == (before, 0.75)


def test_numpy_values_are_values(make):
    palette = make(mutes=np.ones(9, bool), size=np.int64(3))
    palette.puck = np.array([0.25, 1.0])
    palette.qpm = np.float32(93)
    palette.points = np.zeros((2, 2))
    assert (palette.puck, palette.qpm, palette.points) == ([0.25, 1.0], 93.0, [[0.0, 0.0]] * 2)
    assert palette.mutes == [True] * 9


@pytest.mark.parametrize(
    "name",
    [
        *("cells", "corner_z", "norm_percentiles", "decode_ms", "grid", "selected", "model_name", "streams", "lanes"),
        *("grid_id", "has_velocity", "presets", "accents", "kit", "kit_index", "kit_rate", "has_kernel", "tempo_note"),
        "first_seed",
    ],
)
def test_what_follows_from_something_else_is_assigned_by_nobody(make, wire, name):
    palette = make(volume=0.75)
    before = getattr(palette, name)
    with pytest.raises(SettingError, match=f"{name} is read-only: it follows from "):
        setattr(palette, name, before)
    wire.clear()
    browser_sets(palette, {name: 0, "volume": 0.1})
    assert wire[0].data["content"]["type"] == "problem"
    assert getattr(palette, name) is before
    assert palette.volume == 0.75


@pytest.mark.parametrize(
    "state",
    [{"self": 1}, {"corner": []}, {"x" * 10**6: 1}, {str(number): 0 for number in range(200)}, [1], "x", None, 7],
)
def test_a_state_of_unknown_names_is_answered(make, wire, state):
    palette = make()
    wire.clear()
    browser_sets(palette, state)
    assert [message.data["content"]["type"] for message in wire] == ["problem"]
    assert len(wire[0].data["content"]["error"]) < 300


def test_traits_of_the_widget_library_are_left_as_they_are(make, wire):
    palette = make()
    script = palette.get_state("_esm")
    wire.clear()
    browser_sets(palette, {"_esm": "alert(1)", "layout": None, "volume": 0.5})
    assert [message.data["state"] for message in wire] == [{"volume": 0.5}]  # the echo of what was accepted
    assert palette.volume == 0.5
    assert palette.get_state("_esm") == script


def test_a_deep_or_huge_value_costs_nothing_and_is_named_in_short(make, wire):
    palette = make()
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    for value in (deep, [[[1] * 32] * 4] * 100_000, "x" * 10**7, 10**6000, [10**6000, 0.5]):
        wire.clear()
        browser_sets(palette, {"puck": value})
        assert "puck is two numbers" in wire[0].data["content"]["error"]
        assert len(wire[0].data["content"]["error"]) < 300


@pytest.mark.parametrize(("name", "value"), [("layout", 3), ("tooltip", 3), ("tabbable", "often")])
def test_a_wrong_value_of_a_trait_of_the_widget_library_is_refused_as_ours_are(make, name, value):
    palette = make()
    with pytest.raises(SettingError, match=rf"^{name} is .*; got {value!r}\.$"):
        setattr(palette, name, value)
    palette.tooltip = "The palette"
    assert palette.tooltip == "The palette"


@pytest.mark.parametrize("name", ["select", "notes", "to_html", "observe"])
def test_a_method_is_no_setting(make, name):
    with pytest.raises(AttributeError, match=f"^{name} is a method of Palette, not a setting: call it"):
        setattr(make(), name, "x")


def test_another_model_takes_another_palette(make):
    palette = make()
    with pytest.raises(AttributeError, match=r"^model is read-only: make another Palette"):
        palette.model = palette.model


def test_a_trait_that_there_is_not_is_set_by_nobody(make):
    with pytest.raises(SettingError, match=r"Palette has no trait 'qmp'\. Did you mean 'qpm'"):
        make().set_trait("qmp", 90)


def test_a_handler_is_a_function(make):
    with pytest.raises(SettingError, match="A handler is a function of one argument, the change; got 'x'"):
        make().observe("x", "qpm")


def test_a_misspelt_attribute_is_refused_with_the_nearest(make):
    with pytest.raises(AttributeError, match=r"no setting 'qmp'. Did you mean 'qpm'"):
        make().qmp = 93


def test_an_observer_of_a_trait_that_there_is_not_is_refused_with_the_nearest(make):
    with pytest.raises(SettingError, match=r"no trait 'selcted'. Did you mean 'selected'"):
        make().observe(print, "selcted")
    with pytest.raises(SettingError, match="no trait 'nothing'"):
        make().observe(print, ["qpm", "nothing"])


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(), st.lists, max_leaves=12))
def test_every_check_returns_a_value_or_raises_a_setting_error(value):
    for name in (name for name in vars(settings) if name.startswith("check_")):
        check = getattr(settings, name)
        if check.__module__ != settings.__name__ or name == "check_point":
            continue
        with contextlib.suppress(SettingError):
            check(value)
