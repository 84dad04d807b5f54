"""Make the bundled catalogue: real scenes as single-band COGs, their STAC items, the places, and the NOTICE.

Deterministic: the same sources and library versions give the same bytes. At the end every file is opened again and
compared with its source, value by value. Prints a JSON summary; exits 1 when a check fails. The netCDF source needs
a GDAL with the netCDF driver (rasterio's wheels have it).
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import pystac
import rasterio
import rustac
from pystac.stac_object import STACObjectType
from pystac.validation.stac_validator import JsonSchemaSTACValidator

MAX_BYTES = 25_000_000
STAC_VERSION = "1.1.0"
EXTENSION = "https://stac-extensions.github.io/{}/schema.json"
COG = "image/tiff; application=geotiff; profile=cloud-optimized"
OVERVIEWS_FROM_PX = 1024

# Native band name: asset key, common name of the eo extension, centre and width at half maximum in um, native gsd in m.
SENTINEL_2 = {
    "B01": ("coastal", "coastal", 0.443, 0.027, 60.0),
    "B02": ("blue", "blue", 0.490, 0.098, 10.0),
    "B03": ("green", "green", 0.560, 0.045, 10.0),
    "B04": ("red", "red", 0.665, 0.038, 10.0),
    "B05": ("rededge1", "rededge", 0.704, 0.019, 20.0),
    "B06": ("rededge2", "rededge", 0.740, 0.018, 20.0),
    "B07": ("rededge3", "rededge", 0.783, 0.028, 20.0),
    "B08": ("nir", "nir", 0.842, 0.145, 10.0),
    "B8A": ("nir08", "nir08", 0.865, 0.033, 20.0),
    "B09": ("nir09", "nir09", 0.945, 0.026, 60.0),
    "B10": ("cirrus", "cirrus", 1.3735, 0.075, 60.0),
    "B11": ("swir16", "swir16", 1.610, 0.143, 20.0),
    "B12": ("swir22", "swir22", 2.190, 0.242, 20.0),
}
LANDSAT_TM = {
    "TM1": ("blue", "blue", 0.485, 0.07, 30.0),
    "TM2": ("green", "green", 0.560, 0.08, 30.0),
    "TM3": ("red", "red", 0.660, 0.06, 30.0),
    "TM4": ("nir", "nir", 0.830, 0.14, 30.0),
    "TM5": ("swir16", "swir16", 1.650, 0.20, 30.0),
    "TM7": ("swir22", "swir22", 2.215, 0.27, 30.0),
}
# Nominal values: the source does not say which Landsat sensor a year comes from.
LANDSAT_ANY = {
    "SWIR1": ("swir16", "swir16", 1.63, 0.15, 89.2),
    "NIR": ("nir", "nir", 0.85, 0.10, 89.2),
    "Red": ("red", "red", 0.66, 0.05, 89.2),
    "Green": ("green", "green", 0.56, 0.07, 89.2),
}
# Nominal values: the source does not name the camera.
CAMERA = {
    "Red": ("red", "red", 0.65, 0.10, 0.149),
    "Green": ("green", "green", 0.55, 0.10, 0.149),
    "Blue": ("blue", "blue", 0.46, 0.10, 0.149),
}
SCL_CLASSES = {
    0: "no_data", 1: "saturated_or_defective", 2: "dark_area", 3: "cloud_shadow", 4: "vegetation", 5: "not_vegetated",
    6: "water", 7: "unclassified", 8: "cloud_medium_probability", 9: "cloud_high_probability", 10: "thin_cirrus",
    11: "snow_or_ice",
}  # fmt: skip
LULC_CLASSES = {
    0: "no_data", 1: "cultivated_land", 2: "forest", 3: "grassland", 4: "shrubland", 5: "water", 6: "wetlands",
    7: "tundra", 8: "artificial_surface", 9: "bareland", 10: "snow_and_ice",
}  # fmt: skip
CHANGE_CLASSES = {0: "not_labelled", 1: "unchanged", 2: "changed"}
CLOUD_CLASSES = {0: "clear", 1: "cloud"}

SAR_FORMULAS = {
    "linear_power": "dB = 10 * log10(value)",
    "db": "value is dB",
    "amplitude_code": "dB = 20 * log10(DN) - 83",
}
COPERNICUS = "Copernicus Sentinel data terms"

COLLECTIONS = {
    "sentinel-2-l2a": ("Sentinel-2 Level-2A surface reflectance", "other"),
    "sentinel-2-l1c": ("Sentinel-2 Level-1C top-of-atmosphere reflectance", "other"),
    "sentinel-1-grd": ("Sentinel-1 GRD backscatter, sigma0 on the ellipsoid, terrain-corrected in geometry", "other"),
    "sentinel-1-rtc": ("Sentinel-1 radiometrically terrain-corrected gamma0 (OPERA RTC-S1)", "other"),
    "sentinel-2-monthly": ("Sentinel-2 surface reflectance, one composite a month", "other"),
    "sentinel-1-monthly": ("Sentinel-1 sigma0, one composite a month", "other"),
    "landsat-annual": ("Landsat, one stretched 8-bit composite a year", "other"),
    "landsat-tm": ("Landsat 5 TM, uncalibrated 8-bit digital numbers", "other"),
    "openaerialmap": ("Drone orthophotos of OpenAerialMap", "CC-BY-4.0"),
}

MIT_TEXT = """\
Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""


@dataclass(frozen=True)
class Place:
    """What is told about a place, in places.json and in the NOTICE."""

    name: str
    """Key of the place and of its folder."""

    folder: str
    """Folder of the raw scene."""

    title: str
    """Where it is."""

    country: str
    """Country, in words."""

    description: str
    """What can be seen, in one sentence."""

    attribution: str
    """Credit line to show with every picture and number."""

    license: str
    """SPDX id or the name of the terms."""

    source: str
    """repository@commit."""

    license_text: str
    """What the source says about its terms, for the NOTICE."""

    good_for: tuple[str, ...]
    """Questions it suits."""

    traps: tuple[str, ...]
    """What to be careful about; also the notes of its items."""

    citation: str = ""
    """What to cite."""

    copyright: tuple[str, ...] = ()
    """Copyright lines of an MIT-licensed package."""


