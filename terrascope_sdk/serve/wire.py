"""What goes over the wire: requests, steps line by line, errors by their names."""

import json
from dataclasses import asdict

from terrascope_sdk import errors
from terrascope_sdk.errors import ServiceError, TerraScopeError
from terrascope_sdk.types.chain import Step
from terrascope_sdk.types.encoding import JsonValue
from terrascope_sdk.types.protocols import GroundRequest

__all__ = ["END", "error_document", "raised", "read_request", "request_document", "step_line"]

END = json.dumps({"end": True}) + "\n"
"""Last line of a complete answer."""


def step_line(step: Step) -> str:
    """Return a step as a line."""
    return json.dumps({"step": step.to_json()}) + "\n"


def error_document(err: TerraScopeError) -> dict[str, JsonValue]:
    """Return an error as plain values."""
    return {"error": {"type": type(err).__name__, "message": str(err.args[0]), "hint": err.hint}}


def raised(document: JsonValue) -> TerraScopeError:
    """Return the error that a document tells; one of ours by its name, else that the server failed."""
    told = document.get("error", {}) if isinstance(document, dict) else {}
    name = str(told.get("type", ""))
    kind = getattr(errors, name) if name in errors.__all__ else ServiceError
    return kind(str(told.get("message", "The server failed."))[:2000], hint=str(told.get("hint", ""))[:500])


def request_document(request: GroundRequest) -> dict[str, JsonValue]:
    """Return a request as plain values."""
    return asdict(request)


def read_request(document: JsonValue) -> GroundRequest:
    """Read what :func:`request_document` wrote.

    Raises:
        InputError: It is something else.
    """
    try:
        when, before = document["when"], document["before"]
        if not isinstance(when, int) or not (before is None or isinstance(before, int)):
            raise TypeError(when)
        if document["sensor"] not in ("optical", "sar"):
            raise ValueError(document["sensor"])
        return GroundRequest(str(document["concept"]), document["sensor"], when, before)
    except (KeyError, TypeError, ValueError) as err:
        raise errors.InputError(f"Not a readable request: {err!r}.") from err
