"""One call of a chat model and the JSON object in its reply, whatever way of giving it the model has.

A reply is only ever read as JSON. It is bounded before it is read, and every failure of the model, an error of its
own, silence or a reply without JSON, is one kind of error.
"""

from __future__ import annotations

import contextvars
import json
import logging
import re
import threading
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLate
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from terrascope_sdk.errors import InputError, ServiceError
from terrascope_sdk.types.encoding import JsonValue

if TYPE_CHECKING:
    from collections.abc import Callable

    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

__all__ = ["MAX_REPLY", "ask_model", "json_in"]

MAX_REPLY = 65_536
"""Longest reply that is read, in characters."""

_MAX_STARTS = 32
"""So many opening braces are tried before a text counts as one without JSON."""

_log = logging.getLogger(__name__)


def ask_model(
    model: BaseChatModel, messages: list[BaseMessage], schema: dict[str, JsonValue], *, timeout_s: float
) -> dict[str, JsonValue]:
    """Return the JSON object that a model replies with.

    Structured output is used where the model has it, otherwise the text is searched for an object.

    Args:
        model: Any chat model.
        messages: What to send.
        schema: JSON schema of the reply, with a title.
        timeout_s: How long to wait, in seconds.

    Raises:
        ServiceError: The model failed, or did not reply in time. Its own words are left out: they may hold keys.
        InputError: It replied, and not with one JSON object of at most 65536 characters.
    """

    def call() -> Any:  # what integrations return is checked below
        try:
            return model.with_structured_output(schema, include_raw=True).invoke(messages)
        except Exception as err:  # noqa: BLE001  # each integration says in its own way that a model has none
            _log.info("no structured output: %s", type(err).__name__)
            return model.invoke(messages)

    try:
        reply = _within(call, timeout_s)
    except ServiceError:
        raise
    except Exception as err:
        _log.warning("the chat model failed: %s", type(err).__name__)
        raise ServiceError(
            f"The chat model failed: {type(err).__name__}.", hint="Try the model by itself, outside this package."
        ) from err
    return _object(reply)


def _within(call: Callable[[], Any], timeout_s: float) -> Any:  # what the call returns
    """Return what a call returns, or give up on it: a thread that hangs keeps nobody waiting, at exit either."""
    done: Future[Any] = Future()
    context = contextvars.copy_context()

    def run() -> None:
        try:
            done.set_result(context.run(call))
        except BaseException as err:  # noqa: BLE001  (raised where the result is waited for)
            done.set_exception(err)

    threading.Thread(target=run, name="chat-model", daemon=True).start()
    try:
        return done.result(timeout_s)
    except TooLate as err:
        if done.done():  # the model's own
            raise
        raise ServiceError(
            f"The chat model did not reply within {timeout_s:g} s.", hint="Give a longer timeout_s."
        ) from err


def _object(reply: Any) -> dict[str, JsonValue]:  # a message, a dict of raw and parsed, a model or a dict
    if isinstance(reply, dict) and "parsed" in reply and "raw" in reply:
        parsed = reply["parsed"]
        if isinstance(parsed, BaseModel):
            parsed = parsed.model_dump(mode="json")
        if isinstance(parsed, dict):
            return _bounded(parsed)
        reply = reply["raw"]
    text = str(getattr(reply, "text", reply))
    if not text and getattr(reply, "tool_calls", None):
        return _bounded(reply.tool_calls[0]["args"])
    return json_in(text)


def _bounded(document: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """Return an object as plain JSON gives it, if it is no longer and no deeper than can be read."""
    try:
        text = json.dumps(document, allow_nan=False)
    except (ValueError, TypeError, RecursionError) as err:
        raise InputError("The reply is no plain JSON.", hint="Reply with one JSON object.") from err
    return json_in(text)


def json_in(text: str) -> dict[str, JsonValue]:
    """Return the first JSON object in a text, fenced or not, with words around it or not.

    What a model thinks aloud in ``<think>`` marks before it replies is passed over.

    Args:
        text: A reply.

    Raises:
        InputError: It is longer than 65536 characters, or has no object.
    """
    if len(text) > MAX_REPLY:
        raise InputError(f"The reply has {len(text)} characters; at most {MAX_REPLY} are read.", hint="Reply briefly.")
    text = text.rpartition("</think>")[2]
    decoder = json.JSONDecoder(parse_constant=_no_number)
    for start in list(re.finditer(r"\{", text))[:_MAX_STARTS]:
        try:
            found, _ = decoder.raw_decode(text, start.start())
        except RecursionError as err:
            raise InputError("The reply is nested too deeply.", hint="Reply with one flat JSON object.") from err
        except ValueError:
            continue
        return dict(found)
    raise InputError("The reply holds no JSON object.", hint="Reply with one JSON object and nothing else.")


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no JSON number.")
