import time

import numpy as np
import pytest
import shapely
from affine import Affine
from hypothesis import assume, given
from hypothesis import strategies as st

from terrascope_sdk.errors import InputError, UndefinedMeasurement
from terrascope_sdk.measure import distance, nearest_points, touches
from terrascope_sdk.types import Aoi, PixelGrid
from tests.measure.discs import GEOD, SMALL_GRIDS, disc, grid_at, mask_of, masks, small_grid

ANYWHERE = tuple(SMALL_GRIDS)


def lattice(mask, mode):
    """Every pixel corner or centre of a region, the slow way."""
    rows, columns = np.nonzero(mask.pixels)
    if mode == "centre":
        return rows + 0.5, columns + 0.5
    offsets = [(0, 0), (0, 1), (1, 0), (1, 1)]
    return np.concatenate([rows + r for r, _ in offsets]), np.concatenate([columns + c for _, c in offsets])


def slow_geodesic(a, b, mode):
    lon_a, lat_a = a.grid.lonlat(*lattice(a, mode))
    lon_b, lat_b = b.grid.lonlat(*lattice(b, mode))
    i, j = np.meshgrid(np.arange(len(lon_a)), np.arange(len(lon_b)), indexing="ij")
    return float(np.min(GEOD.inv(lon_a[i], lat_a[i], lon_b[j], lat_b[j])[2]))


def outline(mask):
    squares = []
    for row, column in zip(*np.nonzero(mask.pixels), strict=True):
        x, y = mask.grid.xy([row, row, row + 1, row + 1], [column, column + 1, column + 1, column])
        squares.append(shapely.Polygon(np.column_stack([x, y])))
    return shapely.union_all(squares)


def apart(pair):
    a, b = pair
    b = b.subtract(a)
    assume(a.pixels.any())
    assume(b.pixels.any())
    return a, b


@pytest.mark.parametrize("mode", ["edge", "centre"])
@given(masks(n=2, names=ANYWHERE))
def test_geodesic_distance_is_the_brute_force_one(mode, pair):
    a, b = apart(pair)
    assert distance(a, b, mode=mode).value == pytest.approx(slow_geodesic(a, b, mode), abs=1e-6)


@given(masks(n=2, names=("utm", "rotated")))
def test_planar_distance_is_that_of_the_polygons(pair):
    a, b = apart(pair)
    assert distance(a, b, ground="planar").value == pytest.approx(outline(a).distance(outline(b)), abs=1e-5)


@given(masks(n=2, names=("utm", "rotated")))
def test_planar_centre_distance_is_that_of_the_centres(pair):
    a, b = apart(pair)
    xy = [np.column_stack(m.grid.xy(*lattice(m, "centre"))) for m in (a, b)]
    expected = np.linalg.norm(xy[0][:, None] - xy[1][None], axis=-1).min()
    assert distance(a, b, ground="planar", mode="centre").value == pytest.approx(expected, abs=1e-6)


@given(masks(n=2, names=ANYWHERE), st.sampled_from(["edge", "centre"]))
def test_distance_is_symmetric_and_zero_only_where_regions_touch(pair, mode):
    a, b = pair
    assume(a.pixels.any())
    assume(b.pixels.any())
    found = distance(a, b, mode=mode)
    assert found.value == pytest.approx(distance(b, a, mode=mode).value, abs=1e-6)
    assert 0 <= found.low <= found.value <= found.high
    if mode == "edge":
        assert (found.value == 0) == touches(a, b, neighbours=8).value
    else:
        assert (found.value == 0) == bool((a.pixels & b.pixels).any())


def test_two_discs_are_as_far_apart_as_their_circles():
    for lon, lat, crs in [(9, 45, "EPSG:32632"), (6.05, 60, "EPSG:32632"), (9, 70, "EPSG:3857"), (9, 45, "EPSG:4326")]:
        grid = grid_at(lon, lat, crs)
        east, north, _ = GEOD.fwd(lon, lat, 60, 1200)
        found = distance(disc(grid, 300, (lon, lat)), disc(grid, 400, (east, north)))
        assert found.value == pytest.approx(500, abs=15)
        assert found.low <= 500 <= found.high


def test_neighbours_are_0_m_apart_by_edge_and_one_pixel_by_centre():
    a = mask_of([[True, False, False, False]], small_grid((1, 4)))
    b = mask_of([[False, True, False, False]], small_grid((1, 4)))
    assert distance(a, b).value == 0
    assert distance(a, b).low == 0
    assert distance(a, b).high == pytest.approx(20, rel=1e-3)
    assert distance(a, b, mode="centre", ground="planar").value == 10
    corner = mask_of(np.eye(2) > 0), mask_of(np.eye(2)[::-1] > 0)
    assert distance(*corner).value == 0


def test_anisotropic_pixels_and_their_bounds():
    grid = small_grid((4, 4), "EPSG:32632", Affine(10, 0, 500_000, 0, -30, 5_000_000))
    top, bottom = np.zeros((4, 4), bool), np.zeros((4, 4), bool)
    top[0], bottom[3] = True, True
    found = distance(mask_of(top, grid), mask_of(bottom, grid), ground="planar")
    assert (found.low, found.value, found.high) == (0, 60, 120)
    left, right = mask_of(top.T, grid), mask_of(bottom.T, grid)
    assert distance(left, right, ground="planar").value == 20


