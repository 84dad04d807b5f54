"""A real JupyterLab on loopback, driven through Debian's Chromium."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parents[2]
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
KERNELSPEC = {"name": "python3", "display_name": "Python 3", "language": "python"}
CONNECTED = (
    "window.jupyterapp && window.jupyterapp.shell.currentWidget && window.jupyterapp.shell.currentWidget.sessionContext"
    " && window.jupyterapp.shell.currentWidget.sessionContext.session"
    " && window.jupyterapp.shell.currentWidget.sessionContext.session.kernel"
    " && window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.connectionStatus === 'connected'"
)


def chromium():
    return shutil.which("chromium")


class Lab:
    """A JupyterLab server over a folder."""

    def __init__(self, folder: Path, workspace: Path) -> None:
        self.folder, self.token = folder, secrets.token_hex(16)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        environment = os.environ | {
            "TERRASCOPE_WORKSPACE": str(workspace), "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1",
            "JUPYTER_CONFIG_DIR": str(folder / ".config"), "JUPYTER_DATA_DIR": str(folder / ".data"),
            "IPYTHONDIR": str(folder / ".ipython"),
        }  # fmt: skip
        settings = folder / ".config" / "lab" / "user-settings" / "@jupyterlab" / "apputils-extension"
        settings.mkdir(parents=True)
        (settings / "notification.jupyterlab-settings").write_text('{"fetchNews": "false", "checkForUpdates": false}')
        self.log = folder / "lab.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1",
                 f"--port={self.port}", f"--IdentityProvider.token={self.token}", f"--ServerApp.root_dir={folder}",
                 "--LabApp.expose_app_in_browser=True", "--LabApp.news_url=None",
                 "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"],
                env=environment, stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip
        self._wait()

    def _wait(self) -> None:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            if self.process.poll() is not None:
                raise RuntimeError(self.log.read_text()[-2000:])
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api?token={self.token}", timeout=2).close()
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
            else:
                return
        raise RuntimeError("JupyterLab did not start within a minute.")

    def write(self, name: str, *cells: str) -> None:
        """Write a notebook of code cells."""
        made = [
            {
                "cell_type": "code",
                "id": f"cell-{i}",
                "metadata": {},
                "execution_count": None,
                "outputs": [],
                "source": c,
            }
            for i, c in enumerate(cells)
        ]
        book = {"cells": made, "metadata": {"kernelspec": KERNELSPEC}, "nbformat": 4, "nbformat_minor": 5}
        (self.folder / name).write_text(json.dumps(book))

    def address(self, name: str) -> str:
        """Return where a notebook is opened."""
        return f"http://127.0.0.1:{self.port}/lab/tree/{name}?token={self.token}&reset"

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()


class Book:
    """A notebook that is open in the browser."""

    def __init__(self, lab: Lab, page, name: str) -> None:
        self.lab, self.page, self.name = lab, page, name
        page.goto(lab.address(name))
        page.wait_for_function(CONNECTED, timeout=60_000)

    def run_all(self) -> None:
        """Run every cell; returns at once."""
        self.page.evaluate(
            "async () => { const s = window.jupyterapp.shell.currentWidget.sessionContext;"
            " await s.session.kernel.info; await window.jupyterapp.commands.execute('notebook:run-all-cells'); }"
        )

    def run_next(self) -> None:
        """Run the selected cell and go on to the next; returns at once."""
        self.page.evaluate(
            "async () => { const s = window.jupyterapp.shell.currentWidget.sessionContext; await s.session.kernel.info;"
            " window.jupyterapp.commands.execute('notebook:run-cell-and-select-next'); }"
        )

    def save(self) -> None:
        self.page.evaluate("async () => await window.jupyterapp.commands.execute('docmanager:save')")

    def shut_down(self) -> None:
        """End the kernel, as closing the computer for the night does."""
        self.page.evaluate("async () => await window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")

    def reload(self) -> None:
        """Open the saved notebook again, as if on another day."""
        self.page.goto(self.lab.address(self.name))

    def restart(self) -> None:
        """Restart the kernel without asking."""
        self.page.evaluate(
            "async () => { const s = window.jupyterapp.shell.currentWidget.sessionContext;"
            " await s.session.kernel.restart(); }"
        )
