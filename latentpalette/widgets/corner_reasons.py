"""Sentences on what a corner of a palette does not take of the music that it is read from."""

from __future__ import annotations

from collections.abc import Sequence

from latentpalette.music.score import Score
from latentpalette.music.sequence import NoteSequence
from latentpalette.widgets.model_clips import ModelClips
from latentpalette.windows.drums import unmapped_hits
from latentpalette.windows.excerpt import Excerpt, Excerpts
from latentpalette.wording import counted

MAX_SENTENCES = 20  # for one file
_MAX_LISTED = 6  # names or tempos in a sentence
_MAX_NAME_LENGTH = 40  # [characters]


def notes_left_out(sequence: NoteSequence, music: ModelClips) -> tuple[str, ...]:
    """Return sentences on the notes of a sequence that have no place in the clips of a model.

    Examples
    --------
    >>> import latentpalette as lp
    >>> from latentpalette.music.sequence import Note
    >>> loop = NoteSequence([Note(36, 0, is_drum=True), Note(60, 0), Note(20, 4, is_drum=True)], steps=32)
    >>> notes_left_out(loop, ModelClips.of(lp.load("drums-2bar")))
    ('1 note is not a drum', '1 hit on drums the model has no class for: 20 (drum 20)')
    """
    drum_map = next((stream.drum_map for stream in music.streams if stream.drum_map), None)
    has_pitched = any(not stream.is_drum for stream in music.streams)
    pitched = [note for note in sequence.notes if not note.is_drum]
    drums = [note.pitch for note in sequence.notes if note.is_drum]
    sentences = []
    if not has_pitched and pitched:
        sentences.append(f"{len(pitched)} {'note is not a drum' if len(pitched) == 1 else 'notes are not drums'}")
    if not drum_map and drums:
        sentences.append(f"{counted(len(drums), 'drum stroke')} in it")
    if drum_map:
        unmapped = [pitch for pitch in drums if pitch not in drum_map.classes]
        sentences += [str(unmapped_hits(unmapped))] if unmapped else []
    if has_pitched:
        read = sum(not note.is_drum for note in music.canonical(sequence).notes) if sequence.steps == music.steps else 0
        lost = len(pitched) - read
        if sequence.steps == music.steps and lost > 0:
            sentences.append(f"{counted(lost, 'note')} of chords and of other parts: a melody has one note at a time")
    return tuple(sentences)


def piece_left_out(score: Score, excerpts: Excerpts, selected: Score) -> tuple[str, ...]:
    """Return sentences on the parts of a file that are in none of its loops.

    Parameters
    ----------
    score : Score
    excerpts : Excerpts
        Its loops.
    selected : Score
        What of it was read; the score itself where no track was chosen.

    Returns
    -------
    tuple of str
        At most `MAX_SENTENCES`; the last one counts those that are missing.
    """
    others = _other_tracks(score, selected) if excerpts.melody is None else []  # else the reason names the melody
    sentences = [*map(str, excerpts.left_out), *others, *_tempo_changes(score)]
    if len(sentences) > MAX_SENTENCES:
        count = len(sentences) - MAX_SENTENCES + 1
        sentences[MAX_SENTENCES - 1 :] = [f"{count:,} more parts are left out; model.excerpts(file) lists them"]
    return tuple(sentence[:1000] for sentence in sentences)


def choice_among(excerpts: Sequence[Excerpt], index: int) -> tuple[str, ...]:
    """Return a sentence on which of several loops is read; nothing if there is one.

    Examples
    --------
    >>> loops = [Excerpt(NoteSequence(steps=32), bar=bar, source="song.mid") for bar in (1, 2, 5)]
    >>> choice_among(loops, 1), choice_among(loops[:1], 0)
    (('bars 2 and 3 are read, loop 2 of 3',), ())
    """
    if len(excerpts) < 2:
        return ()
    return (f"{excerpts[index].bar_range} are read, loop {index + 1} of {len(excerpts):,}",)


def _other_tracks(score: Score, selected: Score) -> list[str]:
    with_drums = set(selected.track[selected.is_drum].tolist())
    others = [track for track in dict.fromkeys(score.track.tolist()) if track not in with_drums]
    if not others or not with_drums:  # without drums there is no loop, and the reason names the tracks
        return []
    names = [_track_name(score, track) for track in sorted(others)]
    kind = "tracks without drums" if selected is score else "tracks that are not read"
    return [f"{kind}: {_list_some(names)}"]


def _track_name(score: Score, track: int) -> str:
    name = score.track_names[track] if track < len(score.track_names) else ""
    return name.strip()[:_MAX_NAME_LENGTH] or f"track {track + 1}"


def _tempo_changes(score: Score) -> list[str]:
    tempos = list(dict.fromkeys(f"{qpm:.4g}" for _, _, qpm in score.tempos))
    if len(tempos) < 2:
        return []
    return [f"changes of the tempo: {_list_some(tempos)} qpm; a loop has the tempo at which it begins"]


def _list_some(items: Sequence[str]) -> str:
    return ", ".join(items[:_MAX_LISTED]) + (" ..." if len(items) > _MAX_LISTED else "")
