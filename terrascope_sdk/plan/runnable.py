"""The plan of an answer: its document, which can be run again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from terrascope_sdk.plan.language import Plan

if TYPE_CHECKING:
    from terrascope_sdk.plan.stages import Stages
    from terrascope_sdk.types import Answer, Listener

__all__ = ["RunnablePlan"]


class RunnablePlan(dict[str, Any]):  # plain JSON
    """A plan as plain JSON, with the workspace and reasoner that carried it out.

    Examples:
        >>> answer = ts.ask("What share is water?", aoi="spain")  # doctest: +SKIP
        >>> answer.plan.run().measurements == answer.measurements  # doctest: +SKIP
        True
    """

    def __init__(self, document: dict[str, Any], stages: Stages | None = None) -> None:
        """Take a plan's document.

        Args:
            document: From :meth:`Plan.to_json`.
            stages: Workspace and reasoner to run with; defaults when left out.
        """
        super().__init__(document)
        self._stages = stages

    @property
    def plan(self) -> Plan:
        """The plan itself, to look at or to edit.

        Raises:
            InputError: There is none: the question was not understood.
        """
        return Plan.parse(dict(self))

    def run(self, *, on_event: Listener | None = None) -> Answer:
        """Carry the plan out again; what is still in the workspace is not computed twice.

        Args:
            on_event: Called with each event.

        Raises:
            InputError: There is no plan, or it has no area.
            NoScenesFound: No scene fits any more.
        """
        from terrascope_sdk.plan.execute import execute

        return execute(self.plan, stages=self._stages, on_event=on_event)

    def _repr_html_(self) -> str:
        return self.plan._repr_html_() if self else ""

    def __repr__(self) -> str:
        return repr(self.plan) if self else "RunnablePlan(none)"