PLACES = {
    p.name: p
    for p in (
        Place(
            name="bolzano",
            folder="s2-l2a-bolzano",
            title="Bolzano, Italy",
            country="Italy",
            description="Alpine city where three rivers meet, with vineyards, orchards and forested slopes: "
            "one clear Sentinel-2 scene of 12 June 2022 at 10 m, with its scene classification.",
            attribution="Contains modified Copernicus Sentinel data 2022, processed by openEO Platform",
            license=COPERNICUS,
            source="github.com/Open-EO/openeo-localprocessing-data@42530229a36d9031737a2af7ee2030279be13589",
            license_text="README of the source: 'Contains modified Copernicus Sentinel data 2023, processed by openEO "
            "Platform' (the scene is of 2022). Copernicus Sentinel terms: free redistribution with that line.",
            good_for=(
                "vegetation, built-up and water share",
                "area in square metres",
                "optical indices from red and near infrared",
                "comparison with the scene classification",
            ),
            traps=(
                "time of day unknown: only the day, 2022-06-12, is known",
                "four bands only: no short-wave infrared, so no snow, burn or built-up index",
                "harmonised by Sentinel Hub: no -0.1 offset to apply; negative reflectance was clipped to 0, and 0 is "
                "the nodata code (38 scattered pixels)",
                "the scene classification is the output of an algorithm: agreement with it is not accuracy",
            ),
        ),
        Place(
            name="slovenia",
            folder="s2-slovenia-timeseries",
            title="West Slovenia, forest and pasture",
            country="Slovenia",
            description="One square kilometre of forest, grassland and scattered houses: five Sentinel-2 dates from "
            "July to September 2015, two of them fully clouded, with a land-cover reference map.",
            attribution="Contains modified Copernicus Sentinel data 2015; processed by Sinergise (eo-learn)",
            license=f"MIT (data package); {COPERNICUS} (imagery)",
            source="github.com/sentinel-hub/eo-learn@303e75855880531d519264f847e7c6b2fb97104d",
            license_text="Repository MIT (Sinergise and contributors). Contains modified Copernicus Sentinel data "
            "2015. Land-use register (RABA): Ministry of Agriculture, Forestry and Food of Slovenia, public data, "
            "attribution.",
            good_for=(
                "land-cover shares against a reference map",
                "cloudy dates that must be refused",
                "short time series",
                "adjacency and distance",
            ),
            traps=(
                "top-of-atmosphere reflectance: haze is in the values, bluer bands are too bright",
                "stored as uint16 codes, reflectance = code * 0.0001; this gives back the source's float32 exactly",
                "pixel 9.995 m x 9.997 m; all bands were resampled to it, also the 20 m and 60 m ones",
                "2015-07-31 and 2015-08-20 are fully clouded",
                "houses and the road are one or two pixels wide",
                "2015-07-11 shows an aircraft: single red, green and blue pixels side by side, west of the clearing",
            ),
            copyright=(
                "Copyright (c) 2017-2019 Matej Aleksandrov, Matej Batič, Andrej Burja, Eva Erzin (Sinergise)",
                "Copyright (c) 2017-2019 Grega Milčinski, Matic Lubej, Devis Peresutti, Jernej Puc, "
                "Tomislav Slijepčević (Sinergise)",
                "Copyright (c) 2017-2019 Blaž Sovdat, Jovan Višnjić, Anže Zupanc, Lojze Žust (Sinergise)",
                "Copyright (c) 2018-2019 Hugo Fournier (Magellium)",
                "Copyright (c) 2018-2019 Filip Koprivec (Jožef Stefan Institute)",
                "Copyright (c) 2018-2019 William Ouellette",
                "Copyright (c) 2018-2019 Johannes Schmid (GeoVille)",
                "Copyright (c) 2019 Drew Bollinger (DevelopmentSeed)",
            ),
        ),
        Place(
            name="pucallpa",
            folder="landsat-pucallpa-35years",
            title="Pucallpa, Peru, on the Ucayali river",
            country="Peru",
            description="A meandering Amazon river, oxbow lakes, forest and a growing city: Landsat composites of "
            "1985, 1995, 2005, 2015 and 2020, in which the river bends move by kilometres.",
            attribution="Landsat courtesy of the U.S. Geological Survey; composites: opengeos/data",
            license="MIT (data package); public domain (USGS Landsat)",
            source="github.com/opengeos/data@6d9ff544d3adcf4d87bcd694068f4b510a0fdf27",
            license_text="Repository MIT. Landsat: U.S. Geological Survey, public domain.",
            good_for=("river movement over decades", "area of water per year, added and lost", "time sliders"),
            traps=(
                "annual composite, day unknown: the seasons, and so the water levels, of the years may differ",
                "display values: stretched to 8 bits, so thresholds known from reflectance do not hold",
                "EPSG:4326: the pixel is about 89.4 m north-south by 89.0 m east-west, never square in degrees",
                "no blue band: true colour is not possible",
                "the nodata tag 0 of the source was dropped: zeros occur in one band at a time, at most 72 pixels a "
                "year, mostly the darkest short-wave infrared over water, so they are measurements",
            ),
            copyright=("Copyright (c) the authors of opengeos/data",),
        ),
        Place(
            name="belgium",
            folder="s1-s2-belgium-monthly",
            title="Hesbaye, Belgium, village and fields",
            country="Belgium",
            description="One square kilometre of a village and crop fields: monthly Sentinel-2 and Sentinel-1 "
            "composites from November 2020 to October 2021, through one growing season.",
            attribution="Contains modified Copernicus Sentinel data 2020-2021; processed by ESA WorldCereal",
            license=f"MIT (data package); {COPERNICUS} (imagery)",
            source="github.com/WorldCereal/worldcereal-classification@6c574425857177d9476bcf0876895e368ce445bb",
            license_text="Repository MIT (ESA WorldCereal). Contains modified Copernicus Sentinel data 2020-2021.",
            good_for=(
                "crop phenology in vegetation index and radar",
                "optical and radar on one grid",
                "months without optical data",
            ),
            traps=(
                "monthly composite: there is no single day",
                "no optical data in 2020-12 and 2021-01: there are radar items only",
            ),
            copyright=("Copyright (c) 2024 ESA WorldCereal",),
        ),
        Place(
            name="santa-barbara",
            folder="s1-rtc-santa-barbara",
            title="Santa Barbara, California",
            country="United States",
            description="Three by three kilometres of town on the coast plain: 21 dates of terrain-corrected "
            "Sentinel-1 backscatter over three winters and one last date, at 30 m.",
            attribution="Contains modified Copernicus Sentinel data 2021-2025; processed by NASA/JPL OPERA",
            license=f"Apache-2.0 (data package); NASA/JPL OPERA open data; {COPERNICUS}",
            source="github.com/opera-adt/dist-s1@5508f3b9c79fcc9150483cec57d0d6766247cbfe",
            license_text="NASA/JPL OPERA RTC-S1 product, open without restriction. Contains modified Copernicus "
            "Sentinel data 2021-2025. Repository Apache-2.0 (the licence text is in the LICENSE file of this package).",
            good_for=("radar time series", "speckle and its reduction over time", "irregular dates"),
            traps=(
                "radar only: there is no optical scene",
                "stored as linear power: dB = 10 * log10(value); averages belong in linear power",
                "irregular dates: six to twelve days apart within a winter, gaps of ten months between them",
            ),
            citation="OPERA RTC-S1, burst T137-292319-IW2, NASA/JPL",
        ),
        Place(
            name="spain",
            folder="sen1floods11-spain",
            title="Segura plain, Spain, flooded",
            country="Spain",
            description="A flooded coastal plain of fields, ponds and villages, seen by Sentinel-1 on 17 and by "
            "Sentinel-2 on 18 September 2019.",
            attribution="Contains modified Copernicus Sentinel data 2019; chip of Sen1Floods11 (Cloud to Street)",
            license=COPERNICUS,
            source="github.com/cloudtostreet/Sen1Floods11@b9e460dabe70230111a3c3d36cd0c5ce03606ee9",
            license_text="Imagery: Copernicus Sentinel data terms, redistribution allowed with the line 'contains "
            "modified Copernicus Sentinel data 2019'. The hand-drawn label layer is not part of this package.",
            good_for=(
                "flood extent from radar, optical or both",
                "water area where pixels are not square",
                "all 13 Sentinel-2 bands",
            ),
            traps=(
                "EPSG:4326: the pixel is 9.971 m north-south by 7.879 m east-west, so 100 m2 a pixel overstates area "
                "by about 27 %",
                "optical and radar are a day apart: the water edge moved",
                "time of day unknown: only the days are known",
                "no quality band: cloud is neither flagged nor stated",
            ),
            citation="Bonafilia, Tellman, Anderson, Issenberg: Sen1Floods11: a georeferenced dataset to train and "
            "test deep learning flood algorithms for Sentinel-1. CVPR Workshops 2020, pp. 210-211",
        ),
        Place(
            name="taizhou",
            folder="landsat-taizhou-change",
            title="Taizhou, China",
            country="China",
            description="A growing city among canals and fields: Landsat 5 in 2000 and in 2003, "
            "with labelled samples of change.",
            attribution="Landsat courtesy of the U.S. Geological Survey; change labels: Wu, Du, Zhang 2014",
            license="MIT (data package); public domain (USGS Landsat)",
            source="github.com/ChenHongruixuan/ChangeDetectionRepository@2806ab9bfce9a8e4ab62bee135d0df797ec8d597",
            license_text="Repository MIT, copyright its author. Landsat data: U.S. Geological Survey, public domain.",
            good_for=("urban change between two dates", "accuracy on labelled samples"),
            traps=(
                "day of year unknown: only the year is known, so seasons may differ",
                "uncalibrated digital numbers (display): the two dates differ in brightness without any change; "
                "thresholds known from reflectance do not hold",
                "change_reference labels 13 % of the frame: score only where it is 1 or 2",
                "urban land change at 30 m, not single buildings",
            ),
            citation="Wu, Du, Zhang: Slow feature analysis for change detection in multispectral imagery. IEEE TGRS "
            "52:2858-2874, 2014",
            copyright=("Copyright (c) 2021 I-Hope-Peace",),
        ),
        Place(
            name="kampala",
            folder="vhr-kampala-buildings",
            title="Kampala, Uganda, suburb",
            country="Uganda",
            description="Houses, gardens, dirt roads and trees of a suburb in a drone picture with 15 cm pixels.",
            attribution="OpenAerialMap contributors, CC BY 4.0",
            license="CC-BY-4.0",
            source="github.com/hotosm/fAIr-utilities@33ea480c162e4e82a84eb6158d792a6b17008382",
            license_text="Imagery: OpenAerialMap, CC BY 4.0 by the platform terms, credit 'OpenAerialMap "
            "contributors'. The building outlines of the source are not part of this package.",
            good_for=("single buildings", "very high resolution", "pictures without a near-infrared band"),
            traps=(
                "acquisition date unknown: the dates of the item are assumed bounds, 2015 to 2024, needed by STAC; "
                "nothing may be concluded from them",
                "display values: red, green and blue of an unnamed camera; no near infrared, no reflectance",
                "EPSG:3857: the ground pixel is 0.1483 m x 0.1493 m",
                "no nodata code: 0.3 % of the pixels are black speckles in bright roofs, transparent in the source",
            ),
        ),
    )
}


