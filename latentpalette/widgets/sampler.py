"""The sampler: random clips of a model as tiles, to hear, to star, and to roll again."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import traitlets
from numpy.typing import NDArray

from latentpalette.errors import PaletteError
from latentpalette.files import make_folder
from latentpalette.models.first_sample import BEST_OF, first_seed
from latentpalette.music.attributes import attributes_of
from latentpalette.music.sequence import NoteSequence
from latentpalette.progress.board import show_progress
from latentpalette.validation import check_list
from latentpalette.widgets import sampler_settings as checks
from latentpalette.widgets.awaited_tiles import AwaitedTrait, label_of
from latentpalette.widgets.checked_traits import ComputedTrait, SettingError
from latentpalette.widgets.clips import Clip, decode_clips
from latentpalette.widgets.corners import read_corner
from latentpalette.widgets.instrument import (
    INSTRUMENT_SETTINGS,
    INSTRUMENT_TRAITS,
    PLAYED_TRAITS,
)
from latentpalette.widgets.model_clips import ModelClips, display_name
from latentpalette.widgets.palette_traits import origin_of
from latentpalette.widgets.sampled import SampledClip, is_quick
from latentpalette.widgets.sampler_tiles import SamplerTiles
from latentpalette.widgets.to_python import load_source, opening_of, source_of

if TYPE_CHECKING:
    from latentpalette.models.musicvae import MusicVAE

_BEST_OF_SLOW = 2  # of sixteen bars: the best of eight would take several seconds
_DRAWN_FROM = ("seed", "temperature", "best_of", "conditions", "chords")
_PLAYED = ("clips", "labels", "values", "stars", *PLAYED_TRAITS)
_EDITED = (*_PLAYED[:4], *_DRAWN_FROM, "ranges", "tried", "found", "last_seed", "volumes", "sounds")


class Sampler(SamplerTiles):
    """Random clips of a model as tiles: click one and it plays, star what you like, roll the others again.

    Parameters
    ----------
    model : MusicVAE
        A model of drums, melodies, trios or grooves, e.g. ``lp.load("drums-2bar")``.
    n : int [1 to 64]
        Number of tiles.
    temperature : float > 0
        Below 1, likely notes become more likely.
    seed : int, optional
        The tiles are ``model.sample(n, temperature=temperature, seed=seed, best_of=best_of, **conditions)``. Default: a
        seed that begins well with this model.
    best_of : int [1 to 16], optional
        Each tile is the best of so many samples, as in `MusicVAE.sample`; 8 by default, 2 for models of long music.
    conditions : dict, optional
        What samples are asked for, of a model whose learned prior takes conditions (`MusicVAE.conditions`):
        ``{"style": "funk", "density": 0.4}``. It makes them so, where `ranges` looks for them.
    chords : list of str, or str, optional
        What the samples are decoded over, of a model that is conditioned on chords; see `Palette`.
    decode_in_page : bool
        Whether the page of a notebook decodes, too. It gets the weights when the instrument is first used, and goes on
        where the kernel is busy or gone.
    ranges : dict of str to (low, high), optional
        Take samples as they come whose attributes lie in these ranges: ``{"hits": (20, 40)}``. `attributes` lists
        those of this kind of music. A tile for which none was found is None.
    tile : int [0 to n - 1]
        The chosen tile.
    qpm, volume, mutes, locks, launch_quantization
        See `Palette`.

    Attributes
    ----------
    tiles : tuple of n (SampledClip or None)
        Each with `notes`, `z`, `label`, `values` and `is_starred`. Assign music to replace them; None is an empty tile.
        Of a slow model the first ones are drawn at once, and the others as the browser asks for them; whoever reads
        `tiles` in Python gets all.
    selected : SampledClip or None
        The chosen tile.
    starred : tuple of SampledClip
        `tiles`, `selected` and `starred` can be observed like any trait.
    tried, found : int
        Number of samples that were looked at in the last roll, and of those that were in the ranges.

    Raises
    ------
    PaletteError
        If the model makes none of these kinds of music.

    Examples
    --------
    >>> import latentpalette as lp
    >>> sampler = lp.Sampler(lp.load("drums-2bar"), 4, seed=7, best_of=1)
    >>> sampler.star(2)
    >>> sampler.reroll()
    >>> [tile.label for tile in sampler.tiles]
    ['seed 8, no. 1', 'seed 8, no. 2', 'seed 7, no. 3', 'seed 8, no. 3']
    >>> sample = lp.load("drums-2bar").sample(3, temperature=0.8, seed=7)[2]  # the same hits, without accents
    >>> [note.step for note in sampler.starred[0].notes.notes] == [note.step for note in sample.notes]
    True
    """

    script: ClassVar[str] = "sampler"
    saved: ClassVar[tuple[str, ...]] = (*dict.fromkeys((*INSTRUMENT_TRAITS, *_EDITED)), "tile", "attributes", "origin")
    settings: ClassVar[tuple[str, ...]] = (
        *dict.fromkeys((*INSTRUMENT_SETTINGS, *_DRAWN_FROM)),
        "ranges",
        "tile",
        "decode_in_page",
    )
    edited: ClassVar[tuple[str, ...]] = _EDITED
    placed: ClassVar[tuple[str, ...]] = ("tile",)

    tiles: ComputedTrait[tuple[SampledClip | None, ...]] = AwaitedTrait(lambda self, music: self._set_tiles(music))
    selected: ComputedTrait[SampledClip | None] = AwaitedTrait(source="the chosen tile; assign sampler.tile")
    starred: ComputedTrait[tuple[SampledClip, ...]] = AwaitedTrait(source="the stars; call sampler.star(tile)")

    def __init__(self, model: MusicVAE, n: int = 12, **settings: Any) -> None:
        self.require_known_settings(settings, own=("n",))
        music = self._music = ModelClips.of(model, settings.get("chords"))
        self._attributes = attributes_of(music.streams)
        self._spreads, self._drawn = {}, {}
        self._count = n = checks.check_n(n)
        settings["chords"] = list(music.chords)
        settings.setdefault("best_of", self._default_best_of())
        seed = settings.setdefault("seed", first_seed(display_name(model)))
        with show_progress("Making a sampler"):
            super().__init__(
                attributes=[{"name": each.name, "kind": each.kind} for each in self._attributes],
                stars=[False] * n,
                labels=[""] * n,
                last_seed=seed,
                **(self.instrument_values() | settings),
            )
            self._is_rolling = False
            self._roll(list(range(n)), seed)
        self.store(origin=origin_of(display_name(model), [{"label": label} for label in self.labels]))

    def _default_best_of(self) -> int:
        return BEST_OF if is_quick(self._music) else _BEST_OF_SLOW

    # --- tiles ------------------------------------------------------------------------------------

    @property
    def n(self) -> int:
        """Number of tiles."""
        return self._count

    @property
    def notes(self) -> NoteSequence:
        """The chosen tile as it is played."""
        return self._require_selected().notes

    @property
    def z(self) -> NDArray[np.floating]:
        """Latent vector [z] of the chosen tile."""
        return self._require_selected().z

    def current_music(self) -> NoteSequence:
        """Return the music that it plays now: the chosen tile, or silence where it is empty."""
        return NoteSequence(steps=self._music.steps, qpm=self.qpm) if self.selected is None else self.notes

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Save the chosen tile as it is played: as MIDI (.mid) or as sound (.wav, .mp3)."""
        return self.notes.save(path)

    def save_starred(self, folder: str | os.PathLike[str]) -> list[Path]:
        """Save the starred tiles as MIDI files, ``tile_01.mid`` and so on, numbered from 1.

        Raises
        ------
        PaletteError
            If nothing is starred.
        FileError
            If the folder cannot be made.
        """
        if not self.starred:
            raise PaletteError("No tile is starred: call sampler.star(tile), or click a star.")
        folder = make_folder(folder)
        return [tile.notes.save(folder / f"tile_{tile.index + 1:02}.mid") for tile in self.starred]

    def select(self, index: int) -> None:
        """Choose a tile."""
        self.tile = self._require_index(index)

    def star(self, *indices: int, on: bool = True) -> None:
        """Star tiles, so that a roll leaves them; ``on=False`` takes their stars away."""
        chosen = {self._require_index(index) for index in indices}
        self.stars = [on if index in chosen else star for index, star in enumerate(self.stars)]

    def reroll(self, *indices: int) -> None:
        """Roll tiles again, with the next seed: those that are named, or all that are not starred."""
        chosen = [self._require_index(index) for index in indices]
        if chosen:
            self._roll(chosen, self.last_seed + 1)
        else:
            with self._rolling():
                self.seed = self.last_seed + 1
            self._roll(self._free(), self.seed)

    def _require_selected(self) -> SampledClip:
        if self.selected is None:
            raise PaletteError(f"Tile {self.tile} is empty: no sample was found in the ranges. Choose another one.")
        return self.selected

    def _set_tiles(self, music: Sequence[Any]) -> None:
        sources = check_list(music, "tiles", 1, checks.MAX_TILES, of="pieces of music", error=SettingError)
        corners = [
            None if source is None else read_corner(self._music, source, str(index + 1))
            for index, source in enumerate(sources)
        ]
        clips = [corner.clip if corner else None for corner in corners]
        with self._rolling():
            self._count = len(clips)
            self.stars = [False] * len(clips)
            self._store_tiles(list(range(len(clips))), clips, [corner.label if corner else "" for corner in corners])

    def set_state(self, sync_data: Mapping[str, Any]) -> None:
        """Set traits from a message of the browser, which has the tiles of a new seed in the same message."""
        with self._rolling():
            super().set_state(sync_data)

    @traitlets.observe(*_DRAWN_FROM, "ranges")
    def _on_setting(self, change: Any) -> None:
        if self._is_rolling:
            return
        if change.name == "ranges":
            self._roll(self._outside(), self.last_seed + 1)
        else:
            self._roll(self._free(), self.seed)

    @traitlets.observe("tile", *_PLAYED)
    def _on_change(self, _: Any) -> None:
        if not self._is_rolling:
            self._update()

    def _update(self) -> None:
        clips = self._decoded()
        self._count = len(clips)
        facts = zip(clips, self.labels, self.stars, self.values, strict=False)
        tiles = tuple(
            None if clip is None else self._make_tile(clip, index=index, label=label, is_starred=star, values=values)
            for index, (clip, label, star, values) in enumerate(facts)
        )
        type(self).tiles.update(self, tiles)
        type(self).starred.update(self, tuple(tile for tile in tiles if tile is not None and tile.is_starred))
        type(self).selected.update(self, tiles[min(self.tile, len(tiles) - 1)] if tiles else None)

    def _make_tile(self, clip: Clip, *, values: list[float], **facts: Any) -> SampledClip:
        names = [attribute.name for attribute in self._attributes]
        return SampledClip(
            values=dict(zip(names, values, strict=False)),
            source=clip,
            clip=self._playback.apply(clip),
            music=self._played_music,
            qpm=self.qpm,
            **facts,
        )

    def check_fit(self, name: str, value: Any) -> Any:
        """Return the value of a setting, if it fits the music that the model makes; see `Widget.check_fit`."""
        if name == "ranges":
            checks.require_attributes(value, [attribute.name for attribute in self._attributes])
        elif name == "clips":
            clips = decode_clips(value) if value else []
            for index, clip in enumerate(clips):
                if clip is not None:
                    self._music.check_clip(clip, f"Tile {index}", error=SettingError)
            if self._is_rolling and clips:  # other traits of the same message are as long as these
                self._count = len(clips)
        elif name == "stars" and self._count:
            check_list(value, "stars", self._count, of="True or False, one for each tile", error=SettingError)
        return super().check_fit(name, value)

    # --- where no widget runs ---------------------------------------------------------------------

    def standalone_state(self) -> dict[str, Any]:
        """Return the traits that a page without Python needs."""
        self._finish_tiles()
        self.finish_kit()
        names = [name for name in self.saved if name != "origin"]
        return {name: getattr(self, name) for name in names} | {"has_kernel": False, "playing": False}

    def alt_text(self) -> str:
        """Describe the picture of the sampler in words."""
        starred = ", ".join(str(index + 1) for index in self._starred())
        return f"Sampler: {self.n} tiles of {self.model_name}{f'; starred: {starred}' if starred else ''}"

    def _starred(self) -> list[int]:
        return [index for index, star in enumerate(self.stars) if star]

    def to_png(self) -> bytes:
        """Draw the tiles as the bytes of a PNG file."""
        self._finish_tiles()
        return self.display_png()

    def display_png(self) -> bytes:
        """Draw the tiles that are there by now; see `Widget.display_png`."""
        from latentpalette.plots.tiles_png import tiles_png

        silence = NoteSequence(steps=self._music.steps)
        loops = [silence if clip is None else self._music.sequence(clip) for clip in self._decoded()]
        labels = [str(index + 1) for index in range(len(loops))]
        return tiles_png(loops, labels, self.tile, starred=self._starred())

    def to_python(self) -> str:
        """Return the Python source that makes this sampler again."""
        defaults = {name: self.traits()[name].default() for name in self.settings if name != "seed"}
        defaults |= {"best_of": self._default_best_of(), "chords": self._first_settings()["chords"]}
        changed = {name: getattr(self, name) for name in defaults if getattr(self, name) != defaults[name]}
        lines = [*opening_of(self.model), "sampler = lp.Sampler("]
        lines += [f"    {load_source(self.model)},", f"    {self.n},", f"    seed={self.seed},"]
        lines += [f"    {name}={value!r}," for name, value in changed.items()]
        lines.append(")")
        if not self._is_one_roll():
            self._finish_tiles()
            sources = ("None" if clip is None else source_of(self._music.sequence(clip)) for clip in self._decoded())
            lines += ["sampler.tiles = [", *(f"    {source}," for source in sources), "]"]
        if starred := self._starred():
            lines.append(f"sampler.star({', '.join(map(str, starred))})")
        return "\n".join([*lines, ""])

    def _is_one_roll(self) -> bool:
        """Return True if all tiles are what the seed and the settings give; a starred one may be of others."""
        rolled = [label_of(self.seed, number) for number in range(self.n)]
        return not any(self.stars) and all(label in ("", own) for label, own in zip(self.labels, rolled, strict=True))

    def __repr__(self) -> str:
        return f"Sampler({self.model_name}, {self.n} tiles, temperature {self.temperature:g}, seed {self.seed})"
