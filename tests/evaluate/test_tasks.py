"""Every task against a count by hand: loops over pixels, apart from the package."""

import itertools
import math
import tempfile
from pathlib import Path

import numpy as np
import pytest
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.evaluate.made import ask, halves, write_tif

WIDE, HIGH = 7.0, 11.0
MAPS = st.integers(0, 2**32 - 1).map(lambda seed: np.random.default_rng(seed).integers(0, 4, (7, 8)).astype(np.uint8))


def cells(codes, value):
    return [(r, c) for r, row in enumerate(codes.tolist()) for c, v in enumerate(row) if v == value]


def regions(codes, value):
    """Return the 4-connected regions, largest first, equal ones in reading order."""
    left, found = cells(codes, value), []
    while left:
        region, front = [], [left[0]]
        left.remove(left[0])
        while front:
            r, c = front.pop()
            region.append((r, c))
            for near in ((r - 1, c), (r + 1, c), (r, c - 1), (r, c + 1)):
                if near in left:
                    left.remove(near)
                    front.append(near)
        found.append(region)
    return sorted(found, key=lambda region: -len(region))


def nearest(a, b):
    return min(math.hypot((p[0] - q[0]) * HIGH, (p[1] - q[1]) * WIDE) for p, q in itertools.product(a, b))


@settings(max_examples=25)
@given(MAPS)
def test_answers_equal_those_counted_by_hand(codes):
    valid = int((codes != 0).sum())
    ones, twos = cells(codes, 1), cells(codes, 2)
    with tempfile.TemporaryDirectory() as folder:
        scene = Path(folder) / "scene"
        write_tif(scene / "lulc.tif", codes, transform=Affine(WIDE, 0, 5e5, 0, -HIGH, 5e6))
        fields = {"label": "lulc.tif"}
        share = ask(scene, label_values=[1, 3], **fields)
        if valid:
            assert share.value == pytest.approx(100 * (len(ones) + len(cells(codes, 3))) / valid)
        else:
            assert share.outcome == "refused"
        if valid:
            assert ask(scene, task="area", **fields).value == pytest.approx(len(ones) * WIDE * HIGH)
        apart = ask(scene, task="distance", label_values=[1, 2], **fields)
        assert apart.value == (pytest.approx(nearest(ones, twos)) if ones and twos else None)
        parts = regions(codes, 1)
        between = ask(scene, task="distance", **fields)
        assert between.value == (pytest.approx(nearest(parts[0], parts[1])) if len(parts) > 1 else None)
        if valid:
            touching = any(abs(a - c) + abs(b - d) == 1 for (a, b), (c, d) in itertools.product(ones, twos))
            assert ask(scene, task="boundary", label_values=[1, 2], **fields).value == ("yes" if touching else "no")
            named = ask(scene, task="ranking", label_values=[1, 2], question="Which is larger: one or two?", **fields)
            order = (len(ones) > len(twos)) - (len(ones) < len(twos))
            assert named.value == {1: "one", -1: "two", 0: None}[order]
        assert ask(scene, task="count", label_values=[1], **fields).value == len(parts)
        assert ask(scene, task="count", label_values=None, **fields).value == len(set(codes.ravel().tolist()) - {0})


def test_an_absent_class_covers_nothing_and_has_no_distance(tmp_path):
    scene = tmp_path / "scene"
    write_tif(scene / "label.tif", halves())
    assert ask(scene, label_values=[9]).value == 0
    assert ask(scene, task="area", label_values=[9]).value == 0
    assert ask(scene, task="boundary", label_values=[1, 9]).value == "no"
    assert ask(scene, task="distance", label_values=[1, 9]).outcome == "refused"
    assert ask(scene, task="distance", label_values=[1]).outcome == "refused"  # only one region


def test_corners_are_no_boundary_and_no_connection(tmp_path):
    scene = tmp_path / "scene"
    write_tif(scene / "label.tif", np.array([[1, 3], [3, 2]], np.uint8))
    assert ask(scene, task="boundary", label_values=[1, 2]).value == "no"
    write_tif(scene / "label.tif", np.array([[1, 3], [3, 1]], np.uint8))
    assert ask(scene, task="distance").value == pytest.approx(math.hypot(10, 10))


