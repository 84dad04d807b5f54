import numpy as np
import pyproj
import pytest
import shapely

from terrascope_sdk.stac.outlines import centre_lon_deg, ground_area_m2, outlines
from tests.stac.made import scene


def with_geometry(geometry, name="a", **fields):
    return scene(name, item={"geometry": geometry}, **fields)


def polygon(*points):
    return {"type": "Polygon", "coordinates": [[list(p) for p in (*points, points[0])]]}


def box(west, south, east, north):
    return polygon((west, south), (east, south), (east, north), (west, north))


SQUARE = box(10, 40, 11, 41)
HOLED = SQUARE | {"coordinates": SQUARE["coordinates"] + box(10.2, 40.2, 10.4, 40.4)["coordinates"]}
MULTI = {"type": "MultiPolygon", "coordinates": [SQUARE["coordinates"], box(12, 40, 13, 41)["coordinates"]]}


@pytest.mark.parametrize("geometry", [SQUARE, HOLED, MULTI])
def test_an_outline_is_the_geometry_of_the_item(geometry):
    for scenes in ([with_geometry(geometry)], [with_geometry(SQUARE), with_geometry(geometry)]):
        assert outlines(scenes)[-1].equals(shapely.geometry.shape(geometry))


def test_points_with_a_height_are_points():
    tall = {"type": "Polygon", "coordinates": [[[*p, 100.0] for p in SQUARE["coordinates"][0]]]}
    assert outlines([with_geometry(tall)])[0].equals(shapely.box(10, 40, 11, 41))


@pytest.mark.parametrize(
    "geometry",
    [None, {}, {"type": "Point", "coordinates": [1, 2]}, {"type": "Polygon", "coordinates": []},
     {"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}, {"type": "Polygon"}],
)  # fmt: skip
def test_what_is_no_outline_is_the_box(geometry):
    assert outlines([with_geometry(geometry, bbox=(1, 2, 3, 4))])[0].equals(shapely.box(1, 2, 3, 4))


def test_a_crossed_outline_becomes_valid():
    found = outlines([with_geometry(polygon((0, 0), (1, 1), (1, 0), (0, 1)))])[0]
    assert found.is_valid
    assert found.area == pytest.approx(0.5)


ACROSS = [
    pytest.param(polygon((179, 0), (-179, 0), (-179, 1), (179, 1)), id="a ring that jumps"),
    pytest.param(polygon((-179, 0), (-179, 1), (179, 1), (179, 0)), id="a ring that jumps back"),
    pytest.param(box(179, 0, 181, 1), id="beyond 180"),
    pytest.param(box(-181, 0, -179, 1), id="beyond -180"),
    pytest.param({"type": "MultiPolygon", "coordinates": [box(179, 0, 180, 1)["coordinates"],
                                                          box(-180, 0, -179, 1)["coordinates"]]}, id="cut"),
]  # fmt: skip


@pytest.mark.parametrize("geometry", ACROSS)
def test_a_footprint_across_the_antimeridian_meets_areas_on_both_sides(geometry):
    found = outlines([with_geometry(geometry)])[0]
    assert found.covers(shapely.box(179.2, 0.2, 179.8, 0.8))
    assert found.covers(shapely.box(-179.8, 0.2, -179.2, 0.8))
    assert not found.intersects(shapely.box(-170, 0, 170, 1))
    assert abs(centre_lon_deg([with_geometry(geometry)])[0]) == pytest.approx(180)


def test_a_box_across_the_antimeridian():
    assert abs(centre_lon_deg([scene(bbox=(179, 0, -179, 1))])[0]) == pytest.approx(180)
    assert outlines([scene(bbox=(179, 0, -179, 1))])[0].covers(shapely.box(-179.8, 0.2, -179.2, 0.8))


def test_the_centre_of_a_group_and_of_each():
    scenes = [
        with_geometry(box(10, 0, 12, 1)),
        with_geometry(box(177, 0, 179, 1)),
        with_geometry(box(-179, 0, -178, 1)),
    ]
    np.testing.assert_allclose(centre_lon_deg(scenes), [11, 178, -178.5])
    np.testing.assert_allclose(centre_lon_deg(scenes, groups=[0, 1, 1]), [11, 179.5])


@pytest.mark.parametrize("south", [0, 45, -70])
def test_the_area_is_that_on_the_ellipsoid(south):
    cell = shapely.box(10, south, 12, south + 2)
    lon, lat = shapely.get_coordinates(shapely.segmentize(cell, 0.01)).T
    exact, _ = pyproj.Geod(ellps="WGS84").polygon_area_perimeter(lon, lat)
    assert ground_area_m2(np.array([cell], dtype=object))[0] == pytest.approx(abs(exact), rel=1e-5)


def test_the_area_of_parts_and_holes_is_that_of_an_equal_area_projection():
    slanted = shapely.Polygon([(10, 40), (13, 41), (12, 44), (9, 42)], [[(10.5, 41), (11, 41.2), (10.8, 42)]])
    both = shapely.union(slanted, shapely.box(20, -10, 21, -8))
    mixed = shapely.GeometryCollection([shapely.Point(0, 0), shapely.LineString([(0, 0), (1, 1)]), slanted])
    shapes = np.array([slanted, shapely.reverse(slanted), both, mixed], dtype=object)
    project = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:6933", always_xy=True).transform
    fine = shapely.segmentize(shapes, 0.005)
    planar = shapely.area(shapely.transform(fine, lambda xy: np.column_stack(project(*xy.T))))
    np.testing.assert_allclose(ground_area_m2(shapes), planar, rtol=1e-6)


def test_what_is_no_polygon_has_no_area():
    assert ground_area_m2(np.array([shapely.Point(1, 2), shapely.Polygon()], dtype=object)).tolist() == [0, 0]
    assert outlines([]).tolist() == []
