"""TensorFlow checkpoints: read correctly or refused, never trusted."""

import google_crc32c
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from latentpalette.errors import CheckpointError
from latentpalette.models.magenta.protobuf_wire import parse_fields
from latentpalette.models.magenta.tf_bundle import TensorBundle, unmask
from tests.models.magenta.checkpoint_files import (
    block,
    entry,
    masked,
    message,
    number,
    table,
    varint,
    with_checksum,
    write,
)

TENSORS = {
    "decoder/bias": np.arange(6, dtype=np.float32),
    "decoder/kernel": np.arange(12, dtype=np.float32).reshape(3, 4),
    "encoder/bias": np.full(3, 0.5, np.float64),
    "encoder/half": np.array([1.5, -2.0], np.float16),
    "global_step": np.array(1234, np.int64),
}

fuzz = settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def prefix(tmp_path):
    return write(tmp_path / "model.ckpt", TENSORS)


def bitwise(content: bytes) -> int:
    """Return the CRC-32C by its definition."""
    state = 0xFFFFFFFF
    for byte in content:
        state ^= byte
        for _ in range(8):
            state = state >> 1 ^ (0x82F63B78 if state & 1 else 0)
    return state ^ 0xFFFFFFFF


@pytest.mark.parametrize("size", [0, 1, 9, 4096, 16_383, 16_384, 16_385, 50_001])
def test_the_checksum_of_long_and_short_data_is_that_of_the_definition(size):
    content = np.random.default_rng(size).bytes(size)
    assert google_crc32c.value(content) == bitwise(content)


@given(st.binary(max_size=64))
def test_a_mask_is_undone(content):
    assert unmask(masked(content)) == google_crc32c.value(content)


def test_tensors_come_back_by_name_as_float32(prefix):
    checkpoint = TensorBundle(prefix)
    assert set(checkpoint) == set(TENSORS)
    for name, array in TENSORS.items():
        np.testing.assert_array_equal(checkpoint[name], array)
        assert checkpoint[name].shape == array.shape
        assert checkpoint[name].dtype == (np.int64 if name == "global_step" else np.float32)


def test_bfloat16_is_the_upper_half_of_a_float32(tmp_path):
    halves = (np.array([1.0, -2.5], np.float32).view("<u4") >> 16).astype("<u2").view(np.float16)
    checkpoint = TensorBundle(write(tmp_path / "m", {"x": halves}, dtype=14))
    assert checkpoint["x"].tolist() == [1.0, -2.5]


def test_text_in_a_checkpoint_is_no_error_until_it_is_accessed(tmp_path):
    checkpoint = TensorBundle(write(tmp_path / "m", {"x": np.zeros(1, np.float32)}, dtype=7))
    assert "x" in checkpoint
    with pytest.raises(CheckpointError, match="is not numeric"):
        checkpoint["x"]


def test_a_missing_index_is_named(tmp_path):
    with pytest.raises(CheckpointError, match=r"nowhere\.index: cannot be read"):
        TensorBundle(tmp_path / "nowhere")


def test_missing_data_are_named(prefix):
    prefix.with_name("model.ckpt.data-00000-of-00001").unlink()
    with pytest.raises(CheckpointError, match="data-00000-of-00001: cannot be read"):
        TensorBundle(prefix)["decoder/bias"]


def test_truncated_data_are_refused_with_both_lengths(prefix):
    data = prefix.with_name("model.ckpt.data-00000-of-00001")
    data.write_bytes(data.read_bytes()[:20])
    with pytest.raises(CheckpointError, match=r"truncated\. 'decoder/bias' ends at byte 24; the file has 20"):
        TensorBundle(prefix)["decoder/bias"]


def test_a_flipped_bit_in_the_data_is_noticed(prefix):
    data = prefix.with_name("model.ckpt.data-00000-of-00001")
    content = bytearray(data.read_bytes())
    content[5] ^= 1
    data.write_bytes(content)
    with pytest.raises(CheckpointError, match="The bytes of 'decoder/bias'"):
        TensorBundle(prefix)["decoder/bias"]


