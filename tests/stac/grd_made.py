"""A synthetic Sentinel-1 GRD product: codes in radar geometry, ground control points, a calibration annotation."""

import numpy as np
import rasterio
from rasterio.control import GroundControlPoint

LINES, COLUMNS = 300, 400


def lonlat(row, column):
    """Return where an image point lies: tilted, and not linear, as in a real swath."""
    row, column = np.asarray(row, float), np.asarray(column, float)
    lon = 11.0 + 1.3e-4 * column * (1 + 0.03 * np.sin(column / 150)) - 2e-5 * row
    lat = 46.0 - 9e-5 * row * (1 + 0.02 * np.cos(row / 120)) + 1.5e-5 * column
    return lon, lat


def look_up(row, column):
    """Return the value that the annotation interpolates, smooth over the image."""
    return 400.0 + 0.2 * np.asarray(row, float) + 0.5 * np.asarray(column, float)


def annotation(step_lines=100, step_columns=40):
    vectors = []
    for line in range(-50, LINES + step_lines, step_lines):
        columns = np.arange(0, COLUMNS + step_columns, step_columns)
        values = look_up(line, columns)
        vectors.append(
            f"<calibrationVector><azimuthTime>2021-08-09T17:39:53</azimuthTime><line>{line}</line>"
            f'<pixel count="{len(columns)}">{" ".join(map(str, columns))}</pixel>'
            f'<sigmaNought count="{len(columns)}">{" ".join(f"{v:.6e}" for v in values)}</sigmaNought>'
            f'<betaNought count="{len(columns)}">{" ".join("474.0" for _ in values)}</betaNought></calibrationVector>'
        )
    return (
        "<?xml version='1.0'?><calibration><calibrationVectorList count='5'>"
        + "".join(vectors)
        + "</calibrationVectorList></calibration>"
    ).encode()


def write_measurement(path, power, *, heights=lambda row, column: 0.0 * row):
    """Write the codes that a sensor with that calibration gives for a power image, and return the codes."""
    rows, columns = np.mgrid[0:LINES, 0:COLUMNS]
    codes = np.round(np.sqrt(power) * look_up(rows, columns)).astype(np.uint16)
    points = [
        GroundControlPoint(r, c, *(float(v) for v in lonlat(r, c)), z=float(heights(np.float64(r), np.float64(c))))
        for r in range(0, LINES + 1, 30)
        for c in range(0, COLUMNS + 1, 40)
    ]
    with rasterio.open(
        path, "w", driver="GTiff", height=LINES, width=COLUMNS, count=1, dtype="uint16", gcps=points, crs="EPSG:4326"
    ) as file:
        file.write(codes, 1)
    return codes
