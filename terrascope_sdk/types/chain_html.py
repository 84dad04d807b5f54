"""A chain as a picture story: each step in words, each mask beside and over the image it was drawn on."""

from terrascope_sdk.render.figure import Ring, Sheet, figure, mask_layer
from terrascope_sdk.render.html import Html, joined, tag
from terrascope_sdk.render.palette import colour_of
from terrascope_sdk.render.shrink import MAX_PX, reduction
from terrascope_sdk.render.value_html import framed, mask_legend, titled
from terrascope_sdk.types.answer import Answer
from terrascope_sdk.types.answer_text import mask_names
from terrascope_sdk.types.chain import ReasoningChain, Step
from terrascope_sdk.types.concepts import vocabulary
from terrascope_sdk.types.grid import PixelGrid
from terrascope_sdk.types.mask import Mask
from terrascope_sdk.types.picture import Picture
from terrascope_sdk.types.placing import aoi_rings, ground_scale

__all__ = ["Story", "chain_html", "mask_title", "step_kinds"]

step_kinds = {"text": "Thought", "ground": "Mask", "measure": "Measured", "answer": "Answer"}
"""What a kind of step is called."""


def mask_title(mask: Mask) -> str:
    """Return for example ``open water``."""
    return vocabulary[mask.label].title if mask.label in vocabulary else mask.label or "mask"


def _seen(mask: Mask) -> str:
    """Return for example ``open water, 2019-09-18, optical``."""
    return ", ".join(p for p in (mask_title(mask), mask.when, mask.sensor) if p)


def _reduced(grid: PixelGrid, limit_px: int = MAX_PX) -> str:
    factor = reduction(*grid.shape, limit_px=limit_px)
    return f"drawn at 1/{factor} of its resolution" if factor > 1 else ""


class Story:
    """An answer's chains being drawn on one page: every picture is embedded once, every mask drawn once."""

    def __init__(self, answer: Answer, sheet: Sheet) -> None:
        self._answer = answer
        self._sheet = sheet
        self._names = mask_names(answer)
        self._drawn: set[str] = set()
        self._layers: dict[str, Html] = {}

    def chain(self, chain: ReasoningChain) -> Html:
        """Return the steps of one chain, and the reasoner's claim where it is not the answer's own text."""
        items = [self._step(number, step) for number, step in enumerate(chain.steps, 1)]
        parts = [tag("ol.ts-steps", *items)]
        if chain.claim and chain.claim != self._answer.text:
            who = chain.reasoner or "the reasoner"
            parts.append(tag("div.ts-how", f"Claim of {who}, in its own words and not measured: {chain.claim}"))
        return joined(parts)

    def other_pictures(self) -> list[Html]:
        """Return the pictures that no mask was drawn on so far."""
        return [self.picture(p) for p in self._answer.pictures if p.id not in self._layers]

    def picture(self, picture: Picture) -> Html:
        """Return a picture by itself, with how it was stretched and whom to credit."""
        small = (picture.stretch, _reduced(picture.grid, self._sheet.limit_px), picture.attribution)
        return figure(
            [self._layer(picture)], shape=picture.grid.shape, scale=ground_scale(picture.grid), caption=picture.title,
            below=tag("div.ts-small", "; ".join(p for p in small if p)), rings=self._rings(picture),
        )  # fmt: skip

    # ------------------------------------------------------------------------------------------------------ parts

    def _step(self, number: int, step: Step) -> Html:
        name = self._names.get(step.mask.id, "") if step.mask is not None else ""
        kind = " ".join(p for p in (step_kinds.get(step.kind, step.kind), name) if p)
        told = step.kind == "answer" and step.text == self._answer.text
        parts = [tag("span.ts-number", str(number)), tag("span.ts-tag", kind)]
        parts.append(tag("div.ts-said", "As stated at the top." if told else step.text))
        if step.mask is not None:
            parts.append(self._mask(step.mask, name))
        if step.method:
            parts.append(tag("div.ts-how", "Method: ", tag("code", step.method)))
        if step.reference:
            parts.append(tag("div.ts-how", f"Reference: {step.reference}"))
        if step.injected:
            tokens = "token" if len(step.injected) == 1 else "tokens"
            fed = f"{len(step.injected)} visual {tokens} under the mask fed back into the reasoning"
            parts.append(tag("div.ts-how", fed))
        parts += [tag("div.ts-how", str(m)) for m in step.measurements if str(m) not in step.text]
        return tag("li", *parts)

    def _mask(self, mask: Mask, name: str) -> Html:
        if mask.id in self._drawn:
            return tag("div.ts-how", f"{name or 'This mask'} is drawn above.")
        self._drawn.add(mask.id)
        picture = self._answer.picture_for(mask)
        below = [] if picture is None else [self._layer(picture)]
        codes, colour, scale = mask.to_uint8(), colour_of(mask.label), ground_scale(mask.grid)
        counted = f"{int(mask.pixels.sum()):,} of {int(mask.valid.sum()):,} observed pixels"
        aspect = scale.aspect if scale else 1.0
        layer = mask_layer(codes, colour, aspect=aspect, description=f"{_seen(mask)}: {counted}")
        elsewhere = f"drawn on: {picture.title}" if picture is not None and picture.date != mask.date else ""
        remarks = "; ".join(p for p in (f"{_seen(mask)}: {counted}", _reduced(mask.grid), elsewhere) if p)
        shown = figure(
            [*below, layer], shape=codes.shape, scale=scale, plain=picture is None,
            caption=joined([tag("span.ts-letter", name), remarks]),
            below=mask_legend(codes, mask_title(mask), colour),
            rings=() if picture is None else self._rings(picture),
        )  # fmt: skip
        return tag("div.ts-pair", *([] if picture is None else [self.picture(picture)]), shown)

    def _layer(self, picture: Picture) -> Html:
        if picture.id not in self._layers:
            layer = self._sheet.picture_layer(picture.rgb, picture.valid, description=picture.title)
            self._layers[picture.id] = layer
        return self._layers[picture.id]

    def _rings(self, picture: Picture) -> tuple[Ring, ...]:
        return aoi_rings(self._answer.provenance.aoi, picture.grid)


def chain_html(chain: ReasoningChain) -> str:
    """Return a chain by itself, as it shows in a notebook: its masks, without imagery."""
    sheet = Sheet(limit_px=640)
    body = Story(Answer(chain.question, "answered", "", chains=(chain,)), sheet).chain(chain)
    heads = [titled(f"Reasoning of {chain.reasoner or 'an unnamed reasoner'}"), tag("div.ts-mute", chain.question)]
    return framed(joined([*heads, body]), text=f"{chain!r}\n{chain}", rules=sheet.rules, card=False)
