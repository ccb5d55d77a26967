"""A real JupyterLab or Notebook 7, offline, with settings of its own, that a test drives through its front end."""

from __future__ import annotations

import ast
import json
import os
import re
import secrets
import shutil
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.error import URLError
from urllib.request import Request, urlopen

import nbformat
from playwright.sync_api import Page

from tests.browser.server import running_server
from tests.conftest import REPOSITORY

_ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)/")
_WIDGET = "window.jupyterapp.shell.currentWidget"
_OPTIONS = (
    "--no-browser",
    "--expose-app-in-browser",
    "--ServerApp.ip=127.0.0.1",
    "--ServerApp.port=0",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.extension_manager=readonly",
)


@dataclass
class Notebook:
    """A notebook that is open in JupyterLab, its kernel idle."""

    page: Page
    path: Path
    _server: Lab

    def run_all(self, *, timeout: float = 180) -> None:
        """Run every cell; return when the last has run. A cell that fails fails the test, with its message."""
        self.start_running()
        self.wait_until_run(timeout=timeout)

    def start_running(self) -> None:
        """Run every cell, without waiting."""
        # Not returned from evaluate: the promise resolves at the end of the whole run.
        self.page.evaluate(
            "() => { window.lpRan = false;"
            " window.jupyterapp.commands.execute('notebook:run-all-cells').then(() => { window.lpRan = true; }); }"
        )

    def wait_until_run(self, *, timeout: float = 180) -> None:
        self.page.wait_for_function("() => window.lpRan === true", timeout=timeout * 1000)
        assert self.errors() == [], "a cell of the notebook failed"

    def errors(self) -> list[str]:
        """Return the errors that the cells raised."""
        return self.page.evaluate(
            f"() => [...{_WIDGET}.content.widgets].flatMap(cell => cell.model.sharedModel.outputs ?? [])"
            ".filter(output => output.output_type === 'error').map(output => `${output.ename}: ${output.evalue}`)"
        )

    def add_cell(self, source: str) -> int:
        """Append a code cell and return its number, without running it."""
        return self.page.evaluate(
            f"source => {{ const shared = {_WIDGET}.content.model.sharedModel;"
            " shared.insertCell(shared.cells.length, { cell_type: 'code', source, metadata: {} });"
            " return shared.cells.length - 1; }",
            source,
        )

    def start_cell(self, source: str) -> int:
        """Append a cell and start it; return at once with its number. The kernel is busy until it ends."""
        number = self.add_cell(source)
        self.page.evaluate(
            f"number => {{ {_WIDGET}.content.activeCellIndex = number;"
            " window.jupyterapp.commands.execute('notebook:run-cell'); }",
            number,
        )
        return number

    def run_cell(self, source: str, *, timeout: float = 60) -> str:
        """Append a cell, run it, and return the text it printed or showed."""
        number = self.start_cell(source)
        self.page.wait_for_function(
            f"number => {{ const cell = {_WIDGET}.content.widgets[number];"
            " return cell.model.executionCount !== null && cell.model.executionState !== 'running'; }",
            arg=number,
            timeout=timeout * 1000,
        )
        self.wait_until_idle(timeout=timeout)
        assert self.errors() == [], f"a cell failed:\n{source}"
        return self.text_of(number)

    def value(self, expression: str, *, timeout: float = 60) -> object:
        """Return the value of a Python expression in the kernel, by way of JSON; no cell is added."""
        status, text = self.page.evaluate(
            f"async ([code, timeout]) => {{ const kernel = {_WIDGET}.sessionContext.session.kernel;"
            " const future = kernel.requestExecute({ code: '', user_expressions: { value: code } });"
            " const late = new Promise(resolve => setTimeout(() => resolve(null), timeout));"
            " const reply = await Promise.race([future.done, late]);"
            " if (reply === null) return ['late', 'the kernel did not answer'];"
            " const { value } = reply.content.user_expressions;"
            " return [value.status, value.data?.['text/plain'] ?? `${value.ename}: ${value.evalue}`]; }",
            [f"__import__('json').dumps({expression})", timeout * 1000],
        )
        assert status == "ok", f"{expression}: {text}"
        return json.loads(ast.literal_eval(text))

    def wait_for_value(self, expression: str, expected: object) -> None:
        """Ask the kernel until an expression has the expected value: messages from the page are on their way."""
        for _ in range(600):
            if (value := self.value(expression)) == expected:
                return
            self.page.wait_for_timeout(50)
        assert value == expected, expression

    def scroll_to(self, source: str) -> None:
        """Bring the first cell with this text into view."""
        self.page.evaluate(
            f"async source => {{ const {{ content }} = {_WIDGET};"
            " const cell = content.widgets.findIndex(cell => cell.model.sharedModel.source.includes(source));"
            " await content.scrollToItem(cell, 'start'); }",
            source,
        )

    def text_of(self, number: int) -> str:
        """Return the plain text of a cell's output."""
        return self.page.evaluate(
            f"number => ({_WIDGET}.content.widgets[number].model.sharedModel.outputs ?? [])"
            ".map(output => output.text ?? output.data?.['text/plain'] ?? '').flat().join('')",
            number,
        )

    def is_running(self, number: int) -> bool:
        """Return True if a cell has begun and not ended; the kernel may answer widgets all the same, in a subshell."""
        return self.page.evaluate(
            f"number => {_WIDGET}.content.widgets[number].model.executionState === 'running'", number
        )

    def wait_until_idle(self, *, timeout: float = 60) -> None:
        self.page.wait_for_function(
            "() => window.jupyterapp?.shell?.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'",
            timeout=timeout * 1000,
        )

    def interrupt(self, number: int) -> None:
        """Stop a running cell, and wait until it has stopped."""
        self._server.post(f"api/kernels/{self._kernel_id()}/interrupt")
        self.page.wait_for_function(
            f"number => {_WIDGET}.content.widgets[number].model.executionState !== 'running'", arg=number
        )
        self.wait_until_idle()

    def kill_kernel(self) -> None:
        """End the kernel's process as a lack of memory would; JupyterLab says so, and starts another one."""
        os.kill(self.value("__import__('os').getpid()"), signal.SIGKILL)
        self.page.locator(".jp-Dialog .jp-mod-accept").click()

    def _kernel_id(self) -> str:
        return self.page.evaluate(f"() => {_WIDGET}.sessionContext.session.kernel.id")

    def save(self) -> dict[str, Any]:
        """Save the notebook as a click on "Save" does; return what is in the file."""
        self.page.evaluate(f"() => {_WIDGET}.context.save()")
        return json.loads(self.path.read_text(encoding="utf-8"))

    def is_unsaved(self) -> bool:
        return self.page.evaluate(f"() => {_WIDGET}.context.model.dirty")

    def close_and_open(self) -> Notebook:
        """Leave the page, end the kernel, and open the notebook again with a new kernel. Nothing is run."""
        self.shut_down()
        self.page.goto("about:blank")
        return self._server.open_again(self.path.name, self.page)

    def open_on(self, page: Page) -> Notebook:
        """Open the file, as it was saved, on another page, with the same kernel."""
        return self._server.open_again(self.path.name, page)

    def shut_down(self) -> None:
        """End the kernel, so that no later test shares the processor with it."""
        for session in self._server.get("api/sessions"):
            if session["path"] == self.path.name:
                self._server.request("DELETE", f"api/sessions/{session['id']}")


