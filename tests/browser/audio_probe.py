"""Measure the level of what a page's audio contexts send to the loudspeakers."""

from __future__ import annotations

from playwright.sync_api import Page

_PROBE = """
(() => {
  const connect = AudioNode.prototype.connect;
  AudioNode.prototype.connect = function (to, ...rest) {
    if (to === this.context.destination && !(this instanceof AnalyserNode)) {
      globalThis.lpProbe = new AnalyserNode(this.context, { fftSize: 32768 });
      connect.call(this, globalThis.lpProbe);
    }
    return connect.call(this, to, ...rest);
  };
  globalThis.lpLevel = () => {
    const wave = new Float32Array(32768);
    globalThis.lpProbe?.getFloatTimeDomainData(wave);
    return wave.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);
  };
})();
"""


def attach(page: Page) -> None:
    """Measure from here on, on this page and on those that it opens next."""
    page.add_init_script(_PROBE)
    page.evaluate(_PROBE)


def wait_for_sound(page: Page) -> None:
    """Wait until the last three quarters of a second were louder than -40 dB."""
    page.wait_for_function("() => globalThis.lpLevel() > 0.01")


def wait_for_silence(page: Page) -> None:
    """Wait until the last three quarters of a second were silent."""
    page.wait_for_function("() => globalThis.lpLevel() < 1e-4")


_COUNT = """
(() => {
  const sources = new Set(), players = new Set();
  const targets = new WeakMap(); // where each source goes: the pieces of a piece of music go to one place
  AudioBufferSourceNode.prototype.connect = function (to, ...rest) {
    targets.set(this, to);
    return AudioNode.prototype.connect.call(this, to, ...rest);
  };
  const { start } = AudioBufferSourceNode.prototype;
  AudioBufferSourceNode.prototype.start = function (...when) {
    sources.add(this);
    this.addEventListener("ended", () => sources.delete(this));
    return start.apply(this, when);
  };
  const { play } = HTMLMediaElement.prototype;
  HTMLMediaElement.prototype.play = function () {
    players.add(this);
    return play.call(this);
  };
  const voices = () => new Set([...sources].map((source) => targets.get(source) ?? source)).size;
  globalThis.lpSounding = () => voices() + [...players].filter((player) => !player.paused).length;
})();
"""


def count_from_here(page: Page) -> None:
    """Count what sounds from here on, on this page: voices of the Web Audio API and players of files."""
    page.evaluate(_COUNT)


def wait_until_sounding(page: Page, count: int) -> None:
    """Wait until so many voices and players sound at once; after a change, the one before rings out first."""
    page.wait_for_function("(count) => globalThis.lpSounding() === count", arg=count)
