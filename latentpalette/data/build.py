"""From folders and archives to a corpus: read by many hands, each window once, split by song, little memory."""

from __future__ import annotations

import dataclasses
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentpalette.data import sources as sources_
from latentpalette.data.corpus import Corpus, in_words, write
from latentpalette.data.drum_loop_pool import CONSTRUCTED, Loops
from latentpalette.data.extract import Found, windows_of
from latentpalette.data.options import Hints
from latentpalette.data.packing import packing
from latentpalette.data.parallel import read_all
from latentpalette.data.sources import SPLITS, Song, Survey
from latentpalette.data.staging import Spool
from latentpalette.errors import TrainingError


@dataclass(frozen=True)
class Summary:
    """A corpus that was written.

    Parameters
    ----------
    path : Path
    report : mapping
        As `Corpus.report`.
    text : str
        What it holds, in words.
    """

    path: Path
    report: Mapping[str, Any]
    text: str


Sources = Sequence[str | os.PathLike[str]]


def build(sources: Sources, converter: Mapping[str, Any], **settings: Any) -> Corpus:
    """Read folders and archives of MIDI files into a corpus; settings as for `build_file`.

    Raises
    ------
    TrainingError
        If a source cannot be read, or there is no window in any.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "corpus.npz"
        build_file(path, sources, converter, **settings)
        return Corpus.load(path)


def build_file(
    path: str | os.PathLike[str],
    sources: Sources,
    converter: Mapping[str, Any],
    *,
    hints: Hints | None = None,
    drums: Corpus | None = None,
    validation: float = 0.1,
    workers: int | None = None,
    dask: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Summary:
    """Read folders and archives of MIDI files into the file of a corpus.

    A window that occurs twice is kept once. Where a held-out song has it, training gives it up, so that nothing a
    model is judged by was learned by heart. A run that was broken off goes on where it was: what has been read lies
    beside the file until it is written.

    Parameters
    ----------
    path : path
        The file to write, ``.npz``.
    sources : list of path
        Folders, ``.zip`` and ``.tar`` archives, or single files. A source with an ``info.csv`` that names splits is
        split by it; other songs by a hash of their name.
    converter : mapping
        As `ModelConfig.converter`.
    hints : Hints, optional
        What is known of the files; see `latentpalette.data.windows_of_file.read`.
    drums : Corpus, optional
        Of drum loops. With it, trios are constructed of songs that have no drums; their names then begin with
        ``constructed/``, and they are for training only.
    validation : float [0 to 1]
        The share of songs held out where the source does not say.
    workers, dask
        See `latentpalette.data.parallel.read_all`.
    progress : callable of (files read, files), optional

    Raises
    ------
    TrainingError
        If a source cannot be read, or there is no window in any.
    """
    path = Path(path)
    surveys = [sources_.survey(source) for source in sources]
    total = sum(each.songs for each in surveys)
    hints = dataclasses.replace(hints or Hints(), construct=drums is not None)
    loops = None if drums is None else Loops(drums)
    spec = dict(converter)
    reader, how = packing(spec)
    about = {
        "sources": [str(Path(source).resolve()) for source in sources],
        "files": total,
        "converter": spec,
        "hints": dataclasses.asdict(hints),
        "drums": repr(drums),
    }
    spool = Spool(path.with_name(path.name + ".part"), about, shape=how.shape(reader.steps), dtype=how.dtype)
    try:
        songs = _still_to_read(sources, spool)
        work = partial(windows_of, spec=spec, hints=hints)
        for found in read_all(songs, work, workers=workers, dask=dask):
            spool.add(_with_drums(found, loops))
            if progress:
                progress(spool.songs, total)
        if not spool.windows:
            raise TrainingError(_nothing(spool, total, sources))
        summary = _finish(path, spool, spec, sources, surveys, validation)
    except BaseException as problem:
        # What broke off goes on later; what failed on its music would only fail again.
        if isinstance(problem, TrainingError) and not spool.windows:
            spool.remove()
        else:
            spool.close()
        raise
    spool.remove()
    return summary


def _still_to_read(sources: Sources, spool: Spool) -> Iterator[Song]:
    """The songs that the spool does not know yet; those it knows have to be the ones that come first."""
    known = (entry["song"] for entry in islice(spool.journal(), spool.songs))  # no further: it grows meanwhile
    everything = (song for source in sources for song in sources_.songs(source))
    for song in everything:
        before = next(known, None)
        if before is None:
            yield song
        elif before.removeprefix(CONSTRUCTED) != song.name:
            raise TrainingError(
                f"{spool.folder}: {before} was read here before, where now {song.name} comes. Delete it to begin anew."
            )


def _with_drums(found: Found, loops: Loops | None) -> Found:
    if not found.constructed or loops is None:
        return found
    return dataclasses.replace(found, song=CONSTRUCTED + found.song, rows=loops.under(found.rows, found.song))


def _nothing(spool: Spool, total: int, sources: Sources) -> str:
    reasons: Counter[str] = Counter()
    for entry in spool.journal():
        reasons.update(entry["left_out"].keys())
        reasons.update([entry["unreadable"]] if entry["unreadable"] else [])
    why = ", ".join(f"{reason} ({files} files)" for reason, files in reasons.most_common(5)) or "no files"
    return f"No windows in {total} MIDI files of {[str(each) for each in sources]}: {why}."


def _finish(
    path: Path,
    spool: Spool,
    spec: dict[str, Any],
    sources: Sources,
    surveys: list[Survey],
    validation: float,
) -> Summary:
    """Write what is in the spool, each window once, with a report."""
    splits = {song: split for each in surveys for song, split in each.splits.items()}
    left_out: Counter[str] = Counter()
    touched: Counter[str] = Counter()
    unreadable: Counter[str] = Counter()
    names: list[str] = []
    counts: list[int] = []
    of_song: list[int] = []
    constructed = 0
    for entry in spool.journal():
        left_out.update(entry["left_out"])
        touched.update(entry["left_out"].keys())
        unreadable.update([entry["unreadable"]] if entry["unreadable"] else [])
        if entry["windows"]:
            constructed += entry["constructed"]
            name = entry["song"]
            held = "train" if entry["constructed"] else sources_.split_of(name, validation=validation, splits=splits)
            names.append(name)
            counts.append(entry["windows"])
            of_song.append(SPLITS.index(held))
    starts = np.concatenate([[0], np.cumsum(counts[:-1])]).astype(np.int64)
    split = np.asarray(of_song, np.uint8)
    kept = spool.first_of_each(split, starts)
    per_song = np.add.reduceat(kept, starts, dtype=np.int64)  # no song here is without windows
    in_split = {name: int(per_song[split == k].sum()) for k, name in enumerate(SPLITS)}
    report = {
        "sources": [Path(source).name for source in sources],
        "files": sum(each.songs for each in surveys),
        "songs": len(names),
        "windows": {"found": spool.windows, "kept": int(kept.sum())} | in_split,
        "constructed": {
            "songs": constructed,
            "windows": int(per_song[[name.startswith(CONSTRUCTED) for name in names]].sum()),
        },
        "left_out": [{"reason": r, "files": touched[r], "bars": bars} for r, bars in left_out.most_common()],
        "unreadable": [{"reason": reason, "files": files} for reason, files in unreadable.most_common()],
        "licences": [name for each in surveys for name in each.licences],
    }
    columns = {
        "rows": (rows[mine] for rows, mine in _alongside(spool.rows(), kept)),
        "song": (np.full(many, song, np.int32) for song, many in enumerate(per_song.tolist())),
        "split": (np.full(many, each, np.uint8) for many, each in zip(per_song.tolist(), of_song, strict=True)),
        "qpm": (qpm[mine] for qpm, mine in _alongside(spool.qpm(), kept)),
    }
    write(
        path,
        columns,
        windows=int(kept.sum()),
        shape=spool.shape,
        dtype=spool.dtype,
        songs=names,
        converter=spec,
        report=report,
    )
    return Summary(path, report, in_words(len(names), in_split))


def _alongside(chunks: Iterator[NDArray], kept: NDArray[np.bool_]) -> Iterator[tuple[NDArray, NDArray[np.bool_]]]:
    at = 0
    for chunk in chunks:
        yield chunk, kept[at : at + len(chunk)]
        at += len(chunk)
