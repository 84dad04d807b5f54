"""Time chains of the released network against a plain loop in the manner of the original. Prints JSON.

    python tools/bench_released.py --json tools/results/bench_released_cpu.json
    python tools/bench_released.py --shapes 8b --device cuda --images 1 --json OUT.json

Weights are random; what both loops write is given beforehand, so they do the same work. The plain loop has a
key-value cache, as the original has. Like the original it makes the features of SAM 2 anew at every [SEG] (of several
images twice for each of them), runs the memory encoder for nothing, keeps the hidden states of all layers and the
logits of the whole prompt, and waits for the device at every token.
"""

from __future__ import annotations

import argparse
import json
import platform
import resource
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import torch
import transformers
from PIL import Image
from torch import Tensor
from transformers import DynamicCache, PreTrainedTokenizerBase, Qwen2Tokenizer, Sam2VideoConfig
from transformers.models.sam2_video.modeling_sam2_video import Sam2VideoMemoryEncoder

from terrascope_sdk.model.released.batching import ChainJob, run_batch
from terrascope_sdk.model.released.chain import ReleasedChain, released_events
from terrascope_sdk.model.released.choosing import chosen_tokens
from terrascope_sdk.model.released.network import ReleasedNetwork, SegmenterFeatures, upsampled
from terrascope_sdk.model.released.options import ReleasedOptions
from terrascope_sdk.model.released.pictures import Picture, prepare_pictures
from terrascope_sdk.model.released.prompt import templated, user_text
from terrascope_sdk.model.released.session import ReleasedSession, SeenPictures
from terrascope_sdk.model.released.sizes import LARGE_SAM2, ReleasedSizes, Sam2Sizes

