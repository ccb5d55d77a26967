"""The groove functions over Magenta's own wiring: what they show the model is what Magenta's converters showed it."""

import json

import numpy as np
import pytest

from latentpalette.converters import find_windows
from latentpalette.models.groove import add_hihat, humanize, tap_to_drums, transfer_groove
from latentpalette.models.magenta_configs import MAGENTA_CONFIGS
from latentpalette.models.store import load
from tests.models.tiny_models import model_of
from tests.reference.golden import recorded

FUNCTIONS = {
    "groovae_2bar_humanize": lambda model, window: humanize(model, window, keep_hits=False),
    "groovae_2bar_tap_fixed_velocity": tap_to_drums,
    "groovae_2bar_add_closed_hh": lambda model, window: add_hihat(model, window, keep_hits=False),
}


@pytest.fixture(scope="session")
def golden(reference):
    """A recorded groove model, with the drum map its inputs were recorded with, and its windows of one file."""

    def read(name):
        converters = reference / "golden" / "converters"
        told, arrays = json.loads((converters / f"{name}.json").read_text()), np.load(converters / f"{name}.npz")
        config = MAGENTA_CONFIGS[name].replace(converter={**MAGENTA_CONFIGS[name].converter, "drum_map": "roland"})
        folder = reference / "golden" / "models" / name
        if folder.is_dir():
            model = load(folder)
            sizes = {field: getattr(model.config, field) for field in ("z_size", "enc_rnn_size", "dec_rnn_size")}
            model = load(folder, config=config.replace(**sizes))
        else:  # the wiring is that of the humanizer; only what it is shown differs
            model = model_of(config.replace(z_size=6, enc_rnn_size=(7,), dec_rnn_size=(5, 8)))
        file = next(file for file, found in told["files"].items() if found["windows"] >= 2)
        windows = find_windows(converters / "midi" / file, model.converter, magenta_compatible=True)
        return model, windows, {kind: recorded(told, arrays, file, kind) for kind in ("inputs", "controls")}

    return read


def strokes(sequence):
    return [(note.step, note.pitch, note.velocity) for note in sequence.notes]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_window_is_played_as_from_magentas_own_rows(golden, name):
    model, windows, rows = golden(name)
    assert len(windows) >= 2
    said = model.decode_arrays(model.posterior_arrays(rows["inputs"]).mu)
    for window, expected in zip(windows, said, strict=True):
        assert strokes(FUNCTIONS[name](model, window)) == strokes(model.converter.decode(expected))


def test_a_groove_is_transferred_as_from_magentas_own_rows(golden):
    model, windows, rows = golden("groovae_2bar_hits_control_tfds")
    feel, beat = windows[0], windows[1]
    mu = model.posterior_arrays(rows["inputs"][:1], controls=rows["controls"][:1]).mu
    said = model.decode_arrays(mu, controls=rows["controls"][1:2])
    played = transfer_groove(model, feel, beat, keep_hits=False)
    assert strokes(played) == strokes(model.converter.decode(said[0]))
    kept = transfer_groove(model, feel, beat)
    assert [(n.step, n.pitch) for n in kept.notes] == [(n.step, n.pitch) for n in beat.notes]
