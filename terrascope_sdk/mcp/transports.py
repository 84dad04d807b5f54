"""How the server is reached: stdio, or streamable HTTP behind a token, on the loopback unless told otherwise."""

from __future__ import annotations

import hmac
import ipaddress

import anyio
import uvicorn
from mcp.server.stdio import stdio_server
from mcp.server.transport_security import TransportSecuritySettings
from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from terrascope_sdk.errors import InputError
from terrascope_sdk.mcp.server import build_server
from terrascope_sdk.plan.tool_calls import Toolbox

__all__ = ["LEAST_TOKEN", "http_app", "is_loopback", "serve_http", "serve_stdio"]

LEAST_TOKEN = 16
"""Shortest token that is accepted, characters."""


class _TokenGate:
    """Lets a request through when it carries the token; answers 401 to any other."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app, self._expected = app, f"Bearer {token}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        sent = Headers(scope=scope).get("authorization", "")
        if hmac.compare_digest(sent.encode(), self._expected):
            await self._app(scope, receive, send)
        else:
            refusal = JSONResponse({"error": "The token is missing or wrong."}, status_code=401)
            await refusal(scope, receive, send)


def is_loopback(host: str) -> bool:
    """Return whether an address can be reached from this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def http_app(toolbox: Toolbox, *, token: str, host: str = "127.0.0.1") -> ASGIApp:
    """Return the server as an ASGI application whose only path is ``/mcp``.

    Args:
        toolbox: What does the work.
        token: Who sends it may ask; at least 16 characters.
        host: Address it will listen on; on the loopback, requests for any other host are refused.

    Raises:
        InputError: The token is too short.
    """
    if len(token) < LEAST_TOKEN:
        raise InputError(f"A token needs at least {LEAST_TOKEN} characters.")
    rebinding = TransportSecuritySettings(
        enable_dns_rebinding_protection=is_loopback(host),
        allowed_hosts=["127.0.0.1:*", "localhost:*", "[::1]:*"],
        allowed_origins=["http://127.0.0.1:*", "http://localhost:*", "http://[::1]:*"],
    )
    app = build_server(toolbox).streamable_http_app(host=host, transport_security=rebinding)
    return _TokenGate(app, token)


def serve_http(
    toolbox: Toolbox, *, token: str, host: str = "127.0.0.1", port: int = 8766, allow_remote: bool = False
) -> None:
    """Serve over streamable HTTP until interrupted.

    Args:
        toolbox: What does the work.
        token: Who sends it may ask.
        host: Address to listen on.
        port: Port to listen on.
        allow_remote: Whether the address may be one that other machines reach.

    Raises:
        InputError: The token is too short, or the address is not the loopback and that was not allowed.
    """
    if not is_loopback(host) and not allow_remote:
        raise InputError(
            f"{host[:60]!r} can be reached from other machines.",
            hint="Listen on 127.0.0.1, or say --allow-remote; put TLS in front of it then.",
        )
    app = http_app(toolbox, token=token, host=host)
    uvicorn.run(app, host=host, port=port, access_log=False, log_level="warning", server_header=False)


def serve_stdio(toolbox: Toolbox) -> None:
    """Serve one client over standard input and output until it closes them.

    Args:
        toolbox: What does the work.
    """
    anyio.run(_over_stdio, toolbox)


async def _over_stdio(toolbox: Toolbox) -> None:
    server = build_server(toolbox)
    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())
