"""An answer: what is claimed, what was measured, on which masks, from which scenes, and how sure."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from terrascope_sdk.errors import ParseError
from terrascope_sdk.types.chain import ReasoningChain
from terrascope_sdk.types.encoding import JsonValue
from terrascope_sdk.types.instant import format_instant, parse_instant
from terrascope_sdk.types.mask import Mask
from terrascope_sdk.types.measurement import Check, Measurement
from terrascope_sdk.types.picture import Picture
from terrascope_sdk.types.provenance import Provenance

__all__ = ["ANSWER_SCHEMA", "Answer", "Status"]

Status = Literal["answered", "needs_input", "cannot_answer", "failed"]
ANSWER_SCHEMA = "terrascope-answer/1"
"""Name and version of the answer document; its JSON schema is part of the documentation."""


@dataclass(frozen=True)
class Answer:
    """The end of a run. Numbers come from masks; the text is made from the numbers."""

    question: str
    """As it was asked."""

    status: Status
    """``answered``; ``needs_input`` with one question back; ``cannot_answer`` with the reason; ``failed``."""

    text: str
    """The answer in words, with units and bounds; or the question back, or the reason."""

    measurements: tuple[Measurement, ...] = ()
    """The numbers, the one asked for first."""

    checks: tuple[Check, ...] = ()
    """What was verified."""

    warnings: tuple[str, ...] = ()
    """What to be careful about: every failed check, every degraded step."""

    chains: tuple[ReasoningChain, ...] = ()
    """How the masks came about."""

    plan: dict[str, JsonValue] = field(default_factory=dict)
    """The plan that was carried out, as JSON."""

    provenance: Provenance = field(default_factory=Provenance)
    """Where everything came from."""

    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    """When the answer was made, UTC."""

    pictures: tuple[Picture, ...] = ()
    """One picture for each image that was looked at. Not part of the answer document."""

    @property
    def masks(self) -> tuple[Mask, ...]:
        """The masks of all chains, without repeats."""
        return tuple({m.id: m for c in self.chains for m in c.masks}.values())

    def picture_for(self, mask: Mask) -> Picture | None:
        """Return the picture that a mask was drawn on: same grid, sensor and date; else same grid."""
        same = [p for p in self.pictures if p.grid.same_as(mask.grid)]
        exact = [p for p in same if p.date == mask.date and p.sensor == mask.sensor]
        return next(iter(exact or same), None)

    def cite(self) -> str:
        """Return the references a paper using this answer should give: data, software, methods."""
        return self.provenance.cite(methods=[s.reference for c in self.chains for s in c.steps if s.reference])

    def methods(self) -> str:
        """Return a methods paragraph: data, what was mapped how, how it was measured, what the bounds mean."""
        from terrascope_sdk.types.methods_text import methods_paragraph

        return methods_paragraph(self)

    # ----------------------------------------------------------------------------------------------- in and out

    def to_json(self) -> dict[str, JsonValue]:
        """Return the answer document: everything but pixels; masks are named by id."""
        return {
            "schema": ANSWER_SCHEMA,
            "question": self.question,
            "status": self.status,
            "text": self.text,
            "measurements": [m.to_json() for m in self.measurements],
            "checks": [c.to_json() for c in self.checks],
            "warnings": list(self.warnings),
            "chain": [c.to_json(pixels=False) for c in self.chains],
            "plan": self.plan,
            "provenance": self.provenance.to_json(),
            "created": format_instant(self.created),
        }

    @classmethod
    def from_json(
        cls, document: dict[str, JsonValue], masks: dict[str, Mask] | None = None, pictures: tuple[Picture, ...] = ()
    ) -> "Answer":
        """Read an answer document.

        Args:
            document: What :meth:`to_json` returned.
            masks: Masks by id, so that the chains have their pixels again.
            pictures: Pictures to show behind them.

        Raises:
            ParseError: The document has another schema.
        """
        if document.get("schema") != ANSWER_SCHEMA:
            raise ParseError(
                f"This is no {ANSWER_SCHEMA} document but {document.get('schema')!r}.",
                hint="Read it with the version that wrote it.",
            )
        return cls(
            question=document["question"],
            status=document["status"],
            text=document["text"],
            measurements=tuple(Measurement.from_json(m) for m in document["measurements"]),
            checks=tuple(Check.from_json(c) for c in document["checks"]),
            warnings=tuple(document["warnings"]),
            chains=tuple(ReasoningChain.from_json(c, masks) for c in document["chain"]),
            plan=document["plan"],
            provenance=Provenance.from_json(document["provenance"]),
            created=parse_instant(document["created"]),
            pictures=pictures,
        )

    def __repr__(self) -> str:
        return f"Answer({self.status}, {self.text[:80]!r}, {len(self.measurements)} measurements)"

    def __str__(self) -> str:
        from terrascope_sdk.types.answer_text import answer_text

        return answer_text(self)

    def _repr_html_(self) -> str:
        from terrascope_sdk.types.answer_html import answer_html

        return answer_html(self)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"text/plain": str(self), "text/html": self._repr_html_()}
