"""What the bands of an image file are: recognised by their names, the file's name and its types, or refused.

A layout is taken only where file and format say what the pixels are; an unknown order of bands, an unknown scale or an
unknown SAR calibration is an error and not a guess.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from terrascope_sdk.errors import InputError
from terrascope_sdk.stac.rasters import Raster
from terrascope_sdk.types.scene import Sensor

__all__ = ["Layout", "find_layout"]

_SENTINEL_2 = {
    "B02": "blue", "B03": "green", "B04": "red", "B05": "rededge071", "B06": "rededge075", "B07": "rededge078",
    "B08": "nir", "B8A": "nir08", "B11": "swir16", "B12": "swir22",
}  # fmt: skip
_SENTINEL_2_ALL = {*_SENTINEL_2, "B01", "B09", "B10"}
_LANDSAT = {
    "LC": ("", "", "blue", "green", "red", "nir", "swir16", "swir22"),
    "LE": ("", "blue", "green", "red", "nir", "swir16", "", "swir22"),
    "LT": ("", "blue", "green", "red", "nir", "swir16", "", "swir22"),
}
_COLOURS = ("red", "green", "blue", "nir", "swir16", "swir22")
_ALIASES = {"swir1": "swir16", "swir2": "swir22", "near infrared": "nir", "nir1": "nir"}
_LANDSAT_PIECE = re.compile(r"^(?P<mission>LC|LE|LT)\d{2}_L2S[PR]_.*_SR_B(?P<band>\d)$", re.IGNORECASE)


@dataclass(frozen=True)
class Layout:
    """Which band is what, and how codes become values."""

    sensor: Sensor
    """``optical`` or ``sar``."""

    bands: Mapping[int, str]
    """Common name by number of the band, without those that no reasoner uses."""

    quantity: str
    """What the values are, once decoded."""

    scale: float = 1.0
    """Factor of the codes, optical only."""

    offset: float = 0.0
    """Summand after it."""

    encoding: str = "db"
    """How SAR codes become dB: a key of ``stac.radiometry.sar_encodings``."""

    classes: int | None = None
    """Number of the band with Sen2Cor's scene classification, if there is one."""

    flags: int | None = None
    """Number of the band with Landsat's QA_PIXEL bit field, if there is one."""

    note: str = ""
    """What this was recognised by."""


def find_layout(raster: Raster) -> Layout:
    """Return what the bands of a file are.

    Raises:
        InputError: The file does not say it.
    """
    for rule in (_radar, _landsat_piece, _landsat_quality, _sentinel_2, _named_colours, _landsat_composite):
        found = rule(raster)
        if found is not None:
            return found
    names = ", ".join([name for name in raster.names if name][:6]) or "no names"
    held = f"{len(raster.numbers)} x {raster.pixels.dtype}, {names}"
    raise InputError(
        f"What the bands of {raster.path.name} are is not known ({held}).",
        hint="Name the bands in their descriptions: blue, green, red, nir, B02 or VV.",
    )


def _radar(raster: Raster) -> Layout | None:
    names = [name.strip().lower() for name in raster.names]
    if not names or not set(names) <= {"vv", "vh"}:
        return None
    if raster.pixels.dtype.kind != "f" or not (raster.pixels < 0).any():
        raise InputError(
            f"The radar values of {raster.path.name} are not in dB.", hint="Convert them: 10 * log10(power)."
        )
    if not raster.path.stem.lower().endswith("_s1hand"):
        raise InputError(
            f"{raster.path.name} does not say whether its backscatter is gamma0 or sigma0.",
            hint="Load it through a STAC item that does.",
        )
    bands = dict(zip(raster.numbers, names, strict=True))
    return Layout("sar", bands, "sigma0_ellipsoid", note="Sen1Floods11 Sentinel-1 chip, dB as delivered")


