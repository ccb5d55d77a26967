"""Traits that a sampler shares with its browser, and the browser's requests: samples, variations, what there is."""

from __future__ import annotations

import json
from typing import Any

from latentpalette.errors import PaletteError
from latentpalette.models.first_sample import BEST_OF, TEMPERATURE
from latentpalette.music.attributes import Attribute
from latentpalette.validation import check_integer
from latentpalette.widgets import sampler_settings as checks
from latentpalette.widgets import settings as instrument_checks
from latentpalette.widgets.asked import check_conditions
from latentpalette.widgets.checked_traits import CheckedTrait, DerivedTrait
from latentpalette.widgets.chord_settings import check_chords
from latentpalette.widgets.clips import Clip, decode_clips, encode_clips
from latentpalette.widgets.instrument import NO_ECHO, SHARED, Instrument
from latentpalette.widgets.requests import Response, Work, handles
from latentpalette.widgets.sampled import (
    Samples,
    batch_of,
    draw_in_parts,
    measure,
    samples_of,
    similar_in_parts,
    spread,
)

_MAX_DRAWN = 4  # seeds whose samples are remembered


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
    _drawn: dict[str, Samples]  # by their settings
    _spreads: dict[object, list[list[float]]]  # by temperature and conditions

    def _decoded(self) -> list[Clip | None]:
        return decode_clips(self.clips) if self.clips else []

    def _require_index(self, index: Any) -> int:
        return check_integer(index, "A tile", 0, self._count - 1, error=PaletteError)

    @handles(
        "draw",
        count=checks.check_count,
        start=checks.check_tried,
        seed=checks.check_seed,
        temperature=instrument_checks.check_temperature,
        best_of=checks.check_best_of,
        ranges=checks.check_ranges,
        conditions=check_conditions,
        chords=check_chords,
    )
    def _handle_draw(self, *, count: int, start: int, ranges: dict[str, list[float]], **settings: Any) -> Work:
        """Draw some of so many samples: as many as take a tenth of a second, and the browser asks for the others.

        Without ranges they are samples of the seed from number `start` on. With ranges they are those inside, of the
        samples that come after `start` that were tried; `more` says if there are more to try.
        """
        ranges = self.check_fit("ranges", ranges)
        settings["conditions"] = self.check_fit("conditions", settings["conditions"])
        numbers, is_last = range(start, start + count), True
        if ranges:
            settings["seed"], numbers, is_last = batch_of(self._music, settings["seed"], start)
            settings["best_of"] = 1
        drawn = yield from draw_in_parts(self._samples_of(settings), self._music, self._attributes, numbers)
        names = [attribute.name for attribute in self._attributes]
        found, tried = [], 0
        for clip, values in drawn:
            tried += 1
            if all(low <= values[names.index(name)] <= high for name, (low, high) in ranges.items()):
                found.append((clip, values))
            if len(found) == count:
                break
        more = tried < len(numbers) or not is_last
        body = {"values": [values for _, values in found], "found": len(found), "tried": tried, "more": more}
        return body, [encode_clips([clip for clip, _ in found])]

    def _samples_of(self, settings: dict[str, Any]) -> Samples:
        """Return the samples of these settings; those of a few others are remembered, which may be asked for next."""
        key, settings = json.dumps(settings, sort_keys=True), dict(settings)
        music = self._music.over(settings.pop("chords"))
        samples = self._drawn.pop(key, None) or samples_of(music, **settings)
        self._drawn[key] = samples
        while len(self._drawn) > _MAX_DRAWN:
            del self._drawn[next(iter(self._drawn))]
        return samples

    @handles("spread", temperature=instrument_checks.check_temperature)
    def _handle_spread(self, *, temperature: float) -> Work:
        """Return the values of each attribute over samples as they come."""
        conditions = self.conditions
        key = temperature, tuple(sorted(conditions.items())), tuple(self.chords)
        if key not in self._spreads:
            self._spreads[key] = yield from spread(self._music, self._attributes, temperature, conditions)
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
    def _handle_similar(self, *, tile: int, count: int, similarity: float, seed: int) -> Work:
        clip = self._decoded()[self._require_index(tile)]
        if clip is None:
            raise PaletteError("This tile is empty. Choose another one.")
        clips = yield from similar_in_parts(self._music, clip, count, similarity, seed)
        values = [measure(self._attributes, self._music.sequence(each)) for each in clips]
        return {"values": values, "found": count, "tried": count}, [encode_clips(clips)]
