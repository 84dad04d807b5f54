"""``terrascope serve`` as a process of its own."""

import os
import socket
import subprocess
import sys
import time

import pytest

from terrascope_sdk.errors import ServiceError
from terrascope_sdk.serve.client import RemoteReasoner

TOKEN = "token-of-the-command-line"


@pytest.mark.enable_socket
def test_the_command_serves_the_bundled_network_on_the_loopback():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    start = "from terrascope_sdk.cli import main; main()"
    run = [sys.executable, "-c", start, "serve", "--port", str(port)]
    process = subprocess.Popen(run, stderr=subprocess.PIPE, text=True, env=os.environ | {"TERRASCOPE_TOKEN": TOKEN})
    try:
        remote, name = RemoteReasoner(f"http://127.0.0.1:{port}", token=TOKEN), ""
        for _ in range(300):
            try:
                name = remote.name
                break
            except ServiceError:
                assert process.poll() is None
                time.sleep(0.1)
        assert name.startswith("terrascope-compact ")
    finally:
        process.terminate()
        said = process.communicate(timeout=20)[1]
    assert f"http://127.0.0.1:{port}" in said
    assert TOKEN not in said