@dataclass(frozen=True)
class Grid:
    """A pixel grid as the source gives it."""

    crs: str
    """Authority code."""

    transform: rasterio.Affine
    """Affine map from pixels to coordinates."""

    shape: tuple[int, int]
    """(height, width)."""


@dataclass(frozen=True)
class Origin:
    """Where the pixels of a file come from."""

    file: str
    """Path below the source folder."""

    index: int = 1
    """Band, from 1; for an array file the index along its first axis."""

    layer: str = ""
    """Variable of a netCDF file or array of an NPZ file."""


@dataclass(frozen=True)
class Band:
    """One asset to write."""

    key: str
    """Asset key."""

    href: str
    """Where to write it, below the output folder."""

    origin: Origin
    """Where its pixels come from."""

    dtype: str
    """Stored data type."""

    nodata: float | None = None
    """Stored nodata code; NaN and None both leave it out of the item."""

    scale: float | None = None
    """Reflectance of one code; None where codes are no reflectance."""

    encode: float | None = None
    """Codes per unit of the source, for float sources stored as codes."""

    unit: str | None = None
    """Unit of the value, after scaling."""

    gsd_m: float = 10.0
    """Native ground sample distance."""

    eo: Mapping[str, Any] | None = None
    """Entry of eo:bands."""

    roles: tuple[str, ...] = ("data",)
    """STAC roles."""

    title: str = ""
    """Title of the asset."""

    classes: Mapping[int, str] | None = None
    """Class codes and names."""

    credit: str | None = None
    """Credit line, where it is not the item's."""


