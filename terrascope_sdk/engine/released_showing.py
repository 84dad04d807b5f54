"""Which pictures of a stack the released network sees, and which stacks it cannot take."""

from terrascope_sdk.engine.moments import moments_of
from terrascope_sdk.errors import InputError, NotVisible, TooLarge
from terrascope_sdk.types.picture import Picture, mean_sar_picture, true_colour_picture
from terrascope_sdk.types.stack import ImageStack

__all__ = ["shown_pictures"]

_MAX_IMAGES = 8
_MAX_PIXELS = 2**27
"""A whole Sentinel-2 tile of 10 980 x 10 980 pixels fits; a mask of so many takes a gigabyte while it is drawn."""


def shown_pictures(stack: ImageStack) -> tuple[tuple[Picture, ...], tuple[float, ...]]:
    """Return the pictures that the network sees, by date, the optical one before the SAR one of the same date.

    Args:
        stack: The pixels.

    Returns:
        The pictures, and the length of the period that each covers, seconds.

    Raises:
        TooLarge: An image has more pixels than a mask can be drawn for.
        InputError: There are too many images, or one of no band.
        NotVisible: Not one pixel was observed.
    """
    height, width = stack.grid.shape
    if height * width > _MAX_PIXELS:
        raise TooLarge(
            f"The stack has {height} x {width} pixels, {height * width:,} in all; at most {_MAX_PIXELS:,} can be "
            "reasoned about at once.",
            hint="Choose a smaller area or a coarser grid.",
        )
    pictures: list[Picture] = []
    periods: list[float] = []
    moments = moments_of(stack)
    count = sum((m.optical is not None) + (m.sar is not None) for m in moments)
    if count > _MAX_IMAGES:
        raise InputError(
            f"The stack has {count} images; a chain takes at most {_MAX_IMAGES}.",
            hint="Select the dates that the question is about.",
        )
    for moment in moments:
        if moment.optical is not None:
            if not stack.series("optical").bands:
                raise InputError("The optical series has no band.", hint="Load at least one.")
            pictures.append(true_colour_picture(stack.series("optical"), moment.optical))
            periods.append(moment.period_s)
        if moment.sar is not None:
            pictures.append(mean_sar_picture(stack.series("sar"), moment.sar))
            periods.append(moment.period_s)
    if not any(p.valid.any() for p in pictures):
        raise NotVisible(
            "Not one pixel of the stack was observed: all are cloud, shadow, border or without data.",
            hint="Choose another date, or SAR, which sees through clouds.",
        )
    return tuple(pictures), tuple(periods)
