from __future__ import annotations

import re

import numpy as np
import pytest

from latentpalette.plots import colors, theme
from tests.import_graph import PACKAGE


def luminance(rgb):
    linear = np.where(np.asarray(rgb) <= 0.04045, np.asarray(rgb) / 12.92, ((np.asarray(rgb) + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(one, other):
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def rgb(text):
    return [int(text[start : start + 2], 16) / 255 for start in (1, 3, 5)]


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
def test_oklab_converts_to_the_reference_values_of_its_author(lab, expected):
    assert colors.oklab_to_rgb(lab) == pytest.approx(expected, abs=2e-3)


def test_corners_have_about_the_same_luminance():
    luminances = [luminance(colors.blend(weights)) for weights in np.eye(4)]
    assert max(luminances) / min(luminances) < 1.35


def test_a_grey_has_no_hue():
    assert np.ptp(colors.oklab_to_rgb([0.5, 0, 0])) < 1e-3


def test_blending_one_corner_alone_is_that_corner():
    for corner, weights in zip(colors.CORNERS, np.eye(4), strict=True):
        assert colors.blend(weights) == pytest.approx(colors.oklab_to_rgb(colors.oklch_to_oklab(*corner)))


def test_text_and_notes_read_on_white_and_on_near_black():
    for page in ("#ffffff", "#15171c"):
        for color in (theme.GREY, *map(theme.track_color, range(6))):
            assert contrast(rgb(color), rgb(page)) > 3, (color, page)


def test_tracks_get_colors_that_differ():
    track_colors = [np.array(rgb(theme.track_color(index))) for index in range(5)]
    assert min(np.abs(one - other).max() for i, one in enumerate(track_colors) for other in track_colors[:i]) > 0.15


def test_the_browser_blends_the_same_corners():
    source = (PACKAGE / "widgets/static/view/color.js").read_text(encoding="utf-8")
    corners = re.findall(r"\[(0\.\d+), (0\.\d+), (\d+)\],", source)
    assert [tuple(map(float, corner)) for corner in corners] == list(colors.CORNERS)
    assert float(re.search(r"DARKER = ([\d.]+)", source)[1]) == colors.DARK_SHIFT
