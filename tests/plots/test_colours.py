from __future__ import annotations

import re

import numpy as np
import pytest

from latentpalette.plots import colours
from tests.source import PACKAGE


def luminance(rgb):
    linear = np.where(np.asarray(rgb) <= 0.04045, np.asarray(rgb) / 12.92, ((np.asarray(rgb) + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(one, other):
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def rgb(text):
    return [int(text[at : at + 2], 16) / 255 for at in (1, 3, 5)]


@pytest.mark.parametrize(
    ("lab", "expected"),
    [
        # The reference values of Ottosson's page, inverted: red, green and blue of sRGB.
        ([0.627955, 0.224863, 0.125846], (1, 0, 0)),
        ([0.866440, -0.233888, 0.179498], (0, 1, 0)),
        ([0.452014, -0.032457, -0.311528], (0, 0, 1)),
        ([1, 0, 0], (1, 1, 1)),
        ([0, 0, 0], (0, 0, 0)),
    ],
)
def test_oklab_is_what_its_author_says(lab, expected):
    assert colours.rgb_of(lab) == pytest.approx(expected, abs=2e-3)


def test_corners_are_equally_light_to_the_eye():
    found = [luminance(colours.blend(weights)) for weights in np.eye(4)]
    assert max(found) / min(found) < 1.35


def test_a_grey_has_no_hue():
    assert np.ptp(colours.rgb_of([0.5, 0, 0])) < 1e-3


def test_blending_one_corner_alone_is_that_corner():
    for corner, weights in zip(colours.CORNERS, np.eye(4), strict=True):
        assert colours.blend(weights) == pytest.approx(colours.rgb_of(colours.lab_of(*corner)))


def test_words_and_notes_read_on_white_and_on_near_black():
    for page in ("#ffffff", "#15171c"):
        for ink in (colours.GREY, *map(colours.part_colour, range(6))):
            assert contrast(rgb(ink), rgb(page)) > 3, (ink, page)


def test_parts_get_colours_that_differ():
    found = [np.array(rgb(colours.part_colour(number))) for number in range(5)]
    assert min(np.abs(one - other).max() for at, one in enumerate(found) for other in found[:at]) > 0.15


def test_the_browser_blends_the_same_corners():
    source = (PACKAGE / "widgets/static/view/color.js").read_text(encoding="utf-8")
    corners = re.findall(r"\[(0\.\d+), (0\.\d+), (\d+)\],", source)
    assert [tuple(map(float, corner)) for corner in corners] == list(colours.CORNERS)
    assert float(re.search(r"DARKER = ([\d.]+)", source)[1]) == colours.DARKER
