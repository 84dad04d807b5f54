"""The official client lists, calls, hears progress, cancels and reads, over stdio and over streamable HTTP."""

import base64
import io
import json
import socket
import sys
import threading
import time
from contextlib import asynccontextmanager
from functools import partial

import anyio
import numpy as np
import pytest
import rasterio
import uvicorn
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp.shared._httpx_utils import create_mcp_http_client
from mcp.shared.exceptions import MCPError
from PIL import Image

from terrascope_sdk.mcp.transports import http_app
from terrascope_sdk.plan.tool_calls import TOOLS
from terrascope_sdk.plan.workspace import Workspace
from tests.mcp.served import toolbox

pytestmark = pytest.mark.enable_socket

TOKEN = "a-token-that-is-long-enough"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("workspace")


@pytest.fixture(scope="module")
def address(folder):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    app = http_app(toolbox(folder), token=TOKEN)
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    for _ in range(200):
        if server.started:
            break
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}/mcp"
    server.should_exit = True
    thread.join(10)


@asynccontextmanager
async def over_stdio(folder, address, mode):
    command = StdioServerParameters(command=sys.executable, args=["-m", "tests.mcp.served", str(folder)], cwd=".")
    async with Client(command, mode=mode) as client:
        yield client


@asynccontextmanager
async def over_http(folder, address, mode):
    headers = {"authorization": f"Bearer {TOKEN}"}
    async with (
        create_mcp_http_client(headers=headers) as http,
        Client(streamable_http_client(address, http_client=http), mode=mode) as client,
    ):
        yield client


TRANSPORTS = pytest.mark.parametrize(
    ("connected", "mode"), [(over_stdio, "auto"), (over_stdio, "legacy"), (over_http, "auto"), (over_http, "legacy")]
)

BOTH = pytest.mark.parametrize(("connected", "mode"), [(over_stdio, "auto"), (over_http, "auto")])
"""Each transport once, in the newest version of the protocol."""


async def called(client, tool, **args):
    result = await client.call_tool(tool, args)
    assert not result.is_error, result.content
    return result.meta["terrascope"]


async def loaded(client):
    found = await called(client, "find_imagery", aoi="spain", sensor="optical")
    return (await called(client, "load_imagery", imagery=found["imagery"], scenes=[1]))["stack"]


@TRANSPORTS
async def test_a_client_lists_calls_and_reads(connected, mode, folder, address):
    async with connected(folder, address, mode) as client:
        listed = (await client.list_tools()).tools
        assert [t.name for t in listed] == [s.name for s in TOOLS]
        assert all(t.input_schema["type"] == "object" and t.description for t in listed)
        heard = []

        async def hear(progress, total, message):
            heard.append((progress, message))

        asked = {"question": "How many hectares of water are there?", "aoi": "spain"}
        result = await client.call_tool("answer_question", asked, progress_callback=hear)
        artifact = result.meta["terrascope"]
        assert " ha" in result.content[0].text
        assert result.structured_content is None
        assert len(heard) >= 5
        assert [p for p, _ in heard] == sorted({p for p, _ in heard})
        assert any("measurement" in message for _, message in heard)
        links = [c.uri for c in result.content if c.type == "resource_link"]
        assert f"terrascope://mask/{artifact['masks'][0]['id']}.png" in links
        known = [r.uri for r in (await client.list_resources()).resources]
        assert set(links) <= set(known)
        assert len((await client.list_resource_templates()).resource_templates) == 6
        await _reads(client, folder, artifact)


async def _reads(client, folder, artifact):
    name = artifact["masks"][0]["id"]
    mask = Workspace(folder).load_mask(name)

    async def read(address):
        return (await client.read_resource(address)).contents[0]

    picture = await read(f"terrascope://mask/{name}.png")
    assert picture.mime_type == "image/png"
    assert Image.open(io.BytesIO(base64.b64decode(picture.blob))).format == "PNG"
    raster = await read(f"terrascope://mask/{name}.tif")
    with rasterio.MemoryFile(base64.b64decode(raster.blob)) as file, file.open() as opened:
        assert ((opened.read(1) == 1) == mask.pixels).all()
        assert opened.crs.to_string() == mask.grid.crs
    head = json.loads((await read(f"terrascope://mask/{name}.json")).text)
    assert head["id"] == name
    outlines = json.loads((await read(f"terrascope://mask/{name}.geojson")).text)
    assert outlines["type"] == "FeatureCollection"
    report = await read(f"terrascope://answer/{artifact['answer']}.html")
    assert report.mime_type == "text/html"
    assert "<html" in report.text
    assert len(report.text) < 1_000_000


