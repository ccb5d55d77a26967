from types import SimpleNamespace

import IPython
import pytest

from latentpalette.widgets.frontend import shows_widgets


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch):
    for name in ("LATENTPALETTE_WIDGETS", "VOILA_REQUEST_URL", "VOILA_PREHEAT", "DATABRICKS_RUNTIME_VERSION"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def in_kernel(monkeypatch):
    def run(*, allow_stdin):
        shell = SimpleNamespace(kernel=SimpleNamespace(_allow_stdin=allow_stdin))
        monkeypatch.setattr(IPython, "get_ipython", lambda: shell)

    return run


def test_a_front_end_that_lets_a_cell_ask_for_input_shows_widgets(in_kernel):
    in_kernel(allow_stdin=True)
    assert shows_widgets()


def test_a_program_that_allows_no_input_only_records(in_kernel):
    in_kernel(allow_stdin=False)
    assert not shows_widgets()


@pytest.mark.parametrize("name", ["VOILA_REQUEST_URL", "DATABRICKS_RUNTIME_VERSION"])
def test_voila_and_databricks_show_widgets_all_the_same(in_kernel, monkeypatch, name):
    in_kernel(allow_stdin=False)
    monkeypatch.setenv(name, "x")
    assert shows_widgets()


def test_outside_a_kernel_widgets_are_shown(monkeypatch):
    monkeypatch.setattr(IPython, "get_ipython", lambda: None)
    assert shows_widgets()


@pytest.mark.parametrize(("setting", "expected"), [("always", True), ("never", False), ("Always", True)])
def test_a_variable_decides(in_kernel, monkeypatch, setting, expected):
    in_kernel(allow_stdin=not expected)
    monkeypatch.setenv("LATENTPALETTE_WIDGETS", setting)
    assert shows_widgets() is expected
