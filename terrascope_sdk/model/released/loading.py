"""A released checkpoint as a network: read name by name, cast, checked key by key; saved in our own layout."""

import json
from collections.abc import Mapping, Sequence
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
from terrascope_sdk.model.released.offloading import HOST_LAYERS, offload
from terrascope_sdk.model.released.prompt import CONTEXT
from terrascope_sdk.model.released.sizes import ReleasedSizes, Sam2Sizes, sizes_of
from terrascope_sdk.model.released.transcript import STOPS
from terrascope_sdk.model.released.weights import CONFIG_FILE, Checkpoint, find_checkpoint
from terrascope_sdk.model.tokens import SEG

__all__ = ["OWN_KIND", "Released", "load_released", "save_released"]

OWN_KIND = "terrascope_released"
"""``model_type`` of our own layout."""

_NEEDED = ("<img>", "</img>", CONTEXT, SEG, STOPS[0])
_TYPES = (torch.float32, torch.bfloat16, torch.float16, torch.float64)
_EMBEDDED, _HEAD = "language.embed_tokens.weight", "head.weight"
_PARTS = {
    "vision": "the vision encoder", "projector": "the projector", "language": "the language model",
    "head": "the language model's head", "prompter": "the prompter (text_hidden_fcs)", "segmenter": "SAM 2",
}  # fmt: skip


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
    on_host: bool = False,
) -> Released:
    """Read a released checkpoint, or one that :func:`save_released` wrote.

    Args:
        name: A folder, or ``owner/name`` on the hub.
        revision: Commit, tag or branch on the hub.
        device: ``cpu``, ``cuda`` or another torch device.
        dtype: What all weights are cast to; bfloat16 on a GPU, as in the release, float32 elsewhere when left out.
        sam2: Sizes of SAM 2 where they are none of the published ones.
        offline: Use only what was downloaded before.
        on_host: Keep the layers of the language model in the machine's memory; each visits the device to compute.

    Raises:
        WeightsNotFound: Something of it is not there.
        InputError: It is another architecture, pickled, truncated, or its tensors do not fit; or there is no such
            device or type.
    """
    _check_target(device, dtype)
    checkpoint = find_checkpoint(name, revision=revision, offline=offline)
    own = checkpoint.config.get("model_type") == OWN_KIND
    sizes = _own_sizes(checkpoint.config) if own else sizes_of(checkpoint.config, checkpoint.shapes(), sam2=sam2)
    kind = dtype or (torch.bfloat16 if torch.device(device).type == "cuda" else torch.float32)
    tensors = {
        k: _cast(k, v, "cpu" if on_host and k.startswith(HOST_LAYERS) else device, kind)
        for k, v in checkpoint.tensors()
    }
    state = tensors if own else renamed(tensors)
    if sizes.language.get("tie_word_embeddings"):
        _tie(state)
    with torch.device("meta"):
        network = ReleasedNetwork(sizes)
    _check(checkpoint.folder, state, network)
    tokenizer = _tokenizer(checkpoint.folder, sizes)
    network.load_state_dict(state, assign=True)
    network.settle(device)
    if on_host:
        offload(network)
    return Released(network.train(mode=False), tokenizer, checkpoint)


def _check_target(device: str, dtype: torch.dtype | None) -> None:
    """Refuse a device that is not there, and a type that weights cannot have."""
    if dtype is not None and dtype not in _TYPES:
        listed = ", ".join(str(t).removeprefix("torch.") for t in _TYPES)
        raise InputError(f"Weights cannot be cast to {dtype}.", hint=f"Pass dtype=torch.… with one of {listed}.")
    try:
        kind = torch.device(device).type
    except (RuntimeError, TypeError) as err:
        raise InputError(f"{device!r} names no device.", hint="Pass device='cpu' or 'cuda'.") from err
    if kind == "cuda" and not torch.cuda.is_available():
        raise InputError("There is no CUDA device here.", hint="Pass device='cpu', or install a CUDA build of torch.")
    if kind == "mps" and not torch.backends.mps.is_available():
        raise InputError("There is no Apple GPU here.", hint="Pass device='cpu'.")
    if kind == "meta":
        raise InputError("A network on the device 'meta' has no weights.", hint="Pass device='cpu' or 'cuda'.")
    number = torch.device(device).index
    if kind == "cuda" and number is not None and number >= torch.cuda.device_count():
        raise InputError(f"There is no {device}, only {torch.cuda.device_count()} CUDA devices.")


def _cast(name: str, tensor: Tensor, device: str, kind: torch.dtype) -> Tensor:
    if not tensor.is_floating_point():
        raise InputError(
            f"{name} is stored as {str(tensor.dtype).removeprefix('torch.')}: these weights were put into fewer bits.",
            hint="Get the checkpoint in bfloat16; weights='int8' makes fewer bits while loading.",
        )
    return tensor.to(device, kind)


