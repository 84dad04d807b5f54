"""Areas adjusted for the map's errors, and accuracies, with confidence intervals from a reference sample.

References:
    Olofsson, P., Foody, G. M., Herold, M., Stehman, S. V., Woodcock, C. E., Wulder, M. A. (2014), Good practices for
    estimating area and assessing accuracy of land change, Remote Sensing of Environment 148, 42-57, eq. 1-11.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float64

from terrascope_sdk.errors import InputError
from terrascope_sdk.measure.interpreted import error_matrix
from terrascope_sdk.types import Measurement
from terrascope_sdk.types.encoding import JsonValue

__all__ = ["AccuracyAssessment", "adjusted_area"]

_Z95 = 1.96  # as in the paper
_SOURCE = "Olofsson et al. 2014, doi:10.1016/j.rse.2014.02.015"


@dataclass(frozen=True, eq=False)
class AccuracyAssessment:
    """What a stratified reference sample says about a map."""

    classes: tuple[str, ...]
    """Class names, in the order of everything below."""

    counts: Float64[np.ndarray, "map reference"]
    """Sample counts: rows are map classes, columns reference classes."""

    mapped_area_m2: Float64[np.ndarray, " map"]
    """Mapped area of each class in m2."""

    areas: tuple[Measurement, ...]
    """Error-adjusted area of each class, m2 (eq. 9-11)."""

    users: tuple[Measurement, ...]
    """User's accuracy of each class: how much of what is mapped as it, is it (eq. 2, 6)."""

    producers: tuple[Measurement | None, ...]
    """Producer's accuracy: how much of what is it, is mapped as it (eq. 3, 7). None where the sample holds none."""

    overall: Measurement
    """Overall accuracy (eq. 1, 5)."""

    area_standard_error_m2: Float64[np.ndarray, " reference"]
    """Standard error of each adjusted area in m2 (eq. 11)."""

    def __repr__(self) -> str:
        points = int(self.counts.sum())
        return f"AccuracyAssessment({', '.join(self.classes)}; {points} points, overall {self.overall.text})"

    def __str__(self) -> str:
        return "\n".join(map(str, self.measurements))

    @property
    def measurements(self) -> tuple[Measurement, ...]:
        """All numbers: areas, user's, producer's and overall accuracy."""
        return (*self.areas, *self.users, *(p for p in self.producers if p is not None), self.overall)

    @classmethod
    def from_geojson(
        cls, document: Mapping[str, Any], *, mapped_area_m2: Mapping[str, float] | None = None
    ) -> "AccuracyAssessment":  # GeoJSON, validated
        """Assess a map from an interpreted sample, as :meth:`SampleDesign.to_geojson` lays it out.

        Points without a ``reference`` are left out, with a note: this is sound only if they are missing at random.

        Args:
            document: FeatureCollection with ``stratum`` and ``reference`` at every point.
            mapped_area_m2: Mapped area of each class; needed when another program dropped it from the file.

        Raises:
            InputError: No areas, an unknown class name, or fewer than two points in a class.
        """
        sample = error_matrix(document, mapped_area_m2=mapped_area_m2)
        return adjusted_area(
            sample.counts, mapped_area_m2=sample.mapped_area_m2, mask_ids=sample.mask_ids, notes=sample.notes
        )

    def to_json(self) -> dict[str, JsonValue]:
        """Return matrix, mapped areas and numbers as plain JSON values."""
        return {
            "classes": list(self.classes),
            "counts": self.counts.tolist(),
            "mapped_area_m2": self.mapped_area_m2.tolist(),
            "areas": [m.to_json() for m in self.areas],
            "users": [m.to_json() for m in self.users],
            "producers": [None if m is None else m.to_json() for m in self.producers],
            "overall": self.overall.to_json(),
        }


