"""The kernels: built from the source beside them, and as exact as float32 allows."""

import shutil
import subprocess

import numpy as np

from latentpalette.widgets.bundle import STATIC
from tests.conftest import missing
from tests.widgets.engine.node import run_node

ENGINE = STATIC / "engine"
BUILT = ENGINE / "kernels.wasm"
FUNCTIONS = """
import { startMemory } from "./engine/memory.js";
const memory = await startMemory(given.kernels);
const x = memory.copyIn(given.x, 0);
const result = ["tanhs", "sigmoids"].map((name) => {
  const out = memory.rows(1, given.x.length);
  memory.kernels[name](out.pointer, x.pointer, given.x.length);
  return memory.floats(out, given.x.length).slice();
});
"""
PRODUCTS = """
import { startMemory } from "./engine/memory.js";
import { multiplyArray } from "./engine/matrix.js";
const memory = await startMemory(given.kernels);
const result = given.products.map(({ x, panels, bias, inputs }) => {
  const matrix = { pointer: memory.copyIn(panels, 0).pointer, inputs, outputs: bias.length };
  return multiplyArray(memory, x, matrix, memory.copyIn(bias, 0));
});
"""


def kernels():
    return np.fromfile(BUILT, np.uint8)


def test_the_built_module_is_what_the_source_gives(tmp_path):
    if shutil.which("clang") is None or shutil.which("wasm-ld") is None:
        missing("clang and wasm-ld are not installed")
    rebuilt = tmp_path / "kernels.wasm"
    subprocess.run(["sh", ENGINE / "build.sh", rebuilt], check=True)
    assert compiler_of(rebuilt) != compiler_of(BUILT) or rebuilt.read_bytes() == BUILT.read_bytes()


def test_tanh_and_sigmoid_err_by_a_few_roundings():
    x = np.linspace(-20, 20, 40_000, dtype=np.float32)
    tanh, sigmoid = run_node(FUNCTIONS, {"kernels": kernels(), "x": x})
    exact = x.astype(float)
    assert np.abs(tanh - np.tanh(exact)).max() < 3e-7
    assert np.abs(sigmoid - 1 / (1 + np.exp(-exact))).max() < 2e-7
    assert np.abs(tanh).max() == 1


def test_products_of_any_number_of_rows():
    rng = np.random.default_rng(0)
    shapes = [(1, 5, 40), (2, 3, 8), (5, 7, 24), (4, 33, 64), (121, 10, 16)]
    cases = [(rng.normal(size=(n, k)), rng.normal(size=(k, m)), rng.normal(size=m)) for n, k, m in shapes]
    given = [
        {
            "x": x.astype(np.float32),
            "panels": weights.reshape(len(weights), -1, 8).transpose(1, 0, 2).astype(np.float32),
            "bias": bias.astype(np.float32),
            "inputs": len(weights),
        }
        for x, weights, bias in cases
    ]
    results = run_node(PRODUCTS, {"kernels": kernels(), "products": given})
    for (x, weights, bias), result in zip(cases, results, strict=True):
        np.testing.assert_allclose(result.reshape(len(x), -1), x @ weights + bias, atol=2e-5)


def compiler_of(module):
    """The compiler and its version, as a module's last sections say."""
    return module.read_bytes().rpartition(b"processed-by")[2].partition(b"target_features")[0]
