"""A sample of Terra-CoT in its published form: pictures, a conversation, one list of masks for each ``[SEG]``."""

from typing import TypedDict

from terrascope_sdk.train.cot.rle import Rle

__all__ = ["Message", "Sample"]

Message = TypedDict("Message", {"from": str, "value": str})
"""One turn: ``from`` is ``human`` or ``gpt``."""


class Sample(TypedDict, total=False):
    """One question with its chain and answer. A published sample need not have all of it."""

    id: str
    """Name within the set."""

    image: str
    """File of the picture, of a question about one date; left out where there is none."""

    pre_image: str
    """File of the first of two pictures."""

    post_image: str
    """File of the second."""

    sar_image: str
    """File of the radar picture of the same ground."""

    pictures: dict[str, bytes]
    """Encoded pictures by field, of published files that hold them; this package writes files beside the samples."""

    modalities: list[str]
    """What the pictures show, in the order ``image`` or ``pre_image``, ``post_image``, ``sar_image``."""

    conversations: list[Message]
    """Question and chain."""

    masks: list[list[Rle]]
    """For each ``[SEG]``, in order: one mask, or one for each single thing."""

    labels: list[str]
    """For each ``[SEG]``: how the chain calls it."""

    tier: str
    """``Cap-CoT``, ``L1`` or ``L2``."""

    task: str
    """Key of :data:`terrascope_sdk.train.cot.tasks.TASKS`."""

    kind: str
    """Kind of question: existence, counting, localisation, area, boundary, distance, spatial, semantic, change."""

    rule: str
    """Name, numbers and text of the rule that a derived statement follows; empty for plain measurements."""

    answer: str
    """The answer in words, whatever letter it has among the options."""

    valid: Rle | None
    """Pixels that have a label; None where all have one."""

    gsd_m: float
    """Ground sample distance, m."""

    pixel_area_m2: float
    """Ground area of a pixel, m2."""

    source: str
    """Where the labels come from."""

    licence: str
    """On which terms."""
