"""Settings: where a run keeps its things. Read from the environment only when asked, never at import."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["default_workspace"]


def default_workspace() -> Path:
    """Return the folder where runs keep scenes, stacks and masks.

    ``TERRASCOPE_WORKSPACE`` where it is set, else ``terrascope`` in the user's cache folder
    (``XDG_CACHE_HOME``, by default ``~/.cache``). Nothing is created here.
    """
    stated = os.environ.get("TERRASCOPE_WORKSPACE")
    if stated:
        return Path(stated).expanduser()
    cache = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(cache).expanduser() / "terrascope"
