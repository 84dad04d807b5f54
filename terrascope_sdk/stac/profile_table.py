"""The collections that work out of the box: who calls what how, and what the codes mean.

``verified`` is set only where a recorded document of the collection is among the tests; the page on catalogues lists
both kinds.
"""

from __future__ import annotations

from dataclasses import replace

from terrascope_sdk.stac.profiles import CollectionProfile

__all__ = ["built_in_profiles"]

_SENTINEL_TERMS = "Copernicus Sentinel data terms"
_SENTINEL_CREDIT = "Contains modified Copernicus Sentinel data {year}"
_LANDSAT_TERMS = "public domain (USGS Landsat)"
_LANDSAT_CREDIT = "Landsat courtesy of the U.S. Geological Survey"

_NAMED = (
    "coastal",
    "blue",
    "green",
    "red",
    "rededge1",
    "rededge2",
    "rededge3",
    "nir",
    "nir08",
    "nir09",
    "swir16",
    "swir22",
)
_S2_NUMBERED = dict(
    zip(("B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B09", "B11", "B12"), _NAMED, strict=True)
)
_S2_FINEST_M = {"B01": 60, "B05": 20, "B06": 20, "B07": 20, "B8A": 20, "B09": 60, "B10": 60, "B11": 20, "B12": 20}
_LANDSAT_NAMED = {name: name for name in ("coastal", "blue", "green", "red", "nir08", "swir16", "swir22")}
_POLARISATIONS = {name: name for name in ("vv", "vh", "hh", "hv")}

_S2 = CollectionProfile(
    catalog="*", collections=("S2MSI2A",), sensor="optical", quantity="surface_reflectance", scaling="sentinel2",
    quality={"scl": "scl", "SCL": "scl", "SCL_20m": "scl", "scl_20m": "scl", "scl_60m": "scl"},
    gsd_m=10.0, revisit_days=5.0, nodata=0.0, dtype="uint16", license=_SENTINEL_TERMS, attribution=_SENTINEL_CREDIT,
    verified=True, baselines=("02.12", "04.00"),
)  # fmt: skip
_S2_L1C = replace(
    _S2, collections=("S2MSI1C",), quantity="toa_reflectance", quality={}, verified=False, baselines=(),
    notes=("top-of-atmosphere reflectance: haze is in the values",),
)  # fmt: skip
_GRD = CollectionProfile(
    catalog="*", collections=("sentinel-1 GRD", "sentinel1-grd"), sensor="sar", quantity="sigma0_ellipsoid",
    scaling="as_stored", encoding="amplitude_dn", gsd_m=10.0, revisit_days=6.0, nodata=0.0, dtype="uint16",
    license=_SENTINEL_TERMS, attribution=_SENTINEL_CREDIT, verified=True,
    notes=("radar: GRD amplitudes in radar geometry, calibrated to sigma0 on the ellipsoid, not terrain-corrected",),
)  # fmt: skip
_RTC = replace(
    _GRD, collections=("sentinel1-rtc-aws",), quantity="gamma0_rtc", encoding="linear_power", dtype="float32",
    bands={"gamma0_vv": "vv", "gamma0_vh": "vh"}, gsd_m=20.0,
    notes=("radar: stored as linear power: averages belong there",),
)  # fmt: skip
_LANDSAT = CollectionProfile(
    catalog="*", collections=("landsat-c2-l2 by properties",), sensor="optical",
    quantity="surface_reflectance", scaling="landsat_c2_l2", quality={"qa_pixel": "qa_pixel", "QA_PIXEL": "qa_pixel"},
    gsd_m=30.0, revisit_days=8.0, nodata=0.0, dtype="uint16", license=_LANDSAT_TERMS, attribution=_LANDSAT_CREDIT,
    verified=True,
)  # fmt: skip
_HLS_S30 = CollectionProfile(
    catalog="*", collections=("HLSS30_2.0", "HLSS30.v2.0", "HLSS30"), sensor="optical", quantity="surface_reflectance",
    scaling="hls", bands={k: v for k, v in _S2_NUMBERED.items() if v != "nir09"}, quality={"Fmask": "fmask"},
    gsd_m=30.0, revisit_days=3.0, nodata=-9999.0, dtype="int16",
    license="public domain (NASA HLS); Copernicus Sentinel data terms",
    attribution="HLS data courtesy of NASA LP DAAC; contains modified Copernicus Sentinel data {year}",
)  # fmt: skip
_HLS_L30 = replace(
    _HLS_S30, collections=("HLSL30_2.0", "HLSL30.v2.0", "HLSL30"), license="public domain (NASA HLS, USGS Landsat)",
    bands={f"B{i:02d}": name for i, name in enumerate(_LANDSAT_NAMED, start=1)},
    attribution="HLS data courtesy of NASA LP DAAC; Landsat courtesy of the U.S. Geological Survey",
)  # fmt: skip
_NAIP = CollectionProfile(
    catalog="*", collections=("naip",), sensor="optical", quantity="display", scaling="display", encoding="display",
    bands={"image": ("red", "green", "blue", "nir")}, gsd_m=1.0, revisit_days=730.0, dtype="uint8",
    license="public domain (USDA NAIP)", attribution="National Agriculture Imagery Program, USDA",
    notes=("display values: aerial photographs stretched to 8 bits, so thresholds known from reflectance do not hold",),
)  # fmt: skip
_DEM_30 = CollectionProfile(
    catalog="*", collections=("cop-dem-glo-30", "cop-dem-glo-30-dged-cog"), sensor="elevation", quantity="elevation",
    scaling="as_stored", encoding="elevation", bands={"data": "elevation"}, gsd_m=30.0, dtype="float32",
    license="Copernicus DEM licence",
    attribution="Copernicus DEM, (c) DLR 2010-2014 and (c) Airbus Defence and Space 2014-2018, provided under "
    "Copernicus by the European Union and ESA",
    notes=("a surface model: roofs and tree tops, not the ground, in metres above EGM2008",),
)  # fmt: skip
_DEM_90 = replace(_DEM_30, collections=("cop-dem-glo-90", "cop-dem-glo-90-dged-cog"), gsd_m=90.0)


