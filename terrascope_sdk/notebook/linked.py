"""Views of one answer that share what is selected: a number clicked in the chain lights up on the map."""

from __future__ import annotations

from typing import Protocol

import traitlets

from terrascope_sdk.errors import InputError

__all__ = ["link_views"]


class _Selecting(Protocol):
    """A view with a selection."""

    selected: str


def link_views(*views: _Selecting) -> None:
    """Tie views together, so that a mask selected in one is lit up in all.

    Args:
        views: Two or more, of the same answer: :class:`ChainView`, :class:`MapView`.

    Raises:
        InputError: Fewer than two.
    """
    if len(views) < 2:
        raise InputError(f"{len(views)} view cannot be linked.", hint="Pass a ChainView and a MapView.")
    for other in views[1:]:
        traitlets.link((views[0], "selected"), (other, "selected"))
