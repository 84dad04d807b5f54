"""The catalogue that the test servers hold: dated items around three real documents, the same on every run."""

import copy
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from shapely.geometry import box, mapping

from tests.stac.made import GRID, write_band

DATA = Path(__file__).parent / "data"
PLACE = (11.2, 46.4, 11.6, 46.6)
"""Lies inside every footprint of the dated scenes."""

FOOTPRINTS = {
    "sentinel-2-l2a": (11.0, 46.0, 12.4, 47.0),
    "landsat-c2-l2": (10.0, 45.5, 12.0, 47.5),
    "sentinel-1-rtc": (10.5, 46.0, 13.0, 47.5),
}
FIRST = datetime(2021, 1, 1, 10, 20, 31, 24000, tzinfo=UTC)


def item(collection, name, when, *, bbox=None, cloud=None, pixels="https://pixels.test", **properties):
    """One item around the real document of a collection."""
    document = copy.deepcopy(_template(collection))
    west, south, east, north = bbox or FOOTPRINTS[collection]
    document |= {
        "id": name,
        "collection": collection,
        "bbox": [west, south, east, north],
        "geometry": json.loads(json.dumps(mapping(box(west, south, east, north)))),
    }
    stamp = f"{when:%Y%m%dT%H%M%S}"
    if collection == "sentinel-2-l2a":  # by these, products of one acquisition are told from those of two
        properties |= {"s2:datatake_id": f"GS2A_{stamp}_000001_N03.00", "s2:datastrip_id": f"S2A_OPER_S{stamp}_N03.00"}
        properties |= {"s2:mgrs_tile": name[-21:-16] if name.startswith("S2A_MSI") else "32TPS"}
    document["properties"] |= {"datetime": when.isoformat().replace("+00:00", "Z")} | properties
    for field in ("start_datetime", "end_datetime"):
        document["properties"].pop(field, None)
    if cloud is not None:
        document["properties"]["eo:cloud_cover"] = cloud
    for asset, fields in document["assets"].items():
        fields["href"] = f"{pixels}/{name}/{asset}.tif"
    return document


def _template(collection, _read={}):  # noqa: B006  a cache
    if collection not in _read:
        _read[collection] = json.loads((DATA / f"{collection}.json").read_text())
    return _read[collection]


def items(**fields):
    """250 Sentinel-2, 30 Landsat, 40 Sentinel-1 scenes of one place, two at a day's edge, two at the antimeridian."""
    found = []
    for i in range(250):
        when, tile = FIRST + timedelta(days=i), f"T32T{chr(65 + i % 20)}S"
        name = f"S2{'AB'[i % 2]}_MSIL2A_{when:%Y%m%dT%H%M%S}_R022_{tile}_20220101T000000"
        platform = f"Sentinel-2{'AB'[i % 2]}"
        found.append(item("sentinel-2-l2a", name, when, cloud=i * 37 % 101, platform=platform, **fields))
    for i in range(30):
        when = FIRST + timedelta(days=8 * i, minutes=-17)
        name = f"LC09_L2SP_192028_{when:%Y%m%d}_02_T1"
        found.append(item("landsat-c2-l2", name, when, cloud=i * 7 % 100, **fields))
    for i in range(40):
        when = FIRST + timedelta(days=6 * i, hours=-5)
        orbit = {"sat:orbit_state": ("ascending", "descending")[i % 2], "sat:relative_orbit": (117, 168)[i % 2]}
        found.append(item("sentinel-1-rtc", f"S1A_{when:%Y%m%dT%H%M%S}_32TPS", when, **orbit, **fields))
    edge = datetime(2023, 1, 1, tzinfo=UTC)
    for name, when in (("last", edge - timedelta(milliseconds=500)), ("first", edge)):
        found.append(item("sentinel-2-l2a", f"S2A_edge_{name}", when, cloud=1, **fields))
    for name, bbox in (("west", (178.5, -18, 179.9, -17)), ("east", (-179.9, -18, -178.5, -17))):
        when = datetime(2022, 6, 1, 22, 0, 9 if name == "east" else 0, tzinfo=UTC)
        found.append(item("sentinel-2-l2a", f"S2A_fiji_{name}", when, bbox=bbox, cloud=5, **fields))
    return found


def with_pixels(folder, url):
    """Two Sentinel-2 scenes, their files in a folder that a server shows: red is 1000 and 3000, near infrared 4000."""
    found = []
    for day, code in ((1, 1000), (3, 3000)):
        when = datetime(2020, 7, day, 10, 20, tzinfo=UTC)
        bounds = [float(v) for v in GRID.bounds_lonlat]
        made = item("sentinel-2-l2a", f"S2A_pixels_{day}", when, bbox=bounds, cloud=day, pixels=url)
        made["properties"]["proj:epsg"] = 32632
        codes = {
            "B04": np.full(GRID.shape, code, np.uint16), "B08": np.full(GRID.shape, 4000, np.uint16),
            "SCL": np.full(GRID.shape, 4, np.uint8),
        }  # fmt: skip
        made["assets"] = {name: made["assets"][name] for name in codes}
        for name, band in codes.items():
            write_band(folder / made["id"] / f"{name}.tif", band, grid=GRID, nodata=0)
            made["assets"][name] |= {"proj:shape": list(GRID.shape), "proj:transform": list(GRID.transform[:6])}
            made["assets"][name].pop("proj:bbox", None)
        found.append(made)
    return found


def collections():
    """The collection documents, as small as a server takes them."""
    return [
        {
            "type": "Collection",
            "stac_version": "1.0.0",
            "stac_extensions": [],
            "id": name,
            "description": f"Test items of {name}",
            "license": "proprietary",
            "extent": {
                "spatial": {"bbox": [[-180, -90, 180, 90]]},
                "temporal": {"interval": [["2015-01-01T00:00:00Z", None]]},
            },
            "links": [],
        }
        for name in FOOTPRINTS
    ]
