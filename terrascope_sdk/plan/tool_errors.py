"""What a language model is told when a tool fails: one of two kinds, and never more than it needs."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from terrascope_sdk.errors import (
    CatalogError,
    InputError,
    NoScenesFound,
    ParseError,
    TerraScopeError,
    UndefinedMeasurement,
)
from terrascope_sdk.plan.tool_digest import digest
from terrascope_sdk.stac.shown_text import shown

__all__ = ["CallStopped", "ToolProblem", "explain"]

_log = logging.getLogger(__name__)
_FIX = "Fix your arguments and call again:"
_FAILED = "This failed, go on without it:"
_REPAIRABLE = (InputError, NoScenesFound, ParseError, UndefinedMeasurement)


class CallStopped(TerraScopeError, RuntimeError):
    """A running call was cancelled by whoever made it, or ran out of time; what it had stored stays sound."""


@dataclass(frozen=True)
class ToolProblem:
    """Why a call gave nothing."""

    kind: Literal["fix", "failed"]
    """Whether other arguments can help."""

    text: str
    """What the model is told; at most 300 tokens."""


def explain(err: Exception, *, tool: str, folder: Path) -> ToolProblem:
    """Return what a model is told of an error. All that is unexpected goes through here: logged in full, told in brief.

    Args:
        err: What was raised.
        tool: Name of the tool, for the log.
        folder: The workspace, whose path is never told.
    """
    if isinstance(err, ValidationError):
        return ToolProblem("fix", digest(_FIX, _complaints(err)))
    if isinstance(err, TerraScopeError):
        fixable = isinstance(err, _REPAIRABLE) and not isinstance(err, CatalogError)
        told = _without_paths(str(err), folder)
        return ToolProblem("fix" if fixable else "failed", digest(f"{_FIX if fixable else _FAILED} {shown(told, 700)}"))
    _log.error("Tool %s failed.", tool, exc_info=err)
    return ToolProblem("failed", f"{_FAILED} something unexpected happened; the log of this program says what.")


def _complaints(err: ValidationError) -> list[str]:
    found = []
    for problem in err.errors(include_url=False, include_input=False)[:6]:
        message = problem["msg"].removeprefix("Value error, ").rstrip(".")
        place = " / ".join(str(p) for p in problem["loc"] if isinstance(p, int | str))
        found.append(f"{shown(place, 60) or 'arguments'}: {shown(message, 400)}.")
    return found


def _without_paths(text: str, folder: Path) -> str:
    for path in (folder, Path.home()):
        text = text.replace(str(path), "the workspace" if path == folder else "~")
    return text