@dataclass
class Lab:
    """A running server of JupyterLab or of Notebook 7."""

    app: str
    folder: Path
    address: str
    token: str
    log: list[str] = field(default_factory=list)

    def open(self, notebook: Path, page: Page) -> Notebook:
        """Open a copy of a notebook and wait until its kernel is idle."""
        shutil.copyfile(notebook, self.folder / notebook.name)
        return self.open_again(notebook.name, page)

    def open_again(self, name: str, page: Page) -> Notebook:
        """Open a notebook that is in the server's folder and wait until its kernel is idle."""
        workspace = secrets.token_hex(4)  # a fresh one: otherwise old tabs come back in front of this one
        path = f"lab/workspaces/{workspace}/tree/{name}?reset&" if self.app == "jupyterlab" else f"notebooks/{name}?"
        address = f"{self.address}{path}token={self.token}"
        page.goto(address, wait_until="commit", timeout=120_000)  # a busy machine takes its time
        opened = Notebook(page, self.folder / name, self)
        opened.wait_until_idle(timeout=180)  # running before that asks the reader to select a kernel
        return opened

    def request(self, method: str, path: str) -> object:
        request = Request(f"{self.address}{path}", method=method, headers={"Authorization": f"token {self.token}"})
        with urlopen(request, timeout=30) as response:
            body = response.read()
        return json.loads(body) if body else None

    def wait_until_it_answers(self) -> None:
        """Return when the server takes requests, which may be a moment after it has named its address."""
        for _ in range(300):
            try:
                self.get("api/status")
            except URLError:
                threading.Event().wait(0.1)
            else:
                return
        raise AssertionError(f"{self.app} does not answer:\n" + "".join(self.log))

    def get(self, path: str) -> object:
        return self.request("GET", path)

    def post(self, path: str) -> object:
        return self.request("POST", path)


@contextmanager
def serving(folder: Path, app: Literal["jupyterlab", "notebook"] = "jupyterlab") -> Iterator[Lab]:
    """Start JupyterLab or Notebook 7 on an empty folder; it ends with the block."""
    home, notebooks = folder / "home", folder / "notebooks"
    notebooks.mkdir(parents=True)
    token = secrets.token_hex(16)
    root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    env = {
        **os.environ,
        "JUPYTER_CONFIG_PATH": str(REPOSITORY / "notebooks" / ".jupyter"),  # as `make lab` has it
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "IPYTHONDIR": str(home / "ipython"),
    }
    command = [app, *_OPTIONS, *root, f"--IdentityProvider.token={token}", str(notebooks)]
    with running_server(command, env, _ADDRESS) as (match, log):
        server = Lab(app, notebooks, f"http://127.0.0.1:{match[1]}/", token, log)
        server.wait_until_it_answers()
        yield server


def notebook_of(path: Path, *cells: str) -> Path:
    """Write a notebook of code cells."""
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(book, path)
    return path
