"""Every model can encode its presets, and what it makes of them is music of the same kind."""

from __future__ import annotations

import numpy as np
import pytest

import latentpalette as lp
from latentpalette.converters import make_converter
from latentpalette.latent import flow_paths
from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
from latentpalette.models.model_presets import default_corners_of, presets_of
from latentpalette.music.rating import rate

CONVERTERS = {name: dict(config.converter) for name, config in MAGENTA_CONFIGS.items() if config.converter} | {
    model.name: dict(lp.load(model.name).config.converter) for model in lp.available()
}
EXACT = ("drums", "drum-pianoroll", "melody", "trio", "groove")


@pytest.mark.parametrize("name", CONVERTERS)
def test_a_converter_can_encode_and_decode_its_presets(name):
    converter = make_converter(**CONVERTERS[name])
    music = presets_of(converter)
    assert len(music) >= 8
    assert set(default_corners_of(converter)) <= set(music)
    for each in music.values():
        decoded = converter.decode(converter.encode(each).targets)
        if CONVERTERS[name]["name"] in EXACT:
            assert decoded == each
        else:
            assert len(decoded.notes) == len(each.notes)


@pytest.mark.parametrize("steps", [8, 16, 40, 64, 512])
@pytest.mark.parametrize("kind", ["drums", "melody", "trio"])
def test_presets_are_as_long_as_the_windows(kind, steps):
    assert {music.steps for music in presets_of(make_converter(kind, steps=steps)).values()} == {steps}


def shared(one: lp.NoteSequence, other: lp.NoteSequence, steps_only: bool = False) -> float:
    """The F1 score of notes, or of the steps at which some begin."""
    sets = [{(note.step, 0 if steps_only else note.pitch) for note in each.notes} for each in (one, other)]
    return 2 * len(sets[0] & sets[1]) / max(sum(map(len, sets)), 1)


# The least notes a bar of a cell.
@pytest.mark.parametrize(
    ("name", "size", "notes"),
    [
        ("drums-2bar", 11, 10),
        ("melody-2bar", 11, 3),
        ("groove-4bar", 11, 8),
        ("melody-16bar", 5, 1.5),
        ("trio-16bar", 3, 12),
    ],
)
def test_no_cell_between_the_corners_of_a_new_palette_is_nearly_empty_and_all_rate_well(name, size, notes):
    model = lp.load(name)
    corners = model.encode([model.presets[corner] for corner in default_corners_of(model.converter)])
    blend = flow_paths.check_blend(None, model.prior)
    grid = flow_paths.interpolate_corners(corners, size, flow=model.prior, interpolation=blend)
    cells = model.decode(grid.reshape(size * size, -1))
    assert min(len(cell) / cell.bars for cell in cells) >= notes
    assert min(map(rate, cells)) > 0.75
    assert len({cell.notes for cell in cells}) > 0.5 * size**2


# Means over the presets, a little below what was measured; of notes, and of the steps at which one begins.
@pytest.mark.parametrize(
    ("name", "notes", "steps"),
    [
        ("drums-2bar", 0.97, 0.97),
        ("melody-2bar", 0.95, 0.98),
        ("melody-16bar", 0.82, 0.9),
        ("trio-16bar", 0.65, 0.9),
        ("groove-4bar", 0.7, 0.85),
    ],
)
def test_presets_come_back_from_latent_space(name, notes, steps):
    model = lp.load(name)
    music = list(model.presets.values())
    back = model.decode(model.encode(music))
    assert np.mean([shared(*pair) for pair in zip(music, back, strict=True)]) > notes
    assert np.mean([shared(*pair, steps_only=True) for pair in zip(music, back, strict=True)]) > steps