@dataclass(frozen=True)
class Draft:
    """One item to write."""

    id: str
    """Item id."""

    place: str
    """Place."""

    collection: str
    """Collection id."""

    grid: Grid
    """Its grid."""

    bands: tuple[Band, ...]
    """Its assets."""

    properties: Mapping[str, Any]
    """STAC properties but for the derived ones."""

    notes: tuple[str, ...] = field(default=())
    """Traps of this item, before those of the place."""


# --- time -------------------------------------------------------------------------------------------------------------


def _instant(value: datetime) -> str:
    return value.strftime("%Y-%m-%dT%H:%M:%SZ")


def period(start: date, after: date) -> dict[str, str]:
    """Return start, end and middle of a period of whole days; `after` is the first day that no longer belongs."""
    first, last = (datetime(d.year, d.month, d.day, tzinfo=UTC) for d in (start, after))
    return {
        "datetime": _instant(first + (last - first) / 2),
        "start_datetime": _instant(first),
        "end_datetime": _instant(last - timedelta(seconds=1)),
    }


def year_of(year: int) -> dict[str, str]:
    """Return the period of a year."""
    return period(date(year, 1, 1), date(year + 1, 1, 1))


def day_of(text: str) -> dict[str, str]:
    """Return the period of a day."""
    day = date.fromisoformat(text)
    return period(day, day + timedelta(days=1))


# --- sources ----------------------------------------------------------------------------------------------------------


def open_source(root: Path, origin: Origin) -> rasterio.DatasetReader:
    """Open a raster of the source folder."""
    path = root / origin.file
    return rasterio.open(f"netcdf:{path}:{origin.layer}" if path.suffix == ".nc" else path)


def source_pixels(root: Path, origin: Origin) -> np.ndarray:
    """Return the pixels of the source, unchanged, shape (y, x)."""
    if origin.file.endswith(".npz"):
        with np.load(root / origin.file) as arrays:
            return np.asarray(arrays[origin.layer][origin.index])
    with open_source(root, origin) as file:
        return np.asarray(file.read(origin.index))


def source_grid(root: Path, origin: Origin) -> Grid:
    """Return the grid of a raster of the source folder."""
    with open_source(root, origin) as file:
        return Grid(f"EPSG:{file.crs.to_epsg()}", file.transform, file.shape)


def optical_band(name: str, table: Mapping[str, tuple[str, str, float, float, float]], **fields: Any) -> Band:
    """Return a spectral band described by a table of bands."""
    key, common, centre_um, width_um, gsd_m = table[name]
    nominal = {"description": "nominal wavelengths: the source does not state the sensor"}
    described = {
        "name": name,
        "common_name": common,
        "center_wavelength": centre_um,
        "full_width_half_max": width_um,
    } | (nominal if table is LANDSAT_ANY or table is CAMERA else {})
    return Band(key=key, gsd_m=gsd_m, eo=described, title=f"{key} ({name})", **fields)


def optical(place: str, quantity: str, **properties: Any) -> dict[str, Any]:
    """Return the properties that optical items share."""
    return {"terrascope:place": place, "terrascope:sensor": "optical", "terrascope:quantity": quantity} | properties


def radar(place: str, quantity: str, encoding: str, product: str, **properties: Any) -> dict[str, Any]:
    """Return the properties that radar items share."""
    return {
        "terrascope:place": place,
        "terrascope:sensor": "sar",
        "terrascope:quantity": quantity,
        "terrascope:encoding": encoding,
        "terrascope:formula": SAR_FORMULAS[encoding],
        "constellation": "sentinel-1",
        "instruments": ["c-sar"],
        "sar:instrument_mode": "IW",
        "sar:frequency_band": "C",
        "sar:center_frequency": 5.405,
        "sar:product_type": product,
        "sar:polarizations": ["VV", "VH"],
    } | properties


def bolzano(root: Path) -> Iterator[Draft]:
    """One Sentinel-2 L2A scene with its scene classification."""
    name, file = "bolzano-s2-2022-06-12", "s2-l2a-bolzano/S2_L2A_sample.tif"
    bands = [
        optical_band(
            b, SENTINEL_2, href=f"bolzano/{name}/{b}.tif", origin=Origin(file, i), dtype="uint16", nodata=0,
            scale=1e-4, unit="1",
        )
        for i, b in enumerate(("B04", "B03", "B02", "B08"), 1)
    ]  # fmt: skip
    scl = Band(
        key="scl", href=f"bolzano/{name}/SCL.tif", origin=Origin(file, 5), dtype="uint8", nodata=0, gsd_m=20.0,
        roles=("data-mask", "cloud"), title="scene classification (SCL)", classes=SCL_CLASSES,
    )  # fmt: skip
    cloud = np.isin(source_pixels(root, scl.origin), (8, 9, 10))
    properties = optical(
        "bolzano", "surface_reflectance", constellation="sentinel-2", instruments=["msi"], gsd=10.0,
        **day_of("2022-06-12"), **{"eo:cloud_cover": round(100 * float(cloud.mean()), 4)},
    )  # fmt: skip
    yield Draft(name, "bolzano", "sentinel-2-l2a", source_grid(root, scl.origin), (*bands, scl), properties)