def _at(profile: CollectionProfile, catalog: str, *collections: str, verified: bool = False) -> CollectionProfile:
    return replace(profile, catalog=catalog, collections=collections, verified=verified, baselines=())


def _earth_search() -> tuple[CollectionProfile, ...]:
    named = {name: name for name in _NAMED}
    s2 = replace(_at(_S2, "earth-search", "sentinel-2-l2a"), bands=named, quality={"scl": "scl"})
    return (
        replace(s2, verified=True, baselines=("05.09", "05.11")),
        replace(s2, collections=("sentinel-2-c1-l2a",), verified=True, baselines=("05.11",)),
        replace(s2, collections=("sentinel-2-pre-c1-l2a",)),
        replace(
            _at(_S2_L1C, "earth-search", "sentinel-2-l1c", verified=True),
            bands=named | {"cirrus": "cirrus"}, baselines=("05.11",),
        ),
        replace(_at(_GRD, "earth-search", "sentinel-1-grd", verified=True), bands=_POLARISATIONS),
        replace(_at(_LANDSAT, "earth-search", "landsat-c2-l2", verified=True), bands=_LANDSAT_NAMED),
        _at(_NAIP, "earth-search", "naip"),
        _at(_DEM_30, "earth-search", "cop-dem-glo-30"),
        _at(_DEM_90, "earth-search", "cop-dem-glo-90"),
    )  # fmt: skip


def _planetary_computer() -> tuple[CollectionProfile, ...]:
    landsat8 = {f"SR_B{i}": name for i, name in enumerate(_LANDSAT_NAMED, start=1)}
    here = "planetary-computer"
    return (
        replace(
            _at(_S2, here, "sentinel-2-l2a", verified=True),
            bands=_S2_NUMBERED, quality={"SCL": "scl"}, baselines=("02.12",),
        ),
        replace(_at(_GRD, here, "sentinel-1-grd"), bands=_POLARISATIONS),
        replace(_at(_RTC, here, "sentinel-1-rtc"), bands=_POLARISATIONS, gsd_m=10.0, nodata=-32768.0),
        replace(_at(_LANDSAT, here, "landsat-c2-l2"), bands=_LANDSAT_NAMED),
        replace(_at(_LANDSAT, here, "landsat-8-c2-l2", verified=True), bands=landsat8),
        _at(_HLS_S30, here, "hls2-s30"),
        _at(_HLS_L30, here, "hls2-l30"),
        _at(_NAIP, here, "naip"),
        _at(_DEM_30, here, "cop-dem-glo-30"),
        _at(_DEM_90, here, "cop-dem-glo-90"),
    )  # fmt: skip


def _copernicus() -> tuple[CollectionProfile, ...]:
    sized = {f"{number}_{_S2_FINEST_M.get(number, 10)}m": name for number, name in _S2_NUMBERED.items()}
    plain = _S2_NUMBERED | {"B10": "cirrus"}
    here = "copernicus"
    return (
        replace(_at(_S2, here, "sentinel-2-l2a"), bands=sized, quality={"SCL_20m": "scl"}),
        replace(_at(_S2_L1C, here, "sentinel-2-l1c"), bands=plain),
        replace(_at(_GRD, here, "sentinel-1-grd"), bands=_POLARISATIONS),
        _at(_DEM_30, here, "cop-dem-glo-30-dged-cog"),
        _at(_DEM_90, here, "cop-dem-glo-90-dged-cog"),
    )


def built_in_profiles() -> tuple[CollectionProfile, ...]:
    """Return the profiles of this package, catalogue by catalogue, those for any catalogue last."""
    return (
        *_earth_search(), *_planetary_computer(), *_copernicus(),
        replace(_at(_LANDSAT, "landsatlook", "landsat-c2l2-sr", verified=True), bands=_LANDSAT_NAMED),
        _S2, _S2_L1C, _GRD, _RTC, _LANDSAT, _HLS_S30, _HLS_L30, _NAIP, _DEM_30, _DEM_90,
    )  # fmt: skip
