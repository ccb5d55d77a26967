"""Values that are assigned as a whole, and places that an instrument does not have."""

import copy
import json

import pytest

from latentpalette.errors import PaletteError
from latentpalette.widgets.checked_traits import SettingError
from latentpalette.widgets.whole_values import NoPlaceError, WholeValueError, as_whole
from tests.widgets.conftest import browser_sets


@pytest.fixture
def palette(make):
    return make(["Boom bap", "Trap", "Bossa", "Samba"])


def mute(palette):
    palette.mutes[0] = True


def append_a_volume(palette):
    palette.volumes.append(0.5)


def move_a_point(palette):
    palette.points[0][1] = 0.25


def ask_for_density(palette):
    palette.conditions["density"] = 0.5


def replace_a_corner(palette):
    palette.corners[0] = "Trap"


@pytest.mark.parametrize("change", [mute, append_a_volume, move_a_point, ask_for_density, replace_a_corner])
def test_a_part_of_a_setting_is_not_changed_behind_the_back_of_the_browser(palette, change):
    palette.path = [(0, 0), (4, 4)]
    before = [copy.deepcopy(getattr(palette, name)) for name in ("mutes", "volumes", "points", "conditions", "labels")]
    with pytest.raises(WholeValueError, match=r"is not changed in place.*and assign it"):
        change(palette)
    assert before == [getattr(palette, name) for name in ("mutes", "volumes", "points", "conditions", "labels")]


def test_what_the_browser_sets_is_assigned_as_a_whole_too(palette):
    browser_sets(palette, {"mutes": [True, *[False] * 8]})
    assert palette.mutes[0]
    with pytest.raises(WholeValueError):
        palette.mutes.clear()


def test_a_copy_is_an_ordinary_list_that_is_changed_and_assigned(palette):
    for mutes in (list(palette.mutes), palette.mutes[:], copy.deepcopy(palette.mutes), copy.copy(palette.mutes)):
        assert type(mutes) is list
    mutes[3] = True
    palette.mutes = mutes
    assert palette.mutes[3]
    assert json.loads(json.dumps(palette.mutes)) == mutes


@pytest.mark.parametrize(
    ("index", "words"),
    [
        ("A", r"corners has 4 places, 0 to 3; got index 'A'\. A is corners\[0\]\.$"),
        ("d", r"D is corners\[3\]\.$"),
        ("E", r"got index 'E'\.$"),
        (4, "got index 4"),
        (None, "got index None"),
        (1.5, "got index 1.5"),
    ],
)
def test_a_place_that_is_not_there_is_answered_with_those_that_are(palette, index, words):
    with pytest.raises(NoPlaceError, match=words) as caught:
        palette.corners[index]
    assert isinstance(caught.value, PaletteError)
    assert palette.corners[-1].label == palette.corners[3].label


def test_an_empty_tuple_says_that_it_is_empty():
    with pytest.raises(NoPlaceError, match=r"^starred is empty; got index 0\.$"):
        as_whole((), "starred")[0]


def test_a_name_that_is_no_text_is_no_trait(palette):
    with pytest.raises(SettingError, match=r"Palette has no trait \[\]"):
        palette.set_trait([], 1)
