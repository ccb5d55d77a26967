"""What holds for the page of every instrument: its controls have names, and it fits where it is shown."""

from __future__ import annotations

from playwright.sync_api import Page


def unnamed_controls(page: Page) -> list[str]:
    """Return the controls of an instrument that a screen reader has no name for."""
    return page.evaluate(
        """() => [...document.querySelectorAll(".lp-root :is(button, select, input, [role=slider])")]
            .filter((item) => !(item.getAttribute("aria-label") || item.textContent.trim()))
            .map((item) => item.outerHTML)"""
    )


def check_fit(page: Page, width: int) -> None:
    """Check that a page of so many pixels is not scrolled sideways, and one of 820 not higher than 600."""
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if width == 820:
        assert page.evaluate("document.querySelector('.lp-root').getBoundingClientRect().height") <= 600


def bars_too_wide(page: Page) -> list[tuple[int, bool]]:
    """Return the widths at which a bar is wider than its instrument, without and with the button of MIDI."""
    too_wide = []
    for with_midi in (False, True):
        page.evaluate("on => document.querySelectorAll('.lp-midi').forEach((chip) => (chip.hidden = !on))", with_midi)
        for width in range(340, 1100, 20):
            page.set_viewport_size({"width": width, "height": 800})
            if page.evaluate(_OVER) > 0:
                too_wide.append((width, with_midi))
    return too_wide


_OVER = """() => {
  const right = (element) => element.getBoundingClientRect().right;
  const ends = [...document.querySelectorAll(".lp-bar > *")].map(right);
  return Math.round(Math.max(...ends) - right(document.querySelector(".lp-root")));
}"""
