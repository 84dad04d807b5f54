"""A whole answer into a folder, all or nothing."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from terrascope_sdk.errors import ExportError, TerraScopeError
from terrascope_sdk.export.documents import (
    ANSWER_FILE,
    REPORT_FILE,
    answer_json_bytes,
    mask_heads,
    read_document,
    report_bytes,
)
from terrascope_sdk.export.names import mask_stems
from terrascope_sdk.export.raster import geotiff_bytes
from terrascope_sdk.export.vector import geojson_text
from terrascope_sdk.export.writing import cannot_write, temporary_name
from terrascope_sdk.types import Answer

__all__ = ["Exported", "export"]


class Exported(dict[str, Path]):
    """Paths by file name, and what could not be written."""

    warnings: tuple[str, ...] = ()
    """Why a file was left out, for example GeoJSON of a mask without CRS."""


def _contents(answer: Answer) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """Return every file's content by name, and what is left out."""
    files = {ANSWER_FILE: answer_json_bytes(answer), REPORT_FILE: report_bytes(answer)}
    credit, left_out = answer.provenance.attribution, []
    heads = [{"id": mask.id} | mask.to_json_head() for mask in answer.masks]
    stems = mask_stems(heads)
    for mask in answer.masks:
        stem = stems[mask.id]
        files[f"{stem}.tif"] = geotiff_bytes(mask, attribution=credit)
        try:
            files[f"{stem}.geojson"] = geojson_text(mask, attribution=credit).encode()
        except ExportError as err:
            left_out.append(f"{stem}.geojson was not written: {err}")
    return files, tuple(left_out)


def _earlier(folder: Path) -> set[str]:
    """Return the names of the files that an earlier export left in a folder, as its answer document tells."""
    try:
        document = read_document(folder / ANSWER_FILE)
        if not str(document["schema"]).startswith("terrascope-answer/"):
            return set()
        stems = mask_stems(mask_heads(document)).values()
    except (TerraScopeError, KeyError, TypeError, AttributeError):
        return set()
    return {ANSWER_FILE, REPORT_FILE, *(f"{stem}.{kind}" for stem in stems for kind in ("tif", "geojson"))}


def _write_all(files: Mapping[str, bytes], folder: Path) -> None:
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)


def _into_new(files: Mapping[str, bytes], folder: Path) -> None:
    """Write a folder beside its place and rename it."""
    missing = [p for p in (folder.parent, *folder.parent.parents) if not p.exists()]
    staging = temporary_name(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _write_all(files, staging)
        staging.rename(folder)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        for parent in missing:
            if parent.is_dir() and not any(parent.iterdir()):
                parent.rmdir()
        raise


def _into_existing(files: Mapping[str, bytes], folder: Path, earlier: set[str]) -> None:
    """Exchange our files inside a folder, and put everything back if that fails half-way."""
    staging = temporary_name(folder / "export")
    old = staging / "old"
    moved_out: list[str] = []
    moved_in: list[str] = []
    try:
        _write_all(files, staging)
        old.mkdir()
        for name in sorted(n for n in earlier if (folder / n).exists()):
            (folder / name).rename(old / name)
            moved_out.append(name)
        for name in files:
            (staging / name).rename(folder / name)
            moved_in.append(name)
    except BaseException:
        for name in moved_in:
            (folder / name).unlink(missing_ok=True)
        for name in moved_out:
            (old / name).replace(folder / name)
        raise
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def export(answer: Answer, folder: str | Path) -> Exported:
    """Write an answer into a folder: document, report, and each mask as GeoTIFF and GeoJSON.

    All or nothing: a failure leaves the folder as it was. What an earlier export left there is replaced; other files
    are kept, and one that stands in the way is never overwritten. Files are ``answer.json``, ``report.html`` and, for
    each mask, ``mask_<label>_<date>_<sensor>`` with ``.tif`` and ``.geojson``.

    Args:
        answer: What to write, of any status.
        folder: Where; made when it does not exist.

    Returns:
        Paths by file name; its ``warnings`` say what was left out, such as GeoJSON of a mask without CRS.

    Raises:
        ExportError: It cannot be written.
    """
    target = Path(folder)
    files, left_out = _contents(answer)
    try:
        if target.exists():
            earlier = _earlier(target)
            in_the_way = [name for name in files if name not in earlier and (target / name).exists()]
            if in_the_way:
                raise ExportError(
                    f"{target} already holds {', '.join(in_the_way)}, which no earlier export wrote.",
                    hint="Choose another folder, or move these files away.",
                )
            _into_existing(files, target, earlier)
        else:
            _into_new(files, target)
    except ExportError:
        raise
    except OSError as err:
        raise cannot_write(target, err) from err
    exported = Exported({name: target / name for name in files})
    exported.warnings = left_out
    return exported
