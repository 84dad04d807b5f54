import json
import math

import numpy as np
import pytest
from affine import Affine
from hypothesis import given
from hypothesis import strategies as st

from terrascope_sdk.errors import InputError, UndefinedMeasurement
from terrascope_sdk.measure import AccuracyAssessment, allocate, area, sample_design, sample_size
from terrascope_sdk.types import Aoi, PixelGrid
from tests.measure.discs import disc, grid_at, mask_of

OLOFSSON = {"deforestation": 0.02, "forest gain": 0.015, "stable forest": 0.32, "stable non-forest": 0.645}


def lake_map(size=200):
    water = disc(grid_at(9, 45, "EPSG:32632", size=size), 2.5 * size)
    return {"water": water, "other": water.complement()}


def test_sample_size_of_the_papers_example():
    expected = dict(zip(OLOFSSON, (0.7, 0.6, 0.9, 0.95), strict=True))
    assert sample_size(OLOFSSON, users_accuracy=expected, standard_error=0.01) == 641
    assert sample_size(OLOFSSON, users_accuracy=expected, standard_error=0.01, population=10_000) < 641


@pytest.mark.parametrize(
    ("shares", "users", "error", "message"),
    [
        ({"a": 0.5, "b": 0.6}, {"a": 0.9, "b": 0.9}, 0.01, "sum to 1.1"),
        ({"a": 1.0}, {"b": 0.9}, 0.01, "Classes differ"),
        ({"a": 1.0}, {"a": 1.9}, 0.01, "lie in 0-1"),
        ({"a": 1.0}, {"a": 0.9}, 0.0, "standard error is 0"),
    ],
)
def test_sample_size_refuses(shares, users, error, message):
    with pytest.raises(InputError, match=message):
        sample_size(shares, users_accuracy=users, standard_error=error)


def test_allocation_of_the_paper_keeps_rare_classes_at_the_minimum():
    points = allocate(OLOFSSON, n_total=640, minimum_per_stratum=75)
    assert points == {"deforestation": 75, "forest gain": 75, "stable forest": 162, "stable non-forest": 328}
    assert set(allocate(OLOFSSON, n_total=640, minimum_per_stratum=10, equal=True).values()) == {160}


@given(st.lists(st.floats(0.001, 1), min_size=1, max_size=6), st.integers(0, 50), st.integers(0, 500))
def test_allocations_sum_up_and_keep_the_minimum(weights, minimum, extra):
    shares = {str(i): w / sum(weights) for i, w in enumerate(weights)}
    n_total = minimum * len(shares) + extra
    points = allocate(shares, n_total=n_total, minimum_per_stratum=minimum)
    assert sum(points.values()) == n_total
    assert min(points.values()) >= minimum


def test_points_lie_in_their_class_once_and_repeatably():
    classes = lake_map()
    design = sample_design(classes, n_total=300, minimum_per_stratum=60, seed=3)
    assert design.points_per_stratum == {"water": 60, "other": 240}
    assert len(design) == 300
    for row, column, stratum in zip(design.rows, design.columns, design.strata, strict=True):
        assert classes[stratum].pixels[row, column]
    assert len(set(zip(design.rows.tolist(), design.columns.tolist(), strict=True))) == 300
    lon, lat = classes["water"].grid.lonlat(design.rows + 0.5, design.columns + 0.5)
    np.testing.assert_allclose(design.lon_deg, lon)
    np.testing.assert_allclose(design.lat_deg, lat)
    assert design.mapped_area_m2["water"] == area(classes["water"]).value
    again = sample_design(classes, n_total=300, minimum_per_stratum=60, seed=3)
    np.testing.assert_array_equal(design.rows, again.rows)
    other = sample_design(classes, n_total=300, minimum_per_stratum=60, seed=4)
    assert (design.rows != other.rows).any()
    assert len(set(design.strata[:60])) == 2  # not sorted by class


def test_points_fall_in_proportion_to_ground_area():
    grid = PixelGrid("EPSG:4326", Affine(0.01, 0, 10, 0, -4, 80), 20, 100)  # row 0 at 78 N has a fifth of the area
    everything = mask_of(np.ones((20, 100), bool), grid, label="all")
    design = sample_design({"all": everything}, n_total=400, minimum_per_stratum=0)
    north = (design.rows < 10).mean()
    expected = grid.pixel_area_m2[:10].sum() / grid.pixel_area_m2.sum()
    assert north == pytest.approx(expected, abs=0.06)
    assert expected < 0.45


