"""The checker of links finds those that lead nowhere."""

from __future__ import annotations

from tests.site.html_pages import HtmlPages


def pages(folder, **texts):
    for name, text in texts.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return HtmlPages(folder)


def test_links_that_lead_somewhere_are_fine(tmp_path):
    found = pages(
        tmp_path,
        a='<a href="b.html#here">b</a><a href="#">top</a><a href="https://example.org">x</a>',
        b='<p id="here">',
    )
    assert found.broken() == []


def test_a_file_an_anchor_and_a_picture_that_are_not_there_are_found(tmp_path):
    found = pages(tmp_path, a='<a href="c.html">c</a><a href="b.html#there">b</a><img src="no.png">', b="")
    assert found.broken() == ["a.html: c.html", "a.html: b.html#there", "a.html: no.png"]


def test_a_link_out_of_the_folder_is_found(tmp_path):
    (tmp_path / "outside.html").touch()
    (tmp_path / "site").mkdir()
    assert pages(tmp_path / "site", a='<a href="../outside.html">o</a>').broken() == ["a.html: ../outside.html"]


def test_what_a_page_loads_is_no_link_of_it(tmp_path):
    text = '<link rel="stylesheet" href="s.css"><link rel="next" href="b.html"><script src="x.js"></script>'
    (page,) = pages(tmp_path, a=text).pages.values()
    assert (page.loaded, page.hrefs) == (["s.css", "x.js"], ["b.html"])
