"""A chain of reasoning: text and masks in the order in which they came."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from terrascope_sdk.types.encoding import JsonValue, content_id
from terrascope_sdk.types.mask import Mask
from terrascope_sdk.types.measurement import Measurement

__all__ = ["ReasoningChain", "Step", "StepKind"]

StepKind = Literal["text", "ground", "measure", "answer"]


@dataclass(frozen=True)
class Step:
    """One link of a chain."""

    kind: StepKind
    """``text`` a thought, ``ground`` one that made a mask, ``measure`` a number, ``answer`` the claim."""

    text: str
    """What the reasoner says at this step. Plain text; never markup."""

    mask: Mask | None = None
    """The mask it made, if any."""

    measurements: tuple[Measurement, ...] = ()
    """Numbers that were measured at this step."""

    method: str = ""
    """Formula or rule that made the mask; in a text step, the method that was chosen, and the text says why."""

    reference: str = ""
    """Publication of the method."""

    injected: tuple[int, ...] = ()
    """Positions, on the visual token grid, of the tokens fed back after the mask; empty without tokens."""

    token_grid: tuple[int, int] | None = None
    """Rows and columns of that grid over the image; None where tokens lie on no one grid (tiles with a thumbnail)."""

    @property
    def mask_ids(self) -> tuple[str, ...]:
        """Ids of the masks this step made or measured."""
        own = (self.mask.id,) if self.mask is not None else ()
        return tuple(dict.fromkeys([*own, *(i for m in self.measurements for i in m.mask_ids)]))

    def to_json(self, *, pixels: bool = True) -> dict[str, JsonValue]:
        """Return plain JSON values.

        Args:
            pixels: Whether the mask travels whole; otherwise only its id, label, date, sensor and score.
        """
        mask: JsonValue = None
        if self.mask is not None:
            mask = {"id": self.mask.id} | (
                self.mask.to_json() if pixels else {k: v for k, v in self.mask.to_json_head().items() if k != "grid"}
            )
        return {
            "kind": self.kind,
            "text": self.text,
            "mask": mask,
            "measurements": [m.to_json() for m in self.measurements],
            "method": self.method,
            "reference": self.reference,
            "injected": list(self.injected),
            "token_grid": None if self.token_grid is None else list(self.token_grid),
        }

    @classmethod
    def from_json(cls, document: dict[str, JsonValue], masks: dict[str, Mask] | None = None) -> "Step":
        """Read what :meth:`to_json` wrote.

        Args:
            document: The step.
            masks: Masks by id, for a step that was written without pixels.
        """
        mask = document["mask"]
        if mask is not None:
            known = (masks or {}).get(mask["id"])
            mask = known if known is not None else Mask.from_json(mask) if "pixels" in mask else None
        return cls(
            kind=document["kind"],
            text=document["text"],
            mask=mask,
            measurements=tuple(Measurement.from_json(m) for m in document["measurements"]),
            method=document["method"],
            reference=document["reference"],
            injected=tuple(document["injected"]),
            token_grid=None if document.get("token_grid") is None else tuple(document["token_grid"]),
        )

    def __repr__(self) -> str:
        return f"Step({self.kind}, {self.text[:60]!r}" + (f", mask={self.mask!r})" if self.mask else ")")


@dataclass(frozen=True)
class ReasoningChain:
    """What a reasoner said and drew, step by step, and what it claims at the end."""

    question: str
    """What was asked of the reasoner."""

    steps: tuple[Step, ...]
    """In the order in which they came."""

    claim: str = ""
    """The reasoner's own answer in words; a claim, not a measurement. Empty when it makes none."""

    reasoner: str = ""
    """Name and version of what reasoned."""

    stack_id: str = ""
    """Content hash of the pixels it saw."""

    @cached_property
    def id(self) -> str:
        """Content hash of everything; masks count by their own ids."""
        return content_id("chain", self.to_json(pixels=False))

    @property
    def masks(self) -> tuple[Mask, ...]:
        """The masks of all steps, in order, without repeats."""
        return tuple({s.mask.id: s.mask for s in self.steps if s.mask is not None}.values())

    def __iter__(self) -> Iterator[Step]:
        return iter(self.steps)

    def __len__(self) -> int:
        return len(self.steps)

    def extended(self, *steps: Step) -> "ReasoningChain":
        """Return the chain with more steps at its end."""
        return replace(self, steps=(*self.steps, *steps))

    def to_json(self, *, pixels: bool = True) -> dict[str, JsonValue]:
        """Return plain JSON values; with `pixels` false masks are named by id only."""
        return {
            "question": self.question,
            "steps": [s.to_json(pixels=pixels) for s in self.steps],
            "claim": self.claim,
            "reasoner": self.reasoner,
            "stack_id": self.stack_id,
        }

    @classmethod
    def from_json(cls, document: dict[str, JsonValue], masks: dict[str, Mask] | None = None) -> "ReasoningChain":
        """Read what :meth:`to_json` wrote; `masks` supplies pixels by id where they were left out."""
        return cls(
            question=document["question"],
            steps=tuple(Step.from_json(s, masks) for s in document["steps"]),
            claim=document["claim"],
            reasoner=document["reasoner"],
            stack_id=document["stack_id"],
        )

    def __repr__(self) -> str:
        return f"ReasoningChain({self.reasoner or 'unnamed'}, {len(self.steps)} steps, {len(self.masks)} masks)"

    def __str__(self) -> str:
        return "\n".join(f"{i}. {s.text}" for i, s in enumerate(self.steps, 1))

    def _repr_html_(self) -> str:
        from terrascope_sdk.types.chain_html import chain_html

        return chain_html(self)
