"""The index-based reasoner: masks by published spectral indices and radar thresholds, with their numbers and papers."""

from collections.abc import Iterator
from dataclasses import dataclass

from terrascope_sdk import __version__
from terrascope_sdk.engine.finding import told
from terrascope_sdk.engine.rules import apply_rule, shown_by, why_unseen
from terrascope_sdk.errors import GroundingError, NotVisible
from terrascope_sdk.types.chain import ReasoningChain, Step
from terrascope_sdk.types.concepts import find_concepts, get_concept
from terrascope_sdk.types.protocols import GroundRequest
from terrascope_sdk.types.stack import ImageStack

__all__ = ["IndexReasoner"]


@dataclass(frozen=True)
class IndexReasoner:
    """Finds water, vegetation, snow and burn scars by published indices; declines what indices cannot show.

    It needs no network, no weights and no GPU, gives the same masks every time, and says formula, threshold and paper
    at each step. It makes no claim in words. Use it as a second opinion beside a network, or alone where its few
    concepts are enough.

    >>> from terrascope_sdk.testing import lake_stack
    >>> steps = list(IndexReasoner().ground(lake_stack((300.0,)), GroundRequest("water", "optical")))
    >>> steps[-1].text
    'Open water is where MNDWI is above 0.01 and above NDVI, and not snow: 17 % of the observed pixels.'
    """

    @property
    def name(self) -> str:
        """Name and version, as shown in provenance."""
        return f"index-reasoner {__version__}"

    def unseen(self, stack: ImageStack, request: GroundRequest) -> str | None:
        """Return why the request cannot be met with these pixels, or None when it can.

        None does not promise a mask: whether a histogram decides is known only after looking.

        Raises:
            InputError: The concept is not in the vocabulary, or a date is not in the series.
        """
        return why_unseen(stack, request)

    def ground(self, stack: ImageStack, request: GroundRequest) -> Iterator[Step]:
        """Yield what is looked at, how the threshold was chosen, and the mask.

        An empty mask is a result: nothing fits the rule, and the step says that the concept is absent.

        Raises:
            NotVisible: The pixels cannot show the concept; the hint names what they can show.
            GroundingError: The pixels do not decide, and the message says why.
            InputError: The concept is not in the vocabulary, or a date is not in the series.
        """
        reason = why_unseen(stack, request)
        if reason is not None:
            raise NotVisible(reason, hint=_what_can_be_shown(stack))
        finding = apply_rule(stack, request)
        series = stack.series(request.sensor)
        yield from told(finding, concept=request.concept, series=series, when=request.when)

    def reason(self, stack: ImageStack, question: str) -> ReasoningChain:
        """Return the masks of every concept that a question names, on every sensor and date that can show it.

        What cannot be shown, or is undecided on a date, is said in a step of its own. Burn scars are sought between
        each date and the one before it.

        Raises:
            NotVisible: The question names nothing that these pixels can show.
            GroundingError: It does, but no date decides.
        """
        concepts = list(dict.fromkeys(found.key for found in find_concepts(question)))
        if not concepts:
            raise NotVisible(
                f"The question names nothing of the vocabulary: {question!r}.", hint=_what_can_be_shown(stack)
            )
        steps: list[Step] = []
        tried = 0
        for concept in concepts:
            requests = [r for r in _requests(stack, concept) if why_unseen(stack, r) is None]
            tried += len(requests)
            if not requests:
                steps.append(Step("text", _first_reason(stack, concept)))
            for request in requests:
                steps += self._attempt(stack, request)
        if not any(step.mask is not None for step in steps):
            kind = GroundingError if tried else NotVisible
            reasons = " ".join(dict.fromkeys(step.text for step in steps if step.text))
            raise kind(reasons, hint=_what_can_be_shown(stack))
        return ReasoningChain(question, tuple(steps), reasoner=self.name, stack_id=stack.id)

    def _attempt(self, stack: ImageStack, request: GroundRequest) -> list[Step]:
        try:
            return list(self.ground(stack, request))
        except GroundingError as err:
            date = stack.series(request.sensor).when(request.when)
            title = get_concept(request.concept).title.capitalize()
            return [Step("text", f"{title} in the {request.sensor} image of {date}: {err}")]


def _requests(stack: ImageStack, concept: str) -> list[GroundRequest]:
    two = get_concept(concept).dates > 1
    return [
        GroundRequest(concept, sensor, when, before=when - 1 if two and when else None)
        for sensor in stack.sensors
        for when in range(len(stack.series(sensor)))
    ]


def _first_reason(stack: ImageStack, concept: str) -> str:
    reasons = (why_unseen(stack, request) for request in reversed(_requests(stack, concept)))
    return next((reason for reason in reasons if reason), "")


def _what_can_be_shown(stack: ImageStack) -> str:
    titles = [get_concept(key).title for key in shown_by(stack)]
    if not titles:
        return "These pixels can show none of the concepts that indices know."
    return f"These pixels can show: {', '.join(titles)}."
