"""One scene's pixels on a grid: stored codes read, made physical, and told apart from what was not seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from terrascope_sdk.errors import InputError, ParseError
from terrascope_sdk.stac.access import Access
from terrascope_sdk.stac.describe import Band, Reading
from terrascope_sdk.stac.footprint import covered, item_grid
from terrascope_sdk.stac.grd import RELIEF_M, parse_calibration, read_grd
from terrascope_sdk.stac.quality import cloud_edge_m, clouded_by, dilated, quality_bands
from terrascope_sdk.stac.radiometry import sar_encodings, to_decibel, to_reflectance
from terrascope_sdk.stac.reading import BandCodes, Source, raster_name, read_band
from terrascope_sdk.types import PixelGrid, Scene

__all__ = ["ScenePixels", "assets_of", "calibration_asset", "read_scene", "sources_of"]

_COARSER = 1.5
"""A grid whose pixels are this many times wider than a band's takes the mean of what lies under each pixel."""


_QUALITY_CODES: dict[str, tuple[str, float]] = {
    "scl": ("uint8", 0), "cloud": ("uint8", 0), "fmask": ("uint8", 255), "qa_pixel": ("uint16", 1),
}  # fmt: skip
"""Type of a quality band's codes, and the code outside the scene, by rule."""


@dataclass(frozen=True)
class ScenePixels:
    """What was not seen of one scene, and what was done to it; its values were written where the caller said."""

    missing: np.ndarray
    """No measurement, or hidden where clouds are masked, bool [y x]."""

    clouded: np.ndarray | None
    """Cloud or shadow by the quality band, bool [y x]; None without one."""

    notes: tuple[str, ...]
    """In sentence fragments."""


def calibration_asset(band: Band) -> str:
    """Return the name of the asset that holds the calibration annotation of a GRD band."""
    return f"schema-calibration-{band.name}"


def assets_of(reading: Reading, bands: Sequence[Band]) -> list[str]:
    """Return the names of the assets that are read for bands: their own, the quality band, the calibration."""
    names = [b.asset for b in bands]
    names += [calibration_asset(b) for b in bands if b.encoding == "amplitude_dn"]
    return list(dict.fromkeys([*names, *([reading.quality.asset] if reading.quality else [])]))


def sources_of(reading: Reading, bands: Sequence[Band], grid: PixelGrid, hrefs: Mapping[str, str]) -> list[Source]:
    """Return how each band, and the quality band, is carried to a grid.

    Reflectance and linear power are interpolated, or averaged onto coarser pixels; classes and decibels are never
    mixed.
    """
    pixel = max(grid.pixel_size_m) if grid.crs else 0.0
    made = []
    for band in bands:
        linear = band.encoding in ("reflectance", "display", "linear_power")
        coarse = pixel > _COARSER * (band.gsd_m or reading.gsd_m)
        how = "nearest" if not linear else "average" if coarse else "bilinear"
        made.append(Source(band.name, hrefs[band.asset], band.index, band.dtype, band.nodata, how))
    if reading.quality is not None and reading.quality.asset in hrefs:
        dtype, fill = _QUALITY_CODES[reading.quality.rule]
        made.append(Source("quality", hrefs[reading.quality.asset], dtype=dtype, nodata=fill))
    return made


def read_scene(
    scene: Scene,
    reading: Reading,
    bands: Sequence[Band],
    *,
    hrefs: Mapping[str, str],
    files: Access,
    out: np.ndarray,
    grid: PixelGrid,
    mask_clouds: bool,
) -> ScenePixels:
    """Read one scene into an array.

    Args:
        scene: What to read.
        reading: What its codes mean.
        bands: Which of its bands, in the order of the array.
        hrefs: Link or path of each asset.
        files: How links become files.
        out: Where values go, float32 [band y x]: reflectance, display values or dB; NaN where there is none.
        grid: Where the pixels lie.
        mask_clouds: Whether what the quality band flags counts as missing.

    Raises:
        InputError: Pixels are complex, or no calibration is at hand.
        RasterError: A file cannot be read.
        CatalogError: A server did not answer.
    """
    notes = [*scene.notes, *reading.notes]
    quality = own = None  # in radar geometry there is no true grid, whatever the fields say
    if any(b.encoding == "amplitude_dn" for b in bands):
        notes += _grd(scene, bands, hrefs=hrefs, files=files, out=out, grid=grid)
    else:
        quality, own = _plain(scene, reading, bands, hrefs=hrefs, files=files, out=out, grid=grid)
    if reading.sensor == "sar":
        kinds = {b.encoding for b in bands} & set(sar_encodings)
        notes += [f"backscatter: {sar_encodings[k]}" for k in sorted(kinds)]
    else:
        codes = {f"values: code x {b.scale:g} + {b.offset:g}" for b in bands}
        notes += sorted(codes)
    missing = np.zeros(grid.shape, bool) if own is None else ~covered(grid, own)
    if quality is None or reading.quality is None:
        return ScenePixels(missing, None, tuple(notes))
    rule = reading.quality.rule
    clouded, unmeasured = clouded_by(rule, quality)
    clouded = dilated(clouded, gsd_m=grid.pixel_size_m, distance_m=cloud_edge_m[rule]) & ~missing & ~unmeasured
    missing = missing | unmeasured
    if mask_clouds:
        missing = missing | clouded
        notes.append(f"hidden by quality band {reading.quality.asset}: {quality_bands[rule]}")
    return ScenePixels(missing, clouded, tuple(notes))


