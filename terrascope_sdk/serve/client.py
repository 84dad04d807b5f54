"""A reasoner that runs elsewhere: the same calls, answered over HTTP."""

import json
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import httpx

from terrascope_sdk.errors import InputError, ServiceError, TerraScopeError, UnknownStack
from terrascope_sdk.serve.wire import raised, request_document
from terrascope_sdk.types.chain import ReasoningChain, Step
from terrascope_sdk.types.encoding import JsonValue
from terrascope_sdk.types.protocols import GroundRequest
from terrascope_sdk.types.stack import ImageStack

__all__ = ["RemoteReasoner"]

_START = "Start it with `terrascope serve`, or check address and token."


class RemoteReasoner:
    """A reasoner behind ``terrascope serve``; to be used wherever a local one is."""

    def __init__(self, url: str, *, token: str, timeout_s: float = 600.0) -> None:
        """Point to a server.

        Args:
            url: Its address, for example ``http://127.0.0.1:8765``.
            token: What the server was started with; never shown.
            timeout_s: How long to wait for the next step, seconds.

        Raises:
            InputError: The address is no http or https address, or there is no token.
        """
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise InputError(f"{url!r} is no http or https address.")
        self._url = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
        if not token.isascii() or not token.strip():
            raise InputError("A token is needed: the one that the server was started with.")
        self._token, self._timeout = token, httpx.Timeout(timeout_s, connect=10.0)
        self._name = ""

    def __repr__(self) -> str:
        return f"RemoteReasoner({self._url!r})"

    @property
    def name(self) -> str:
        """Name and version of the network behind the server.

        Raises:
            ServiceError: The server does not answer.
        """
        if not self._name:
            self._name = str(self._asked("GET", "/v1/name")["name"])
        return self._name

    def unseen(self, stack: ImageStack, request: GroundRequest) -> str | None:
        """Return why a request cannot be met with these pixels, or None when it can; raises as the network does."""
        document = {"stack": stack.id, "request": request_document(request)}
        reason = self._with_stack(stack, lambda: self._asked("POST", "/v1/unseen", document)["reason"])
        return None if reason is None else str(reason)

    def ground(self, stack: ImageStack, request: GroundRequest) -> Iterator[Step]:
        """Yield the steps of a chain that finds one concept, as they come; raises as the network does."""
        yield from self._steps(stack, "/v1/ground", {"stack": stack.id, "request": request_document(request)})

    def reason(self, stack: ImageStack, question: str) -> ReasoningChain:
        """Answer a question in free words with a chain; raises as the network does."""
        steps = tuple(self.stream(stack, question))
        claim = steps[-1].text if steps else ""
        return ReasoningChain(question, steps, claim=claim, reasoner=self.name, stack_id=stack.id)

    def stream(self, stack: ImageStack, question: str) -> Iterator[Step]:
        """Yield the steps of a chain as they come; the last one is the answer."""
        yield from self._steps(stack, "/v1/reason", {"stack": stack.id, "question": question})

    # ------------------------------------------------------------------------------------------------- the wire

    def _client(self) -> httpx.Client:
        return httpx.Client(
            base_url=self._url, headers={"Authorization": f"Bearer {self._token}"}, timeout=self._timeout,
            follow_redirects=False,
        )  # fmt: skip

    def _asked(self, method: str, path: str, document: JsonValue = None) -> JsonValue:
        try:
            with self._client() as client:
                answer = client.request(method, path, json=document)
                told = answer.json()
        except (httpx.HTTPError, ValueError) as err:
            raise ServiceError(f"{self._url} did not answer: {type(err).__name__}.", hint=_START) from err
        if answer.status_code != httpx.codes.OK:
            raise raised(told)
        return told

    def _with_stack(self, stack: ImageStack, ask: Callable[[], JsonValue]) -> JsonValue:
        try:
            return ask()
        except UnknownStack:
            self._send(stack)
            return ask()

    def _send(self, stack: ImageStack) -> None:
        self._asked("POST", "/v1/stacks", stack.to_json())

    def _steps(self, stack: ImageStack, path: str, document: JsonValue) -> Iterator[Step]:
        try:
            yield from self._streamed(path, document)
        except UnknownStack:  # always before the first step
            self._send(stack)
            yield from self._streamed(path, document)

    def _streamed(self, path: str, document: JsonValue) -> Iterator[Step]:
        try:
            with self._client() as client, client.stream("POST", path, json=document) as answer:
                if answer.status_code != httpx.codes.OK:
                    answer.read()
                    raise raised(answer.json())
                for line in answer.iter_lines():
                    told = json.loads(line)
                    if "step" in told:
                        yield Step.from_json(told["step"])
                    elif "error" in told:
                        raise raised(told)
                    else:
                        return
        except (httpx.HTTPError, ValueError, KeyError) as err:
            if isinstance(err, TerraScopeError):
                raise
            raise ServiceError(f"{self._url} broke off: {type(err).__name__}.", hint=_START) from err
        raise ServiceError(f"{self._url} broke off before the answer was complete.")
