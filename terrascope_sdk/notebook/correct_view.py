"""Correct a mask by hand: paint or erase, and every number of the answer follows."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import anywidget
import numpy as np
import traitlets

from terrascope_sdk.errors import InputError, TerraScopeError
from terrascope_sdk.export import geotiff
from terrascope_sdk.export.writing import cannot_write, write_file
from terrascope_sdk.notebook.chain_state import number_document
from terrascope_sdk.notebook.strokes import stroke_pixels
from terrascope_sdk.notebook.twin import Twin, WithTwin, answer_static
from terrascope_sdk.notebook.wire import drawn_mask, drawn_picture
from terrascope_sdk.plan.correcting import corrected_answer
from terrascope_sdk.plan.stages import Stages
from terrascope_sdk.render.html import printable
from terrascope_sdk.render.palette import colour_of, hex_of
from terrascope_sdk.types import Answer, Mask
from terrascope_sdk.types.answer_text import mask_names

__all__ = ["CorrectView"]

_HERE = Path(__file__).parent


class CorrectView(WithTwin, anywidget.AnyWidget):
    """A mask to paint on and to erase from; the answer's numbers, checks and later steps follow each stroke.

    Only observed pixels can be painted: what nobody saw cannot be corrected. The edit stands in the new answer's
    provenance; :meth:`export_sample` writes it as a sample to train on.
    """

    _esm = _HERE / "correct_view.js"
    _css = _HERE / "correct_view.css"

    document = traitlets.Dict().tag(sync=True)
    """Size, title, colour, numbers before and now, how often something was painted."""

    picture = traitlets.Bytes().tag(sync=True)
    """The image under the mask, PNG."""

    mask_png = traitlets.Bytes().tag(sync=True)
    """The mask as it is now, PNG."""

    twin = traitlets.Unicode("").tag(sync=True)
    """Class of the static copy beside the widget, which it hides while it lives."""

    problem = traitlets.Unicode("").tag(sync=True)
    """Why the last stroke had no number, or nothing."""

    def __init__(self, answer: Answer, mask: Mask | str | None = None, *, stages: Stages | None = None) -> None:
        """Make a view.

        Args:
            answer: A measured answer.
            mask: Which of its masks, as the mask, its id or its name (``M1``); the first that was drawn when left out.
            stages: Workspace and reasoner of the answer; the defaults when left out.

        Raises:
            InputError: The answer has no such mask.
        """
        super().__init__()
        self._twin = Twin()
        self.twin = self._twin.name
        self._stages = stages or Stages()
        self._before, self.answer = answer, answer
        self._old = self._chosen(mask)
        self._pixels = [self._old.pixels]
        picture = answer.picture_for(self._old)
        self.picture = b"" if picture is None else drawn_picture(picture.rgb, picture.valid).png
        self._show()
        self.on_msg(self._heard)

    @property
    def mask(self) -> Mask:
        """The mask as it is now."""
        return replace(self._old, pixels=self._pixels[-1], probability=None, score=None)

    def paint(self, points: Any, *, radius_px: float = 2.0, erase: bool = False) -> None:  # pairs of numbers
        """Paint, or erase, along a line; as the brush in the view does.

        Args:
            points: Places as (row, column) in pixels.
            radius_px: Of the brush, in pixels.
            erase: Whether pixels are taken away instead.

        Raises:
            InputError: The stroke cannot be painted.
        """
        touched = stroke_pixels(points, radius_px=radius_px, shape=self._old.grid.shape) & self._old.valid
        now = self._pixels[-1] & ~touched if erase else self._pixels[-1] | touched
        self._pixels.append(now)
        self._measure()

    def undo(self) -> None:
        """Take back the last stroke."""
        if len(self._pixels) > 1:
            self._pixels.pop()
            self._measure()

    def export_sample(self, folder: str | Path) -> Path:
        """Write the corrected mask as a training sample: mask, image and what they are, in a folder.

        Args:
            folder: Where to; made when it is not there.

        Returns:
            The folder, with ``mask.tif`` (0 no, 1 yes, 255 unobserved), ``image.png`` and ``sample.json``.

        Raises:
            ExportError: It cannot be written.
        """
        target = Path(folder)
        try:
            target.mkdir(parents=True, exist_ok=True)
        except OSError as err:
            raise cannot_write(target, err) from err
        geotiff(self.mask, target / "mask.tif", attribution=self.answer.provenance.attribution)
        if self.picture:
            write_file(target / "image.png", self.picture)
        about = {
            "concept": self._old.label,
            "corrected": self._old.id,
            "mask": self.mask.id,
            "pixels_changed": int((self._pixels[-1] != self._old.pixels).sum()),
            "question": self._before.question,
            "provenance": self.answer.provenance.to_json(),
        }
        write_file(target / "sample.json", json.dumps(about, ensure_ascii=False, indent=1).encode())
        return target

    # ------------------------------------------------------------------------------------------------------- inside

    def _chosen(self, mask: Mask | str | None) -> Mask:
        names = {name: i for i, name in mask_names(self._before).items()}
        drawn = [s.mask for c in self._before.chains for s in c.steps if s.mask is not None and s.injected]
        wanted = mask.id if isinstance(mask, Mask) else names.get(mask, mask) if mask else None
        first = (drawn or list(self._before.masks))[:1]
        found = [m for m in self._before.masks if m.id == wanted] if wanted else first
        if not found:
            raise InputError(f"The answer has no mask {wanted!r}.", hint=f"It has {', '.join(names) or 'none'}.")
        return found[0]

    def _measure(self) -> None:
        try:
            self.answer = corrected_answer(self._before, {self._old.id: self.mask}, stages=self._stages)
            problem = "" if self.answer.status == "answered" else self.answer.text
        except TerraScopeError as err:
            problem = str(err)
        self.problem = printable(problem)
        self._show()
        self._renew_twin()

    def _show(self) -> None:
        names = mask_names(self.answer)
        before = {(m.name, m.subject): m.text for m in self._before.measurements}
        numbers = [
            number_document(m, names) | {"before": before.get((m.name, m.subject), "")}
            for m in self.answer.measurements
        ]
        with self.hold_sync():
            self.mask_png = drawn_mask(self.mask.to_uint8(), colour_of(self._old.label)).png
            self.document = {
                "rows": self._old.grid.height,
                "columns": self._old.grid.width,
                "title": printable(f"{self._old.label} {self._old.when} {self._old.sensor}"),
                "colour": hex_of(colour_of(self._old.label)),
                "numbers": numbers,
                "strokes": len(self._pixels) - 1,
                "changed": int(np.count_nonzero(self._pixels[-1] != self._old.pixels)),
            }

    def _heard(self, widget: object, message: dict[str, Any], buffers: object) -> None:  # from the browser
        try:
            if message.get("kind") == "undo":
                self.undo()
            elif message.get("kind") == "stroke":
                self.paint(message["points"], radius_px=float(message["radius_px"]), erase=bool(message["erase"]))
        except (InputError, KeyError, TypeError, ValueError) as err:
            self.problem = printable(f"The stroke was not understood: {err}")

    def _repr_mimebundle_(self, **given: Any) -> Any:  # IPython's protocol
        made = super()._repr_mimebundle_(**given)
        bundle, about = made if isinstance(made, tuple) else (made or {}, {})
        return bundle | self._static(), about

    def _static(self) -> dict[str, Any]:  # MIME types to content
        return answer_static(self.answer)
