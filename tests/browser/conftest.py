"""Fixtures for tests in a real browser.

`page` is a fresh page that reaches nothing but this machine. `lab` opens notebooks in a real JupyterLab on it.
The scope is the package, not the session: Playwright keeps an event loop running on this thread, and the tests after
these want theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NoReturn

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import chromium
from tests.browser.audio_page import AudioPage, site
from tests.browser.firefox import Firefox
from tests.browser.jupyterlab import Lab, serving
from tests.system_requirements import find_firefox

expect.set_options(timeout=30_000)  # how long a page may take to say what it should; a right page does not wait


@pytest.fixture(scope="package")
def browser(missing: Callable[[str], NoReturn]) -> Iterator[Browser]:
    path = chromium.executable()
    if path is None:
        missing("Chromium is not installed (Debian: apt-get install chromium); or name it: CHROMIUM=/path/to/chrome")
    with chromium.launched(path) as browser:
        yield browser


@pytest.fixture(scope="package")
def firefox(missing: Callable[[str], NoReturn]) -> Iterator[Firefox]:
    path = find_firefox()
    if path is None:
        missing("Firefox is not installed (Debian: apt-get install firefox-esr)")
    with Firefox(path) as opened:
        yield opened


@pytest.fixture
def new_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Make pages with options of `Browser.new_context`, e.g. ``new_page(color_scheme="dark")``."""
    with ExitStack() as stack:
        pages: list[Page] = []

        def make(**options: object) -> Page:
            pages.append(stack.enter_context(chromium.guarded_page(browser, **options)))
            return pages[-1]

        yield make
        outside = [url for page in pages for url in page.outside]
    assert outside == [], "the page asked for something outside this machine"


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """A page that has not asked any outside host for anything when the test ends."""
    return new_page()


@pytest.fixture(scope="package")
def audio_page(browser: Browser, repository: Path) -> Iterator[AudioPage]:
    """Run JavaScript beside the audio modules: ``audio_page("return mixer.velocityGain(127)")``."""
    with site(repository) as address, chromium.guarded_page(browser) as page:
        yield AudioPage(page, address)
        assert page.outside == []


@pytest.fixture(scope="package")
def lab_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with serving(tmp_path_factory.mktemp("lab")) as lab:
        yield lab


@pytest.fixture(scope="package")
def notebook_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with serving(tmp_path_factory.mktemp("notebook7"), "notebook") as server:
        yield server


@pytest.fixture
def lab(lab_server: Lab, page: Page) -> Iterator[Callable[[Path], object]]:
    """Open a notebook (a path) in JupyterLab on `page`: ``notebook = lab(path)``; see `jupyterlab.Notebook`."""
    opened = []

    def open_(path: Path) -> object:
        opened.append(lab_server.open(path, page))
        return opened[-1]

    yield open_
    for notebook in opened:
        notebook.shut_down()
