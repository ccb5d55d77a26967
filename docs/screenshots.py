"""Screenshots of the palette for the README: ``python -m docs.screenshots``."""

from __future__ import annotations

import math
import tempfile
from pathlib import Path

from PIL import Image

import latentpalette as lp
from tests.browser import chromium
from tests.browser.live_page import LivePalette

FOLDER = Path(__file__).parent
WIDTH, HEIGHT, PIXELS = 820, 569, 1400
PAPER = {"light": "#fff", "dark": "#15171c"}
WAVE = [
    (0.08 + 0.84 * t, 0.5 - 0.36 * (1 - 0.25 * t) * math.sin(2.2 * math.pi * t - 0.4))
    for t in (i / 40 for i in range(41))
]


def main() -> None:
    """Write one picture in each theme."""
    model = lp.load("drums-2bar")
    palette = lp.Palette(model, qpm=104, tool="draw", bars_per_cell=1)
    with tempfile.TemporaryDirectory() as folder, chromium.launched(chromium.executable() or "chromium") as browser:
        palette.corners = palette.labels  # decode again: the first time includes initialization
        for scheme in ("light", "dark"):
            palette.puck = [0.5, 0.5]  # not where the last picture left it
            options = {"viewport": {"width": WIDTH, "height": HEIGHT}, "device_scale_factor": PIXELS / WIDTH}
            with chromium.guarded_page(browser, color_scheme=scheme, reduced_motion="reduce", **options) as page:
                LivePalette(page, palette, Path(folder))
                page.add_style_tag(content=f"body {{ margin: 0; background: {PAPER[scheme]}; }}")
                box = page.locator(".lp-board").bounding_box()
                places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in WAVE]
                page.mouse.move(*places[0])
                page.mouse.down()
                for place in places[1:]:
                    page.mouse.move(*place)
                page.mouse.up()
                page.mouse.move(0, 0)
                page.locator(".lp-title", has_text="column 4").wait_for()
                picture = FOLDER / f"palette-{scheme}.png"
                page.screenshot(path=picture, full_page=True)
                # 256 colors: a third of the size, without a visible difference.
                Image.open(picture).convert("RGB").quantize(256).save(picture, optimize=True)
                print(f"{picture.name}: {picture.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
