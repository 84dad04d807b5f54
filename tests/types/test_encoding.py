import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from terrascope_sdk.errors import ParseError
from terrascope_sdk.types.encoding import canonical_json, content_id, decode_array, encode_array, plain_number

dtypes = st.sampled_from(["bool", "uint8", "int16", "float32", "float64"])


@given(dtypes.flatmap(lambda d: hnp.arrays(d, hnp.array_shapes(max_dims=3, max_side=7))))
def test_arrays_come_back_bit_by_bit(array):
    back = decode_array(encode_array(array))
    assert back.dtype == array.dtype
    assert back.shape == array.shape
    assert back.tobytes() == array.tobytes()


def test_a_transposed_array_keeps_its_values():
    array = np.arange(6, dtype=np.int16).reshape(2, 3).T
    assert (decode_array(encode_array(array)) == array).all()


def test_other_dtypes_are_refused():
    with pytest.raises(ParseError, match="object"):
        encode_array(np.array([None]))


@pytest.mark.parametrize(
    "change",
    [{"shape": [3, 3]}, {"shape": [10**6, 10**6]}, {"dtype": "object"}, {"zlib_base64": "x"}, {"shape": [-1]}],
)
def test_a_spoiled_document_is_a_parse_error(change):
    document = encode_array(np.zeros((2, 2), np.uint8)) | change
    with pytest.raises(ParseError):
        decode_array(document)


def test_a_decompression_bomb_stops_at_the_declared_size():
    bomb = encode_array(np.zeros(10**6, np.uint8)) | {"shape": [4]}
    with pytest.raises(ParseError, match="do not fit"):
        decode_array(bomb)


def test_content_ids_depend_on_content_alone():
    array = np.arange(4, dtype=np.float32)
    assert content_id("x", {"b": 1, "a": 2}, [array]) == content_id("x", {"a": 2, "b": 1}, [array.copy()])
    assert content_id("x", {}, [array]) != content_id("x", {}, [array.astype(np.float64)])
    assert content_id("x", {}, [array]) != content_id("x", {}, [array.reshape(2, 2)])


def test_json_has_no_nan():
    assert plain_number(np.float32("nan")) is None
    assert plain_number(np.int64(3)) == 3
    assert type(plain_number(np.int64(3))) is int
    with pytest.raises(ValueError, match="JSON"):
        canonical_json(float("nan"))
