"""A report of what this installation can do, for the first cell of a notebook and for bug reports."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import platform
import sys
from dataclasses import dataclass
from pathlib import Path

from terrascope_sdk import __version__
from terrascope_sdk.config import default_workspace

__all__ = ["Report", "doctor"]

_PACKAGES = (
    "numpy", "xarray", "rasterio", "pyproj", "odc-stac", "rustac", "langgraph", "torch", "transformers",
    "ipyleaflet", "anywidget", "geopandas",
)  # fmt: skip


@dataclass(frozen=True)
class Report:
    """What was found, line by line."""

    lines: tuple[tuple[str, str, bool], ...]
    """(what, found, fine) for each thing looked at."""

    @property
    def healthy(self) -> bool:
        """Whether everything that is needed is there."""
        return all(fine for _, _, fine in self.lines)

    def to_json(self) -> dict[str, str]:
        """Return what was found by name."""
        return {what: found for what, found, _ in self.lines}

    def __str__(self) -> str:
        width = max(len(what) for what, _, _ in self.lines)
        rows = [f"{'ok ' if fine else '!! '} {what:<{width}}  {found}" for what, found, fine in self.lines]
        return "\n".join(rows)

    __repr__ = __str__


def _package(name: str) -> tuple[str, str, bool]:
    optional = name == "geopandas"
    try:
        return name, importlib.metadata.version(name), True
    except importlib.metadata.PackageNotFoundError:
        return name, "not installed (optional)" if optional else "not installed", optional


def _catalogue() -> tuple[str, str, bool]:
    folder = Path(__file__).parent / "stac" / "data"
    items = folder / "items.parquet"
    size = sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())
    return (
        "bundled scenes",
        f"{size / 1e6:.1f} MB" if items.exists() else "missing: reinstall the package",
        items.exists(),
    )


def _workspace() -> tuple[str, str, bool]:
    folder = default_workspace()
    existing = next(p for p in (folder, *folder.parents) if p.exists())
    writable = os.access(existing, os.W_OK)
    return "workspace", f"{folder}" + ("" if writable else " (not writable: set TERRASCOPE_WORKSPACE)"), writable


def _torchvision() -> tuple[str, str, bool]:
    found = importlib.util.find_spec("torchvision") is not None
    return (
        "torchvision",
        "installed (not needed; a build that does not fit torch breaks transformers)"
        if found
        else "absent, as it should be",
        True,
    )


def doctor() -> Report:
    """Look at this installation and say what is there, without a network and without loading anything heavy.

    Returns:
        A report that prints as text; ``report.healthy`` says whether all that is needed is there.
    """
    lines = [
        ("terrascope-sdk", __version__, True),
        (
            "python",
            f"{platform.python_version()} on {platform.system()} {platform.machine()}",
            sys.version_info >= (3, 11),
        ),
        ("processors", f"{os.cpu_count()}", True),
        *(_package(name) for name in _PACKAGES),
        _torchvision(),
        _catalogue(),
        _workspace(),
    ]
    return Report(tuple(lines))
