"""A tiny random network of the released layout, and chains whose words are given."""

import torch
from PIL import Image
from transformers import Qwen2Tokenizer

from terrascope_sdk.model.released.network import ReleasedNetwork
from terrascope_sdk.model.released.pictures import prepare_pictures
from terrascope_sdk.model.released.prompt import templated, user_text
from terrascope_sdk.model.released.session import ReleasedSession, SeenPictures
from terrascope_sdk.model.released.sizes import ReleasedSizes, Sam2Sizes

SIZES = ReleasedSizes(
    vision={"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 48},
    language={
        "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
        "intermediate_size": 48, "vocab_size": 339,
    },
    sam2=Sam2Sizes(8, 1, (1, 1, 2, 1), (3,), (8, 4, 16, 8), 32),
)  # fmt: skip
CHECKPOINT = "tests/data/parity/checkpoint"


def tokenizer():
    return Qwen2Tokenizer.from_pretrained(CHECKPOINT, local_files_only=True)


def tiny_released(seed=0):
    torch.manual_seed(seed)
    network = ReleasedNetwork(SIZES)
    with torch.no_grad():
        for p in network.parameters():
            p.copy_(torch.randn(p.shape) * 0.15)
    return network.train(mode=False)


def random_image(width, height, seed=0):
    generator = torch.Generator().manual_seed(seed)
    pixels = torch.randint(0, 256, (height, width, 3), generator=generator, dtype=torch.uint8)
    return Image.fromarray(pixels.numpy())


class Told(ReleasedSession):
    """Writes given tokens, whatever the scores say, and keeps what it read."""

    def __init__(self, *args, words=(), **changes):
        super().__init__(*args, **changes)
        self._told = iter(words)
        self.read_so_far = []

    def word(self, token_id):
        return next(self._told)

    def start(self):
        self.read_so_far.append(self.prompt_embeddings())
        return super().start()

    def states(self, embeddings):
        self.read_so_far.append(embeddings)
        return super().states(embeddings)


def told_session(network, images, words, options=None, question="Where is water?"):
    seen = SeenPictures(network, prepare_pictures(images, tiled=len(images) == 1))
    kit = tokenizer()
    text = templated(user_text(question) if images else "Name a colour.", [len(t) for t in seen.tokens])
    return Told(seen, kit, kit.encode(text), options, words=words)
