"""The workspace: a folder where every value of a run lies under the hash of its content.

State and checkpoints hold ids only; the same input gives the same id, so nothing is computed or stored twice, and a
run goes on in another process. Values are JSON (arrays packed inside it): nothing is ever unpickled.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterable
from pathlib import Path

from terrascope_sdk.config import default_workspace
from terrascope_sdk.errors import ExportError, InputError, ParseError
from terrascope_sdk.types import ImageStack, Mask, Picture, ReasoningChain
from terrascope_sdk.types.encoding import JsonValue, content_id

__all__ = ["Workspace"]

Storable = Mask | ImageStack | Picture | ReasoningChain

_ID = re.compile(r"^[a-z]+-[0-9a-f]{16}$")


class Workspace:
    """Content-addressed values in a folder. Safe to share between processes: files appear whole or not at all."""

    def __init__(self, folder: str | Path | None = None) -> None:
        self.folder = Path(folder) if folder is not None else default_workspace()

    def __repr__(self) -> str:
        return f"Workspace({str(self.folder)!r})"

    # ------------------------------------------------------------------------------------------------- documents

    def _path(self, name: str) -> Path:
        if not _ID.match(name):
            raise InputError(f"{name[:60]!r} is not the id of a value.", hint="Ids look like mask-0123456789abcdef.")
        kind, _, digest = name.partition("-")
        return self.folder / kind / digest[:2] / f"{digest}.json"

    def _write(self, name: str, document: JsonValue) -> None:
        path = self._path(name)
        if path.exists():
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as file:
                    json.dump(document, file, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
                Path(temporary).replace(path)
            except BaseException:
                Path(temporary).unlink(missing_ok=True)
                raise
        except OSError as err:
            raise ExportError(
                f"The workspace {self.folder} cannot be written: {err.strerror or err}.",
                hint="Pass workspace=FOLDER, or set TERRASCOPE_WORKSPACE to a folder you may write.",
            ) from err

    def _read(self, name: str) -> JsonValue:
        try:
            return json.loads(self._path(name).read_text(encoding="utf-8"))
        except FileNotFoundError as err:
            raise InputError(
                f"{name} is not in the workspace {self.folder}.", hint="It may have been deleted; run the plan again."
            ) from err
        except (OSError, UnicodeDecodeError, json.JSONDecodeError) as err:
            raise ParseError(f"{name} in the workspace {self.folder} is damaged: {err}.", hint="Delete it.") from err

    def __contains__(self, name: str) -> bool:
        return self._path(name).exists()

    def save_document(self, kind: str, document: JsonValue) -> str:
        """Store a JSON value and return its id.

        Args:
            kind: A short lower-case word, the first part of the id.
            document: Plain JSON.
        """
        name = content_id(kind, document)
        self._write(name, document)
        return name

    def load_document(self, name: str) -> JsonValue:
        """Return a stored JSON value.

        Raises:
            InputError: There is none of that id.
            ParseError: The file is damaged.
        """
        return self._read(name)

    # ---------------------------------------------------------------------------------------------------- values

    def save(self, value: Storable) -> str:
        """Store a value, and the masks inside it, and return its id."""
        if isinstance(value, ReasoningChain):
            for mask in value.masks:
                self.save(mask)
            self._write(value.id, value.to_json(pixels=False))
        else:
            self._write(value.id, value.to_json())
        return value.id

    def load_mask(self, name: str) -> Mask:
        """Return a mask by its id."""
        return Mask.from_json(self._read(name))

    def load_stack(self, name: str) -> ImageStack:
        """Return a stack by its id."""
        return ImageStack.from_json(self._read(name))

    def load_picture(self, name: str) -> Picture:
        """Return a picture by its id."""
        return Picture.from_json(self._read(name))

    def load_chain(self, name: str) -> ReasoningChain:
        """Return a chain by its id, with its masks."""
        document = self._read(name)
        return ReasoningChain.from_json(document, self.load_masks(_mask_ids(document)))

    def load_masks(self, names: Iterable[str]) -> dict[str, Mask]:
        """Return masks by id."""
        return {name: self.load_mask(name) for name in dict.fromkeys(names)}

    # ------------------------------------------------------------------------------------------------------ memo

    def recall(self, recipe: JsonValue) -> JsonValue | None:
        """Return what was remembered for a recipe (inputs and versions of a computation), or None.

        A remembered result that names values no longer in the workspace does not count.
        """
        name = content_id("memo", recipe)
        if name not in self:
            return None
        result = self._read(name)
        return result if all(i in self for i in _ids(result)) else None

    def remember(self, recipe: JsonValue, result: JsonValue) -> JsonValue:
        """Remember the plain result of a recipe, and return it."""
        name = content_id("memo", recipe)
        path = self._path(name)
        if path.exists() and self._read(name) != result:
            path.unlink(missing_ok=True)
        self._write(name, result)
        return result


def _mask_ids(chain: JsonValue) -> list[str]:
    return [step["mask"]["id"] for step in chain["steps"] if step["mask"] is not None]


def _ids(value: JsonValue) -> list[str]:
    """Return every id that a plain value names."""
    if isinstance(value, str):
        return [value] if _ID.match(value) else []
    if isinstance(value, dict):
        return [i for v in value.values() for i in _ids(v)]
    if isinstance(value, list):
        return [i for v in value for i in _ids(v)]
    return []
