"""The kernels: built from the source beside them, and as exact as float32 allows."""

import shutil
import subprocess

import numpy as np
import pytest

from tests.conftest import missing
from tests.widgets.engine.networks import BUILT, SCRIPT


def test_the_built_module_is_what_the_source_gives(tmp_path):
    if shutil.which("clang") is None or shutil.which("wasm-ld") is None:
        missing("clang and wasm-ld are not installed")
    rebuilt = tmp_path / "kernels.wasm"
    subprocess.run(["sh", BUILT.with_name("build.sh"), rebuilt], check=True)
    assert compiler_of(rebuilt) != compiler_of(BUILT) or rebuilt.read_bytes() == BUILT.read_bytes()


def test_tanh_and_sigmoid_err_by_a_few_roundings(node):
    x = np.linspace(-20, 20, 40_000, dtype=np.float32)
    tanh, sigmoid = (node.call(SCRIPT, "callFunction", BUILT.read_bytes(), name, x) for name in ("tanhs", "sigmoids"))
    exact = x.astype(float)
    assert np.abs(tanh - np.tanh(exact)).max() < 3e-7
    assert np.abs(sigmoid - 1 / (1 + np.exp(-exact))).max() < 2e-7
    assert np.abs(tanh).max() == 1


@pytest.mark.parametrize(("rows", "inputs", "outputs"), [(1, 5, 40), (2, 3, 8), (5, 7, 24), (4, 33, 64), (121, 10, 16)])
def test_products_of_any_number_of_rows(node, rows, inputs, outputs):
    rng = np.random.default_rng(0)
    shapes = ((rows, inputs), (inputs, outputs), (outputs,))
    x, weights, bias = (rng.normal(size=shape).astype(np.float32) for shape in shapes)
    panels = weights.reshape(inputs, -1, 8).transpose(1, 0, 2)
    product = node.call(SCRIPT, "multiply", BUILT.read_bytes(), x, panels, inputs, bias)
    np.testing.assert_allclose(product.reshape(rows, -1), x.astype(float) @ weights + bias, atol=2e-5)


def compiler_of(module):
    """The compiler and its version, as a module's last sections say."""
    return module.read_bytes().rpartition(b"processed-by")[2].partition(b"target_features")[0]
