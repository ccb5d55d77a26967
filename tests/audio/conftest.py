from __future__ import annotations

import pytest

from latentpalette.audio import synth
from latentpalette.audio.soundfont import find


@pytest.fixture(params=list(synth.ENGINES))
def engine(request, missing):
    """Each engine in turn."""
    reason = synth.ENGINES[request.param].unavailable_reason()
    if reason:
        missing(reason)
    return request.param


@pytest.fixture(scope="session")
def soundfont():
    """The SoundFont for which the numbers in these tests hold."""
    return find.bundled_soundfont()
