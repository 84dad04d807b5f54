"""Reads a chain of the released network, which is free text with [SEG] in it."""

import re
from dataclasses import dataclass, field
from typing import Literal

from terrascope_sdk.model.chain_grammar import Action, Find
from terrascope_sdk.model.released.options import ReleasedOptions
from terrascope_sdk.model.tokens import SEG

__all__ = ["STOPS", "Stopped", "Transcript"]

STOPS = ("<|im_end|>", "<|end|>")
"""Tokens that end a chain."""

Stopped = Literal["", "ended", "masks", "length"]
"""Why a chain ended: by itself, after its last mask, at its greatest length; empty while it goes on."""

_SPACE = "\u0120"  # stands for a space in the tokens of byte-pair encoders
_NAMED = re.compile(r"[Ii]mage:?\s*t?_?(\d+)\D*$")


@dataclass
class Transcript:
    """What was written so far."""

    images: int
    """How many images there are."""

    options: ReleasedOptions
    """Limits, and which image a [SEG] means."""

    stops: tuple[str, ...] = STOPS
    """Tokens that end it; the tokenizer's own end token is one as well."""

    stopped: Stopped = ""
    """Why the chain ended."""

    finds: list[Find] = field(default_factory=list)
    """The masks that were asked for, in order; a chain in free words names no concept by its key."""

    _length: int = 0
    _text: str = ""

    def read(self, word: str) -> Action:
        """Take one token, as its tokenizer writes it, and say what follows from it."""
        self._length += 1
        if len(self.finds) >= self.options.max_masks:
            return self._end("masks")
        if word in self.stops:
            return self._end("ended")
        if self._length >= self.options.max_tokens:
            return self._end("length")
        self._text += word.replace(_SPACE, " ")
        if word != SEG or not self.images:
            return Action()
        find = Find("", "", (self._image(),), len(self.finds) + 1)
        self.finds.append(find)
        return Action(ground=find)

    def fed_back(self, count: int) -> None:
        """Take note of tokens that were fed back; they count towards the length."""
        self._length += count

    def _end(self, why: Stopped) -> Action:
        self.stopped = why
        return Action(done=True)

    def _image(self) -> int:
        """Return the number of the image that a [SEG] means, from 1."""
        if self.options.image_of_mask == "named":
            found = _NAMED.search(self._text.removesuffix(SEG))
            if found is not None and 1 <= int(found[1]) <= self.images:
                return int(found[1])
        return len(self.finds) % self.images + 1
