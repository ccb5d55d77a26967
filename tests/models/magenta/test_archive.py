"""Archives: Magenta's open, hostile ones do not, and nothing is extracted to the disk."""

import gzip
import io
import tarfile
import tempfile

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from latentpalette.errors import CheckpointError, LatentPaletteError
from latentpalette.models.magenta import archive
from latentpalette.models.magenta.archive import TarArchive
from latentpalette.models.store import load
from tests.models.magenta.checkpoint_files import write
from tests.models.magenta.test_mapping import tensors_of
from tests.models.tiny_models import DRUMS

TENSORS = tensors_of(DRUMS.replace(enc_rnn_size=(2,), dec_rnn_size=(2,), z_size=2))
FILES = ("model.ckpt.index", "model.ckpt.data-00000-of-00001")

fuzz = settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def checkpoint(tmp_path):
    """Return the files of a small checkpoint, by name."""
    folder = tmp_path / "unpacked"
    folder.mkdir()
    write(folder / "model.ckpt", TENSORS)
    return {name: (folder / name).read_bytes() for name in FILES}


def pack(path, files, *, mode="w", form=tarfile.USTAR_FORMAT, extra=()):
    """Write an archive of these files, and of empty members."""
    with tarfile.open(path, mode, format=form) as archive:
        for member in extra:
            archive.addfile(member)
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return path


def member(name, kind, target=""):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
@pytest.mark.parametrize("mode", ["w", "w:gz"])
@pytest.mark.parametrize("folder", ["", "./", "cat-drums_2bar_small/", "./deep/" + "er" * 60 + "/"])
def test_a_checkpoint_opens_from_its_archive(tmp_path, checkpoint, form, mode, folder):
    files = {folder + name: content for name, content in checkpoint.items()}
    path = pack(tmp_path / "cat-drums_2bar_small.hikl.tar", files, mode=mode, form=form)
    model = load(path)
    np.testing.assert_array_equal(model.mu.bias.detach(), TENSORS["encoder/mu/bias"])
    assert model.name == "cat-drums_2bar_small.hikl"
    assert model.config.name == "cat-drums_2bar_small"
    assert model.config.converter["drum_map"] == "reduced-2018"
    assert "in an archive" in model.card


def test_folders_and_files_of_macos_are_ignored(tmp_path, checkpoint):
    files = {"model/._model.ckpt.index": b"mac", "model/README": b"hello"}
    files |= {f"model/{name}": content for name, content in checkpoint.items()}
    extra = [member("model", tarfile.DIRTYPE)]
    assert load(pack(tmp_path / "m.tgz", files, mode="w:gz", extra=extra)).name == "m"


def test_nothing_is_written_to_the_disk(tmp_path, checkpoint, monkeypatch):
    path = pack(tmp_path / "m.tar.gz", checkpoint, mode="w:gz")
    empty = tmp_path / "temporary"
    empty.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(empty))
    before = sorted(tmp_path.rglob("*"))
    load(path)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_large_archive_is_unpacked_to_a_temporary_file(tmp_path, checkpoint, monkeypatch):
    monkeypatch.setattr(archive, "_MAX_BYTES_IN_MEMORY", 100)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    assert load(pack(tmp_path / "m.tar.gz", checkpoint, mode="w:gz")).config.z_size == 2
    assert list((tmp_path / "temporary").iterdir()) == []


