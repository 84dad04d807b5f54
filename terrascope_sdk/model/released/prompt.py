"""The prompt of the released network: its fixed instruction, the places of the visual tokens, the question."""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from transformers import PreTrainedTokenizerBase

from terrascope_sdk.errors import InputError

__all__ = ["IMAGE", "context_text", "instruction", "templated", "token_id", "user_text"]

IMAGE = "<image>"
"""Where the images stand in a user's text."""

CONTEXT = "<IMG_CONTEXT>"
"""The token in whose place a visual token is put."""


@cache
def instruction() -> str:
    """Return the fixed sentence that the released weights expect; see ``instruction.source.txt``."""
    return (files("terrascope_sdk.model.released") / "instruction.txt").read_text(encoding="utf-8").rstrip("\n")


def user_text(question: str, options: Mapping[str, str] | None = None) -> str:
    """Return what a user says: instruction, image, question, and the options a line each.

    >>> user_text("Is there snow?", {"B": "no", "A": "yes"}).splitlines()[-3:]
    ['Is there snow?', 'A. yes', 'B. no']

    Args:
        question: In free words.
        options: Answers to choose from, by letter.

    Raises:
        InputError: The question holds the mark of an image.
    """
    if IMAGE in question:
        raise InputError(f"A question must not hold {IMAGE!r}.", hint="The images are put before it.")
    listed = "".join(f"{letter}. {text}\n" for letter, text in sorted((options or {}).items()))
    return f"{instruction()}\n\n{IMAGE}\n{question}\n{listed}"


def context_text(tokens: Sequence[int]) -> str:
    """Return the block that stands for images: one line each, with a place for every visual token.

    Args:
        tokens: How many visual tokens each image has.
    """
    return "\n".join(f"<img>{CONTEXT * count}</img>" for count in tokens)


def token_id(tokenizer: PreTrainedTokenizerBase, token: str) -> int:
    """Return the number of a token by its text; numbers differ between releases."""
    number = tokenizer.convert_tokens_to_ids(token)
    assert isinstance(number, int)
    return number


def templated(text: str, tokens: Sequence[int]) -> str:
    """Return a user's text as the network reads it.

    Args:
        text: With exactly one mark of an image where there are images.
        tokens: How many visual tokens each image has; empty without images.

    Raises:
        InputError: The text has no mark of an image, or several.
    """
    if tokens and text.count(IMAGE) != 1:
        raise InputError(f"The text must hold {IMAGE!r} once, not {text.count(IMAGE)} times.")
    filled = text.replace(IMAGE, context_text(tokens))
    return f"<|im_start|>user\n{filled}<|im_end|>\n<|im_start|>assistant\n"
