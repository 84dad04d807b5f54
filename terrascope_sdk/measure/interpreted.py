"""Reading an interpreted reference sample: from GeoJSON points to an error matrix."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float64

from terrascope_sdk.errors import InputError
from terrascope_sdk.measure.sampling import SAMPLE_KEY

__all__ = ["ErrorMatrix", "error_matrix"]


@dataclass(frozen=True, eq=False)
class ErrorMatrix:
    """Counts of map class against reference class."""

    counts: Float64[np.ndarray, "map reference"]
    """Points, rows map and columns reference, in the order of `mapped_area_m2`."""

    mapped_area_m2: dict[str, float]
    """Mapped area of each class in m2."""

    mask_ids: tuple[str, ...]
    """The masks the strata came from, where the file says so."""

    notes: tuple[str, ...]
    """What was left out."""


def error_matrix(document: Mapping[str, Any], *, mapped_area_m2: Mapping[str, float] | None = None) -> ErrorMatrix:
    """Count an interpreted sample.

    Args:
        document: GeoJSON FeatureCollection; each point has ``stratum`` and ``reference``.
        mapped_area_m2: Mapped area of each class; taken from the document when left out.

    Raises:
        InputError: The document is no sample, has no areas, or names a class that is not on the map.
    """
    if document.get("type") != "FeatureCollection":
        raise InputError(
            f"This is no sample but {document.get('type')!r}.", hint="Give the FeatureCollection of to_geojson."
        )
    design = document.get(SAMPLE_KEY) or {}
    areas = mapped_area_m2 or design.get("mapped_area_m2")
    if not areas:
        raise InputError(
            "The sample does not say how large each class is on the map.",
            hint="Pass mapped_area_m2; it is SampleDesign.mapped_area_m2.",
        )
    features = document.get("features")
    if not features:
        raise InputError("The document holds no points.", hint="Give the FeatureCollection of SampleDesign.to_geojson.")
    classes = list(areas)
    counts = np.zeros((len(classes), len(classes)))
    blank = 0
    for position, feature in enumerate(features, start=1):
        properties = feature.get("properties") or {}
        where = str(properties.get("id", position))
        stratum = _class(properties.get("stratum"), classes, f"stratum of point {where}")
        reference = str(properties.get("reference") or "").strip()
        if not reference:
            blank += 1
            continue
        counts[stratum, _class(reference, classes, f"reference of point {where}")] += 1
    notes = (f"{blank} of {len(features)} points were not interpreted and left out",) if blank else ()
    plain = {str(name): float(area) for name, area in areas.items()}
    return ErrorMatrix(counts, plain, tuple(design.get("masks", ())), notes)


def _class(name: object, classes: list[str], what: str) -> int:
    if name in classes:
        return classes.index(str(name))
    close = difflib.get_close_matches(str(name), classes, n=1)
    hint = f"Did you mean {close[0]!r}?" if close else f"The classes are {', '.join(classes)}."
    raise InputError(f"The {what} is {name!r}, which is no class of the map.", hint=hint)
