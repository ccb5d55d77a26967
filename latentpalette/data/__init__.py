"""From MIDI files to a corpus, and from a corpus to batches; independent of any model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from latentpalette import lazy as _lazy

if TYPE_CHECKING:
    from latentpalette.data.augment.config import Augmentation as Augmentation
    from latentpalette.data.build import BuildResult as BuildResult
    from latentpalette.data.build import build_corpus as build_corpus
    from latentpalette.data.build import build_corpus_file as build_corpus_file
    from latentpalette.data.corpus import Corpus as Corpus
    from latentpalette.data.options import ExtractOptions as ExtractOptions
    from latentpalette.data.song_table import SongValues as SongValues
    from latentpalette.data.song_values import read_song_values as read_song_values
    from latentpalette.data.song_values import write_song_values as write_song_values
else:
    __getattr__, __dir__, __all__ = _lazy.attach(
        __name__,
        {
            "augment.config": ["Augmentation"],
            "build": ["BuildResult", "build_corpus", "build_corpus_file"],
            "corpus": ["Corpus"],
            "options": ["ExtractOptions"],
            "song_table": ["SongValues"],
            "song_values": ["read_song_values", "write_song_values"],
        },
    )
