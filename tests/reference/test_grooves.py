"""The groove functions with Magenta's configurations: the model's inputs are those of Magenta's converters."""

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
    """Return a recorded groove model, with the drum map of the recording, and its windows of one file."""

    def read(name):
        converters = reference / "golden" / "converters"
        metadata, arrays = json.loads((converters / f"{name}.json").read_text()), np.load(converters / f"{name}.npz")
        config = MAGENTA_CONFIGS[name].replace(converter={**MAGENTA_CONFIGS[name].converter, "drum_map": "roland"})
        folder = reference / "golden" / "models" / name
        if folder.is_dir():
            model = load(folder)
            sizes = {field: getattr(model.config, field) for field in ("z_size", "enc_rnn_size", "dec_rnn_size")}
            model = load(folder, config=config.replace(**sizes))
        else:  # the architecture is that of humanize; only its inputs differ
            model = model_of(config.replace(z_size=6, enc_rnn_size=(7,), dec_rnn_size=(5, 8)))
        file = next(file for file, facts in metadata["files"].items() if facts["windows"] >= 2)
        windows = find_windows(converters / "midi" / file, model.converter, magenta_compatible=True)
        return model, windows, {kind: recorded(metadata, arrays, file, kind) for kind in ("inputs", "controls")}

    return read


def hits(sequence):
    return [(note.step, note.pitch, note.velocity) for note in sequence.notes]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_window_is_decoded_as_from_magentas_own_inputs(golden, name):
    model, windows, arrays = golden(name)
    assert len(windows) >= 2
    decoded = model.decode_arrays(model.posterior_arrays(arrays["inputs"]).mu)
    for window, expected in zip(windows, decoded, strict=True):
        assert hits(FUNCTIONS[name](model, window)) == hits(model.converter.decode(expected))


def test_a_groove_is_transferred_as_from_magentas_own_inputs(golden):
    model, windows, arrays = golden("groovae_2bar_hits_control_tfds")
    source, target = windows[0], windows[1]
    mu = model.posterior_arrays(arrays["inputs"][:1], controls=arrays["controls"][:1]).mu
    decoded = model.decode_arrays(mu, controls=arrays["controls"][1:2])
    performed = transfer_groove(model, source, target, keep_hits=False)
    assert hits(performed) == hits(model.converter.decode(decoded[0]))
    same_hits = transfer_groove(model, source, target)
    assert [(n.step, n.pitch) for n in same_hits.notes] == [(n.step, n.pitch) for n in target.notes]
