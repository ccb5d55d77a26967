from __future__ import annotations

import pytest

from latentpalette.audio import synth
from latentpalette.audio.soundfont import find


@pytest.fixture(params=list(synth.ENGINES))
def engine(request, missing):
    """Each engine in turn."""
    reason = synth.ENGINES[request.param].missing()
    if reason:
        missing(reason)
    return request.param


@pytest.fixture(scope="session")
def font():
    """The SoundFont that numbers in these tests were heard with."""
    return find.bundled()
