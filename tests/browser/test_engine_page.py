"""The engine in a page of its own: in a worker, from disk, under our policy, token for token what Python says."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import Page

import latentpalette as lp
from latentpalette.models.inputs import stack_inputs
from tests.browser.engine_page import POLICY, write_engine_page

READY = "engine.ready.then(() => facts, (error) => error.message)"
DECODE = """async ([z, size]) => {
  const tokens = new Map();
  const onPart = ({ rows, tokens: all }) => {
    for (const [k, row] of rows.entries()) tokens.set(row, [...all.slice(k * size, (k + 1) * size)]);
  };
  await engine.decode({ z: Float32Array.from(z) }, { onPart });
  return [...tokens.keys()].sort((a, b) => a - b).map((row) => tokens.get(row));
}"""
ENCODE = "async ([frames, count]) => [...(await engine.encode({ frames: Float32Array.from(frames), count })).mu]"
NEWEST = """async (z) => {
  const ask = () => engine.decode({ z: Float32Array.from(z) }, { channel: "grid" });
  const [older, newer] = await Promise.all([ask(), ask()]);
  return [older, newer.flatMap(({ rows }) => rows)];
}"""
SAMPLE = """async () => {
  const [clips] = await engine.ask("sample", { n: 3, seed: 7, temperature: 0.8 });
  const [{ mu }] = await engine.ask("posterior", { clips });
  const decoded = await engine.ask("clips", { z: mu, order: [2, 0, 1] });
  const notes = (all) => all.map((clip) => clip.notes.map(({ step, pitch }) => [step, pitch]));
  return [notes(clips), decoded.flatMap(({ rows }) => rows), notes(decoded.flatMap((part) => part.clips))];
}"""


@pytest.fixture(scope="module")
def model():
    return lp.load("drums-2bar")


def test_what_the_page_encodes_and_decodes_is_what_python_does(page: Page, tmp_path, model):
    page.goto(write_engine_page(tmp_path / "engine.html", model).as_uri())
    assert page.evaluate(READY) == {"tokenWidth": 1, "numUniforms": 1, "isClasses": True, "canEncode": True}
    frames, _ = stack_inputs([model.converter.encode(music) for music in list(model.presets.values())[:4]])
    mu = np.reshape(page.evaluate(ENCODE, [frames.ravel().tolist(), 4]), (4, -1)).astype(np.float32)
    np.testing.assert_allclose(mu, model.posterior_arrays(frames).mu, atol=1e-5)
    z = np.concatenate([mu, model.sample_z(30, seed=7)])
    tokens = page.evaluate(DECODE, [z.ravel().tolist(), model.config.steps])
    assert tokens == model.decode_classes(z).tolist()
    assert page.errors == []


def test_a_newer_question_drops_the_older_one(page: Page, tmp_path, model):
    page.goto(write_engine_page(tmp_path / "engine.html", model).as_uri())
    older, newer = page.evaluate(NEWEST, model.sample_z(9, seed=1).ravel().tolist())
    assert older is None
    assert newer == list(range(9))


def test_a_page_that_may_not_run_webassembly_says_so(page: Page, tmp_path, model):
    policy = POLICY.replace(" 'wasm-unsafe-eval'", "")
    page.goto(write_engine_page(tmp_path / "engine.html", model, policy=policy).as_uri())
    assert "WebAssembly" in page.evaluate(READY)


def test_samples_of_a_seed_are_those_of_python_and_so_is_their_reconstruction(page: Page, tmp_path, model):
    def notes(sequences):
        return [[[note.step, note.pitch] for note in sequence.notes] for sequence in sequences]

    page.goto(write_engine_page(tmp_path / "engine.html", model).as_uri())
    sampled, rows, decoded = page.evaluate(SAMPLE)
    samples = model.sample(3, temperature=0.8, seed=7)
    assert sampled == notes(samples)
    assert rows == [2, 0, 1]
    assert decoded == [notes(model.decode(model.encode(samples)))[row] for row in rows]
