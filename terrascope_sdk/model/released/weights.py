"""A released checkpoint on disk or on the hub: found, checked and read, with no code run and nothing unpickled."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from huggingface_hub import snapshot_download
from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError, OfflineModeIsEnabled
from safetensors import SafetensorError, safe_open
from torch import Tensor

from terrascope_sdk.errors import InputError, WeightsNotFound

__all__ = ["CONFIG_FILE", "Checkpoint", "find_checkpoint"]

CONFIG_FILE = "config.json"
_SINGLE, _INDEX = "model.safetensors", "model.safetensors.index.json"
_WANTED = ("*.json", "*.safetensors", "*.txt")
_SUFFIXES = (".bin", ".pt", ".pth", ".ckpt", ".pkl")
_PICKLED = tuple(f"*{suffix}" for suffix in _SUFFIXES)


@dataclass(frozen=True)
class Checkpoint:
    """The files of a checkpoint, all of them there."""

    folder: Path
    """Where they lie."""

    config: Mapping[str, Any]
    """Its ``config.json``."""

    files: tuple[Path, ...]
    """Its safetensors files."""

    revision: str = ""
    """Commit on the hub; empty for a local folder."""

    def tensors(self) -> Iterator[tuple[str, Tensor]]:
        """Yield all tensors with their names, one in memory at a time.

        Raises:
            InputError: A file is truncated or no safetensors file.
        """
        for path in self.files:
            try:
                with safe_open(path, framework="pt") as file:
                    for name in file.keys():  # noqa: SIM118  (not a mapping)
                        yield name, file.get_tensor(name)
            except (SafetensorError, OSError) as err:
                raise _broken(path, err) from err

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Return the shapes of all tensors, read from the files' heads.

        Raises:
            InputError: A file is truncated or no safetensors file.
        """
        found: dict[str, tuple[int, ...]] = {}
        for path in self.files:
            try:
                with safe_open(path, framework="pt") as file:
                    found |= {k: tuple(file.get_slice(k).get_shape()) for k in file.keys()}  # noqa: SIM118
            except (SafetensorError, OSError) as err:
                raise _broken(path, err) from err
        return found

    def sha256(self) -> str:
        """Return one hash of all its safetensors files, hexadecimal; reads them from end to end."""
        whole = hashlib.sha256()
        for path in self.files:
            with path.open("rb") as file:
                whole.update(hashlib.file_digest(file, "sha256").digest())
        return whole.hexdigest()


def _broken(path: Path, err: Exception) -> InputError:
    return InputError(
        f"{path.name} is truncated or no safetensors file: {err}", hint=f"Delete {path} and download it again."
    )


def find_checkpoint(name: str | Path, *, revision: str | None = None, offline: bool = False) -> Checkpoint:
    """Return the checkpoint of a local folder, or of a hub name such as ``sy1998/TerraScope``.

    Only JSON, text and safetensors files are fetched; a download that was cut off is never used.

    Args:
        name: A folder, or ``owner/name`` on the hub.
        revision: Commit, tag or branch on the hub.
        offline: Use only what was downloaded before.

    Raises:
        WeightsNotFound: The folder, a file of it, or the name on the hub does not exist, or cannot be reached.
        InputError: The weights are pickled, or a file cannot be read.
    """
    local = Path(name)
    if local.is_dir():
        return _in_folder(local, "")
    if local.is_file():
        raise InputError(
            f"{local} is one file; a checkpoint is a folder with {CONFIG_FILE}, safetensors and a tokenizer."
            + (" It is pickled: opening it could run code." if local.suffix in _SUFFIXES else ""),
            hint="Give the folder of the checkpoint in safetensors.",
        )
    if local.is_absolute() or str(name).count("/") != 1:
        raise WeightsNotFound(f"There is no folder {name}.", hint="Give a folder or a hub name: owner/name.")
    try:
        folder = Path(
            snapshot_download(str(name), revision=revision, allow_patterns=list(_WANTED), local_files_only=offline)
        )
    except (HfHubHTTPError, HFValidationError, LocalEntryNotFoundError, OfflineModeIsEnabled, OSError) as err:
        raise WeightsNotFound(
            f"{name} could not be fetched: {type(err).__name__}.",
            hint="Check the name and the connection, or copy the files with tools/convert_checkpoint.py.",
        ) from err
    return _in_folder(folder, folder.name)


def _in_folder(folder: Path, revision: str) -> Checkpoint:
    config = _json(folder / CONFIG_FILE)
    if (folder / _INDEX).is_file():
        index = _json(folder / _INDEX)
        named = sorted(set(index.get("weight_map", {}).values()))
        if not named or any("/" in n or "\\" in n or not n.endswith(".safetensors") for n in named):
            raise InputError(f"{_INDEX} in {folder} names no safetensors files of its own folder.")
        files = tuple(folder / n for n in named)
    else:
        files = (folder / _SINGLE,)
    missing = [f.name for f in files if not f.is_file()]
    if missing:
        pickled = sorted(p.name for pattern in _PICKLED for p in folder.glob(pattern))
        if pickled:
            raise InputError(
                f"{folder} holds pickled weights only ({pickled[0]}); opening them could run code.",
                hint="Get the safetensors files of the checkpoint.",
            )
        raise WeightsNotFound(
            f"{folder} lacks {missing[0]}" + (f" and {len(missing) - 1} more of its files." if missing[1:] else "."),
            hint="Finish the download.",
        )
    return Checkpoint(folder, config, files, revision)


def _json(path: Path) -> Mapping[str, Any]:
    if not path.is_file():
        raise WeightsNotFound(f"There is no {path.name} in {path.parent}.", hint="Give the folder of a checkpoint.")
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, OSError) as err:
        raise InputError(f"{path} is no JSON document: {err}") from err
    if not isinstance(document, dict):
        raise InputError(f"{path} holds no JSON object.")
    return document
