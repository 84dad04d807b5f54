"""The tokens of the compact network's language, and the tokenizer between them and their numbers."""

from collections.abc import Iterable, Sequence
from functools import cached_property

from terrascope_sdk.errors import InputError, ParseError
from terrascope_sdk.model.word_list import WORD_KINDS
from terrascope_sdk.types.concepts import vocabulary

__all__ = ["DATES", "MASKS", "PLACES", "RESULTS", "SEG", "Tokenizer"]

SEG = "[SEG]"
"""The token whose hidden state makes a mask."""

DATES = tuple(f"<t{i}>" for i in range(1, 9))
"""Names of the dates in a chain."""

MASKS = tuple(f"<m{i}>" for i in range(1, 7))
"""Names of the masks in a chain."""

RESULTS = tuple(f"<r{i}>" for i in range(1, 4))
"""Pointers to measured results."""

PLACES = (
    "north-west", "north", "north-east", "west", "centre", "east", "south-west", "south", "south-east",
)  # fmt: skip
"""Where in the frame a mask has its centre, row by row from the north-west."""

_CONTROL = (
    "<pad>", "<bos>", "<eos>", "<unk>", "<name>", "<number>", "<image>", "<q>", "<a>", "<measured>", "<direct>", SEG,
    "<result>", "</result>", "?", *(f"<{kind}>" for kind in WORD_KINDS),
)  # fmt: skip
_CHAIN = (
    "find", "gain", "loss", "in", "from", "to", "as", "seen", "absent", "measure", "answer", "unclear", ".", "yes",
    "no", "-", "%", "ha", "km2", "m2", "m", "km", "same", *PLACES, *"0123456789",
    "present", "share", "area", "order", "touches", "distance", "count", "where", "change", "part",
)  # fmt: skip


class Tokenizer:
    """A closed vocabulary: control tokens, concepts, words of the chain, words of questions."""

    def __init__(self, words: Iterable[str]) -> None:
        fixed = (*_CONTROL, *DATES, *MASKS, *RESULTS, *(f"{{{key}}}" for key in vocabulary), *(f"={w}" for w in _CHAIN))
        self.words: tuple[str, ...] = tuple(sorted(set(words) - set(fixed)))
        """The words of questions."""
        self.tokens: tuple[str, ...] = (*fixed, *self.words)
        """All tokens; those of the chain begin with ``=``, so that they are not the same as a word of a question."""

    def __len__(self) -> int:
        return len(self.tokens)

    @cached_property
    def _ids(self) -> dict[str, int]:
        return {token: i for i, token in enumerate(self.tokens)}

    def id(self, token: str) -> int:
        """Return the number of a control or chain token.

        Raises:
            InputError: There is no such token.
        """
        found = self._ids.get(token, self._ids.get(f"={token}"))
        if found is None:
            raise InputError(f"{token[:40]!r} is no token of this network.")
        return found

    def chain_ids(self, tokens: Sequence[str]) -> list[int]:
        """Return the numbers of tokens of a chain; words of the chain are written without their mark."""
        return [self._ids[t] if t.startswith(("<", "{", "[")) else self._ids[f"={t}"] for t in tokens]

    def question_ids(self, tokens: Sequence[str]) -> list[int]:
        """Return the numbers of a split question; what is not in the vocabulary is ``<unk>``."""
        unknown = self._ids["<unk>"]
        return [self._ids.get(t, unknown) for t in tokens]

    def text(self, token_id: int) -> str:
        """Return a token without its mark.

        Raises:
            ParseError: The number is not in the vocabulary.
        """
        if not 0 <= token_id < len(self.tokens):
            raise ParseError(f"The network wrote token {token_id}; the vocabulary has {len(self.tokens)}.")
        return self.tokens[token_id].removeprefix("=")
