"""Build a corpus from MIDI files in parallel, deduplicated and split by song, in bounded memory."""

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

from latentpalette.data.corpus import Corpus, describe
from latentpalette.data.corpus_file import write_corpus
from latentpalette.data.extract import SongWindows, extract_song
from latentpalette.data.members import clean_name
from latentpalette.data.options import ExtractOptions
from latentpalette.data.packing import find_packing
from latentpalette.data.parallel import parallel_map
from latentpalette.data.scanning import ScannedSources, scan_sources
from latentpalette.data.sources import Song, split_of
from latentpalette.data.split_tables import SPLITS
from latentpalette.data.staging import STAGING_FORMAT, Staging
from latentpalette.data.synthetic_trios import SYNTHETIC, DrumLoopPool
from latentpalette.errors import TrainingError
from latentpalette.files import expand_path, is_file, is_folder, path_exists
from latentpalette.progress.board import show_progress, silenced
from latentpalette.validation import check_number
from latentpalette.wording import counted


@dataclass(frozen=True)
class BuildResult:
    """A corpus that was written.

    Parameters
    ----------
    path : Path
    report : mapping
        As `Corpus.report`.
    summary : str
        Its size in words.
    recovery : str
        What was done about an interrupted build that was damaged, in words; empty if there was none.
    """

    path: Path
    report: Mapping[str, Any]
    summary: str
    recovery: str = ""


Sources = str | os.PathLike[str] | Sequence[str | os.PathLike[str]]


