"""Traits that a sampler shares with its browser, and the browser's requests: samples, variations, what there is."""

from __future__ import annotations

from typing import Any

from latentpalette.errors import PaletteError
from latentpalette.models.first_sample import BEST_OF, TEMPERATURE
from latentpalette.music.attributes import Attribute
from latentpalette.validation import check_integer
from latentpalette.widgets import sampler_settings as checks
from latentpalette.widgets import settings as instrument_checks
from latentpalette.widgets.asked import check_conditions
from latentpalette.widgets.checked_traits import CheckedTrait, DerivedTrait
from latentpalette.widgets.clips import Clip, decode_clips, encode_clips
from latentpalette.widgets.instrument import NO_ECHO, SHARED, Instrument
from latentpalette.widgets.requests import Response, handles
from latentpalette.widgets.sampled import Draw, draw, measure, spread


class SamplerRequests(Instrument):
    """A sampler that responds to its browser."""

    clips = CheckedTrait(checks.check_clips, b"").tag(**NO_ECHO)
    labels = CheckedTrait(checks.check_labels, []).tag(**NO_ECHO)
    values = CheckedTrait(checks.check_values, []).tag(**NO_ECHO)
    stars = CheckedTrait(checks.check_stars, []).tag(**NO_ECHO)
    tile = CheckedTrait(checks.check_tile, 0).tag(**NO_ECHO)
    temperature = CheckedTrait(instrument_checks.check_temperature, TEMPERATURE).tag(**SHARED)
    seed = CheckedTrait(checks.check_seed, 1).tag(**SHARED)
    best_of = CheckedTrait(checks.check_best_of, BEST_OF).tag(**SHARED)
    ranges = CheckedTrait(checks.check_ranges, {}).tag(**SHARED)
    tried = CheckedTrait(checks.check_tried, 0).tag(**NO_ECHO)
    found = CheckedTrait(checks.check_tried, 0).tag(**NO_ECHO)
    last_seed = CheckedTrait(checks.check_seed, 1).tag(**NO_ECHO)  # of any tile so far: the next roll goes on from it

    attributes: DerivedTrait[list[dict[str, str]]] = DerivedTrait([], source="the music of the model").tag(sync=True)

    _attributes: tuple[Attribute, ...] = ()
    _count = 0  # of tiles
    _spreads: dict[object, list[list[float]]]  # by temperature and conditions

    def _decoded(self) -> list[Clip | None]:
        return decode_clips(self.clips) if self.clips else []

    def _require_index(self, index: Any) -> int:
        return check_integer(index, "A tile", 0, self._count - 1, error=PaletteError)

    @handles(
        "draw",
        count=checks.check_count,
        seed=checks.check_seed,
        temperature=instrument_checks.check_temperature,
        best_of=checks.check_best_of,
        ranges=checks.check_ranges,
        conditions=check_conditions,
        batch=checks.check_batch,
    )
    def _handle_draw(self, *, count: int, **settings: Any) -> Response:
        settings |= {name: self.check_fit(name, settings[name]) for name in ("ranges", "conditions")}
        found = draw(self._music, self._attributes, count, **settings)
        return _response(found, count)

    @handles("spread", temperature=instrument_checks.check_temperature)
    def _handle_spread(self, *, temperature: float) -> Response:
        """Return the values of each attribute over samples as they come."""
        key = temperature, tuple(sorted(self.conditions.items()))
        if key not in self._spreads:
            self._spreads[key] = spread(self._music, self._attributes, temperature, self.conditions)
        return {"values": self._spreads[key]}, []

    @handles("measure", clip=Clip.from_json)
    def _handle_measure(self, *, clip: Clip) -> Response:
        """Return the values of the attributes of a clip that is to be a tile."""
        self._music.check_clip(clip, "The clip")
        return {"values": measure(self._attributes, self._music.sequence(clip))}, []

    @handles(
        "similar",
        tile=checks.check_tile,
        count=checks.check_count,
        similarity=checks.check_similarity,
        seed=checks.check_seed,
    )
    def _handle_similar(self, *, tile: int, count: int, similarity: float, seed: int) -> Response:
        clip = self._decoded()[self._require_index(tile)]
        if clip is None:
            raise PaletteError("This tile is empty. Choose another one.")
        music = self.model.similar(self._music.sequence(clip), count, similarity, seed=seed)
        clips = [self._music.clip(sequence) for sequence in music]
        return _response(Draw(clips, [measure(self._attributes, sequence) for sequence in music], count), count)


def _response(found: Draw, count: int) -> Response:
    """Return `count` clips, of which those that were not found are None, and have no values."""
    missing = count - len(found.clips)
    body = {"values": [*found.values, *[[]] * missing], "found": len(found.clips), "tried": found.tried}
    return body, [encode_clips([*found.clips, *[None] * missing])]
