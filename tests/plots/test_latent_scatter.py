from __future__ import annotations

import numpy as np
import pytest
from bokeh.models import HoverTool, Legend

from latentpalette.errors import LatentError
from latentpalette.plots import embed
from latentpalette.plots.latent_scatter import latent_scatter
from latentpalette.plots.theme import track_color

CLOUD = np.array([[0.0, 1.0], [2.0, -1.0], [1.0, 3.0]])


def test_each_group_has_its_points_its_colour_and_its_name():
    board = latent_scatter(CLOUD, ["a", "b", "c"], ["rock", "bossa", "rock"])
    rock = board.select_one("rock")
    assert rock.data_source.data["x"] == [0.0, 1.0]
    assert rock.data_source.data["name"] == ["a", "c"]
    assert rock.glyph.fill_color == track_color(0)
    assert board.select_one("bossa").glyph.fill_color == track_color(1)
    (legend,) = board.select({"type": Legend})
    assert [item.label.value for item in legend.items] == ["rock", "bossa"]


def test_every_point_lies_in_a_square():
    board = latent_scatter(CLOUD)
    wide, high = (each.end - each.start for each in (board.x_range, board.y_range))
    assert wide == pytest.approx(high) == pytest.approx(4 * 1.06)
    assert board.select_one("points").data_source.data["name"][2] == "point 2"
    assert list(board.select({"type": Legend})) == []


def test_hovering_tells_name_and_group():
    (hover,) = latent_scatter(CLOUD).select({"type": HoverTool})
    assert "@name" in hover.tooltips
    assert "@group" in hover.tooltips


def test_it_can_be_written_to_a_page():
    assert embed.to_json_item(latent_scatter(CLOUD, title="<here>"))["root_id"]


@pytest.mark.parametrize(
    ("points", "names", "groups", "message"),
    [
        (np.zeros((2, 3)), None, None, r"\[n, 2\]; got shape \(2, 3\)"),
        (CLOUD, ["a"], None, "3 points has one name; got 1"),
        (CLOUD, None, ["a"], "3 points has one group; got 1"),
    ],
)
def test_what_is_no_map_is_refused(points, names, groups, message):
    with pytest.raises(LatentError, match=message):
        latent_scatter(points, names, groups)
