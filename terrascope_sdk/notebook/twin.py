"""The static twin of a view: what a reader sees where no kernel runs.

It is an output of its own beside the widget. While the widget lives, a rule of the widget hides it; on a code host, in
an exported page, or with the kernel gone, there is no such rule, and the twin stands there.
"""

from __future__ import annotations

import base64
import secrets
from typing import TYPE_CHECKING, Any

import numpy as np

from terrascope_sdk.render.overlay import compose
from terrascope_sdk.render.palette import colour_of
from terrascope_sdk.render.png import encode_png
from terrascope_sdk.types import Answer, Mask, Picture
from terrascope_sdk.types.placing import ground_scale

if TYPE_CHECKING:
    from IPython.display import DisplayHandle

__all__ = ["Twin", "WithTwin", "answer_static", "hiding_rule"]

_LIVE = ("application/vnd.jupyter.widget-view+json", "text/plain")


def hiding_rule(name: str) -> str:
    """Return the style rule with which a living widget hides its twin."""
    return f".{name}{{display:none}}"


def answer_static(answer: Answer | None) -> dict[str, Any]:
    """Return an answer for readers without a kernel: HTML, text, and a PNG of its last mask over its picture."""
    if answer is None:
        return {"text/plain": "Nothing to show yet."}
    static: dict[str, Any] = {"text/html": answer._repr_html_(), "text/plain": str(answer)}
    if answer.masks:
        static["image/png"] = base64.b64encode(_drawn(answer.masks[-1], answer.picture_for(answer.masks[-1]))).decode()
    return static


def _drawn(mask: Mask, picture: Picture | None) -> bytes:
    rgb = np.full((*mask.grid.shape, 3), 255, np.uint8) if picture is None else picture.rgb
    valid = np.ones(mask.grid.shape, bool) if picture is None else picture.valid
    scale = ground_scale(mask.grid)
    return encode_png(
        compose(rgb, valid, mask.to_uint8(), colour_of(mask.label), aspect=scale.aspect if scale else 1.0, limit_px=640)
    )


class WithTwin:
    """A view that writes its static twin beside itself when it is displayed."""

    _twin: Twin

    def _static(self) -> dict[str, Any]:  # MIME types to content
        """Return what the twin shows."""
        raise NotImplementedError

    def _ipython_display_(self) -> None:
        from IPython.display import display

        made = self._repr_mimebundle_()  # type: ignore[attr-defined]  # every widget has it
        data, about = made if isinstance(made, tuple) else (made, {})
        live = {k: v for k, v in data.items() if k in _LIVE}
        display(live, metadata=about, raw=True)  # type: ignore[no-untyped-call]  # IPython
        self._twin.show(self._static())

    def _renew_twin(self) -> None:
        """Bring the twin up to date, where there is one."""
        if self._twin.shown:
            self._twin.show(self._static())


class Twin:
    """The static copy of one view, which can be brought up to date."""

    def __init__(self) -> None:
        self.name = f"ts-twin-{secrets.token_hex(6)}"
        """Class of its element, that the widget's rule names."""
        self._handle: DisplayHandle | None = None

    def show(self, static: dict[str, Any]) -> None:
        """Write the copy beside the widget, or bring it up to date.

        Args:
            static: MIME types to content: HTML, text, and a PNG for readers that know no HTML.
        """
        from IPython.display import display

        bundle = static | {"text/html": f'<div class="{self.name}">{static.get("text/html", "")}</div>'}
        if self._handle is None:
            self._handle = display(bundle, raw=True, display_id=True)  # type: ignore[no-untyped-call]  # IPython
        else:
            self._handle.update(bundle, raw=True)  # type: ignore[no-untyped-call]  # IPython

    @property
    def shown(self) -> bool:
        """Whether there is a copy to bring up to date."""
        return self._handle is not None
