"""The one loop: read the prompt, decode with a cache, on [SEG] make a mask, feed its tokens back, go on.

It is written against small protocols, so that another network can stand behind it without a second loop. The loop is a
generator: a caller that stops asking stops the chain, and keeps what came so far.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from jaxtyping import Bool, Float32
from torch import Tensor

from terrascope_sdk.errors import ParseError
from terrascope_sdk.model.chain_grammar import Action, Find, Ordered
from terrascope_sdk.model.regions import Evidence

__all__ = ["Backbone", "ChainEvent", "Drawn", "Grounding", "MaskMade", "Measured", "Reading", "Said", "run_chain"]


@dataclass(frozen=True)
class Reading:
    """Where a backbone stands after what it has read."""

    hidden: Tensor
    """Last hidden state, [width]."""

    scores: Tensor
    """Score of every token as the next one, [vocabulary]."""


class Backbone(Protocol):
    """A language model with a prompt and a cache."""

    def begin(self) -> Reading:
        """Read the prompt."""

    def feed(self, words: Sequence[str]) -> Reading:
        """Read tokens after what was read before."""

    def feed_evidence(self, evidence: Evidence) -> Reading:
        """Read the tokens of a mask."""

    def word(self, token_id: int) -> str:
        """Return a token's text."""


@dataclass(frozen=True)
class Drawn:
    """A mask as the grounder makes it."""

    pixels: Bool[np.ndarray, "y x"]
    """Where it is; stray pixels are removed."""

    probability: Float32[np.ndarray, "y x"]
    """Before that decision, 0-1."""

    evidence: Evidence
    """What is fed back."""


class Grounding(Protocol):
    """Turns a hidden state into a mask, and the mask into evidence."""

    def draw(self, hidden: Tensor, find: Find) -> Drawn:
        """Make the mask that a chain asks for.

        Args:
            hidden: Hidden state at [SEG], [width].
            find: What the chain says it shows.
        """


class Script(Protocol):
    """Reads a chain token by token; see :class:`~terrascope_sdk.model.chain_grammar.ChainReader`."""

    def read(self, word: str) -> Action:
        """Take a token and say what follows from it."""


class MaskMeasurer(Protocol):
    """Measures masks and says the result as tokens of the chain."""

    def __call__(self, kind: str, numbers: tuple[int, ...], masks: Sequence[Bool[np.ndarray, "y x"]]) -> Sequence[str]:
        """Return the words of the result.

        Args:
            kind: What to measure.
            numbers: Numbers of the masks in the chain, from 1.
            masks: Their pixels.
        """


@dataclass(frozen=True)
class Said:
    """The network wrote a token."""

    word: str


@dataclass(frozen=True)
class MaskMade:
    """A mask was made and fed back."""

    find: Find
    drawn: Drawn


@dataclass(frozen=True)
class Measured:
    """The runtime measured masks and wrote the result into the chain."""

    asked: Ordered
    words: tuple[str, ...]


ChainEvent = Said | MaskMade | Measured


def run_chain(
    backbone: Backbone, grounding: Grounding, script: Script, *, measure: MaskMeasurer, max_tokens: int = 160
) -> Iterator[ChainEvent]:
    """Yield what happens while a network reasons, greedily decoded.

    Args:
        backbone: Language model with its prompt.
        grounding: Makes masks.
        script: Reads the chain.
        measure: Measures masks when the chain asks.
        max_tokens: Most tokens that the network may write itself.

    Raises:
        ParseError: The chain left its grammar, or did not end within `max_tokens`.
    """
    at = backbone.begin()
    drawn: list[Drawn] = []
    for _ in range(max_tokens):
        word = backbone.word(int(at.scores.argmax()))
        action = script.read(word)
        yield Said(word)
        if action.done:
            return
        at = backbone.feed([word])
        if action.ground is not None:
            made = grounding.draw(at.hidden, action.ground)
            drawn.append(made)
            yield MaskMade(action.ground, made)
            at = backbone.feed_evidence(made.evidence)
        if action.measure is not None:
            numbers = action.measure.masks
            words = tuple(measure(action.measure.kind, numbers, [drawn[i - 1].pixels for i in numbers]))
            for forced in (*words, "</result>"):
                script.read(forced)
            yield Measured(action.measure, words)
            at = backbone.feed((*words, "</result>"))
    raise ParseError(f"The chain did not end within {max_tokens} tokens.", hint="Ask in other words.")
