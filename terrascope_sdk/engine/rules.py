"""Which concept is found by which rule in which pixels, and why the others are declined."""

from collections.abc import Callable
from dataclasses import dataclass

from terrascope_sdk.engine.built_up import what_ndbi_marks
from terrascope_sdk.engine.burned import find_burned
from terrascope_sdk.engine.finding import Finding
from terrascope_sdk.engine.radar import find_dark_water
from terrascope_sdk.engine.snow import find_snow
from terrascope_sdk.engine.vegetation import find_vegetation
from terrascope_sdk.engine.water import find_water
from terrascope_sdk.errors import GroundingError, InputError
from terrascope_sdk.types.concepts import get_concept
from terrascope_sdk.types.grid import PixelGrid
from terrascope_sdk.types.protocols import GroundRequest
from terrascope_sdk.types.series import ImageSeries
from terrascope_sdk.types.stack import ImageStack

__all__ = ["Rule", "apply_rule", "shown_by", "why_unseen"]


@dataclass(frozen=True)
class Rule:
    """What a concept needs to be found by one kind of sensor."""

    bands: tuple[tuple[str, ...], ...]
    """Sets of bands, each of which is enough for reflectance or backscatter."""

    find: Callable[[ImageSeries, int], Finding] | None
    """Finds it on one date; None where it takes two (``burned``)."""

    display_bands: tuple[tuple[str, ...], ...] = ()
    """Sets of bands that are enough for display values; none where display values cannot show it."""


_RULES: dict[tuple[str, str], Rule] = {
    ("water", "optical"): Rule((("green", "swir16"), ("green", "nir")), find_water, (("green", "nir"),)),
    ("water", "sar"): Rule((("vv",), ("vh",)), find_dark_water),
    ("vegetation", "optical"): Rule((("red", "nir"),), find_vegetation, (("red", "nir"),)),
    ("snow", "optical"): Rule((("green", "red", "nir", "swir16"),), find_snow),
    ("burned", "optical"): Rule((("nir", "swir22"),), None),
}

_ONE_GREEN = (
    "Spectral indices see green plants but cannot tell {} from other plants; they can show vegetation as a whole."
)
_BARE_OR_BUILT = (
    "Built-up land and bare soil have the same index values (NDBI; As-syakur et al. 2012, doi:10.3390/rs4102957), so "
    "indices cannot tell {} from {}."
)
_DECLINED: dict[str, str] = {
    "tree": _ONE_GREEN.format("tree cover"),
    "shrub": _ONE_GREEN.format("shrubland"),
    "grass": _ONE_GREEN.format("grassland"),
    "crop": _ONE_GREEN.format("cropland"),
    "wetland": _ONE_GREEN.format("herbaceous wetland"),
    "developed": _BARE_OR_BUILT.format("built-up land", "bare ground"),
    "bare": _BARE_OR_BUILT.format("bare ground", "built-up land"),
    "building": "Spectral indices see materials, not the outlines of single buildings.",
    "road": "Spectral indices see materials, not the course of roads.",
    "cloud": "Clouds are told by the quality band of the product, not by these indices.",
}
_NOT_BY_RADAR: dict[str, str] = {
    "vegetation": "Radar alone cannot show vegetation: plants and rough bare ground scatter alike.",
    "snow": "Radar alone cannot show snow: the pulse passes through dry snow.",
    "burned": "Radar alone cannot show burn scars: this reasoner has no published threshold for them.",
}


def _too_coarse(concept: str, grid: PixelGrid) -> str | None:
    limit = get_concept(concept).max_gsd_m
    if limit is None or grid.crs is None:
        return None
    gsd = max(grid.pixel_size_m)
    if gsd <= limit:
        return None
    title = get_concept(concept).title.capitalize()
    return f"{title} need pixels of {limit:g} m or finer; these measure {gsd:.3g} m."