def adjusted_area(
    counts: Sequence[Sequence[float]] | np.ndarray,
    *,
    mapped_area_m2: Mapping[str, float],
    mask_ids: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
) -> AccuracyAssessment:
    """Adjust mapped areas for classification errors, by the stratified estimator.

    The sample must be random within map classes (see ``sample_design``). Intervals are 1.96 standard errors each way,
    cut at 0 and, for accuracies, at 1. The same equations hold whatever the unit of area.

    Args:
        counts: Error matrix of sample counts, [map, reference], classes in the order of `mapped_area_m2`.
        mapped_area_m2: Mapped area of each class in m2, by class name.
        mask_ids: The masks that made the map.
        notes: To repeat on every number.

    Raises:
        InputError: The matrix does not fit the classes, holds negative counts, or a row has fewer than two points.

    References:
        Olofsson et al. (2014), eq. 1-11. Its worked example (section 5) prints margins of 0.23 and 0.01 for two
        producer's accuracies, where its equation 7 gives 0.25 and 0.02; the equation is followed here.

    Examples:
        >>> found = adjusted_area([[97, 3], [4, 96]], mapped_area_m2={"forest": 6e7, "other": 4e7})
        >>> print(found.areas[0])
        adjusted_area of forest: 59.80 km² (57.26 to 62.34 km², 95 % confidence interval from a reference sample)
    """
    n, classes, area = _validated(counts, mapped_area_m2)
    row = n.sum(axis=1)
    weight = area / area.sum()
    given = n / row[:, None]  # share of reference class j in the sample of map class i
    spread = given * (1 - given) / (row - 1)[:, None]
    p = weight[:, None] * given  # eq. 4
    reference_frac = p.sum(axis=0)  # eq. 9
    frac_error = np.sqrt((weight[:, None] ** 2 * spread).sum(axis=0))  # eq. 10
    users = np.diag(given)  # eq. 2
    users_error = np.sqrt(np.diag(spread))  # eq. 6
    overall = float(np.trace(p))  # eq. 1
    overall_error = float(np.sqrt((weight**2 * np.diag(spread)).sum()))  # eq. 5
    method = f"stratified estimator from {int(row.sum())} reference points ({_SOURCE}, "
    alike = ("no disagreement in some classes of the sample: the interval is too narrow",)
    shaky = (*notes, *(alike if (users_error == 0).any() else ()))

    def number(name: str, subject: str, value: float, error: float, equations: str, unit: str = "1") -> Measurement:
        return Measurement(
            name=name,
            subject=subject,
            value=value,
            unit=unit,
            low=min(value, max(0.0, value - _Z95 * error)),
            high=value + _Z95 * error if unit == "m2" else max(value, min(1.0, value + _Z95 * error)),
            interval="design_based",
            method=f"{method}{equations})",
            mask_ids=mask_ids,
            notes=shaky,
        )

    whole = float(area.sum())
    return AccuracyAssessment(
        classes=classes,
        counts=n,
        mapped_area_m2=area,
        areas=tuple(
            number("adjusted_area", name, float(f) * whole, float(e) * whole, "eq. 9-11", "m2")
            for name, f, e in zip(classes, reference_frac, frac_error, strict=True)
        ),
        users=tuple(
            number("users_accuracy", name, float(u), float(e), "eq. 2 and 6")
            for name, u, e in zip(classes, users, users_error, strict=True)
        ),
        producers=tuple(
            None if np.isnan(v) else number("producers_accuracy", name, float(v), float(e), "eq. 3 and 7")
            for name, v, e in zip(classes, *_producers(p, spread, weight), strict=True)
        ),
        overall=number("overall_accuracy", "map", overall, overall_error, "eq. 1 and 5"),
        area_standard_error_m2=frac_error * whole,
    )


def _validated(
    counts: Sequence[Sequence[float]] | np.ndarray, mapped_area_m2: Mapping[str, float]
) -> tuple[Float64[np.ndarray, "k k"], tuple[str, ...], Float64[np.ndarray, " k"]]:
    classes = tuple(mapped_area_m2)
    n = np.array(counts, np.float64)
    area = np.array([mapped_area_m2[name] for name in classes], np.float64)
    if n.shape != (len(classes), len(classes)):
        raise InputError(
            f"The error matrix is {' x '.join(map(str, n.shape))}, but there are {len(classes)} classes.",
            hint="Rows are map classes, columns reference classes, in the order of mapped_area_m2.",
        )
    if not (np.isfinite(n).all() and (n >= 0).all() and np.isfinite(area).all() and (area > 0).all()):
        raise InputError("Counts must be 0 or larger and areas larger than 0.", hint="Leave classes without area out.")
    few = [f"{name} ({row:g})" for name, row in zip(classes, n.sum(axis=1), strict=True) if row < 2]
    if few:
        raise InputError(
            f"Too few reference points in {', '.join(few)}: a variance needs at least two.", hint="Interpret more."
        )
    return n, classes, area


def _producers(
    p: Float64[np.ndarray, "k k"], spread: Float64[np.ndarray, "k k"], weight: Float64[np.ndarray, " k"]
) -> tuple[Float64[np.ndarray, " k"], Float64[np.ndarray, " k"]]:
    """Return producer's accuracies and their standard errors (eq. 3 and 7), NaN where the class was never found."""
    found = p.sum(axis=0)
    safe = np.where(found > 0, found, np.nan)
    accuracy = np.diag(p) / safe
    weighted = weight[:, None] ** 2 * spread
    own = np.diag(weighted)
    others = weighted.sum(axis=0) - own
    variance = ((1 - accuracy) ** 2 * own + accuracy**2 * others) / safe**2
    return accuracy, np.sqrt(variance)
