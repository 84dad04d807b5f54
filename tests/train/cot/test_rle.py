import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from terrascope_sdk.errors import ParseError
from terrascope_sdk.train.cot.rle import RunMap, decode_rle, encode_rle, rle_runs, runs_from_text, runs_to_text

MASKS = arrays(bool, st.tuples(st.integers(1, 12), st.integers(1, 12)))


def published(runs):
    """The loop of rleToString in COCO's maskApi.c, step by step."""
    text = ""
    for i, run in enumerate(runs):
        x, more = run - runs[i - 2] if i > 2 else run, True
        while more:
            chunk, x = x & 31, x >> 5
            more = x != -1 if chunk & 16 else x != 0
            text += chr((chunk | 32 if more else chunk) + 48)
    return text


@pytest.mark.parametrize(
    ("runs", "text"),
    [
        ([0], "0"),
        ([15], "?"),  # the largest number of one character: 15 + 48
        ([16], "`0"),  # bit 16 would read as a sign, so a second character follows: 16 | 32, 0
        ([0, 32, 1000], "0P1Xo0"),  # 32 = 0 + 1 * 32; 1000 = 8 + 31 * 32, and 31 needs a third character
        ([6, 1, 40, 4, 5, 4, 5, 4, 21], "61X13mN000`0"),  # the example of the COCO API's documentation of the runs
        ([5, 3, 3, 2], "533O"),  # 2 - 3 = -1: all five bits set, no more: 31 + 48
    ],
)
def test_strings_made_by_hand(runs, text):
    assert published(runs) == text
    assert runs_to_text(runs) == text
    assert runs_from_text(text).tolist() == runs


@given(st.lists(st.integers(0, 2**40), min_size=1, max_size=40))
def test_text_is_that_of_the_published_loop_and_reads_back(runs):
    assert runs_to_text(runs) == published(runs)
    assert runs_from_text(runs_to_text(runs)).tolist() == runs


@given(MASKS)
def test_masks_come_back_exactly_in_both_forms(mask):
    rle = encode_rle(mask)
    assert (decode_rle(rle) == mask).all()
    plain = {"size": rle["size"], "counts": rle_runs(rle).tolist()}
    assert (decode_rle(plain) == mask).all()
    assert (decode_rle({"size": rle["size"], "counts": rle["counts"].encode()}) == mask).all()


def test_columns_come_first_and_the_first_run_is_of_outside():
    mask = np.array([[1, 0, 0], [1, 1, 0]], bool)
    assert rle_runs(encode_rle(mask)).tolist() == [0, 2, 1, 1, 2]
    assert rle_runs(encode_rle(np.zeros((2, 3), bool))).tolist() == [6]
    assert rle_runs(encode_rle(np.ones((2, 3), bool))).tolist() == [0, 6]


@given(arrays(np.int8, st.tuples(st.integers(1, 9), st.integers(1, 9)), elements=st.integers(-1, 3)))
def test_a_map_gives_the_same_masks_as_pixel_by_pixel(codes):
    runs = RunMap(codes)
    assert [runs.encode(k) for k in range(5)] == [encode_rle(codes == k) for k in range(5)]
    assert runs.encode(0, 2, -1) == encode_rle(np.isin(codes, (0, 2, -1)))
    assert runs.encode_each([3, 0, 9]) == [encode_rle(codes == k) for k in (3, 0, 9)]


@pytest.mark.parametrize("text", ["~", "é", "P", "0" + "P" * 14, "0000A", " "])
def test_what_is_no_code_is_refused(text):
    with pytest.raises(ParseError):
        runs_from_text(text)


def test_runs_that_do_not_fill_the_mask_are_refused():
    with pytest.raises(ParseError, match="sum to 5 pixels, not to 2 x 2"):
        decode_rle({"size": [2, 2], "counts": "32"})


@pytest.mark.parametrize(
    "rle", [{}, {"size": 3, "counts": "0"}, {"size": [1, 2], "counts": [[1], [1, 2]]}, {"size": [2, 2]}]
)
def test_what_is_no_mask_is_refused(rle):
    with pytest.raises(ParseError):
        decode_rle(rle)
