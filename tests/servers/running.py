"""Real servers on loopback: PostgreSQL with pgstac behind stac-fastapi, and `rustac serve`."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parents[2]
SERVER_BIN = ROOT / ".venv-servers" / "bin"
RUSTAC = Path(sys.executable).parent / "rustac"
_START_S = 60


def postgres_bin():
    """Folder of the newest PostgreSQL that has PostGIS beside it, or None."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: -int(p.parent.name)):
        version = folder.parent.name
        if Path(f"/usr/share/postgresql/{version}/extension/postgis.control").exists():
            return folder
    return None


def missing():
    """What the real STAC API lacks on this machine, as words; empty when it can be started."""
    lacks = []
    if postgres_bin() is None:
        lacks.append("PostgreSQL with PostGIS (apt-get install postgresql-15 postgresql-15-postgis-3)")
    if not (SERVER_BIN / "pypgstac").exists():
        lacks.append("the servers' own environment (make servers)")
    return lacks


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _user():
    """PostgreSQL refuses to run as root, so root lends it the user of the Debian package."""
    return {"user": "postgres", "group": "postgres", "extra_groups": []} if os.getuid() == 0 else {}


def _wait_for(url, process, log):
    end = time.monotonic() + _START_S
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=2) as answer:
            if answer.status == 200:
                return
        time.sleep(0.1)
    raise RuntimeError(f"{url} did not come up:\n{log.read_text()[-2000:]}")


@contextlib.contextmanager
def served(command, url, log, **environment):
    """Run a server as long as the context lasts."""
    with log.open("w") as out:
        process = subprocess.Popen(
            [str(c) for c in command],
            stdout=out,
            stderr=subprocess.STDOUT,
            env=os.environ | environment,
            cwd=log.parent,
        )
    try:
        _wait_for(url, process, log)
        yield url
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def postgres():
    """Run an empty database; yield the environment by which its clients find it."""
    folder, tools, port = Path(tempfile.mkdtemp(prefix="terrascope-pg-")), postgres_bin(), free_port()
    if os.getuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    data, log = folder / "data", folder / "log"

    def tool(name, *arguments):
        done = subprocess.run(
            [tools / name, *map(str, arguments)],
            **_user(),
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=_START_S,
        )
        assert done.returncode == 0, f"{name}: {done.stderr[-1000:]} {log.read_text() if log.exists() else ''}"

    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1"
    options += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c shared_buffers=64MB"
    try:
        tool("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C.UTF-8")
        # the server keeps its standard streams for good, so they must not be pipes
        subprocess.run(
            [tools / "pg_ctl", "-D", data, "-w", "-l", log, "-o", options, "start"],
            **_user(), cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=_START_S,
        )  # fmt: skip
        tool("createdb", "-h", "127.0.0.1", "-p", port, "-U", "postgres", "stac")
        yield {
            "PGHOST": "127.0.0.1", "PGPORT": str(port), "PGUSER": "postgres", "PGPASSWORD": "x", "PGDATABASE": "stac",
        }  # fmt: skip
    finally:
        if (data / "postmaster.pid").exists():
            tool("pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def stac_api(folder, *, collections, items):
    """Run stac-fastapi over pgstac with these documents; yield its address."""
    with postgres() as place:
        environment = os.environ | place

        def run(*command):
            done = subprocess.run(
                [str(c) for c in command], env=environment, capture_output=True, text=True, timeout=120, cwd=folder
            )
            assert done.returncode == 0, f"{command}: {done.stderr[-2000:]}"

        run(SERVER_BIN / "pypgstac", "migrate")
        for kind, documents in (("collections", collections), ("items", items)):
            file = folder / f"{kind}.ndjson"
            file.write_text("\n".join(json.dumps(d) for d in documents))
            run(SERVER_BIN / "pypgstac", "load", kind, file, "--method", "upsert")
        count = "update pgstac.pgstac_settings set value='on' where name='context'"
        run(postgres_bin() / "psql", "-q", "-c", count)
        port = free_port()
        command = [SERVER_BIN / "uvicorn", "--factory", "--port", port, "stac_fastapi.pgstac.app:create_app"]
        with served(command, f"http://127.0.0.1:{port}", folder / "api.log", **place) as url:
            yield url


@contextlib.contextmanager
def rustac_api(folder, *, items):
    """Run `rustac serve` with these items in memory; yield its address."""
    file = folder / "items.json"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": items}))
    port = free_port()
    command = [RUSTAC, "serve", "-a", f"127.0.0.1:{port}", "--create-collections", file]
    with served(command, f"http://127.0.0.1:{port}", folder / "rustac.log") as url:
        yield url
