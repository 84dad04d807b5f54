"""Figures for papers and lessons: measurements over time and side by side, maps of change, sheets of masks.

Every function returns a matplotlib ``Figure`` that no window system knows of; ``plot.save(figure, "figure.pdf")``
writes it with where it came from, ``plot.describe(figure)`` tells what it shows in words.
"""

from terrascope_sdk.plot.area_bars import area_bars
from terrascope_sdk.plot.change_map import change_map
from terrascope_sdk.plot.contact_sheet import contact_sheet
from terrascope_sdk.plot.drawing import describe
from terrascope_sdk.plot.saving import save
from terrascope_sdk.plot.series import series

__all__ = ["area_bars", "change_map", "contact_sheet", "describe", "save", "series"]
