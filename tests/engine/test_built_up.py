from dataclasses import replace

import numpy as np
import pytest

from terrascope_sdk.engine.built_up import built_or_bare, what_ndbi_marks
from terrascope_sdk.engine.indices import IndexReasoner
from terrascope_sdk.errors import NotVisible
from terrascope_sdk.testing import lake_stack, utm_grid
from terrascope_sdk.types import GroundRequest, ImageStack

STACK = lake_stack((60.0,), grid=utm_grid(size_px=20), sensors=("optical",))


def with_roofs(rows: int) -> ImageStack:
    """Paint the first rows as a roof: more shortwave than near infrared, no red edge."""
    series = STACK.optical
    pixels = series.pixels.copy()
    for band, value in {"red": 0.20, "nir": 0.25, "swir16": 0.35}.items():
        pixels[0, series.bands.index(band), :rows] = value
    return ImageStack(STACK.grid, replace(series, pixels=pixels))


def test_ndbi_marks_roofs_and_no_plants():
    marked = built_or_bare(with_roofs(5).optical, 0)
    assert marked[:5].all()
    assert not marked[5:].any()


@pytest.mark.parametrize("concept", ["developed", "bare"])
def test_the_refusal_says_what_both_kinds_cover_together(concept):
    with pytest.raises(NotVisible, match=r"on 25\.0% of the observed pixels: both kinds together"):
        list(IndexReasoner().ground(with_roofs(5), GroundRequest(concept, "optical")))


def test_nothing_is_said_without_the_bands_or_the_reflectance():
    series = STACK.optical
    narrow = replace(series, pixels=series.pixels[:, :3], bands=series.bands[:3])
    shown = replace(series, pixels=np.clip(series.pixels, 0, 1), quantity="display")
    for lacking in (narrow, shown):
        assert built_or_bare(lacking, 0) is None
        assert what_ndbi_marks(lacking, 0) == ""
