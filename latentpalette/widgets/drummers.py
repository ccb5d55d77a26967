"""The drummers of a groove panel: one plays a written beat, one adds hats to it, and one makes drums of taps.

Pages have the same without Python: static/engine/drummers.js.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from latentpalette.models import groove, store
from latentpalette.music.sequence import STEPS_PER_BAR, NoteSequence
from latentpalette.widgets.clips import Clip
from latentpalette.widgets.model_clips import ModelClips
from latentpalette.widgets.tapping import drums_from_taps

if TYPE_CHECKING:
    from latentpalette.models.musicvae import MusicVAE


@dataclass
class Drummers:
    """The drummers of a groove panel. Those of hats and of taps are loaded when they are first asked.

    Parameters
    ----------
    music : ModelClips
        Of the model that humanizes.
    tap_model, hat_model : MusicVAE, optional
        Default: ``lp.load("groove-tap")``, ``lp.load("groove-hihat")``.

    Attributes
    ----------
    given : dict
        Those of the two that were given.
    """

    music: ModelClips
    tap_model: MusicVAE | None = None
    hat_model: MusicVAE | None = None

    def __post_init__(self) -> None:
        given = {"tap_model": self.tap_model, "hat_model": self.hat_model}
        self.given = {name: model for name, model in given.items() if model is not None}

    def humanize(self, written: Clip, spread: float, seed: int) -> Clip:
        """Return a beat as the drummer plays it; see `lp.humanize`."""
        music = self.music
        return music.clip(groove.humanize(music.model, music.sequence(written), spread=spread, seed=seed))

    def add_hats(self, beat: Clip, temperature: float, seed: int) -> Clip:
        """Return a beat with closed hats in place of its own, on the grid."""
        written = self.music.sequence(beat)
        return self._on_grid(groove.add_hihat(self._hats(), written, temperature=temperature, seed=seed), written)

    def play_taps(
        self, taps: Sequence[Sequence[float]], steps: int, temperature: float, seed: int
    ) -> tuple[Clip, Clip]:
        """Return drums of taps (step, offset) as they are written, and as they are played: each hit with its tap.

        Raises
        ------
        PaletteError
            If there are no taps, or no drums come of them.
        """
        played = drums_from_taps(self._taps(), taps, steps, temperature=temperature, seed=seed)
        return self._on_grid(played), self.music.clip(played)

    def others(self) -> dict[str, ModelClips]:
        """Return the models beside the one that humanizes, by their role in pages (static/engine/page/requests.js)."""
        return {"tap": ModelClips.of(self._taps()), "hats": ModelClips.of(self._hats())}

    def _taps(self) -> MusicVAE:
        if self.tap_model is None:
            self.tap_model = store.load("groove-tap")
        return self.tap_model

    def _hats(self) -> MusicVAE:
        if self.hat_model is None:
            self.hat_model = store.load("groove-hihat")
        return self.hat_model

    def _on_grid(self, played: NoteSequence, before: NoteSequence | None = None) -> Clip:
        """Return hits without timing, each as loud as it was before, or as its place in the bar has it."""
        loud = {(note.step, note.pitch): note.velocity for note in (before.notes if before else ())}
        accents = {lane["pitches"][0]: self.music.accents(lane) for lane in self.music.lanes if lane["pitches"]}
        notes = [
            (
                note.step,
                note.pitch,
                1,
                loud.get((note.step, note.pitch), accents[note.pitch][note.step % STEPS_PER_BAR]),
                0.0,
                0,
            )
            for note in played.notes
        ]
        return Clip.of(notes, played.steps)
