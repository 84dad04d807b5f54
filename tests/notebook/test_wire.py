"""What is sent to a widget: small, true to the pixels, the same every time."""

from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from PIL import Image

from terrascope_sdk.notebook.wire import drawn_mask, drawn_picture, mask_png, picture_png

codes = arrays(np.uint8, array_shapes(min_dims=2, max_dims=2, max_side=40), elements=st.sampled_from([0, 1, 255]))


def read(png):
    return np.asarray(Image.open(BytesIO(png)).convert("RGBA"))


@given(codes)
def test_a_mask_reads_back_from_its_png(drawn):
    seen = read(mask_png(drawn, (32, 112, 255)))
    assert (seen[drawn == 0] == 0).all()
    assert (seen[drawn == 1][:, :3] == (32, 112, 255)).all()
    assert (seen[drawn == 255][:, 3] > 0).all()
    assert mask_png(drawn, (32, 112, 255)) == mask_png(drawn.copy(), (32, 112, 255))


def test_a_picture_is_sent_in_true_colour_and_clear_where_nothing_was_seen():
    rgb = np.random.default_rng(0).integers(0, 256, (60, 80, 3), np.uint8)
    valid = np.ones((60, 80), bool)
    valid[:10] = False
    seen = read(picture_png(rgb, valid))
    assert np.array_equal(seen[10:, :, :3], rgb[10:])
    assert (seen[:10, :, 3] == 0).all()
    assert (seen[10:, :, 3] == 255).all()


def test_a_large_picture_and_twelve_masks_stay_under_three_megabytes():
    y, x = np.mgrid[:1024, :1024]
    ground = 90 + 60 * np.sin(x / 37) * np.cos(y / 53) + np.random.default_rng(1).normal(0, 12, (1024, 1024))
    rgb = np.clip(np.dstack([ground, ground * 0.9, ground * 0.8]), 0, 255).astype(np.uint8)
    valid = np.ones((1024, 1024), bool)
    valid[:100, :100] = False
    picture = drawn_picture(rgb, valid)
    seen = read(picture.png)
    assert (seen[:100, :100, 3] == 0).all()
    assert np.abs(seen[200:, 200:, :3].astype(int) - rgb[200:, 200:]).mean() < 6  # grey levels of 256
    masks = [drawn_mask((ground > 60 + 10 * i).astype(np.uint8), (240, 39, 45)) for i in range(12)]
    assert len(picture.png) + sum(len(m.png) for m in masks) < 3_000_000


@pytest.mark.parametrize("side", [1024, 1025, 2500])
def test_what_is_larger_than_the_limit_is_reduced_by_a_whole_number(side):
    mask = np.zeros((side, side), np.uint8)
    mask[: side // 2] = 1
    sent = drawn_mask(mask, (1, 2, 3))
    assert max(sent.height, sent.width) <= 1024
    assert sent.factor == -(-side // 1024)
    shown = read(sent.png)[..., 3] > 0
    assert shown.mean() == pytest.approx(0.5, abs=0.01)