def slovenia(root: Path) -> Iterator[Draft]:
    """Five Sentinel-2 L1C dates with cloud masks, and one land-cover reference."""
    folder = "s2-slovenia-timeseries"
    with np.load(root / folder / "timeseries.npz") as arrays:
        times = [str(t) for t in arrays["timestamps"]]
    lulc = Band(
        key="lulc", href="slovenia/reference/lulc.tif", origin=Origin(f"{folder}/lulc.tif"), dtype="uint8", nodata=0,
        roles=("reference",), title="land cover from the agricultural land-use register (RABA)", classes=LULC_CLASSES,
        credit="Ministry of Agriculture, Forestry and Food of Slovenia (RABA)",
    )  # fmt: skip
    for day in ("2015-07-11", "2015-07-31", "2015-08-20", "2015-08-30", "2015-09-09"):
        name, file = f"slovenia-s2-{day}", f"{folder}/s2_l1c_{day}.tif"
        with open_source(root, Origin(file)) as scene:
            when, names = scene.tags()["datetime"], scene.descriptions
        bands = [
            optical_band(
                b, SENTINEL_2, href=f"slovenia/{name}/{b}.tif", origin=Origin(file, i), dtype="uint16", nodata=65535,
                scale=1e-4, encode=1e4, unit="1",
            )
            for i, b in enumerate(names, 1)
        ]  # fmt: skip
        cloud = Band(
            key="cloud", href=f"slovenia/{name}/cloud.tif", dtype="uint8",
            origin=Origin(f"{folder}/timeseries.npz", times.index(when.removesuffix("Z")), "cloud_mask"),
            roles=("data-mask", "cloud"), title="cloud mask, 1 = cloud", classes=CLOUD_CLASSES,
        )  # fmt: skip
        share = float((source_pixels(root, cloud.origin) == 1).mean())
        properties = optical(
            "slovenia", "toa_reflectance", platform="sentinel-2a", constellation="sentinel-2", instruments=["msi"],
            gsd=10.0, datetime=when, **{"eo:cloud_cover": round(100 * share, 4)},
        )  # fmt: skip
        grid = source_grid(root, Origin(file))
        yield Draft(name, "slovenia", "sentinel-2-l1c", grid, (*bands, cloud, lulc), properties)


def pucallpa(root: Path) -> Iterator[Draft]:
    """Five Landsat composites."""
    for year in (1985, 1995, 2005, 2015, 2020):
        name, file = f"pucallpa-landsat-{year}", f"landsat-pucallpa-35years/{year}.tif"
        bands = [
            optical_band(b, LANDSAT_ANY, href=f"pucallpa/{name}/{b}.tif", origin=Origin(file, i), dtype="uint8")
            for i, b in enumerate(LANDSAT_ANY, 1)
        ]
        properties = optical("pucallpa", "display", constellation="landsat", gsd=89.2, **year_of(year))
        yield Draft(name, "pucallpa", "landsat-annual", source_grid(root, Origin(file)), tuple(bands), properties)


