"""Where threads are kept: a SQLite file in the workspace, through a serializer that makes plain values only."""

from __future__ import annotations

import sqlite3
import weakref
from typing import TYPE_CHECKING

from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.checkpoint.sqlite import SqliteSaver

from terrascope_sdk.errors import ExportError
from terrascope_sdk.plan.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["threads_file", "workspace_saver"]

_WAIT_S = 30.0
"""How long to wait for another process that writes into the same file."""


def threads_file(workspace: Workspace) -> Path:
    """Return the file in a workspace that keeps its threads."""
    return workspace.folder / "threads.sqlite"


def workspace_saver(workspace: Workspace) -> SqliteSaver:
    """Return a LangGraph saver over the workspace's own SQLite file, made when there is none.

    What it reads back are plain values: no class named in the file is ever imported or called. Several processes may
    use the file at once.

    Args:
        workspace: Whose threads.

    Raises:
        ExportError: The file cannot be written.
    """
    file = threads_file(workspace)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(file, timeout=_WAIT_S, check_same_thread=False)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
    except (OSError, sqlite3.Error) as err:
        raise ExportError(
            f"The threads of {workspace.folder} cannot be kept: {err}.",
            hint="Pass workspace=FOLDER that you may write, another checkpointer, or checkpointer=False for none.",
        ) from err
    saver = SqliteSaver(connection, serde=JsonPlusSerializer(allowed_msgpack_modules=None))
    saver.setup()
    weakref.finalize(saver, connection.close)
    return saver
