"""Keeping the state of a run small: what is large lies in the workspace, and its id stands in its place."""

from __future__ import annotations

import json
from typing import cast

from terrascope_sdk.plan.run_state import RunState
from terrascope_sdk.plan.workspace import Workspace
from terrascope_sdk.types.encoding import JsonValue

__all__ = ["MAX_VALUE", "shelved", "unshelved"]

MAX_VALUE = 2048
"""Characters of JSON that one value of the state may take; two dozen of them stay under 64 KiB."""

_MARK = "$kept"


def shelved(state: RunState, workspace: Workspace) -> RunState:
    """Return a state in which every large value is replaced by the id under which it now lies in the workspace.

    Args:
        state: Any part of a state.
        workspace: Where the values go.
    """
    return cast(RunState, {name: _put(value, workspace) for name, value in state.items()})


def unshelved(state: RunState, workspace: Workspace) -> RunState:
    """Return a state with all its values.

    Args:
        state: From :func:`shelved`, or one that never was on a shelf.
        workspace: Where the values lie.

    Raises:
        InputError: A value is no longer in the workspace.
    """
    return cast(RunState, {name: _get(value, workspace) for name, value in state.items()})


def _put(value: JsonValue, workspace: Workspace) -> JsonValue:
    if isinstance(value, str | int | float | bool) or value is None:
        return value
    small = len(json.dumps(value, allow_nan=False)) <= MAX_VALUE
    return value if small else {_MARK: workspace.save_document("state", value)}


def _get(value: JsonValue, workspace: Workspace) -> JsonValue:
    if isinstance(value, dict) and list(value) == [_MARK]:
        return workspace.load_document(value[_MARK])
    return value