@pytest.mark.parametrize(
    ("hostile", "message"),
    [
        (member("../../outside", tarfile.REGTYPE), "lies outside of the archive"),
        (member("model/../../outside", tarfile.REGTYPE), "lies outside of the archive"),
        (member("/absolute", tarfile.REGTYPE), "lies outside of the archive"),
        (member("C:\\windows", tarfile.REGTYPE), "lies outside of the archive"),
        (member("..\\outside", tarfile.REGTYPE), "lies outside of the archive"),
        (member("../folder", tarfile.DIRTYPE), "lies outside of the archive"),
        (member("link", tarfile.SYMTYPE, "/absolute"), "is a link"),
        (member("link", tarfile.LNKTYPE, "model.ckpt.index"), "is a link"),
        (member("tty", tarfile.CHRTYPE), "is a device"),
        (member("disk", tarfile.BLKTYPE), "is a device"),
        (member("pipe", tarfile.FIFOTYPE), "is a pipe"),
        (member("holes", b"S"), "of a kind that no checkpoint needs"),
        (member("what", b"Z"), "of a kind that no checkpoint needs"),
    ],
)
def test_an_archive_with_anything_but_plain_files_is_refused_whole(tmp_path, checkpoint, hostile, message):
    path = pack(tmp_path / "m.tar", checkpoint, extra=[hostile])
    with pytest.raises(CheckpointError, match=message):
        load(path)


def test_a_name_that_leads_out_is_refused_in_every_format(tmp_path, checkpoint):
    for form in (tarfile.GNU_FORMAT, tarfile.PAX_FORMAT):
        hostile = member("x" * 150 + "/../" * 3 + "outside", tarfile.REGTYPE)
        with pytest.raises(CheckpointError, match="lies outside of the archive"):
            load(pack(tmp_path / "m.tar", checkpoint, form=form, extra=[hostile]))


def test_several_checkpoints_are_refused(tmp_path, checkpoint):
    files = {**checkpoint, **{f"other/{name}": content for name, content in checkpoint.items()}}
    with pytest.raises(CheckpointError, match=r"2 checkpoints in it \(model\.ckpt\.index, other/model\.ckpt\.index\)"):
        load(pack(tmp_path / "m.tar", files))


def test_the_same_name_twice_is_refused(tmp_path, checkpoint):
    path = pack(tmp_path / "m.tar", checkpoint)
    with tarfile.open(path, "a") as archive:
        archive.addfile(member(FILES[0], tarfile.REGTYPE))
    with pytest.raises(CheckpointError, match=r"it holds 'model\.ckpt\.index' twice"):
        load(path)


def test_an_archive_of_something_else_is_refused_with_its_content(tmp_path):
    with pytest.raises(CheckpointError, match=r"no TensorFlow checkpoint in it \(song\.mid\)"):
        load(pack(tmp_path / "m.tar", {"song.mid": b"MThd"}))
    with pytest.raises(CheckpointError, match=r"no TensorFlow checkpoint in it \(nothing\)"):
        load(pack(tmp_path / "m.tgz", {}, mode="w:gz"))


def test_missing_data_are_named(tmp_path, checkpoint):
    with pytest.raises(CheckpointError, match=r"it holds no 'model\.ckpt\.data-00000-of-00001'"):
        load(pack(tmp_path / "m.tar", {FILES[0]: checkpoint[FILES[0]]}))


def test_an_archive_that_unpacks_to_far_too_much_is_refused_while_unpacking(tmp_path, checkpoint):
    path = tmp_path / "bomb.tar.gz"
    with gzip.open(path, "wb") as bomb:
        for _ in range(64):
            bomb.write(bytes(1 << 20))
    assert path.stat().st_size < 100_000
    with pytest.raises(CheckpointError, match="as no checkpoint does"):
        load(path)


@pytest.mark.parametrize(
    ("size", "message"),
    [
        (b"77777777777\0", "truncated"),
        (b"\x80" + b"\xff" * 11, "truncated"),
        (b"\xff" * 12, "is not the size of a file"),
        (b"-0000000001\0", "is not the size of a file"),
        (b"1e9        \0", "is not the size of a file"),
    ],
)
def test_an_invalid_size_is_refused(tmp_path, checkpoint, size, message):
    path = pack(tmp_path / "m.tar", checkpoint)
    content = bytearray(path.read_bytes())
    content[124:136] = size
    content[148:156] = b" " * 8
    content[148:156] = f"{sum(content[:512]):06o}\0 ".encode()
    path.write_bytes(content)
    with pytest.raises(CheckpointError, match=message):
        load(path)


