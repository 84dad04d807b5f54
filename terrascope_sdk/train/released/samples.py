"""From a Terra-CoT sample to what the released network reads and must write, with its masks."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
from jaxtyping import Bool
from PIL import Image, UnidentifiedImageError

from terrascope_sdk.errors import InputError
from terrascope_sdk.model.released.prompt import IMAGE, instruction
from terrascope_sdk.model.tokens import SEG
from terrascope_sdk.train.cot.rle import decode_rle
from terrascope_sdk.train.cot.sample import Sample

__all__ = ["TaughtChain", "read_taught"]

_FIELDS = ("image", "pre_image", "post_image", "sar_image")


@dataclass(frozen=True, eq=False)
class TaughtChain:
    """One sample, decoded."""

    images: tuple[Image.Image, ...]
    """Pictures in the order of the prompt."""

    said: str
    """What the user says, with one mark of an image."""

    chain: str
    """What the network must write."""

    masks: tuple[Bool[np.ndarray, "y x"], ...]
    """One for each ``[SEG]``, in order."""

    shown_in: tuple[int, ...]
    """For each of them, which picture it belongs to, from 0."""


def read_taught(sample: Sample, folder: Path) -> TaughtChain:
    """Decode a sample.

    Args:
        sample: Of this package or published; one turn of question and chain.
        folder: Where its pictures lie, unless it holds them.

    Raises:
        InputError: A picture is missing, the conversation has another form, or masks and ``[SEG]`` do not match.
    """
    name = sample.get("id", "")
    turns = sample["conversations"]
    if [t["from"] for t in turns] != ["human", "gpt"]:
        raise InputError(f"Sample {name!r} is no single turn of question and chain.")
    chain = turns[1]["value"]
    masks = tuple(np.logical_or.reduce([decode_rle(m) for m in several]) for several in sample.get("masks", []))
    if chain.count(SEG) != len(masks):
        raise InputError(f"Sample {name!r} has {chain.count(SEG)} {SEG} and {len(masks)} masks.")
    question = turns[0]["value"].replace(IMAGE, "").strip()
    images = tuple(_picture(sample, field, folder) for field in _FIELDS if sample.get(field))
    mark = f"{IMAGE}\n" if images else ""
    dates = len(images) - bool(sample.get("sar_image")) or 1  # masks are drawn on the optical picture of a date
    shown_in = tuple(i % dates for i in range(len(masks)))
    return TaughtChain(images, f"{instruction()}\n\n{mark}{question}\n", chain, masks, shown_in)


def _picture(sample: Sample, field: str, folder: Path) -> Image.Image:
    held = sample.get("pictures", {}).get(field)
    path = folder / str(sample[field])  # type: ignore[literal-required]
    if not held and not path.resolve().is_relative_to(folder.resolve()):
        raise InputError(f"The picture {path.name} lies outside {folder}.")
    try:
        with Image.open(BytesIO(held) if held else path) as picture:
            return picture.convert("RGB")
    except (OSError, UnidentifiedImageError) as err:
        raise InputError(f"The picture {path.name} of sample {sample.get('id', '')!r} cannot be read: {err}") from err
