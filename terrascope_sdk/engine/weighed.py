"""The default reasoner: the network and the index rules, each concept mapped by the one that did better on labels."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from terrascope_sdk.engine.fitness import Fit
from terrascope_sdk.engine.indices import IndexReasoner
from terrascope_sdk.engine.terrascope import TerraScope
from terrascope_sdk.errors import GroundingError, NotVisible
from terrascope_sdk.types.chain import ReasoningChain, Step
from terrascope_sdk.types.concepts import get_concept
from terrascope_sdk.types.protocols import GroundRequest
from terrascope_sdk.types.stack import ImageStack

__all__ = ["WeighedReasoner"]

_ASK = "Pass allow_low_confidence=True to have the numbers nevertheless."


@dataclass(frozen=True)
class _Choice:
    """Who maps a concept."""

    first: TerraScope | IndexReasoner
    """Whose mask counts."""

    why: str
    """Why, as a sentence for the answer."""

    beside: TerraScope | IndexReasoner | None = None
    """Whose mask is shown beside it."""

    alone: bool = False
    """Whether the network is to leave SAR out of an optical request, where it joins both otherwise."""


class WeighedReasoner:
    """Maps each concept by the method that did better on labelled pixels, and says so; the other one stands beside.

    The network's fitness file decides. A concept that the network was not tested on, or maps with an intersection
    over union below 0.5, goes to the index rule where there is one with a published threshold, and is declined
    otherwise, unless low confidence is allowed.
    """

    def __init__(
        self,
        network: TerraScope | None = None,
        *,
        index: IndexReasoner | None = None,
        allow_low_confidence: bool = False,
    ) -> None:
        """Join both methods.

        Args:
            network: A network; the one inside the package when left out.
            index: The index-based reasoner.
            allow_low_confidence: Map what the network was not tested on, or does badly, all the same.
        """
        self.network = network or TerraScope.from_pretrained()
        self.index = index or IndexReasoner()
        self.allow_low_confidence = allow_low_confidence

    @property
    def name(self) -> str:
        """Names and versions of both, as shown in provenance."""
        allowed = ", low confidence allowed" if self.allow_low_confidence else ""
        return f"{self.network.name} beside {self.index.name}{allowed}"

    def unseen(self, stack: ImageStack, request: GroundRequest) -> str | None:
        """Return why neither method can or may meet a request, or None when one does.

        Raises:
            InputError: The concept is not in the vocabulary, or a date is not in the series.
        """
        choice = self._choose(stack, request)
        return choice if isinstance(choice, str) else None

    def ground(self, stack: ImageStack, request: GroundRequest) -> Iterator[Step]:
        """Yield which method is used and why, the other method's steps where there are any, and the chosen one's.

        Raises:
            NotVisible: No method can, or may, meet the request.
            GroundingError: The chosen one could not decide.
        """
        choice = self._choose(stack, request)
        if isinstance(choice, str):
            raise NotVisible(choice)
        yield Step("text", choice.why, method=choice.first.name)
        if choice.beside is not None:
            other = "index rule" if choice.beside is self.index else "network"
            yield Step("text", f"First, for comparison, what the {other} draws; the mask that counts comes after it.")
            try:
                yield from list(choice.beside.ground(self._shown(choice, choice.beside, stack), request))
            except GroundingError as err:
                yield Step("text", f"A second look by {choice.beside.name}: {err}")
        yield from choice.first.ground(self._shown(choice, choice.first, stack), request)

    def _shown(self, choice: _Choice, who: TerraScope | IndexReasoner, stack: ImageStack) -> ImageStack:
        return _without_sar(stack) if choice.alone and who is self.network else stack

    def reason(self, stack: ImageStack, question: str) -> ReasoningChain:
        """Return the network's own chain for a question in free words; see :meth:`TerraScope.reason`."""
        return self.network.reason(stack, question)

    def _choose(self, stack: ImageStack, request: GroundRequest) -> _Choice | str:
        """Return who maps a concept, or why nobody does."""
        title = get_concept(request.concept).title
        blind = self.network.unseen(stack, request)
        no_rule = self.index.unseen(stack, request)
        if blind is not None:
            rule = f"{title.capitalize()} is mapped by its index rule; the network cannot map it here."
            return _Choice(self.index, rule) if no_rule is None else _fuller(blind, no_rule)
        fit, alone = self._fit(stack, request)
        index = self.index if no_rule is None else None
        if fit is not None and index is not None and fit.index_better:
            scores = f"IoU {fit.index_iou:.2f} on labelled pixels of {fit.where}, against {fit.iou:.2f}"
            why = f"{title.capitalize()} is mapped by its index rule, which did better than the network: {scores}."
            return _Choice(index, why, beside=self.network, alone=alone)
        if fit is not None and fit.enough:
            beside = "" if fit.index_iou is None else f"; its index rule {fit.index_iou:.2f}"
            why = f"{title.capitalize()} is mapped by the network: {fit}{beside}."
            return _Choice(self.network, why, beside=index, alone=alone)
        state = "was not tested on labelled pixels of this kind" if fit is None else f"reached only {fit}"
        if index is not None and not (fit is not None and fit.index_iou is not None):
            why = f"{title.capitalize()} is mapped by its index rule with a published threshold; the network {state}."
            return _Choice(index, why, beside=self.network if self.allow_low_confidence else None)
        if self.allow_low_confidence:
            why = f"{title.capitalize()} is mapped by the network with low confidence: it {state}."
            return _Choice(self.network, why, beside=index)
        return f"For {title} the network {state}. {no_rule or 'Nor did the index rule do better.'} {_ASK}"

    def _fit(self, stack: ImageStack, request: GroundRequest) -> tuple[Fit | None, bool]:
        """Return the best that is known of the network for a request, and whether that is without the SAR beside."""
        joined = self.network.fit_of(stack, request)
        if request.sensor == "sar" or stack.sar is None:
            return joined, False
        alone = self.network.fit_of(_without_sar(stack), request)
        if alone is not None and (joined is None or alone.iou > joined.iou):
            return alone, True
        return joined, False


def _without_sar(stack: ImageStack) -> ImageStack:
    return replace(stack, sar=None)


def _fuller(blind: str, no_rule: str) -> str:
    """Return both reasons, or the one that says all."""
    return blind if no_rule.startswith(blind) or blind == no_rule else f"{blind} {no_rule}"
