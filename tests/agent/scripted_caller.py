"""A chat model that calls tools as a script says: deterministic, stateless, no network, no key."""

from collections.abc import Callable

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage
from langchain_core.outputs import ChatGeneration, ChatResult


class ScriptedCaller(BaseChatModel):
    """Turn n of the conversation is made by the n-th function, from the messages so far."""

    turns: list[Callable]

    @property
    def _llm_type(self):
        return "scripted"

    def bind_tools(self, tools, **kwargs):
        return self

    def _generate(self, messages, stop=None, run_manager=None, **kwargs):
        done = sum(isinstance(m, AIMessage) for m in messages)
        made = self.turns[min(done, len(self.turns) - 1)](messages)
        message = AIMessage(made) if isinstance(made, str) else AIMessage("", tool_calls=made)
        return ChatResult(generations=[ChatGeneration(message=message)])


def calls(*wanted):
    """Tool calls of one turn, from (name, arguments) pairs; ids are unique in the conversation."""
    return [
        {"name": name, "args": args, "id": f"{name}-{i}-{abs(hash(str(args))) % 10**8}", "type": "tool_call"}
        for i, (name, args) in enumerate(wanted)
    ]


def artifacts(messages, tool):
    """Artifacts of a tool's successful calls, in order."""
    return [m.artifact for m in messages if m.type == "tool" and m.name == tool and m.status == "success"]