def test_an_oversized_header_for_the_next_member_is_refused(tmp_path, checkpoint):
    for kind in (b"L", b"x"):
        note = member("note", kind)
        note.size = (1 << 20) + 1
        path = tmp_path / "m.tar"
        with tarfile.open(path, "w") as archive:
            archive.addfile(note, io.BytesIO(bytes(note.size)))
        with pytest.raises(CheckpointError, match="It holds a name of 1048577 bytes"):
            load(path)


@pytest.mark.parametrize("note", [b"99 path=x\n", b"path=x\n", b"9 path=xx", b"0 path=x\n", b"22 GNU.sparse.major=1\n"])
def test_an_invalid_pax_header_is_refused(tmp_path, note):
    described = member("note", b"x")
    described.size = len(note)
    with tarfile.open(tmp_path / "m.tar", "w") as archive:
        archive.addfile(described, io.BytesIO(note))
    with pytest.raises(CheckpointError, match=r"pax header is invalid|sparse file"):
        load(tmp_path / "m.tar")


def test_more_files_than_any_checkpoint_has_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "_MAX_MEMBERS", 5)
    with pytest.raises(CheckpointError, match="more than 5 files"):
        load(pack(tmp_path / "m.tar", {f"{k}.txt": b"" for k in range(9)}))


@pytest.mark.parametrize("mode", ["w", "w:gz"])
def test_an_archive_truncated_anywhere_is_refused(tmp_path, checkpoint, mode):
    path = pack(tmp_path / "m.tar", checkpoint, mode=mode)
    content = path.read_bytes()
    for size in range(0, len(content), 1021):
        if not any(content[size:]):
            break  # from here on there is only the padding at the end
        path.write_bytes(content[:size])
        with pytest.raises(LatentPaletteError):
            load(path)


@fuzz
@given(data=st.data(), packed=st.booleans())
def test_a_changed_archive_is_refused_or_read_unchanged(tmp_path, checkpoint, data, packed):
    form = data.draw(st.sampled_from([tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]))
    files = {"d" * 120 + "/" + name: content for name, content in checkpoint.items()}
    path = pack(tmp_path / "m.tar", files, mode="w:gz" if packed else "w", form=form)
    content = bytearray(path.read_bytes())
    last = len(content) - 1 if packed else min(len(content) - 1, 4 * 512)
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, last))] ^= data.draw(st.integers(1, 255))
    path.write_bytes(content)
    try:
        model = load(path)
    except LatentPaletteError:
        return
    np.testing.assert_array_equal(model.mu.bias.detach(), TENSORS["encoder/mu/bias"])


# Of a header: name, size, kind (more often), magic, prefix.
POSITIONS = [*range(100), *range(124, 136), *([156] * 40), *range(257, 265), *range(345, 500)]


@fuzz
@given(data=st.data())
def test_changed_headers_with_valid_checksums_are_refused_or_read(tmp_path, checkpoint, data):
    path = pack(tmp_path / "m.tar", checkpoint)
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        position = data.draw(st.sampled_from(POSITIONS))
        content[position] = data.draw(st.integers(0, 255))
    content[148:156] = b" " * 8
    content[148:156] = f"{sum(content[:512]):06o}\0 ".encode()
    path.write_bytes(content)
    try:
        with TarArchive(path) as tar:
            sizes = [len(tar.read(name, 0, tar.size(name))) for name in tar.names()]
    except CheckpointError:
        return
    assert sum(sizes) <= len(content)


@fuzz
@given(st.binary(max_size=2000))
def test_any_bytes_are_no_archive(tmp_path, content):
    path = tmp_path / "m.tar"
    for head in (b"", b"\x1f\x8b\x08"):
        path.write_bytes(head + content)
        with pytest.raises(LatentPaletteError):
            load(path)
