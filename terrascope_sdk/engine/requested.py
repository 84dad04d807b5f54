"""What a request means for a stack: which dates it looks at, and whether its pixels are fine enough."""

from dataclasses import replace

from terrascope_sdk.errors import InputError
from terrascope_sdk.types.protocols import GroundRequest
from terrascope_sdk.types.stack import ImageStack

__all__ = ["gsd_m", "lacking", "only_dates", "too_coarse"]

_NOMINAL_GSD_M = 10.0


def gsd_m(stack: ImageStack) -> float:
    """Return the ground sample distance of a stack, metres; 10 without a georeference."""
    if stack.grid.crs is None:
        return _NOMINAL_GSD_M
    height, width = stack.grid.pixel_size_m
    return float((height * width) ** 0.5)


def lacking(stack: ImageStack, request: GroundRequest) -> str | None:
    """Return that the stack has no pixels of the request's sensor, as a sentence, or None when it has.

    Raises:
        InputError: A date is not in the series.
    """
    if request.sensor not in stack.sensors:
        return f"There are no {request.sensor} pixels, only {' and '.join(stack.sensors)}."
    count = len(stack.series(request.sensor))
    for position in (request.when, request.before):
        if position is not None and not 0 <= position < count:
            raise InputError(f"There is no date {position} in this {request.sensor} series of {count}.")
    return None


def too_coarse(title: str, limit_m: float, stack: ImageStack) -> str:
    """Return that a concept cannot be seen at the stack's ground sample distance, as a sentence."""
    return f"{title.capitalize()} are seen below {limit_m:g} m only; a pixel here has {gsd_m(stack):.3g} m."


def only_dates(stack: ImageStack, request: GroundRequest) -> ImageStack:
    """Return the stack with only the dates of a request; SAR stays, for joining."""
    positions = [p for p in (request.before, request.when) if p is not None]
    chosen = stack.series(request.sensor).select(positions)
    return replace(stack, optical=chosen) if request.sensor == "optical" else replace(stack, sar=chosen)