def _plain(
    scene: Scene,
    reading: Reading,
    bands: Sequence[Band],
    *,
    hrefs: Mapping[str, str],
    files: Access,
    out: np.ndarray,
    grid: PixelGrid,
) -> tuple[np.ndarray | None, PixelGrid | None]:
    """Fill `out` from files that lie on a map; return the codes of the quality band, and the scene's own grid."""
    complex_bands = [b.name for b in bands if b.encoding == "complex"]
    if complex_bands:
        raise InputError(
            f"{scene.id}: the pixels of {', '.join(complex_bands)} are complex.",
            hint="Use a product of detected intensity, such as GRD or RTC, or convert with abs(pixels) ** 2.",
        )
    places = {b.name: i for i, b in enumerate(bands)}

    def carry(source: Source) -> tuple[np.ndarray | None, PixelGrid | None]:
        made = read_band(source, grid, scene=scene.id, openers=files.opener)
        if source.name == "quality":
            whole = np.full(grid.shape, source.nodata, made.codes.dtype)
            whole[made.part] = made.codes
            return whole, None
        band, target = bands[places[source.name]], out[places[source.name]]
        if made.codes.shape != target.shape:
            target[...] = np.nan
        _convert(made, band, reading.sensor, target[made.part])
        return None, made.grid

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(carry, sources_of(reading, bands, grid, hrefs)))
    stated = item_grid(scene.item, bands[0].asset)
    own = stated if stated is not None else next((g for _, g in found if g is not None), None)
    return next((q for q, _ in found if q is not None), None), own


def _convert(made: BandCodes, band: Band, sensor: str, out: np.ndarray) -> None:
    if sensor == "sar":
        to_decibel(made.codes, encoding=band.encoding, nodata=made.nodata, out=out)
    else:
        to_reflectance(made.codes, nodata=made.nodata, scale=band.scale, offset=band.offset, out=out)


def _grd(
    scene: Scene,
    bands: Sequence[Band],
    *,
    hrefs: Mapping[str, str],
    files: Access,
    out: np.ndarray,
    grid: PixelGrid,
) -> list[str]:
    """Fill `out` from files in radar geometry, and return notes."""
    relief, frame = 0.0, None
    for place, band in sorted(enumerate(bands), key=lambda b: b[1].name not in ("vv", "hh")):
        annotation = hrefs.get(calibration_asset(band))
        if annotation is None:
            raise InputError(
                f"{scene.id} comes without the calibration annotation of {band.name} (asset "
                f"{calibration_asset(band)!r}), so its codes have no physical meaning.",
                hint="Use the terrain-corrected collection instead, for example sentinel-1-rtc of planetary-computer.",
            )
        try:
            table = parse_calibration(files.read_bytes(annotation))
        except ParseError as err:
            raise ParseError(f"{scene.id}: {err}") from err
        with raster_name(hrefs[band.asset], files.opener) as name:
            image = read_grd(name, table, grid, frame=frame)
        frame = image.frame
        to_decibel(image.power, encoding="linear_power", nodata=None, out=out[place])
        relief = max(relief, image.relief_m)
    notes = [
        "sigma0 on the ellipsoid from the product's calibration annotation, border noise taken out; "
        "not corrected for terrain or thermal noise"
    ]
    if relief > RELIEF_M:
        notes.append(
            f"warning: heights around the area differ by {relief:.0f} m, so slopes are displaced and their backscatter "
            "is wrong; use a terrain-corrected product (RTC)"
        )
    return notes
