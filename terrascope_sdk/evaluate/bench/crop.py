"""Windows of a stack, so that one real scene gives several frames."""

from collections.abc import Iterator
from dataclasses import replace

from terrascope_sdk.evaluate.masks.splits import Window
from terrascope_sdk.types.series import ImageSeries
from terrascope_sdk.types.stack import ImageStack

__all__ = ["crop_stack", "windows_of"]


def windows_of(area: Window, size_px: int) -> Iterator[Window]:
    """Yield the windows side by side that an area holds, row by row; what is left at its edges belongs to none.

    >>> [(w.top, w.left) for w in windows_of(Window(0, 5, 10, 16), 2)]
    [(0, 10), (0, 12), (0, 14), (2, 10), (2, 12), (2, 14)]
    """
    for top in range(area.top, area.bottom - size_px + 1, size_px):
        for left in range(area.left, area.right - size_px + 1, size_px):
            yield Window(top, top + size_px, left, left + size_px)


def crop_stack(stack: ImageStack, window: Window) -> ImageStack:
    """Return a window of every date of a stack."""
    rows, columns = slice(window.top, window.bottom), slice(window.left, window.right)
    grid = stack.grid.crop(
        row=window.top, column=window.left, height=window.bottom - window.top, width=window.right - window.left
    )

    def cut(series: ImageSeries | None) -> ImageSeries | None:
        if series is None:
            return None
        clouded = None if series.clouded is None else series.clouded[:, rows, columns]
        pixels, valid = series.pixels[..., rows, columns].copy(), series.valid[:, rows, columns].copy()
        return replace(series, pixels=pixels, valid=valid, grid=grid, clouded=clouded)

    return ImageStack(grid, cut(stack.optical), cut(stack.sar))
