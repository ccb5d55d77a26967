"""The page of a session in Firefox: what is done is seen."""

from __future__ import annotations

import latentpalette as lp

# Waits until a text can be seen in the page, and returns all that can be.
SAMPLE = """
const seen = () => document.querySelector("main").innerText;
const until = async (isTrue) => { while (!isTrue()) await new Promise((next) => setTimeout(next, 50)); };
const button = (name) => [...document.querySelectorAll("button")].find((each) => each.textContent === name);
await until(() => button("Corner"));
button("Corner").click();
button("Sample").click();
await until(() => seen().includes("Sampled #"));
return seen();
"""


def test_a_corner_that_is_sampled_says_so(firefox, tmp_path):
    session = lp.Session([lp.Palette(lp.load("drums-2d"), size=3)])
    page = session.to_html(tmp_path / "session.html", model="decoder")
    firefox.open(page.as_uri())
    assert "Sampled #" in firefox.evaluate(SAMPLE)
