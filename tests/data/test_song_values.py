"""Values of songs: tables that users make, read with care, and found again by the names of a corpus."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from latentpalette.data import song_rows, song_values
from latentpalette.data.song_table import SongValues
from latentpalette.data.song_values import read_song_values, write_song_values
from latentpalette.errors import FileError, TrainingError

TABLE = "song,danceability,valence\ngmd/a.mid,1.25,0.5\ngmd/b.mid,,-3\n"
SONGS = {"gmd/a.mid": {"danceability": 1.25, "valence": 0.5}, "gmd/b.mid": {"valence": -3.0}}


@pytest.fixture
def write(tmp_path):
    """Return a function that writes a file and returns its path."""

    def write(content, name="values.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def test_a_table_of_commas_and_one_of_braces_say_the_same(write):
    assert read_song_values(write(TABLE)).songs == SONGS
    assert read_song_values(write(json.dumps(SONGS), "values.json")).songs == SONGS
    assert read_song_values(write(TABLE)).columns == ("danceability", "valence")


def test_null_and_an_empty_field_are_values_that_are_not_known(write):
    values = read_song_values(write('{"a": {"danceability": null}, "b": {}}', "values.json"))
    assert values.songs == {"a": {}, "b": {}}
    assert values.column("danceability") == {}


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + TABLE.encode(),
        TABLE.replace("\n", "\r\n").encode(),
        TABLE.replace("\n", "\n\n").encode(),
        TABLE.replace("song,", "Song , ").encode(),
        TABLE.replace("gmd/a.mid", '"gmd/a.mid"').encode(),
        TABLE.rstrip().encode(),
    ],
)
def test_a_table_is_read_as_spreadsheets_write_it(write, content):
    assert read_song_values(write(content)).songs == SONGS


def test_latin_letters_are_read_where_it_is_no_utf8(write):
    assert list(read_song_values(write("song,x\ncafé,1\n".encode("latin-1"))).songs) == ["café"]


BROKEN_TABLES = {
    "": "line 1: the columns are 'song'",
    "name,danceability\na,1\n": "line 1: the columns are 'song' and the names of the values; got 'name,danceability'",
    "song;danceability\na;1,2\n": "separated by semicolons; save it with commas",
    "song,x,x\n": "line 1: two columns are called 'x'",
    "song,\n": "line 1: a column has a name of up to 100 printable characters; got ''",
    "song,song\n": "two columns are called 'song'",
    f"song,{'x' * 101}\n": "a column has a name of up to 100",
    f"song,{','.join(f'c{n}' for n in range(65))}\n": "more than 64 columns",
    "song,x\na,high\n": "line 2: x is a number from -1000000000 to 1000000000; got 'high'",
    "song,x\na,nan\n": "line 2: x is a number .* got nan",
    "song,x\n\na,inf\n": "line 3: x is a number .* got inf",
    "song,x\na,1e10\n": "line 2: x is a number",
    "song,x\na,1_000\n": "line 2: x is a number .* got '1_000'",
    'song,x\na,"1,5"\n': "line 2: x is a number .* got '1,5'",
    "song,x\na,1\nb,2\na,3\n": "line 4: 'a' is there twice",
    "song,x\n,1\n": "line 2: a song has a name of up to 4096 printable characters; got ''",
    f"song,x\n{'a' * 4097},1\n": "line 2: a song has a name",
    "song,x\na,1,2\n": "line 2: 3 fields for 2 columns",
    "song,x,y\na,1\n": "line 2: 2 fields for 3 columns",
    'song,x\n"a,1\n': "line 2: damaged",
    'song,x\n"a"b,1\n': "line 2: damaged",
    f"song,x\n{'a' * 200_000},1\n": "line 2: damaged",
    "song,x\n\0,1\n": "line 2: .* printable characters",
    "song,x\na\x1b[31m,1\n": r"line 2: .* printable characters; got 'a\\x1b",
}
BROKEN_JSON = {
    "": "line 1: no JSON",
    '{\n"a": {"x": 1}\n"b": {"x": 1}}': "line 3: no JSON",
    "[]": "values of songs are",
    '{"a": 1}': "'a': the values of a song are",
    '{"a": {"x": "1"}}': "'a': x is a number .* got '1'",
    '{"a": {"x": true}}': "x is a number .* got True",
    '{"a": {"x": NaN}}': "x is a number .* got nan",
    '{"a": {"x": 1e999}}': "x is a number .* got inf",
    '{"a": {"x": [1]}}': "x is a number",
    '{"a": {"x": 1}, "a": {"x": 2}}': "'a' is there twice",
    '{"a": {"x": 1, "x": 2}}': "'x' is there twice",
    '{"": {"x": 1}}': "a song has a name",
    '{"a": {"song": 1}}': "holds the names, not a value",
    '{"a": {"x": ' + "9" * 5000 + "}}": "no JSON of values",
    "[" * 100_000: "no JSON of values|no JSON",
    json.dumps({f"s{n}": {f"c{n}": 1} for n in range(65)}): "more than 64 columns",
}


@pytest.mark.parametrize(("content", "problem"), BROKEN_TABLES.items())
def test_a_table_that_is_none_is_refused_with_its_line(write, content, problem):
    with pytest.raises(TrainingError, match=rf"values\.csv.*{problem}"):
        read_song_values(write(content))


@pytest.mark.parametrize(("content", "problem"), BROKEN_JSON.items())
def test_json_of_anything_else_is_refused(write, content, problem):
    with pytest.raises(TrainingError, match=rf"values\.json.*({problem})"):
        read_song_values(write(content, "values.json"))


def test_a_file_that_is_missing_too_large_or_of_another_kind_is_refused(write, monkeypatch, tmp_path):
    with pytest.raises(TrainingError, match="no such file"):
        read_song_values(tmp_path / "none.csv")
    with pytest.raises(TrainingError, match=r"a \.csv or a \.json file"):
        read_song_values(write(TABLE, "values.xlsx"))
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(TrainingError, match="no such file"):
        read_song_values(tmp_path / "folder.csv")
    monkeypatch.setattr(song_rows, "MAX_BYTES", 10)
    with pytest.raises(TrainingError, match="longer than"):
        read_song_values(write(TABLE))


def test_more_songs_than_allowed_are_refused(write, monkeypatch):
    monkeypatch.setattr(song_values, "MAX_SONGS", 1)
    with pytest.raises(TrainingError, match="more than 1 songs"):
        read_song_values(write(TABLE))


NAMES = st.text(min_size=1, max_size=20).filter(lambda name: name.strip() and name.isprintable())
COLUMNS = st.text("abc_é", min_size=1, max_size=5)
VALUES = st.dictionaries(NAMES, st.dictionaries(COLUMNS, st.floats(-1e9, 1e9), max_size=3), max_size=5)


@settings(max_examples=30, deadline=None)
@given(VALUES, st.sampled_from([".csv", ".json"]))
def test_what_is_written_is_what_is_read(tmp_path_factory, songs, suffix):
    path = tmp_path_factory.mktemp("values") / f"values{suffix}"
    assert read_song_values(write_song_values(path, songs)).songs == songs


def test_a_file_is_replaced_as_a_whole_or_stays(write):
    path = write(TABLE)
    with pytest.raises(TrainingError, match="x is a number"):
        write_song_values(path, {"a": {"x": float("nan")}})
    with pytest.raises(TrainingError, match="a song has a name"):
        write_song_values(path, {"": {"x": 1.0}})
    assert read_song_values(path).songs == SONGS
    with pytest.raises(TrainingError, match=r"a \.csv or a \.json"):
        write_song_values(path.with_suffix(".txt"), SONGS)
    with pytest.raises(FileError, match="folder of that name"):
        write_song_values(_folder(path.with_name("folder.csv")), SONGS)


def _folder(path):
    path.mkdir()
    return path


def test_the_values_of_a_corpus_come_in_the_order_of_its_songs():
    found = SongValues(SONGS, ("danceability", "valence")).look_up("valence", ["gmd/b.mid", "gmd/a.mid"])
    assert found.values.tolist() == [-3.0, 0.5]
    assert (found.missing, found.note) == ((), "")


def test_songs_without_a_value_are_counted_and_near_names_are_suggested():
    values = SongValues({"gmd/a.mid": {"swing": 0.6}, "lieder/Erlkönig.mid": {"swing": 0.5}}, ("swing",))
    found = values.look_up("swing", ["gmd/a.mid", "lieder/Erlkonig.mid", "old/a.mid", "x", "y"])
    assert np.isnan(found.values).tolist() == [False, True, True, True, True]
    assert found.missing == ("lieder/Erlkonig.mid", "old/a.mid", "x", "y")
    assert found.note == (
        "The table has no swing for 4 of 5 songs: 'lieder/Erlkonig.mid' (it has 'lieder/Erlkönig.mid'), "
        "'old/a.mid' (it has 'gmd/a.mid'), 'x', and others."
    )


def test_a_table_of_other_songs_and_a_misspelt_column_are_errors():
    values = SongValues(SONGS, ("danceability", "valence"), "values.csv")
    with pytest.raises(
        TrainingError, match=r"has no valence for 1 of 1 song: 'b/a\.mid' .*it has 'gmd/a\.mid'.*in its sources"
    ):
        values.look_up("valence", ["b/a.mid"])
    with pytest.raises(TrainingError, match=r"no column is called 'dancability'\. Did you mean 'danceability'\?"):
        values.column("dancability")


def test_very_long_names_are_not_compared_letter_by_letter():
    values = SongValues({"a" * 4000: {"x": 1.0}, "b": {"x": 1.0}}, ("x",))
    assert values.look_up("x", ["b", "a" * 3999 + "b"]).missing == ("a" * 3999 + "b",)
