import re

import pytest

from latentpalette.errors import ModelError
from tests.cli.runner import failure, run_ok


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("gallery") / "site"
    printed = run_ok("gallery", "--model", "drums-2d", "--model", "drums-2d-ae", "--out", folder)
    assert "3 pages" in printed
    return folder


def test_every_link_of_the_gallery_leads_to_a_file_of_it(site):
    pages = sorted(site.glob("*.html"))
    assert {page.stem for page in pages} == {"index", "palette-drums-2d", "palette-drums-2d-ae", "twins"}
    for page in pages:
        linked = re.findall(r'(?:href|src)="([^"]+)"', page.read_text(encoding="utf-8"))
        assert linked
        assert all((site / link).is_file() for link in linked)


def test_pages_share_the_weights_of_a_model(site):
    assert sorted(file.name for file in (site / "models").iterdir()) == ["drums-2d-ae.js", "drums-2d.js"]
    assert all('id="weights-' not in page.read_text(encoding="utf-8") for page in site.glob("*.html"))


def test_nothing_is_fetched_from_elsewhere(site):
    for page in site.glob("*.html"):
        assert not re.search(r'(?:src|href)="(?:https?:)?//', page.read_text(encoding="utf-8"))


def test_a_model_that_is_not_on_the_shelf_is_refused(tmp_path):
    error = failure("gallery", "--model", "drums-3bar", "--out", tmp_path / "site")
    assert isinstance(error, ModelError)
    assert not (tmp_path / "site").exists()
