"""An ear on a page: what its audio contexts send to the loudspeakers, as a level."""

from __future__ import annotations

from playwright.sync_api import Page

_TAP = """
(() => {
  const connect = AudioNode.prototype.connect;
  AudioNode.prototype.connect = function (to, ...rest) {
    if (to === this.context.destination && !(this instanceof AnalyserNode)) {
      globalThis.lpEar = new AnalyserNode(this.context, { fftSize: 32768 });
      connect.call(this, globalThis.lpEar);
    }
    return connect.call(this, to, ...rest);
  };
  globalThis.lpLevel = () => {
    const wave = new Float32Array(32768);
    globalThis.lpEar?.getFloatTimeDomainData(wave);
    return wave.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);
  };
})();
"""


def listen(page: Page) -> None:
    """Put the ear on, before the page is opened."""
    page.add_init_script(_TAP)


def hears_something(page: Page) -> None:
    """Wait until the last three quarters of a second were louder than -40 dB."""
    page.wait_for_function("() => globalThis.lpLevel() > 0.01")


def hears_nothing(page: Page) -> None:
    """Wait until the last three quarters of a second were silent."""
    page.wait_for_function("() => globalThis.lpLevel() < 1e-4")