def test_bounds_along_a_diagonal_are_diagonal_steps():
    a, b = np.zeros((9, 9), bool), np.zeros((9, 9), bool)
    a[0, 0], b[6, 6] = True, True
    found = distance(mask_of(a), mask_of(b), ground="planar")
    assert found.value == pytest.approx(5 * 200**0.5)
    assert (found.low, found.high) == pytest.approx((3 * 200**0.5, 7 * 200**0.5))


def test_the_nearest_points_are_where_they_should_be():
    a, b = np.zeros((9, 9), bool), np.zeros((9, 9), bool)
    a[1:4, 1:4], b[6, 7] = True, True
    a, b = mask_of(a), mask_of(b)
    where = nearest_points(a, b)
    assert (where.a_px, where.b_px) == ((4, 4), (6, 7))
    assert where.a_lonlat == pytest.approx([float(v) for v in a.grid.lonlat(4, 4)])
    assert where.distance_m == distance(a, b).value
    assert where.distance_m == pytest.approx(10 * 13**0.5, rel=1e-3)
    line = shapely.geometry.shape(where)
    assert line.geom_type == "LineString"
    assert nearest_points(a, b, mode="centre").a_px == (3.5, 3.5)


def test_far_apart_on_the_globe():
    grid = PixelGrid("EPSG:4326", Affine(1, 0, -180, 0, -1, 90), 180, 360)
    a, b = np.zeros((180, 360), bool), np.zeros((180, 360), bool)
    a[40, 2], b[40, 357] = True, True  # two degrees of pixel edges on either side of the antimeridian, both at 50 N
    found = distance(mask_of(a, grid), mask_of(b, grid))
    assert found.value == pytest.approx(GEOD.inv(-178, 50, 178, 50)[2], rel=1e-9)


def test_an_area_of_interest_cuts_regions():
    row = np.zeros((1, 10), bool)
    a, b = row.copy(), row.copy()
    a[0, :4], b[0, [5, 9]] = True, True
    grid = small_grid((1, 10))
    lon, lat = grid.lonlat([0, 1], [0, 3])
    west_part = Aoi.from_bbox((lon[0], lat[1], lon[1], lat[0]))
    assert distance(mask_of(a, grid), mask_of(b, grid), ground="planar").value == 10
    with pytest.raises(UndefinedMeasurement, match="no tree, 2019-09-18"):
        distance(mask_of(a, grid), mask_of(b, grid, label="tree"), aoi=west_part)


def test_empty_regions_are_named():
    a, nothing = mask_of(np.eye(3) > 0), mask_of(np.zeros((3, 3), bool), label="tree")
    for pair in ((a, nothing), (nothing, a)):
        with pytest.raises(UndefinedMeasurement, match=r"no tree, 2019-09-18, optical .*100% of the pixels"):
            distance(*pair)
    hidden = mask_of(np.ones((3, 3), bool), valid=np.zeros((3, 3), bool), label="tree")
    with pytest.raises(UndefinedMeasurement, match=r"no tree.*0% of the pixels"):
        distance(a, hidden)


def test_unobserved_pixels_are_a_note():
    a, b = mask_of([[True, False, False]], valid=[[True, False, True]]), mask_of([[False, False, True]])
    assert "unobserved pixels may hide parts that are closer" in distance(a, b).notes
    assert distance(a, b).observed_frac == pytest.approx(2 / 3, rel=1e-3)
    assert distance(mask_of([[True, False, False]]), b).notes == ()


def test_without_a_crs_and_in_degrees():
    bare = PixelGrid(None, Affine(1, 0, 0, 0, -1, 0), 3, 3)
    a, b = np.eye(3) > 0, np.eye(3)[::-1] > 0
    with pytest.raises(UndefinedMeasurement, match="no coordinate reference system"):
        distance(mask_of(a, bare), mask_of(b, bare))
    for name in ("lonlat at 60 N", "mercator"):
        grid = small_grid((3, 3), *SMALL_GRIDS[name])
        far = np.zeros((3, 3), bool), np.zeros((3, 3), bool)
        far[0][0, 0], far[1][2, 2] = True, True
        with pytest.raises(InputError, match="ellipsoid"):
            distance(mask_of(far[0], grid), mask_of(far[1], grid), ground="planar")


def test_a_large_map_takes_less_than_2_s():
    grid = PixelGrid("EPSG:26912", Affine(31.53, 0, 300_000, 0, -31.53, 4_150_000), 1359, 1073)
    speckle = np.random.default_rng(0).random(grid.shape) < 0.3
    left, right = speckle.copy(), speckle.copy()
    left[:, 500:], right[:, :600] = False, False
    a, b = mask_of(left, grid), mask_of(right, grid)
    start = time.process_time()
    found = distance(a, b)
    assert time.process_time() - start < 2
    assert found.value == pytest.approx(100 * 31.53, rel=0.02)