@TRANSPORTS
async def test_a_cancelled_call_stops_and_leaves_a_sound_workspace(connected, mode, folder, address):
    for marker in ("began", "ended"):
        (folder / marker).unlink(missing_ok=True)
    async with connected(folder, address, mode) as client:
        stack = await loaded(client)
        with anyio.move_on_after(20) as waiting:
            async with anyio.create_task_group() as group:
                group.start_soon(client.call_tool, "ground_concept", {"stack": stack, "concept": "vegetation"})
                while not (folder / "began").exists():
                    await anyio.sleep(0.02)
                group.cancel_scope.cancel()
        assert not waiting.cancelled_caught
        started = time.monotonic()
        mask = (await called(client, "ground_concept", stack=stack, concept="water"))["mask"]
        assert time.monotonic() - started < 6  # the cancelled call let go of the reasoner long before its 10 s
        assert np.isfinite(
            (await called(client, "measure_mask", quantity="area", mask=mask))["measurements"][0]["value"]
        )
    assert not (folder / "ended").exists()
    assert not list(folder.rglob("*.tmp"))


@BOTH
async def test_bad_and_hostile_arguments_are_refused_and_the_server_goes_on(connected, mode, folder, address):
    wrong = [
        ("find_imagery", {"aoi": "/etc/passwd.json"}),
        ("find_imagery", {"aoi": "spain", "catalog": "http://127.0.0.1/"}),
        ("find_imagery", {}),
        ("measure_mask", {"quantity": "area", "mask": "mask-../../etc/passwd"}),
        ("export_result", {"what": ["mask-0123456789abcdef"], "format": "geotiff"}),
        ("run_plan", {"plan": {"question": "q", "steps": [{"id": "a", "op": "exec"}], "answer": []}}),
        ("rm", {"path": "/"}),
    ]
    async with connected(folder, address, mode) as client:
        for name, args in wrong:
            result = await client.call_tool(name, args)
            assert result.is_error, name
            assert result.content[0].text.startswith("Fix your arguments and call again:")
            assert str(folder) not in result.content[0].text
        for uri in (
            "terrascope://mask/mask-0123456789abcdef.tif", "terrascope://mask/../../etc/passwd", "file:///etc/passwd",
            "terrascope://stack/stack-0123456789abcdef.json", "terrascope://answer/mask-0123456789abcdef.html",
        ):  # fmt: skip
            with pytest.raises(MCPError) as refused:
                await client.read_resource(uri)
            assert str(folder) not in str(refused.value)
        failed = await client.call_tool("ground_concept", {"stack": await loaded(client), "concept": "forest"})
        assert failed.is_error
        assert "secret" not in failed.content[0].text
        assert (await called(client, "find_imagery", aoi="spain"))["scenes"]


@BOTH
async def test_calls_in_parallel(connected, mode, folder, address):
    async with connected(folder, address, mode) as client:
        stack, found = await loaded(client), {}

        async def find(place):
            found[place] = (await called(client, "find_imagery", aoi=place))["imagery"]

        async with anyio.create_task_group() as group:
            group.start_soon(partial(called, client, "ground_concept", stack=stack, concept="water"))
            for place in ("spain", "kampala", "belgium"):
                group.start_soon(find, place)
        assert len(set(found.values())) == 3


async def test_who_has_no_token_gets_nothing(address):
    for headers in ({}, {"authorization": "Bearer wrong-token-wrong-token"}, {"authorization": TOKEN}):
        async with create_mcp_http_client(headers=headers) as http:
            sent = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
            answer = await http.post(address, json=sent, headers={"accept": "application/json, text/event-stream"})
            assert answer.status_code == 401
            assert "find_imagery" not in answer.text


async def test_requests_for_another_host_are_refused(address):
    headers = {"authorization": f"Bearer {TOKEN}", "host": "evil.example", "accept": "application/json"}
    async with create_mcp_http_client(headers=headers) as http:
        answer = await http.post(address, json={"jsonrpc": "2.0", "id": 1, "method": "tools/list"})
        assert answer.status_code in (403, 421)