def belgium(root: Path) -> Iterator[Draft]:
    """Monthly Sentinel-2 and Sentinel-1 composites; no optical item where a month holds no data."""
    file = "s1-s2-belgium-monthly/worldcereal_preprocessed_inputs.nc"
    with open_source(root, Origin(file, layer="S2-L2A-B04")) as cube:
        days = [int(cube.tags(i)["NETCDF_DIM_t"]) for i in cube.indexes]
    grid = source_grid(root, Origin(file, layer="S2-L2A-B04"))
    for index, days_since_1990 in enumerate(days, 1):
        first = date(1990, 1, 1) + timedelta(days=days_since_1990)
        span = period(first, date(first.year + first.month // 12, first.month % 12 + 1, 1))
        name = f"belgium-s2-{first:%Y-%m}"
        bands = tuple(
            optical_band(
                b, SENTINEL_2, href=f"belgium/{name}/{b}.tif", origin=Origin(file, index, f"S2-L2A-{b}"),
                dtype="uint16", nodata=65535, scale=1e-4, unit="1",
            )
            for b in ("B02", "B03", "B04", "B05", "B06", "B07", "B08", "B11", "B12")
        )  # fmt: skip
        empty = [bool((source_pixels(root, b.origin) == b.nodata).all()) for b in bands]
        if not all(empty):
            properties = optical(
                "belgium", "surface_reflectance", constellation="sentinel-2", instruments=["msi"], gsd=10.0, **span
            )
            notes = ("optical: median of the month's pixels after the source masked clouds; there is no quality band",)
            yield Draft(name, "belgium", "sentinel-2-monthly", grid, bands, properties, notes)
        name = f"belgium-s1-{first:%Y-%m}"
        bands = tuple(
            Band(
                key=p.lower(), href=f"belgium/{name}/{p}.tif", origin=Origin(file, index, f"S1-SIGMA0-{p}"),
                dtype="uint16", nodata=65535, title=f"sigma0 {p}, amplitude code",
            )
            for p in ("VV", "VH")
        )  # fmt: skip
        properties = radar("belgium", "sigma0_ellipsoid", "amplitude_code", "GRD", gsd=10.0, **span)
        notes = (
            "radar: amplitude code, dB = 20 * log10(DN) - 83, of the mean power of the month's passes",
            "radar: the orbit is not stated by the source",
        )
        yield Draft(name, "belgium", "sentinel-1-monthly", grid, bands, properties, notes)


def santa_barbara(root: Path) -> Iterator[Draft]:
    """Twenty-one dates of OPERA RTC-S1."""
    folder = "s1-rtc-santa-barbara"
    facts = json.loads((root / folder / "dates.json").read_text(encoding="utf-8"))
    grid = source_grid(root, Origin(f"{folder}/VV.tif"))
    for index, when in enumerate(facts["acquisitions_utc"], 1):
        satellite = facts["files"]["VV"][index - 1].split("_")[6]
        name = f"santa-barbara-s1-{when[:10]}"
        bands = tuple(
            Band(
                key=p.lower(), href=f"santa-barbara/{name}/{p}.tif", origin=Origin(f"{folder}/{p}.tif", index),
                dtype="float32", nodata=float("nan"), unit="1", gsd_m=30.0, title=f"gamma0 {p}, linear power",
            )
            for p in ("VV", "VH")
        )  # fmt: skip
        orbit = {"sat:orbit_state": "ascending", "sat:relative_orbit": 137}
        properties = radar(
            "santa-barbara", "gamma0_rtc", "linear_power", "RTC", gsd=30.0, datetime=when,
            platform={"S1A": "sentinel-1a", "S1B": "sentinel-1b"}[satellite], **orbit,
        )  # fmt: skip
        bright = "brighter than all other dates (mean VV 0.32, else 0.17 to 0.20): probably wet ground, not land cover"
        notes = (f"{when[:10]} is {bright}",) if when.startswith("2023-01-01") else ()
        yield Draft(name, "santa-barbara", "sentinel-1-rtc", grid, bands, properties, notes)


def spain(root: Path) -> Iterator[Draft]:
    """One Sentinel-1 GRD and one Sentinel-2 L1C chip of a flood."""
    file = "sen1floods11-spain/Spain_7370579_S1Hand.tif"
    name = "spain-s1-2019-09-17"
    bands = tuple(
        Band(
            key=p.lower(), href=f"spain/{name}/{p}.tif", origin=Origin(file, i), dtype="float32", nodata=float("nan"),
            unit="dB", title=f"sigma0 {p}, dB",
        )
        for i, p in enumerate(("VV", "VH"), 1)
    )  # fmt: skip
    orbit = {"sat:orbit_state": "descending", "sat:relative_orbit": 110}
    properties = radar("spain", "sigma0_ellipsoid", "db", "GRD", gsd=10.0, **day_of("2019-09-17"), **orbit)
    notes = (
        "radar: sigma0 on the ellipsoid, from Google Earth Engine's GRD processing, already in dB: take no logarithm",
    )
    yield Draft(name, "spain", "sentinel-1-grd", source_grid(root, Origin(file)), bands, properties, notes)
    file = "sen1floods11-spain/Spain_7370579_S2Hand.tif"
    name = "spain-s2-2019-09-18"
    bands = tuple(
        optical_band(
            b, SENTINEL_2, href=f"spain/{name}/{b}.tif", origin=Origin(file, i), dtype="int16", nodata=0, scale=1e-4,
            unit="1",
        )
        for i, b in enumerate(SENTINEL_2, 1)
    )  # fmt: skip
    properties = optical(
        "spain", "toa_reflectance", constellation="sentinel-2", instruments=["msi"], gsd=10.0, **day_of("2019-09-18")
    )
    notes = ("optical: top-of-atmosphere reflectance, haze is in the values",)
    yield Draft(name, "spain", "sentinel-2-l1c", source_grid(root, Origin(file)), bands, properties, notes)


def taizhou(root: Path) -> Iterator[Draft]:
    """Two Landsat 5 TM images, and labelled samples of change on the later one."""
    folder = "landsat-taizhou-change"
    for year in (2000, 2003):
        name, file = f"taizhou-landsat-{year}", f"{folder}/landsat5_tm_{year}.tif"
        bands = [
            optical_band(b, LANDSAT_TM, href=f"taizhou/{name}/{b}.tif", origin=Origin(file, i), dtype="uint8")
            for i, b in enumerate(LANDSAT_TM, 1)
        ]
        if year == 2003:
            change = Band(
                key="change_reference", href=f"taizhou/{name}/change_reference.tif", dtype="uint8", nodata=0,
                origin=Origin(f"{folder}/change_reference.tif"), gsd_m=30.0, roles=("reference",),
                title="labelled samples of change, 2000 to 2003", classes=CHANGE_CLASSES,
                credit="Wu, Du, Zhang 2014 (IEEE TGRS 52:2858)",
            )  # fmt: skip
            bands.append(change)
        properties = optical(
            "taizhou", "display", platform="landsat-5", constellation="landsat", instruments=["tm"], gsd=30.0,
            **year_of(year),
        )  # fmt: skip
        yield Draft(name, "taizhou", "landsat-tm", source_grid(root, Origin(file)), tuple(bands), properties)


def kampala(root: Path) -> Iterator[Draft]:
    """One drone picture."""
    name, file = "kampala-drone", "vhr-kampala-buildings/image.tif"
    bands = [
        optical_band(b, CAMERA, href=f"kampala/{name}/{b}.tif", origin=Origin(file, i), dtype="uint8")
        for i, b in enumerate(CAMERA, 1)
    ]
    span = period(date(2015, 1, 1), date(2025, 1, 1))
    properties = optical("kampala", "display", platform="drone", gsd=0.149, **span)
    yield Draft(name, "kampala", "openaerialmap", source_grid(root, Origin(file)), tuple(bands), properties)


DRAFTERS = (bolzano, slovenia, pucallpa, belgium, santa_barbara, spain, taizhou, kampala)


# --- writing ----------------------------------------------------------------------------------------------------------


def stored_codes(band: Band, pixels: np.ndarray) -> np.ndarray:
    """Return what is written for the source's pixels.

    Raises:
        ValueError: A value would not come back from its code.
    """
    if band.encode is None:
        codes = pixels.astype(band.dtype)
        if not np.array_equal(codes, pixels, equal_nan=pixels.dtype.kind == "f"):
            raise ValueError(f"{band.href}: {pixels.dtype} values do not fit {band.dtype}")
        return codes
    codes = np.round(pixels.astype(np.float64) * band.encode)
    if codes.min() < 0 or codes.max() >= 65535 or not np.array_equal(decoded(band, codes), pixels):
        raise ValueError(f"{band.href}: codes of {1 / band.encode} do not give back the source")
    return codes.astype(band.dtype)


def decoded(band: Band, codes: np.ndarray) -> np.ndarray:
    """Return the source's values from stored codes."""
    return codes if band.encode is None else (codes.astype(np.float64) * band.scale).astype(np.float32)


def write_cog(out: Path, band: Band, grid: Grid, codes: np.ndarray) -> None:
    """Write one single-band COG."""
    path = out / band.href
    path.parent.mkdir(parents=True, exist_ok=True)
    large = max(grid.shape) > 512
    predictor = "NO" if band.classes else "FLOATING_POINT" if codes.dtype.kind == "f" else "STANDARD"
    with rasterio.open(
        path, "w", driver="COG", height=grid.shape[0], width=grid.shape[1], count=1, dtype=band.dtype, crs=grid.crs,
        transform=grid.transform, nodata=band.nodata, compress="DEFLATE", level=9, predictor=predictor,
        blocksize=512 if large else 256, overviews="AUTO" if max(grid.shape) >= OVERVIEWS_FROM_PX else "NONE",
        overview_resampling="NEAREST" if band.classes else "AVERAGE",
    ) as file:  # fmt: skip
        file.write(codes, 1)
        file.set_band_description(1, band.title)


def lonlat_bounds(grid: Grid) -> list[float]:
    """Return (west, south, east, north) of a grid in degrees, to 8 decimals (about a millimetre)."""
    height, width = grid.shape
    left, top = grid.transform @ (0, 0)
    right, bottom = grid.transform @ (width, height)
    to_lonlat = pyproj.Transformer.from_crs(grid.crs, "EPSG:4326", always_xy=True)
    return [round(v, 8) for v in to_lonlat.transform_bounds(left, bottom, right, top, densify_pts=21)]


def outline(grid: Grid) -> dict[str, Any]:
    """Return the footprint of a grid as GeoJSON, counter-clockwise."""
    height, width = grid.shape
    corners = [(0, height), (width, height), (width, 0), (0, 0), (0, height)]
    to_lonlat = pyproj.Transformer.from_crs(grid.crs, "EPSG:4326", always_xy=True)
    ring = [[round(v, 8) for v in to_lonlat.transform(*(grid.transform @ c))] for c in corners]
    return {"type": "Polygon", "coordinates": [ring]}


def ground_pixel_m(grid: Grid) -> float:
    """Return the side of a square as large as the ground pixel at the centre, in metres."""
    if grid.crs not in ("EPSG:4326", "EPSG:3857"):
        return round(float(np.sqrt(abs(grid.transform.a * grid.transform.e))), 4)
    row, column = grid.shape[0] / 2, grid.shape[1] / 2
    to_lonlat = pyproj.Transformer.from_crs(grid.crs, "EPSG:4326", always_xy=True)
    corners = [(column, row), (column + 1, row), (column, row + 1)]
    (x0, y0), (x1, y1), (x2, y2) = (to_lonlat.transform(*(grid.transform @ c)) for c in corners)
    geod = pyproj.Geod(ellps="WGS84")
    width, height = geod.inv(x0, y0, x1, y1)[2], geod.inv(x0, y0, x2, y2)[2]
    return round(float(np.sqrt(width * height)), 4)


def asset_of(band: Band, grid: Grid) -> dict[str, Any]:
    """Return the STAC asset of a band."""
    described: dict[str, Any] = {"data_type": band.dtype, "spatial_resolution": ground_pixel_m(grid)}
    if band.nodata is not None and not np.isnan(band.nodata):
        described["nodata"] = int(band.nodata)
    if band.scale is not None:
        described |= {"scale": band.scale, "offset": 0.0}
    if band.unit is not None:
        described["unit"] = band.unit
    asset: dict[str, Any] = {
        "href": band.href,
        "type": COG,
        "title": band.title,
        "roles": list(band.roles),
        "gsd": band.gsd_m,
        "raster:bands": [described],
    }
    if band.eo is not None:
        asset["eo:bands"] = [dict(band.eo)]
    if band.classes is not None:
        asset["classification:classes"] = [{"value": v, "name": n} for v, n in band.classes.items()]
    if band.credit is not None:
        asset["terrascope:attribution"] = band.credit
    return asset


def item_of(draft: Draft) -> dict[str, Any]:
    """Return the STAC item of a draft."""
    place = PLACES[draft.place]
    uses = ["projection/v2.0.0", "raster/v1.1.0"]
    if draft.properties["terrascope:sensor"] == "optical":
        uses.append("eo/v1.1.0")
    else:
        uses.append("sar/v1.0.0")
    if "sat:orbit_state" in draft.properties:
        uses.append("sat/v1.0.0")
    if any(b.classes for b in draft.bands):
        uses.append("classification/v2.0.0")
    own = {
        "proj:code": draft.grid.crs,
        "proj:shape": list(draft.grid.shape),
        "proj:transform": list(draft.grid.transform[:6]),
        "terrascope:attribution": place.attribution,
        "terrascope:license": place.license,
        "terrascope:source": place.source,
        "terrascope:notes": [*draft.notes, *place.traps],
    }
    return {
        "type": "Feature",
        "stac_version": STAC_VERSION,
        "stac_extensions": [EXTENSION.format(u) for u in uses],
        "id": draft.id,
        "collection": draft.collection,
        "bbox": lonlat_bounds(draft.grid),
        "geometry": outline(draft.grid),
        "properties": {**draft.properties, **own},
        "links": [
            {"rel": "collection", "href": f"collections/{draft.collection}.json", "type": "application/json"},
        ],
        "assets": {b.key: asset_of(b, draft.grid) for b in draft.bands},
    }


def collection_of(name: str, items: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the STAC collection that holds the items."""
    title, terms = COLLECTIONS[name]
    boxes = np.array([i["bbox"] for i in items])
    starts = sorted(i["properties"].get("start_datetime", i["properties"]["datetime"]) for i in items)
    ends = sorted(i["properties"].get("end_datetime", i["properties"]["datetime"]) for i in items)
    places = sorted({i["properties"]["terrascope:place"] for i in items})
    return {
        "type": "Collection",
        "stac_version": STAC_VERSION,
        "id": name,
        "title": title,
        "description": f"{title}. Bundled with terrascope_sdk: {len(items)} scenes of {', '.join(places)}.",
        "license": terms,
        "extent": {
            "spatial": {"bbox": [[*boxes[:, :2].min(axis=0).tolist(), *boxes[:, 2:].max(axis=0).tolist()]]},
            "temporal": {"interval": [[starts[0], ends[-1]]]},
        },
        "summaries": {
            "gsd": sorted({i["properties"]["gsd"] for i in items}),
            "terrascope:quantity": sorted({i["properties"]["terrascope:quantity"] for i in items}),
        },
        "links": [
            {"rel": "items", "href": "../items.parquet", "type": "application/vnd.apache.parquet"},
            {"rel": "license", "href": "../NOTICE", "type": "text/plain"},
        ],
    }


def _shown_date(properties: Mapping[str, Any]) -> str:
    """Return a date no more precise than it is known."""
    if "start_datetime" not in properties:
        return str(properties["datetime"][:10])
    start, end = properties["start_datetime"][:10], properties["end_datetime"][:10]
    if start == end:
        return str(start)
    if start[:7] == end[:7]:
        return str(start[:7])
    return str(start[:4]) if start[:4] == end[:4] else "date unknown"


def place_record(place: Place, items: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the entry of places.json."""
    facts = [i["properties"] for i in items]
    boxes = np.array([i["bbox"] for i in items])
    return {
        "name": place.name,
        "title": place.title,
        "description": place.description,
        "country": place.country,
        "bbox": [*boxes[:, :2].min(axis=0).tolist(), *boxes[:, 2:].max(axis=0).tolist()],
        "dates": sorted({_shown_date(p) for p in facts}),
        "sensors": sorted({p["terrascope:sensor"] for p in facts}),
        "quantity": sorted({p["terrascope:quantity"] for p in facts}),
        "collections": sorted({str(i["collection"]) for i in items}),
        "gsd_m": min(p["gsd"] for p in facts),
        "attribution": place.attribution,
        "license": place.license,
        "good_for": list(place.good_for),
        "traps": [*dict.fromkeys(n for p in facts for n in p["terrascope:notes"])],
    }


def notice() -> str:
    """Return the NOTICE: terms, credit, citation and source of every scene."""
    parts = [
        "NOTICE of the imagery bundled with terrascope_sdk\n",
        "Each scene keeps its own terms. Show its credit line with pictures and numbers made from it. The files were\n"
        "rewritten as single-band Cloud-Optimized GeoTIFFs; no value was changed. Places, by name:\n",
    ]
    for place in PLACES.values():
        lines = [
            f"== {place.name}: {place.title}",
            f"credit:   {place.attribution}",
            f"license:  {place.license}",
            f"terms:    {place.license_text}",
            f"source:   https://{place.source.replace('@', ' at commit ')}",
        ]
        if place.citation:
            lines.append(f"cite:     {place.citation}")
        lines += [f"          {line}" for line in place.copyright]
        parts.append("\n".join(lines) + "\n")
    holders = ", ".join(p.name for p in PLACES.values() if p.copyright)
    parts.append(f"== MIT License of the data packages behind {holders}; copyright lines above\n\n{MIT_TEXT}")
    return "\n".join(parts)


def _write_json(path: Path, document: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def write_all(root: Path, out: Path, drafts: Sequence[Draft]) -> list[dict[str, Any]]:
    """Write files, items, collections, places and NOTICE; return the items."""
    for name in (*PLACES, "collections"):
        shutil.rmtree(out / name, ignore_errors=True)
    written: set[str] = set()
    for draft in drafts:
        for band in draft.bands:
            if band.href not in written:  # the reference map is shared by all dates
                write_cog(out, band, draft.grid, stored_codes(band, source_pixels(root, band.origin)))
                written.add(band.href)
    items = sorted((item_of(d) for d in drafts), key=lambda i: (i["properties"]["terrascope:place"], i["id"]))
    rustac.write_sync(str(out / "items.parquet"), items)
    for name in COLLECTIONS:
        _write_json(
            out / "collections" / f"{name}.json", collection_of(name, [i for i in items if i["collection"] == name])
        )
    records = [
        place_record(p, [i for i in items if i["properties"]["terrascope:place"] == p.name]) for p in PLACES.values()
    ]
    _write_json(out / "places.json", records)
    (out / "NOTICE").write_text(notice(), encoding="utf-8")
    return items


# --- checking ---------------------------------------------------------------------------------------------------------


def file_problems(root: Path, out: Path, band: Band, grid: Grid) -> list[str]:
    """Return how a written file differs from its source."""
    found = []
    with rasterio.open(out / band.href) as file:
        codes = file.read(1)
        if (f"EPSG:{file.crs.to_epsg()}", file.transform, file.shape) != (grid.crs, grid.transform, grid.shape):
            found.append("grid differs")
        if file.tags(ns="IMAGE_STRUCTURE").get("LAYOUT") != "COG":
            found.append("no COG")
        nodata = None if band.nodata is None else float(band.nodata)
        if file.dtypes[0] != band.dtype or repr(file.nodata) != repr(nodata):  # repr, because NaN is not NaN
            found.append(f"dtype or nodata differs: {file.dtypes[0]}, {file.nodata}")
    source = source_pixels(root, band.origin)
    if not np.array_equal(decoded(band, codes), source, equal_nan=source.dtype.kind == "f"):
        found.append("values differ")
    if band.nodata is not None and band.encode is not None and bool((codes == band.nodata).any()):
        found.append("a legal value has the nodata code")
    return [f"{band.href}: {text}" for text in found]


def _plain(value: Any) -> Any:
    return json.loads(json.dumps(value))


def item_problems(out: Path, items: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return what is wrong with the catalogue as it reads back."""
    found = []
    back = {i["id"]: i for i in _plain(rustac.read_sync(str(out / "items.parquet"))["features"])}
    validator = JsonSchemaSTACValidator()
    for item in items:
        if back.get(item["id"]) != _plain(item):
            found.append(f"{item['id']}: reads back differently")
            continue
        pystac.Item.from_dict(_plain(item))
        validator.validate_core(_plain(item), STACObjectType.ITEM, STAC_VERSION)
    for name in COLLECTIONS:
        document = json.loads((out / "collections" / f"{name}.json").read_text(encoding="utf-8"))
        pystac.Collection.from_dict(document)
        validator.validate_core(document, STACObjectType.COLLECTION, STAC_VERSION)
    return found


def folder_problems(root: Path, out: Path) -> list[str]:
    """Return what is wrong with the folder as a whole."""
    files = [p for p in out.rglob("*") if p.is_file()]
    size = sum(p.stat().st_size for p in files)
    found = [] if size <= MAX_BYTES else [f"{size} bytes are more than {MAX_BYTES}"]
    paths = [str(p.resolve()).encode() for p in (root, out)]
    found += [f"{p.name} holds a machine path" for p in files if any(text in p.read_bytes() for text in paths)]
    return found


def summary(out: Path, items: Sequence[Mapping[str, Any]], problems: Sequence[str]) -> dict[str, Any]:
    """Return what was made, for printing."""
    sizes = {
        name: {
            "items": sum(i["properties"]["terrascope:place"] == name for i in items),
            "files": sum(p.is_file() for p in (out / name).rglob("*")),
            "bytes": sum(p.stat().st_size for p in (out / name).rglob("*") if p.is_file()),
        }
        for name in PLACES
    }
    total = sum(p.stat().st_size for p in out.rglob("*") if p.is_file())
    return {"items": len(items), "total_bytes": total, "places": sizes, "problems": list(problems)}


def main() -> int:
    """Make the catalogue and check it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=Path, required=True, help="folder with the raw scenes")
    parser.add_argument("--out", type=Path, required=True, help="for example terrascope_sdk/stac/data")
    given = parser.parse_args()
    warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)  # the netCDF file itself has no grid
    drafts = [draft for drafter in DRAFTERS for draft in drafter(given.source)]
    items = write_all(given.source, given.out, drafts)
    problems = [p for d in drafts for b in d.bands for p in file_problems(given.source, given.out, b, d.grid)]
    problems += item_problems(given.out, items) + folder_problems(given.source, given.out)
    print(json.dumps(summary(given.out, items, problems), indent=1))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