def _padded(name: str) -> str:
    match = re.fullmatch(r"B(\d{1,2}|8A)", name.strip().upper())
    return f"B{match[1].zfill(2)}" if match else name.strip().upper()


def _sentinel_2(raster: Raster) -> Layout | None:
    stem = raster.path.stem.upper()
    names = [_padded(name) for name in raster.names]
    if len(names) == 1 and not names[0]:
        names = [_padded(stem.rpartition("_")[2])]
    found = [name for name in names if name in _SENTINEL_2_ALL]
    if not found or not set(names) <= {*_SENTINEL_2_ALL, "SCL"}:
        return None
    said = f"{stem} {raster.tags.get('level', '').upper()}"
    if "L2A" in said:
        quantity = "surface_reflectance"
    elif "L1C" in said or "B10" in found or stem.endswith("_S2HAND"):  # L2A has no cirrus band
        quantity = "toa_reflectance"
    else:
        raise InputError(f"{raster.path.name} does not say whether it is Level-1C or Level-2A.")
    whole = raster.pixels.dtype.kind in "ui"
    return Layout(
        "optical",
        {n: _SENTINEL_2[name] for n, name in zip(raster.numbers, names, strict=True) if name in _SENTINEL_2},
        quantity,
        scale=1e-4 if whole else 1.0,
        classes=next((n for n, name in zip(raster.numbers, names, strict=True) if name == "SCL"), None),
        note=f"Sentinel-2 band names, {'code / 10000' if whole else 'reflectance as delivered'}",
    )


def _landsat_piece(raster: Raster) -> Layout | None:
    match = _LANDSAT_PIECE.match(raster.path.stem)
    if match is None:
        return None
    table = _LANDSAT[match["mission"].upper()]
    number = int(match["band"])
    bands = {1: table[number]} if number < len(table) and table[number] else {}
    note = "Landsat Collection 2 Level-2, code * 0.0000275 - 0.2"
    return Layout("optical", bands, "surface_reflectance", 0.0000275, -0.2, note=note)


def _landsat_quality(raster: Raster) -> Layout | None:
    if not raster.path.stem.upper().endswith("_QA_PIXEL"):
        return None
    return Layout("optical", {}, "surface_reflectance", flags=1, note="fill, cloud and shadow hidden by QA_PIXEL")


def _named_colours(raster: Raster) -> Layout | None:
    described = [_common(name) for name in raster.names]
    if not any(described):
        described = [colour if colour in ("red", "green", "blue") else "" for colour in raster.colours]
    bands = {n: name for n, name in zip(raster.numbers, described, strict=True) if name}
    if not {"red", "green"} <= set(bands.values()):
        return None
    if raster.pixels.dtype != np.uint8:
        raise InputError(
            f"{raster.path.name} holds {raster.pixels.dtype} of unknown scale.",
            hint="Give reflectance, or 8-bit colour.",
        )
    return Layout("optical", bands, "display", scale=1 / 255, note="8-bit values as delivered, not reflectance")


def _common(name: str) -> str:
    word = name.strip().lower()
    word = _ALIASES.get(word, word)
    last = _ALIASES.get(word.rpartition(" ")[2], word.rpartition(" ")[2])
    return word if word in _COLOURS else last if last in _COLOURS else ""


def _landsat_composite(raster: Raster) -> Layout | None:
    """Recognise the yearly composites of opengeos/data: SWIR1, NIR, red, green in 8 bits, named by their year."""
    yearly = re.fullmatch(r"(?:19|20)\d\d", raster.path.stem) is not None
    plain = raster.pixels.dtype == np.uint8 and not any(raster.names) and "red" not in raster.colours
    if not (yearly and plain and len(raster.numbers) == 4 and raster.nodata[0] == 0):
        return None
    bands = dict(enumerate(("swir16", "nir", "red", "green"), start=1))
    return Layout("optical", bands, "display", scale=1 / 255, note="yearly Landsat composite, stretched to 8 bits")