def test_a_target_standard_error_sets_the_number():
    classes = lake_map()
    shares = np.array([area(m).value for m in classes.values()])
    deviation = (shares / shares.sum() * np.sqrt([0.8 * 0.2, 0.95 * 0.05])).sum()
    design = sample_design(classes, target_standard_error=0.02, users_accuracy={"water": 0.8, "other": 0.95})
    assert len(design) == math.ceil((deviation / 0.02) ** 2)


def test_small_classes_are_taken_whole():
    dot = np.zeros((30, 30), bool)
    dot[3, 4:7] = True
    water = mask_of(dot)
    design = sample_design({"water": water, "other": water.complement()}, n_total=100, minimum_per_stratum=20)
    assert design.points_per_stratum["water"] == 3


def test_geojson_round_trip_through_an_interpreter():
    design = sample_design(lake_map(), n_total=120, minimum_per_stratum=40, seed=1)
    document = json.loads(json.dumps(design.to_geojson()))
    assert document["features"][0]["properties"] == {"id": "p001", "stratum": design.strata[0], "reference": ""}
    for feature in document["features"]:
        feature["properties"]["reference"] = feature["properties"]["stratum"]
    document["features"][0]["properties"]["reference"] = ""
    found = AccuracyAssessment.from_geojson(document)
    assert found.overall.value == 1
    assert found.counts.sum() == 119
    assert any("1 of 120 points were not interpreted" in n for n in found.overall.notes)
    assert found.areas[0].value == pytest.approx(design.mapped_area_m2["water"])
    assert found.areas[0].mask_ids == design.mask_ids


def test_rows_are_the_map_and_columns_the_reference():
    pairs = [("water", "water")] * 3 + [("water", "other")] * 2 + [("other", "other")] * 4
    features = [{"type": "Feature", "properties": {"stratum": s, "reference": r}} for s, r in pairs]
    found = AccuracyAssessment.from_geojson(
        {"type": "FeatureCollection", "features": features}, mapped_area_m2={"water": 1.0, "other": 3.0}
    )
    assert found.counts.tolist() == [[3, 2], [0, 4]]
    assert found.users[0].value == 0.6


def test_interpreted_samples_with_faults():
    document = sample_design(lake_map(60), n_total=20, minimum_per_stratum=5).to_geojson()
    areas = document.pop("terrascope_sample")["mapped_area_m2"]
    with pytest.raises(InputError, match="how large each class is"):
        AccuracyAssessment.from_geojson(document)
    with pytest.raises(InputError, match="Too few reference points"):
        AccuracyAssessment.from_geojson(document, mapped_area_m2=areas)
    document["features"][2]["properties"]["reference"] = "watr"
    with pytest.raises(InputError, match=r"reference of point p03 is 'watr'.*Did you mean 'water'"):
        AccuracyAssessment.from_geojson(document, mapped_area_m2=areas)
    with pytest.raises(InputError, match="no sample but 'Point'"):
        AccuracyAssessment.from_geojson({"type": "Point"})
    with pytest.raises(InputError, match="holds no points"):
        AccuracyAssessment.from_geojson({"type": "FeatureCollection", "features": []}, mapped_area_m2=areas)


def test_designs_that_cannot_be():
    classes = lake_map(60)
    with pytest.raises(InputError, match="either n_total or target_standard_error"):
        sample_design(classes)
    with pytest.raises(InputError, match=r"30 points are too few for 2 strata of at least 50.*100 or more"):
        sample_design(classes, n_total=30)
    with pytest.raises(InputError, match="more than one of the classes"):
        sample_design({"a": classes["water"], "b": classes["water"]}, n_total=100)
    with pytest.raises(UndefinedMeasurement, match="No observed pixel of none"):
        sample_design({"none": mask_of(np.zeros((4, 4), bool))}, n_total=100)
    with pytest.raises(InputError, match="no class to sample"):
        sample_design({}, n_total=100)
    bare = mask_of(np.eye(3) > 0, PixelGrid(None, Affine(1, 0, 0, 0, -1, 0), 3, 3))
    with pytest.raises(UndefinedMeasurement, match="coordinate reference system"):
        sample_design({"water": bare}, n_total=100)


def test_ground_in_no_class_and_outside_the_area_is_left_out():
    water = lake_map(60)["water"]
    west, south, _, north = water.grid.bounds_lonlat
    design = sample_design(
        {"water": water}, n_total=50, aoi=Aoi.from_bbox((west, south, 9.0, north)), minimum_per_stratum=10
    )
    assert (design.lon_deg <= 9.0).all()
    assert set(design.points_per_stratum) == {"water"}
    half = mask_of(np.arange(16).reshape(4, 4) < 8)
    assert "50.0% of the observed pixels are in no class" in sample_design({"water": half}, n_total=50).notes[0]
