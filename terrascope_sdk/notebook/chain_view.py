"""The chain as a widget: each step beside its mask, each number linked to its pixels, as it streams in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets

from terrascope_sdk.notebook.chain_state import chain_document, mask_document, step_document
from terrascope_sdk.notebook.twin import Twin, WithTwin, answer_static
from terrascope_sdk.plan.workspace import Workspace
from terrascope_sdk.render.html import printable
from terrascope_sdk.types import Answer, Event, Step
from terrascope_sdk.types.encoding import JsonValue

__all__ = ["ChainView"]

_HERE = Path(__file__).parent
_EMPTY: dict[str, JsonValue] = {
    "question": "", "status": "", "text": "", "place": "", "steps": [], "numbers": [], "asked": [], "checks": [],
    "warnings": [], "claims": [], "pictures": [], "masks": [], "credit": "", "log": [],
}  # fmt: skip


class ChainView(WithTwin, anywidget.AnyWidget):
    """Shows an answer's chain: click a step or a number and its mask lights up; point at a pixel and see who used it.

    While a question runs, pass :meth:`listen` as its listener; errors and warnings appear in the view.

    Examples:
        >>> view = ChainView()
        >>> view  # doctest: +SKIP
        >>> view.show(ts.ask("How many hectares of water?", aoi="spain", on_event=view.listen))  # doctest: +SKIP
    """

    _esm = _HERE / "chain_view.js"
    _css = _HERE / "chain_view.css"

    document = traitlets.Dict(_EMPTY).tag(sync=True)
    """What is shown, as plain JSON."""

    images = traitlets.Dict().tag(sync=True)
    """PNG bytes of pictures and masks, by id."""

    selected = traitlets.Unicode("").tag(sync=True)
    """Id of the mask that is lit up; empty for none."""

    twin = traitlets.Unicode("").tag(sync=True)
    """Class of the static copy beside the widget, which it hides while it lives."""

    running = traitlets.Bool(False).tag(sync=True)
    """Whether the chain still grows."""

    def __init__(self, answer: Answer | None = None, *, workspace: Workspace | None = None) -> None:
        """Make a view.

        Args:
            answer: What to show; empty until :meth:`show` or an event when left out.
            workspace: Where the masks of streamed events lie; the user's own when left out.
        """
        super().__init__()
        self._twin = Twin()
        self.twin = self._twin.name
        self._workspace = workspace
        self._answer: Answer | None = None
        if answer is not None:
            self.show(answer)

    @property
    def answer(self) -> Answer | None:
        """The answer that is shown, or None while none is there."""
        return self._answer

    def show(self, answer: Answer) -> Answer:
        """Show a finished answer, and return it."""
        self._answer = answer
        document, images = chain_document(answer)
        with self.hold_sync():
            known = {name: png for name, png in self.images.items() if name in images}
            self.images = images if known != images else self.images
            self.document = document
            self.running = False
        self._renew_twin()
        return answer

    def begin(self, question: str) -> None:
        """Clear the view for a question that is about to be asked."""
        self._answer = None
        with self.hold_sync():
            self.document = _EMPTY | {"question": printable(question)}
            self.images = {}
            self.selected = ""

    def listen(self, event: Event) -> None:
        """Take up an event of a run; what it shows is sent at once."""
        self.running = event.kind != "answer"
        if event.kind == "step":
            self._add_step(event)
        elif event.kind == "warning":
            self._append("warnings", printable(event.text))
        elif event.kind in ("plan", "scenes", "stack", "measurement", "check"):
            self._append("log", printable(f"{event.kind}: {event.text}")[:300])

    def fail(self, error: BaseException) -> None:
        """Show why a run ended, where the chain would be."""
        reason = printable(f"{type(error).__name__}: {error}")
        with self.hold_sync():
            self.document = self.document | {"status": "failed", "text": reason}
            self.running = False

    def _append(self, name: str, value: JsonValue) -> None:
        self.document = self.document | {name: [*self.document.get(name, []), value]}

    def _add_step(self, event: Event) -> None:
        name = event.data.get("mask")
        mask = None
        if name is not None:
            mask = (self._workspace or Workspace()).load_mask(str(name))
        step = Step("text" if mask is None else "ground", event.text, mask=mask)
        made = step_document(step, number=len(self.document["steps"]) + 1)
        with self.hold_sync():
            if mask is not None and mask.id not in self.images:
                told, png = mask_document(mask, f"M{len(self.document['masks']) + 1}", None)
                self.images = self.images | {mask.id: png}
                self._append("masks", told)
            self._append("steps", made)

    def _repr_mimebundle_(self, **given: Any) -> Any:  # IPython's protocol
        made = super()._repr_mimebundle_(**given)
        bundle, about = made if isinstance(made, tuple) else (made or {}, {})
        return bundle | self._static(), about

    def _static(self) -> dict[str, Any]:  # MIME types to content
        return answer_static(self._answer)
