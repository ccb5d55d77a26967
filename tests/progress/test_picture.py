"""A picture of progress: bars, curves and grids, of whatever numbers there are so far."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from latentpalette.progress.picture import to_html
from latentpalette.progress.task import Task


def parsed(task: Task) -> ET.Element:
    return ET.fromstring(to_html([(task, 3.0)]).replace("<br>", "<br/>"))


@given(st.lists(st.tuples(st.floats(), st.floats()), max_size=20))
def test_any_curve_makes_a_picture_that_is_well_formed(points):
    task = Task("Training", 20)
    for x, y in points:
        task.add_point("loss", x, y)
    finite = [point for point in points if all(map(math.isfinite, point))]
    assert (parsed(task).find("svg") is not None) == (len(finite) >= 2)


def test_a_curve_runs_from_left_to_right_and_says_its_last_value():
    task = Task("Training", 20)
    for x, y in [(0, 9.0), (10, 1.0), (20, 2.0)]:
        task.add_point("loss", x, y)
    svg = parsed(task).find("svg")
    xs, ys = zip(*(map(float, point.split(",")) for point in svg.find("polyline").get("points").split()), strict=True)
    assert list(xs) == sorted(xs)
    assert ys[0] < ys[2] < ys[1]  # y runs down
    assert svg.get("aria-label") == "loss: 2 (from 1 to 9)"


def test_a_long_curve_has_its_first_and_last_point_and_few_between():
    task = Task("Training")
    for x in range(10_000):
        task.add_point("loss", x, x)
    curve = task.curves["loss"]
    assert (curve[0], curve[-1]) == ((0, 0), (9_999, 9_999))
    assert 100 <= len(curve) <= 200


def test_a_grid_shows_the_cells_that_are_known():
    task = Task("Searching for holes", 4)
    task.grid = [[0.0, 1.0], [0.5, math.nan]]
    cells = {path.get("d"): float(path.get("fill-opacity")) for path in parsed(task).findall("svg/path")}
    assert cells == {"M0 0h6v6h-6z": 0.08, "M6 0h6v6h-6z": 1.0, "M0 6h6v6h-6z": 0.54}


def test_a_large_grid_is_thinned_out():
    task = Task("Searching for holes", 4)
    task.grid = np.linspace(0, 1, 1_000_000).reshape(1000, 1000)
    svg = parsed(task).find("svg")
    assert svg.get("width") == svg.get("height") == str(6 * 63)
    assert len(ET.tostring(svg)) < 100_000


def test_names_are_text_not_markup():
    task = Task("<script>", 4)
    task.add_point('"<b>', 0, 0)
    task.add_point('"<b>', 1, 1)
    assert {element.tag for element in parsed(task).iter()} == {"div", "br", "progress", "svg", "text", "polyline"}
