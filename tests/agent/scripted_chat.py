"""A chat model that says what it is told to say, with tools or without, and remembers what it was sent."""

import json
import threading
import time

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from pydantic import PrivateAttr


class ScriptedChat(BaseChatModel):
    """Replies in turn: a text as it is, a dict as JSON, an error by raising it, a function by calling it."""

    replies: list
    model_name: str = "scripted"
    wait_s: float = 0.0
    _sent: list = PrivateAttr(default_factory=list)
    _lock: threading.Lock = PrivateAttr(default_factory=threading.Lock)

    @property
    def _llm_type(self):
        return "scripted"

    @property
    def sent(self):
        """The messages of each call, oldest first."""
        return self._sent

    def said(self, reply):
        return AIMessage(reply if isinstance(reply, str) else json.dumps(reply))

    def _generate(self, messages, stop=None, run_manager=None, **kwargs):
        with self._lock:
            self._sent.append(messages)
            reply = self.replies[min(len(self._sent), len(self.replies)) - 1]
        time.sleep(self.wait_s)
        reply = reply(messages) if callable(reply) else reply
        if isinstance(reply, BaseException):
            raise reply
        return ChatResult(generations=[ChatGeneration(message=self.said(reply))])


class ScriptedTools(ScriptedChat):
    """The same with tool calling: a dict comes as the arguments of the one tool."""

    _tool: str = PrivateAttr(default="")

    def bind_tools(self, tools, *, tool_choice=None, **kwargs):
        self._tool = tools[0]["title"]
        return self

    def said(self, reply):
        if not isinstance(reply, dict):
            return AIMessage(str(reply))
        return AIMessage("", tool_calls=[{"name": self._tool, "args": reply, "id": "1"}])
