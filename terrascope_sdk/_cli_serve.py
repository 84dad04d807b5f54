"""``terrascope serve``: a network behind HTTP, for a notebook on another machine."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Annotated

import typer

__all__ = ["TOKEN_VARIABLE", "serve"]

TOKEN_VARIABLE = "TERRASCOPE_TOKEN"
"""Environment variable that holds the token."""


def serve(
    checkpoint: Annotated[
        str,
        typer.Option(help="A released checkpoint: a folder or owner/name; the network inside the package if empty."),
    ] = "",
    device: Annotated[str, typer.Option(help="cpu, cuda or another torch device.")] = "cpu",
    host: Annotated[str, typer.Option(help="Address to listen on; the loopback unless told otherwise.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8765,
    token_file: Annotated[Path | None, typer.Option(help="File that holds the token.")] = None,
) -> None:
    """Serve a network over HTTP until interrupted.

    The token is read from --token-file or the variable TERRASCOPE_TOKEN; without either one is made and shown once.
    """
    from terrascope_sdk.engine.terrascope import TerraScope
    from terrascope_sdk.serve.server import serve_reasoner

    token = token_file.read_text(encoding="utf-8").strip() if token_file else os.environ.get(TOKEN_VARIABLE, "")
    if not token:
        token = secrets.token_urlsafe(32)
        typer.echo(f"Token: {token}", err=True)
    model = TerraScope.from_pretrained(checkpoint or None, device=device)
    typer.echo(f"Serving {model.name} on http://{host}:{port}", err=True)
    serve_reasoner(model, token=token, host=host, port=port)