@fuzz
@given(st.data())
def test_a_truncated_or_changed_index_is_refused_or_read_unchanged(prefix, data):
    index = prefix.with_name("model.ckpt.index")
    whole = prefix.with_name("whole").with_suffix(".index")
    if not whole.exists():
        whole.write_bytes(index.read_bytes())
    content = bytearray(whole.read_bytes())
    if data.draw(st.booleans()):
        content = content[: data.draw(st.integers(0, len(content) - 1))]
    else:
        position = data.draw(st.integers(0, len(content) - 1))
        content[position] ^= data.draw(st.integers(1, 255))
    index.write_bytes(content)
    try:
        checkpoint = TensorBundle(prefix)
        read = {name: checkpoint[name] for name in checkpoint}
    except CheckpointError:
        return
    assert read.keys() == TENSORS.keys()
    for name, array in read.items():
        np.testing.assert_array_equal(array, TENSORS[name])


@fuzz
@given(st.data())
def test_a_changed_index_with_a_valid_checksum_is_read_or_refused(prefix, data):
    items = [(b"", number(1, 1)), (b"x", entry(np.zeros(3, np.float32), 0)), (b"y", entry(np.zeros(2), 12))]
    body = bytearray(block(items)[:-5])
    for _ in range(data.draw(st.integers(1, 6))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    changed = with_checksum(bytes(body))
    handles = block([(b"z", varint(0) + varint(len(changed) - 5))])
    meta = block([])
    footer = varint(len(changed)) + varint(len(meta) - 5) + varint(len(changed) + len(meta)) + varint(len(handles) - 5)
    index = changed + meta + handles + footer.ljust(40, b"\x00") + (0xDB4775248B80FB57).to_bytes(8, "little")
    prefix.with_name("model.ckpt.index").write_bytes(index)
    try:
        checkpoint = TensorBundle(prefix)
        read = [checkpoint[name] for name in checkpoint]
    except CheckpointError:
        return
    assert all(array.nbytes <= 1000 for array in read)


@fuzz
@given(st.binary(max_size=200))
def test_other_bytes_than_an_index_are_refused(prefix, content):
    prefix.with_name("model.ckpt.index").write_bytes(content)
    with pytest.raises(CheckpointError, match="not the index of a TensorFlow checkpoint"):
        TensorBundle(prefix)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_message_or_a_checkpoint_error(content):
    try:
        found = parse_fields(content, "bytes")
    except CheckpointError:
        return
    assert found.repeated(1 << 60) == []


@pytest.mark.parametrize(
    ("value", "message_"),
    [
        (number(1, 1) + number(5, 1 << 40), "but 1099511627776 bytes"),
        (number(1, 1) + message(2, message(2, number(1, 1 << 62))), "Its shape is"),
        (number(1, 1) + message(2, message(2, number(1, 1)) * 9) + number(5, 4), "Its shape is"),
        (number(1, 1) + number(3, 7) + number(5, 4), "data file 7 of 1"),
        (number(1, 1) + message(7, b"") + number(5, 4), "slices"),
        (number(1, 1) + message(2, message(2, number(1, (1 << 64) - 1))), "no number from 0 up"),
        (message(1, b"x"), "no number"),
        (number(2, 3), "a number where a message should be"),
        (b"\x0b", "unknown wire type 3"),
        (b"\x08" + b"\xff" * 12, "more than 64 bits"),
    ],
)
def test_an_invalid_entry_is_refused_before_anything_is_read(tmp_path, value, message_):
    prefix = write(tmp_path / "m", {})
    prefix.with_name("m.index").write_bytes(table([(b"", number(1, 1)), (b"x", value)]))
    with pytest.raises(CheckpointError, match=message_):
        TensorBundle(prefix)


@pytest.mark.parametrize(
    ("items", "message_"),
    [
        ([], "no header"),
        ([(b"x", b"")], "does not begin with a header"),
        ([(b"", number(1, 0))], "lists 0 data files"),
        ([(b"", number(1, 1 << 30))], "lists 1073741824 data files"),
        ([(b"", number(1, 1) + number(2, 1))], "big-endian"),
        ([(b"", number(1, 1)), (b"y", b""), (b"x", b"")], "not in order"),
        ([(b"", number(1, 1)), (b"x" * 5000, b"")], "A name shares"),
    ],
)
def test_an_invalid_table_is_refused(tmp_path, items, message_):
    prefix = write(tmp_path / "m", {})
    prefix.with_name("m.index").write_bytes(table(items))
    with pytest.raises(CheckpointError, match=message_):
        TensorBundle(prefix)


def test_an_index_of_absurd_size_is_not_read(tmp_path):
    with (tmp_path / "m.index").open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(CheckpointError, match="not that of a model"):
        TensorBundle(tmp_path / "m")
