"""Warnings of search and load, one class for each kind, so that exactly one can be silenced or made an error."""

from __future__ import annotations

import sys
import warnings

__all__ = [
    "LoadedLazily",
    "MoreScenes",
    "PagesRepeat",
    "QueryIgnored",
    "SearchWarning",
    "UnknownProperty",
    "UnreadableItems",
    "announce",
]


class SearchWarning(UserWarning):
    """Base of everything that a search does not do exactly as it was asked."""


class LoadedLazily(UserWarning):
    """What was asked for does not fit in memory, so it came as dask arrays that are read when they are computed."""


class QueryIgnored(SearchWarning):
    """A catalogue did not apply part of the query; it was applied here, so the scenes returned are right.

    Attributes:
        part: Which part: ``aoi``, ``time``, ``collections``, ``max_cloud_frac`` or ``query``.
    """

    def __init__(self, message: str, *, part: str = "") -> None:
        super().__init__(message)
        self.part = part


class MoreScenes(SearchWarning):
    """The catalogue holds more scenes than the limit; the newest were kept.

    Attributes:
        matched: How many there are by the catalogue's own count; None when it does not count.
    """

    def __init__(self, message: str, *, matched: int | None = None) -> None:
        super().__init__(message)
        self.matched = matched


class PagesRepeat(SearchWarning):
    """A catalogue's pages lead back to pages that were read already, so reading stopped there."""


class UnknownProperty(SearchWarning):
    """A filter names a property that the catalogue does not list; such a filter matches nothing, silently."""


class UnreadableItems(SearchWarning):
    """Items that describe no imagery this package can read were left out."""


def announce(notice: UserWarning) -> None:
    """Issue a warning at the line outside this package from which it was called."""
    frame, level = sys._getframe(1), 2
    while frame.f_back is not None and str(frame.f_globals.get("__name__", "")).startswith("terrascope_sdk."):
        frame, level = frame.f_back, level + 1
    warnings.warn(notice, stacklevel=level)