def build_corpus(sources: Sources, converter: Mapping[str, Any], **options: Any) -> Corpus:
    """Build a corpus in memory; keyword arguments are those of `build_corpus_file`.

    Raises
    ------
    TrainingError
        If a source cannot be read, or no source has a window.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "corpus.npz"
        build_corpus_file(path, sources, converter, **options)
        return Corpus.load(path)


def build_corpus_file(
    path: str | os.PathLike[str],
    sources: Sources,
    converter: Mapping[str, Any],
    *,
    options: ExtractOptions | None = None,
    drum_corpus: Corpus | None = None,
    validation: float = 0.1,
    workers: int | None = None,
    dask_scheduler: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> BuildResult:
    """Build a corpus from folders and archives of MIDI files, and write it to a file.

    Of equal windows one is kept, in a held-out song if there is one, so that no held-out window occurs in training.
    An interrupted build continues where it stopped: until the corpus is written, its windows are in a folder beside
    the file. A file that cannot be read ends nothing: the report names it, with the reason, under ``not_read``.

    Parameters
    ----------
    path : path
        The file to write, ``.npz``.
    sources : path, or list of path
        Folders, ``.zip`` and ``.tar`` archives, or single files. A source with an ``info.csv`` that names splits is
        split by it; other songs by a hash of their name.
    converter : mapping
        As `ModelConfig.converter`.
    options : ExtractOptions, optional
        How to interpret the files.
    drum_corpus : Corpus, optional
        Of drum loops. With it, trios are made from songs without drums; their names begin with ``synthetic/``, and
        they are for training only.
    validation : float [0 to 1]
        The share of songs held out if their source does not name splits.
    workers, dask_scheduler
        See `latentpalette.data.parallel.parallel_map`.
    progress : callable of (files read, files), optional
        Called after each file, instead of the progress that is shown otherwise.

    Returns
    -------
    BuildResult

    Raises
    ------
    TrainingError
        If a source cannot be read, or no source has a window.
    """
    path = expand_path(path)
    check_number(validation, "validation, the share of songs to hold out,", 0, 1, error=TrainingError)
    scanned = scan_sources(sources)
    _check_target(path, scanned)
    total = scanned.num_songs
    name = str(converter.get("name", ""))
    if drum_corpus is not None and name != "trio":
        raise TrainingError(f"A corpus of drum loops has no effect on {name}; synthetic trios are made of it.")
    if options is not None:
        options.check_used_by(name, has_drum_corpus=drum_corpus is not None)
    options = dataclasses.replace(options or ExtractOptions(), synthesize_trios=drum_corpus is not None)
    drum_loops = None if drum_corpus is None else DrumLoopPool(drum_corpus)
    spec = dict(converter)
    reader, packing = find_packing(spec)
    determinants = {
        "format": STAGING_FORMAT,
        "sources": [str(source.resolve()) for source in scanned.sources],
        "files": total,
        "converter": spec,
        "options": dataclasses.asdict(options),
        "drums": repr(drum_corpus),
    }
    folder = path.with_name(path.name + ".part")
    staging = Staging(folder, determinants, shape=packing.shape(reader.steps), dtype=packing.dtype)
    try:
        songs = _remaining_songs(scanned, staging)
        extract = partial(extract_song, spec=spec, options=options)
        with silenced() if progress else show_progress("Reading files", total) as task:
            for extracted in parallel_map(songs, extract, workers=workers, dask_scheduler=dask_scheduler):
                staging.add(_with_drums(extracted, drum_loops))
                if task:
                    task.update(done=staging.songs)
                if progress:
                    progress(staging.songs, total)
        if not staging.windows:
            raise TrainingError(_no_windows_message(staging, scanned))
        result = _write_deduplicated(path, staging, spec, scanned, validation)
    except BaseException as problem:
        # An interrupted build can continue; one without windows would only fail again.
        if isinstance(problem, TrainingError) and not staging.windows:
            staging.remove()
        else:
            staging.close()
        raise
    staging.remove()
    return result


def _check_target(path: Path, scanned: ScannedSources) -> None:
    """Refuse what no corpus can be written to, and what it would destroy."""
    if is_folder(path):
        raise TrainingError(f"{path}: a folder of that name is in the way. Choose another name.")
    if path_exists(path) and not is_file(path):
        raise TrainingError(f"{path}: a device or a pipe; a corpus is a file. Choose another name, ending in .npz.")
    if path_exists(path) and any(source.exists() and source.samefile(path) for source in scanned.sources):
        raise TrainingError(f"{path}: it is to be read, and would be overwritten. Choose another name, ending in .npz.")


def _remaining_songs(scanned: ScannedSources, staging: Staging) -> Iterator[Song]:
    """Yield the songs that are not staged yet; the staged ones must be the first of the sources, in order."""
    staged = (  # limited, since the log grows meanwhile
        entry["song"].removeprefix(SYNTHETIC) if entry["synthetic"] else entry["song"]
        for entry in islice(staging.log(), staging.songs)
    )
    for song in scanned.iter_songs():
        name = next(staged, None)
        if name is None:
            yield song
        elif name != song.name:
            raise TrainingError(
                f"{staging.folder}: the interrupted build read {name} where the sources now have {song.name}. "
                "Delete the folder to start again."
            )


def _with_drums(extracted: SongWindows, drum_loops: DrumLoopPool | None) -> SongWindows:
    if not extracted.synthetic or drum_loops is None:
        return extracted
    windows = drum_loops.add_drums(extracted.windows, extracted.song)
    return dataclasses.replace(extracted, song=SYNTHETIC + extracted.song, windows=windows)


def _no_windows_message(staging: Staging, scanned: ScannedSources) -> str:
    reasons: Counter[str] = Counter()
    for entry in staging.log():
        reasons.update(entry["left_out"].keys())
        reasons.update([entry["unreadable"]] if entry["unreadable"] else [])
    why = ", ".join(f"{reason} ({counted(files, 'file')})" for reason, files in reasons.most_common(5)) or "no files"
    names = ", ".join(source.name for source in scanned.sources)
    words = [f"No windows in {counted(scanned.num_songs, 'MIDI file')} of {names}: {why}."]
    words += [f"Not read: {name}: {reason}." for name, reason in scanned.problems[:5]]
    return " ".join(words)


def _write_deduplicated(
    path: Path,
    staging: Staging,
    spec: dict[str, Any],
    scanned: ScannedSources,
    validation: float,
) -> BuildResult:
    """Write the staged windows, without duplicates, and a report."""
    splits = {song: split for info in scanned.infos for song, split in info.splits.items()}
    not_read = list(scanned.problems)
    left_out_bars: Counter[str] = Counter()
    left_out_files: Counter[str] = Counter()
    unreadable: Counter[str] = Counter()
    names: list[str] = []
    counts: list[int] = []
    song_splits: list[int] = []
    synthetic: list[bool] = []
    for entry in staging.log():
        left_out_bars.update(entry["left_out"])
        left_out_files.update(entry["left_out"].keys())
        if entry["unreadable"]:
            unreadable[entry["unreadable"]] += 1
            not_read.append((entry["song"], entry["unreadable"]))
        if entry["windows"]:
            name, is_synthetic = entry["song"], entry["synthetic"]
            synthetic.append(is_synthetic)
            split = "train" if is_synthetic else split_of(name, validation=validation, splits=splits)
            names.append(name)
            counts.append(entry["windows"])
            song_splits.append(SPLITS.index(split))
    starts = np.concatenate([[0], np.cumsum(counts[:-1])]).astype(np.int64)
    split_per_song = np.asarray(song_splits, np.uint8)
    is_kept = staging.deduplicate(split_per_song, starts)
    windows_per_song = np.add.reduceat(is_kept, starts, dtype=np.int64)  # every song here has windows
    windows_per_split = {name: int(windows_per_song[split_per_song == k].sum()) for k, name in enumerate(SPLITS)}
    report = {
        "sources": [clean_name(source.name) for source in scanned.sources],
        "files": scanned.num_songs,
        "songs": len(names),
        "windows": {"found": staging.windows, "kept": int(is_kept.sum())} | windows_per_split,
        "synthetic": {"songs": sum(synthetic), "windows": int(windows_per_song[np.array(synthetic)].sum())},
        "left_out": [
            {"reason": reason, "files": left_out_files[reason], "bars": bars}
            for reason, bars in left_out_bars.most_common()
        ],
        "unreadable": [{"reason": reason, "files": files} for reason, files in unreadable.most_common()],
        "not_read": [{"name": name, "reason": reason} for name, reason in not_read],
        "licenses": [name for info in scanned.infos for name in info.licenses],
    }
    per_song = list(zip(windows_per_song.tolist(), song_splits, strict=True))
    columns = {
        "rows": _select(staging.packed_windows(), is_kept),
        "song": (np.full(count, song, np.int32) for song, (count, _) in enumerate(per_song)),
        "split": (np.full(count, split, np.uint8) for count, split in per_song),
        "qpm": _select(staging.qpm(), is_kept),
    }
    write_corpus(
        path,
        columns,
        count=int(is_kept.sum()),
        shape=staging.shape,
        dtype=staging.dtype,
        songs=names,
        converter=spec,
        report=report,
    )
    return BuildResult(path, report, describe(len(names), windows_per_split), staging.recovery)


def _select(chunks: Iterator[NDArray], is_kept: NDArray[np.bool_]) -> Iterator[NDArray]:
    """Yield the kept items of each chunk."""
    start = 0
    for chunk in chunks:
        yield chunk[is_kept[start : start + len(chunk)]]
        start += len(chunk)
