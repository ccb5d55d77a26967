"""Every model of the shelf in a page, in Chromium and in Firefox: token for token what Python decodes."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

import latentpalette as lp
from latentpalette.latent.grids import bilinear_grid
from latentpalette.models.inputs import stack_inputs
from latentpalette.models.model_presets import default_corners_of
from latentpalette.models.musicvae import MusicVAE
from latentpalette.models.tokens import concat_tokens
from latentpalette.widgets.model_clips import ModelClips, display_name
from latentpalette.widgets.page_model import PageParts
from tests.browser.answering_page import Evaluate, decode_tokens, in_chromium, in_firefox, write_answering_page
from tests.shelf import PLAYED

LONG = 64  # steps: of a longer model fewer places are decoded
ENCODED_ALIKE = 5e-4  # of a mean: rounding errors of 256 steps; of 32 they are a hundredth of it
QUARTER = 0.25 / 127  # of a MIDI velocity
# The next step of a groove reads velocities and offsets to their last digit, in which sums in another order differ, and
# a hit may hang on it. Classes are the same, all of them.
MAX_DIFFERENT = {"groove": 0.01}

ENCODE = """
const [model, frames, count] = arguments;
const { mu } = await engine.ask("encode", { model, frames: Float32Array.from(frames), count });
return [...mu];
"""


class Places(NamedTuple):
    """A page with a model, and what Python decodes in it."""

    page: Path
    model: MusicVAE
    z: NDArray[np.float32]
    tokens: NDArray[Any]


def grid_of(model: MusicVAE, size: int) -> NDArray[np.float32]:
    """The cells of a palette between the presets of its first corners."""
    corners = model.encode([model.presets[name] for name in default_corners_of(model.converter)])
    return bilinear_grid(corners, size).reshape(size**2, -1).astype(np.float32)


@pytest.fixture(scope="module", params=PLAYED)
def places(request, tmp_path_factory) -> Places:
    """A grid, and places of the prior."""
    model = lp.load(request.param)
    is_long = model.config.steps > LONG
    z = np.concatenate([grid_of(model, 5 if is_long else 11), model.sample_z(100 if is_long else 1000, seed=7)])
    path = tmp_path_factory.mktemp("page") / f"{request.param}.html"
    write_answering_page(ModelClips.of(model), path, "palette", PageParts("full", "float16"))
    return Places(path, model, z, concat_tokens(model.decode_tokens(z)).cpu().numpy())


def assert_decodes_alike(evaluate: Evaluate, places: Places) -> None:
    tokens = decode_tokens(evaluate, places.model, places.z)
    differ = (np.abs(tokens - places.tokens) > QUARTER).any(axis=(1, 2))
    assert differ.mean() <= MAX_DIFFERENT.get(places.model.config.head, 0)


def test_every_cell_and_many_places_of_the_prior_in_chromium(places, browser):
    with in_chromium(browser, places.page) as evaluate:
        assert_decodes_alike(evaluate, places)
        music = [places.model.presets[name] for name in default_corners_of(places.model.converter)]
        frames, _ = stack_inputs([places.model.converter.encode(each) for each in music])
        mu = np.reshape(evaluate(ENCODE, display_name(places.model), frames.ravel().tolist(), len(frames)), (4, -1))
        np.testing.assert_allclose(mu, places.model.posterior_arrays(frames).mu, atol=ENCODED_ALIKE)


def test_every_cell_and_many_places_of_the_prior_in_firefox(places, firefox):
    with in_firefox(firefox, places.page) as evaluate:
        assert_decodes_alike(evaluate, places)
