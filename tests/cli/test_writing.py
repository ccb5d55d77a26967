"""Names of the files that commands write."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from latentpalette.cli.writing import unique_stems, window_filenames
from latentpalette.music.sequence import NoteSequence
from latentpalette.windows.excerpt import Excerpt

TRACKS = st.sampled_from(["", "Piano", "piano", "2", "Piano_2", "x" * 300])


def window(bar: int, track: str = "") -> Excerpt:
    return Excerpt(NoteSequence(steps=32), bar=bar, source="song.mid", track=track)


@given(st.lists(st.tuples(st.integers(1, 4), TRACKS), max_size=12))
def test_no_two_windows_have_the_same_file_name_in_upper_or_lower_case(places):
    names = window_filenames("song", [window(bar, track) for bar, track in places])
    assert len({name.lower() for name in names}) == len(places)
    assert all(name.startswith(f"song_bars-{bar}-{bar + 1}") for name, (bar, _) in zip(names, places, strict=True))
    assert all(len(name) < 100 for name in names)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["song", "Song", "song-2"])), max_size=12))
def test_different_files_have_different_stems_and_the_same_file_the_same(parts):
    files = [Path(folder) / f"{stem}.mid" for folder, stem in parts]
    stems = unique_stems(files)
    assert len({stem.lower() for stem in stems}) == len(set(files))
    assert len(set(zip(files, stems, strict=True))) == len(set(files))


def test_five_thousand_windows_are_named_in_order():
    names = window_filenames("song", [window(1 + index // 5, "Piano") for index in range(5000)])
    assert names[:6] == [
        "song_bars-0001-0002_Piano",
        *(f"song_bars-0001-0002_Piano_{number}" for number in range(2, 6)),
        "song_bars-0002-0003_Piano",
    ]
    assert len(set(names)) == 5000
