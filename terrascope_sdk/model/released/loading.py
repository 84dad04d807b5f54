"""A released checkpoint as a network: read name by name, cast, checked key by key; saved in our own layout."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from huggingface_hub import save_torch_state_dict
from torch import Tensor
from transformers import PreTrainedTokenizerBase, Qwen2Tokenizer

from terrascope_sdk.errors import InputError
from terrascope_sdk.model.released.chain import REGION
from terrascope_sdk.model.released.names import renamed
from terrascope_sdk.model.released.network import ReleasedNetwork
from terrascope_sdk.model.released.prompt import CONTEXT
from terrascope_sdk.model.released.sizes import ReleasedSizes, Sam2Sizes, sizes_of
from terrascope_sdk.model.released.transcript import STOPS
from terrascope_sdk.model.released.weights import CONFIG_FILE, Checkpoint, find_checkpoint
from terrascope_sdk.model.tokens import SEG

__all__ = ["OWN_KIND", "Released", "load_released", "save_released"]

OWN_KIND = "terrascope_released"
"""``model_type`` of our own layout."""

_NEEDED = ("<img>", "</img>", CONTEXT, SEG, REGION, STOPS[0])


@dataclass(frozen=True)
class Released:
    """A released network with what belongs to it."""

    network: ReleasedNetwork
    """The network, ready to use."""

    tokenizer: PreTrainedTokenizerBase
    """Its tokenizer."""

    checkpoint: Checkpoint
    """Where it came from."""


def load_released(
    name: str | Path,
    *,
    revision: str | None = None,
    device: str = "cpu",
    dtype: torch.dtype | None = None,
    sam2: Sam2Sizes | None = None,
    offline: bool = False,
) -> Released:
    """Read a released checkpoint, or one that :func:`save_released` wrote.

    Args:
        name: A folder, or ``owner/name`` on the hub.
        revision: Commit, tag or branch on the hub.
        device: ``cpu``, ``cuda`` or another torch device.
        dtype: What all weights are cast to; bfloat16 on a GPU, as in the release, float32 elsewhere when left out.
        sam2: Sizes of SAM 2 where they are none of the published ones.
        offline: Use only what was downloaded before.

    Raises:
        WeightsNotFound: Something of it is not there.
        InputError: It is another architecture, pickled, truncated, or its tensors do not fit.
    """
    checkpoint = find_checkpoint(name, revision=revision, offline=offline)
    own = checkpoint.config.get("model_type") == OWN_KIND
    sizes = _own_sizes(checkpoint.config) if own else sizes_of(checkpoint.config, checkpoint.shapes(), sam2=sam2)
    kind = dtype or (torch.bfloat16 if torch.device(device).type == "cuda" else torch.float32)
    tensors = {k: v.to(device, kind) for k, v in checkpoint.tensors()}
    state = tensors if own else renamed(tensors)
    if sizes.language.get("tie_word_embeddings") and "head.weight" not in state:
        state["head.weight"] = state["language.embed_tokens.weight"]
    with torch.device("meta"):
        network = ReleasedNetwork(sizes)
    _check(checkpoint.folder, state, network)
    network.load_state_dict(state, assign=True)
    network.settle(device)
    return Released(network.train(mode=False), _tokenizer(checkpoint.folder), checkpoint)


def save_released(released: Released, folder: str | Path) -> None:
    """Write a network in our own layout: our names, one dtype, sizes in ``config.json``, files of at most 5 GB."""
    where = Path(folder)
    where.mkdir(parents=True, exist_ok=True)
    state = {k: v.detach().cpu().contiguous() for k, v in released.network.state_dict().items()}
    save_torch_state_dict(state, where, max_shard_size="5GB")
    sizes = asdict(released.network.sizes)
    document = {"model_type": OWN_KIND, **sizes, "source_revision": released.checkpoint.revision}
    (where / CONFIG_FILE).write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    released.tokenizer.save_pretrained(where)


def _own_sizes(config: Mapping[str, object]) -> ReleasedSizes:
    try:
        sam2 = {k: tuple(v) if isinstance(v, list) else v for k, v in dict(config["sam2"]).items()}  # type: ignore[call-overload]
        return ReleasedSizes(config["vision"], config["language"], Sam2Sizes(**sam2), config["downsample"])  # type: ignore[arg-type]
    except (KeyError, TypeError) as err:
        raise InputError(f"The sizes in {CONFIG_FILE} do not fit this version: {err}.") from err


def _check(folder: Path, state: Mapping[str, Tensor], network: ReleasedNetwork) -> None:
    """Refuse tensors that are missing, unexpected or of another shape, naming the first few."""
    wanted = {k: tuple(v.shape) for k, v in network.state_dict().items()}
    missing, extra = sorted(wanted.keys() - state.keys()), sorted(state.keys() - wanted.keys())
    odd = [k for k in sorted(wanted.keys() & state.keys()) if tuple(state[k].shape) != wanted[k]]
    told = []
    if missing:
        told.append(f"{len(missing)} tensors are missing, first {missing[0]}")
    if extra:
        told.append(f"{len(extra)} are not expected, first {extra[0]}")
    if odd:
        told.append(f"{odd[0]} has shape {tuple(state[odd[0]].shape)} instead of {wanted[odd[0]]}")
    if told:
        raise InputError(
            f"The weights in {folder} are not of the architecture that its {CONFIG_FILE} describes: {'; '.join(told)}.",
            hint="Give the sizes of SAM 2 as sam2=... if it is none of the published ones.",
        )


def _tokenizer(folder: Path) -> PreTrainedTokenizerBase:
    try:
        tokenizer: PreTrainedTokenizerBase = Qwen2Tokenizer.from_pretrained(folder, local_files_only=True)
    except (OSError, ValueError, TypeError) as err:
        raise InputError(f"The tokenizer in {folder} cannot be read: {err}") from err
    known = tokenizer.get_vocab()
    lacking = [t for t in _NEEDED if t not in known]
    if lacking:
        raise InputError(f"The tokenizer in {folder} lacks {', '.join(lacking)}: it is not TerraScope's.")
    return tokenizer
