"""``terrascope mcp``: the tools for any client of the Model Context Protocol."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Annotated

import typer

from terrascope_sdk._cli_serve import TOKEN_VARIABLE

__all__ = ["mcp"]


def mcp(  # noqa: PLR0913  (one parameter an option)
    workspace: Annotated[Path | None, typer.Option(help="Keep scenes, pixels, masks and exports here.")] = None,
    catalog: Annotated[
        str | None, typer.Option(help="Where imagery is found: a known catalogue, an API's address, a file.")
    ] = None,
    http: Annotated[bool, typer.Option("--http", help="Serve streamable HTTP instead of stdio.")] = False,
    host: Annotated[str, typer.Option(help="With --http: address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="With --http: port to listen on.")] = 8766,
    token_file: Annotated[Path | None, typer.Option(help="With --http: file that holds the token.")] = None,
    allow_remote: Annotated[
        bool, typer.Option("--allow-remote", help="With --http: let other machines reach it.")
    ] = False,
    max_calls: Annotated[int | None, typer.Option(help="Most tool calls while the server runs.")] = None,
    max_mb: Annotated[float, typer.Option(help="Most megabytes of pixels while the server runs.")] = 20_000.0,
) -> None:
    """Serve the tools over the Model Context Protocol until the client leaves, or until interrupted.

    With --http the token is read from --token-file or TERRASCOPE_TOKEN; without either one is made and shown once.
    """
    from terrascope_sdk.mcp.sdk import require_sdk

    require_sdk()
    from terrascope_sdk.mcp.transports import serve_http, serve_stdio
    from terrascope_sdk.plan.tool_budget import ToolBudget
    from terrascope_sdk.plan.tool_calls import Toolbox

    budget = ToolBudget(calls=max_calls, load_bytes=int(max_mb * 1e6))
    toolbox = Toolbox(workspace=workspace, catalog=catalog, budget=budget)
    if not http:
        serve_stdio(toolbox)
        return
    token = token_file.read_text(encoding="utf-8").strip() if token_file else os.environ.get(TOKEN_VARIABLE, "")
    if not token:
        token = secrets.token_urlsafe(32)
        typer.echo(f"Token: {token}", err=True)
    typer.echo(f"Serving the tools on http://{host}:{port}/mcp", err=True)
    serve_http(toolbox, token=token, host=host, port=port, allow_remote=allow_remote)
