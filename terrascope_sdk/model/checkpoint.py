"""Weights on disk: safetensors and JSON in a folder, in half precision, as Hugging Face lays them out."""

import hashlib
import json
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from terrascope_sdk.errors import InputError, WeightsNotFound
from terrascope_sdk.model.compact import CompactNetwork
from terrascope_sdk.model.config import CompactConfig

__all__ = ["bundled_weights", "is_compact", "load_compact", "save_compact", "weights_sha256"]

_WEIGHTS, _CONFIG, _WORDS = "compact.safetensors", "config.json", "words.json"


def bundled_weights() -> Path:
    """Return the folder of the weights inside the package."""
    return Path(__file__).parents[1] / "weights"


def is_compact(folder: str | Path) -> bool:
    """Return whether a name stands for a folder of the compact network, as far as its configuration tells."""
    where = Path(folder)
    if not where.is_dir():
        return where.is_absolute() or str(folder).count("/") != 1
    try:
        config = json.loads((where / _CONFIG).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return True
    return not isinstance(config, dict) or "model_type" not in config


def save_compact(network: CompactNetwork, folder: str | Path) -> None:
    """Write a network into a folder: weights in half precision, configuration and word list."""
    where = Path(folder)
    where.mkdir(parents=True, exist_ok=True)
    tensors = {
        k: (v.half() if v.dtype.is_floating_point else v).detach().cpu().contiguous().clone()
        for k, v in network.state_dict().items()
    }
    new = where / f"{_WEIGHTS}.new"
    save_file(tensors, new, metadata={"format": "pt"})
    new.replace(where / _WEIGHTS)
    (where / _CONFIG).write_text(json.dumps(network.config.to_json(), indent=2) + "\n")
    (where / _WORDS).write_text(json.dumps(network.tokenizer.words, indent=0) + "\n")


def load_compact(folder: str | Path | None = None) -> CompactNetwork:
    """Read a network from a folder; the bundled one when left out.

    Returns:
        The network in single precision, ready to use.

    Raises:
        WeightsNotFound: A file is missing.
        InputError: The files do not fit this version.
    """
    where = bundled_weights() if folder is None else Path(folder)
    for name in (_WEIGHTS, _CONFIG, _WORDS):
        if not (where / name).is_file():
            raise WeightsNotFound(
                f"There is no {name} in {where}.",
                hint="Give a folder written by save_pretrained, or nothing for the network inside the package.",
            )
    try:
        config = CompactConfig.from_json(json.loads((where / _CONFIG).read_text()))
        network = CompactNetwork(config, json.loads((where / _WORDS).read_text()))
        with safe_open(where / _WEIGHTS, framework="pt") as file:
            state = {k: file.get_tensor(k) for k in file.keys()}  # noqa: SIM118  (not a mapping)
        network.load_state_dict({k: v.float() if v.dtype == torch.float16 else v for k, v in state.items()})
    except (ValueError, RuntimeError, KeyError, SafetensorError) as err:
        if isinstance(err, InputError):
            raise
        raise InputError(f"The weights in {where} do not fit this version of the package: {err}") from err
    return network.train(mode=False)


def weights_sha256(folder: str | Path | None = None) -> str:
    """Return the hash of the weights file, hexadecimal.

    Raises:
        WeightsNotFound: There is none.
    """
    path = (bundled_weights() if folder is None else Path(folder)) / _WEIGHTS
    if not path.is_file():
        raise WeightsNotFound(f"There is no {_WEIGHTS} in {path.parent}.", hint="Give a folder with weights.")
    return hashlib.sha256(path.read_bytes()).hexdigest()
