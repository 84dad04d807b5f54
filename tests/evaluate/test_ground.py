import math

import numpy as np
import pyproj
import pytest
from affine import Affine

from tests.evaluate.made import ask, halves, write_tif

GEOD = pyproj.Geod(ellps="WGS84")
CODES = halves(20, 30, split=12)
CODES[:, 17:] = 3  # classes 1 | 2 | 3, each next to the one before
FOOT = 1200 / 3937


def place(folder, crs, transform):
    write_tif(folder / "label.tif", CODES, crs=crs, transform=transform)
    return folder


def cell(crs, transform, row, column):
    """Return the geodesic area of one pixel, as a polygon with many points along its sides."""
    to = pyproj.Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    t = np.linspace(0, 1, 50)[:-1]
    ring = [*((v, 0) for v in t), *((1, v) for v in t), *((1 - v, 1) for v in t), *((0, 1 - v) for v in t)]
    lon, lat = to.transform(*zip(*(transform @ (column + c, row + r) for c, r in ring), strict=True))
    return abs(GEOD.polygon_area_perimeter(lon, lat)[0])


def expected_geodesic(crs, transform):
    area = 12 * sum(cell(crs, transform, row, 0) for row in range(20))
    to = pyproj.Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    nearest = math.inf
    for row in range(20):  # class 1 ends at column 11, class 3 starts at 17
        a = to.transform(*(transform @ (11.5, row + 0.5)))
        for other in range(max(0, row - 2), min(20, row + 3)):
            b = to.transform(*(transform @ (17.5, other + 0.5)))
            nearest = min(nearest, GEOD.inv(*a, *b)[2])
    return area, nearest


MERCATOR = pyproj.CRS("EPSG:3857").to_wkt().replace('ID["EPSG",3857]', 'ID["ESRI",102100]')


@pytest.mark.parametrize(
    ("crs", "transform"),
    [
        ("EPSG:4326", Affine(9e-5, 0, -0.78, 0, -9e-5, 38.13)),
        ("EPSG:4326", Affine(8e-4, 0, -74.7, 0, -8e-4, -8.28)),
        ("EPSG:4326", Affine(1e-4, 0, 20.0, 0, 1e-4, 69.9)),  # south up
        ("EPSG:4258", Affine(1e-4, 0, 9.0, 0, -1e-4, 47.0)),
        ("EPSG:3857", Affine(0.149291, 0, 3_628_312.86, 0, -0.149291, 39_135.76)),
        ("EPSG:3857", Affine(10, 0, 1_000_000, 0, -10, 8_300_000)),
        (MERCATOR, Affine(10, 0, 1_000_000, 0, -10, 8_300_000)),
    ],
)
def test_degrees_and_web_mercator_are_geodesic(tmp_path, crs, transform):
    scene = place(tmp_path / "scene", crs, transform)
    area, distance = expected_geodesic(crs, transform)
    assert ask(scene, task="area").value == pytest.approx(area, rel=1e-5)
    given = ask(scene, task="distance", label_values=[1, 3])
    assert given.value == pytest.approx(distance, rel=1e-6)
    assert given.pixel_m >= distance / 6 * 0.999


def test_a_pixel_near_murcia_is_not_a_hundred_square_metres(tmp_path):
    d = 8.98315284119522e-05
    scene = place(tmp_path / "scene", "EPSG:4326", Affine(d, 0, -0.781893623, 0, -d, 38.128812571))
    assert ask(scene, task="area").value / 240 == pytest.approx(78.6, abs=0.1)


@pytest.mark.parametrize(
    ("crs", "transform", "metres"),
    [
        ("EPSG:32632", Affine(10, 0, 500_000, 0, -10, 5_000_000), 1.0),
        ("EPSG:32618", Affine(444.78515625, 0, 378_285, 0, -453.57421875, 275_715), 1.0),
        ("EPSG:2154", Affine(0.25, 0, 478_208, 0, -0.25, 6_275_328), 1.0),
        ("EPSG:2263", Affine(3, 0, 980_000, 0, -3, 200_000), FOOT),  # New York, US survey feet
        ("EPSG:3395", Affine(10, 0, 1_000_000, 0, -10, 8_300_000), 1.0),  # twice too large in the plane, taken as it is
        ("EPSG:32632", Affine(10, 0, 500_000, 0, 10, 5_000_000), 1.0),  # south up
    ],
)
def test_every_other_crs_is_its_own_plane_in_metres(tmp_path, crs, transform, metres):
    scene = place(tmp_path / "scene", crs, transform)
    assert ask(scene, task="area").value == pytest.approx(240 * abs(transform.a * transform.e) * metres**2, rel=1e-9)
    given = ask(scene, task="distance", label_values=[1, 3])
    assert given.value == pytest.approx(6 * transform.a * metres, rel=1e-9)
    assert given.pixel_m == pytest.approx(max(abs(transform.a), abs(transform.e)) * metres)
    touching = ask(scene, task="distance", label_values=[2, 1])
    assert touching.value == pytest.approx(transform.a * metres)


@pytest.mark.parametrize(
    ("crs", "corner", "metres"), [("EPSG:32632", (5e5, 5e6), 1), ("EPSG:2263", (9.8e5, 2e5), FOOT)]
)
def test_a_rotated_grid_follows_the_formula_of_the_readme(tmp_path, crs, corner, metres):
    transform = Affine.translation(*corner) @ Affine.scale(10, -10) @ Affine.rotation(30)
    scene = place(tmp_path / "scene", crs, transform)
    assert ask(scene, task="area").value == pytest.approx(240 * abs(transform.a * transform.e) * metres**2)
    given = ask(scene, task="distance", label_values=[1, 3])
    assert given.value == pytest.approx(60 * metres)
    assert given.pixel_m == pytest.approx(10 * metres)


@pytest.mark.parametrize(("crs", "transform"), [(None, None), ("EPSG:32632", Affine.identity())])
def test_without_a_georeference_metres_are_refused_and_pixels_are_not(tmp_path, crs, transform):
    scene = place(tmp_path / "scene", crs, transform)
    assert ask(scene, task="area").outcome == "refused"
    assert ask(scene, task="distance", label_values=[1, 3]).outcome == "refused"
    assert ask(scene).value == pytest.approx(40)
    assert ask(scene, task="boundary", label_values=[1, 3]).value == "no"
    named = {"task": "ranking", "question": "Which is larger: one or three?"}
    assert ask(scene, label_values=[1, 3], **named).value == "three"


def test_a_grid_beyond_its_projection_still_has_pixels_to_count(tmp_path):
    sinusoidal = "+proj=sinu +lon_0=0 +R=6371007.181 +units=m"
    scene = place(tmp_path / "scene", sinusoidal, Affine(5e5, 0, -2e7, 0, -5e5, 9e6))
    assert ask(scene).value == pytest.approx(40)
    assert ask(scene, task="boundary", label_values=[1, 2]).value == "yes"
