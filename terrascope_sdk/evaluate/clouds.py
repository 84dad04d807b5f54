"""Whether anything could be seen on the date a question is about, by the cloud flag it names.

Nothing could be seen when every pixel that is not fill is flagged as cloud. Fill is what the flag's own file marks as
such (no-data tag; bit 0 of a QA bit field) and what no image of that date holds. A date is looked up in the
``timestamps`` beside the flag, or in file names; a date that is not found there is not refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from terrascope_sdk.errors import InputError, RasterError
from terrascope_sdk.evaluate.days import Day, asked_days, find_days, image_days
from terrascope_sdk.evaluate.labels import label_at
from terrascope_sdk.evaluate.layers import Layer, read_layer
from terrascope_sdk.evaluate.question import Question
from terrascope_sdk.evaluate.sources import parse_sources
from terrascope_sdk.stac.rasters import read_raster

__all__ = ["why_hidden"]


@dataclass(frozen=True, eq=False)
class _Frame:
    """The cloud flag of one date."""

    layer: Layer
    when: int

    @property
    def day(self) -> Day | None:
        return self.layer.days[self.when]


def why_hidden(question: Question, folder: Path) -> str | None:
    """Return why nothing can be seen on an asked date, or None when something can or no flag is given.

    Args:
        question: The question; its `cloud` says where the flag is.
        folder: The scene's folder.

    Raises:
        RasterError: The flag cannot be read.
        ParseError: `cloud` has none of the forms.
    """
    if question.cloud is None:
        return None
    layers = [read_layer(source, folder) for source in parse_sources(question.cloud)]
    frames = [_Frame(layer, when) for layer in layers for when in range(len(layer.codes))]
    for group in _asked(question, layers, frames):
        if all(_all_cloud(frame, question, folder, alone=len(frames) == 1) for frame in group):
            day = group[0].day
            when = f" on {day}" if day is not None else ""
            return f"Every pixel that is not fill is cloud{when} ({group[0].layer.source})."
    return None


def _asked(question: Question, layers: Sequence[Layer], frames: Sequence[_Frame]) -> list[list[_Frame]]:
    """Return groups of frames; a group that is all cloud hides an asked date."""
    if len(frames) == 1:
        return [list(frames)]
    for days in (asked_days(question), image_days(question)):
        groups = [[f for f in frames if f.day is not None and f.day.agrees(day)] for day in days]
        groups = [group for group in groups if group]
        if groups:
            return groups
    if any(len(layer.codes) > 1 for layer in layers):
        return []  # many dates, and nothing says which
    return [[frame] for frame in frames] if question.task == "change" else [list(frames)]


def _all_cloud(frame: _Frame, question: Question, folder: Path, *, alone: bool) -> bool:
    label = label_at(frame.layer, frame.when, asked=(0, 1))  # 0 is clear, whatever a no-data tag says
    flagged = label.valid & (label.codes == 1)
    clear = label.valid & ~flagged
    if flagged.any() and clear.any():
        clear &= ~_image_fill(frame, question, folder, alone=alone)
    return not clear.any()


def _image_fill(frame: _Frame, question: Question, folder: Path, *, alone: bool) -> np.ndarray:
    """Return where no image of the date has data; nowhere if no image can say."""
    shape = frame.layer.codes.shape[1:]
    fills = []
    for image in question.images:
        days = find_days(image)
        if not (alone or not days or (frame.day is not None and frame.day.agrees(days[0]))):
            continue
        try:
            missing = read_raster(folder / image).missing().all(axis=0)
        except (RasterError, InputError):  # the label decides; an image that cannot be read only says nothing here
            missing = np.zeros(shape, bool)
        fills.append(missing if missing.shape == shape else np.zeros(shape, bool))
    return np.asarray(np.all(fills, axis=0)) if fills else np.zeros(shape, bool)