def _tie(state: dict[str, Tensor]) -> None:
    """Let embeddings and head be one tensor; a file holds either name, or both."""
    if _EMBEDDED in state:
        state[_HEAD] = state[_EMBEDDED]
    elif _HEAD in state:
        state[_EMBEDDED] = state[_HEAD]


def save_released(released: Released, folder: str | Path) -> None:
    """Write a network in our own layout: our names, one dtype, sizes in ``config.json``, files of at most 5 GB."""
    where = Path(folder)
    where.mkdir(parents=True, exist_ok=True)
    state = {k: v.detach().cpu().contiguous() for k, v in released.network.state_dict().items()}
    if released.network.sizes.language.get("tie_word_embeddings"):
        del state[_HEAD]  # the same tensor as the embeddings
    save_torch_state_dict(state, where, max_shard_size="5GB")
    sizes = asdict(released.network.sizes)
    document = {"model_type": OWN_KIND, **sizes, "source_revision": released.checkpoint.revision}
    (where / CONFIG_FILE).write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    released.tokenizer.save_pretrained(where)


def _own_sizes(config: Mapping[str, object]) -> ReleasedSizes:
    try:
        sam2 = {k: tuple(v) if isinstance(v, list) else v for k, v in dict(config["sam2"]).items()}  # type: ignore[call-overload]
        return ReleasedSizes(config["vision"], config["language"], Sam2Sizes(**sam2), config["downsample"])  # type: ignore[arg-type]
    except InputError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError) as err:
        raise InputError(f"The sizes in {CONFIG_FILE} do not fit this version: {err}.") from err


def _check(folder: Path, state: Mapping[str, Tensor], network: ReleasedNetwork) -> None:
    """Refuse tensors that are missing, unexpected or of another shape, naming the first few."""
    wanted = {k: tuple(v.shape) for k, v in network.state_dict().items()}
    missing, extra = sorted(wanted.keys() - state.keys()), sorted(state.keys() - wanted.keys())
    odd = [k for k in sorted(wanted.keys() & state.keys()) if tuple(state[k].shape) != wanted[k]]
    told = []
    if missing:
        told.append(f"{len(missing)} tensors are missing, first {missing[0]} ({_of_parts(missing, wanted)})")
    if extra:
        told.append(f"{len(extra)} are not expected, first {extra[0]}")
    if odd:
        told.append(f"{odd[0]} has shape {tuple(state[odd[0]].shape)} instead of {wanted[odd[0]]}")
    if told:
        raise InputError(
            f"The weights in {folder} are not of the architecture that its {CONFIG_FILE} describes: {'; '.join(told)}.",
            hint=_remedy(missing, extra, odd),
        )


def _of_parts(missing: Sequence[str], wanted: Mapping[str, object]) -> str:
    """Return which parts of the network lack how much."""
    told = []
    for part, title in _PARTS.items():
        of, lost = (sum(k.startswith(f"{part}.") for k in names) for names in (wanted, missing))
        if lost:
            told.append(f"all of {title}" if lost == of else f"{lost} of {of} of {title}")
    return ", ".join(told)


def _remedy(missing: Sequence[str], extra: Sequence[str], odd: Sequence[str]) -> str:
    if any("lora_" in k or ".base_layer." in k for k in extra):
        return "Its adapters are apart: merge them into the weights first (peft: merge_and_unload)."
    if any(k.startswith("prompter.") for k in missing):
        return "It was saved without what draws masks: give the checkpoint after grounding was trained."
    if any(k.startswith("segmenter.") for k in (*missing, *extra, *odd)):
        return "Give the sizes of SAM 2 as sam2=... if it is none of the published ones."
    return "Get config.json and the weights of one and the same checkpoint."


def _tokenizer(folder: Path, sizes: ReleasedSizes) -> PreTrainedTokenizerBase:
    try:
        tokenizer: PreTrainedTokenizerBase = Qwen2Tokenizer.from_pretrained(folder, local_files_only=True)
    except (OSError, ValueError, TypeError) as err:
        raise InputError(f"The tokenizer in {folder} cannot be read: {err}") from err
    known = tokenizer.get_vocab()
    lacking = [t for t in _NEEDED if t not in known]
    if lacking:
        raise InputError(
            f"The tokenizer in {folder} lacks {', '.join(lacking)}: it is not of a TerraScope or Sa2VA checkpoint.",
            hint="Put the tokenizer's files of the same checkpoint beside the weights.",
        )
    rows = int(sizes.language["vocab_size"])
    if len(tokenizer) > rows:
        raise InputError(
            f"The tokenizer in {folder} has {len(tokenizer)} tokens, the network {rows} embeddings.",
            hint="Put the tokenizer's files of the same checkpoint beside the weights.",
        )
    if REGION not in known:  # Sa2VA has none; it only stands in the text for what was fed back, and is never read
        tokenizer.add_tokens([REGION], special_tokens=True)
    return tokenizer
