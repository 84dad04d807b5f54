"""The official SDK, or a typed error that names the extra."""

from __future__ import annotations

import importlib.util

from terrascope_sdk.errors import MissingDependency

__all__ = ["require_sdk"]


def require_sdk() -> None:
    """Return when the SDK of the Model Context Protocol is installed.

    Raises:
        MissingDependency: It is not.
    """
    if importlib.util.find_spec("mcp") is None:
        raise MissingDependency(
            "The MCP server needs the package mcp.",
            hint="Install terrascope-sdk[mcp]: pip install 'terrascope-sdk[mcp]'.",
        )
