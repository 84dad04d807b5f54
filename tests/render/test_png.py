import base64
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from terrascope_sdk.errors import InputError
from terrascope_sdk.render.png import data_uri, encode_indexed_png, encode_png

RGB = np.random.default_rng(1).integers(0, 256, (5, 7, 3), dtype=np.uint8)


def opened(png):
    return Image.open(BytesIO(png))


@pytest.mark.parametrize("channels", [3, 4])
def test_pixels_round_trip(channels):
    pixels = np.random.default_rng(2).integers(0, 256, (4, 9, channels), dtype=np.uint8)
    assert (np.asarray(opened(encode_png(pixels))) == pixels).all()


def test_the_same_pixels_give_the_same_bytes_and_nothing_but_pixels():
    png = encode_png(RGB)
    assert png == encode_png(RGB[:, ::-1][:, ::-1])
    chunks, at = [], 8
    while at < len(png):
        length = int.from_bytes(png[at : at + 4], "big")
        chunks.append(png[at + 4 : at + 8])
        at += 12 + length
    assert set(chunks) == {b"IHDR", b"IDAT", b"IEND"}


def test_indexed_colours_and_opacity():
    colours = ((0, 0, 0, 0), (10, 20, 30, 92), (1, 2, 3, 255))
    indices = np.array([[0, 1, 2], [2, 1, 0]], np.uint8)
    shown = np.asarray(opened(encode_indexed_png(indices, colours)).convert("RGBA"))
    assert (shown == np.array(colours, np.uint8)[indices]).all()


@pytest.mark.parametrize("bad", [RGB.astype(float), RGB[..., :2], RGB[..., 0], RGB[:0]])
def test_other_arrays_are_refused(bad):
    with pytest.raises(InputError, match="A picture is uint8"):
        encode_png(bad)


def test_an_index_without_colour_is_refused():
    with pytest.raises(InputError, match="below 1"):
        encode_indexed_png(np.ones((2, 2), np.uint8), [(0, 0, 0, 0)])


def test_data_uri():
    head, _, body = data_uri(b"\x89PNG").partition(",")
    assert head == "data:image/png;base64"
    assert base64.b64decode(body) == b"\x89PNG"
