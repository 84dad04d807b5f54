"""``terrascope mcp`` as a process of its own, over both transports; and what it refuses."""

import importlib.util
import os
import socket
import subprocess
import sys
import time

import pytest
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp.shared._httpx_utils import create_mcp_http_client
from typer.testing import CliRunner

from terrascope_sdk.cli import app
from terrascope_sdk.errors import InputError, MissingDependency
from terrascope_sdk.mcp.transports import http_app, is_loopback, serve_http
from terrascope_sdk.plan.tool_calls import TOOLS, Toolbox

TOKEN = "token-of-the-command-line"
START = ["-c", "from terrascope_sdk.cli import main; main()", "mcp"]


@pytest.mark.enable_socket
async def test_the_command_serves_over_stdio(tmp_path):
    command = StdioServerParameters(command=sys.executable, args=[*START, "--workspace", str(tmp_path)])
    async with Client(command) as client:
        assert len((await client.list_tools()).tools) == len(TOOLS)
        found = await client.call_tool("find_imagery", {"aoi": "spain"})
        assert not found.is_error
        assert client.server_info is None or client.server_info.name == "terrascope"


@pytest.mark.enable_socket
async def test_the_command_serves_over_http_and_keeps_its_token_to_itself(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    run = [sys.executable, *START, "--http", "--port", str(port), "--workspace", str(tmp_path)]
    process = subprocess.Popen(run, stderr=subprocess.PIPE, text=True, env=os.environ | {"TERRASCOPE_TOKEN": TOKEN})
    try:
        for _ in range(300):
            with socket.socket() as there:
                if there.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert process.poll() is None
            time.sleep(0.1)
        async with (
            create_mcp_http_client(headers={"authorization": f"Bearer {TOKEN}"}) as http,
            Client(streamable_http_client(f"http://127.0.0.1:{port}/mcp", http_client=http)) as client,
        ):
            assert len((await client.list_tools()).tools) == len(TOOLS)
    finally:
        process.terminate()
        said = process.communicate(timeout=20)[1]
    assert f"http://127.0.0.1:{port}/mcp" in said
    assert TOKEN not in said


def test_other_machines_are_kept_out_unless_told_otherwise(tmp_path):
    box = Toolbox(workspace=tmp_path)
    for host in ("0.0.0.0", "192.168.1.7", "example.org", "::"):
        assert not is_loopback(host)
        with pytest.raises(InputError, match="other machines"):
            serve_http(box, token=TOKEN, host=host)
    assert all(map(is_loopback, ("127.0.0.1", "localhost", "::1", "[::1]", "127.0.0.9")))


def test_a_short_token_is_refused(tmp_path):
    with pytest.raises(InputError, match="16 characters"):
        http_app(Toolbox(workspace=tmp_path), token="short")


def test_without_the_sdk_the_extra_is_named(monkeypatch):
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *a: None if name == "mcp" else found(name, *a))
    result = CliRunner().invoke(app, ["mcp"])
    assert isinstance(result.exception, MissingDependency)
    assert "terrascope-sdk[mcp]" in str(result.exception)
