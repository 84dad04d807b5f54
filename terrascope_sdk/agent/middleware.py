"""Middleware for any ``create_agent``: a budget for the tools, a guard for units, and where the numbers come from."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage

from terrascope_sdk.agent.stated_numbers import Known, agree, known_in, measured, other_unit, parameters, stated_in
from terrascope_sdk.errors import MissingDependency
from terrascope_sdk.plan.tool_budget import BudgetSpent, ToolBudget
from terrascope_sdk.plan.tool_calls import TOOLS
from terrascope_sdk.types import Measurement

if TYPE_CHECKING:
    from langchain.agents.middleware import AgentState, ToolCallRequest
    from langgraph.runtime import Runtime
    from langgraph.types import Command

try:
    from langchain.agents.middleware import AgentMiddleware, hook_config
except ImportError as err:
    raise MissingDependency("Middleware needs the package langchain.", hint="Install terrascope-sdk[agents].") from err

__all__ = ["BudgetMiddleware", "Provenance", "UnitGuard"]

_NAMES = frozenset(spec.name for spec in TOOLS)
_MARK = "terrascope"


class BudgetMiddleware(AgentMiddleware[Any, Any, Any]):  # any agent's state and context
    """Refuses TerraScope tools once a question has spent its calls, bytes or seconds; the model is told both numbers.

    What was spent is read from the messages, so it survives a checkpoint; parallel calls count in their order.
    """

    def __init__(self, budget: ToolBudget) -> None:
        """Set the budget.

        Args:
            budget: What one question may spend.
        """
        super().__init__()
        self.budget = budget

    def _refusal(self, request: ToolCallRequest) -> ToolMessage | None:
        call = request.tool_call
        if call["name"] not in _NAMES:
            return None
        recent = _since_question(request.state["messages"])
        done = [m for m in recent if isinstance(m, ToolMessage) and m.name in _NAMES]
        answered = {m.tool_call_id for m in done}
        waiting = [c["id"] for m in recent if isinstance(m, AIMessage) for c in m.tool_calls
                   if c["name"] in _NAMES and c["id"] not in answered]  # fmt: skip
        position = waiting.index(call["id"]) if call["id"] in waiting else 0
        artifacts = [m.artifact for m in done if isinstance(m.artifact, dict)]
        try:
            self.budget.check(
                calls=len(done) + position + 1,
                load_bytes=sum(int(a.get("bytes", 0)) for a in artifacts),
                seconds=sum(float(a.get("seconds", 0)) for a in artifacts),
            )
        except BudgetSpent as err:
            text = f"This failed, go on without it: {err}"
            return ToolMessage(text, tool_call_id=call["id"], name=call["name"], status="error")
        return None

    def wrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], ToolMessage | Command[Any]]
    ) -> ToolMessage | Command[Any]:
        """Let a call through, or answer it with a refusal.

        Args:
            request: The call.
            handler: Makes it.
        """
        refusal = self._refusal(request)
        return handler(request) if refusal is None else refusal

    async def awrap_tool_call(
        self, request: ToolCallRequest, handler: Callable[[ToolCallRequest], Awaitable[ToolMessage | Command[Any]]]
    ) -> ToolMessage | Command[Any]:
        """Let a call through, or answer it with a refusal.

        Args:
            request: The call.
            handler: Makes it.
        """
        refusal = self._refusal(request)
        return await handler(request) if refusal is None else refusal


class UnitGuard(AgentMiddleware[Any, Any, Any]):
    """Sends a final text back once when it states a number with a unit that no tool gave, then marks it visibly.

    Rounding is fine, another scale or unit is not. Sums and ratios that the model made itself are marked too: there is
    a tool for those.
    """

    @hook_config(can_jump_to=["model"])
    def after_model(self, state: AgentState[Any], runtime: Runtime[Any]) -> dict[str, Any] | None:
        """Check the text that would end the run.

        Args:
            state: Messages so far.
            runtime: LangGraph's; not used.

        Returns:
            A message back to the model, a marked text, or nothing.
        """
        last = state["messages"][-1]
        if not isinstance(last, AIMessage) or last.tool_calls:
            return None
        found = unmeasured(last.text, state["messages"])
        if not found:
            return None
        if not any(_is_ours(m) for m in _since_question(state["messages"])):
            back = HumanMessage(
                f"Not measured: {'; '.join(found)}. Quote numbers and units as the tools gave them, call measure_mask, "
                "or leave them out.",
                additional_kwargs={_MARK: "unit guard"},
            )
            return {"messages": [back], "jump_to": "model"}
        return {"messages": [_with_line(last, f"[Not measured by any tool: {'; '.join(found)}]")]}


class Provenance(AgentMiddleware[Any, Any, Any]):
    """Puts the ids and the plan behind the numbers of the final message into it, as data and as a last line."""

    def __init__(self, *, visible: bool = True) -> None:
        """Choose how it shows.

        Args:
            visible: Whether the text gets a line with the ids; ``additional_kwargs["terrascope"]`` always has them.
        """
        super().__init__()
        self.visible = visible

    def after_agent(self, state: AgentState[Any], runtime: Runtime[Any]) -> dict[str, Any] | None:
        """Return the final message with what is behind it.

        Args:
            state: Messages of the run.
            runtime: LangGraph's; not used.
        """
        last = state["messages"][-1]
        artifacts = list(_artifacts(state["messages"]))
        if not isinstance(last, AIMessage) or not artifacts:
            return None
        numbers = _sources(last.text, artifacts)
        plans = [n["plan"] for n in numbers if n["plan"]] or [a["plan_id"] for _, a in artifacts if a.get("plan_id")]
        masks = [i for n in numbers for i in n["masks"]]
        document = {"numbers": numbers, "plans": list(dict.fromkeys(plans)), "masks": list(dict.fromkeys(masks))}
        document["stacks"] = list(dict.fromkeys(a["stack"] for _, a in artifacts if a.get("stack")))
        ids = [*document["plans"], *document["masks"]]
        shown = _with_line(last, f"[Sources: {', '.join(ids)}]") if ids and self.visible else last
        kept = shown.additional_kwargs | {_MARK: document}
        return {"messages": [shown.model_copy(update={"additional_kwargs": kept})]}


def unmeasured(text: str, messages: Sequence[AnyMessage]) -> list[str]:
    """Return the numbers with units of a text that no tool gave, each with what is wrong with it.

    Args:
        text: What the model wants to say.
        messages: The conversation, with the tools' messages.
    """
    told = [m.text for m in messages if isinstance(m, ToolMessage) and m.status != "error"]
    known = [k for t in told for k in known_in(t)]
    known += [k for _, a in _artifacts(messages) for n in _measurements(a) for k in measured(n)]
    calls = [c for m in messages if isinstance(m, AIMessage) for c in m.tool_calls]
    known += [k for c in calls for k in parameters(c["args"])]
    shown = [s for t in told for s in stated_in(t)]
    found = []
    for stated in stated_in(text):
        if agree(stated, known) is None:
            near = other_unit(stated, shown)
            why = "no tool gave it" if near is None else f"a tool gave {near.text}"
            found.append(f"{stated.text} ({why})")
    return list(dict.fromkeys(found))


def _sources(text: str, artifacts: list[tuple[str, dict[str, Any]]]) -> list[dict[str, Any]]:
    """Return what is behind each number of a text that was measured."""
    behind: dict[str, dict[str, Any]] = {}
    known: list[Known] = []
    for call_id, artifact in artifacts:
        for number in _measurements(artifact):
            known += measured(number)
            behind[number.id] = {
                "measurement": number.id, "value": number.value, "unit": number.unit, "masks": list(number.mask_ids),
                "tool": artifact.get("tool", ""), "tool_call_id": call_id, "plan": artifact.get("plan_id", ""),
            }  # fmt: skip
    found = ((s.text, agree(s, known)) for s in stated_in(text))
    return [{"text": told} | behind[k.source] for told, k in found if k is not None]


def _artifacts(messages: Sequence[AnyMessage]) -> Iterator[tuple[str, dict[str, Any]]]:
    for message in messages:
        if isinstance(message, ToolMessage) and message.name in _NAMES and isinstance(message.artifact, dict):
            yield message.tool_call_id, message.artifact


def _measurements(artifact: dict[str, Any]) -> list[Measurement]:
    return [Measurement.from_json(n) for n in artifact.get("measurements", [])]


def _is_ours(message: AnyMessage) -> bool:
    return isinstance(message, HumanMessage) and _MARK in message.additional_kwargs


def _since_question(messages: Sequence[AnyMessage]) -> Sequence[AnyMessage]:
    """Return the messages after the last one that a person wrote."""
    asked = [i for i, m in enumerate(messages) if isinstance(m, HumanMessage) and not _is_ours(m)]
    return messages[asked[-1] + 1 :] if asked else messages


def _with_line(message: AIMessage, line: str) -> AIMessage:
    """Return the same message, by its id, with one more line of text."""
    if isinstance(message.content, str):
        content: Any = f"{message.content}\n{line}"  # text, or blocks below
    else:
        content = [*message.content, {"type": "text", "text": f"\n{line}"}]
    return message.model_copy(update={"content": content})
