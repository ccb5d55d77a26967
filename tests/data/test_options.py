"""Options for extracting windows have their types checked."""

from __future__ import annotations

import pytest

from latentpalette.data.options import ExtractOptions
from latentpalette.errors import LatentPaletteError

WRONG = {
    "melody_tracks": [1.5, True, None, float("nan"), b"x", "("],
    "bass_tracks": [1.5, True, None, float("nan"), ["x"], "["],
    "drum_map": [1.5, True, None, float("nan"), "harp", ["roland"]],
    "track": [1.5, True, float("nan"), b"x", ["x"], 1j],
    "drums": [1.5, True, float("nan"), b"x", [1.5], [None], 1j],
    "synthesize_trios": [1.5, 1, None, float("nan"), "yes"],
}


@pytest.mark.parametrize("name", WRONG)
def test_a_value_of_another_type_is_refused(name):
    for value in WRONG[name]:
        with pytest.raises(LatentPaletteError) as problem:
            pytest.fail(f"{value!r} is accepted: {ExtractOptions(**{name: value})}")
        assert "object" not in str(problem.value)
