"""Which sensor's visual tokens are fed back where an optical and a SAR image show the same place.

The paper's equations 4 and 5: the likeness of every visual token to the words of the question, as a softmax over the
tokens of a sensor, averaged over the words; at each place the sensor with the higher likeness is taken. The released
inference code has no fusion; in its training code the words include the answer, which is not there at inference, so the
words here are those of the prompt.
"""

from torch import Tensor

__all__ = ["likeness", "nearer_sensor"]


def likeness(tokens: Tensor, words: Tensor) -> Tensor:
    """Return how near each visual token is to the words, 0-1; they sum to one, [token].

    Args:
        tokens: Visual tokens of one sensor [token, width].
        words: Input embeddings of the prompt's words [word, width].
    """
    scores = words.float() @ tokens.float().T / tokens.shape[1] ** 0.5
    share: Tensor = scores.softmax(1).mean(0)
    return share


def nearer_sensor(optical: Tensor, sar: Tensor, words: Tensor) -> Tensor:
    """Return where the SAR token is nearer to the question than the optical one, bool [token].

    Args:
        optical: Visual tokens of the optical image [token, width].
        sar: Those of the SAR image, of the same places.
        words: Input embeddings of the prompt's words [word, width].
    """
    return likeness(sar, words) > likeness(optical, words)