def _no_rule(concept: str, sensor: str, grid: PixelGrid) -> str | None:
    if (concept, sensor) in _RULES:
        return None
    coarse = _too_coarse(concept, grid)
    if coarse:
        return coarse
    if concept in _DECLINED:
        return _DECLINED[concept]
    return _NOT_BY_RADAR.get(concept, f"There is no index for {get_concept(concept).title} in {sensor} pixels.")


def _lacking(rule: Rule, concept: str, series: ImageSeries) -> str | None:
    """Return why the series' quantity or bands do not do."""
    title = get_concept(concept).title
    display = series.quantity == "display"
    if display and not rule.display_bands:
        return f"These are display values, on which the published thresholds for {title} do not hold."
    enough = rule.display_bands if display else rule.bands
    if any(set(bands) <= set(series.bands) for bands in enough):
        return None
    closest = min(enough, key=lambda bands: len(set(bands) - set(series.bands)))
    missing = [b for b in closest if b not in series.bands]
    which = f"band {missing[0]} is" if len(missing) == 1 else f"bands {' and '.join(missing)} are"
    return f"The {which} missing; {title} needs {', '.join(closest[:-1])}{' and ' if closest[1:] else ''}{closest[-1]}."


def _dates(request: GroundRequest, series: ImageSeries) -> str | None:
    """Return why the dates do not do."""
    for position in (request.when, request.before):
        if position is not None and not 0 <= position < len(series):
            raise InputError(
                f"There is no date {position} in this {series.sensor} series.",
                hint=f"It has {len(series)}, counted from 0.",
            )
    if get_concept(request.concept).dates > 1:
        if request.before is None:
            return f"A {get_concept(request.concept).title} needs an earlier date to compare with, and none was given."
        if request.before >= request.when:
            return f"The date before (position {request.before}) must come before the other one ({request.when})."
    for position in (request.before, request.when):
        if position is not None and not series.valid[position].any():
            return f"On {series.when(position)} not one pixel of the ground was seen."
    return None


def _marked_together(stack: ImageStack, request: GroundRequest) -> str:
    """Return what NDBI marks, for the two classes it cannot tell apart; empty for every other."""
    if request.concept not in {"developed", "bare"} or request.sensor != "optical" or stack.optical is None:
        return ""
    return what_ndbi_marks(stack.optical, request.when) if 0 <= request.when < len(stack.optical) else ""


def why_unseen(stack: ImageStack, request: GroundRequest) -> str | None:
    """Return in a sentence why a request cannot be met with these pixels, or None when it can.

    Raises:
        InputError: The concept is not in the vocabulary, or a date is not in the series.
    """
    concept = get_concept(request.concept).key
    declined = _no_rule(concept, request.sensor, stack.grid)
    if declined:
        return declined + _marked_together(stack, request)
    if request.sensor not in stack.sensors:
        return f"There are no {request.sensor} pixels, only {' and '.join(stack.sensors)}."
    series = stack.series(request.sensor)
    return _lacking(_RULES[concept, request.sensor], concept, series) or _dates(request, series)


def shown_by(stack: ImageStack) -> list[str]:
    """Return the concepts that these pixels can show, in the order of the rules, without repeats."""
    found = []
    for (concept, sensor), rule in _RULES.items():
        if sensor in stack.sensors:
            series = stack.series(sensor)
            if len(series) >= get_concept(concept).dates and not _lacking(rule, concept, series):
                found.append(concept)
    return list(dict.fromkeys(found))


def apply_rule(stack: ImageStack, request: GroundRequest) -> Finding:
    """Return what the rule for a request finds; :func:`why_unseen` must have nothing against it.

    Raises:
        GroundingError: The pixels do not decide.
    """
    series = stack.series(request.sensor)
    rule = _RULES[request.concept, request.sensor]
    if rule.find is not None:
        finding = rule.find(series, request.when)
    else:
        assert request.before is not None  # why_unseen has made sure
        finding = find_burned(series, request.when, request.before)
    if not finding.valid.any():
        raise GroundingError(
            f"Undecided: {finding.look} is defined on no pixel.",
            hint="Ask for another date, or for two dates that saw the same ground.",
        )
    return finding
