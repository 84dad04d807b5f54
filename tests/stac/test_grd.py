import numpy as np
import pyproj
import pytest
from affine import Affine
from scipy.optimize import fsolve

from terrascope_sdk.errors import NoScenesFound, ParseError, RasterError
from terrascope_sdk.stac.grd import RELIEF_M, parse_calibration, read_grd
from terrascope_sdk.types import PixelGrid
from tests.stac.grd_made import COLUMNS, LINES, annotation, lonlat, look_up, write_measurement
from tests.stac.made import write_band


def utm_grid(row, column, *, height, width, pixel=10.0):
    """Return a UTM grid whose upper left corner lies on an image point."""
    onto = pyproj.Transformer.from_crs(4326, 32632, always_xy=True)
    x, y = onto.transform(*lonlat(row, column))
    return PixelGrid("EPSG:32632", Affine(pixel, 0, x, 0, -pixel, y), height, width)


def image_points(grid, rows, columns):
    """Return the image points under pixel centres, by solving the analytic mapping."""
    lon, lat = grid.lonlat(rows + 0.5, columns + 0.5)
    found = [
        fsolve(lambda p, lo=lo, la=la: np.subtract(lonlat(*p), (lo, la)), [100.0, 150.0])
        for lo, la in zip(lon, lat, strict=True)
    ]
    return np.array(found).T


def test_the_table_is_bilinear_between_vectors():
    table = parse_calibration(annotation()).table(np.array([0.0, 33.0, 299.0]), np.array([0.0, 17.0, 399.0]))
    rows, columns = np.meshgrid([0.0, 33.0, 299.0], [0.0, 17.0, 399.0], indexing="ij")
    assert table == pytest.approx(look_up(rows, columns), rel=1e-6)


def test_sigma0_is_right_and_in_its_place(tmp_path):
    rows, columns = np.mgrid[0:LINES, 0:COLUMNS]
    truth = 20 + 0.1 * rows + 0.2 * columns  # says of each pixel where it came from; bright, so codes are fine
    write_measurement(tmp_path / "vv.tiff", truth)
    grid = utm_grid(60, 60, height=120, width=140)
    seen = read_grd(str(tmp_path / "vv.tiff"), parse_calibration(annotation()), grid)
    at_rows, at_columns = (v.ravel() for v in np.mgrid[5:115:11, 5:135:13])
    r, c = image_points(grid, at_rows, at_columns)
    expected = 20 + 0.1 * (r - 0.5) + 0.2 * (c - 0.5)
    got = seen.power[at_rows, at_columns]
    assert np.isfinite(got).all()
    place_px = np.abs(got - expected) / 0.2
    assert np.median(place_px) < 0.15
    assert place_px.max() < 0.6  # rounding of codes included
    assert seen.relief_m == 0


def test_zero_is_the_border_and_never_averaged_in(tmp_path):
    power = np.full((LINES, COLUMNS), 0.04)
    power[:, 150:] = 0
    write_measurement(tmp_path / "vv.tiff", power)
    grid = utm_grid(60, 100, height=100, width=140, pixel=25.0)
    seen = read_grd(str(tmp_path / "vv.tiff"), parse_calibration(annotation()), grid)
    known = np.isfinite(seen.power)
    assert known.any()
    assert not known.all()
    assert seen.power[known] == pytest.approx(0.04, rel=0.01)


def test_relief_is_told_from_the_control_points(tmp_path):
    write_measurement(tmp_path / "vv.tiff", np.full((LINES, COLUMNS), 0.04), heights=lambda r, c: 3 * r)
    seen = read_grd(str(tmp_path / "vv.tiff"), parse_calibration(annotation()), utm_grid(60, 60, height=60, width=60))
    assert seen.relief_m > RELIEF_M


def test_a_grid_beside_the_image_shows_nothing(tmp_path):
    write_measurement(tmp_path / "vv.tiff", np.full((LINES, COLUMNS), 0.04))
    far = PixelGrid("EPSG:32632", Affine(10, 0, 400_000, 0, -10, 4_000_000), 20, 20)
    with pytest.raises(NoScenesFound, match="nothing of the area"):
        read_grd(str(tmp_path / "vv.tiff"), parse_calibration(annotation()), far)


def test_a_file_without_control_points_is_refused(tmp_path):
    path = write_band(tmp_path / "plain.tif", np.ones((40, 50), np.uint16))
    with pytest.raises(RasterError, match="no ground control points"):
        read_grd(str(path), parse_calibration(annotation()), utm_grid(0, 0, height=9, width=9))


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"<calibration/>",
        b"<!DOCTYPE x [<!ENTITY a 'b'>]><calibration/>",
        annotation().replace(b"sigmaNought", b"sigma"),
        annotation().replace(b"<line>50</line>", b"<line>-50</line>"),
        annotation()[:-40],
    ],
)
def test_what_is_no_annotation_is_refused(document):
    with pytest.raises(ParseError):
        parse_calibration(document)
