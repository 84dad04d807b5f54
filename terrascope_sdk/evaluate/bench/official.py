"""The official scorer's reading of letters, as its outputs on odd answers show it (``parity/scoring.json``).

A response counts when the letter taken from it equals the normalised answer key.
"""

import re
from collections.abc import Mapping

__all__ = ["extract_letter", "normalise_key", "parse_letter", "response_text"]

_ANSWER = re.compile(r"<answer>(.*?)</answer>", re.IGNORECASE | re.DOTALL)


def response_text(letter: str | None, thought: str = "") -> str:
    """Return a response as the paper's model writes it; without a letter the answer is empty."""
    return f"<think>{thought}</think><answer>{letter or ''}</answer>"


def extract_letter(response: str) -> str | None:
    """Return what inference stores of a response: a leading A to D, else the text itself; None for nothing at all.

    >>> extract_letter("<answer>(D)</answer>"), extract_letter("<answer>cropland</answer>"), extract_letter("b.")
    ('(D)', 'C', 'B')
    """
    if not response:
        return None
    match = _ANSWER.search(response)
    text = (match[1] if match else response).strip()
    return text[0].upper() if re.match(r"[a-d]", text, re.IGNORECASE) else text


def parse_letter(response: str) -> str | None:
    """Return the letter that evaluation takes: the first A to D that stands alone between the answer tags.

    >>> parse_letter("<answer>The answer is B</answer>"), parse_letter("<answer>cropland</answer>"), parse_letter("A")
    ('B', None, None)
    """
    match = _ANSWER.search(response)
    found = re.search(r"\b([a-d])\b", match[1], re.IGNORECASE) if match else None
    return found[1].upper() if found else None


def normalise_key(key: object) -> str:
    """Return the answer key as evaluation compares it.

    >>> normalise_key("C. 58%"), normalise_key({"option_id": "d", "text": "x"}), normalise_key("cropland")
    ('C', 'D', 'CROPLAND')
    """
    if isinstance(key, Mapping):
        if key.get("option_id"):
            return str(key["option_id"]).strip().upper()
        text = str(key.get("text", "")).strip()
        match = re.match(r"([A-Z])[.):]", text)
        return match[1] if match else text
    text = str(key).strip()
    match = re.match(r"([A-Z])[.):]", text)
    return match[1] if match else text.upper()