TOKENIZER = Path(__file__).parents[1] / "tests" / "data" / "parity" / "checkpoint"
WORD, SEG, END = "a", "[SEG]", "<|im_end|>"
SHAPES = {
    "small": ReleasedSizes(  # those of the parity fixture
        {"hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 128},
        {"hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
         "intermediate_size": 128, "vocab_size": 339},
        Sam2Sizes(16, 1, (1, 2, 3, 1), (4,), (8, 4, 16, 8), 64),
    ),
    "8b": ReleasedSizes(  # InternVL3-8B with SAM 2 large
        {"hidden_size": 1024, "num_hidden_layers": 24, "num_attention_heads": 16, "intermediate_size": 4096},
        {"hidden_size": 3584, "num_hidden_layers": 28, "num_attention_heads": 28, "num_key_value_heads": 4,
         "intermediate_size": 18944, "vocab_size": 151685},
        LARGE_SAM2,
    ),
}  # fmt: skip


class Given(ReleasedSession):
    """Writes given tokens; what the network scores is looked at all the same."""

    script: Iterator[str]

    def word(self, token_id: int) -> str:
        """Return the next given token."""
        return next(self.script)


def random_network(shapes: str, device: str, dtype: torch.dtype) -> ReleasedNetwork:
    """Return a network of random weights, made where it runs."""
    default = torch.get_default_dtype()
    torch.set_default_dtype(dtype)
    try:
        with torch.device(device):
            torch.manual_seed(0)
            network = ReleasedNetwork(SHAPES[shapes])
    finally:
        torch.set_default_dtype(default)
    network.settle(device)
    return network.train(mode=False)


def synchronised(device: str) -> float:
    """Return the time after the device has done what it was told."""
    if device.startswith("cuda"):
        torch.cuda.synchronize()
    return time.perf_counter()


def own_chain(network: ReleasedNetwork, pictures: Sequence[Picture], kit: PreTrainedTokenizerBase, words: Sequence[str],
              device: str) -> tuple[float, float]:  # fmt: skip
    """Return seconds to the first token and to the end of a chain as this package runs it."""
    start = synchronised(device)
    seen = SeenPictures(network, pictures)
    text = templated(user_text("Where is water?"), [len(t) for t in seen.tokens])
    session = Given(seen, kit, kit.encode(text))
    session.script = iter(words)
    first = 0.0
    for _ in released_events(session, ReleasedChain()):
        first = first or synchronised(device) - start
    return first, synchronised(device) - start


class PlainLoop:
    """The same chain in the manner of the original."""

    def __init__(self, network: ReleasedNetwork, device: str) -> None:
        self.network, self.device = network, device
        width = network.sizes.sam2.width
        config = Sam2VideoConfig(
            memory_encoder_hidden_size=width, memory_encoder_output_channels=width // 4,
            mask_downsampler_embed_dim=width, memory_fuser_embed_dim=width, memory_fuser_intermediate_dim=4 * width,
        )  # fmt: skip
        self.memory = Sam2VideoMemoryEncoder(config).to(device, network.dtype)

    def read(self, embeddings: Tensor, cache: DynamicCache) -> tuple[Tensor, Tensor]:
        """Return hidden states and logits of all positions; the states of every layer are kept until then."""
        made = self.network.language(
            inputs_embeds=embeddings[None], past_key_values=cache, use_cache=True, output_hidden_states=True
        )
        return made.hidden_states[-1][0], self.network.head(made.hidden_states[-1][0]).float()

    def mask(self, pictures: Sequence[Picture], state: Tensor) -> Tensor:
        """Return mask logits of all images; SAM 2 looks at each of several images twice, and remembers for nothing."""
        wholes = [p.whole.to(self.device) for p in pictures]
        looks = 2 if len(wholes) > 1 else 1
        seen = [[self.network.segmenter_features([whole]) for _ in range(looks)][-1] for whole in wholes]
        high0, high1 = (torch.cat([f.high[i] for f in seen]) for i in (0, 1))
        features = SegmenterFeatures((high0, high1), torch.cat([f.low for f in seen]))
        best = self.network.segmented(features, state).best
        large = upsampled(best, (1024, 1024))
        for i in range(len(wholes)):
            self.memory(features.low[i : i + 1], torch.sigmoid(large[i : i + 1, None]).to(self.network.dtype))
        return upsampled(best, pictures[0].size)

    @torch.inference_mode()
    def chain(self, pictures: Sequence[Picture], kit: PreTrainedTokenizerBase, words: Sequence[str]) -> float:
        """Return the seconds of a chain."""
        start = synchronised(self.device)
        network = self.network
        tokens = [network.visual_tokens(p.tiles.to(self.device)).flatten(0, 1) for p in pictures]
        text = templated(user_text("Where is water?"), [len(t) for t in tokens])
        ids = torch.tensor(kit.encode(text), device=self.device)
        embeddings = network.embedded(ids).clone()
        embeddings[ids == kit.convert_tokens_to_ids("<IMG_CONTEXT>")] = torch.cat(tokens)
        cache = DynamicCache(config=network.language.config)
        states, logits = self.read(embeddings, cache)
        masks = 0
        for word in words:
            int(logits[-1].argmax())
            one = torch.tensor([kit.convert_tokens_to_ids(word)], device=self.device)
            states, logits = self.read(network.embedded(one), cache)
            if word == SEG:
                image = masks % len(pictures)
                masks += 1
                pixels = (torch.sigmoid(self.mask(pictures, states[-1]))[image] > 0.5).cpu().numpy()
                chosen, _ = chosen_tokens(pixels, pictures[image].layout)
                states, logits = self.read(tokens[image][chosen], cache)
        return synchronised(self.device) - start


def batched_tokens_per_s(
    network: ReleasedNetwork, pictures: Sequence[Picture], kit: PreTrainedTokenizerBase, rows: int, device: str
) -> float:
    """Return tokens a second of as many chains at once over the same pictures, prompts not counted."""
    seen = SeenPictures(network, pictures)
    ids = kit.encode(templated(user_text("Where is water?"), [len(t) for t in seen.tokens]))
    short = ReleasedOptions(max_tokens=33)
    jobs = [ChainJob(seen, ids, short)] * rows
    run_batch(network, kit, jobs[:1], rows=1)  # reads the shared prefix
    start = synchronised(device)
    chains = run_batch(network, kit, jobs, rows=rows)
    return sum(len(c.ids) for c in chains) / (synchronised(device) - start)


def median_of(run: Callable[[], float], repeats: int) -> float:
    """Return the median of several runs after one that warms up."""
    run()
    return statistics.median(run() for _ in range(repeats))


def copy_gb_s(device: str) -> float:
    """Return the bandwidth of copying within the device's memory, gigabytes a second, read and written."""
    data = torch.empty(1 << 28, dtype=torch.uint8, device=device)
    other = torch.empty_like(data)
    seconds = median_of(lambda: -synchronised(device) + (other.copy_(data), synchronised(device))[1], 9)
    return 2 * data.numel() / seconds / 1e9


def measured(args: argparse.Namespace) -> dict[str, object]:
    """Return the figures."""
    dtype = torch.bfloat16 if args.device.startswith("cuda") else torch.float32
    network = random_network(args.shapes, args.device, dtype)
    kit = Qwen2Tokenizer.from_pretrained(TOKENIZER, local_files_only=True)
    generator = torch.Generator().manual_seed(1)
    images = [
        Image.fromarray(
            torch.randint(0, 256, (args.size, args.size, 3), generator=generator, dtype=torch.uint8).numpy()
        )
        for _ in range(args.images)
    ]
    pictures = prepare_pictures(images, tiled=args.images == 1)
    words = [*([WORD] * args.tokens_between + [SEG]) * args.masks, *[WORD] * args.tokens_between, END]
    plain = PlainLoop(network, args.device)
    with torch.inference_mode():
        quiet = [w for w in words if w != SEG]
        first = median_of(lambda: own_chain(network, pictures, kit, words, args.device)[0], args.repeats)
        own = median_of(lambda: own_chain(network, pictures, kit, words, args.device)[1], args.repeats)
        bare = median_of(lambda: own_chain(network, pictures, kit, quiet, args.device)[1], args.repeats)
        reference = median_of(lambda: plain.chain(pictures, kit, words), args.repeats)
        steps = max(1, len(quiet) - 1)
        decode_s = (bare - first) / steps
        batched = {str(n): round(batched_tokens_per_s(network, pictures, kit, n, args.device), 1) for n in (1, 8, 32)}
    made: dict[str, object] = {
        "shapes": args.shapes, "images": args.images, "image_px": args.size, "masks": args.masks, "tokens": len(words),
        "device": torch.cuda.get_device_name() if args.device.startswith("cuda") else platform.machine(),
        "threads": torch.get_num_threads(), "dtype": str(dtype).removeprefix("torch."),
        "torch": torch.__version__, "transformers": transformers.__version__,
        "chain_s": round(own, 4), "plain_loop_s": round(reference, 4), "times_faster": round(reference / own, 2),
        "first_token_s": round(first, 4), "tokens_per_s": round(1 / decode_s, 1),
        "batched_tokens_per_s": batched,
        "ms_per_mask": round((own - bare) / args.masks * 1e3, 1) if args.masks else None,
    }  # fmt: skip
    if args.device.startswith("cuda"):
        torch.cuda.reset_peak_memory_stats()
        own_chain(network, pictures, kit, words, args.device)
        made["peak_gb"] = round(torch.cuda.max_memory_allocated() / 1e9, 2)
        size = sum(
            p.numel() * p.element_size() for n, p in network.named_parameters() if n.startswith(("lang", "head"))
        )
        made["copy_gb_s"] = round(copy_gb_s(args.device), 1)
        made["decode_share_of_bandwidth"] = round(size / 1e9 / decode_s / float(str(made["copy_gb_s"])), 3)
    else:
        made["peak_gb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6, 2)
    return made


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shapes", choices=sorted(SHAPES), default="small")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--images", type=int, default=2)
    parser.add_argument("--size", type=int, default=448, help="side of the images, pixels")
    parser.add_argument("--masks", type=int, default=4)
    parser.add_argument("--tokens-between", type=int, default=8, help="words before, between and after the masks")
    parser.add_argument("--repeats", type=int, default=5, help="runs of which the median is taken")
    parser.add_argument("--json", type=Path, metavar="OUT", help="write the result here as well")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    text = json.dumps(measured(args), indent=1)
    print(text)
    if args.json is not None:
        args.json.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
