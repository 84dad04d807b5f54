"""A chain of the released network told in steps: its text as it comes, its masks on the grid, what they measure."""

import re
from collections.abc import Iterator, Sequence

from transformers import PreTrainedTokenizerBase

from terrascope_sdk import measure
from terrascope_sdk.errors import InputError, UndefinedMeasurement
from terrascope_sdk.model.decode import MaskMade
from terrascope_sdk.model.released.chain import REGION, ReleasedChain
from terrascope_sdk.model.released.prompt import token_id
from terrascope_sdk.model.tokens import SEG
from terrascope_sdk.types.aoi import Aoi
from terrascope_sdk.types.chain import Step
from terrascope_sdk.types.mask import Mask
from terrascope_sdk.types.picture import Picture

__all__ = ["Teller"]

_METHOD = "TerraScope (InternVL3 and SAM 2): mask by SAM 2 from the chain's [SEG] state; its tokens fed back"
_REFERENCE = "TerraScope, arXiv 2603.19039"
_MARKS = re.compile(r"<[^<>]{1,20}>|\[SEG\]")
_ANSWER = re.compile(r"<answer>(.*?)(?:</answer>|$)", re.DOTALL)
_LABEL_WORDS = 6


class Teller:
    """Turns tokens and masks of one chain into steps."""

    def __init__(
        self,
        tokenizer: PreTrainedTokenizerBase,
        shown: Sequence[Picture],
        periods_s: Sequence[float],
        *,
        aoi: Aoi | None = None,
        label: str = "",
    ) -> None:
        """Start with nothing told.

        Args:
            tokenizer: Of the network.
            shown: The pictures that it saw.
            periods_s: Length of the period that each covers, seconds.
            aoi: Measure only inside; the whole image when left out.
            label: Of all masks; the words before each when left out.
        """
        self._kit, self._shown, self._periods_s, self._aoi, self._label = tokenizer, shown, periods_s, aoi, label
        self._ids: list[int] = []

    def said(self, ids: Sequence[int]) -> None:
        """Take note of tokens."""
        self._ids += ids

    def masked(self, event: MaskMade) -> Iterator[Step]:
        """Yield the text since the last mask with this mask, and what it measures."""
        said = _plain(self._text())
        mask = self._mask(event, self._label or _last_words(said, event.find.mask))
        yield Step(
            "ground", said or f"Mask {event.find.mask}.", mask, method=_METHOD, reference=_REFERENCE,
            injected=event.drawn.evidence.positions,
        )  # fmt: skip
        yield from self._measured(mask)

    def ended(self, chain: ReleasedChain) -> Iterator[Step]:
        """Yield the rest of the text, why the chain was cut off where it was, and the answer."""
        rest = _plain(self._text().split("<answer>")[0])
        if rest:
            yield Step("text", rest)
        if chain.stopped != "ended":
            yield Step("text", f"The chain was cut off: its {chain.stopped} reached the limit.")
        whole = chain.text(self._kit)
        found = _ANSWER.search(whole)
        answer = _plain(found[1] if found else whole.rpartition("</think>")[2])
        yield Step("answer", answer or "The network gave no answer.")

    def replayed(self, chain: ReleasedChain) -> Iterator[Step]:
        """Yield the steps of a chain that is complete."""
        seg, region = token_id(self._kit, SEG), token_id(self._kit, REGION)
        masks = iter(chain.masks)
        for number in chain.ids:
            if number == region:
                continue
            self.said([number])
            if number == seg:
                event = next(masks, None)
                yield from self.masked(event) if event is not None else ()
        yield from self.ended(chain)

    def _text(self) -> str:
        text = str(self._kit.decode(self._ids, skip_special_tokens=False))
        self._ids = []
        return text

    def _mask(self, event: MaskMade, label: str) -> Mask:
        at = event.find.dates[-1] - 1
        picture, pixels = self._shown[at], event.drawn.pixels & self._shown[at].valid
        inside = event.drawn.probability[pixels]
        return Mask(
            pixels=pixels, valid=picture.valid, grid=picture.grid, label=label, date=picture.date,
            sensor=picture.sensor, period_s=self._periods_s[at],
            score=float(inside.mean()) if inside.size else None, probability=event.drawn.probability,
        )  # fmt: skip

    def _measured(self, mask: Mask) -> Iterator[Step]:
        """Yield the share of the observed ground, and the area where the grid has a place."""
        numbers = []
        for of in (measure.share, measure.area):
            try:
                numbers.append(of(mask, aoi=self._aoi))
            except (UndefinedMeasurement, InputError):
                continue
        if numbers:
            text = ", ".join(m.text for m in numbers)
            yield Step("measure", f"{mask.label.capitalize()}: {text}.", measurements=tuple(numbers))


def _plain(text: str) -> str:
    """Return a text without the marks of the prompt, in one line."""
    return " ".join(_MARKS.sub(" ", text).split())


def _last_words(said: str, number: int) -> str:
    words = said.strip(" .,:;").split()[-_LABEL_WORDS:]
    return " ".join(words) or f"mask {number}"