def test_one_class_against_everything_else(tmp_path):
    scene = tmp_path / "scene"
    write_tif(scene / "label.tif", halves(split=12))
    question = "Which covers the larger area, water or everything else?"
    assert ask(scene, task="ranking", question=question).value == "everything else"
    assert ask(scene, task="boundary").value == "yes"
    smaller = "Which covers the smaller area, water or everything else?"
    assert ask(scene, task="ranking", question=smaller).value == "water"


def test_a_tie_is_not_decided(tmp_path):
    scene = tmp_path / "scene"
    write_tif(scene / "label.tif", halves(split=15))
    given = ask(scene, task="ranking", label_values=[1, 2], question="Which is larger: a or b?")
    assert given.outcome == "refused"
    assert "equally large" in given.why


def test_area_decides_a_ranking_where_pixels_would_decide_otherwise(tmp_path):
    scene = tmp_path / "scene"
    codes = np.full((60, 2), 1, np.uint8)
    codes[:29] = 2  # fewer pixels, farther north: less ground
    for crs, larger in (("EPSG:4326", "south"), ("EPSG:32632", "south")):
        write_tif(scene / "label.tif", codes, crs=crs, transform=Affine(1, 0, 5, 0, -1, 80))
        assert ask(scene, task="ranking", label_values=[1, 2], question="Larger: south or north?").outcome == "failed"
        named = {"question": "Which is larger: south or north?"}
        assert ask(scene, task="ranking", label_values=[1, 2], **named).value == larger
    codes[:35] = 2  # now more pixels, still less ground
    write_tif(scene / "label.tif", codes, crs="EPSG:4326", transform=Affine(1, 0, 5, 0, -1, 80))
    assert ask(scene, task="ranking", label_values=[1, 2], **named).value == "south"
    write_tif(scene / "label.tif", codes, crs=None)
    assert ask(scene, task="ranking", label_values=[1, 2], **named).value == "north"


def test_flags_answer_every_task(tmp_path):
    scene = tmp_path / "scene"
    codes = np.zeros((20, 30), np.uint16)
    codes[:, :6], codes[:, 10:12], codes[:, 27:] = 8, 8, 1  # cloud, cloud, fill
    write_tif(scene / "X_QA_PIXEL.TIF", codes)
    fields = {"label": "X_QA_PIXEL.TIF bit 3", "label_values": None}
    assert ask(scene, **fields).value == pytest.approx(100 * 8 / 27)
    assert ask(scene, task="area", **fields).value == pytest.approx(8 * 20 * 100)
    assert ask(scene, task="distance", **fields).value == pytest.approx(50)
    assert ask(scene, task="count", **fields).value == 2
    assert ask(scene, task="boundary", **fields).value == "yes"
    question = "Which covers the larger area, cloud or the rest?"
    assert ask(scene, task="ranking", question=question, **fields).value == "the rest"


@pytest.mark.parametrize(
    "fields",
    [
        {"task": "poetry"},
        {"task": "change", "measure": None},
        {"task": "change", "measure": "poetry"},
        {"task": "change", "measure": "area_share"},
        {"task": "change", "measure": "area_growth"},
        {"task": "boundary", "label_values": [1, 2, 3]},
        {"task": "ranking", "label_values": [1, 2], "question": "What is larger?"},
        {"label": "missing.tif"},
        {"label": "label.tif band 7"},
        {"label": "label.tif + label.tif + label.tif"},
        {"scene": "missing"},
    ],
)
def test_what_cannot_be_read_is_a_failure_with_its_reason(tmp_path, fields):
    write_tif(tmp_path / "scene" / "label.tif", halves())
    given = ask(tmp_path / fields.pop("scene", "scene"), **fields)
    assert given.outcome == "failed"
    assert given.why
    assert given.value is None
