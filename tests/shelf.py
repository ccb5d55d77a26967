"""The models of the shelf, by what they can be asked for."""

from __future__ import annotations

import latentpalette as lp
from latentpalette.widgets.model_clips import ModelClips

WITHOUT_CONTROLS = [name for name in lp.available().names if not lp.load(name).config.control_depth]
PLAYED = [name for name in WITHOUT_CONTROLS if ModelClips.can_play(lp.load(name))]
"""Those that instruments can play from z alone, in Python and in a page."""
