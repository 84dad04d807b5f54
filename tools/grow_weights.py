"""Make weights of an older, smaller version of the compact network the warm start of the present one.

    git show 569f2ac:terrascope_sdk/weights/compact.safetensors > OLD/compact.safetensors   # and words.json
    python tools/grow_weights.py OLD OUT

Tensors that fit are taken over, the embeddings of words by their words. Residual blocks that are new begin as the
identity, so masks are the same before the first step of training; tokens that are new begin at random.
"""

import argparse
import json
import re
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor

from terrascope_sdk.model.checkpoint import save_compact
from terrascope_sdk.model.compact import CompactNetwork
from terrascope_sdk.model.config import CompactConfig
from terrascope_sdk.model.word_list import WORD_KINDS, words

_LAST_NORM = re.compile(r"(encoder\.trunk\d\.\d+)\.norm\.weight")


def old_tensors(folder: Path) -> dict[str, Tensor]:
    """Return the older tensors by their present names."""
    found = load_file(folder / "compact.safetensors")
    single = "encoder.trunk4.0.norm.weight" not in found  # one block, not yet a sequence of them
    return {(k.replace("encoder.trunk4.", "encoder.trunk4.0.") if single else k): v for k, v in found.items()}


def old_tokens(network: CompactNetwork, folder: Path, count: int) -> list[str]:
    """Return the older tokens in order: those for control, with or without the kinds of words, and the words."""
    listed = json.loads((folder / "words.json").read_text(encoding="utf-8"))
    fixed = list(network.tokenizer.tokens[: len(network.tokenizer) - len(network.tokenizer.words)])
    if len(fixed) + len(listed) != count:
        fixed = [t for t in fixed if t.strip("<>") not in WORD_KINDS]
    if len(fixed) + len(listed) != count:
        raise SystemExit(f"{count} embeddings do not fit {len(fixed)} control tokens and {len(listed)} words.")
    return [*fixed, *listed]


def grown(folder: Path) -> CompactNetwork:
    """Return the present network with what the older one knew."""
    network = CompactNetwork(CompactConfig(), sorted(words()))
    state, old = network.state_dict(), old_tensors(folder)
    for name in state:
        block = _LAST_NORM.fullmatch(name)
        if block is not None and name not in old:
            state[name].zero_()
    table = old.pop("language.embed.weight").float()
    place = {t: i for i, t in enumerate(old_tokens(network, folder, len(table)))}
    for i, token in enumerate(network.tokenizer.tokens):
        if token in place:
            state["language.embed.weight"][i] = table[place[token]]
    for name, value in old.items():
        state[name] = value.to(state[name].dtype)
    network.load_state_dict(state)
    return network


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old", type=Path, help="folder with compact.safetensors and words.json of an older version")
    parser.add_argument("out", type=Path, help="folder to write")
    parser.add_argument("--seed", type=int, default=0, help="of what begins at random")
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    network = grown(args.old)
    save_compact(network, args.out)
    print(json.dumps({"parameters": sum(p.numel() for p in network.parameters())}))


if __name__ == "__main__":
    main()
