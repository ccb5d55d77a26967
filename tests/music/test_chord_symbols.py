"""Chord symbols of lead sheets are read as the triads that they contain."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latentpalette.errors import MusicError
from latentpalette.music.chord_symbols import KINDS, ROOTS, describe_simplified, read_chord

# Spellings of a triad: of itself, and of chords that contain it.
SPELLINGS = {
    "": "|M|maj|major|Maj|ma| major|(major)|6|69|6/9|6add9|7|9|11|13|maj7|Maj7|MAJ7|ma7|M7|Δ|Δ7|△7|∆9|^7|^|j7|7M|maj9"
    "|maj13|M9|dom7|add9|(add9)|add2|add11|2|7b9|7♭9|7-9|7(b9)|7#9|7+9|7#11|7(#11)|7(b9,#11)|7(b9#11b13)|7[b9]|13#11"
    "|7b13|9#11|maj7#11|7alt|7(9)|7/9|7/9-|7no5|(no5)|omit5|:maj|:maj7|⁷|⁶|⁹|maj⁷|♮7",
    "m": "m|-|−|–|min|Min|MIN|mi|minor| minor|m6|-6|min6|m69|m6/9|m7|-7|−7|mi7|min7|MIN7|m9|-9|m11|m13|madd9|m(add9)"
    "|m(maj7)|mM7|mMaj7|mmaj7|minmaj7|-maj7|-Δ7|mΔ7|-^7|m/maj7|m7(b9)|m7no5|:min|:min7|m⁷",
    "+": "+|aug|Aug|augmented|+7|aug7|7+|7#5|7+5|(#5)|+5|7(#5)|7♯5|7(#5,#9)|9#5|maj7#5|M7+5|+maj7|+M7|:aug|7#9#5",
    "dim": "dim|Dim|o|°|º|diminished|dim7|o7|°7|ᵒ⁷|m7b5|m7(b5)|m7-5|m7♭5|-7b5|-7(♭5)|min7b5|mb5|m-5|ø|ø7|Ø7|∅7|h7|hdim7"
    "|half-dim|halfdim7|half-diminished 7|dimM7|m9b5|:dim|:hdim7",
}
WITHOUT_A_TRIAD = {  # the third decides, and without one the chord counts as major
    "": "sus|sus2|sus4|sus24|sus2sus4|7sus|7sus4|9sus4|13sus4|7(sus4)|5|4|7/4|no3|7(no3)|7b5|maj7b5|(b5)",
    "m": "msus4|m7sus4|m#5|m7#5",
}
ENHARMONIC = {
    "C": "C B# Dbb", "C#": "C# Db", "D": "D C## Ebb", "Eb": "Eb D#", "E": "E Fb", "F": "F E#", "F#": "F# Gb",
    "G": "G F## Abb", "Ab": "Ab G#", "A": "A G## Bbb", "Bb": "Bb A#", "B": "B Cb",
}  # fmt: skip


@given(data=st.data())
def test_every_root_with_every_kind_in_every_spelling_over_every_bass_is_its_triad(data):
    kind = data.draw(st.sampled_from(KINDS))
    root = data.draw(st.sampled_from(ROOTS))
    name = data.draw(st.sampled_from(ENHARMONIC[root].split()))
    name = name.replace("#", data.draw(st.sampled_from("#♯"))).replace("b", data.draw(st.sampled_from("b♭")))
    spelling = data.draw(st.sampled_from(SPELLINGS[kind].split("|")))
    bass = data.draw(st.sampled_from(["", "/E", "/F#", "/B♭", "/g", " / C", "/3", "/b7"]))
    padding = data.draw(st.sampled_from(["", " "]))
    chord = read_chord(f"{padding}{name}{spelling}{bass}{padding}")
    assert chord.triad == root + kind
    assert chord.triad_class == 1 + 12 * KINDS.index(kind) + ROOTS.index(root)


@pytest.mark.parametrize("spelling", [(kind, spelling) for kind in KINDS for spelling in SPELLINGS[kind].split("|")])
def test_each_spelling_of_a_kind_is_its_triad(spelling):
    kind, text = spelling
    assert read_chord("F" + text).triad == "F" + kind


@pytest.mark.parametrize(
    ("kind", "spelling"), [(kind, text) for kind, texts in WITHOUT_A_TRIAD.items() for text in texts.split("|")]
)
def test_the_third_decides_where_there_is_no_triad(kind, spelling):
    chord = read_chord("G" + spelling)
    assert chord.triad == "G" + kind
    assert chord.is_simplified


@pytest.mark.parametrize("symbol", ["N.C.", "N.C", "NC", "n.c.", "N/C", "N", "no chord", "None", "tacet"])
def test_no_chord_is_spelled_in_several_ways(symbol):
    assert read_chord(symbol).triad == "N.C."
    assert not read_chord(symbol).is_simplified


@pytest.mark.parametrize(
    "symbol",
    ["H", "", " ", "c", "Cfoo", "C/", "C/H", "m7", "X7", "C###", "Cbbb", "C77b", "C" * 41, "7", "C14"],
)
def test_an_unknown_chord_is_refused_with_the_known_kinds(symbol):
    with pytest.raises(MusicError, match=r"Unknown chord: .* m7b5"):
        read_chord(symbol)


@pytest.mark.parametrize("symbol", [None, 3, b"C", ["C"]])
def test_what_is_no_text_is_no_chord(symbol):
    with pytest.raises(MusicError, match='A chord is a symbol such as "Am7"; got'):
        read_chord(symbol)


@pytest.mark.parametrize(
    ("symbol", "nearest"),
    [
        ("H", "B"),
        ("c", "C"),
        ("am7", "Am7"),
        ("Cmol", "Cm"),
        ("Gmaj77#", "Gmaj7"),
        ("Dsus44x", "Dsus4"),
        ("Fis", "F#"),
        ("Es7", "Eb7"),
        ("Cism", "C#m"),
    ],
)
def test_the_nearest_chord_is_suggested(symbol, nearest):
    with pytest.raises(MusicError, match=f"Did you mean '{nearest}'"):
        read_chord(symbol)


@given(st.text(max_size=60))
def test_any_text_is_a_chord_or_refused_as_one(text):
    try:
        triad_class = read_chord(text).triad_class
    except MusicError:
        return
    assert 0 <= triad_class <= 48


def test_chords_that_say_more_than_their_triads_are_named_once():
    assert describe_simplified(["C", "Am", "Bdim", "G+", "F-", "EbM", "N.C."]) == ""
    assert describe_simplified(["C/E", "Am7", "C/E", "Dsus4", "F#ø7"]) == (
        "chords are read as triads: C/E as C, Am7 as Am, Dsus4 as D, F#ø7 as F#dim"
    )


def test_a_small_o_is_the_sign_of_a_diminished_chord_and_syllables_are_not_read():
    assert [read_chord(symbol).triad for symbol in ("Do", "Co7", "B♭o")] == ["Ddim", "Cdim", "Bbdim"]
    for syllable in ("Re", "Mi", "Fa", "Sol", "La", "Si", "Ti", "DO", "do"):
        with pytest.raises(MusicError, match="Unknown chord"):
            read_chord(syllable)
