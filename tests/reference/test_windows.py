"""The converters against what Magenta's own found in real files."""

import json

import numpy as np
import pytest

from latentpalette.converters import find_windows, make_converter
from tests.reference.golden import recorded

# Recorded in Magenta's `infer` mode, where windows come in no order, save trios; grooves in `eval` mode.
SETS = {
    "cat-drums_2bar_small": make_converter("drums"),
    "cat-mel_2bar_med_chords": make_converter("melody", chords=True),
    "cat-mel_2bar_small": make_converter("melody", programs=(0, 31)),
    "hier-multiperf_vel_1bar_med": make_converter("performance"),
    "hierdec-mel_16bar": make_converter("melody", steps=256),
    "nade-drums_2bar_full": make_converter("drum-pianoroll", drum_map="full"),
}
IN_ORDER = {
    "groovae_2bar_add_closed_hh": make_converter("groove", drum_map="roland", add_instruments=(2,)),
    "groovae_2bar_hits_control_tfds": make_converter("groove", drum_map="roland", hits_as_controls=True),
    "groovae_2bar_humanize": make_converter("groove", drum_map="roland", humanize=True),
    "groovae_2bar_tap_fixed_velocity": make_converter("groove", drum_map="roland", tapify=True, fixed_velocities=True),
    "groovae_4bar": make_converter("groove", drum_map="roland", steps=64),
    "hierdec-trio_16bar": make_converter("trio"),
}
KINDS = ("inputs", "outputs", "controls")
FIELDS = {"inputs": "inputs", "outputs": "targets", "controls": "controls"}  # of an example, by their recorded names


@pytest.fixture(scope="session")
def golden(reference):
    folder = reference / "golden" / "converters"

    def read(name):
        return json.loads((folder / f"{name}.json").read_text()), np.load(folder / f"{name}.npz"), folder / "midi"

    return read


@pytest.mark.parametrize("name", SETS)
def test_the_windows_of_every_file_are_magentas(golden, name):
    told, arrays, midi = golden(name)
    assert told["files"]
    for file, found in told["files"].items():
        windows = find_windows(midi / file, SETS[name], magenta_compatible=True)
        assert len(windows) == found["windows"], file
        examples = [SETS[name].encode(window) for window in windows]
        for kind in KINDS if told["control_depth"] else KINDS[:2]:
            theirs = {window.tobytes() for window in recorded(told, arrays, file, kind)}
            ours = {getattr(example, FIELDS[kind]).astype(np.uint8).tobytes() for example in examples}
            # Two chords that share their sounding pitches tie to the last digit of a sum over hundreds of frames, and
            # the processor decides between them: one frame in one file comes out differently here.
            ties = 0.05 * len(theirs) if kind == "controls" else 0
            assert len(ours ^ theirs) <= 2 * ties, f"{file}: {kind}"


@pytest.mark.parametrize("name", IN_ORDER)
def test_where_magentas_windows_have_an_order_ours_have_the_same(golden, name):
    told, arrays, midi = golden(name)
    assert told["files"]
    for file, found in told["files"].items():
        windows = find_windows(midi / file, IN_ORDER[name], magenta_compatible=True)
        assert len(windows) == found["windows"], file
        kinds = KINDS if told["control_depth"] else KINDS[:2]
        theirs = [recorded(told, arrays, file, kind) for kind in kinds]
        for number, window in enumerate(windows):
            example = IN_ORDER[name].encode(window)
            for kind, rows in zip(kinds, theirs, strict=True):
                difference = np.abs(getattr(example, FIELDS[kind]) - rows[number]).max()
                assert difference < 1e-5, f"{file}, window {number}: {kind}"


@pytest.mark.parametrize("name", [name for name in SETS if not name.startswith("hier-multi")])
def test_by_default_no_window_is_repeated_and_bars_are_in_order(golden, name):
    told, _, midi = golden(name)
    for file in told["files"]:
        windows = find_windows(midi / file, SETS[name])
        examples = [(SETS[name].encode(window), window.chords) for window in windows]
        rows = [(example.targets.tobytes(), chords) for example, chords in examples]
        assert len(rows) == len(set(rows)), file
        bars = [window.bar for window in windows]
        assert bars == sorted(bars), file
